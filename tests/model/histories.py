"""Random co-ops: rules, members, support and acts, applied to the model as they are made up."""

import hashlib
import random
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from model_elections import Control, Decision, Layer
from rochdale_model import EPOCH, MICRO, Class, Kernel, Record, Reversal, Support, iso

DAY = 86_400
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
FORMULAS = [
    "donated(ever) / 1 USD",
    "donated(last month) / 1 USD",
    "donated(last 2 months) / 1 USD",
    "faded(donated, half-life 60 days) / 1 USD",
    "if donated(ever) > 20 USD then 20 else donated(ever) / 1 USD",
    "1",
]


class History:
    """One random co-op: its rules, and the model of it."""

    formulas = FORMULAS

    def __init__(self, seed):
        draw = self.draw = random.Random(f"election {seed}")
        self.seed, self.key = seed, 0
        self.people = [f"member-{number:03}" for number in range(1, draw.randint(3, 12) + 1)]
        self.crew = frozenset(draw.sample(self.people, draw.randint(1, len(self.people))) if draw.random() < 0.5 else [])
        crew = [Class("workers", draw.choice(["1", "3", "if count(workers) == 1 then highest(givers) else 2"]), "crew")]
        self.kernel = Kernel(
            [Class("givers", draw.choice(self.formulas), None, draw.choice(["none", "none", "sqrt"]))] + (crew if self.crew else []),
            cap=draw.choice([None, Fraction(1, 5), Fraction(2, 5)]),
            floor=draw.choice([0, 0, 0, MICRO // 2, 5 * MICRO]),
            votes=draw.choice(["quadratic", "quadratic", "linear"]),
            zone=draw.choice(["UTC", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
        )
        self.born = datetime(2021, 1, 1, 5, 0, tzinfo=timezone.utc) + timedelta(days=draw.randint(0, 1500))
        self.weekly = draw.random() < 0.5
        self.period = 7 * DAY if self.weekly else DAY
        self.support = self._support()
        self.pseudonym, self.documents = {}, {}
        self.layer = Layer(self._decisions(), self.period)
        self.layer.control, self.layer.classes = self._control(), tuple(one.name for one in self.kernel.classes)
        self.clock, self.next = self.born, self._after(self.born, self._update_time())
        self.back = self._gifts()

    def _support(self):
        draw, records = self.draw, []
        for person in self.people:
            for _ in range(draw.randint(0, 3)):
                at = micros(self.born - timedelta(seconds=draw.randint(0, 80 * DAY)))
                amount = draw.choice([100, 1000, draw.randint(1, 30_000)])
                records.append(Record(person, "donation", amount, "USD", at, f"gift-{len(records)}"))
        return Support(records)

    def _gifts(self):
        """Returns the first acts: earlier support."""
        return [gift(record) for record in self.support.records]

    def _decisions(self):
        draw, decisions = self.draw, {}
        settles = lambda: self.period * draw.choice([1, 2, 3, 6, 12, 24, 60]) // 12
        for name, kind, odds in (("chair", "office", 1), ("clerk", "office", 0.4), ("core-team", "body", 0.6),
                                 ("conduct", "document", 0.6), ("issues", "ranking", 0.7)):
            if draw.random() > odds:
                continue
            seats = draw.randint(2, 4) if kind == "body" else 1
            decision = Decision(name, kind, rule=self.kernel.votes, seats=seats)
            if kind == "ranking":
                decision.close_after = draw.choice([None, draw.randint(2, 8) * self.period, 30 * DAY])
                decision.floor = draw.choice([0, 500_000])
            else:
                decision.settles = settles()
                decision.nominated_by = Fraction(draw.choice([200, 200, 1000, 50]), 10_000)
            if self.crew and draw.random() < 0.4:
                decision.electorate = ("workers",)
            if draw.random() < 0.3:
                decision.rule = draw.choice(["quadratic", "linear", "approval", "one-member"])
            if kind != "ranking" and draw.random() < 0.25:
                decision.changes = (draw.randint(0, 6), draw.randint(4, 11), 30)
            decisions[name] = decision
        return decisions

    def _control(self):
        """Some co-ops give classes fixed control or caps. Drawn apart, so that other co-ops stay as they are."""
        draw = random.Random(f"control {self.seed}")
        percent, kind = Fraction(draw.choice([1, 10, 33, 40, 75, 99]), 100), draw.choice(["none", "fixed", "at-most"])
        if kind == "fixed" and not self.crew:
            return Control(fixed={"givers": Fraction(1)})
        if kind == "fixed":
            return Control(fixed={"givers": percent, "workers": 1 - percent})
        capped = draw.choice(["givers", "workers"])
        return Control(at_most={capped: percent}) if kind == "at-most" and self.crew else None

    def _control_text(self, name):
        control = self.layer.control or Control()
        said = {"control": control.fixed.get(name), "at-most": control.at_most.get(name)}
        return "".join(f'; {word} "{int(part * 100)}%"' for word, part in said.items() if part is not None)

    def _update_time(self):
        return (2 if self.weekly else None, 13, 7)

    def _after(self, after, rhythm):
        """The first instant of a rhythm, in the co-op's zone, after another. No clock changes at these hours."""
        weekday, hour, minute = rhythm
        day = after.astimezone(ZoneInfo(self.kernel.zone)).date()
        while True:
            at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(self.kernel.zone))
            if at.timestamp() > after.timestamp() and (weekday is None or at.weekday() == weekday):
                return at.astimezone(timezone.utc)
            day += timedelta(days=1)

    def _span(self, at):
        """Seconds from the update before to this one."""
        before = self._after(at - timedelta(days=8), self._update_time())
        while (following := self._after(before, self._update_time())) < at:
            before = following
        return int((at - before).total_seconds())

    def kernel_text(self):
        cap = f'cap "{int(self.kernel.cap * 100)}%"; ' if self.kernel.cap else ""
        cap += f'floor "{self.kernel.floor / MICRO:g} weights"' if self.kernel.floor else ""
        cap = f"    members {{ {cap} }}\n" if cap else ""
        rhythm = "weekly on wednesday at 13:07" if self.weekly else "daily at 13:07"
        classes = ""
        for one in self.kernel.classes:
            roll = f' list="{one.list}"' if one.list else ""
            classes += f'    class "{one.name}"{roll} {{ weight "{one.formula}"; scale "{one.scale}"{self._control_text(one.name)}{one.cap_words()} }}\n'
        return (
            '# Rules\n\n```charter\nkernel {\n    name "model"\n    purpose "Try the count"\n    currency "USD"\n'
            f'    time-zone "{self.kernel.zone}"\n{classes}{cap}    votes "{self.kernel.votes}"\n'
            f'    constitution {{ settles-in "30 days"; updates "{rhythm}" }}\n}}\n```\n'
        )

    def constitution_text(self):
        lines = []
        for one in self.layer.decisions.values():
            among = "" if one.electorate is None else ' electorate="workers"'
            if one.kind == "ranking":
                close = "" if one.close_after is None else (
                    f' close-after "{one.close_after // 3600} hours" floor="{Fraction(one.floor, MICRO).__float__()} votes"')
                rule = "" if one.rule == self.kernel.votes else f'; votes "{one.rule}"'
                lines.append(f'ranking "{one.name}"{among} {{{close}{rule} }}')
                continue
            seats = f" seats={one.seats}" if one.kind == "body" else ""
            rule = "" if one.rule == self.kernel.votes else f'; votes "{one.rule}"'
            share = float(one.nominated_by * 100)
            if one.changes:
                rule += '; changes "weekly on {} at {:02}:{:02}"'.format(WEEKDAYS[one.changes[0]], *one.changes[1:])
            lines.append(
                f'{one.kind} "{one.name}"{seats}{among} {{ settles-in "{one.settles // 3600} hours"; '
                f'nominated-by "{share:g}%"{rule} }}'
            )
        return "# Constitution\n\n```charter\n" + "\n".join(lines) + "\n```\n"

    def acts(self):
        """Some random acts the rules allow now: applied to the model, returned as JSON objects."""
        draw, done, self.back = self.draw, self.back, []
        for _ in range(draw.randint(5, 20)):
            decision = draw.choice(list(self.layer.decisions.values()))
            person = self.voter(decision)
            if draw.random() < 0.12:
                act = draw.choice([self._refund, self._refund, self._list, self._leave])(person)
            elif decision.kind == "ranking":
                act = draw.choice([self._open, self._close] + [self._rank] * 5)(decision, person)
            else:
                choice = [self._stand] * 2 + [self._nominate] * 2 + [self._cast] * 8 + [self._withdraw] * 2 + [self._give]
                act = draw.choice(choice)(decision, person)
            done += act or []
        for act in done:
            self.key += 1
            act["key"] = f"k-{self.seed}-{self.key}"
        return done

    def voter(self, decision):
        return self.draw.choice(sorted(self.crew if decision.electorate else self.people))

    def share(self, person, held):
        """A share that fits in the person's allowance beside all but `held`."""
        left = MICRO - self.layer.placed(person) + held
        return self.draw.choice([left, left // 2, left // 3, min(left, 100_000), self.draw.randint(0, left), 0])

    def _stand(self, decision, person):
        race, name = decision.race, person
        if decision.kind == "document":
            text = f"Document {self.seed}-{len(self.documents)}"
            name = hashlib.sha256(text.encode()).hexdigest()
            self.documents[name] = (text, person)
            act = {"act": "propose_document", "member": person, "decision": decision.name, "document": name, "text": text}
        else:
            act = {"act": "stand", "member": person, "decision": decision.name}
        if name in race.candidates or name in race.nominees:
            return None
        race.nominees[name] = 0
        acts = [act]
        for _ in range(self.draw.randint(0, 3)):
            acts += self._nominate(decision, self.voter(decision), name) or []
        return acts

    def _nominate(self, decision, person, name=None):
        nominees = sorted(decision.race.nominees)
        if not nominees:
            return None
        name = name or self.draw.choice(nominees)
        against = self.draw.random() < 0.2
        held = sum(self.layer.nominations.get((person, decision.name, name, side), 0) for side in (False, True))
        ppm = min(self.share(person, held), self.draw.choice([1_000, 10_000, 100_000]))
        if not ppm and not held:
            return None
        self.layer.nominate(person, decision.name, name, ppm, against)
        return [{"act": "nominate", "member": person, "decision": decision.name, "candidate": name,
                 "share_ppm": ppm, "against": against}]

    def _cast(self, decision, person):
        against = self.draw.random() < 0.25
        _, other = self.layer.ballots.get((person, decision.name, None, not against), (0, {}))
        standing = decision.race.candidates | set(decision.race.nominees)
        free = sorted(name for name in standing if name not in other)
        if not free:
            return None
        held, _ = self.layer.ballots.get((person, decision.name, None, against), (0, {}))
        ppm = self.share(person, held)
        if not ppm and not held:
            return None
        names = self.draw.sample(free, self.draw.randint(1, len(free)))
        some = lambda: MICRO if decision.rule == "approval" else self.draw.randint(1, MICRO)
        scores = {name: self.draw.choice([MICRO, MICRO, some()]) for name in names}
        self.layer.cast(person, decision.name, ppm, scores, against=against)
        return [{"act": "cast_ballot", "member": person, "decision": decision.name, "share_ppm": ppm,
                 "scores": scores if ppm else None, "against": against}]

    def _withdraw(self, decision, person):
        race = decision.race
        if decision.kind == "document":
            mine = [name for name, (_, proposer) in self.documents.items() if proposer == person]
            mine = [name for name in mine if name not in race.holders and (name in race.candidates or name in race.nominees)]
            if not mine:
                return None
            race.remove(mine[0])
            return [{"act": "withdraw_candidacy", "member": person, "decision": decision.name, "document": mine[0]}]
        if person in race.holders:
            act = "resign_seat"
        elif person in race.candidates or person in race.nominees:
            act = "withdraw_candidacy"
        else:
            return None
        race.remove(person)
        return [{"act": act, "member": person, "decision": decision.name}]

    def _give(self, decision, person):
        del decision
        at = micros(self.clock - timedelta(seconds=self.draw.choice([0, 1, self.draw.randint(0, 40 * DAY)])))
        record = Record(person, "donation", self.draw.randint(1, 20_000), "USD", at, f"later-{self.seed}-{len(self.support.records)}")
        self.support.records.append(record)
        return [gift(record)]

    def _refund(self, person):
        """Takes back some of what a member gave."""
        now = micros(self.clock)
        given = [(r, left) for r, left in self.support.of(person, now) if left > 0 and r.given_at + MICRO < now]
        given = [(r, left) for r, left in given if not any(b.of == r.source for b in self.support.reversals)]
        if not given:
            return None
        record, left = self.draw.choice(given)
        amount = self.draw.choice([None, self.draw.randint(1, left)])
        back = Reversal(record.source, amount, self.draw.choice([now, record.given_at + MICRO]))
        self.support.reversals.append(back)
        act = {"act": "reverse_support", "of": back.of, "given_at": iso(back.given_at), "source": "back-" + back.of}
        return [act if amount is None else {**act, "amount": amount}]

    def _list(self, person):
        """Puts a member on the list or takes them off; one stays."""
        if not self.crew or self.crew == {person}:
            return None
        self.crew ^= {person}
        return [{"act": "add_to_list" if person in self.crew else "remove_from_list", "list": "crew", "member": person}]

    def _leave(self, person):
        """A member leaves, with ballots and candidacies."""
        proposer = any(person == who for _, who in self.documents.values())
        if len(self.people) < 4 or self.crew == {person} or proposer or self.draw.random() < 0.5:
            return None
        self.people.remove(person)
        self.crew -= {person}
        layer = self.layer
        layer.ballots = {key: ballot for key, ballot in layer.ballots.items() if key[0] != person}
        layer.nominations = {key: ppm for key, ppm in layer.nominations.items() if key[0] != person}
        for decision in layer.decisions.values():
            if decision.race:
                decision.race.remove(person)
        return [{"act": "end_membership", "member": person}]

    def _close(self, decision, person):
        del person
        if not decision.items:
            return None
        item = self.draw.choice(sorted(decision.items))
        self.layer.drop_item(decision, item)
        return [{"act": "close_item", "decision": decision.name, "item": item}]

    def _open(self, decision, person):
        del person
        item = str(self.draw.randint(1, 9))
        if item in decision.items:
            return None
        decision.items[item] = {"low_since": micros(self.clock)}
        return [{"act": "open_item", "decision": decision.name, "item": item}]

    def _rank(self, decision, person):
        if not decision.items:
            return self._open(decision, person)
        item, against = self.draw.choice(sorted(decision.items)), self.draw.random() < 0.25
        held = sum(self.layer.ballots.get((person, decision.name, item, side), (0,))[0] for side in (False, True))
        ppm = self.share(person, held)
        if not ppm and not held:
            return None
        self.layer.cast(person, decision.name, ppm, item=item, against=against)
        return [{"act": "cast_ballot", "member": person, "decision": decision.name, "item": item, "share_ppm": ppm,
                 "scores": None, "against": against}]

    def update_some(self):
        """Runs some updates, and the change times between them, in the model; returns the instant of the last."""
        for _ in range(self.draw.randint(1, 9)):
            self.changes_before(self.next)
            rows = self.kernel.weights(self.support, {"crew": self.crew}, micros(self.next), self.people)
            weights = {m: (weight, self._belongs(m, self.kernel.divided(weight, earned))) for m, (weight, earned) in rows.items()}
            self.layer.period = self._span(self.next)
            self.said = self.layer.update(micros(self.next), weights)
            self.clock, self.next = self.next, self._after(self.next, self._update_time())
        return self.clock

    def _belongs(self, member, classes):
        """A member's classes: those on whose list they are, and those without a list in which they have weight."""
        lists = {one.name: one.list for one in self.kernel.classes}
        return {name: w for name, w in classes.items() if (member in self.crew if lists[name] else w)}

    def changes_before(self, end):
        """Makes the change times that decisions have of their own."""
        changing = [d for d in self.layer.decisions.values() if d.changes]
        while changing:
            due = {d.name: self._after(self.clock, d.changes) for d in changing}
            first = min(due.values())
            if first >= end:
                return
            for decision in changing:
                if due[decision.name] == first:
                    self.layer.change(decision)
            self.clock = first

    def wait(self):
        """Goes on to a moment before anything is due, for the next acts."""
        due = [self.next] + [self._after(self.clock, d.changes) for d in self.layer.decisions.values() if d.changes]
        self.clock += timedelta(seconds=int((min(due) - self.clock).total_seconds() * self.draw.random() * 0.9))
        return self.clock


def micros(at):
    return (at - EPOCH) // timedelta(microseconds=1)


def gift(record):
    amount = {"amount": record.amount, "unit" if record.kind == "hours" else "currency": record.unit}
    return {"act": "record_support", "member": record.member, "kind": record.kind, "given_at": iso(record.given_at),
            "amount": amount, "source": record.source}
