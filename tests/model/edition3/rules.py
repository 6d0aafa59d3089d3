"""Random rules of edition 3: classes, parameters, founding, offices that record, rankings."""

from dataclasses import dataclass, field
from fractions import Fraction

from edition3.weights import Class, Faded, Sum

KINDS = {"donation": "donations", "pledge": "pledges", "purchase": "purchases", "dues": "dues", "hours": "hours",
         "contribution": "contributions", "compute": "compute"}
SERVICES = ("food", "compute-2")
LAST, NEXT, THIS = ("last", 1, "month"), ("next", 1, "month"), ("this", 1, "month")


def over(value, by):
    """A quotient, rounded toward zero at a millionth of a millionth."""
    return Fraction(int(Fraction(value) / by * 10**12), 10**12)


def money_class(draw):
    """Classes whose formula reads money."""
    of = draw.choice([None, None, "food"])
    own = draw.choice([None, None, "food"])
    price = lambda p: p["price"] * 100
    choices = [
        Class("givers", "{0} / 1 USD", [Sum("donated", LAST, of)], lambda s, p: over(s[0], 100)),
        Class("givers", "{0} / price", [Sum("donated", ("last", 2, "month"), of)], lambda s, p: over(s[0], price(p))),
        Class("givers", "{0} / 1 USD", [Sum("pledged", NEXT)], lambda s, p: over(s[0], 100)),
        Class("givers", "min({0}, {1}) / 1 USD", [Sum("donated", LAST), Sum("pledged", NEXT)], lambda s, p: over(min(s), 100)),
        Class("givers", "max({0} / 12, {1}) / price", [Sum("pledged", ("next", 1, "year")), Sum("donated", THIS)],
              lambda s, p: over(max(over(s[0], 12), s[1]), price(p))),
        Class("givers", "({0} + {1}) / 2 USD", [Sum("pledged", LAST), Sum("pledged", ("next", 1, "quarter"))], lambda s, p: over(sum(s), 200)),
        Class("givers", "{0} / 1 USD", [Faded("donated", "half-life")], lambda s, p: s[0] / 100),
        Class("givers", "{0} / 1 USD", [Faded("donated", "pace")], lambda s, p: s[0] / 100),
        Class("givers", "if {0} > {1} then 20 else ({0} - {1}) / -1 USD", [Sum("donated", None), Sum("donated", None, "food")],
              lambda s, p: 20 if s[0] > s[1] else over(s[0] - s[1], -100)),
        Class("givers", "if {0} >= {1} then 5 else {0} / price", [Sum("dues", ("last", 1, "quarter")), Sum("purchased", LAST, of)],
              lambda s, p: 5 if s[0] >= s[1] else over(s[0], price(p))),
    ]
    one = draw.choice(choices)
    if own and not any(part.word == "pledged" for part in one.sums):
        one.service = own
    return one


def work_class(draw):
    hours = lambda seconds: over(seconds, 3600)
    choices = [
        Class("workers", "{0} / 1 hour", [Sum("hours", LAST)], lambda s, p: hours(s[0])),
        Class("workers", "{0} / 1 hour", [Sum("hours", ("last", 2, "month"), draw.choice([None, "compute-2"]))], lambda s, p: hours(s[0])),
        Class("workers", "({0} / 1 hour + {1}) * share", [Sum("hours", None), Sum("contributed", LAST)],
              lambda s, p: (hours(s[0]) + s[1]) * p["share"]),
        Class("workers", "{0} / 1 hour + {1} / 2 hours", [Sum("hours", THIS), Sum("computed", None)],
              lambda s, p: hours(s[0]) + over(s[1], 7200)),
    ]
    one = draw.choice(choices)
    one.list = draw.choice([None, "crew", "crew"])
    one.falls = draw.random() < 0.6
    if draw.random() < 0.7:
        one.affirmed, one.at_most = draw.choice([2, 2, 3]), draw.choice([40, 40, 10, 100])
    return one


