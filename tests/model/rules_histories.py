"""Random co-ops whose rules change: constitutions in constitutions, other kernels by assent, offices with powers."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from histories import DAY, History, gift, micros
from model_elections import Control
from model_fork import share, taken_from
from model_rules import ROOT, Clause, KernelRules, Proposal, Rules, Tree, period_of, sha
from rochdale_model import MICRO, Class, Kernel, Record, Support, local

FORMULAS = ["donated(ever) / 1 USD", "donated(last month) / 1 USD", "if donated(ever) > 20 USD then 20 else donated(ever) / 1 USD", "1"]
NAMES = {"office": ["chair", "clerk"], "body": ["core", "chair"], "document": ["conduct", "wiki"], "ranking": ["issues", "wiki"],
         "constitution": ["team", "docs", "team"]}
ACCOUNTS = ["assets:bank", "assets:cash", "assets:debt", "liabilities:loan", "income:gifts", "expenses:rent", "equity:start"]
# Of one member, as long as they stand: docs/spec/adoption.md.
MOST_TEXTS = 3


@dataclass
class Fork:
    """A fork that is announced."""

    kernel: KernelRules
    rules: Rules
    going: set


class RulesHistory(History):
    """One random co-op whose rules change, and the model of it. Its seeds are its own."""

    tree_type = Tree
    floors_change = False  # whether a ranking that stays may get another floor

    def __init__(self, seed):
        draw = self.draw = random.Random(f"rules {seed}")
        self.seed, self.key, self.salt = seed, 0, 0
        self.people = [f"member-{number:03}" for number in range(1, draw.randint(3, 8) + 1)]
        self.numbers = list(self.people)  # in order of admission, those who left too
        self.lists = {"crew": set(draw.sample(self.people, draw.randint(1, len(self.people)))), "elders": set()}
        self.born = datetime(2021, 1, 1, 5, 0, tzinfo=timezone.utc) + timedelta(days=draw.randint(0, 1500))
        self.floor = draw.choice([0, 500_000])
        self.zone = draw.choice(["UTC", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
        self.pseudonym, self.documents = {}, {}
        self.support = self._support()
        self.layer = None
        kernel = self.some_kernel(founding=True)
        rules = self.some_rules(kernel.above(), founding=True)
        self.layer = self.tree_type(kernel, rules)
        self.founded_on = (kernel, rules)
        self.at_end, self.weights, self.last, self.other_rhythm = [], {}, None, False
        self.spent, self.log, self.authority, self.booked = [], [], [], {}
        self.forks = {}  # those announced
        self.clock, self.next = self.born, self._after(self.born, self._update_time())
        self.back = self._gifts()

    # Fields that the used parts of `History` read.

    @property
    def kernel(self):
        return self.layer.kernel.weighing

    @property
    def crew(self):
        return self.lists["crew"]

    def _update_time(self):
        return self.layer.kernel.rhythm

    # Texts.

    def some_kernel(self, founding=False):
        draw = self.draw
        self.salt += 1
        classes = [Class("givers", draw.choice(FORMULAS), None, draw.choice(["none", "none", "sqrt"]))]
        if draw.random() < 0.8:
            classes.append(Class("workers", draw.choice(["1", "3", "if count(workers) == 1 then highest(givers) else 2"]), "crew"))
        if draw.random() < 0.3:
            classes.append(Class("elders", draw.choice(["1", "2"]), "elders"))
        weighing = Kernel(classes, cap=draw.choice([None, None, Fraction(2, 5)]), floor=draw.choice([0, 0, MICRO // 2]),
                          votes=draw.choice(["quadratic", "quadratic", "linear"]), zone=self.zone)
        kernel = KernelRules(weighing, f"{self.seed}-{self.salt}")
        names = [one.name for one in classes]
        percent = Fraction(draw.choice([10, 40, 75]), 100)
        kind = draw.choice(["none", "none", "none", "fixed", "at-most"])
        if kind == "fixed" and len(names) == 2:
            kernel.control = Control(fixed={names[0]: percent, names[1]: 1 - percent})
        elif kind == "at-most" and len(names) > 1:
            kernel.control = Control(at_most={draw.choice(names): percent})
        kernel.settles = draw.choice([6, 24, 48, 72]) * 3600
        kernel.nominated_by = Fraction(draw.choice([100, 200, 1000]), 10_000)
        kernel.rhythm = draw.choice([(None, 13, 7), (None, 13, 7), (None, 15, 11), (2, 13, 7), (4, 15, 11)])
        kernel.changes = (draw.randint(0, 6), draw.randint(4, 11), 30) if draw.random() < 0.15 else None
        kernel.may = draw.choice([None, None, None, ("spend", "keep-list", "close-issue")])
        kernel.limit = draw.choice([None, (draw.randint(200, 2000) * 100, draw.choice(["month", "quarter", "week"]))])
        half, third = Fraction(1, 2), Fraction(1, 3)
        ways = [(2 * third, None, 2), (half, None, 1), (half, third, 1), (Fraction(3, 5), Fraction(1, 10), 3), (half, None, 10),
                (2 * third, None, 1)]
        kernel.amend = draw.choice(ways + [None if draw.random() < 0.3 else (half, None, 1)])
        kernel.carries = draw.choice([("register", "ledger", "rules")] * 3 + [("register",), ("ledger", "rules"), ("register", "ledger")])
        kernel.treasury = draw.choice(["by weight of those who go"] * 4 + ["by head", "by head", "none"])
        return kernel

    def some_rules(self, above, founding=False, depth=0):
        """A text that mostly checks: its limits are small parts of the one above."""
        draw, clauses = self.draw, []
        self.salt += 1
        for kind, odds in (("office", 0.8), ("body", 0.6), ("document", 0.4), ("ranking", 0.5), ("constitution", 0.8 if depth < 2 else 0.2),
                           ("office", 0.4), ("constitution", 0.3)):
            if draw.random() > odds and not (founding and not clauses):
                continue
            name = draw.choice(NAMES[kind])
            if any(one.name == name for one in clauses):
                continue
            clauses.append(self.some_clause(name, kind, above, 0.04 if not founding else 0))
        rules = Rules(clauses or [Clause("chair", "office", settles=3600)], f"{self.seed}-{self.salt}")
        return self.some_rules(above, founding, depth) if founding and not above.allows(rules) else rules

    def some_clause(self, name, kind, above, wrong):
        draw = self.draw
        clause = Clause(name, kind, rule=draw.choice(["quadratic", "linear", "approval", "one-member"]) if draw.random() < 0.25 else None)
        electorate = above.electorate or above.classes
        if draw.random() < 0.3:
            clause.electorate = tuple(draw.sample(electorate, draw.randint(1, len(electorate))))
        if draw.random() < wrong:
            clause.electorate = (draw.choice(["workers", "elders"]),)
        if kind == "ranking":
            if draw.random() < 0.6 or (self.floor and not self.floors_change):
                clause.close_after, clause.floor = draw.randint(1, 6) * DAY, draw.choice([0, 500_000]) if self.floors_change else self.floor
            return clause
        if kind != "constitution" or draw.random() < 0.7:
            clause.settles = draw.choice([2, 6, 12, 24, 48]) * 3600
        clause.nominated_by = Fraction(draw.choice([50, 200, 1000]), 10_000) if draw.random() < 0.5 else None
        clause.changes = (draw.randint(0, 6), draw.randint(4, 11), 30) if draw.random() < 0.2 else None
        clause.seats = draw.randint(1, 4) if kind == "body" else 1
        if kind == "document":
            return clause
        from_above = sorted(above.powers - {"spend"}) if draw.random() > wrong else ["merge", "close-issue", "keep-list"]
        clause.may = tuple(draw.sample(from_above, draw.randint(0, min(2, len(from_above)))))
        if "keep-list" in above.powers and draw.random() < 0.4:
            clause.may = tuple(dict.fromkeys(clause.may + ("keep-list",)))
        if "spend" in above.powers and draw.random() < 0.75:
            if above.limit:
                minor, period = above.limit
                clause.limit = (max(1, minor // draw.choice([2, 4, 5, 8])), draw.choice([period, period, "year"]))
            elif draw.random() < 0.7:
                clause.limit = (draw.randint(10, 400) * 100, draw.choice(["day", "week", "month", "quarter", "year"]))
            else:
                clause.may += ("spend",)
        return clause

    # Acts.

    def acts(self):
        draw, done, self.back = self.draw, self.back, []
        for _ in range(draw.randint(6, 20)):
            decisions = list(self.layer.decisions.values())
            decision, person = draw.choice(decisions), draw.choice(self.people)
            chance = draw.random()
            if chance < 0.07:
                done += draw.choice([self._refund, self._list, self._leave])(person) or []
            elif chance < 0.17:
                done += draw.choice([self._kernel, self._assent])(person) or []
            elif chance < 0.24:
                done += self._book() or []
            elif chance < 0.27:
                done += self._fork(person) or []
            elif chance < 0.45:
                done += self._campaign(draw.choice([d for d in decisions if d.race and (d.kind == "constitution" or draw.random() < 0.4)])) or []
            else:
                person = self.voter(decision)
                if person is None:
                    continue
                if decision.kind == "ranking":
                    done += draw.choice([self._open, self._close] + [self._rank] * 5)(decision, person) or []
                else:
                    choice = [self._stand] * 3 + [self._nominate] * 2 + [self._cast] * 8 + [self._withdraw] + [self._give]
                    done += draw.choice(choice)(decision, person) or []
        done += self.together()
        return [self.keyed(act) for act in done]

    def together(self):
        """Acts of several, from edition 2 on."""
        return []

    def keyed(self, act):
        self.key += 1
        return {**act, "key": f"k-{self.seed}-{self.key}"}

    def voters(self, decision):
        """Members who surely may vote there."""
        if decision.electorate is None:
            return sorted(self.people)
        rolls = {one.name: one.list for one in self.kernel.classes}
        return [m for m in sorted(self.people) if any(
            m in self.lists[rolls[name]] if rolls[name] else self.weights.get(m, (0, {}))[1].get(name) for name in decision.electorate)]

    def voter(self, decision):
        among = self.voters(decision)
        return self.draw.choice(among) if among else None

    def _open(self, decision, person):
        acts = super()._open(decision, person)
        decision.ever.update({act["item"]: None for act in acts or []})
        return acts

    def _nominate(self, decision, person, name=None):
        return super()._nominate(decision, person, name) if person else None

    def _stand(self, decision, person):
        if decision.kind != "constitution":
            acts = super()._stand(decision, person)
            decision.stood.update({name: None for name in decision.race.nominees})
            return acts
        rules = self.some_rules(self.layer.above(decision), depth=decision.name.count("/") + (decision.name != ROOT))
        act = {"act": "propose_document", "member": person, "decision": decision.name, "text": rules.text}
        if sum(decision.proposers.get(name) == person for name in decision.race.candidates | set(decision.race.nominees)) >= MOST_TEXTS:
            return [{**act, "refused": "R046"}]
        if not self.layer.above(decision).allows(rules):
            return [{**act, "refused": "R049"}]
        decision.texts[rules.hash], decision.proposers[rules.hash] = rules, person
        decision.race.nominees[rules.hash] = decision.stood[rules.hash] = 0
        self.documents[rules.hash] = (rules.text, person)
        return [act]

    def _campaign(self, decision):
        """Many members turn to one text, so that rules do change; sometimes a new one."""
        person, acts = self.voter(decision), []
        if person is None:
            return None
        held = set(decision.race.holders)
        standing = sorted((decision.race.candidates | set(decision.race.nominees)) - held)
        if not standing or self.draw.random() < 0.35:
            acts = self._stand(decision, person) or []
            standing = sorted((decision.race.candidates | set(decision.race.nominees)) - held)
        if not standing:
            return acts
        name = self.draw.choice(standing)
        for person in self.voters(decision):
            if self.draw.random() < 0.2:
                continue
            key = (person, decision.name, None, False)
            mine, _ = self.layer.ballots.get(key, (0, {}))
            if name in self.layer.ballots.get((person, decision.name, None, True), (0, {}))[1]:
                continue
            ppm = min(max(0, MICRO - self.layer.placed(person) + mine), self.draw.choice([200_000, 400_000, 700_000]))
            if ppm:
                self.layer.cast(person, decision.name, ppm, {name: MICRO})
                acts.append({"act": "cast_ballot", "member": person, "decision": decision.name, "share_ppm": ppm, "scores": {name: MICRO}})
        return acts

    def _withdraw(self, decision, person):
        if decision.kind != "constitution":
            return super()._withdraw(decision, person)
        race = decision.race
        mine = [n for n in sorted(race.candidates | set(race.nominees)) if decision.proposers.get(n) == person and n not in race.holders]
        if not mine:
            return None
        race.remove(mine[0])
        return [{"act": "withdraw_candidacy", "member": person, "decision": decision.name, "document": mine[0]}]

    def _list(self, person):
        readable = sorted({one.list for one in self.kernel.classes if one.list})
        if not readable:
            return None
        return [self.listed(self.draw.choice(readable), person)]

    def listed(self, name, person):
        self.lists[name] ^= {person}
        return {"act": "add_to_list" if person in self.lists[name] else "remove_from_list", "list": name, "member": person}

    def _leave(self, person):
        mine = any(person == who for _, who in self.documents.values()) or any(person == one.proposer for one in self.layer.proposals)
        if len(self.people) < 3 or mine or self.draw.random() < 0.5:
            return None
        self.gone(person)
        return [{"act": "end_membership", "member": person}]

    def gone(self, person):
        self.people.remove(person)
        for members in self.lists.values():
            members.discard(person)
        layer = self.layer
        layer.ballots = {key: ballot for key, ballot in layer.ballots.items() if key[0] != person}
        layer.nominations = {key: ppm for key, ppm in layer.nominations.items() if key[0] != person}
        for one in layer.proposals:
            one.assents.discard(person)
        for decision in layer.decisions.values():
            if decision.race:
                decision.race.remove(person)
        self.stays(person)

    def _kernel(self, person):
        kernel, tree = self.some_kernel(), self.layer
        act = {"act": "propose_document", "member": person, "decision": "kernel", "text": kernel.text}
        if not tree.kernel.amend:
            return [{**act, "refused": "R047"}]
        if sum(one.proposer == person for one in tree.proposals) >= MOST_TEXTS:
            return [{**act, "refused": "R046"}]
        if not tree.stands_under(tree.decisions[ROOT], kernel.above()):
            return [{**act, "refused": "R049"}]
        if len(tree.proposals) > 3:
            return None
        tree.proposals.append(Proposal(kernel, person))
        return [act] + [a for who in sorted(self.people) if self.draw.random() < 0.85 for a in self._assent(who, tree.proposals[-1])]

    def _assent(self, person, one=None):
        if one is None and not self.layer.proposals:
            return None
        one = one or self.draw.choice(self.layer.proposals)
        one.assents ^= {person}
        return [{"act": "assent", "member": person, "document": one.kernel.hash, "assent": person in one.assents}]

    # Forks.

    def _fork(self, person):
        if not self.forks or (len(self.forks) < 3 and self.draw.random() < 0.2):
            return self._announce(person)
        name = self.draw.choice(sorted(self.forks))
        going, act = self.forks[name].going, {"act": "join_fork", "member": person, "fork": name}
        if self.draw.random() < 0.2:
            if person not in going:
                return [{**act, "going": False, "refused": "R063"}]
            self.stays(person)
            return [{**act, "going": False}]
        if any(person in one.going for one in self.forks.values()):
            return [{**act, "going": True, "refused": "R062"}]
        going.add(person)
        return [{**act, "going": True}]

    def _announce(self, person):
        tree = self.layer
        kernel = self.some_kernel() if self.draw.random() < 0.7 else tree.kernel
        in_force = tree.decisions[ROOT].in_force()
        keep = kernel is tree.kernel or (kernel.above().allows(in_force) and self.draw.random() < 0.4)
        rules = in_force if keep else self.some_rules(kernel.above(), founding=True)
        self.salt += 1
        name = f"fork-{self.salt}"
        act = {"act": "announce_fork", "member": person, "fork": name, "kernel_text": kernel.text, "constitution_text": rules.text}
        if any(person in one.going for one in self.forks.values()):
            return [{**act, "refused": "R062"}]
        if "rules" not in tree.kernel.carries and (kernel is tree.kernel or rules is in_force):
            return [{**act, "refused": "R064"}]
        self.forks[name] = Fork(kernel, rules, {person})
        return [act]

    def stays(self, person):
        for one in self.forks.values():
            one.going.discard(person)
        self.forks = {name: one for name, one in self.forks.items() if one.going}

    def complete(self, name):
        """The leaving members leave; returns the fork, its members in order of admission, and the division of the money."""
        fork, kernel = self.forks.pop(name), self.layer.kernel
        going = [member for member in self.numbers if member in fork.going]
        weights = {member: self.weights.get(member, (0,))[0] for member in self.people}
        amount = share(self.booked, kernel.treasury, going, weights, self.people)
        taken = taken_from(self.booked, amount)
        lists = {roll: set(members) for roll, members in self.lists.items()}
        self.booking([(account, -minor) for account, minor in taken.items()] + ([(f"equity:fork:{name}", amount)] if amount else []))
        for member in going:
            self.gone(member)
        return fork, going, kernel.carries, lists, amount

    divided = []  # reversals of gifts that the last fork divided, from edition 2 on

    def due(self):
        """Names of the forks that can be completed now."""
        return sorted(self.forks)

    def with_divided(self, acts, fork, coop):
        """The beginning of a new log with the reversals of divided gifts in it."""
        del fork, coop
        return acts

    # The book.

    def entry(self, postings):
        self.salt += 1
        return {"act": "book_entry", "at": "2020-01-01", "source": f"book-{self.seed}-{self.salt}", "narration": "moved", "currency": "USD",
                "postings": [{"account": account, "minor": minor} for account, minor in postings]}

    def booking(self, postings):
        for account, minor in postings:
            self.booked[account] = self.booked.get(account, 0) + minor

    def _book(self):
        there, back = self.draw.sample(ACCOUNTS, 2)
        minor = self.draw.choice([self.draw.randint(1, 50_000), 100_000])
        if self.draw.random() < 0.7:
            there, back = "assets:bank", "income:gifts"
        postings = [(there, minor), (back, -minor)]
        self.booking(postings)
        return [self.entry(postings)]

    def by_office(self):
        """Returns acts that members try by the powers of their offices: [(member, act, authority, or the refusal's number)]."""
        draw, tried = self.draw, []
        tries = self.tries()
        for _ in range(draw.randint(0, 4)):
            able = [(who, power) for power in [*tries, "spend"] for who in sorted(self.people) if self.layer.offices(who, power)]
            person, power = draw.choice(able) if able and draw.random() < 0.85 else (draw.choice(self.people), draw.choice(sorted(tries)))
            tried.append((person, *tries[power](person)))
        return [(person, self.keyed(act), said) for person, act, said in tried if act]

    def tries(self):
        """{power: the try of an act by it}."""
        return {"spend": self.spend, "keep-list": self.keep, "close-issue": self.items}

    def spend(self, person):
        draw, today = self.draw, self.today()
        offices = self.layer.offices(person, "spend")
        room = [self.room(node, today) for node in offices]
        known = [left for left in room if left is not None]
        most = max(known) if known and None not in room else 50_000
        minor = max(1, draw.choice([most, most + 1, most // 2, draw.randint(1, 20_000)]))
        split = minor // 3
        postings = [("expenses:rent", minor), ("assets:bank", split - minor)] + ([("liabilities:loan", -split)] if split else [])
        if draw.random() < 0.1:
            postings = [("equity:start", minor), ("assets:bank", -minor)]
            return self.entry(postings), "R001"
        together = False  # whether a body could, together
        for node, left in zip(offices, room):
            if left is None or left >= minor:
                if not self.acts_alone(node):
                    together = True
                    continue
                self.booking(postings)
                self.spent.append((node.name, today, minor))
                return self.entry(postings), f"{node.kind} {node.name}"
        return self.entry(postings), "R089" if together else "R051" if offices else "R001"

    def today(self):
        return local(micros(self.clock), self.zone).date()

    def acts_alone(self, node):
        """Whether one seat does what its office or body may do."""
        del node
        return True

    def kept_by_offices(self):
        return True

    def right(self, said):
        """The log's word for an act that the operator hands in for the holder of `said`."""
        return said

    def room(self, node, today):
        """Returns the sum that an office may still spend today; None is without limit."""
        lefts = []
        for path, (minor, period) in self.layer.limits(node):
            bound = lambda one: one == path if path == node.name else one.startswith(path)
            lefts.append(minor - sum(m for one, day, m in self.spent if bound(one) and period_of(day, period) == period_of(today, period)))
        return min(lefts) if lefts else None

    def keep(self, person):
        readable = sorted({one.list for one in self.kernel.classes if one.list})
        if not readable:
            return None, None
        offices, name, other = self.layer.offices(person, "keep-list"), self.draw.choice(readable), self.draw.choice(self.people)
        act = self.listed(name, other)
        if not offices or not self.kept_by_offices():
            self.listed(name, other)
            return act, "R001"
        return act, f"{offices[0].kind} {offices[0].name}"

    def items(self, person):
        rankings = [n for n in self.layer.decisions.values() if n.kind == "ranking"]
        if not rankings:
            return None, None
        ranking = self.draw.choice(rankings)
        inside = lambda n: n.parent == ROOT or ranking.name.startswith(n.parent + "/")
        offices = [n for n in self.layer.offices(person, "close-issue") if inside(n)]
        item = str(self.draw.randint(1, 9))
        act = {"act": "close_item" if item in ranking.items else "open_item", "decision": ranking.name, "item": item}
        if not offices:
            return act, "R001"
        if not self.acts_alone(offices[0]):
            return act, "R089"
        if item in ranking.items:
            self.layer.drop_item(ranking, item)
        else:
            ranking.items[item] = {"low_since": micros(self.clock)}
            ranking.ever[item] = None
        return act, f"{offices[0].kind} {offices[0].name}"

    # Time.

    def one_update(self):
        """The change times that are due and then one update; returns its instant."""
        self.changes_before(self.next)
        at, tree = micros(self.next), self.layer
        self.weights = self.weighed(at)
        tree.period = self._span(self.next)
        if self.other_rhythm:
            tree.period = min(tree.period, (at - micros(self.last)) // MICRO)
            self.other_rhythm = False
        before = tree.rules_hash()
        if tree.update(at, self.weights):
            self.weights, self.other_rhythm = self.weighed(at), True
        self.log.append(("update", at, before, list(tree.said)))
        self.clock = self.last = self.next
        self.next = self._after(self.next, self._update_time())
        return self.clock

    def shown(self):
        """Weights as a report gives them after the last update."""
        return self.weights

    def weights_there(self, kernel, support, lists, at, members):
        """Weights of a co-op that began by a fork, at its update at `at`."""
        return kernel.weighing.weights(support, lists, at, members)

    def weighed(self, at):
        rows = self.kernel.weights(self.support, self.lists, at, self.people)
        return {m: (weight, self._belongs(m, self.kernel.divided(weight, earned))) for m, (weight, earned) in rows.items()}

    def _belongs(self, member, classes):
        lists = {one.name: one.list for one in self.kernel.classes}
        return {name: w for name, w in classes.items() if (member in self.lists[lists[name]] if lists[name] else w)}

    def changes_before(self, end):
        while True:
            changing = {n.name: (n, n.changes) for n in self.layer.decisions.values() if n.changes}
            times = {name: self._after(self.clock, rhythm) for name, (_, rhythm) in changing.items()}
            first = min(times.values(), default=end)
            if first >= end:
                return
            before, self.layer.at = self.layer.rules_hash(), micros(first)
            self.layer.change_due({name: both for name, both in changing.items() if times[name] == first})
            self.log.append(("change", micros(first), before, list(self.layer.said)))
            self.clock = first
