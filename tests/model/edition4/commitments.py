"""Commitments (docs/spec/commitments.md): options, conviction in 64 binary places, deadlines. Instants are microseconds, votes micro-votes."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import isqrt

from edition4.periods import DAY, MICRO, around, end_of

PLACES = 64
LN2 = 0xB17217F7D1CF79AB  # ⌊ln 2 × 2^64⌋
MOST_OWN = 5
MOST_PLACES = 100


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def toward_zero(value, bits):
    """A whole number ÷ 2^bits, rounded toward zero."""
    return value >> bits if value >= 0 else -(-value >> bits)


def half_power(time, half_life):
    """2^-(time ÷ half_life) × 2^63, as docs/spec/support.md defines it: never above, and less than 8 below."""
    if time == 0 or half_life == 0:
        return 1 << 63 if time == 0 else 0
    whole, rest = divmod(time, half_life)
    if whole >= 64:
        return 0
    steps = -(-(rest << 61) // half_life)
    if steps == 1 << 61:
        whole, steps = whole + 1, 0
    place, below = steps >> 55, steps & ((1 << 55) - 1)
    root = 1 << (70 * 64 - place)
    for _ in range(6):
        root = isqrt(root)
    x, series = ((below << 9) * LN2) >> 64, 1 << 63
    for k in (8, 7, 6, 5, 4, 3, 2):
        series = (1 << 63) - ((x * series) >> 70) // k
    fallen = (x * series) >> 63
    value = root - ((fallen * (root >> 7)) >> 63) - (8 if below else 0)
    return value >> (7 + whole)


def conviction(before, votes, time, half_life):
    """y after one update, in 2^-64 micro-votes; time and half-life are in one unit."""
    a = half_power(time, half_life)
    return toward_zero(before * a, 63) + toward_zero(votes * (2**63 - a) << PLACES, 63)


def winner(levels, default, quorum, capacity):
    """The option that is taken: `levels` are {option: y}, quorum a fraction, capacity in micro-votes."""
    most = max((y for name, y in levels.items() if name != default), default=None)
    if most is None or list(levels.values()).count(most) > 1 or most <= levels[default]:
        return default
    if most < quorum * capacity * 2**PLACES:
        return default
    return next(name for name, y in levels.items() if y == most)


@dataclass
class Terms:
    """A commitment's clause."""

    every: str = None
    deadline: date = None
    half_life: int = None  # microseconds
    freeze: Fraction = Fraction(1, 10)
    quorum: Fraction = Fraction(1, 10)
    nominated_by: Fraction = Fraction(2, 100)
    default: str = "do nothing"
    accepts: bool = False  # credit

    def words(self):
        said = [f'every "{self.every}"' if self.every else f'deadline "{self.deadline}"']
        said += [f'conviction-half-life "{self.half_life // (3600 * MICRO)} hours"'] if self.half_life else []
        for name, usual in (("freeze", Fraction(1, 10)), ("quorum", Fraction(1, 10)), ("nominated_by", Fraction(2, 100))):
            value = getattr(self, name)
            said += [f'{name.replace("_", "-")} "{percent(value)}"'] if value != usual else []
        said += ['accepts "credit"'] if self.accepts else []
        said += [f'default "{self.default}"'] if self.default != ("accept" if self.accepts else "do nothing") else []
        return said


def percent(part):
    text = f"{part.numerator * 1_000_000 // part.denominator:07}"
    return f"{int(text[:-4])}.{text[-4:]}".rstrip("0").rstrip(".") + "%"


@dataclass
class Option:
    """An option that stands: a nominee until its level is full."""

    by: str
    stood_at: int
    place: int  # in the order of first standing
    level: int = 0
    entered: bool = False


