"""Support under edition 3: records that refunds lower and joins move, pledges, services.

Instants are microseconds, amounts minor units, seconds or millionths of a credit.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from rochdale_model import EPOCH, month_number, months_later, split

UNIT = {"donation": 100, "pledge": 100, "purchase": 100, "dues": 100, "hours": 3600, "contribution": 1_000_000, "compute": 3600, "credit": 1_000_000}
MONEY = ("donation", "pledge", "purchase", "dues")


def first_moment(day, zone):
    """A day's first moment in a zone."""
    at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
    return (at - EPOCH) // timedelta(microseconds=1)


def by_largest_remainder(amount, over):
    """Divides an amount in proportion to `over`; of equal remainders the earlier one is first."""
    whole = sum(over)
    parts = [divmod(amount * one, whole) for one in over]
    left = amount - sum(part for part, _ in parts)
    first = sorted(range(len(over)), key=lambda place: -parts[place][1])[:left]
    return [part + (place in first) for place, (part, _) in enumerate(parts)]


@dataclass
class Row:
    """A record; `left` is what its parts still hold."""

    place: int  # its place in the log
    member: str  # who has it now
    kind: str
    amount: int
    at: int
    source: str
    service: str = None
    parts: int = 1
    series: str = None
    stands: int = 2
    came_by: str = None  # the record of the register that was joined, with which it came or for which it was recorded since
    recorded_by: str = None  # the seat whose power recorded it
    recorded: int = 0  # when it came into the log
    booked: bool = False
    left: list = field(default_factory=list)

    def __post_init__(self):
        self.left = split(self.amount, self.parts)

    def rest(self):
        return sum(self.left)

    def take_back(self, amount):
        taken = by_largest_remainder(amount, self.left)
        self.left = [one - gone for one, gone in zip(self.left, taken)]


class Records:
    """All records of a co-op."""

    def __init__(self, zone):
        self.zone, self.rows, self.of_source, self.sources = zone, [], {}, set()

    def add(self, **fields):
        row = Row(place=len(self.rows), **fields)
        self.rows.append(row)
        self.of_source[row.source] = row
        self.sources.add(row.source)
        return row

    def services(self):
        return {row.service for row in self.rows if row.service}

    def of(self, member, kind, service=None):
        return [row for row in self.rows if row.member == member and row.kind == kind and (service is None or row.service == service)]

    def given(self, member, kind, at, service=None):
        """(when it counts from, amount) of all parts up to `at`."""
        for row in self.of(member, kind, service):
            for place, part in enumerate(row.left):
                due = months_later(row.at, place, self.zone) if place else row.at
                if due <= at:
                    yield due, part

    def in_months(self, member, kind, first, end, at, service=None):
        months = ((month_number(due, self.zone), part) for due, part in self.given(member, kind, at, service))
        return Fraction(sum(part for month, part in months if first <= month < end), UNIT[kind])

    def ever(self, member, kind, at, service=None):
        return Fraction(sum(part for _, part in self.given(member, kind, at, service)), UNIT[kind])

    def pledged(self, member, at):
        """The sum of pledges that others have recorded: of each series the latest, as long as it lasts."""
        latest = {}
        for row in sorted(self.of(member, "pledge"), key=lambda row: (row.at, row.place)):
            if row.at <= at and row.rest():
                latest[row.series] = row
        here = month_number(at, self.zone)
        return sum(row.rest() for row in latest.values() if here < month_number(row.at, self.zone) + row.stands)

    def borne_out(self, member, promise, at):
        """An own pledge, as far as this month's or last month's donations go."""
        here = month_number(at, self.zone)
        gifts = [self.in_months(member, "donation", month, month + 1, at) * 100 for month in (here, here - 1)]
        return min(promise, max(gifts))
