"""Elections and rankings, one update after another, by mechanisms.md §3, 4 and 7.

Totals are micro-votes, buckets and levels micro-vote-seconds, capacity micro-votes. A choice the design leaves open is
marked `choice` where it is made.
"""

from dataclasses import dataclass, field
from fractions import Fraction
import math

from rochdale_model import MICRO, ballot_votes, scored

NOBODY = "nobody"


def clamp(value, low, high):
    return max(low, min(value, high))


@dataclass
class Race:
    """The state of an election between updates."""

    kind: str  # office, body, document
    seats: list  # names or None, one place a seat
    candidates: set = field(default_factory=set)  # seated ones too
    buckets: dict = field(default_factory=dict)
    nominees: dict = field(default_factory=dict)

    @property
    def holders(self):
        return [name for name in self.seats if name is not None]

    def settle(self, totals, size, period):
        """Fills and drains the buckets by one update's totals."""
        for name, reference in self._references(totals).items():
            total = totals.get(name, 0)
            step = (total - reference) * period
            if name != NOBODY and total <= 0:
                step = min(step, 0)
            self.buckets[name] = clamp(self.buckets.get(name, 0) + step, 0, size)

    def _references(self, totals):
        """R of every challenger."""
        challengers = sorted(self.candidates - set(self.holders))
        total = lambda name: totals.get(name, 0)
        if self.kind == "body":
            low = 0 if None in self.seats else min(map(total, self.seats))
            return {name: low for name in challengers}
        if self.holders:
            nobody = [NOBODY] if self.kind == "office" else []
            return {name: total(self.seats[0]) for name in challengers + nobody}
        return {
            name: max([0] + [total(other) for other in challengers if other != name]) for name in challengers
        }

    def change(self, totals, size):
        """Makes a change time with the buckets of the last update. Returns the outcomes, in words."""
        total = lambda name: totals.get(name, 0)
        if self.kind == "body":
            return self._change_body(total, size)
        references = self._references(totals)
        full = [name for name, r in references.items() if self.buckets.get(name) == size and total(name) > r]
        best = [name for name in full if total(name) == max(map(total, full))]
        if len(best) != 1:
            return ["tie"] if best else []
        gone, winner = self.seats[0], best[0]
        self.seats = [None if winner == NOBODY else winner]
        self.buckets[winner] = 0
        self.buckets.pop(NOBODY, None)
        if gone is not None:
            self.buckets[gone] = 0
        return [f"{winner} for {gone}"]

    def _change_body(self, total, size):
        said = []
        full = [n for n in self.candidates - set(self.holders) if self.buckets.get(n) == size and total(n) > 0]
        for place, name in enumerate(self.seats):
            if name is not None and total(name) <= 0:
                self.seats[place], self.buckets[name] = None, 0
                said.append(f"{name} out")
        for level in sorted({total(name) for name in full}, reverse=True):
            equals = sorted(name for name in full if total(name) == level)
            winnable = [place for place, name in enumerate(self.seats) if name is None or total(name) < level]
            if len(equals) > len(winnable):
                return said + (["tie"] if winnable else [])
            for name in equals:
                free = [place for place, seated in enumerate(self.seats) if seated is None]
                lowest = lambda place: (total(self.seats[place]), -place)
                place = free[0] if free else min(range(len(self.seats)), key=lowest)
                if self.seats[place] is not None:
                    self.buckets[self.seats[place]] = 0
                said.append(f"{name} for {self.seats[place]}")
                self.seats[place], self.buckets[name] = name, 0
        return said

    def attend(self, attention, top, period):
        """Moves the nominees' levels; at `top` they become candidates, at 0 they drop out."""
        for name in sorted(self.nominees):
            level = clamp(self.nominees[name] + attention.get(name, 0) * period, 0, top)
            self.nominees[name] = level
            if top == 0:
                continue
            if level == top:
                del self.nominees[name]
                self.candidates.add(name)
                self.buckets[name] = 0
            elif level == 0:
                del self.nominees[name]

    def enter(self, name):
        """Is on the ballot from the start, as a founding text is."""
        self.candidates.add(name)

    def nobody(self):
        return self.buckets.get(NOBODY, 0)

    def remove(self, name):
        """A candidate withdraws or a holder resigns; a candidate who comes back starts at 0."""
        self.candidates.discard(name)
        self.nominees.pop(name, None)
        self.buckets.pop(name, None)
        if name in self.seats:
            self.seats[self.seats.index(name)] = None
            self.buckets.pop(NOBODY, None)


