"""The calendar of a co-op: days, weeks, months, quarters and years in its zone, and rhythms of updates. Instants are microseconds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from rochdale_model import EPOCH, local

MICRO = 1_000_000
HOUR = 3600 * MICRO
DAY = 86_400 * MICRO
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def instant(day, zone, hour=0, minute=0):
    """When a clock of a zone first shows a time of a day; where it shows it never, the instant at which it jumps over it."""
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    return (there.astimezone(timezone.utc) - EPOCH) // timedelta(microseconds=1)


def first_day(kind, day):
    """The first day of the period that a day is in."""
    if kind == "day":
        return day
    if kind == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[kind]
    return date(day.year, month, 1)


def next_day(kind, first):
    """The first day of the period after the one that begins on `first`."""
    if kind in ("day", "week"):
        return first + timedelta(days=1 if kind == "day" else 7)
    months = first.year * 12 + first.month - 1 + {"month": 1, "quarter": 3, "year": 12}[kind]
    return date(months // 12, months % 12 + 1, 1)


def around(kind, at, zone):
    """The calendar period around an instant: its first instant and the first one after it."""
    first = first_day(kind, local(at, zone).date())
    return instant(first, zone), instant(next_day(kind, first), zone)


def end_of(day, zone):
    """The first instant after a day."""
    return instant(day + timedelta(days=1), zone)


@dataclass(frozen=True)
class Rhythm:
    """When updates are made: `daily`, `weekly` on a day of the week, or `monthly` on a day of the month, at a time."""

    kind: str
    hour: int
    minute: int = 0
    on: int = 0

    def text(self):
        at = f"at {self.hour:02}:{self.minute:02}"
        if self.kind == "daily":
            return f"daily {at}"
        return f"weekly on {WEEKDAYS[self.on]} {at}" if self.kind == "weekly" else f"monthly on {self.on} {at}"

    def falls_on(self, day):
        return self.kind == "daily" or (self.kind == "weekly" and day.weekday() == self.on) or (self.kind == "monthly" and day.day == self.on)

    def search(self, at, zone, step, fits):
        day = local(at, zone).date() - timedelta(days=step)
        while True:
            then = instant(day, zone, self.hour, self.minute) if self.falls_on(day) else None
            if then is not None and fits(then):
                return then
            day += timedelta(days=step)

    def after(self, at, zone):
        return self.search(at, zone, 1, lambda then: then > at)

    def before(self, at, zone):
        return self.search(at, zone, -1, lambda then: then < at)
