"""A constitution's decisions under edition 2, counted together at each update.

The edition-1 model keeps ballots and items; this one counts them by the rules of edition 2. Instants are seconds.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction

from edition2.care import Item
from edition2.race import Race
from edition2.weights import CONTROLLED, MICRO, Capacity, both_sides, factors, percentages, votes_of
from model_elections import Layer, scored


@dataclass
class Count:
    """The votes of one update in one decision."""

    totals: dict
    behind: dict  # candidate → members with votes above 0 for it
    attention: dict  # nominee → votes for letting them in
    refusal: dict  # nominee → votes against it
    of: dict = field(default_factory=dict)  # (member, candidate) → signed votes


@dataclass
class Layer2(Layer):
    """`decisions` are those of the edition-1 model, with a Race of edition 2 each."""

    parts: dict = field(default_factory=dict)  # (decision, class or None) → Capacity
    least: dict = field(default_factory=dict)  # class → `from`
    measured: dict = field(default_factory=dict)  # decision → votes of (member, for, against), of the last update
    last: dict = field(default_factory=dict)  # decision → Count of the last update
    lists: dict = field(default_factory=dict)

    def own(self, decision, members):
        """{class or None: {member: weight}} of what counts in a decision."""
        names = decision.electorate or self.classes
        if decision.rule == "one-member":
            if self.control is None:
                among = lambda classes: decision.electorate is None or any(classes.get(name) for name in decision.electorate)
                return {None: {m: MICRO if among(classes) else 0 for m, (_, classes) in members.items()}}
            return {c: {m: MICRO for m, (_, classes) in members.items() if c in classes} for c in names}
        if self.control is None:
            if decision.electorate is None:
                return {None: {m: weight for m, (weight, _) in members.items()}}
            return {None: {m: sum(classes.get(c, 0) for c in names) for m, (_, classes) in members.items()}}
        return {c: {m: classes.get(c, 0) for m, (_, classes) in members.items()} for c in names}

    def each(self, decision):
        """Whether a decision takes nothing from the allowance that the others share: the default without a root."""
        return decision.rule != "quadratic"

    def placed_beside(self, member, decision):
        """The member's shares that count against the same allowance as one more on this decision."""
        together = [d.name for d in self.decisions.values() if not self.each(d)] if not self.each(decision) else [decision.name]
        own = [ppm for key, (ppm, _) in self.ballots.items() if key[0] == member and key[1] in together]
        return sum(own) + sum(ppm for key, ppm in self.nominations.items() if key[0] == member and key[1] in together)

    def scaled(self, member, decision):
        """A share as it counts: scaled down in proportion where those of its allowance are more than the whole."""
        whole = max(MICRO, self.placed_beside(member, decision))
        return lambda ppm: ppm * MICRO // whole

    def measure(self, decision, members, refunded):
        """Returns C and the votes of a member's two shares."""
        own, sizes = self.own(decision, members), {}
        for name, weights in own.items():
            settles = decision.settles or self.period  # choice: a ranking has no capacity that matters
            keeper = self.parts.setdefault((decision.name, name), Capacity(settles, decision.rule))
            sizes[name] = keeper.update(weights, self.period, refunded)
        if self.control is None:
            return sizes[None], lambda m, plus, minus: both_sides(own[None].get(m, 0), plus, minus, decision.rule)
        if self.control.fixed:
            heads = {c: sum(w > 0 for w in weights.values()) for c, weights in own.items()}
            of = factors(percentages({c: self.control.fixed[c] for c in own}, heads, self.least), sizes)
            size = CONTROLLED if of else 0
        else:
            of, size = self.control.factors(sizes)
        def votes(member, plus, minus):
            sides = [both_sides(w.get(member, 0), plus, minus, decision.rule, of[c]) for c, w in own.items() if c in of]
            return sum(a for a, _ in sides), sum(b for _, b in sides)
        return size, votes

    def refunded(self, decision):
        """Buckets keep their percentage where a refund lowered C."""
        if self.control is None:  # choice: with fixed control C is constant
            decision.race.refunded(*self.parts[decision.name, None].taken_back)

    def count(self, decision, votes_of_member):
        sides, scale = {}, {}
        def share(member, ppm):
            if member not in scale:
                scale[member] = self.scaled(member, decision)
            return scale[member](ppm)
        for (member, name, item, against), (ppm, scores) in self.ballots.items():
            if name == decision.name and item is None:
                sides.setdefault(member, {})[against] = (share(member, ppm), scores)
        counted = Count({}, {}, {}, {})
        standing = decision.race.nominees if decision.race else {}
        for member, ballots in sides.items():
            shares = [ballots.get(side, (0, {}))[0] for side in (False, True)]
            for (against, sign), votes in zip(((False, 1), (True, -1)), votes_of_member(member, *shares)):
                for candidate, score in ballots.get(against, (0, {}))[1].items():
                    some = scored(votes, score)
                    if candidate in standing:
                        table = counted.refusal if against else counted.attention
                        table[candidate] = table.get(candidate, 0) + some
                    counted.totals[candidate] = counted.totals.get(candidate, 0) + sign * some
                    counted.of[member, candidate] = sign * some
                    if some > 0 and not against:
                        counted.behind[candidate] = counted.behind.get(candidate, 0) + 1
        for (member, name, item, against), (ppm, _) in self.ballots.items():
            if name == decision.name and item is not None:  # items: each share has a root of its own
                some = votes_of_member(member, share(member, ppm), 0)[0]
                counted.totals[item] = counted.totals.get(item, 0) + (-some if against else some)
        for (member, name, candidate, against), ppm in self.nominations.items():
            if name == decision.name and candidate in standing:
                table = counted.refusal if against else counted.attention
                table[candidate] = table.get(candidate, 0) + votes_of_member(member, share(member, ppm), 0)[0]
        return counted

    def update(self, now, members, refunded=()):
        """One update; `members` as in edition 1. Returns what changed, in words."""
        said, counts = [], {}
        for name, decision in self.decisions.items():
            decision.size, votes = self.measure(decision, members, refunded)
            self.measured[name] = votes
            counts[name] = self.count(decision, votes)
            self.totals[name], self.last[name] = counts[name].totals, counts[name]
        for name, decision in self.decisions.items():
            if decision.kind == "ranking":
                continue
            race, one = decision.race, counts[name]
            race.size = decision.size
            self.refunded(decision)
            race.attend(now, one.attention, one.refusal, decision.nominated_by, self.period)
            race.settle(now, one.totals, decision.size, self.period, one.behind)
        for name, decision in self.decisions.items():
            if decision.kind == "ranking":
                continue
            if decision.changes is None:
                said += decision.race.change(now)
            decision.race.leave_unwanted(now)
        for decision in self.decisions.values():
            if decision.kind == "ranking":
                self.close_items(decision, self.totals[decision.name], now)
        return said

    def change(self, decision, now):
        return decision.race.change(now, *self.taken_back(decision)) if decision.size is not None else []

    def taken_back(self, decision):
        """Totals at a change time of its own: (without votes for that were taken back, without votes against that were)."""
        then, now = self.last[decision.name].of, self.count(decision, self.measured[decision.name]).of
        kept, wanted = {}, {}
        for (member, candidate), votes in then.items():
            today = now.get((member, candidate), 0)
            kept[candidate] = kept.get(candidate, 0) + (min(votes, max(today, 0)) if votes > 0 else votes)
            wanted[candidate] = wanted.get(candidate, 0) + (max(votes, min(today, 0)) if votes < 0 else votes)
        return kept, wanted

    def close_items(self, decision, totals, now):
        closed = []
        for item in sorted(decision.items):
            state = decision.items[item]
            kept = state.setdefault("item", Item(state["low_since"] // MICRO))
            if decision.close_after and kept.update(now, totals.get(item, 0), decision.floor, decision.close_after):
                closed.append(item)
        for item in closed:
            self.drop_item(decision, item)
        return closed