def capacity(weights, n, rule, before=None):
    """Votes of one candidate if all divide their weight evenly over `n` decisions; falls at most a tenth."""
    if rule == "quadratic":
        now = sum(math.isqrt(weight * MICRO // n) for weight in weights)
    else:
        now = sum(weight // n for weight in weights)
    return now if before is None else max(now, -(-before * 9 // 10))


@dataclass
class Control:
    """The parts of the votes that classes control, or can hold at most: {class: Fraction}. One of the two is empty."""

    fixed: dict = field(default_factory=dict)
    at_most: dict = field(default_factory=dict)

    def factors(self, own):
        """Returns the factor of each class's votes, and all votes together; `own` is {class: its capacity}."""
        whole = sum(own.values())
        if self.fixed:
            parts = sum(self.fixed[name] for name, size in own.items() if size)
            if not parts:
                return {name: Fraction(1) for name in own}, whole
            return {name: self.fixed[name] * whole / parts / size if size else Fraction(1) for name, size in own.items()}, whole
        cut, total = set(), Fraction(whole)
        while above := {n for n, size in own.items() if n not in cut and n in self.at_most and size > self.at_most[n] * total}:
            cut |= above
            free = sum(size for name, size in own.items() if name not in cut)
            if free == 0:
                return {name: Fraction(1) for name in own}, whole
            total = free / (1 - sum(self.at_most[name] for name in cut))
        return {name: self.at_most[name] * total / own[name] if name in cut else Fraction(1) for name in own}, math.floor(total)


def entry_level(nominated_by, size, period, candidates):
    """M: the attention at which a nominee becomes a candidate."""
    return math.floor(Fraction(nominated_by) * size * period * (10 + candidates) / 10)


@dataclass
class Decision:
    """A clause of the constitution and its race, or its ranking's items."""

    name: str
    kind: str
    settles: int = 0  # seconds
    seats: int = 1
    rule: str = "quadratic"
    nominated_by: Fraction = Fraction(2, 100)
    electorate: tuple = None  # classes; None is all weight
    changes: tuple = None  # (weekday, hour, minute) of its own change times
    close_after: int = None  # seconds
    floor: int = 0  # micro-votes
    race: Race = None
    items: dict = field(default_factory=dict)  # item → [open, moment since when at or below the floor]
    size: int = None  # capacity
    opened: int = 0

    def weights(self, members):
        """Returns the weights that count here, of {member: (weight, {class: weight})}."""
        if self.rule == "one-member":
            among = lambda classes: self.electorate is None or any(name in classes for name in self.electorate)
            return {m: MICRO if among(classes) else 0 for m, (_, classes) in members.items()}
        if self.electorate is None:
            return {m: weight for m, (weight, _) in members.items()}
        among = lambda classes: any(classes.get(name) for name in self.electorate)
        return {m: weight if among(classes) else 0 for m, (weight, classes) in members.items()}

    def among(self, members, name):
        """Returns each member's weight that counts here in one class."""
        if self.rule == "one-member":
            return {m: MICRO for m, (_, classes) in members.items() if name in classes}
        return {m: classes.get(name, 0) for m, (_, classes) in members.items()}

    def full(self):
        """F: the size of a bucket."""
        return self.settles * self.size

    def __post_init__(self):
        if self.kind != "ranking" and self.race is None:
            self.race = Race(self.kind, [None] * self.seats)


@dataclass
class Layer:
    """A constitution's decisions with the ballots on them, counted together."""

    decisions: dict
    period: int  # seconds
    ballots: dict = field(default_factory=dict)  # (member, decision, item or None, against) → (ppm, scores)
    nominations: dict = field(default_factory=dict)  # (member, decision, candidate, against) → ppm
    updates: int = 0
    before: set = field(default_factory=set)  # decisions that an update has counted
    totals: dict = field(default_factory=dict)
    control: Control = None
    classes: tuple = ()  # of the kernel

    def measure(self, decision, members, n):
        """The decision's capacity before its limit on falling, and the votes of a member's share of their weight."""
        rule = decision.rule
        if self.control is None:
            own = decision.weights(members)
            return capacity(own.values(), n, rule), lambda member, ppm: ballot_votes(own.get(member, 0), ppm, rule)
        own = {name: decision.among(members, name) for name in decision.electorate or self.classes}
        factors, whole = self.control.factors({name: capacity(weights.values(), n, rule) for name, weights in own.items()})
        return whole, lambda member, ppm: sum(
            math.floor(ballot_votes(weights.get(member, 0), ppm, rule) * factors[name]) for name, weights in own.items()
        )

    def cast(self, member, decision, ppm, scores=None, item=None, against=False):
        key = (member, decision, item, against)
        if item is not None:
            self.ballots.pop((member, decision, item, not against), None)  # one ballot on an item, for or against
        if ppm == 0:
            self.ballots.pop(key, None)
        else:
            self.ballots[key] = (ppm, dict(scores or {}))

    def nominate(self, member, decision, candidate, ppm, against=False):
        self.nominations.pop((member, decision, candidate, not against), None)
        if ppm == 0:
            self.nominations.pop((member, decision, candidate, against), None)
        else:
            self.nominations[(member, decision, candidate, against)] = ppm

    def placed(self, member):
        own = [ppm for key, (ppm, _) in self.ballots.items() if key[0] == member]
        return sum(own) + sum(ppm for key, ppm in self.nominations.items() if key[0] == member)

    def update(self, at, weights):
        """One update at the instant `at`, weights as {member: (weight, {class: weight})}. Returns outcomes by decision."""
        counted = [d for name, d in self.decisions.items() if name in self.before] or list(self.decisions.values())
        n = sum(d.seats for d in counted)
        measured = {name: self.measure(decision, weights, n) for name, decision in self.decisions.items()}
        self.totals = {name: self.count(decision, measured[name][1]) for name, decision in self.decisions.items()}
        outcomes = {}
        for name, decision in self.decisions.items():
            if decision.kind == "ranking":
                outcomes[name] = self.close_items(decision, self.totals[name], at)
            else:
                now, votes = measured[name]
                decision.size = now if decision.size is None else max(now, -(-decision.size * 9 // 10))
                outcomes[name] = self.settle(decision, votes)
        self.before = set(self.decisions)
        self.updates += 1
        return outcomes

    def count(self, decision, votes_of):
        """Totals of a decision: {candidate or item: micro-votes}."""
        totals = {}
        for (member, name, item, against), (ppm, scores) in sorted(self.ballots.items(), key=str):
            if name != decision.name:
                continue
            votes = votes_of(member, ppm)
            for candidate, score in [(item, MICRO)] if item is not None else scores.items():
                sign = -1 if against else 1
                totals[candidate] = totals.get(candidate, 0) + sign * scored(votes, score)
        return totals

    def settle(self, decision, votes_of):
        race, totals = decision.race, self.totals[decision.name]
        attention = {name: totals.get(name, 0) for name in race.nominees}  # scores are attention until entry
        for (member, name, candidate, against), ppm in self.nominations.items():
            if name == decision.name:
                votes = votes_of(member, ppm)
                attention[candidate] = attention.get(candidate, 0) + (-votes if against else votes)
        top = entry_level(decision.nominated_by, decision.size, self.period, len(race.candidates))
        race.attend(attention, top, self.period)
        race.settle(totals, decision.full(), self.period)
        return race.change(totals, decision.full()) if decision.changes is None else []

    def change(self, decision):
        """Makes a change time of the decision: it carries out the result of the last update."""
        if decision.size is None:
            return []
        return decision.race.change(self.totals[decision.name], decision.full())

    def close_items(self, decision, totals, at):
        closed = []
        for item in sorted(decision.items):
            state = decision.items[item]
            if totals.get(item, 0) > decision.floor:
                state["low_since"] = None
                continue
            if state["low_since"] is None:
                state["low_since"] = at
            if decision.close_after is not None and at - state["low_since"] >= decision.close_after * MICRO:
                closed.append(item)
        for item in closed:
            self.drop_item(decision, item)
        return closed

    def drop_item(self, decision, item):
        """An item leaves, and the shares on it are free."""
        del decision.items[item]
        for key in [key for key in self.ballots if key[1] == decision.name and key[2] == item]:
            del self.ballots[key]
