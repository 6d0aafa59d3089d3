"""A second implementation of Rochdale's computations: support, weights, votes, the book.

Written from the design texts alone, in exact integers and fractions, without a look at the engine: two programs that
agree on random histories are less likely to share a mistake. Elections are in `model_elections`, formulas in
`model_formula`.
"""

import calendar
import csv
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import model_formula

MICRO = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
EXPONENT = {"JPY": 0, "KRW": 0, "KWD": 3}


# Time: instants are microseconds since 1970, months are counted from year 0.


def moment(text):
    """An instant from ISO 8601; without a zone it is UTC, a date alone is its first instant."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)
    return (at - EPOCH) // timedelta(microseconds=1)


def local(micros, zone="UTC"):
    return (EPOCH + timedelta(microseconds=micros)).astimezone(ZoneInfo(zone))


def iso(micros):
    at = EPOCH + timedelta(microseconds=micros)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond:06}" if at.microsecond else "") + "Z"


def month_number(micros, zone="UTC"):
    at = local(micros, zone)
    return at.year * 12 + at.month - 1


def months_later(micros, months, zone="UTC"):
    """The same day and local time some months later; the month's last day where it has no such day."""
    at = local(micros, zone)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    later = at.replace(year=year, month=month + 1, day=min(at.day, last_day))
    return (later - EPOCH) // timedelta(microseconds=1)


# Numbers.


def split(amount, parts):
    """Returns `amount` in equal parts by largest remainder: the first ones take the rest."""
    size, rest = divmod(amount, parts)
    return [size + (1 if place < rest else 0) for place in range(parts)]


def ballot_votes(weight_micro, share_ppm, rule="quadratic"):
    """Micro-votes that a share of a weight is worth."""
    if rule == "quadratic":
        return math.isqrt(weight_micro * share_ppm)
    return weight_micro * share_ppm // MICRO  # linear, approval, one-member


def scored(votes, score_ppm):
    return votes * score_ppm // MICRO


def cap_level(weights, cap):
    """The greatest whole L at which no min(w, L) is above `cap` of the sum of min(w, L)."""
    positive = sorted(w for w in weights if w > 0)
    if not positive:
        return 0
    top = positive[-1]
    total = lambda level: sum(min(w, level) for w in positive)
    if top <= cap * total(top):
        return top
    if len(positive) * cap < 1:
        return positive[0]
    low, high = 0, top  # level ≤ cap × total holds at `low` and not at `high`; the difference is concave
    while high - low > 1:
        middle = (low + high) // 2
        if middle <= cap * total(middle):
            low = middle
        else:
            high = middle
    return low


# Support.


@dataclass
class Record:
    """Something given: `amount` in minor units, seconds or micro-credits."""

    member: str
    kind: str
    amount: int
    unit: str
    given_at: int
    source: str
    parts: int = 1
    series: str = None
    stands_months: int = 2

    def parts_due(self, left, at, zone):
        """Returns the rest, in its monthly parts: (when it counts from, amount) of those up to `at`."""
        for place, part in enumerate(split(left, self.parts)):
            due = months_later(self.given_at, place, zone) if place else self.given_at
            if due <= at:
                yield due, part


@dataclass
class Reversal:
    """Takes back `amount` (all when None) of the record `of`, from `given_at` on."""

    of: str
    amount: int
    given_at: int


@dataclass
class Support:
    """All that was given and taken back."""

    records: list = field(default_factory=list)
    reversals: list = field(default_factory=list)

    def members(self):
        return sorted({r.member for r in self.records})

    def of(self, member, at):
        """Returns a member's records given up to `at`, each with the rest of it then."""
        if not hasattr(self, "_by") or self._size != len(self.records):
            self._by, self._size = {}, len(self.records)
            for record in self.records:
                self._by.setdefault(record.member, []).append(record)
        back = {}
        for reversal in self.reversals:
            if reversal.given_at <= at:
                back.setdefault(reversal.of, []).append(reversal.amount)
        for record in self._by.get(member, []):
            if record.given_at > at:
                continue
            left = record.amount
            for amount in back.get(record.source, []):
                left -= left if amount is None else min(amount, left)
            yield record, left

    def in_months(self, member, kind, first, end, at, zone):
        """Returns the support of the months `first` ≤ month < `end`, parts by their own month."""
        total = 0
        for record, left in self.of(member, at):
            if record.kind != kind or left == 0:
                continue
            for due, part in record.parts_due(left, at, zone):
                if first <= month_number(due, zone) < end:
                    total += part
        return total

    def pledged(self, member, at, zone):
        """Returns the promise at `at`: of each series the latest pledge, as long as it lasts."""
        total, series = 0, {}
        for record, left in sorted(self.of(member, at), key=lambda pair: pair[0].given_at):
            if record.kind != "pledge" or left == 0:
                continue
            if month_number(at, zone) >= month_number(record.given_at, zone) + record.stands_months:
                left = 0
            if record.series is None:
                total += left
            else:
                series[record.series] = left
        return total + sum(series.values())


# Records of Open Collective.


def open_collective(path):
    """Support and book rows of an Open Collective CSV export: ([Record], [Reversal], [(moment, minor)])."""
    support, book = Support(), []
    with open(path, newline="", encoding="utf-8") as file:
        rows = sorted(reversed(list(csv.DictReader(file))), key=lambda row: row["datetime"])  # newest first
    for row in rows:
        at = moment(row["datetime"])
        book.append((at, minor(row["netAmount"], row["currency"])))
        if row["kind"] != "CONTRIBUTION":
            continue
        if row["isRefund"]:
            for suffix in ("", ":pledge"):
                amount = -minor(row["amount"], row["currency"]) if suffix == "" else None
                support.reversals.append(Reversal(row["shortRefundId"] + suffix, amount, at))
        elif row["type"] == "CREDIT":
            support.records.extend(contribution(row, at))
    return support, book


