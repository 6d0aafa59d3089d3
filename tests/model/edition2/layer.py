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

    parts: dict = field(default_factory=dict)  # (classes, together or apart, counting, S) → Capacity
    column_of: dict = field(default_factory=dict)  # (decision, class or None) → key of the column that it had last
    counting: int = None  # the update that is being counted
    earlier: dict = field(default_factory=dict)  # key → parts at the update before
    used: set = field(default_factory=set)  # keys of `column_of` at this update
    former: dict = field(default_factory=dict)  # decision → (electorate, way of counting, S) of the last update
    least: dict = field(default_factory=dict)  # class → `from`
    measured: dict = field(default_factory=dict)  # decision → votes of (member, for, against), of the last update
    last: dict = field(default_factory=dict)  # decision → Count of the last update
    stood: dict = field(default_factory=dict)  # the ballots as they stood at the end of the last update
    ended: list = field(default_factory=list)  # (decision, candidate) of nominations that ended at this update

    def own(self, decision, members):
        """{class or None: {member: weight}} of what counts in a decision."""
        names = decision.electorate or self.classes
        if decision.rule == "one-member":
            if self.control is None:
                among = lambda classes: decision.electorate is None or any(name in classes for name in decision.electorate)
                return {None: {m: MICRO if among(classes) else 0 for m, (_, classes) in members.items()}}
            return {c: {m: MICRO for m, (_, classes) in members.items() if c in classes} for c in names}
        if self.control is None:
            if decision.electorate is None:
                return {None: {m: weight for m, (weight, _) in members.items()}}
            return {None: {m: sum(classes.get(c, 0) for c in names) for m, (_, classes) in members.items()}}
        return {c: {m: classes.get(c, 0) for m, (_, classes) in members.items()} for c in names}

    def each(self, decision):
        """Whether a decision takes nothing from the allowance that the others share: the default without a root."""
        said = getattr(decision, "allowance", None)
        return said == "each" if said else decision.rule != "quadratic"

    def placed_beside(self, member, decision):
        """The member's shares that count against the same allowance as one more on this decision."""
        together = [d.name for d in self.decisions.values() if not self.each(d)] if not self.each(decision) else [decision.name]
        own = [ppm for key, (ppm, _) in self.ballots.items() if key[0] == member and key[1] in together]
        return sum(own) + sum(ppm for key, ppm in self.nominations.items() if key[0] == member and key[1] in together)

    def scale_down(self):
        """Other rules are in force: where a member's shares of one allowance are more than the whole, all are scaled down."""
        together = {d.name for d in self.decisions.values() if not self.each(d)}
        placed = {}
        for key, (ppm, _) in self.ballots.items():
            placed[key[0]] = placed.get(key[0], 0) + (ppm if key[1] in together else 0)
        for key, ppm in self.nominations.items():
            placed[key[0]] = placed.get(key[0], 0) + (ppm if key[1] in together else 0)
        over = lambda key: key[1] in together and placed[key[0]] > MICRO
        scaled = {key: (ppm * MICRO // placed[key[0]] if over(key) else ppm, scores) for key, (ppm, scores) in self.ballots.items()}
        self.ballots = {key: ballot for key, ballot in scaled.items() if ballot[0]}
        scaled = {key: ppm * MICRO // placed[key[0]] if over(key) else ppm for key, ppm in self.nominations.items()}
        self.nominations = {key: ppm for key, ppm in scaled.items() if ppm}

    def column(self, decision, name, weights):
        """The parts of a decision's capacity: decisions with one electorate, way of counting and S share them."""
        among = tuple(sorted(decision.electorate or ())) if name is None else (name,)  # all members are not all classes
        key = (among, name is None, decision.rule, decision.settles)
        if key not in self.parts:
            electorate, rule, settles = self.former.get(decision.name, (None, None, None))
            before = (electorate if name is None else (name,), name is None, rule, settles)  # whichever decision had that column
            same = rule == decision.rule
            self.parts[key] = Capacity(decision.settles, decision.rule, dict(self.earlier.get(before, {})) if same else {})
        self.column_of[decision.name, name] = key
        self.used.add((decision.name, name))
        return self.parts[key]

    def measure(self, decision, members, refunded, now):
        """Returns C and the votes of a member's two shares."""
        if self.counting != now:  # a new column goes on from the parts of the last update
            self.counting, self.earlier = now, {key: dict(column.parts) for key, column in self.parts.items()}
        own, sizes = self.own(decision, members), {}
        for name, weights in own.items():
            keeper = self.column(decision, name, weights)
            if keeper.counted_at != now:
                keeper.update(weights, self.period, refunded)
                keeper.counted_at = now
            sizes[name] = sum(keeper.parts.values())
        if self.control is None:
            return sizes[None], lambda m, plus, minus: both_sides(own[None].get(m, 0), plus, minus, decision.rule)
        of, size = self.factors_of(own, sizes)
        return size, lambda member, plus, minus: self.cast_by_class(decision, own, of, member, plus, minus)

    def factors_of(self, own, sizes):
        """The classes' factors and C, by the capacities `sizes` of classes."""
        if not self.control.fixed:
            return self.control.factors(sizes)
        heads = {c: sum(w > 0 for w in weights.values()) for c, weights in own.items()}
        of = factors(percentages({c: self.control.fixed[c] for c in own}, heads, self.least), sizes)
        return of, CONTROLLED if of else 0

    @staticmethod
    def cast_by_class(decision, own, of, member, plus, minus):
        sides = [both_sides(w.get(member, 0), plus, minus, decision.rule, of[c]) for c, w in own.items() if c in of]
        return sum(a for a, _ in sides), sum(b for _, b in sides)

    def prune(self):
        """Forgets the columns that no decision used at this update."""
        self.column_of = {key: column for key, column in self.column_of.items() if key in self.used}
        self.former = {d.name: (tuple(sorted(d.electorate or ())), d.rule, d.settles) for d in self.decisions.values()}
        self.used = set()
        self.parts = {key: column for key, column in self.parts.items() if key in self.column_of.values()}

    def free_ended(self):
        """Shares of nominations that ended come free; returns [(decision, member, ppm)]."""
        freed = {}
        for key in [key for key in self.nominations if (key[1], key[2]) in self.ended]:
            freed[key[1], key[0]] = freed.get((key[1], key[0]), 0) + self.nominations.pop(key)
        self.ended = []
        return [(decision, member, ppm) for (decision, member), ppm in freed.items()]

    def refunded(self, decision):
        """Buckets keep their percentage where a refund lowered C."""
        if self.control is None:
            decision.race.refunded(*self.parts[self.column_of[decision.name, None]].taken_back)
        elif not self.control.fixed:  # with fixed control C is constant
            taken = {c: self.parts[self.column_of[decision.name, c]].taken_back for c in decision.electorate or self.classes}
            decision.race.refunded(*(self.control.factors({c: sums[place] for c, sums in taken.items()})[1] for place in (0, 1)))

    def count(self, decision, votes_of_member, ballots=None):
        sides, placed = {}, self.ballots if ballots is None else ballots
        for (member, name, item, against), (ppm, scores) in placed.items():
            if name == decision.name and item is None:
                sides.setdefault(member, {})[against] = (ppm, scores)
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
        for (member, name, item, against), (ppm, _) in placed.items():
            if name == decision.name and item is not None:  # items: each share has a root of its own
                some = votes_of_member(member, ppm, 0)[0]
                counted.totals[item] = counted.totals.get(item, 0) + (-some if against else some)
        for (member, name, candidate, against), ppm in self.nominations.items():
            if name == decision.name and candidate in standing:
                table = counted.refusal if against else counted.attention
                table[candidate] = table.get(candidate, 0) + votes_of_member(member, ppm, 0)[0]
        return counted

    def update(self, now, members, refunded=()):
        """One update; `members` as in edition 1. Returns what changed, in words."""
        said, counts = [], {}
        for name, decision in self.decisions.items():
            decision.size, votes = self.measure(decision, members, refunded, now)
            self.measured[name] = votes
            counts[name] = self.count(decision, votes)
            self.totals[name], self.last[name] = counts[name].totals, counts[name]
        for name, decision in self.decisions.items():
            if decision.kind == "ranking":
                continue
            race, one = decision.race, counts[name]
            race.size = decision.size
            self.refunded(decision)
            standing, out = len(race.ballot), []
            if decision.kind == "document":
                nominees = set(race.nominees)
                out = [text for text in race.give_places(now, one.totals, one.attention, one.refusal) if text in nominees]
                one.totals = self.totals[name] = {text: total for text, total in one.totals.items() if text not in race.waiting}
            ended = race.attend(now, one.attention, one.refusal, decision.nominated_by, self.period, standing)
            for names in (*ended, out):
                self.ended += [(name, candidate) for candidate in names]
            race.settle(now, one.totals, decision.size, self.period, one.behind)
            race.leave_unwanted(now)
        self.free_ended()
        for decision in self.decisions.values():
            if decision.kind != "ranking" and decision.changes is None:
                said += decision.race.change(now)
        for decision in self.decisions.values():
            if decision.kind == "ranking":
                self.close_items(decision, self.totals[decision.name], now)
        self.stood = dict(self.ballots)
        return said

    def change(self, decision, now):
        return decision.race.change(now, *self.taken_back(decision)) if decision.size is not None else []

    def taken_back(self, decision):
        """Totals at a change time of its own: (without votes for that were taken back, without votes against that were)."""
        votes_of_member = self.measure_since(decision)
        now = self.count(decision, votes_of_member)
        decision.race.behind = now.behind
        kept, wanted = dict(self.last[decision.name].totals), dict(self.last[decision.name].totals)
        for (member, candidate), votes in self.count(decision, votes_of_member, self.stood).of.items():
            today = now.of.get((member, candidate), 0)
            if votes > 0:
                kept[candidate] = kept.get(candidate, 0) - (votes - min(votes, max(today, 0)))
            else:
                wanted[candidate] = wanted.get(candidate, 0) - (votes - max(votes, min(today, 0)))
        return kept, wanted

    def measure_since(self, decision):
        """The votes of a member's two shares since the last update."""
        return self.measured[decision.name]

    def close_items(self, decision, totals, now):
        closed = []
        for item in sorted(decision.items):
            state = decision.items[item]
            kept = state.setdefault("item", Item(state["low_since"] / MICRO))
            counted = getattr(decision, "counted_after", decision.close_after)
            if kept.update(now, totals.get(item, 0), decision.floor, decision.close_after, counted):
                closed.append(item)
        for item in closed:
            self.drop_item(decision, item)
        return closed