@dataclass
class Kernel:
    classes: list
    founding: int = None
    powers: bool = False
    cap: Fraction = None
    floor: int = 0
    zone: str = "UTC"
    parameters: dict = field(default_factory=dict)  # name → (default, from, to, unit word)

    def text(self, rhythm):
        limits = [f'cap "{int(self.cap * 100)}%"'] if self.cap else []
        limits += [f'floor "{self.floor // 1_000_000} weights"'] if self.floor else []
        lines = [f"    members {{ {'; '.join(limits)} }}\n"] if limits else []
        for name, (default, low, high, words) in self.parameters.items():
            lines.append(f'    parameter "{name}" default="{words(default)}" from="{words(low)}" to="{words(high)}"\n')
        founding = [f'weight {self.founding}; until "support of 2 members"'] if self.founding else []
        founding += ['powers until "admit is held"'] if self.powers else []
        lines += [f"    founding {{ {'; '.join(founding)} }}\n"] if founding else []
        return (
            '# Rules\n\n```charter\nkernel {\n    name "model"\n    purpose "Try the weights"\n    currency "USD"\n'
            f'    time-zone "{self.zone}"\n{"".join(one.text() for one in self.classes)}{"".join(lines)}    votes "linear"\n'
            f'    constitution {{ settles-in "2 hours"; updates "{rhythm}" }}\n}}\n```\n'
        )


PARAMETERS = {
    "price": (5, 1, 20, lambda n: f"{n} USD"),
    "half-life": (365, 90, 1825, lambda n: f"{n} days"),
    "pace": (60, 30, 400, lambda n: f"{n} days"),
    "share": (Fraction(1, 2), Fraction(1, 10), Fraction(9, 10), lambda n: f"{int(n * 100)}%"),
}


def random_kernel(draw):
    money, work = money_class(draw), work_class(draw)
    classes = draw.choice([[money, work], [money, work], [work], [money]])
    for one in classes:
        one.hold = draw.random() < 0.8
        one.scale = draw.choice(["none", "none", "sqrt"])
        one.cap = draw.choice([None, None, None, Fraction(1, 5)])
    kernel = Kernel(classes, founding=draw.choice([None, 1, 3]), powers=draw.random() < 0.5, cap=draw.choice([None, None, None, Fraction(2, 5)]),
                    floor=draw.choice([0, 0, 2_000_000]), zone=draw.choice(["UTC", "Europe/Berlin", "America/New_York"]))
    kernel.parameters = {name: limits for name, limits in PARAMETERS.items() if draw.random() < 0.3 or named(name, classes)}
    return kernel


def named(name, classes):
    formulas = [one.formula.split() for one in classes]
    halves = [part.half_life for one in classes for part in one.sums if isinstance(part, Faded)]
    return name in halves or any(name in words or f"{name}" in words for words in formulas)


@dataclass
class Seat:
    """An office, or a body with so many seats, and the kinds that it may record."""

    name: str
    kind: str
    kinds: tuple
    seats: int = 1
    acts_by: int = 1
    holders: list = field(default_factory=list)

    def text(self):
        seats = f" seats={self.seats}" if self.kind == "body" else ""
        by = f'; acts-by "{self.acts_by} of {self.seats}"' if self.acts_by > 1 else ""
        kinds = " ".join(f'"{KINDS[kind]}"' for kind in self.kinds)
        return f'{self.kind} "{self.name}"{seats} {{ settles-in "2 hours"; may "record" {kinds}{by} }}'


def random_seats(draw):
    found = []
    if draw.random() < 0.8:
        found.append(Seat("till", "office", tuple(draw.sample(sorted(KINDS), draw.randint(1, 4)))))
    if draw.random() < 0.5:
        seats = draw.choice([2, 2, 3])
        found.append(Seat("desk", "body", tuple(draw.sample(sorted(KINDS), draw.randint(1, 4))), seats, draw.choice([1, 1, 2])))
    return found
