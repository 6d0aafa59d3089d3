"""Acts that several do together: bodies by their seats, lists by those on them; announced acts (docs/spec/powers.md)."""

from dataclasses import dataclass

from edition2.care import eighth_ahead, held_up
from edition2.race import DAY
from histories import micros
from model_rules import ROOT
from rochdale_model import MICRO

WAITS = 30 * DAY * MICRO
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
POWER = {"admit_member": "admit", "add_to_list": "keep-list", "remove_from_list": "keep-list", "book_entry": "spend",
         "open_item": "close-issue", "close_item": "close-issue"}


@dataclass(eq=False)
class Waiting:
    """A proposed or announced act; `seat` is the decision that acts, None for those on a list."""

    number: int
    seat: object
    by: str  # the seat's path, `list NAME`, or `members` where nobody was on the list when it was proposed
    act: dict
    power: str
    at: int  # micro-seconds
    agreed: list
    roll: str = None  # the list that is changed, or was to be, where nobody's seat acts
    needed: int = None  # from here on of an announced one
    decision: object = None  # whose candidates can hold it up
    settles: int = None
    size: int = None  # C at the announcement
    ahead: set = None

    def words(self, what):
        more = [self.act[name] for name in ("list", "member") if name in self.act]
        return " ".join([what, str(self.number), self.by, self.act["act"], *more])

    def due(self, now):
        """Whether it takes effect at the update `now`, in seconds; take-overs are made."""
        waited = now - self.at / MICRO
        return waited >= 8 * self.settles or waited >= 2 * self.settles and not self.ahead


