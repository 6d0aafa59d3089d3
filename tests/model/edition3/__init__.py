"""Edition 3, a second time: what it adds to weights and to acceptance, written from docs/spec without a look at the engine.

records     what was given: parts, refunds, pledges, services, records that joins move
weights     formulas with services and parameters, holds of silent sources, founders' weight; caps are edition 2's
joining     joins and partings; claims: hours that wait for a yes, and those who affirm them
rules       random kernels, seats that record; game: a co-op, its acts and their refusals; acts: random ones
check_support compares a binary with the model: every act's answer, and everybody's weight at every update

Choices that two readers could make differently, as the model and the program have them:

- A refund of a gift in parts is split in proportion to the rest of each part, by largest remainder, of equal ones the earlier first.
- Pledges without a series are one series. Of pledges of one series and day the later record counts.
- A hold is of the formula with the values of the parameters that it names; the sum that a refund took from goes at once and whole.
- A founder records alone for a body that nobody sits on, whatever its `acts-by`.
- Affirmed hours are recorded at the end of an update, and joins after it was counted: both count from the next one on.
- Until the founding period is over, standing asks for 90 days with weight.

Elections are not worked out here: the binary says who sits and which constitution is in force.
"""
