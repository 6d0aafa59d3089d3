"""Rules that change under edition 2: the tree of decisions, other kernels by two keys, forks with what was given at most."""

import random
from fractions import Fraction

from edition2.care import Keys, enough, fork_share
from edition2.histories import WholeVotes
from edition2.layer import Layer2
from edition2.race import DAY, NOBODY, Race
from edition2.together import Together
from edition2.weights import MICRO, Weighed, both_sides, votes_of
from histories import micros
from model_fork import taken_from, whole_share
from model_rules import ROOT, Node, Tree
from rochdale_model import Reversal, iso
from rules_histories import RulesHistory


AT_MOST = ", what they gave at most"


def past_a_quarter(race):
    """Challengers, and nobody, whose bucket is a quarter full or more."""
    def past(level):
        return race.full > 0 and 4 * level >= race.full
    return {name for name, level in race.buckets.items() if past(level)} | {NOBODY for level in race.empties.values() if past(level)}


class Node2(Node):
    """A decision in the tree with a race of edition 2."""

    allowance = None

    def __post_init__(self):
        if self.kind != "ranking":
            kind = "document" if self.kind == "constitution" else self.kind
            self.race = Race(kind, [None] * self.seats, 0)

    def full(self):
        return self.race.full if self.race.counted_at is not None else 0