def contribution(row, at):
    amount, member = minor(row["amount"], row["currency"]), row["oppositeAccountSlug"]
    common = dict(member=member, unit=row["currency"], given_at=at)
    yearly = row["description"].startswith("Yearly contribution")
    yield Record(kind="donation", amount=amount, source=row["shortId"], parts=12 if yearly else 1, **common)
    pledge = dict(kind="pledge", source=row["shortId"] + ":pledge", **common)
    if yearly:
        yield Record(amount=split(amount, 12)[0], series="yearly", stands_months=12, **pledge)
    elif row["description"].startswith("Monthly contribution"):
        yield Record(amount=amount, series="monthly", stands_months=2, **pledge)


def minor(text, currency):
    value = Fraction(text) * 10 ** EXPONENT.get(currency, 2)
    if value.denominator != 1:
        raise ValueError(f"{text} {currency} is not a whole number of minor units")
    return int(value)


def book_table(book, by, zone="UTC"):
    """Net and closing balance of each period that has rows: {period: (net, balance)}."""
    nets, table, balance = {}, {}, 0
    for at, amount in book:
        label = local(at, zone).strftime("%Y" if by == "year" else "%Y-%m")
        nets[label] = nets.get(label, 0) + amount
    for label in sorted(nets):
        balance += nets[label]
        table[label] = (nets[label], balance)
    return table


# Weight.


@dataclass
class Class:
    """A class of the kernel: its formula, and the list of its members (None: everyone)."""

    name: str
    formula: str
    list: str = None
    scale: str = "none"
    cap: Fraction = None  # from edition 2 on, as the next one
    falls: str = None

    def cap_words(self):
        return f'; cap "{int(self.cap * 100)}%"' if self.cap else ""

    def scaled(self, earned):
        return math.isqrt(earned * MICRO) if self.scale == "sqrt" else earned


@dataclass
class Kernel:
    """The part of a kernel on which weights and counts depend."""

    classes: list
    cap: Fraction = None
    floor: int = 0
    votes: str = "quadratic"
    zone: str = "UTC"
    currency: str = "USD"
    falls: bool = False  # late records, from edition 2 on

    def weights(self, support, lists, at, register=None, cut=lambda one, earned: earned):
        """{member: (weight, {class: earned})} in micro-weights, at the instant `at`; `cut` applies a class's own cap."""
        register = support.members() if register is None else sorted(register)
        rolls = {c.name: [m for m in register if c.list is None or m in lists.get(c.list, ())] for c in self.classes}
        earned, counted = {}, {}
        for one in self.classes:
            formula = model_formula.parse(one.formula)
            scope = model_formula.Scope(support, at, self.zone, self.currency, rolls, counted, self.falls and one.falls != "at once")
            earned[one.name] = cut(one, {m: to_micro(model_formula.value(formula, scope, m)) for m in rolls[one.name]})
            counted[one.name] = {m: one.scaled(value) for m, value in earned[one.name].items()}
            if one.list is None:
                rolls[one.name] = [m for m in rolls[one.name] if earned[one.name][m] > 0]
        sums = {m: sum(per.get(m, 0) for per in counted.values()) for m in register}
        listed = {m for one in self.classes if one.list for m in rolls[one.name]}
        sums = {m: max(total, self.floor) if total or m in listed else 0 for m, total in sums.items()}
        level = max(sums.values(), default=0) if self.cap is None else cap_level(sums.values(), self.cap)
        return {
            m: (min(sums[m], level), {name: per[m] for name, per in earned.items() if m in per}) for m in register
        }

    def divided(self, weight, earned):
        """A member's weight over their classes: largest remainder, the earlier class first."""
        before = {one.name: one.scaled(earned[one.name]) for one in self.classes if one.name in earned}
        if weight and not sum(before.values()):
            before = {one.name: 1 for one in self.classes if one.list and one.name in earned}
        return by_class(weight, before)


def by_class(weight, earned):
    """Divides a whole over parts in proportion to `earned`: largest remainder, the earlier first."""
    total = sum(earned.values())
    if weight == total:
        return dict(earned)
    parts = {name: divmod(weight * one, total) for name, one in earned.items()}
    left = weight - sum(whole for whole, _ in parts.values())
    order = sorted(parts, key=lambda name: -parts[name][1])  # stable: equal remainders keep the classes' order
    return {name: whole + (1 if name in order[:left] else 0) for name, (whole, _) in parts.items()}


def to_micro(value):
    """Micro-weights of a formula's result, rounded down; nothing below zero."""
    return max(0, math.floor(value * MICRO))


OPEN_SOURCE = [
    Class("patrons", "min(donated(last month), pledged(next month)) / 1 USD"),
    Class(
        "contributors",
        "if count(contributors) == 1 then highest(patrons) else contributed(last 12 months)",
        "contributor-list",
    ),
]


def commits(path):
    """Contributions of a commits CSV: one credit each."""
    with open(path, newline="", encoding="utf-8") as file:
        return [
            Record(row["author"], "contribution", MICRO, "micro-credit", moment(row["authored_at"]), row["commit"])
            for row in csv.DictReader(file)
        ]


def kernel_clause(text, **clauses):
    """Replaces clauses of the first `kernel { … }` of a Markdown document by `name → line`; None removes one."""
    for name, line in clauses.items():
        pattern = re.compile(rf'^[ \t]*{name} "[^"\n]*".*\n', re.M)
        text = pattern.sub("", text, count=1)
        if line:
            text = text.replace("kernel {\n", "kernel {\n    " + line + "\n", 1)
    return text
