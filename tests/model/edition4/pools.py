"""Pools (docs/spec/pools.md, The clause): what feeds them, money that is held, projects, pledges, and what the end of a cycle pays.

Instants are microseconds, money is in minor units, votes in micro-votes, conviction in 2^-64 of one.
"""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor as whole

from edition4 import funding
from edition4.commitments import conviction, percent, sha
from edition4.funding import NANO
from edition4.periods import MICRO, around
from rochdale_model import local

HELD, SET_ASIDE, CHARGED, GIVEN = "liabilities:held-for-members", "equity:set-aside-for-pools", "income:pledges-to-projects", "income:gifts-to-pools"
FEEDS = {"donations": ("donation",), "dues": ("dues",), "purchases": ("purchase",), "income": ("donation", "dues", "purchase")}
MOST_OWN, MOST_PEOPLE = 5, 20
UNIT = 100  # minor units of one unit of money


class Money:
    """Money that is held for members, what fed which pool, and the book as far as pools write it: account → minor units."""

    def __init__(self):
        self.held, self.fed, self.book, self.sources = Counter(), {}, Counter(), set()

    def move(self, minor, to, out_of):
        self.book[to] += minor
        self.book[out_of] -= minor

    def set_aside(self, pool, minor):
        pool.left += minor
        self.move(minor, SET_ASIDE, f"equity:pool:{pool.name}")

    def feed(self, source, kind, amount, at, pools, zone):
        day = local(at, zone).date()
        parts = [(pool, pool.terms.part_of(kind)) for pool in pools if day >= local(pool.opened, zone).date()]
        parts = [(pool, part) for pool, part in parts if part]
        if parts:
            self.fed[source] = (amount, parts)
        for pool, part in parts:
            self.set_aside(pool, whole(amount * part))

    def take_back(self, source, amount):
        left, parts = self.fed.get(source, (0, []))
        if parts:
            self.fed[source] = (left - amount, parts)
        for pool, part in parts:
            if pool.open:
                self.set_aside(pool, whole((left - amount) * part) - whole(left * part))

    def owe(self, pool, from_pool, pledged):
        """A project, or a request, is owed what the pool adds and what was pledged."""
        self.move(from_pool + pledged, f"expenses:pool-projects:{pool.name}", f"liabilities:pool-projects:{pool.name}")
        self.move(pledged, HELD, CHARGED)
        self.set_aside(pool, -from_pool)


@dataclass
class Terms:
    """A pool's clause."""

    feeds: tuple = ()  # (what, part)
    match: str = "quadratic"
    cap: Fraction = None
    m: int = None
    groups: tuple = ()
    half_life: int = None
    every: str = "month"
    excluded: bool = True
    skips: bool = False

    def part_of(self, kind):
        return sum((part for of, part in self.feeds if kind in FEEDS[of]), Fraction(0))

    def words(self):
        said = [f'fed-by "{percent(part)} of {of}"' for of, part in self.feeds]
        said += [f'match "{self.match}"'] if self.match != "quadratic" else []
        said += [f'cap "{percent(self.cap)}"'] if self.match == "capped" else []
        said += [f'pairwise "{self.m // UNIT}.{self.m % UNIT:02} USD"'] if self.match == "pairwise" else []
        said += ["groups " + " ".join(f'"{name}"' for name in self.groups)] if self.match == "connected" else []
        said += [f'conviction-half-life "{self.half_life // (3600 * MICRO)} hours"'] if self.half_life else []
        said += [f'every "{self.every}"'] if self.every != "month" else []
        said += [] if self.excluded else ['self "allowed"']
        return said + (['order "skip"'] if self.skips else [])


@dataclass
class Project:
    place: int
    by: str
    people: set
    goal: int
    at: int
    open: bool = True
    back: int = None  # when its proposer took it back
    pledges: dict = field(default_factory=dict)
    votes: int = 0
    y: int = 0
    since: int = None  # since when it is eligible, as updates saw it

    def pledged(self):
        return sum(self.pledges.values())

    def millionths(self):
        """Conviction in millionths of a micro-vote, rounded toward zero."""
        return int(Fraction(self.y * 10**6, 2**64))


@dataclass
class Now:
    """A project's numbers as of an instant; matches in billionths."""

    name: str
    one: Project
    nano: int
    since: int
    struck: bool = False

    def __hash__(self):
        return hash(self.name)

    @property
    def matched(self):
        return self.nano // NANO

    def eligible(self):
        return self.one.pledged() + self.matched >= self.one.goal

    def due(self):
        return max(0, min(self.matched, self.one.goal - self.one.pledged()))


