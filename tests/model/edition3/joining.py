"""Joins and partings (docs/spec/people.md): who may, what waits, what takes effect at an update."""

from dataclasses import dataclass, field

DAY = 86_400 * 1_000_000


@dataclass
class Join:
    """Two records that are said to be one; `state` is asked, announced, joined or parting."""

    goes: str
    stays: str
    both: bool  # both must say yes
    asked_at: int
    yes: set = field(default_factory=set)
    announced_at: int = None
    parting_at: int = None
    lists: tuple = ()
    state: str = "asked"

    def waits(self):
        return self.state in ("asked", "announced")

    def agreed(self):
        return self.yes == {self.goes, self.stays}


class Joining:
    """The joins of a register; `game` knows members, rows and lists."""

    def __init__(self, game):
        self.game, self.joins, self.two = game, {}, {}  # pair → those who said that they are two

    def acted(self, one):
        return bool(self.game.acted & {one.goes, one.stays})

    def owner(self, member):
        """Who has the records that come for a member."""
        one = self.joins.get(member)
        return one.stays if one and one.state in ("joined", "parting") else member

    def gone(self, member):
        return self.owner(member) != member

    def check(self, goes, stays, sayer=None):
        game = self.game
        for member in (goes, stays):
            if member not in game.ever:
                return "R006"
        if stays not in game.people or goes not in game.people and not self.gone(goes):
            return "R007"
        refusals = []
        if sum(one.stays == stays for one in self.joins.values()) >= 10:
            refusals.append("R046")
        if goes in self.joins:
            refusals.append("R093")
        if goes == stays:
            refusals.append("R117")
        if game.organisation(goes) != game.organisation(stays):
            refusals.append("R118")
        if stays in self.joins or any(one.stays == goes for one in self.joins.values()):
            refusals.append("R119")
        said = self.two.get(frozenset((goes, stays)), set())
        if said - {sayer}:
            refusals.append("R120")
        return min(refusals) if refusals else None

    def announce(self, one, now):
        one.state, one.announced_at = "announced", now

    def join(self, goes, stays, ask_both, now):
        refusal = self.check(goes, stays)
        if refusal:
            return refusal
        one = self.joins[goes] = Join(goes, stays, ask_both, now)
        if not (ask_both or self.acted(one)):
            self.announce(one, now)
        return None

    def answer(self, member, goes, stays, yes, now):
        game = self.game
        for name in (member, goes, stays):
            if name not in game.ever:
                return "R006"
        if member not in game.people:
            return "R007"
        if member not in (goes, stays):
            return "R121"
        one = self.joins.get(goes)
        one = one if one and one.stays == stays else None
        if one and one.state == "asked" and now - one.asked_at >= 90 * DAY:
            one = None
        if not yes:
            return self.no(one, member, now)
        if one and one.state == "parting":
            return "R090"
        if one:
            if member in one.yes:
                return "R091"
            if one.state == "joined":
                return "R091"  # choice: it has taken effect already
            one.yes.add(member)
            if one.state == "asked" and one.agreed():
                self.announce(one, now)
            return None
        refusal = self.check(goes, stays, member)
        if refusal:
            return refusal
        self.two.pop(frozenset((goes, stays)), None)
        self.joins[goes] = Join(goes, stays, True, now, {member})
        return None

    def no(self, one, member, now):
        if one is None:
            return "R090"
        if one.waits():
            del self.joins[one.goes]
        elif one.state == "parting":
            return "R090"
        else:
            one.state, one.parting_at = "parting", now
        self.two.setdefault(frozenset((one.goes, one.stays)), set()).add(member)
        return None

    def take_back(self, goes):
        if goes not in self.game.ever:
            return "R006"
        one = self.joins.get(goes)
        if one is None:
            return "R122"
        if one.state == "parting":
            return "R093"
        if one.waits():
            del self.joins[goes]  # also where both have said yes: until it has taken effect, those who may admit can stop it
        elif one.agreed():
            return "R123"
        else:
            one.state, one.parting_at = "parting", self.game.now
        return None

    def update(self, at):
        """Takes effect after weights were counted, in the order of admission of the records that go."""
        game = self.game
        for goes in [name for name in game.ever if name in self.joins]:
            one = self.joins[goes]
            if one.state == "asked" and at - one.asked_at >= 90 * DAY:
                del self.joins[goes]
            elif one.state == "announced" and at - one.announced_at >= 7 * DAY:
                if self.acted(one) and not one.agreed():
                    one.state, one.asked_at = "asked", at  # somebody has come meanwhile
                else:
                    one.state, one.lists = "joined", game.leave(goes)
                    game.changed |= {goes, one.stays}
                    for row in game.records.rows:
                        if row.member == goes:
                            row.member, row.came_by = one.stays, goes
            elif one.state == "parting" and at - one.parting_at >= 7 * DAY:
                del self.joins[goes]
                game.come_back(goes, one.lists)
                game.changed |= {goes, one.stays}
                game.weigher.refunds.update({goes: at + 1, one.stays: at + 1})  # nothing is held for either
                for row in game.records.rows:
                    if row.came_by == goes and row.member == one.stays:
                        row.member, row.came_by = goes, None

    def ended(self, member):
        """A member has left: joins of theirs that wait are over."""
        for goes in [name for name, one in self.joins.items() if one.waits() and member in (name, one.stays)]:
            del self.joins[goes]