class Together:
    """Random proposals, agreements and announced acts of a history whose rules change."""

    def begin_together(self):
        self.proposed, self.coming, self.ever = {}, [], 0
        self.acted, self.took_effect = 0, False  # how many were done; whether one took effect at the last update

    def next_number(self):
        self.ever += 1
        return self.ever

    # Who.

    def seats_with(self, power):
        return [n for n in self.layer.decisions.values() if n.kind in ("office", "body") and power in n.clause.powers()]

    def vacant(self, power):
        """Whether offices or bodies have a power, and of none of them more than half of the seats are filled."""
        those = self.seats_with(power)
        return bool(those) and all(2 * len(n.race.holders) <= len(n.race.seats) for n in those)

    def kept_by_members(self, roll):
        """Whether those on a list act for it now, or all members for the register (None): by the kernel, or since seats are vacant."""
        if roll is None:
            return self.vacant("admit")
        if roll not in {one.list for one in self.kernel.classes}:
            return False
        return self.layer.kernel.kept_by == "members" or self.vacant("keep-list")

    def keepers(self, roll):
        """The word for those who act for a list now (None: for the register), and who they are."""
        on = self.lists[roll] if roll else set()
        return (f"list {roll}", sorted(on)) if on else ("members", sorted(self.people))

    def those(self, one):
        """Those who may agree to a waiting act."""
        # members go on agreeing to what they began while nobody was on the list, but for the last of them
        return one.seat.race.holders if one.seat else sorted(self.people if one.by == "members" else self.lists[one.roll])

    def needed(self, one):
        if one.seat is not None:
            return one.seat.clause.acts_by or len(one.seat.race.seats) // 2 + 1
        return len(self.those(one)) // 2 + 1

    def found(self, number):
        """The announced act of a number, or None."""
        return next((one for one in self.coming if one.number == number), None)

    def above(self, one, seat):
        """Whether a seat may take an announced act back: the same, or one of a constitution around it with the power."""
        if one.seat is None or seat is one.seat:
            return seat is one.seat
        inside = seat.parent == ROOT and one.seat.parent != ROOT or one.seat.parent.startswith(seat.parent + "/")
        return inside and one.power in seat.clause.powers()

    # Acts that could be proposed.

    def newcomer(self):
        """A pseudonym that nobody has, and a name for it that sorts after the others."""
        name = f"member-{101 + len(self.pseudonym) + self.ever:03}"
        self.pseudonym.setdefault(name, "m_0" + "".join(self.draw.choice(DIGITS) for _ in range(12)))
        return name

    def may_propose(self, person):
        """[(seat or None, act)] that could be proposed by them now."""
        found = []
        for node in self.layer.decisions.values():
            if node.kind == "body" and len(node.race.seats) > 1 and person in node.race.holders:
                found += [(node, act) for act in self.of_seat(node)]
        for roll in sorted({one.list for one in self.kernel.classes if one.list}):
            if self.kept_by_members(roll) and person in self.keepers(roll)[1]:
                found.append((None, self.of_list(roll)))
        if self.kept_by_members(None) and len(self.people) < 12:
            found.append((None, {"act": "admit_member", "member": self.newcomer(), "organisation": False}))
        backs = [(one.seat, {"act": "take_back_act", "number": one.number}) for one in self.coming if self.may_take_back(person, one)]
        return found + backs

    def may_take_back(self, person, one):
        if one.seat is None:
            return person in self.those(one)  # theirs to take back, whoever keeps the list by now
        return one.seat.kind == "body" and len(one.seat.race.seats) > 1 and person in one.seat.race.holders

    def of_list(self, roll):
        other = self.draw.choice(self.people)
        return {"act": "remove_from_list" if other in self.lists[roll] else "add_to_list", "list": roll, "member": other}

    def of_seat(self, node):
        powers, found = node.clause.powers(), []
        if "spend" in powers:
            room = self.room(node, self.today())
            minor = min(room if room is not None else 20_000, self.draw.randint(1, 20_000))
            if minor > 0:
                found.append(self.entry([("expenses:rent", minor), ("assets:bank", -minor)]))
        if "close-issue" in powers:
            rankings = [n for n in self.layer.decisions.values() if n.kind == "ranking"]
            rankings = [n for n in rankings if node.parent == ROOT or n.name.startswith(node.parent + "/")]
            for ranking in rankings[:1]:
                item = str(self.draw.randint(1, 9))
                kind = "close_item" if item in ranking.items else "open_item"
                found.append({"act": kind, "decision": ranking.name, "item": item})
        if "keep-list" in powers:
            rolls = sorted({one.list for one in self.kernel.classes if one.list and self.layer.kernel.kept_by != "members"})
            found += [self.of_list(self.draw.choice(rolls))] * 2 if rolls else []
        if "admit" in powers and len(self.people) < 12:
            found.append({"act": "admit_member", "member": self.newcomer(), "organisation": False})
        return found

    # Acts.

    def together(self):
        done = []
        for _ in range(self.draw.randint(0, 6)):
            if self.proposed and self.draw.random() < 0.6:
                done += self._agree() or []
            else:
                seated = [m for n in self.layer.decisions.values() if n.kind == "body" for m in n.race.holders]
                done += self._propose(self.draw.choice(seated if seated and self.draw.random() < 0.6 else self.people)) or []
        return done

    def waits(self, by, act):
        """Whether the same act waits already: proposed by the same, or announced."""
        same = any(one.by == by and one.act == act for one in self.proposed.values())
        return same or any(one.act == act for one in self.coming)

    def _propose(self, person):
        choice = self.may_propose(person)
        if not choice:
            return None
        seat, act = self.draw.choice(choice)
        outer = {"act": "propose_act", "member": person, "proposed": act, **({"body": seat.name} if seat else {})}
        power, roll = POWER.get(act["act"]), act.get("list")
        if act["act"] == "take_back_act":
            power, roll = self.found(act["number"]).power, self.found(act["number"]).roll
        by = seat.name if seat else self.keepers(roll)[0]
        if act["act"] == "take_back_act":
            by = self.found(act["number"]).by
        if self.waits(by, act):
            return [{**outer, "refused": "R093"}]
        one = Waiting(self.next_number(), seat, by, act, power, micros(self.clock), [person], roll)
        self.proposed[one.number] = one
        self.enough(one)
        self.lapse_silently()
        return [outer]

    def _agree(self):
        number = self.draw.choice(sorted(self.proposed))
        one = self.proposed[number]
        heads = self.those(one)
        person = self.draw.choice(heads) if heads and self.draw.random() < 0.85 else self.draw.choice(self.people)
        outer = {"act": "agree_to_act", "member": person, "number": number, "agree": self.draw.random() < 0.9}
        if micros(self.clock) - one.at >= WAITS:
            return [{**outer, "refused": "R090"}]
        if not outer["agree"]:
            if person not in one.agreed:
                return [{**outer, "refused": "R092"}]
            one.agreed.remove(person)
            if not one.agreed:
                del self.proposed[number]  # nobody agrees any more: it is taken back
            self.lapse_silently()
            return [outer]
        if person not in heads:
            return [{**outer, "refused": "R094"}]
        if person in one.agreed:
            return [{**outer, "refused": "R091"}]
        last = len(set(one.agreed) & set(heads)) + 1 >= self.needed(one)
        if last and not self.may_act(one):
            return [{**outer, "refused": "R001"}]
        if last and one.act.get("list") not in {None, *(c.list for c in self.kernel.classes)}:
            return [{**outer, "refused": "R009"}]  # no class reads it any longer
        if last and any(other.act == one.act for other in self.coming):
            return [{**outer, "refused": "R093"}]
        if last and not self.possible(one):
            return None
        one.agreed.append(person)
        self.enough(one)
        self.lapse_silently()
        return [outer]

    def may_act(self, one):
        """Whether those on a list, or the members, may act when the last of them agrees: seats may be filled by then."""
        if one.seat is not None or one.act["act"] == "take_back_act":
            return True
        acts = self.kept_by_members(one.roll) or one.roll is not None and self.vacant("keep-list")
        return acts and self.keepers(one.roll)[0] == one.by

    def possible(self, one):
        """Whether the rules would take the act now; the model leaves others alone."""
        act = one.act
        if "list" in act:
            there = act["member"] in self.people and act["list"] in {c.list for c in self.kernel.classes}
            return there and (act["member"] in self.lists[act["list"]]) == (act["act"] == "remove_from_list")
        if act["act"] == "admit_member":
            return act["member"] not in self.numbers
        if act["act"] == "take_back_act":
            return self.found(act["number"]) is not None
        if "postings" in act:
            room = self.room(one.seat, self.today())
            return room is None or room >= act["postings"][0]["minor"]
        ranking = self.layer.decisions.get(act["decision"])
        return ranking is not None and (act["item"] in ranking.items) == (act["act"] == "close_item")

    def enough(self, one):
        """Does an act to which enough have agreed."""
        agreed, needed = [name for name in one.agreed if name in self.those(one)], self.needed(one)
        if len(agreed) < needed:
            return
        del self.proposed[one.number]
        self.acted += 1
        act = one.act
        if "list" in act or act["act"] == "admit_member":
            self.announce(one.seat, one.by, act, one.power, agreed, needed)
        elif act["act"] == "take_back_act":
            self.coming.remove(self.found(act["number"]))
        elif "postings" in act:
            postings = [(line["account"], line["minor"]) for line in act["postings"]]
            self.booking(postings)
            self.spent.append((one.seat.name, self.today(), postings[0][1]))
        elif act["act"] == "close_item":
            self.layer.drop_item(self.layer.decisions[act["decision"]], act["item"])
        else:
            ranking = self.layer.decisions[act["decision"]]
            ranking.items[act["item"]] = {"low_since": micros(self.clock)}
            ranking.ever[act["item"]] = None

    def announce(self, seat, by, act, power, agreed, needed):
        """An announced act has a number of its own."""
        decision = seat or self.fed(act.get("list"))
        size = decision.race.size if decision.race.counted_at is not None else None
        self.coming.append(Waiting(self.next_number(), seat, by, act, power, micros(self.clock), agreed, act.get("list"), needed,
                                   decision, decision.settles, size))

    def fed(self, roll):
        """The decision whose candidates can hold up a change of a list that its members keep; the register (None) feeds all."""
        names = {c.name for c in self.kernel.classes if c.list == roll or roll is None}
        fed = [n for n in self.layer.decisions.values() if n.kind in ("office", "body") and (n.electorate is None or names & set(n.electorate))]
        return max(fed, key=lambda n: n.settles) if fed else self.layer.decisions[ROOT]

    # One holder alone: offices and bodies of one seat announce at once.

    def admit(self, person):
        act = {"act": "admit_member", "member": self.newcomer(), "organisation": False}
        seats = self.layer.offices(person, "admit")
        if not seats:
            return act, "R001"
        if not self.acts_alone(seats[0]):
            return act, "R089"
        if len(self.people) + len(self.coming) > 14:
            return None, None
        self.announce(seats[0], seats[0].name, act, "admit", [person], 1)
        return act, f"{seats[0].kind} {seats[0].name}"

    def take_back(self, person):
        """Of an announced act by an office, the same one or one above it."""
        mine = [(one, seat) for one in self.coming for seat in self.layer.offices(person, one.power) if self.above(one, seat)]
        if not mine:
            return None, None
        one, _ = self.draw.choice(mine)
        seat = next(seat for other, seat in mine if other is one)
        act = {"act": "take_back_act", "number": one.number}
        if not self.acts_alone(seat):
            return act, "R089"
        self.coming.remove(one)
        return act, f"{seat.kind} {seat.name}"

    # Lapse and effect.

    def note_ahead(self, now, period):
        """Who holds announced acts up by what an update counted, before its take-overs."""
        for one in self.coming:
            if now - one.at / MICRO < period:
                continue
            if self.layer.decisions.get(one.decision.name) is not one.decision and one.seat is None:
                # It has closed: another that the list or the register feeds decides from here on, for the term that was announced.
                one.decision, one.ahead = self.fed(one.roll), None
                one.size = one.decision.race.size
            one.ahead = held_up(one.ahead, eighth_ahead(one.decision.race, one.size), one.decision.race)

    def gone_seat(self, one):
        """Whether the decision that acts closed or lost its power."""
        here = self.layer.decisions.get(one.seat.name)
        if here is not one.seat:
            return True
        if one.act["act"] == "take_back_act":
            return False  # taking back one's own needs no power; the announced act lapses with it
        lists = {c.list for c in self.kernel.classes}
        kept = one.roll in lists and self.layer.kernel.kept_by == "members"  # no power reaches a list that its members keep
        return one.power not in here.clause.powers() or one.roll is not None and kept

    def over(self, one):
        """Whether nobody who agreed is among those who act any more, or they act no more."""
        if one.seat is not None and self.gone_seat(one):
            return True
        if one.act["act"] == "take_back_act" and self.found(one.act["number"]) is None:
            return True  # nothing is left to take back
        one.agreed = [name for name in one.agreed if name in self.those(one)]  # it counts as long as its member sits
        return not one.agreed

    def lapse_silently(self):
        """By an act on seats or lists; the outcomes are the act's."""
        self.lapse(micros(self.clock))

    def lapse(self, at):
        """Ends what is over, proposed acts first: so one that takes back an act that lapses now is over the next time. Returns the words."""
        gone = [one for one in self.proposed.values() if self.over(one) or at - one.at >= WAITS]
        for one in gone:
            del self.proposed[one.number]
        lost = [one for one in self.coming if self.lost(one)]
        self.coming = [one for one in self.coming if one not in lost]
        return [one.words("act-lapsed") for one in gone + lost]

    def lost(self, one):
        """Whether an announced act lapses: the office changed hands, or fewer of those who agreed are left than had to agree."""
        needed = one.needed if one.seat is None else self.needed(one)  # a body's, as its clause has them now
        return one.seat is not None and self.gone_seat(one) or len(set(one.agreed) & set(self.those(one))) < needed

    def take_effect(self, at):
        """Announced acts at an update: (words)."""
        said = self.lapse(at)
        for one in list(self.coming):
            if one.due(at // MICRO):
                self.coming.remove(one)
                said.append(self.effect(one))
        return said

    def effect(self, one):
        if not self.possible(one):
            return one.words("act-lapsed")
        if one.act["act"] == "admit_member":
            self.people.append(one.act["member"])
            self.numbers.append(one.act["member"])
        else:
            self.lists[one.act["list"]] ^= {one.act["member"]}
        self.took_effect = True
        return one.words("act-took-effect")