@dataclass
class Pool:
    name: str
    terms: Terms
    zone: str
    opened: int
    kind: str = "pool"
    projects: dict = field(default_factory=dict)
    left: int = 0
    saved: int = 0
    open: bool = True
    passed: list = field(default_factory=list)  # requests: (when, minor, {those who voted for it})

    def __post_init__(self):
        self.since, self.until = around(self.terms.every, self.opened, self.zone)

    @property
    def items(self):
        return self.projects

    def asking(self):
        return {name: one for name, one in self.projects.items() if one.open}

    def half_life(self):
        return self.terms.half_life or (self.until - self.since) // 4

    def due(self):
        return self.until

    def own(self, name, member):
        return self.terms.excluded and member in self.projects[name].people

    # Acts: each returns the refusals that the rules give, but for those of members and of money.

    def ask(self, member, text, goal, people, at):
        line, name, refusals = text.split("\n")[0], sha(text), []
        mine = [one for one in self.projects.values() if one.by == member]
        if sum(one.open or one.back is not None and one.back >= self.since for one in mine) >= MOST_OWN:
            refusals.append("R046")
        refusals += ["R107"] if name in self.projects else []
        refusals += ["R126"] if not 1 <= len(line) <= 100 or not line.strip() else []
        if len(people) > MOST_PEOPLE or len({member, *people}) <= len(people):
            refusals.append("R156")
        refusals += ["R035"] if goal < 1 else []
        return refusals

    def put(self, member, text, goal, people, at):
        self.projects[sha(text)] = Project(len(self.projects), member, {member, *people}, goal, at)

    def of_open(self, name):
        if name not in self.projects:
            return ["R024"]
        return [] if self.projects[name].open else ["R025"]

    def end(self, name, money):
        """A project is over without money: pledges go back."""
        one = self.projects[name]
        for member, minor in one.pledges.items():
            money.held[member] += minor
        one.open, one.pledges, one.y = False, {}, 0

    # Updates.

    def count(self, totals, period):
        for name, one in self.asking().items():
            one.votes = totals.get(name, 0)
            one.y = conviction(one.y, one.votes, period * MICRO, self.half_life())

    def matches(self, groups):
        """{project: match in billionths} by the clause's rule."""
        terms = self.terms
        sums = {}
        for name, one in self.asking().items():
            sums[name] = {m: c for m, c in one.pledges.items() if c and not (terms.excluded and m in one.people)}
        if terms.match == "none":
            return dict.fromkeys(sums, 0)
        if terms.match == "pairwise":
            return {name: round(value * NANO) for name, value in funding.pairwise(sums, Fraction(terms.m)).items()}
        if terms.match == "connected":
            of = [set(groups[name]) for name in terms.groups]
            units = {name: {m: Fraction(c, UNIT) for m, c in own.items()} for name, own in sums.items()}
            return {name: round(funding.connected(own, of) * UNIT * NANO) for name, own in units.items()}
        return {name: funding.floor(funding.plain([Fraction(c) for c in own.values()]), NANO) for name, own in sums.items()}

    def now(self, at, groups):
        """Each project that asks with its match, after scaling and capping."""
        nano, has, asking = self.matches(groups), max(0, self.left), self.asking()
        if self.terms.match == "capped":
            nano = {name: value if asking[name].millionths() > 0 else 0 for name, value in nano.items()}
            nano = funding.capped(nano, has * NANO, self.terms.cap)
        rows = {name: Now(name, one, nano[name], at if one.since is None else one.since) for name, one in asking.items()}
        if self.terms.match == "scaled":
            self.scale(has, rows)
        return rows

    def scale(self, has, rows):
        inside = [row for row in rows.values() if row.eligible() and row.one.millionths() > 0]
        own = {row.name: row.nano for row in inside}
        while True:
            total = sum(own[row.name] for row in inside)
            for row in inside:
                row.nano = own[row.name] if total <= has * NANO else own[row.name] * has * NANO // total
            short = [row for row in inside if not row.eligible()]
            if not short:
                return
            # A struck one keeps its own match, and is not eligible.
            out = max(short, key=lambda row: (*funding.ratio(row.one.millionths(), own[row.name]), row.since, row.one.place))
            out.struck, out.nano = True, own[out.name]
            inside.remove(out)

    def note_eligible(self, at, groups):
        for name, row in self.now(at, groups).items():
            one = self.projects[name]
            one.since = None if not row.eligible() else at if one.since is None else one.since

    def order(self, rows):
        those = [row for row in rows.values() if row.eligible() and not row.struck and row.one.millionths() > 0]
        return sorted(those, key=lambda row: (*funding.ratio(row.one.millionths(), row.due()), row.since, row.one.place))

    def would_pay(self, rows):
        """Those that are funded in order, and the one that the pool is saved for."""
        has, funded = max(0, self.left), []
        for row in self.order(rows):
            if row.due() <= has:
                has -= row.due()
                funded.append(row)
            elif not self.terms.skips and self.saved < 3:
                return funded, row
        return funded, None

    def share_out(self, at, groups, money, free):
        """The cycle has ended; `free` takes ballots on a project away and says how many."""
        funded, saving = self.would_pay(self.now(at, groups))
        said, paid = [], 0
        for row in funded:
            from_pool, pledged = row.due(), row.one.pledged()
            money.owe(self, from_pool, pledged)
            row.one.open, row.one.pledges, row.one.y = False, {}, 0
            paid += from_pool
            said.append(f"project-funded {self.name} {row.name} from-pool {from_pool} pledged {pledged} freed {free(row.name)}")
        for name, one in self.asking().items():
            if one.millionths() <= 0 and one.at <= self.since:
                self.end(name, money)
                said.append(f"project-closed {self.name} {name} freed {free(name)}")
        self.saved = self.saved + 1 if saving else 0
        said += [f"pool-saves {self.name} {saving.name} cycles {self.saved}"] if saving else []
        self.since, self.until = around(self.terms.every, at, self.zone)
        return [*said, f"pool-shared {self.name} projects {len(funded)} paid {paid} left {self.left}"]

    # Other rules.

    def amend(self, terms, at):
        before, self.terms = self.terms, terms
        if before.every != terms.every:  # a cycle that ends now was shared out before
            self.since, self.until = around(terms.every, at, self.zone)
        return False

    def close(self, money):
        """The rules have it no more."""
        left, pledged = self.left, sum(one.pledged() for one in self.asking().values())
        for name in self.asking():
            self.end(name, money)
        money.set_aside(self, -left)
        self.open = False
        return f"pool-emptied {self.name} common {left} pledges {pledged}"
