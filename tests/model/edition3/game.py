"""A random co-op of edition 3: what it does, which of it the rules accept, and what everybody weighs at each update."""

import random
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from edition3.claims import Claims
from edition3.joining import Joining
from edition3.records import Records
from edition3.rules import random_kernel, random_seats
from edition3.weights import Weigher
from histories import micros
from rochdale_model import local, month_number

DAY = 86_400 * 1_000_000
MICRO = 1_000_000


class Game:
    def __init__(self, seed):
        draw = self.draw = random.Random(f"edition 3 {seed}")
        self.seed, self.key = seed, 0
        self.kernel, self.seats = random_kernel(draw), random_seats(draw)
        self.weekly = draw.random() < 0.7
        self.founded = micros(datetime(2023, 1, 1, 5, tzinfo=timezone.utc) + timedelta(days=draw.randint(0, 700)))
        self.now = self.founded
        self.at_most = draw.choice([1, 2, 5])
        self.names = [f"m_{n:013d}" for n in range(1, draw.randint(4, 8) + 1)]
        self.organisations = {name for name in self.names if draw.random() < 0.1}
        self.founder = {name for name in self.names if draw.random() < 0.4 and name not in self.organisations}
        self.ever, self.people, self.crew = [], [], set()
        self.acted, self.promises, self.affirmed = set(), {}, []
        self.had_weight, self.updates, self.early, self.founding_row, self.founding_end = {}, [], False, 0, None
        self.records = Records(self.kernel.zone)
        self.weigher, self.joining, self.claims = Weigher(self.kernel), Joining(self), Claims(self)
        self.values = {name: limits[0] for name, limits in self.kernel.parameters.items()}
        self.settings, self.proposed = dict(self.values), {}
        self.set_at_first = {name: self.a_value(name) for name in self.values if draw.random() < 0.5}
        self.values.update(self.set_at_first)
        self.items, self.ballots, self.bringing = {}, {}, []
        self.announced, self.last_update = [], None

    # Rules.

    def rhythm(self):
        return "weekly on monday at 01:00" if self.weekly else "daily at 01:00"

    def after(self, at):
        """The next update's instant."""
        day = local(at, self.kernel.zone).date()
        while True:
            then = micros(datetime(day.year, day.month, day.day, 1, tzinfo=ZoneInfo(self.kernel.zone)).astimezone(timezone.utc))
            if then > at and (not self.weekly or day.weekday() == 0):
                return then
            day += timedelta(days=1)

    def a_value(self, name):
        _, low, high, _ = self.kernel.parameters[name]
        if name == "share":
            return self.draw.choice([low, high, Fraction(self.draw.randint(10, 90), 100)])
        return self.draw.choice([low, high, self.draw.randint(low, high)])

    def constitution(self, values):
        lines = [seat.text() for seat in self.seats]
        for name, value in values.items():
            lines.append(f'set "{name}" "{self.kernel.parameters[name][3](value)}"')
        at_most = "" if self.at_most == 5 else f" at-most={self.at_most}"
        lines.append(f'ranking "wishes" {{ brought-by "members"{at_most}; allowance "each" }}')
        lines.append('ranking "plans" { brought-by "powers" }')
        for one in self.kernel.classes:
            lines.append(f'ranking "scale-{one.name}" electorate="{one.name}" {{ brought-by "powers"; allowance "each"; votes "linear" }}')
        return "# Constitution\n\n```charter\n" + "\n".join(lines) + "\n```\n"

    # Who.

    def organisation(self, member):
        return member in self.organisations

    def weighs_in(self, member, one):
        on = one.list is None or member in self.crew
        return member in self.people and on and self.weigher.counted.get(one.name, {}).get(member, 0) > 0

    def of_standing(self, member):
        """With weight for 90 days, or since the founding period ended, and at more than half of the updates since."""
        seen = self.had_weight.get(member, [])
        if not seen:
            return False
        first = seen[0]
        early = self.founding_end is not None and first <= self.founding_end
        if not early and self.now - first < 90 * DAY:
            return False
        since = [at for at in self.updates if at >= first]
        return 2 * len([at for at in seen if at >= first]) > len(since)

    def recorder(self, member, kind):
        """The seat by whose power a member records a kind now."""
        own = [seat for seat in self.seats if member in seat.holders and kind in seat.kinds]
        alone = [seat for seat in own if seat.acts_by == 1]
        if own:
            return (alone or own)[0]
        if self.kernel.powers and member in self.founder and member in self.people:
            vacant = [seat for seat in self.seats if not seat.holders and kind in seat.kinds]
            return vacant[0] if vacant else None
        return None

    def affirmed_in(self, claim):
        month = month_number(claim.at, self.kernel.zone)
        same = lambda one: one.member == claim.member and month_number(one.at, self.kernel.zone) == month
        waiting = [one for one in self.claims.waiting.values() if one is not claim and any(one.yes.values())]
        return sum(one.amount for one in [*waiting, *self.affirmed] if same(one))

    def leave(self, member):
        """A membership ends; returns the lists that it was on."""
        was = ("crew",) if member in self.crew else ()
        self.people.remove(member)
        self.crew.discard(member)
        self.promises.pop(member, None)
        self.claims.ended(member)
        self.ballots = {key: one for key, one in self.ballots.items() if key[0] != member}
        for seat in self.seats:
            if member in seat.holders:
                seat.holders.remove(member)
        return was

    def come_back(self, member, lists):
        if member not in self.people:
            self.people.append(member)
            self.people.sort(key=self.ever.index)
        self.crew |= {member} if "crew" in lists else set()

    # Acts: each returns the refusal that the rules give, or None.

    def of_record(self, kind, amount, at, source, service):
        refusals = []
        if at > self.now:
            refusals.append("R036")
        if source in self.records.sources:
            refusals.append("R038")
        if not 1 <= amount <= 10**15:
            refusals.append("R035")
        if service is not None and not service.islower():
            refusals.append("R113")
        elif service is not None and kind == "pledge":
            refusals.append("R114")
        return refusals

    def record(self, by, member, kind, amount, at, source, service=None, booked=None, **more):
        refusals = []
        if member not in self.ever:
            refusals.append("R006")
        owner = self.joining.owner(member)
        if owner not in self.people and member in self.ever:
            refusals.append("R007")
        seat = None
        if by is not None:
            seat = self.recorder(by, kind)
            if seat is None:
                return "R001"
            if by in (owner, member):
                refusals.append("R100")
            if booked and not booked[0].startswith("assets:"):
                refusals.append("R101")
            if seat.acts_by > 1 and seat.holders and not refusals:
                refusals.append("R089")
        refusals += self.of_record(kind, amount, at, source, service)
        if not 1 <= more.get("parts", 1) <= 120 or kind == "pledge" and more.get("parts", 1) != 1:
            refusals.append("R037")
        if "R089" in refusals and len(refusals) > 1:
            refusals.remove("R089")
        if refusals:
            return min(refusals)
        self.records.add(member=owner, kind=kind, amount=amount, at=at, source=source, service=service, recorded=self.now,
                         came_by=member if owner != member else None, recorded_by=seat.name if seat else None,
                         booked=booked is not None, **more)
        return None

    def reverse(self, by, of, amount, source):
        row = self.records.of_source.get(of)
        refusals = [] if row else ["R039"]
        if by is not None:
            seat = self.recorder(by, row.kind) if row else None
            if seat is None:
                return "R001"
        if source in self.records.sources:
            refusals.append("R038")
        if row and (row.rest() == 0 or amount is not None and amount > row.rest()):
            refusals.append("R040")
        at_once = True
        if row and by is not None:
            since = self.last_update if self.last_update is not None else -1
            at_once = row.recorded_by == seat.name and row.recorded >= since
            if not at_once and not seat.holders:
                refusals.append("R102")
            if not at_once and row.booked:
                refusals.append("R101")
            if any(one["of"] == of and one["seat"] is seat for one in self.announced):
                refusals.append("R093")
            if seat.acts_by > 1 and seat.holders and not refusals:
                refusals.append("R089")
        if refusals:
            return min(refusals)
        if not at_once:
            self.announced.append({"of": of, "amount": amount, "source": source, "seat": seat, "by": by, "at": self.now})
            return None
        self.take(row, amount, source)
        return None

    def take(self, row, amount, source):
        self.records.sources.add(source)
        row.take_back(row.rest() if amount is None else amount)
        self.weigher.refunds[row.member] = self.now

    def pledge_own(self, member, amount):
        if member not in self.people:
            return "R007" if member in self.ever else "R006"
        if amount == 0 and member not in self.promises:
            return "R023"
        if amount > 10**15:
            return "R035"
        if amount:
            self.promises[member] = amount
        else:
            del self.promises[member]
        return None

    def hear(self, name, kinds, days):
        if not 1 <= days <= 366:
            return "R110"
        if not kinds or len(set(kinds)) < len(kinds):
            return "R111"
        self.weigher.hear(name, kinds, days, self.now)
        return None

    def bring(self, member, ranking, item):
        if member not in self.people:
            return "R007" if member in self.ever else "R006"
        refusals = []
        state = self.items.get((ranking, item))
        if state and state["open"]:
            refusals.append("R026")
        mine = [one for (where, _), one in self.items.items() if where == ranking and one["by"] == member]
        mine = [one for one in mine if one["open"] or one["back"] is not None and self.now - one["back"] < 30 * DAY]
        if ranking == "wishes" and len(mine) >= self.at_most:
            refusals.append("R046")
        if ranking != "wishes":
            refusals.append("R106")
        if state and not state["open"]:
            refusals.append("R107")
        if refusals:
            return min(refusals)
        self.items[ranking, item] = {"by": member, "open": True, "back": None}
        return None

    def take_item_back(self, member, ranking, item):
        if member not in self.people:
            return "R007" if member in self.ever else "R006"
        state = self.items.get((ranking, item))
        if state is None:
            return "R024"
        refusals = [] if state["open"] else ["R025"]
        if state["by"] != member:
            refusals.append("R031")
        behind = {key[0] for key, (ppm, against) in self.ballots.items() if key[1:] == (ranking, item) and ppm and not against}
        weight = self.weigher.weight
        if state["open"] and sum(weight.get(m, 0) for m in behind - {member}) * 100 >= max(1, sum(weight.values())):
            refusals.append("R085")
        if refusals:
            return min(refusals)
        self.close(ranking, item)
        state["back"] = self.now
        return None

    def close(self, ranking, item):
        self.items[ranking, item]["open"] = False
        self.ballots = {key: one for key, one in self.ballots.items() if key[1:] != (ranking, item)}

    def open_or_close(self, ranking, item):
        state = self.items.get((ranking, item))
        if state and state["open"]:
            self.close(ranking, item)
            return "close_item"
        self.items[ranking, item] = {"by": None, "open": True, "back": None}
        return "open_item"

    # Updates.

    def update(self, at):
        """Counts one update; holders and the constitution in force are told by the binary afterwards."""
        self.now, self.changed = at, set()
        rows = self.weigher.update(at, list(self.people), {"crew": self.crew}, self.records, self.promises, self.values,
                                   self.founded, sorted(self.founder))
        self.updates.append(at)
        for member in self.weigher.with_own:
            self.had_weight.setdefault(member, []).append(at)
        if self.founding_end is None:
            self.founding_row = self.founding_row + 1 if self.founding_row or len(self.weigher.with_own) >= 2 else 0
            if self.founding_row == 3:
                self.founding_end = at
        for one in list(self.announced):
            if one["by"] not in one["seat"].holders:
                self.announced.remove(one)
            elif at - one["at"] >= 2 * 2 * 3600 * MICRO:
                self.announced.remove(one)
                row = self.records.of_source[one["of"]]
                if row.rest() and (one["amount"] is None or one["amount"] <= row.rest()) and one["source"] not in self.records.sources:
                    self.take(row, one["amount"], one["source"])
                    self.weigher.refunds[row.member] = at + 1
                    self.changed.add(row.member)
        self.joining.update(at)
        self.claims.update(at)
        self.last_update = at
        return rows
