"""Acts that several do together: bodies by their seats, lists by those on them; changes of lists are announced (docs/spec/powers.md)."""

from dataclasses import dataclass, field

from edition2.care import eighth_ahead
from edition2.race import DAY
from histories import micros
from model_rules import ROOT
from rochdale_model import MICRO

WAITS = 30 * DAY * MICRO


@dataclass
class Waiting:
    """A proposed act; `body` is a decision's path, None for those on the act's list."""

    number: int
    body: str
    act: dict
    at: int  # micro-seconds
    agreed: list
    needed: int = None  # from here on of an announced one
    decision: object = None  # whose candidates can hold it up
    settles: int = None
    size: int = None  # C at the announcement
    ahead: set = None
    period: int = None

    def words(self, what, lists):
        """`members` are those who act for a list while nobody is on it."""
        act = self.act
        by = self.body or (f"list {act['list']}" if lists[act["list"]] else "members")
        more = [act["list"], act["member"]] if "list" in act else []
        return " ".join([what, str(self.number), by, act["act"], *more])

    def due(self, now, decisions):
        """Whether it takes effect at the update `now`, in seconds; take-overs are made."""
        if decisions.get(self.decision.name) is not self.decision:
            self.ahead = set()  # choice: nobody holds it up where the decision that its list fed has closed
            return now - self.at / MICRO >= 2 * self.settles
        waited, race = now - self.at / MICRO, self.decision.race
        if waited >= self.period:
            leading = eighth_ahead(race, self.size)
            seated = (self.ahead or set()) & set(race.holders)
            self.ahead = leading if self.ahead is None else (self.ahead & leading) | seated
        return waited >= 8 * self.settles or waited >= 2 * self.settles and not self.ahead


