"""Requests for money of a pool (docs/spec/commitments.md, Requests): conviction, who is behind a request, and which one passes."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from edition4.commitments import conviction, percent, sha
from edition4.periods import DAY, MICRO
from edition4.pools import MOST_OWN, MOST_PEOPLE

ONE = 1 << 64  # of conviction: a micro-vote


def root_of(least):
    """√least, rounded down to a 2^64th of a millionth."""
    finer = 10**6 << 64
    return Fraction(isqrt(least.numerator * finer**2 // least.denominator), finer)


@dataclass
class Terms:
    """The clause of a commitment that takes requests."""

    of: str
    limit: Fraction = Fraction(1, 4)
    least: Fraction = Fraction(1, 10)
    half_life: int = None
    excluded: bool = True

    def words(self):
        said = [f'of "{self.of}"', f'spending-limit "{percent(self.limit)}"', f'least-conviction "{percent(self.least)}"']
        said += [f'conviction-half-life "{self.half_life // (3600 * MICRO)} hours"'] if self.half_life else []
        return said + ([] if self.excluded else ['self "allowed"'])

    def lasts(self):
        """The half-life, microseconds."""
        return self.half_life or 7 * DAY


def passes(terms, y, capacity, q):
    """Whether a request passes; y in 2^-64 micro-votes, C in micro-votes, q a fraction."""
    left = terms.limit - q * (1 - root_of(terms.least))
    return q <= terms.limit and Fraction(y, ONE) * left**2 > terms.least * capacity * terms.limit**2


def needed(terms, capacity, q):
    """The conviction above which a request passes, in micro-votes rounded down; None where none suffices."""
    left = terms.limit - q * (1 - root_of(terms.least))
    return None if q > terms.limit else int(terms.least * capacity * terms.limit**2 / left**2)


@dataclass
class Request:
    place: int
    by: str
    people: set
    minor: int
    at: int
    open: bool = True
    back: int = None
    votes: int = 0
    y: int = 0
    behind: dict = field(default_factory=dict)  # member → the conviction of their votes for it


@dataclass
class Requests:
    name: str
    terms: Terms
    zone: str
    opened: int
    kind: str = "requests"
    requests: dict = field(default_factory=dict)
    capacity: int = 0

    @property
    def items(self):
        return self.requests

    def asking(self):
        return {name: one for name, one in self.requests.items() if one.open}

    def order(self):
        return sorted(self.asking(), key=lambda name: (-self.requests[name].y, self.requests[name].place))

    def own(self, name, member):
        return self.terms.excluded and member in self.requests[name].people

    def ask(self, member, text, minor, people, at):
        line, refusals = text.split("\n")[0], []
        mine = [one for one in self.requests.values() if one.by == member]
        if sum(one.open or one.back is not None and at - one.back < 30 * DAY for one in mine) >= MOST_OWN:
            refusals.append("R046")
        refusals += ["R107"] if sha(text) in self.requests else []
        refusals += ["R126"] if not 1 <= len(line) <= 100 or not line.strip() else []
        if len(people) > MOST_PEOPLE or len({member, *people}) <= len(people):
            refusals.append("R156")
        return refusals + (["R035"] if minor < 1 else [])

    def put(self, member, text, minor, people, at):
        self.requests[sha(text)] = Request(len(self.requests), member, {member, *people}, minor, at)

    def of_open(self, name):
        if name not in self.requests:
            return ["R024"]
        return [] if self.requests[name].open else ["R025"]

    def end(self, name):
        one = self.requests[name]
        one.open, one.y, one.behind = False, 0, {}

    # Updates.

    def count(self, totals, own, capacity, period):
        """`own` is {request: {member: votes for it}}."""
        self.capacity, time = capacity, period * MICRO
        for name, one in self.asking().items():
            one.votes = totals.get(name, 0)
            one.y = conviction(one.y, one.votes, time, self.terms.lasts())
            votes = own.get(name, {})
            behind = {m: conviction(one.behind.get(m, 0), votes.get(m, 0), time, self.terms.lasts()) for m in {*one.behind, *votes}}
            one.behind = {m: y for m, y in behind.items() if y >= ONE}

    def part(self, name, pool):
        """q: (r + P) ÷ (R + P); None where nobody is for it, or the pool is empty."""
        behind = {m: y // ONE for m, y in self.requests[name].behind.items()}
        if not behind or pool is None or pool.left <= 0:
            return None
        every = sum(behind.values())
        passed = sum(Fraction(minor * sum(y for m, y in behind.items() if m in voted), every) for _, minor, voted in pool.passed)
        return Fraction(self.requests[name].minor + passed) / (pool.left + passed)

    def look(self, at, pool, money, free):
        """Requests pass in order, and those that nobody has been for leave; returns the words of outcomes."""
        ago, passed = at - 4 * self.terms.lasts(), []
        if pool is not None:
            pool.passed = [one for one in pool.passed if one[0] > ago]
        for name in self.order():
            q, one = self.part(name, pool), self.requests[name]
            if q is not None and passes(self.terms, one.y, self.capacity, q):
                pool.passed.append((at, one.minor, set(one.behind)))
                money.owe(pool, one.minor, 0)
                self.end(name)
                passed.append(name)
        idle = [name for name, one in self.asking().items() if one.at <= ago and one.y < ONE]  # less than a micro-vote is nothing
        for name in idle:
            self.end(name)
        said = [f"request-passed {self.name} {name} {self.requests[name].minor} USD freed {free(name)}" for name in passed]
        return said + [f"request-closed {self.name} {name} freed {free(name)}" for name in idle]

    def amend(self, terms, at):
        self.terms = terms
        return False
