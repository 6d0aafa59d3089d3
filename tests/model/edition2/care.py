"""Power with care under edition 2: bodies that act together, announced acts, two keys, the fork share, closing items.

Times are seconds, weights micro-weights, money minor units. A choice that the specification leaves open is marked `choice`.
"""

from dataclasses import dataclass, field
from fractions import Fraction

DAY = 86_400


def enough(part, whole, fraction):
    """Whether `part` of `whole` is enough: a half means more than half, every other fraction at least."""
    fraction = Fraction(fraction)
    return whole > 0 and (2 * part > whole if fraction == Fraction(1, 2) else part >= fraction * whole)


def who_acts(seats, roll, members):
    """Returns (those who may agree, how many of them an act needs)."""
    holders = [name for name in seats if name is not None]
    if 2 * len(holders) > len(seats):
        return holders, len(seats) // 2 + 1
    heads = sorted(roll) or sorted(members)  # no more than half of the seats are filled
    return heads, len(heads) // 2 + 1


@dataclass
class Announced:
    """An act on the register or on a list, between its announcement and its effect."""

    at: int
    settles: int  # of the seat that acts, as it was at `at`
    agreed: set
    period: int  # of the rhythm
    size: int = None  # C at the announcement
    ahead: set = None  # names ahead by an eighth of C at every update from one period after the announcement on

    def update(self, now, race):
        """Returns 'done', 'lapsed' or None; take-overs of this update are made already."""
        sitting = self.agreed & set(race.holders)
        if 2 * len(sitting) <= len(race.seats) if race.kind == "body" else not sitting:
            return "lapsed"
        if now - self.at >= self.period:
            self.ahead = held_up(self.ahead, eighth_ahead(race, self.size), race)
        waited = now - self.at
        if waited >= 8 * self.settles:
            return "done"
        return "done" if waited >= 2 * self.settles and not self.ahead else None


def held_up(before, leading, race):
    """Who goes on holding an act up: ahead at every update so far, or ahead until they were seated."""
    return leading if before is None else before & leading | before & set(race.holders)


def eighth_ahead(race, announced=None):
    """Candidates ahead of R by an eighth of C or more as the last update counted, before its take-overs; C is the lesser of now and then."""
    size = race.size if announced is None else min(race.size, announced)
    return {name for name, lead in race.led.items() if 8 * lead >= size > 0}


# Two keys.


@dataclass
class Keys:
    """`2/3 of weight and 1/2 of members for 180 days`."""

    weight: Fraction = Fraction(2, 3)
    members: Fraction = Fraction(1, 2)
    days: int = 180
    active: bool = False
    standing: int = 180 * DAY

    def counted(self, history, proposed, founding_ends, left, placed):
        """Returns the members who count by heads. `history` is [(instant, {member: micro-weights})]."""
        first = {}
        for at, row in history:
            for member, weight in row.items():
                if weight > 0:
                    first.setdefault(member, at)
        limit = max(proposed - self.standing, founding_ends)
        counted = set()
        for member, since in first.items():
            if since > limit or member in left or (self.active and member not in placed):
                continue
            seen = [row.get(member, 0) > 0 for at, row in history if at >= since]
            if 2 * sum(seen) > len(seen):
                counted.add(member)
        return counted

    def turned(self, assents, weights, counted):
        """Whether both keys are turned at this update."""
        weight = sum(weights.get(m, 0) for m in assents)
        return enough(weight, sum(weights.values()), self.weight) and enough(len(assents & counted), len(counted), self.members)


@dataclass
class Amendment:
    """A proposed kernel; `held_since` is the first update of an unbroken row with both keys turned."""

    keys: Keys
    held_since: int = None

    def update(self, now, turned):
        if not turned:
            self.held_since = None
            return False
        if self.held_since is None:
            self.held_since = now
        return now - self.held_since >= self.keys.days * DAY


# The fork share.


def fork_share(balance, reserves, at_announcement, at_completion, given=None, whole=None):
    """Minor units that go along; members who left by a completed fork since are out of the announcement's sum too.

    `at_*` are (weight or heads of those who go, of all); `given` {member: given less refunds and what was paid or is owed},
    None where the kernel sets no such limit; `whole` are reserves as a fraction of the balance, instead of `reserves`.
    """
    if whole is not None:
        reserves = -(-balance * Fraction(whole) // 1)  # choice: reserves are rounded up
    shares = [Fraction(part, total) if total else Fraction(0) for part, total in (at_announcement, at_completion)]
    amount = max(0, balance - reserves) * min(shares) // 1
    if given is not None:
        amount = min(amount, sum(max(0, net) for net in given.values()))  # choice: one's debt is not another's
    return int(amount)


def may_complete(announced, now, update, next_update_after):
    """A fork is completed at the earliest 30 days and one update after it was announced."""
    return now >= next_update_after(announced + 30 * DAY) and update >= announced + 30 * DAY


# Rankings.


@dataclass
class Item:
    """An item of a ranking, by its times at or below the floor."""

    opened: int
    low_since: int = None  # from its opening on, None while it is above
    low: list = field(default_factory=list)  # [(from, until)] of earlier times

    def __post_init__(self):
        self.low_since = self.opened

    def update(self, now, votes, floor, close_after, counted=...):
        """Counts one update; returns whether the item closes. `counted` is the time of the clause by which it was counted: older ones are forgotten."""
        if votes > floor:
            if self.low_since is not None:
                self.low, self.low_since = self.low + [(self.low_since, now)], None
        elif self.low_since is None:
            self.low_since = now
        kept = (close_after if counted is ... else counted) or 0
        self.low = [(since, until) for since, until in self.low if until > now - kept][-512:]
        if close_after is None or now - self.opened < close_after:  # choice: older is as old or older
            return False
        times = self.low + ([(self.low_since, now)] if self.low_since is not None else [])
        begin = now - close_after
        return 2 * sum(max(0, until - max(since, begin)) for since, until in times) > close_after
