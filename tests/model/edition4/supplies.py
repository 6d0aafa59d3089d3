"""Rankings that hand out a supply (docs/spec/rankings.md): requests, servings, when a request is likely to be served.

Instants are microseconds, amounts seconds, minor units or units of what is counted.
"""

from dataclasses import dataclass, field

from edition2.care import Item as Lows
from edition4.commitments import conviction
from edition4.periods import DAY, MICRO, around

MOST_AHEAD, MOST_LOOKED_AT = 24, 1000


@dataclass(frozen=True)
class Supply:
    """The supply of each calendar period."""

    amount: int
    unit: str  # second, unit, or a currency's code
    every: str
    skips: bool = False

    def text(self):
        if self.unit == "second":
            hours, rest = divmod(self.amount, 3600)
            many = f"{self.amount // 60} minutes" if rest else f"{hours} hours"
        else:
            many = f"{self.amount} places" if self.unit == "unit" else f"{self.amount / 100:.2f} {self.unit}"
        return f'supply "{many} per {self.every}"' + ('; skip "yes"' if self.skips else "")


@dataclass
class Terms:
    """A ranking's clause."""

    supply: Supply = None
    brought_by: str = "members"
    at_most: int = 5
    close_after: int = None  # microseconds
    floor: int = 0  # micro-votes
    by_conviction: bool = False
    half_life: int = None  # microseconds

    def words(self):
        many = f" at-most={self.at_most}" if self.brought_by == "members" and self.at_most != 5 else ""
        said = [f'brought-by "{self.brought_by}"{many}']
        if self.close_after:
            floor = f' floor="{self.floor / MICRO:g} votes"' if self.floor else ""
            said.append(f'close-after "{self.close_after // (3600 * MICRO)} hours"{floor}')
        said += ['order "conviction"'] if self.by_conviction else []
        said += [f'conviction-half-life "{self.half_life // (3600 * MICRO)} hours"'] if self.by_conviction and self.half_life else []
        return said + ([self.supply.text()] if self.supply else [])


@dataclass
class Item:
    place: int  # in the order of first opening
    opened: int
    by: str = None
    amount: tuple = None  # (amount, unit)
    votes: int = 0
    open: bool = True
    back: int = None  # when its bringer took it back
    lows: Lows = None
    y: int = 0  # conviction, where the list is in its order


def served(requests, supply):
    """The places of those that are served; `requests` are amounts in the list's order, with votes above 0."""
    left, those = supply.amount, []
    for place, amount in enumerate(requests):
        if amount > supply.amount:
            continue  # it can never be served, so nobody waits for it
        if amount <= left:
            left -= amount
            those.append(place)
        elif not supply.skips:
            break
    return those