class Together:
    """Random proposals and agreements of a history whose rules change."""

    def begin_together(self):
        self.proposed, self.coming, self.ever = {}, [], 0
        self.acted, self.took_effect = 0, False  # how many were done; whether one took effect at the last update

    # Who.

    def who(self, body, act):
        """(those who may agree, how many an act needs)."""
        if body is not None:
            node = self.layer.decisions[body]
            return node.race.holders, node.clause.acts_by or len(node.race.seats) // 2 + 1
        heads = self.lists[act["list"]] or set(self.people)
        return sorted(heads), len(heads) // 2 + 1

    def may_propose(self, person):
        """[(body or None, act)] that could be proposed by them now."""
        found = []
        for node in self.layer.decisions.values():
            if node.kind != "body" or len(node.race.seats) < 2 or person not in node.race.holders:
                continue
            if "spend" in node.clause.powers():
                room = self.room(node, self.today())
                minor = min(room if room is not None else 20_000, self.draw.randint(1, 20_000))
                if minor > 0:
                    found.append((node.name, self.entry([("expenses:rent", minor), ("assets:bank", -minor)])))
            if "close-issue" in node.clause.powers():
                rankings = [n for n in self.layer.decisions.values() if n.kind == "ranking"]
                rankings = [n for n in rankings if node.parent == ROOT or n.name.startswith(node.parent + "/")]
                for ranking in rankings[:1]:
                    item = str(self.draw.randint(1, 9))
                    kind = "close_item" if item in ranking.items else "open_item"
                    found.append((node.name, {"act": kind, "decision": ranking.name, "item": item}))
        for name in sorted({one.list for one in self.kernel.classes if one.list}):
            if not self.kept_by_offices() and person in (self.lists[name] or self.people):
                other = self.draw.choice(self.people)
                kind = "remove_from_list" if other in self.lists[name] else "add_to_list"
                found.append((None, {"act": kind, "list": name, "member": other}))
        return found

    # Acts.

    act_together = False  # whether members propose acts and agree to them

    def together(self):
        done = []
        if not self.act_together:
            return done
        for _ in range(self.draw.randint(0, 5)):
            self.lapse_silently()
            if self.proposed and self.draw.random() < 0.6:
                done += self._agree() or []
            else:
                done += self._propose(self.draw.choice(self.people)) or []
        return done

    def _propose(self, person):
        choice = self.may_propose(person)
        if not choice:
            return None
        body, act = self.draw.choice(choice)
        outer = {"act": "propose_act", "member": person, "proposed": act, **({"body": body} if body else {})}
        if any(one.body == body and one.act == act for one in [*self.proposed.values(), *self.coming]):
            return [{**outer, "refused": "R093"}]
        self.ever += 1
        self.proposed[self.ever] = Waiting(self.ever, body, act, micros(self.clock), [person])
        self.enough(self.ever)
        return [outer]

    def _agree(self):
        number = self.draw.choice(sorted(self.proposed))
        one = self.proposed[number]
        heads, _ = self.who(one.body, one.act)
        person = self.draw.choice(heads) if heads and self.draw.random() < 0.85 else self.draw.choice(self.people)
        outer = {"act": "agree_to_act", "member": person, "number": number, "agree": True}
        if micros(self.clock) - one.at >= WAITS:
            return [{**outer, "refused": "R090"}]
        if person not in heads:
            return [{**outer, "refused": "R094"}]
        if person in one.agreed:
            return [{**outer, "refused": "R091"}]
        if not self.possible(one):
            return None
        one.agreed.append(person)
        self.enough(number)
        return [outer]

    def possible(self, one):
        """Whether the rules would take the act now; the model leaves others alone."""
        act = one.act
        if "list" in act:
            return act["member"] in self.people and (act["member"] in self.lists[act["list"]]) == (act["act"] == "remove_from_list")
        if "postings" in act:
            room = self.room(self.layer.decisions[one.body], self.today())
            return room is None or room >= act["postings"][0]["minor"]
        ranking = self.layer.decisions.get(act["decision"])
        return ranking is not None and (act["item"] in ranking.items) == (act["act"] == "close_item")

    def enough(self, number):
        one = self.proposed[number]
        heads, needed = self.who(one.body, one.act)
        if len(set(one.agreed) & set(heads)) < needed:
            return
        del self.proposed[number]
        self.acted += 1
        act = one.act
        if "list" in act:
            self.announce(one, needed)
        elif "postings" in act:
            postings = [(line["account"], line["minor"]) for line in act["postings"]]
            self.booking(postings)
            self.spent.append((one.body, self.today(), postings[0][1]))
        elif act["act"] == "close_item":
            self.layer.drop_item(self.layer.decisions[act["decision"]], act["item"])
        else:
            ranking = self.layer.decisions[act["decision"]]
            ranking.items[act["item"]] = {"low_since": micros(self.clock)}
            ranking.ever[act["item"]] = None

    def announce(self, one, needed):
        names = {c.name for c in self.kernel.classes if c.list == one.act["list"]}
        nodes = self.layer.decisions.values()
        fed = [n for n in nodes if n.kind in ("office", "body") and (n.electorate is None or names & set(n.electorate))]
        one.decision = max(fed, key=lambda n: n.settles) if fed else self.layer.decisions[ROOT]
        one.at, one.needed, one.settles = micros(self.clock), needed, one.decision.settles
        one.size, one.period = one.decision.race.size, self._span(self.next)
        self.coming.append(one)

    # Updates.

    def over(self, one):
        """Whether nobody who agreed is among those who act any more, or the body is gone."""
        if one.body is not None:
            node = self.layer.decisions.get(one.body)
            power = "spend" if "postings" in one.act else "close-issue"
            if node is None or node.kind != "body" or len(node.race.seats) < 2 or power not in node.clause.powers():
                return True
        heads, _ = self.who(one.body, one.act)
        one.agreed = [name for name in one.agreed if name in heads]  # an agreement counts as long as its member sits
        return not one.agreed

    def lapse_silently(self):
        self.proposed = {number: one for number, one in self.proposed.items() if not self.over(one)}

    def lapse(self, at):
        """Words of the proposed acts that are over."""
        gone = [one for one in self.proposed.values() if self.over(one) or at - one.at >= WAITS]
        for one in gone:
            del self.proposed[one.number]
        return [one.words("act-lapsed", self.lists) for one in gone]

    def lost(self, one):
        """Whether an announced change lapses: fewer of those who agreed are left than had to agree."""
        among = self.lists[one.act["list"]] or set(self.people)
        return len(set(one.agreed) & among) < one.needed

    def take_effect(self, at):
        """Announced acts at an update: (words)."""
        lapsed = [one for one in self.coming if self.lost(one)]
        said = [one.words("act-lapsed", self.lists) for one in lapsed]
        self.coming = [one for one in self.coming if one not in lapsed]
        for one in list(self.coming):
            if one.due(at // MICRO, self.layer.decisions):
                self.coming.remove(one)
                said.append(self.effect(one))
        return said

    def effect(self, one):
        if not self.possible(one):
            return one.words("act-lapsed", self.lists)
        self.lists[one.act["list"]] ^= {one.act["member"]}
        return one.words("act-took-effect", self.lists)