class Tree2(Tree, Layer2):
    """All decisions of a co-op of edition 2, by path in order of opening."""

    def __init__(self, *texts):
        self.low_since = {}  # kernel → instant since which less than a hundredth of all weight assents
        super().__init__(*texts)

    admits_since = None  # when somebody who may admit was first seated, in seconds
    campaign = None  # the decision on which shares are being placed
    counted_under = None  # the kernel of the last update's counts
    rows = ()  # [(seconds, {member: weight before the cap})] of all updates

    def placed(self, member):
        return self.placed_beside(member, self.campaign) if self.campaign else super().placed(member)

    def node(self, *fields, **more):
        return Node2(*fields, **more)

    def terms(self):
        super().terms()
        self.least, self.decisions[ROOT].allowance = self.kernel.least, self.kernel.allowance
        self.settled_in(self.decisions[ROOT])

    def adopt(self, node, parent, clause):
        super().adopt(node, parent, clause)
        node.allowance = clause.allowance or self.kernel.allowance
        if node.race:
            self.settled_in(node)

    def settled_in(self, node):
        """Another settling time or way of counting: buckets keep their percentage at the next update."""
        node.race.next_settles = node.settles

    def in_new_force(self, begin, node):
        super().in_new_force(begin, node)
        self.scale_down()

    # Updates.

    def update(self, at, weights, refunded=()):
        self.at, self.said, now, self.counted_under = at, [], at // MICRO, self.kernel
        nodes, counts = list(self.decisions.values()), {}
        for node in nodes:
            node.counted_as, node.counted_after = (node.electorate, node.rule), node.close_after
            node.size, votes = self.measure(node, weights, refunded, now)
            self.measured[node.name] = votes
            counts[node.name] = self.count(node, votes)
        self.prune()
        self.totals, self.last = {name: one.totals for name, one in counts.items()}, counts
        self.hold(at, weights)
        for node in nodes:
            if node.kind != "ranking":
                self.fill(node, counts[node.name], now)
        self.history.note_ahead(now, self.period)
        order = {name: place for place, name in enumerate(self.decisions)}
        freed = sorted(self.free_ended(), key=lambda one: (order[one[0]], self.number(one[1:])))
        self.said += [f"share-freed {decision} {member} {ppm}" for decision, member, ppm in freed]
        for node in nodes:
            if node.kind != "ranking" and self.decisions.get(node.name) is node and node.changes is None:
                self.take_seats(node, now)
        self.said += self.history.take_effect(at)
        for node in nodes:
            if node.kind == "ranking" and self.decisions.get(node.name) is node:
                ballots = {item: sum(key[1:3] == (node.name, item) for key in self.ballots) for item in node.items}
                for item in sorted(self.close_items(node, self.totals[node.name], now), key=list(node.ever).index):
                    self.said.append(f"item-closed {node.name} {item} freed {ballots[item]}")
        changed = self.amend(at)
        self.said += self.history.lapse(at)
        self.note_admits(now)
        self.stood = dict(self.ballots)
        return changed

    def measure_since(self, node):
        """Under rules that came into force since the counts, votes are those by these rules, with the capacities of now."""
        if self.kernel is self.counted_under and node.counted_as == (node.electorate, node.rule):
            return super().measure_since(node)
        own = self.own(node, self.history.weights)
        if self.control is None:
            return lambda m, plus, minus: both_sides(own[None].get(m, 0), plus, minus, node.rule)
        of, _ = self.factors_of(own, {c: sum(votes_of(w, node.rule) for w in weights.values()) for c, weights in own.items()})
        return lambda m, plus, minus: self.cast_by_class(node, own, of, m, plus, minus)

    def fill(self, node, one, now):
        race = node.race
        told = past_a_quarter(race)
        counted_otherwise = node.rule != getattr(node, "rule_before", node.rule)
        if race.next_settles != race.settles or counted_otherwise:
            race.resettle(race.next_settles, node.size)
        else:
            self.refunded(node)
        node.rule_before, race.size = node.rule, node.size
        standing = sorted(race.nominees, key=list(node.stood).index)
        entered, dropped = race.attend(now, one.attention, one.refusal, node.nominated_by, self.period)
        for name in standing:
            if name in entered:
                self.said.append(f"candidate-entered {node.name} {name}")
            elif name in dropped:
                self.said.append(f"nominee-dropped {node.name} {name}")
        self.ended += [(node.name, name) for name in entered + dropped]
        race.settle(now, one.totals, node.size, self.period, one.behind)
        gains = past_a_quarter(race) - told
        # A text that was in force from the start never stood, and has the first place.
        order = list(node.stood)
        for name in sorted(gains - {NOBODY}, key=lambda name: order.index(name) if name in order else -1) + sorted(gains & {NOBODY}):
            self.said.append(f"challenger-gains {node.name} {name}")
        for name in race.leave_unwanted(now):
            self.said.append(f"candidate-left {node.name} {name}")

    def take_seats(self, node, now, *taken_back):
        before = node.race.seats[0]
        for words in node.race.change(now, *taken_back):
            winner, gone = words.split(" for ")
            taken = f"seat-taken {node.name} {winner} from {'nobody' if gone == 'None' else gone}"
            self.said.append(f"seat-vacated {node.name} from {gone}" if winner == NOBODY else taken)
        if node.kind == "constitution" and node.race.seats[0] != before:
            self.in_new_force(self.lay_out, node)

    def change_due(self, due):
        self.said = []
        for name, (node, rhythm) in due.items():
            if self.decisions.get(name) is node and node.changes == rhythm and node.race.counted_at is not None:
                self.take_seats(node, self.at // MICRO, *self.taken_back(node))
        self.said += self.history.lapse(self.at)
        self.note_admits(self.at // MICRO)

    def seat(self, node, seats):
        race, totals = node.race, self.totals.get(node.name, {})
        race.seats += [None] * (seats - len(race.seats))
        while len(race.seats) > seats:
            free = [place for place, name in enumerate(race.seats) if name is None]
            lowest = min(range(len(race.seats)), key=lambda place: (totals.get(race.seats[place], 0), -place))
            place = free[-1] if free else lowest
            gone = race.lose(place)
            if gone is not None:
                race.begin_again(gone)
                self.said.append(f"seat-vacated {node.name} from {gone}")

    def close(self, node):
        """No weight comes free with a decision that takes nothing from the shared allowance; one that opens under the path is another."""
        super().close(node)
        self.former.pop(node.name, None)
        if self.each(node):
            place, words = self.closing.pop()
            self.closing.append((place, words[:1]))

    def number(self, one):
        """Names of newcomers are made when they are proposed, and their numbers when they are admitted."""
        return self.history.numbers.index(one[0])

    def offices(self, person, power):
        """One seat that acts alone comes before those that act together."""
        return sorted(super().offices(person, power), key=lambda node: len(node.race.seats) > 1)

    # Another kernel: a half is more than a half.

    def hold(self, at, weights):
        whole = sum(weight for weight, _ in weights.values())
        for one in list(self.proposals):
            weight = sum(weights[member][0] for member in one.assents if member in weights)
            low = 100 * weight < whole
            if not low:
                self.low_since.pop(one.kernel.hash, None)
            elif at - self.low_since.setdefault(one.kernel.hash, at) >= 30 * DAY * MICRO:
                self.proposals.remove(one)
                self.said.append(f"nominee-dropped kernel {one.kernel.hash}")
                continue
            if not self.is_held(one, weight, whole, weights):
                one.since = None
            elif one.since is None:
                one.since = at

    def is_held(self, one, behind, whole, weights):
        part, each, _ = self.kernel.amend
        if not enough(behind, whole, part):
            return False
        for name in self.classes if each else ():
            all_of = sum(classes.get(name, 0) for _, classes in weights.values())
            theirs = sum(weights[member][1].get(name, 0) for member in one.assents if member in weights)
            if all_of and not enough(theirs, all_of, each):
                return False
        if self.kernel.heads:
            placed = {key[0] for key in [*self.ballots, *self.nominations]}
            keys = Keys(members=self.kernel.heads, active=self.kernel.active)
            counted = keys.counted(self.rows, one.at, self.founded(), set(), placed) & set(weights)
            return enough(len(one.assents & counted), len(counted), self.kernel.heads)
        return True

    def founded(self):
        """The end of the founding period: the second update after the first at which two members have weight."""
        several = [place for place, (_, row) in enumerate(self.rows) if sum(w > 0 for w in row.values()) >= 2]
        ends = self.rows[min(several[0] + 2, len(self.rows) - 1)][0] if several else self.rows[-1][0]
        return ends if self.admits_since is None else min(ends, self.admits_since)

    def note_admits(self, now):
        """The founding period is over when somebody who may admit members is first seated."""
        seated = (n.race.holders and "admit" in n.clause.powers() for n in self.decisions.values() if n.kind in ("office", "body"))
        if self.admits_since is None and any(seated):
            self.admits_since = now


class RulesHistory2(Together, WholeVotes, RulesHistory):
    """A random co-op of edition 2 whose rules change."""

    tree_type = Tree2

    def __init__(self, seed):
        self.rows, self.refunders, self.assented = [], set(), {}
        self.announced, self.left_by_fork = {}, set()
        self.begin_together()
        super().__init__(seed)
        self.layer.rows, self.layer.history = self.rows, self
        self.weighing = Weighed(self.kernel)

    def some_kernel(self, founding=False):
        kernel = super().some_kernel(founding)
        some = random.Random(f"more {kernel.salt}")
        if kernel.amend:
            kernel.heads, kernel.active = some.choice([None, Fraction(1, 2), Fraction(1, 3)]), some.random() < 0.4
        kernel.weighing.falls = True
        for one in kernel.weighing.classes:
            one.cap = some.choice([None, None, Fraction(1, 5), Fraction(2, 5)])
            if one.list and some.random() < 0.4:
                one.formula, one.falls = "hours(last month) / 1 hour", some.choice([None, "by half", "at once"])
            if kernel.control and kernel.control.fixed and some.random() < 0.5:
                kernel.least[one.name] = some.randint(1, 4)
        kernel.allowance, kernel.reserves = some.choice([None, None, "each", "shared"]), some.choice([None, Fraction(3, 10)])
        if kernel.treasury != "none" and random.Random(f"at most {kernel.salt}").random() < 0.5:
            kernel.treasury += AT_MOST
        kernel.kept_by = random.Random(f"kept {kernel.salt}").choice(["members", None])
        return kernel

    def some_clause(self, name, kind, above, wrong):
        clause = super().some_clause(name, kind, above, wrong)
        clause.allowance = random.Random(f"allowance {self.salt} {name}").choice([None, None, None, "each", "shared"])
        if kind == "body" and self.draw.random() < 0.5:
            clause.seats = 3
        if kind in ("office", "body", "constitution"):
            given = [power for power in ("admit", "keep-list", "close-issue") if power in above.powers and self.draw.random() < 0.5]
            clause.may = tuple(dict.fromkeys([*clause.may, *given]))
        if kind == "office" or kind == "body" and clause.seats < 3:  # a mistake where a list feeds a seat
            clause.may = tuple(power for power in clause.may if power != "keep-list")
        if kind == "body" and clause.seats > 1 and clause.powers() and self.draw.random() < 0.4:
            clause.acts_by = self.draw.randint(2, clause.seats)
        return clause

    def acts_alone(self, node):
        """A body of several seats acts by more than half of them."""
        return len(node.race.seats) == 1

    def keep(self, person):
        """No seat alone keeps a list: bodies act together."""
        act, said = super().keep(person)
        if act is None or any(one.act == {name: act[name] for name in one.act} for one in self.coming if "list" in one.act):
            return None, None
        if said != "R001":
            self.listed(act["list"], act["member"])  # undone
            said = "R089"
        return act, said

    def tries(self):
        return {**super().tries(), "admit": self.draw.choice([self.admit, self.take_back])}

    def kept_by_offices(self):
        return self.layer.kernel.kept_by != "members"

    def right(self, said):
        return f"desk {said}"

    def _kernel(self, person):
        acts = super()._kernel(person)
        for one in self.layer.proposals:
            one.at = micros(self.clock) // MICRO if one.at is None else one.at
        return acts

    def _campaign(self, decision):
        self.layer.campaign = decision
        acts = super()._campaign(decision)
        self.layer.campaign = None
        return acts

    def _assent(self, person, one=None):
        acts = super()._assent(person, one)
        for act in acts or []:
            given = [hash for hash in self.assented.get(person, []) if hash != act["document"]]
            self.assented[person] = given + [act["document"]] if act["assent"] else given
        standing = {p.kernel.hash: p for p in self.layer.proposals if person in p.assents}
        self.assented[person] = [hash for hash in self.assented.get(person, []) if hash in standing]
        for earliest in self.assented[person][:-3]:  # a fourth ends the earliest
            standing[earliest].assents.discard(person)
        self.assented[person] = self.assented[person][-3:]
        return acts

    def _stand(self, decision, person):
        before = set(decision.race.nominees)
        acts = super()._stand(decision, person)
        for name in set(decision.race.nominees) - before:
            decision.race.stood_at[name] = micros(self.clock) / MICRO
            decision.race.first.setdefault(name)
        return acts

    def _refund(self, person):
        acts = super()._refund(person)
        self.refunders |= {person} if acts else set()
        return acts

    def _list(self, person):
        acts = super()._list(person)
        if acts and acts[0]["act"] == "remove_from_list":
            self.lapse_silently()
        return acts

    def _leave(self, person):
        acts = super()._leave(person)
        if acts:
            self.lapse_silently()
        return acts

    def _withdraw(self, decision, person):
        acts = self.withdraw_text(decision, person) if decision.kind in ("document", "constitution") else super()._withdraw(decision, person)
        if acts and "refused" not in acts[0]:
            self.lapse_silently()
        return acts

    def withdraw_text(self, decision, person):
        """A text leaves by its proposer, unless others with a hundredth of all weight score it above 0."""
        race, by = decision.race, {name: who for name, (_, who) in self.documents.items()}
        mine = [n for n in sorted(race.candidates | set(race.nominees)) if by.get(n) == person and n not in race.holders]
        if not mine:
            return None
        act = {"act": "withdraw_candidacy", "member": person, "decision": decision.name, "document": mine[0]}
        others = {key[0] for key, (_, scores) in self.layer.ballots.items()
                  if key[1:] == (decision.name, None, False) and key[0] != person and scores.get(mine[0])}
        if self.hundredth(others):
            return [{**act, "refused": "R085"}]
        race.remove(mine[0])
        return [act]

    def hundredth(self, members):
        """Whether members have a hundredth of all weight, by the last update."""
        behind, whole = sum(self.weights.get(m, (0,))[0] for m in members), sum(weight for weight, _ in self.weights.values())
        return behind > 0 and 100 * behind >= whole

    def _cast(self, decision, person):
        return self.refused_ballot(decision, person) if self.draw.random() < 0.05 else super()._cast(decision, person)

    def refused_ballot(self, decision, person):
        """A ballot beyond the allowance, or one that names a candidate who is on the other ballot."""
        standing = sorted(decision.race.candidates | set(decision.race.nominees))
        against = self.draw.random() < 0.5
        _, other = self.layer.ballots.get((person, decision.name, None, not against), (0, {}))
        held, _ = self.layer.ballots.get((person, decision.name, None, against), (0, {}))
        left = MICRO - self.layer.placed_beside(person, decision) + held
        both = sorted(set(standing) & set(other))
        free = sorted(set(standing) - set(other))
        act = {"act": "cast_ballot", "member": person, "decision": decision.name, "against": against}
        if both and left > 0:
            return [{**act, "share_ppm": min(left, 1000), "scores": {both[0]: MICRO}, "refused": "R021"}]
        if free and left < MICRO:
            return [{**act, "share_ppm": left + 1, "scores": {free[0]: MICRO}, "refused": "R017"}]
        return None

    def shown(self):
        return self.weighed(micros(self.clock)) if self.took_effect else self.weights

    def weights_there(self, kernel, support, lists, at, members):
        return Weighed(kernel.weighing).rows(support, lists, at, members)

    def weighed(self, at, keep=False):
        if self.kernel is not self.weighing.kernel:
            self.weighing = self.weighing.under(self.kernel)
        rows = self.weighing.rows(self.support, self.lists, at, self.people, keep)
        if keep:
            self.rows.append((at // MICRO, self.weighing.sums))
        return {m: (weight, self._belongs(m, classes)) for m, (weight, classes) in rows.items()}

    # Forks.

    def _announce(self, person):
        before = set(self.forks)
        acts = super()._announce(person)
        for name in set(self.forks) - before:
            self.announced[name] = (micros(self.clock) // MICRO, {m: w for m, (w, _) in self.weights.items() if m in self.people}, self.last is not None)
        return acts

    def due(self):
        """Forks are completed at the first update 30 days after the announcement, or later."""
        return [name for name in sorted(self.forks) if self.last and micros(self.last) // MICRO >= self.announced[name][0] + 30 * DAY]

    def given(self, member):
        """[(record, minor units that are left)] of what a member gave, in the order of the log."""
        return [(r, left) for r, left in self.support.of(member, micros(self.clock)) if r.kind == "donation" and left > 0]

    def complete(self, name):
        fork, kernel = self.forks.pop(name), self.layer.kernel
        _, then, _ = self.announced.pop(name)
        going = [member for member in self.numbers if member in fork.going]
        then = {m: w for m, w in then.items() if m not in self.left_by_fork}
        now = {m: self.weights.get(m, (0,))[0] for m in self.people}
        if kernel.treasury.startswith("by head"):
            then = dict.fromkeys(then, 1)
            now = {m: 1 for m in now if m in then}
        gave = {m: sum(left for _, left in self.given(m)) for m in going} if kernel.treasury.endswith(AT_MOST) else None
        part = lambda weights: (sum(weights.get(m, 0) for m in going), sum(weights.values()))
        balance = whole_share(self.booked)
        amount = 0 if kernel.treasury == "none" else fork_share(balance, 0, part(then), part(now), gave, kernel.reserves)
        taken = taken_from(self.booked, amount)
        lists = {roll: set(members) for roll, members in self.lists.items()}
        self.booking([(account, -minor) for account, minor in taken.items()] + ([(f"equity:fork:{name}", amount)] if amount else []))
        self.divided_records = self.divide(amount, going)
        self.divided = [back for _, _, back in self.divided_records]
        for member in going:
            self.gone(member)
        self.lapse_silently()
        self.left_by_fork |= set(going)
        return fork, going, kernel.carries, lists, amount

    def divide(self, amount, going):
        """Reversals of the gifts that a share divides: in proportion to what each gave, as far as they gave anything."""
        gave = {member: sum(left for _, left in self.given(member)) for member in going}
        whole = sum(gave.values())
        if not whole:
            return []
        parts = {m: amount * one // whole for m, one in gave.items()}
        order = sorted(going, key=lambda m: -(amount * gave[m] % whole))  # stable: the lower number first
        for member in order[: amount - sum(parts.values())]:
            parts[member] += 1
        reversals = []
        for member in going:
            rest = min(parts[member], gave[member])
            for record, left in self.given(member):
                if rest:
                    reversals.append((member, record, Reversal(record.source, min(rest, left), micros(self.clock))))
                    rest -= reversals[-1][2].amount
        return reversals

    def with_divided(self, acts, fork, coop):
        # The log has keyed hashes of sources, so a record is found by what else it says; of equal ones the earlier comes first.
        copied = {}
        for body in (body for kind, body in acts if kind == "record_support"):
            fact = (body["member"], body["kind"], body["amount"]["amount"], body["given_at"])
            copied.setdefault(fact, []).append(body["source"])
        facts = [((self.pseudonym[member], record.kind, record.amount, iso(record.given_at)), one) for member, record, one in self.divided_records]
        found = [(copied[fact].pop(0), one) for fact, one in facts if copied.get(fact)]
        more = [("reverse_support", {"of": of, "amount": one.amount, "given_at": iso(one.given_at), "source": f"fork:{coop}:{fork}:{place}"})
                for place, (of, one) in enumerate(found, start=1)]
        place = next((n for n, (kind, _) in enumerate(acts) if kind == "book_entry"), len(acts))
        return acts[:place] + more + acts[place:]

    # Time.

    def one_update(self):
        self.changes_before(self.next)
        at, tree = micros(self.next), self.layer
        self.weights = self.weighed(at, keep=True)
        tree.period = self._span(self.next)
        if self.other_rhythm:
            tree.period = min(tree.period, (at - micros(self.last)) // MICRO)
            self.other_rhythm = False
        before, self.took_effect = tree.rules_hash(), False
        if tree.update(at, self.weights, self.refunders):
            self.weights, self.other_rhythm = self.weighed(at), True
            self.weighing.rows(self.support, self.lists, at, self.people, keep=True)  # a record that begins with the new rules
        self.refunders = set()
        self.log.append(("update", at, before, list(tree.said)))
        self.clock = self.last = self.next
        self.next = self._after(self.next, self._update_time())
        return self.clock
