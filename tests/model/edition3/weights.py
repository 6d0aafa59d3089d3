"""Weights under edition 3: formulas with services and parameters, holds of silent sources, and founders' weight."""

import math
from dataclasses import dataclass, field
from decimal import Decimal, getcontext
from fractions import Fraction

from edition2.weights import capped, of_standing
from edition3.records import UNIT
from rochdale_model import by_class, month_number

getcontext().prec = 60
MICRO = 1_000_000
DAY = 86_400 * MICRO
LENGTH = {"month": 1, "quarter": 3, "year": 12}
READS = {"donated": "donation", "pledged": "pledge", "purchased": "purchase", "dues": "dues", "hours": "hours",
         "contributed": "contribution", "computed": "compute", "credit": "credit"}
RAW = {kind: 1 if kind in ("contribution", "credit") else unit for kind, unit in UNIT.items()}  # of the units that sums are in


@dataclass
class Sum:
    """A sum of a formula: `donated(last month, of food)`."""

    word: str
    period: tuple  # (which, count, unit); None for ever
    service: str = None

    def text(self):
        which, count, unit = self.period or ("ever", 1, "")
        period = "ever" if self.period is None else f"{which} {count} {unit}s" if count > 1 else f"{which} {unit}"
        return f"{self.word}({period}{', of ' + self.service if self.service else ''})"


@dataclass
class Faded:
    word: str
    half_life: str  # days, or the name of a parameter

    def text(self):
        if self.half_life == "half-life":
            return f"faded({self.word}, half-life)"
        return f"faded({self.word}, half-life {self.half_life})"


@dataclass
class Class:
    """A class; `formula` is a text with {0}, {1} … for its sums, `value` works it out from theirs and the parameters."""

    name: str
    formula: str
    sums: list
    value: object
    list: str = None
    scale: str = "none"
    cap: Fraction = None
    falls: bool = True
    hold: bool = True
    service: str = None
    affirmed: int = None
    at_most: int = None  # hours
    needs_fall: bool = True

    def text(self):
        roll = f' list="{self.list}"' if self.list else ""
        words = [f'weight "{self.formula.format(*(one.text() for one in self.sums))}"']
        words += [f'scale "{self.scale}"'] if self.scale != "none" else []
        words += [f'cap "{int(self.cap * 100)}%"'] if self.cap else []
        words += [] if self.hold else ['while-silent "fade"']
        words += [f'service "{self.service}"'] if self.service else []
        if not self.falls and any(one.word in ("hours", "contributed", "credit") and getattr(one, "period", None) for one in self.sums):
            words.append('falls "at once"')
        if self.affirmed:
            words.append(f'affirmed-by "{self.affirmed} members"' + (f' at-most="{self.at_most} hours per month"' if self.at_most != 40 else ""))
        return f'    class "{self.name}"{roll} {{ {"; ".join(words)} }}\n'

    def kinds(self):
        return {READS[one.word] for one in self.sums}


@dataclass
class Source:
    """A source of records, as it was last heard."""

    name: str
    kinds: tuple
    days: int
    heard: int
    counted: bool = False  # whether an update has come since
    kept: dict = field(default_factory=dict)  # class → {member: weight}, of the first update after it was heard
    kept_at: int = None

    def silent(self, at):
        return at >= self.heard + self.days * DAY

    def holds(self, at):
        return self.silent(at) and at < self.heard + (self.days + 60) * DAY


