"""Edition 4, a second time, written from docs/spec without a look at the engine.

funding     matches, shares, cycles, crowd-matching, surplus and delegation, in fractions; check_funding compares a binary with it
credit      credit of people by plain dense linear algebra: a node for each item and for each week of each person, and no week left out
"""
