"""Random rules of edition 4: a kernel, and constitutions with commitments, rankings with supplies, and releases."""

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from edition3.rules import over
from edition3.weights import Class, Sum
from edition4 import commitments, pools, releases, requests, supplies
from edition4.accepting import Accepting
from edition4.commitments import sha
from edition4.periods import HOUR, MICRO, Rhythm
from rochdale_model import local

PERIODS = ("day", "week", "month", "quarter", "year")
RULES = ("quadratic", "linear", "approval", "one-member")
ZONES = ("UTC", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Chatham")
LINES = ("do nothing", "carry it over", "option a0")


@dataclass
class Kernel:
    """`settles` is S of the constitution's own election, in seconds."""

    classes: list
    zone: str
    rhythm: Rhythm
    votes: str
    allowance: str = None
    founding: int = None
    cap: Fraction = None
    floor: int = 0
    settles: int = 3600
    nominated_by: Fraction = Fraction(1, 10_000)

    def text(self):
        allowance = f'    allowance "{self.allowance}"\n' if self.allowance else ""
        return (
            '# Rules\n\n```charter\nkernel {\n    name "model"\n    purpose "Try the mechanisms"\n    currency "USD"\n'
            f'    time-zone "{self.zone}"\n{"".join(one.text() for one in self.classes)}    votes "{self.votes}"\n{allowance}'
            f'    constitution {{ settles-in "{self.settles // 3600} hours"; nominated-by "0.01%"; updates "{self.rhythm.text()}" }}\n}}\n```\n'
        )

    def reads(self):
        return tuple(sorted({kind for one in self.classes for kind in one.kinds() if kind != "credit"}))


@dataclass
class Clause:
    kind: str
    name: str
    terms: object
    rule: str = None
    electorate: tuple = None
    allowance: str = None

    def text(self):
        said = self.terms.words()
        said += [f'votes "{self.rule}"'] if self.rule else []
        said += [f'electorate {" ".join(f"""{chr(34)}{one}{chr(34)}""" for one in self.electorate)}'] if self.electorate else []
        said += [f'allowance "{self.allowance}"'] if self.allowance else []
        kind = "commitment" if self.kind == "requests" else self.kind
        return f'{kind} "{self.name}" {{ {"; ".join(said)} }}'

    def opens(self):
        """The class of the decision that the clause defines."""
        if self.kind == "commitment":
            return Accepting if self.terms.accepts else commitments.Commitment
        return {"ranking": supplies.Ranking, "pool": pools.Pool, "requests": requests.Requests}[self.kind]


@dataclass
class Rules:
    clauses: list
    salt: str
    text: str = field(init=False)

    def __post_init__(self):
        self.text = f"# Rules {self.salt}\n\n```charter\n" + "\n".join(one.text() for one in self.clauses) + "\n```\n"

    @property
    def hash(self):
        return sha(self.text)


def random_kernel(draw):
    word, per = draw.choice(["donated", "donated", "purchased", "dues"]), draw.choice([None, ("last", 1, "month"), ("last", 1, "quarter")])
    money = draw.choice([
        Class("givers", "{0} / 1 USD", [Sum(word, per)], lambda s, p: over(s[0], 100)),
        Class("givers", "({0} + {1}) / 1 USD", [Sum("donated", per), Sum("purchased", None)], lambda s, p: over(sum(s), 100)),
        Class("givers", "max({0}, {1}) / 2 USD", [Sum("donated", ("last", 2, "month")), Sum("dues", None)], lambda s, p: over(max(s), 200)),
    ])
    weight = draw.choice([1, 3, 9])
    crew = Class("workers", f"{weight}", [], lambda s, p: Fraction(weight), list="crew")
    money.hold, crew.hold = draw.random() < 0.8, True
    rhythm = draw.choice([Rhythm("daily", draw.choice([0, 0, 1, 5]), draw.choice([0, 30])), Rhythm("weekly", draw.choice([0, 1, 9]), 0, draw.choice([0, 0, 4, 6])),
                          Rhythm("weekly", 1, 0, 0), Rhythm("monthly", draw.choice([0, 1]), 0, draw.choice([1, 1, 15]))])
    votes = draw.choice(["quadratic", "quadratic", "linear"])
    classes = [money, crew] if draw.random() < 0.85 else [crew, money]
    if draw.random() < 0.4:
        per = draw.choice([None, ("last", 1, "month"), ("last", 1, "quarter"), ("last", 6, "month"), ("last", 1, "year")])
        classes.append(Class("makers", "{0} * 2", [Sum("credit", per)], lambda s, p: 2 * s[0], falls=draw.random() < 0.7))
    return Kernel(classes, draw.choice(ZONES), rhythm, votes,
                  draw.choice([None, None, None, "shared", "each"]), settles=draw.choice([1, 1, 1, 24]) * 3600)


class Drafter:
    """Makes up constitutions, each from the one before."""

    def __init__(self, draw, kernel, seed):
        self.draw, self.kernel, self.seed, self.salt = draw, kernel, seed, 0

    def rules(self, at, before=None):
        draw, clauses = self.draw, []
        names = [("commitment", "budget"), ("commitment", "hall"), ("ranking", "help"), ("ranking", "benches"), ("release", "tool"), ("release", "book"),
                 ("pool", "commons"), ("pool", "parks")]
        for kind, name in names:
            old = next((one for one in before.clauses if one.name == name), None) if before else None
            if old and draw.random() < 0.1 or not old and draw.random() < (0.75 if before else 0.35 if kind == "ranking" else 0.5):
                continue
            clauses.append(self.clause(kind, name, at, old))
        self.with_requests(clauses, at, before)
        if before is None and draw.random() < 0.4 or before and any(one.name == "credit" for one in before.clauses):
            clauses.append(self.credit(before))
        self.feed(clauses)
        if draw.random() < 0.2:
            draw.shuffle(clauses)
        self.salt += 1
        return Rules(clauses or [self.clause("ranking", "help", at, None)], f"{self.seed}-{self.salt}")

    def with_requests(self, clauses, at, before):
        """Requests for each of the pools that has some, or is given some."""
        for pool in [one.name for one in clauses if one.kind == "pool"]:
            name = f"grants-{pool}"
            old = next((one for one in before.clauses if one.name == name), None) if before else None
            if self.draw.random() < (0.9 if old else 0.3 if before else 0.6):
                clauses.append(self.clause("requests", name, at, old))

    def credit(self, before):
        """A commitment that accepts credit, which stays as it is."""
        old = next((one for one in before.clauses if one.name == "credit"), None) if before else None
        every = self.draw.choice(["month", "month", "quarter"])
        terms = commitments.Terms(every=every, accepts=True, default=self.draw.choice(["accept", "accept", "nothing"]))
        terms.nominated_by, terms.quorum = Fraction(1, 10_000), self.draw.choice([Fraction(1, 10), Fraction(0)])
        return old or self.shared(Clause("commitment", "credit", terms))

    def feed(self, clauses):
        """Of each kind of support all pools together are fed by the whole at most."""
        for kind in ("donation", "dues", "purchase"):
            those = [one for one in clauses if one.kind == "pool" and one.terms.part_of(kind)]
            while sum(one.terms.part_of(kind) for one in those) > 1:
                one = those.pop()
                place = clauses.index(one)
                clauses[place] = Clause(**{**vars(one), "terms": pools.Terms(**{**vars(one.terms), "feeds": ()})})
                return self.feed(clauses)

    def clause(self, kind, name, at, old):
        draw = self.draw
        make = {"commitment": self.commitment, "ranking": self.ranking, "release": self.release,
                "pool": self.pool, "requests": lambda at, terms: self.requests(name.removeprefix("grants-"), terms)}[kind]
        if old is None:
            return self.shared(Clause(kind, name, make(at, None)))
        if draw.random() < 0.35:
            return old
        clause = Clause(kind, name, make(at, old.terms), old.rule, old.electorate, old.allowance)
        return self.shared(clause) if draw.random() < 0.3 else clause

    def shared(self, clause):
        draw = self.draw
        if clause.kind == "release":
            return clause
        clause.rule = draw.choice([None, None, *RULES])
        clause.electorate = draw.choice([None, None, None, ("workers",), ("givers",), ("givers", "workers")])
        clause.allowance = draw.choice([None, None, None, "shared", "each"])
        return clause

    def period(self):
        if self.kernel.rhythm.kind == "daily":
            return self.draw.choice(["day", "week", "week", "month", "month", "quarter"])
        return self.draw.choice(PERIODS) if self.kernel.rhythm.kind == "weekly" else self.draw.choice(["month", "quarter", "year"])

    def day(self, at):
        return local(at, self.kernel.zone).date() + timedelta(days=self.draw.choice([-3, 0, 1, 6, 20, 45, self.draw.randint(0, 120)]))

    def commitment(self, at, old):
        draw = self.draw
        terms = commitments.Terms(**vars(old)) if old else commitments.Terms()
        if old is None or draw.random() < 0.4:
            terms.every, terms.deadline = (self.period(), None) if draw.random() < 0.7 else (None, self.day(at))
        changes = {
            "half_life": [None, None, HOUR * draw.randint(1, 2000), HOUR, 24 * HOUR * draw.choice([1, 7, 30])],
            "freeze": [Fraction(1, 10), Fraction(0), Fraction(1, 2), Fraction(draw.randint(0, 5000), 10_000)],
            "quorum": [Fraction(1, 10), Fraction(0), Fraction(0), Fraction(1, 20), Fraction(1, 3).limit_denominator(3), Fraction(draw.randint(0, 3000), 10_000)],
            "nominated_by": [Fraction(2, 100), Fraction(1, 10_000), Fraction(1, 100), Fraction(draw.randint(1, 2000), 10_000)],
            "default": LINES,
        }
        changes["quorum"][4] = Fraction(25, 100)
        for name, choices in changes.items():
            if draw.random() < (0.6 if old is None else 0.3):
                setattr(terms, name, draw.choice(choices))
        return terms

    def pool(self, at, old):
        draw = self.draw
        terms = pools.Terms(**vars(old)) if old else pools.Terms()
        if old is None or draw.random() < 0.3:
            some = [("donations", Fraction(1, 5)), ("income", Fraction(draw.randint(1, 400_000), 10**6)), ("dues", Fraction(1, 2)), ("purchases", Fraction(1, 20))]
            terms.feeds = tuple(draw.sample(some, draw.choice([0, 1, 1, 2, 2])))
        if old is None or draw.random() < 0.3:
            terms.match = draw.choice(["quadratic", "quadratic", "scaled", "scaled", "pairwise", "connected", "capped", "none"])
            terms.cap, terms.m, terms.groups = Fraction(draw.choice([10, 35, 50, 90]), 100), draw.choice([1, 2500, draw.randint(1, 20_000)]), ("crew",)
        changes = {"half_life": [None, None, 24 * HOUR * 7, HOUR * draw.randint(1, 2000)], "excluded": [True, True, True, False], "skips": [False, False, True],
                   "every": [self.period(), "month", "month"]}
        for name, choices in changes.items():
            if draw.random() < (1 if old is None else 0.2):
                setattr(terms, name, draw.choice(choices))
        return terms

    def requests(self, pool, old):
        draw = self.draw
        terms = requests.Terms(**vars(old)) if old else requests.Terms(pool)
        changes = {"limit": [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(draw.randint(1000, 9000), 10_000)], "excluded": [True, False, True],
                   "least": [Fraction(1, 10), Fraction(1, 100), Fraction(1, 40), Fraction(draw.randint(1, 3000), 10_000)],
                   "half_life": [None, 24 * HOUR, 24 * HOUR * 30, HOUR * draw.randint(1, 1000)]}
        for name, choices in changes.items():
            if draw.random() < (0.8 if old is None else 0.3):
                setattr(terms, name, draw.choice(choices))
        return terms

    def supply(self):
        draw = self.draw
        every = draw.choice(["day", "week", "month"]) if self.kernel.rhythm.kind == "daily" else draw.choice(["week", "month", "month", "quarter"])
        amount, unit = draw.choice([(3600 * draw.randint(1, 9), "second"), (60 * draw.randint(10, 200), "second"), (draw.randint(1, 4), "unit"),
                                    (draw.randint(1, 60_000), "USD")])
        return supplies.Supply(amount, unit, every, draw.random() < 0.4)

    def ranking(self, at, old):
        draw = self.draw
        terms = supplies.Terms(**vars(old)) if old else supplies.Terms()
        if old is None or draw.random() < 0.6:
            terms.supply = self.supply() if draw.random() < 0.85 else None
            if old and old.supply and terms.supply and draw.random() < 0.6:
                terms.supply = supplies.Supply(max(1, old.supply.amount * draw.choice([1, 2, 1]) // draw.choice([1, 2, 1])) if old.supply.unit != "second"
                                               else 60 * draw.randint(10, 500), old.supply.unit, draw.choice([old.supply.every, terms.supply.every]), terms.supply.skips)
        if old is None or draw.random() < 0.2:
            terms.brought_by, terms.at_most = draw.choice([("members", 5), ("members", 2), ("members", 100), ("members", 5), ("powers", 5), ("forge", 5)])
        if old is None or draw.random() < 0.3:
            terms.close_after = draw.choice([None, None, HOUR * 24 * draw.randint(1, 40)])
            terms.floor = draw.choice([0, 0, 500_000, 2_000_000])
            terms.floor = terms.floor if terms.close_after else 0  # the clause says it beside the time
        if old is None or draw.random() < 0.3:
            terms.by_conviction, terms.half_life = draw.random() < 0.5, draw.choice([None, 24 * HOUR, 24 * HOUR * 7, HOUR * draw.randint(1, 1000)])
        return terms

    def release(self, at, old):
        draw = self.draw
        if old and draw.random() < 0.4:
            return old
        amount = draw.choice([1, 100, draw.randint(1, 100_000), draw.randint(1, 30_000)])
        return draw.choice([releases.Terms(amount), releases.Terms(amount, draw.choice(PERIODS)), releases.Terms(amount, draw.choice(("month", "month", "quarter"))),
                            releases.Terms(day=self.day(at))])
