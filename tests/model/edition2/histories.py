"""Random co-ops of edition 2, applied to the model as they are made up."""

import random
from datetime import timedelta
from fractions import Fraction

from edition2.layer import Layer2
from edition2.race import Race
from edition2.weights import MICRO, Weighed
from histories import DAY, FORMULAS, History, gift, micros
from model_elections import Decision
from rochdale_model import Record


class WholeVotes:
    """Members place a whole vote on each decision that takes nothing from the shared allowance."""

    deciding = None

    def _nominate(self, decision, person, name=None):
        self.deciding = decision
        return super()._nominate(decision, person, name)

    def _cast(self, decision, person):
        self.deciding = decision
        return super()._cast(decision, person)

    def _rank(self, decision, person):
        self.deciding = decision
        return super()._rank(decision, person)

    def _withdraw(self, decision, person):
        """As in edition 1, but for a text that others with a hundredth of all weight score above 0."""
        if decision.kind in ("document", "constitution") and self.carried(decision):
            return None
        return super()._withdraw(decision, person)

    def carried(self, decision):
        """Whether anybody scores a text there: then the model leaves withdrawals alone."""
        return any(key[1] == decision.name and key[2] is None and not key[3] for key in self.layer.ballots)

    def share(self, person, held):
        left = max(0, MICRO - self.layer.placed_beside(person, self.deciding) + held)
        return self.draw.choice([left, left // 2, left // 3, min(left, 100_000), self.draw.randint(0, left), 0])


class History2(WholeVotes, History):
    """A random co-op of edition 1's kinds, counted by edition 2; in some, hours give weight and are entered late."""

    formulas = FORMULAS + ["hours(last month) / 1 hour", "(hours(last month) / 1 hour + donated(last month) / 1 USD) / 2"]

    def __init__(self, seed):
        self.refunders = set()  # since the last update
        super().__init__(seed)
        layer, self.kernel.falls = self.layer, True
        for one in self.kernel.classes:
            one.cap = random.Random(f"cap {seed} {one.name}").choice([None, None, Fraction(1, 5)])
        self.weighed = Weighed(self.kernel)
        for decision in layer.decisions.values():
            if decision.race:
                decision.race = Race(decision.kind, [None] * decision.seats, decision.settles)
        self.layer = Layer2(layer.decisions, layer.period, control=layer.control, classes=layer.classes)

    def _support(self):
        support = super()._support()
        for place in range(self.draw.randint(0, 12)):
            support.records.append(self.worked(self.draw.choice(self.people), self.draw.randint(0, 200 * DAY), f"hours-{place}"))
        return support

    def worked(self, person, ago, source):
        at = micros((self.clock if hasattr(self, "clock") else self.born) - timedelta(seconds=ago))
        return Record(person, "hours", self.draw.choice([3600, self.draw.randint(1, 400_000)]), "second", at, source)

    def _give(self, decision, person):
        if self.draw.random() < 0.5:
            return super()._give(decision, person)
        record = self.worked(person, self.draw.randint(0, 120 * DAY), f"late-{self.seed}-{len(self.support.records)}")
        self.support.records.append(record)
        return [gift(record)]

    def seconds(self, at):
        return micros(at) // MICRO

    def _stand(self, decision, person):
        before = set(decision.race.nominees)
        acts = super()._stand(decision, person)
        for name in set(decision.race.nominees) - before:
            decision.race.stood_at[name] = micros(self.clock) / MICRO
            decision.race.first.setdefault(name)
        return acts

    def _refund(self, person):
        acts = super()._refund(person)
        if acts:
            self.refunders.add(person)
        return acts

    def update_some(self):
        for _ in range(self.draw.randint(1, 9)):
            self.changes_before(self.next)
            at = self.next
            rows = self.weighed.rows(self.support, {"crew": self.crew}, micros(at), self.people, keep=True)
            rows = {m: (weight, self._belongs(m, classes)) for m, (weight, classes) in rows.items()}
            self.layer.period = self._span(at)
            self.said = self.layer.update(self.seconds(at), rows, self.refunders)
            self.refunders = set()
            self.clock, self.next = at, self._after(at, self._update_time())
        return self.clock

    def changes_before(self, end):
        changing = [d for d in self.layer.decisions.values() if d.changes]
        while changing:
            due = {d.name: self._after(self.clock, d.changes) for d in changing}
            first = min(due.values())
            if first >= end:
                return
            for decision in changing:
                if due[decision.name] == first:
                    self.layer.change(decision, self.seconds(first))
            self.clock = first


class ManyTexts(History2):
    """A co-op with one document and more texts than it has places for: entered ones, nominees, and those that wait."""

    def __init__(self, seed):
        self.begun = False
        super().__init__(seed)

    def _decisions(self):
        decision = Decision("conduct", "document", rule=self.kernel.votes, settles=self.period * self.draw.choice([1, 3, 6]))
        decision.nominated_by = Fraction(self.draw.choice([5, 20, 50, 200]), 10_000)
        return {"conduct": decision}

    def acts(self):
        if not self.begun:
            self.begun = True
            decision, texts = self.layer.decisions["conduct"], []
            for place in range(self.draw.randint(101, 115)):
                texts += self._stand(decision, self.people[place % len(self.people)])
            for person in self.people:
                texts += self._cast(decision, person) or []
            self.back += texts
        return super().acts()

    def _cast(self, decision, person):
        """Scores at most a hundred texts, mostly with small shares, so that many stay nominees."""
        race, against = decision.race, self.draw.random() < 0.25
        _, other = self.layer.ballots.get((person, decision.name, None, not against), (0, {}))
        free = sorted(name for name in race.candidates | set(race.nominees) if name not in other)
        if not free:
            return None
        self.deciding = decision
        held, _ = self.layer.ballots.get((person, decision.name, None, against), (0, {}))
        ppm = self.share(person, held)
        if not ppm and not held:
            return None
        names = self.draw.sample(free, min(len(free), self.draw.choice([1, 10, 60, 100])))
        some = lambda: MICRO if decision.rule == "approval" else self.draw.choice([MICRO, self.draw.randint(1, MICRO), self.draw.randint(1, 50_000)])
        scores = {name: some() for name in names}
        self.layer.cast(person, decision.name, ppm, scores, against=against)
        return [{"act": "cast_ballot", "member": person, "decision": decision.name, "share_ppm": ppm,
                 "scores": scores if ppm else None, "against": against}]
