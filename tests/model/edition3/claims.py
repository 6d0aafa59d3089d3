"""Hours that members hand in, and those who answer them (docs/spec/support.md, own hours)."""

from dataclasses import dataclass, field

from rochdale_model import month_number

DAY = 86_400 * 1_000_000
REASONS = ("recorded-already", "other-amount", "other-day", "not-known")


@dataclass
class Claim:
    number: int
    member: str
    kind: str
    amount: int
    at: int
    source: str
    service: str
    since: int
    yes: dict = field(default_factory=dict)  # member → whether yes, of the class
    seats: set = field(default_factory=set)  # seats of a body that acts together that said yes
    enough_at: int = None


class Claims:
    def __init__(self, game):
        self.game, self.waiting, self.number = game, {}, 0

    def hand_in(self, member, kind, amount, at, source, service):
        game, mine = self.game, sum(one.member == member for one in self.waiting.values())
        if member not in game.people:
            return "R007" if member in game.ever else "R006"
        refusals = game.of_record(kind, amount, at, source, service)
        if any(one.source == source for one in self.waiting.values()):
            refusals.append("R038")
        if mine >= 20:
            refusals.append("R046")
        if kind not in ("hours", "contribution", "compute"):
            refusals.append("R103")
        if refusals:
            return min(refusals)
        self.number += 1
        self.waiting[self.number] = Claim(self.number, member, kind, amount, at, source, service, game.now)
        game.acted.add(member)
        return None

    def take_back(self, member, number):
        one = self.waiting.get(number)
        if member not in self.game.people:
            return "R007" if member in self.game.ever else "R006"
        if one is None:
            return "R104"
        if one.member != member:
            return "R001"
        del self.waiting[number]
        return None

    def affirming(self, one):
        """The class whose members affirm a claim: the first that its member belongs to."""
        if one.kind != "hours":
            return None
        for each in self.game.kernel.classes:
            if each.affirmed and (each.list is None or one.member in self.game.crew):
                return each
        return None

    def answer(self, member, number, yes, reason):
        game, one = self.game, self.waiting.get(number)
        if member not in game.people:
            return "R007" if member in game.ever else "R006"
        if one is None or game.now - one.since >= 90 * DAY:
            return "R104"
        seat = game.recorder(member, one.kind)
        among = self.affirming(one)
        of_class = among is not None and game.weighs_in(member, among)
        refusals = []
        if seat is None and not of_class and not (among and member == one.member):
            refusals.append("R001")
        if member == one.member:
            refusals.append("R100")
        if not yes and reason not in REASONS:
            refusals.append("R105")
        if refusals:
            return min(refusals)
        if seat is not None:
            return self.by_seat(one, member, seat, yes)
        if yes and game.affirmed_in(one) + one.amount > among.at_most * 3600:
            refusals.append("R108")
        if yes and month_number(one.at, game.kernel.zone) < month_number(one.since, game.kernel.zone) - 1:
            refusals.append("R109")
        if not game.of_standing(member):
            refusals.append("R112")
        if refusals:
            return min(refusals)
        one.yes[member] = yes
        self.note(one, game.now)
        return None

    def by_seat(self, one, member, seat, yes):
        if not yes:
            del self.waiting[one.number]
            return None
        one.seats.add(member)
        if member not in seat.holders or len(one.seats & set(seat.holders)) >= seat.acts_by:  # a founder acts alone
            self.record(one, seat.name)
        return None

    def record(self, one, by):
        del self.waiting[one.number]
        self.game.records.add(member=one.member, kind=one.kind, amount=one.amount, at=one.at, source=one.source,
                              service=one.service, recorded_by=by, recorded=self.game.now)

    def lead(self, one):
        among = self.affirming(one)
        if among is None:
            return None, 0
        those = [yes for member, yes in one.yes.items() if self.game.weighs_in(member, among)]
        return among, sum(1 if yes else -1 for yes in those)

    def note(self, one, now):
        among, lead = self.lead(one)
        enough = among is not None and lead >= among.affirmed
        if not enough:
            one.enough_at = None
        elif one.enough_at is None:
            one.enough_at = now

    def update(self, at):
        """At the end: what was affirmed 7 days ago is recorded; what waits for 90 days lapses."""
        for one in list(self.waiting.values()):
            _, lead = self.lead(one)
            if one.enough_at is not None and (self.affirming(one) is None or lead < self.affirming(one).affirmed):
                one.enough_at = None
            if one.enough_at is not None and at - one.enough_at >= 7 * DAY:
                if one.source in self.game.records.sources:
                    del self.waiting[one.number]  # recorded from elsewhere meanwhile
                    continue
                self.record(one, None)
                self.game.changed.add(one.member)
                self.game.affirmed.append(one)
            elif at - one.since >= 90 * DAY:
                del self.waiting[one.number]

    def ended(self, member):
        self.waiting = {number: one for number, one in self.waiting.items() if one.member != member}