@dataclass
class Ranking:
    name: str
    terms: Terms
    zone: str
    opened: int
    kind: str = "ranking"
    items: dict = field(default_factory=dict)
    last: int = None  # the last serving, or since when the supply is in force
    counted_after: int = None
    floor_then: int = None  # the lower one of two, where this update has brought another floor

    def __post_init__(self):
        if self.terms.supply:
            self.last = self.opened

    # Acts: each returns the refusals that the rules give.

    def of_amount(self, amount):
        """Refusals of an amount: None, or (amount, unit or currency)."""
        supply = self.terms.supply
        if amount is None:
            return ["R132"] if supply and supply.unit != "unit" and self.terms.brought_by != "forge" else []
        if supply is None:
            return ["R134"]
        many, unit = amount
        if unit != supply.unit and not (unit.isupper() and supply.unit.isupper()):
            return ["R034"]
        refusals = ["R044"] if unit != supply.unit else []
        refusals += ["R035"] if many < 1 else []
        return refusals + (["R133"] if many > supply.amount else [])

    def put(self, name, by, amount, at):
        place = self.items[name].place if name in self.items else len(self.items)
        self.items[name] = Item(place, at, by, amount, lows=Lows(at))

    def open_item(self, name, amount, at):
        refusals = ["R026"] if name in self.items and self.items[name].open else []
        refusals += self.of_amount(amount)
        if not refusals:
            self.put(name, None, amount, at)
        return refusals

    def bring(self, member, name, amount, at):
        refusals = self.of_amount(amount)
        if name in self.items:
            refusals.append("R026" if self.items[name].open else "R107")
        mine = [one for one in self.items.values() if one.by == member]
        mine = [one for one in mine if one.open or one.back is not None and at - one.back < 30 * DAY]
        if self.terms.brought_by != "members":
            refusals.append("R106")
        elif len(mine) >= self.terms.at_most:
            refusals.append("R046")
        if not refusals:
            self.put(name, member, amount, at)
        return refusals

    def close(self, name):
        """From outside."""
        if name not in self.items:
            return ["R024"]
        if not self.items[name].open:
            return ["R025"]
        self.items[name].open = False
        return []

    def take_back(self, member, name, carried, at):
        if name not in self.items:
            return ["R024"]
        one = self.items[name]
        refusals = [] if one.open else ["R025"]
        refusals += ["R031"] if one.by != member else []
        refusals += ["R085"] if carried and one.open else []
        if not refusals:
            one.open, one.back = False, at
        return refusals

    # Updates.

    def order(self):
        names = [name for name, one in self.items.items() if one.open]
        first = lambda one: -one.y if self.terms.by_conviction else -one.votes
        return sorted(names, key=lambda name: (first(self.items[name]), self.items[name].opened, self.items[name].place))

    def count(self, totals, period):
        """`period` is Δ in seconds."""
        self.counted_after, half_life = self.terms.close_after, self.terms.half_life or 30 * DAY
        for name, one in self.items.items():
            one.votes = totals.get(name, 0) if one.open else 0
            one.y = conviction(one.y, one.votes, period * MICRO, half_life) if self.terms.by_conviction and one.open else 0

    def requests(self):
        """[(item, amount)] in the list's order: those that could be served now."""
        wanted = lambda one: one.votes > 0 and (one.y > 0 or not self.terms.by_conviction)
        rows = [(name, self.asks(self.items[name])) for name in self.order() if wanted(self.items[name])]
        return [(name, amount) for name, amount in rows if amount is not None]

    def asks(self, one):
        """How much an item asks for; None where it says no amount, or one in another unit. Of things that are counted it asks for one."""
        unit = self.terms.supply.unit
        if one.amount is None:
            return 1 if unit == "unit" else None
        return one.amount[0] if one.amount[1] == unit else None

    def serves(self, at):
        return self.terms.supply is not None and around(self.terms.supply.every, at, self.zone)[0] > self.last

    def serve(self, at):
        """Serves at an update; returns [(item, amount, unit)]."""
        if not self.serves(at):
            return []
        self.last = at
        requests = self.requests()
        those = [requests[place] for place in served([amount for _, amount in requests], self.terms.supply)]
        for name, _ in those:
            self.items[name].open = False
        return [(name, amount, self.terms.supply.unit) for name, amount in those]

    def close_low(self, at):
        """Closes what nobody supports; returns items in order of first opening."""
        gone, floor = [], self.terms.floor if self.floor_then is None else self.floor_then
        self.floor_then = None
        for name in sorted(self.items, key=lambda name: self.items[name].place):
            one = self.items[name]
            if one.open and one.lows.update(at, one.votes, floor, self.terms.close_after, self.counted_after):
                one.open = False
                gone.append(name)
        return gone

    def amend(self, terms, at):
        before, self.terms = self.terms, terms
        if not terms.by_conviction:
            for one in self.items.values():
                one.y = 0
        if terms.supply is None:
            self.last = None
        elif before.supply is None:
            self.last = at
        # An item that is low only because the floor was raised is low from the next update on.
        self.floor_then = min(before.floor, terms.floor)
        if before.floor != terms.floor:
            for one in self.items.values():
                if one.open and one.votes > terms.floor:
                    one.lows.low_since = None

    # When a request is likely to be served.

    def servings(self, rhythm, next_update):
        """The next updates that serve."""
        found, last = [], self.last
        while len(found) < MOST_AHEAD:
            begins = around(self.terms.supply.every, last, self.zone)[1]
            last = max(rhythm.after(begins - 1, self.zone), next_update)
            found.append(last)
        return found

    def likely(self, servings):
        """{item: (how much those before it ask for, when it is served if nothing changes, or None)}, of requests that can be."""
        requests = [(name, amount) for name, amount in self.requests() if amount <= self.terms.supply.amount][:MOST_LOOKED_AT]
        before, found = 0, {}
        for name, amount in requests:
            found[name], before = (before, None), before + amount
        for at in servings:
            those = served([amount for _, amount in requests], self.terms.supply)
            found.update({requests[place][0]: (found[requests[place][0]][0], at) for place in those})
            requests = [one for place, one in enumerate(requests) if place not in those]
        return found