@dataclass
class Commitment:
    name: str
    terms: Terms
    zone: str
    opened: int
    kind: str = "commitment"
    options: dict = field(default_factory=dict)  # standing ones, without the default
    placed: dict = field(default_factory=dict)  # every option of this cycle → (place, who put it up last)
    level: dict = field(default_factory=dict)  # y of those on the ballot
    votes: dict = field(default_factory=dict)
    capacity: int = 0
    counted: int = 0
    over: int = None
    since: int = None
    begun: int = None  # of a single day: since when its time runs
    deadline: int = None
    taken: list = field(default_factory=list)
    known: set = None  # options that this cycle has seen

    def __post_init__(self):
        self.default = sha(self.terms.default)
        self.level, self.known = {self.default: 0}, {self.default}
        self.begun = self.opened
        self.set_time(self.opened)

    def set_time(self, at):
        """The cycle around an instant, by the clause."""
        if self.terms.every:
            self.since, self.deadline = around(self.terms.every, at, self.zone)
        else:
            self.since, self.deadline = self.begun, end_of(self.terms.deadline, self.zone)
            if self.deadline <= at:
                self.over = at

    def length(self):
        return self.deadline - self.since

    def half_life(self):
        """Microseconds."""
        return self.terms.half_life or self.length() // 4

    def frozen_from(self):
        return self.deadline - self.length() * self.terms.freeze.numerator // self.terms.freeze.denominator

    def frozen(self, at):
        return self.terms.freeze > 0 and at > self.frozen_from()

    def nominees(self):
        return {name for name, one in self.options.items() if not one.entered}

    def standing(self):
        return set(self.options) | {self.default}

    def on_ballot(self):
        return set(self.level)

    # Acts: each returns the refusals that the rules give.

    def propose(self, member, text, at):
        name, refusals = sha(text), self.refuses_option(member, text, at)
        if not refusals:
            place = self.placed[name][0] if name in self.placed else len(self.placed)
            self.placed[name] = (place, member)
            self.known.add(name)
            self.options[name] = Option(member, at, place)
        return refusals

    def refuses_option(self, member, text, at):
        line, name, refusals = text.split("\n")[0], sha(text), []
        if name in self.standing():
            refusals.append("R028")
        if sum(by == member and one != name for one, (_, by) in self.placed.items()) >= MOST_OWN:
            refusals.append("R046")
        if self.over is None and self.frozen(at):
            refusals.append("R124")
        if self.over is not None:
            refusals.append("R125")
        if not 1 <= len(line) <= 100 or not line.strip():
            refusals.append("R126")
        return refusals

    def withdraw(self, member, name, carried):
        if name not in self.standing():
            return ["R029"]
        refusals = ["R031"] if name == self.default or self.options[name].by != member else []
        refusals += ["R085"] if carried else []
        if not refusals:
            self.remove(name)
        return refusals

    def remove(self, name):
        self.options.pop(name, None)
        self.level.pop(name, None)

    # Updates.

    def update(self, at, totals, attention, refusal, capacity, period):
        """Nominations, votes and conviction; `period` is Δ in seconds. Returns those who entered, and those who dropped out."""
        if self.over is not None or at > self.deadline:
            return [], []
        entered, dropped = self.attend(at, attention, refusal, capacity, period)
        self.capacity, self.counted = capacity, self.counted + 1
        self.votes = {name: totals.get(name, 0) for name in self.level}
        half_life = self.half_life()
        for name, y in self.level.items():
            self.level[name] = conviction(y, self.votes[name], period * MICRO, half_life)
        return entered, dropped

    def attend(self, at, attention, refusal, capacity, period):
        standing = len(self.level)  # the default among them
        top = self.terms.nominated_by * capacity * period * (10 + standing) // 10
        entered, dropped = [], []
        if self.frozen(at):
            return entered, dropped  # no level moves
        for name in sorted(self.nominees(), key=lambda name: self.options[name].place):
            one = self.options[name]
            one.level = min(max(one.level + (attention.get(name, 0) - refusal.get(name, 0) // 2) * period, 0), top)
            if top == 0:
                continue
            if one.level == top:
                one.entered, self.level[name] = True, 0
                entered.append(name)
            elif one.level == 0 and at - one.stood_at >= max(period * MICRO, 7 * DAY):
                self.remove(name)
                dropped.append(name)
        return entered, dropped

    def due(self):
        return self.deadline if self.over is None else None

    def decide(self, at):
        """The deadline has come: returns what is taken, and by what."""
        name = winner(self.level, self.default, self.terms.quorum, self.capacity)
        by = "default" if name == self.default else "conviction"
        self.taken.append((at, name, by))
        if self.terms.every:
            self.begin_again(at)
        else:
            self.over = at
            self.end()
        return name, by

    def end(self):
        """Nothing is asked any more; what this cycle has seen is remembered."""
        self.options, self.level, self.votes = {}, {self.default: 0}, {}

    def empty(self):
        self.options, self.placed, self.level, self.votes, self.counted = {}, {}, {self.default: 0}, {}, 0
        self.known = {self.default}

    def begin_again(self, at):
        self.default = sha(self.terms.default)
        self.empty()
        self.over = None
        self.set_time(at)

    # Other rules.

    def amend(self, terms, at):
        """Another clause is in force. Returns whether the decision is over by it."""
        before, self.terms = self.terms, terms
        line = sha(terms.default)
        if line != self.default and self.over is None:
            self.known.add(line)
            self.level.pop(self.default, None)
            self.default = line
            self.level.setdefault(line, 0)
            self.options.pop(line, None)
        same = (before.every, before.deadline) == (terms.every, terms.deadline)
        if same:
            return False
        if self.over is not None:
            self.over, self.default, self.begun = None, line, at
            self.empty()
        elif before.every:
            self.begun = at
        self.set_time(at)
        if self.over is not None:
            self.end()
        return self.over is not None
