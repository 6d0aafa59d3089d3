"""Credit in a co-op (docs/spec/credit.md, In a co-op): lists of contributions, what is proposed, struck and accepted."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from edition4.commitments import Commitment, sha
from edition4.credit import credit
from edition4.periods import DAY, around, instant
from rochdale_model import local

MICRO_CREDIT = 1_000_000
CHANGES = ("commit", "merge")


def link_kind(one, to):
    """The kind of a link between two contributions."""
    if one.kind == "review":
        return "review"
    return "parent" if one.kind in CHANGES and to.kind in CHANGES else "mention"


class TooNear(Exception):
    """Floating point cannot tell which of two gets the last micro-credit."""


@dataclass
class Contribution:
    kind: str
    name: str
    week: int
    authors: list  # numbers of people
    new: bool
    links: list

    def text(self):
        numbers = lambda those: ",".join(map(str, those)) or "-"
        return f"{self.kind} {self.name} {self.week} {numbers(self.authors)} {'new' if self.new else 'old'} {numbers(self.links)}"


@dataclass
class Listed:
    """A list of contributions; people are pseudonyms, or None."""

    first: date
    end: date
    sunday: date
    people: list
    items: list

    def text(self):
        head = ["rochdale contributions 1", f"period {self.first} {self.end}", f"week {self.sunday}"]
        return "".join(f"{line}\n" for line in [*head, *(f"person {one or '-'}" for one in self.people), *(one.text() for one in self.items)])

    def struck(self, text):
        """(members, places of contributions) that a text strikes; None where a line strikes nothing."""
        members, places = set(), set()
        for words in (line.split() for line in text.splitlines()):
            if words[:1] != ["strike"]:
                continue
            if len(words) != 3:
                return None
            _, kind, name = words
            of_kind = {"commit": ("commit", "merge"), "merge": ("commit", "merge")}.get(kind, (kind,))
            those = [place for place, one in enumerate(self.items) if one.kind in of_kind and len(name) >= 7 and one.name.startswith(name)]
            if kind == "member" and name in self.people:
                members.add(name)
            elif len(those) == 1:
                places.add(those[0])
            else:
                return None
        return members, places

    def is_own_review(self, one):
        """A review of something, other than a merge, by one of those who made it."""
        reviewed = [self.items[to] for to in one.links if self.items[to].kind != "merge"]
        return one.kind == "review" and any(set(one.authors) & set(to.authors) for to in reviewed)

    def rows(self, members=(), places=()):
        """{pseudonym: micro-credits}, without those that are struck; None where credit is minted and reaches nobody."""
        graph = {"people": [str(number) for number in range(len(self.people))], "weeks": max(one.week for one in self.items) + 1, "commits": []}
        own = {place for place, one in enumerate(self.items) if self.is_own_review(one)}
        for place, one in enumerate(self.items):
            authors = [] if place in places or place in own else [str(number) for number in one.authors if self.people[number] not in members]
            minted = 0 if one.kind == "merge" or one.kind in ("issue", "document") else 1
            links = [] if place in own else [(link_kind(one, self.items[to]), str(to)) for to in one.links]
            graph["commits"].append({"id": str(place), "week": one.week, "authors": authors, "links": links, "mint": minted if one.new and authors else 0})
        paid = [sum(weeks) * MICRO_CREDIT for weeks in credit(graph).values()]
        total = sum(one["mint"] for one in graph["commits"]) * MICRO_CREDIT
        whole = [int(one) for one in paid]
        order = sorted(range(len(paid)), key=lambda place: (whole[place] - paid[place], place))
        left = total - sum(whole)
        # Sums of floating point are right to some ten places.
        close = [one for one in paid if abs(one - round(one)) < 1e-3 and one > 1e-3]
        rest = [paid[place] - whole[place] for place in order]
        if not 0 <= left <= len(paid) or close or 0 < left < len(rest) and rest[left - 1] - rest[left] < 1e-3:
            raise TooNear
        for place in order[:left]:
            whole[place] += 1
        return {name: micro for name, micro in sorted((name, micro) for name, micro in zip(self.people, whole) if name and micro)}


@dataclass
class Proposal:
    first: int  # the period, instants
    end: int
    listed: Listed
    rows: dict
    options: dict = field(default_factory=dict)  # hash → rows


@dataclass
class Accepting(Commitment):
    """A commitment that accepts credit."""

    accepts: bool = True
    proposal: Proposal = None
    decided: list = field(default_factory=list)  # (first, end) of periods

    def refuses_period(self, first, end, at):
        """Refusals of a period as such; None for an end where the day begins none."""
        refusals = ["R129"] if at > self.since + (self.deadline - self.since) // 2 else []
        wrong = end is None or end > at or first < at - 731 * DAY or any(a < end and first < b for a, b in self.decided)
        return refusals + (["R129"] if wrong else [])

    def propose_credit(self, day, listed, rows, at):
        refusals = ["R127"] if self.proposal else []
        refusals += ["R124"] if self.frozen(at) else []
        first, end = around(self.terms.every, at_noon(day, self.zone), self.zone)
        begins = local(first, self.zone).date() == day
        refusals += self.refuses_period(first, end if begins else None, at)
        refusals += ["R143"] if not rows or any(not micro for micro in rows.values()) else []
        if begins and (listed.first, listed.end) != (day, local(end, self.zone).date()):
            refusals.append("R140")
        refusals += ["R141"] if rows != listed.rows() else []
        if not refusals:
            self.proposal = Proposal(first, end, listed, rows)
        return refusals

    def strike(self, member, text, rows, at):
        """`rows` are what the act says that is left."""
        name, first = sha(text), text.split("\n")[0].strip()
        refusals = ["R028"] if name in self.standing() else []
        if sum(by == member and one != name for one, (_, by) in self.placed.items()) >= 5:
            refusals.append("R046")
        refusals += ["R124"] if self.frozen(at) else []
        refusals += ["R126"] if not 1 <= len(text.split("\n")[0]) <= 100 or not first else []
        if self.proposal is None:
            return refusals + ["R130"]
        right = self.left_by(text)
        refusals += ["R142"] if right is None else ["R141"] if right != rows else []
        if not refusals:
            self.proposal.options[name] = rows
            refusals = self.propose(member, text, at)
        return refusals

    def left_by(self, text):
        """The rows that an option leaves; None where it says nothing that can be carried out."""
        first, struck = text.split("\n")[0].strip(), self.proposal.listed.struck(text)
        strikes = any(line.split()[:1] == ["strike"] for line in text.splitlines())
        if struck is None or strikes == (first in ("accept", "nothing")):
            return None
        if first in ("accept", "nothing"):
            return None if first == self.terms.default else self.proposal.rows if first == "accept" else {}
        return self.proposal.listed.rows(*struck)

    def accepted(self, option, by):
        """The period, and {member: micro-credits} of what is accepted; None where nothing is decided."""
        proposal, self.proposal = self.proposal, None
        if proposal is None or by == "default" and self.terms.default == "nothing":
            return None
        self.decided.append((proposal.first, proposal.end))
        return proposal.first, proposal.end, proposal.rows if by == "default" else proposal.options[option]


def at_noon(day, zone):
    return instant(day, zone, 12)


def drawn(draw, members, day, every, zone):
    """A random list of the period that begins on a day."""
    first, end = around(every, at_noon(day, zone), zone)
    ends = local(end, zone).date()
    sunday = day - timedelta(days=(day.weekday() + 1) % 7 + 7 * draw.randint(0, 2))
    last = ((ends - timedelta(days=1)) - sunday).days // 7
    people = draw.sample(members, min(len(members), draw.randint(1, 4))) + [None] * draw.randint(0, 1)
    draw.shuffle(people)
    items, begins = [], (day - sunday).days // 7 + 1
    for number in range(draw.randint(1, 8)):
        new = draw.random() < 0.8
        week = draw.randint(begins, max(begins, min(last, begins + 6))) if new else draw.randint(0, begins)
        kind = draw.choice(["commit"] * 5 + ["merge", "review", "issue"])
        authors = draw.sample(range(len(people)), min(len(people), draw.choice([1, 1, 1, 2, 3]))) if draw.random() < 0.92 else []
        links = sorted(draw.sample(range(len(items)), min(len(items), draw.choice([0, 1, 1, 2, 3]))))
        items.append(Contribution(kind, f"{draw.randint(0, 16**8 - 1):08x}", week, authors, new, links))
    return Listed(day, ends, sunday, people, items)