class Weigher:
    """Works out everybody's weight, update by update."""

    def __init__(self, kernel):
        self.kernel, self.standing = kernel, {}
        self.sources, self.refunds = {}, {}  # member → when something was last taken back
        self.founding_over, self.in_a_row = kernel.founding is None, 0
        self.counted = {}  # class → {member: weight}, as of the last update
        self.weight = {}

    def hear(self, name, kinds, days, at):
        before = self.sources.get(name)
        kept = before.kept if before else {}
        self.sources[name] = Source(name, kinds, days, at, kept=kept, kept_at=before.kept_at if before else None)

    def value(self, one, records, member, promise, parameters, at):
        """The formula's value, of sums in minor units, seconds and credits."""
        parts = [self.sum_of(one, part, records, member, promise, parameters, at) for part in one.sums]
        return one.value([part * RAW[READS[each.word]] for part, each in zip(parts, one.sums)], parameters)

    def sum_of(self, one, part, records, member, promise, parameters, at):
        kind = READS[part.word]
        service = getattr(part, "service", None) or one.service
        if isinstance(part, Faded):
            days = parameters[part.half_life] if part.half_life in parameters else Fraction(part.half_life.split()[0])
            total = Decimal(0)
            for due, amount in records.given(member, kind, at, service):
                age = Decimal(at - due) / Decimal(int(days * DAY))
                total += Decimal(amount) * Decimal(2) ** -age
            return Fraction(total) / UNIT[kind]
        if part.period is None:
            return records.ever(member, kind, at, service)
        which, count, unit = part.period
        if kind == "pledge" and which == "next":
            one_month = max(records.pledged(member, at), records.borne_out(member, promise, at))
            return Fraction(one_month * count * LENGTH[unit], UNIT[kind])
        here = month_number(at, records.zone) // LENGTH[unit] * LENGTH[unit]
        months = count * LENGTH[unit]
        first, end = (here - months, here) if which == "last" else (here, here + months)
        in_period = lambda back: records.in_months(member, kind, first - back * months, end - back * months, at, service)
        if kind in ("hours", "contribution", "credit") and one.falls:
            return max(in_period(age) / 2**age for age in range(6))
        return in_period(0)

    def cut(self, name, share, weights, at):
        """The cap of a class, or of the whole (None)."""
        if share is None:
            return weights
        self.standing.setdefault(name, []).append((at // MICRO, dict(weights)))
        return capped(weights, share, of_standing(self.standing[name], at // MICRO)).weights

    def formula(self, one, parameters):
        """A formula as it counts: with the values of the numbers that it names."""
        words = one.formula.split() + [part.half_life for part in one.sums if isinstance(part, Faded)]
        return [(name, value) for name, value in parameters.items() if name in words]

    def held(self, one, member, at, parameters):
        """The greatest weight that a silent source holds for a member in a class."""
        if not one.hold:
            return 0
        kept = [0]
        for source in self.sources.values():
            if source.holds(at) and one.kinds() & set(source.kinds) and self.refunds.get(member, -1) < (source.kept_at or 0):
                formula, row = source.kept.get(one.name, (None, {}))
                kept.append(row.get(member, 0) if formula == self.formula(one, parameters) else 0)
        return max(kept)

    def update(self, at, people, lists, records, promises, parameters, founded, founders):
        """{member: (weight, {class: weight})}; everything that the next update needs is kept."""
        kernel, earned, counted, own = self.kernel, {}, {}, {}
        for one in kernel.classes:
            those = [m for m in people if one.list is None or m in lists.get(one.list, ())]
            own[one.name] = {
                m: max(0, math.floor(self.value(one, records, m, promises.get(m, 0), parameters, at) * MICRO)) for m in those
            }
            weights = {m: max(w, self.held(one, m, at, parameters)) for m, w in own[one.name].items()}
            earned[one.name] = self.cut(one.name, one.cap, weights, at)
            counted[one.name] = {m: math.isqrt(w * MICRO) if one.scale == "sqrt" else w for m, w in earned[one.name].items()}
        for source in self.sources.values():
            if not source.counted:
                source.counted = True
                if not source.silent(at):
                    read = [one for one in kernel.classes if one.hold and one.kinds() & set(source.kinds)]
                    source.kept = {one.name: (self.formula(one, parameters), dict(own[one.name])) for one in read}
                    source.kept_at = at
        sums = {m: sum(row.get(m, 0) for row in counted.values()) for m in people}
        listed = {m for one in kernel.classes if one.list for m in lists.get(one.list, ()) if m in people}
        sums = {m: max(w, kernel.floor) if w or m in listed else 0 for m, w in sums.items()}
        after = self.cut(None, kernel.cap, sums, at)
        rows = {}
        for m in people:
            parts = {one.name: counted[one.name].get(m, 0) for one in kernel.classes}
            if after[m] != sum(parts.values()):
                if not sum(parts.values()):
                    parts = {one.name: int(bool(one.list) and m in lists.get(one.list, ())) for one in kernel.classes}
                parts = by_class(after[m], parts)
            rows[m] = [after[m], parts]
        self.with_own = {m for m in people if after[m] > 0}
        self.founders(at, rows, founded, founders)
        self.weight = {m: w for m, (w, _) in rows.items()}
        self.counted = {one.name: {m: row[1][one.name] for m, row in rows.items()} for one in kernel.classes}
        self.earned = earned
        return rows

    def founders(self, at, rows, founded, founders):
        if self.founding_over:
            return
        self.in_a_row = self.in_a_row + 1 if len(self.with_own) >= 2 else 0
        if self.in_a_row >= 3 or at >= founded + 180 * DAY:
            self.founding_over = True
            return
        names = [one.name for one in self.kernel.classes]
        for m in founders:
            if m in rows and rows[m][0] < self.kernel.founding * MICRO:
                more = self.kernel.founding * MICRO - rows[m][0]
                for place, name in enumerate(names):
                    rows[m][1][name] += more // len(names) + (place < more % len(names))
                rows[m][0] += more
