"""A co-op of edition 4 between updates: its register, ballots, decisions, and what each update and change time says."""

from dataclasses import dataclass

from edition2.race import Race
from edition2.weights import Capacity, both_sides, votes_of
from edition3.records import Records
from edition3.weights import Weigher
from edition4.accepting import Accepting
from edition4.commitments import sha
from edition4.periods import MICRO
from edition4.pools import Money
from edition4.releases import Releases
from model_elections import scored
from rochdale_model import local

WHOLE = 1_000_000
ROOT = "constitution"


@dataclass
class Count:
    totals: dict  # candidate or item → votes
    behind: dict  # candidate → members with votes above 0 for it
    attention: dict  # nominee → votes for letting them in
    refusal: dict


class Coop:
    def __init__(self, kernel, rules, founded):
        self.kernel, self.zone, self.founded = kernel, kernel.zone, founded
        self.kernel_hash = sha(kernel.text())
        self.records, self.weigher, self.money = Records(kernel.zone), Weigher(kernel), Money()
        self.ever, self.people, self.crew, self.refunded = [], [], set(), set()
        self.ballots, self.nominations = {}, {}
        self.texts = {rules.hash: rules}
        self.race, self.column = Race("document", [rules.hash], kernel.settles), Capacity(kernel.settles, kernel.votes)
        self.race.enter(rules.hash)
        self.rules, self.decisions, self.clauses = rules, {}, {}
        self.releases = Releases(kernel.zone, kernel.reads())
        self.now, self.last_update = founded, None
        self.log, self.said = [], []  # [(kind, moment, words)]
        self.next_update = kernel.rhythm.after(founded, kernel.zone)
        self.lay_out(rules, founded)
        self.said = []

    # Who, and with what.

    def number(self, member):
        return self.ever.index(member)

    def rule(self, name):
        return self.kernel.votes if name == ROOT else self.clauses[name].rule or self.kernel.votes

    def electorate(self, name):
        return None if name == ROOT else self.clauses[name].electorate

    def each(self, name):
        """Whether a decision takes nothing from the allowance that the others share."""
        said = (None if name == ROOT else self.clauses[name].allowance) or self.kernel.allowance
        return said == "each" if said else self.rule(name) != "quadratic"

    def open_decisions(self):
        return [ROOT, *self.decisions]

    def may_vote(self, name, member):
        among = self.electorate(name)
        if among is None:
            return True
        those = [one for one in self.kernel.classes if one.name in among]
        counted = self.weigher.counted
        return any(member in self.crew if one.list else counted.get(one.name, {}).get(member, 0) > 0 for one in those)

    def weighs(self, name, rows):
        """{member: what counts of their weight in a decision}, of one update's rows."""
        among, rule = self.electorate(name), self.rule(name)
        if rule == "one-member":
            belongs = lambda one, m, parts: m in self.crew if one.list else parts[one.name] > 0
            those = [one for one in self.kernel.classes if among is None or one.name in among]
            return {m: WHOLE if among is None or any(belongs(one, m, parts) for one in those) else 0 for m, (_, parts) in rows.items()}
        if among is None:
            return {m: weight for m, (weight, _) in rows.items()}
        return {m: sum(parts[one] for one in among) for m, (_, parts) in rows.items()}

    def placed_beside(self, member, name):
        together = [name] if self.each(name) else [one for one in self.open_decisions() if not self.each(one)]
        own = [ppm for key, (ppm, _) in self.ballots.items() if key[0] == member and key[1] in together]
        return sum(own) + sum(ppm for key, ppm in self.nominations.items() if key[0] == member and key[1] in together)

    def may_fetch(self, path, name, member):
        """Whether a member may fetch a version now; None is somebody who is nobody."""
        return self.releases.may_fetch(path, name, member, self.people, self.records, self.now, self.heard_for(member))

    def heard_for(self, member):
        """When sources were last heard that are silent now, and for which it is held whether a member is a patron."""
        kernel, weigher = self.kernel, self.weigher
        for source in weigher.sources.values():
            kinds = set(source.kinds) & set(self.releases.read)
            if source.holds(self.now) and any(one.hold and one.kinds() & kinds for one in kernel.classes):
                if weigher.refunds.get(member, -1) < source.heard:
                    yield source.heard

    def carried(self, name, candidate, proposer, item=False):
        """Whether others for it have a hundredth of all weight or more."""
        weight = self.weigher.weight
        fits = lambda key, scores: key[2] == candidate if item else key[2] is None and scores.get(candidate, 0) > 0
        behind = {key[0] for key, (_, scores) in self.ballots.items() if key[1] == name and not key[3] and key[0] != proposer and fits(key, scores)}
        return 100 * sum(weight.get(member, 0) for member in behind) >= max(1, sum(weight.values()))

    # Counting.

    def count(self, name, weighs, nominees):
        sides, rule, counted = {}, self.rule(name), Count({}, {}, {}, {})
        for (member, where, item, against), (ppm, scores) in self.ballots.items():
            if where == name and item is None:
                sides.setdefault(member, {})[against] = (ppm, scores)
            elif where == name:
                votes = votes_of(weighs.get(member, 0), rule, ppm)
                counted.totals[item] = counted.totals.get(item, 0) + (-votes if against else votes)
        for member, both in sides.items():
            shares = [both.get(side, (0, {}))[0] for side in (False, True)]
            for (against, sign), votes in zip(((False, 1), (True, -1)), both_sides(weighs.get(member, 0), *shares, rule)):
                for candidate, score in both.get(against, (0, {}))[1].items():
                    some = scored(votes, score)
                    if candidate in nominees:
                        table = counted.refusal if against else counted.attention
                        table[candidate] = table.get(candidate, 0) + some
                    counted.totals[candidate] = counted.totals.get(candidate, 0) + sign * some
                    if some > 0 and not against:
                        counted.behind[candidate] = counted.behind.get(candidate, 0) + 1
        for (member, where, candidate, against), ppm in self.nominations.items():
            if where == name and candidate in nominees:
                table = counted.refusal if against else counted.attention
                table[candidate] = table.get(candidate, 0) + votes_of(weighs.get(member, 0), rule, ppm)
        return counted

    # Time.

    def next_due(self):
        """(instant, 0 for an update or 1 for a change time) of what comes next."""
        dues = [(one.due(), 1) for one in self.decisions.values() if one.kind in ("commitment", "pool") and one.due() is not None]
        return min(dues + [(self.next_update, 0)])

    def advance(self, at):
        """Makes all that is due up to an instant."""
        while self.next_due()[0] <= at:
            due, kind = self.next_due()
            self.now, self.said = due, []
            if kind == 0:
                self.update(due)
            else:
                self.deadlines(due)
                self.cycles(due)
            self.log.append(("change" if kind else "update", due, self.said))
        self.now = at

    def deadlines(self, at):
        for name, one in self.decisions.items():
            if one.kind == "commitment" and one.due() == at:
                option, by = one.decide(at)
                shares = self.free(lambda key: key[1] == name)
                self.said.append(f"commitment-taken {name} {option} by {by} freed {len(shares)}")
                self.accept_credit(one, option, by, at)
                self.say_shares(name, shares)

    def cycles(self, at):
        """Pools whose cycle ends are shared out."""
        for one in self.nodes("pool"):
            if one.due() == at:
                self.said += one.share_out(at, self.groups(), self.money, self.freeing(one))

    def nodes(self, kind):
        return [one for one in self.decisions.values() if one.kind == kind]

    def groups(self):
        return {"crew": self.crew}

    def freeing(self, one):
        """Takes the ballots on an item away; returns how many."""
        return lambda item: len([self.ballots.pop(key) for key in list(self.ballots) if key[1:3] == (one.name, item)])

    def accept_credit(self, one, option, by, at):
        """Credit becomes support: it is of the period's last instant, and weighs from the next update on."""
        accepted = one.accepted(option, by) if isinstance(one, Accepting) else None
        if accepted is None:
            return
        first, end, rows = accepted
        day = local(first, self.zone).date()
        for member, micro in rows.items():
            self.records.add(member=member, kind="credit", amount=micro, at=end - 1, source=f"credit/{day}/{member}", recorded=at)
        self.said.append(f"credit-accepted {one.name} {day} members {len(rows)} micro {sum(rows.values())}")

    def say_shares(self, name, shares, always=False):
        """A whole vote on one decision took nothing from others, so that nobody is told of it."""
        if always or not self.each(name):
            self.said += [f"share-freed {name} {member} {ppm}" for member, ppm in sorted(shares.items(), key=lambda one: self.number(one[0]))]

    def free(self, fits):
        """Takes ballots and nominations away; returns {member: ppm}."""
        shares = {}
        for key in [key for key in self.ballots if fits(key)]:
            shares[key[0]] = shares.get(key[0], 0) + self.ballots.pop(key)[0]
        for key in [key for key in self.nominations if fits(key)]:
            shares[key[0]] = shares.get(key[0], 0) + self.nominations.pop(key)
        return shares

    def update(self, at):
        rows = self.weigher.update(at, list(self.people), {"crew": self.crew}, self.records, {}, {}, self.founded, [])
        self.said += [f"release-opened {path} {version}" for path, version in self.releases.update(self.records, at)]
        period = (at - self.kernel.rhythm.before(at, self.zone)) // MICRO
        ended = [(ROOT, name) for name in self.count_rules(at, rows, period)]
        for name, one in self.decisions.items():
            weighs = self.weighs(name, rows)
            if one.kind in ("ranking", "pool"):
                one.count(self.count(name, weighs, ()).totals, period)
            elif one.kind == "requests":
                self.count_requests(one, weighs, period)
            else:
                ended += [(name, option) for option in self.count_options(one, weighs, at, period)]
        for name in self.open_decisions():
            self.say_shares(name, self.free_nominations(name, ended), always=True)
        for one in self.nodes("pool"):
            one.note_eligible(at, self.groups())
        self.take_over(at)
        self.serve(at)
        self.refunded, self.last_update = set(), at
        self.next_update = self.kernel.rhythm.after(at, self.zone)

    def count_requests(self, one, weighs, period):
        rule, own = self.rule(one.name), {}
        for (member, where, item, against), (ppm, _) in self.ballots.items():
            if where == one.name and not against:
                own.setdefault(item, {})[member] = votes_of(weighs.get(member, 0), rule, ppm)
        capacity = sum(votes_of(weight, rule) for weight in weighs.values())
        one.count(self.count(one.name, weighs, ()).totals, own, capacity, period)

    def pool_of(self, one):
        """The pool that requests are for, where it is open."""
        pool = self.decisions.get(one.terms.of)
        return pool if pool is not None and pool.kind == "pool" else None

    def free_nominations(self, name, ended):
        shares = {}
        for key in [key for key in self.nominations if key[1] == name and (name, key[2]) in ended]:
            shares[key[0]] = shares.get(key[0], 0) + self.nominations.pop(key)
        return shares

    def count_options(self, one, weighs, at, period):
        rule = self.rule(one.name)
        capacity = sum(votes_of(weight, rule) for weight in weighs.values())
        counted = self.count(one.name, weighs, one.nominees())
        standing = sorted(one.nominees(), key=lambda name: one.options[name].place)
        entered, dropped = one.update(at, counted.totals, counted.attention, counted.refusal, capacity, period)
        self.say_standing(one.name, standing, entered, dropped)
        return entered + dropped

    def say_standing(self, name, standing, entered, dropped):
        for option in standing:
            if option in entered:
                self.said.append(f"candidate-entered {name} {option}")
            elif option in dropped:
                self.said.append(f"nominee-dropped {name} {option}")

    def count_rules(self, at, rows, period):
        """The constitution's own election, as docs/spec/elections.md has it; returns the nominations that ended."""
        race, weighs, now = self.race, self.weighs(ROOT, rows), at // MICRO
        told = self.past_a_quarter()
        race.size = self.column.update(weighs, period, self.refunded)
        race.refunded(*self.column.taken_back)
        counted = self.count(ROOT, weighs, race.nominees)
        standing = sorted(race.nominees, key=list(race.first).index)
        entered, dropped = race.attend(now, counted.attention, counted.refusal, self.kernel.nominated_by, period)
        self.say_standing(ROOT, standing, entered, dropped)
        race.settle(now, counted.totals, race.size, period, counted.behind)
        gains = self.past_a_quarter() - told
        self.said += [f"challenger-gains {ROOT} {name}" for name in sorted(gains, key=list(race.first).index)]
        self.said += [f"candidate-left {ROOT} {name}" for name in race.leave_unwanted(now)]
        return entered + dropped

    def past_a_quarter(self):
        race = self.race
        return {name for name in race.challengers() if race.full > 0 and 4 * race.buckets.get(name, 0) >= race.full}

    def take_over(self, at):
        for words in self.race.change(at // MICRO):
            winner, gone = words.split(" for ")
            self.said.append(f"seat-taken {ROOT} {winner} from {gone}")
            if winner != self.rules.hash:
                self.deadlines(at)  # those of this very instant are carried out by the earlier rules
                self.cycles(at)
                self.lay_out(self.texts[winner], at)

    def serve(self, at):
        rankings = self.nodes("ranking")
        for one in rankings:
            ballots = self.ballots_of(one)
            for item, amount, unit in one.serve(at):
                self.said.append(f"item-served {one.name} {item} {amount} {unit} freed {ballots.get(item, 0)}")
                self.free(lambda key: key[1:3] == (one.name, item))
        for one in self.nodes("requests"):
            self.said += one.look(at, self.pool_of(one), self.money, self.freeing(one))
        for one in rankings:
            ballots = self.ballots_of(one)
            for item in one.close_low(at):
                self.said.append(f"item-closed {one.name} {item} freed {ballots.get(item, 0)}")
                self.free(lambda key: key[1:3] == (one.name, item))

    def ballots_of(self, one):
        found = {}
        for key in self.ballots:
            if key[1] == one.name and key[2] is not None:
                found[key[2]] = found.get(key[2], 0) + 1
        return found

    def leave(self, member):
        """A member leaves: pledges are held for them again, and what they asked for is taken back."""
        self.people.remove(member)
        self.crew.discard(member)
        for one in self.nodes("pool"):
            for name, project in one.asking().items():
                self.money.held[member] += project.pledges.pop(member, 0)
                if project.by == member:
                    self.take_back(one, name)
        for one in self.nodes("requests"):
            for name, request in one.asking().items():
                if request.by == member:
                    self.take_back(one, name)
        self.free(lambda key: key[0] == member)

    def take_back(self, one, name):
        """A project or a request is taken back."""
        if one.kind == "pool":
            one.end(name, self.money)
        else:
            one.end(name)
        one.items[name].back = self.now
        self.free(lambda key: key[1:3] == (one.name, name))

    # Rules.

    def lay_out(self, rules, at):
        """Another text is in force: decisions stay, open and close."""
        before, self.rules = dict(self.clauses), rules
        clauses = {one.name: one for one in rules.clauses}
        deciding = {name: one for name, one in clauses.items() if one.kind != "release"}
        each = {name: self.each(name) for name in self.decisions}
        gone = [name for name, one in self.decisions.items() if name not in deciding or deciding[name].kind != one.kind]
        stay = {name: one for name, one in self.decisions.items() if name not in gone}
        self.said += [self.decisions[name].close(self.money) for name in gone if before[name].kind == "pool"]
        self.clauses = {**clauses}
        closed = []
        for name in gone:
            shares = self.free(lambda key: key[1] == name)
            closed.append(f"decision-closed {name} freed {len(shares)}")
            if not each[name]:
                closed += [f"share-freed {name} {member} {ppm}" for member, ppm in sorted(shares.items(), key=lambda one: self.number(one[0]))]
        self.decisions, past = stay, []
        for name, clause in deciding.items():
            if name in stay:
                past += [name] * bool(stay[name].amend(clause.terms, at))
            else:
                self.decisions[name] = clause.opens()(name, clause.terms, self.zone, at)
                self.said.append(f"decision-opened {name}")
        self.said += closed
        for name in sorted(past, key=list(self.decisions).index):
            self.say_shares(name, self.free(lambda key: key[1] == name))
        self.releases.clauses = {name: one.terms for name, one in clauses.items() if one.kind == "release"}
        self.said.append(f"rules-changed {self.rules_hash()}")
        if before:
            self.scale_down()

    def rules_hash(self):
        return sha(f"{self.kernel_hash}\n{self.rules.hash}\n")

    def scale_down(self):
        """Where a member's shares of one allowance are more than the whole, all are scaled down."""
        together = {name for name in self.open_decisions() if not self.each(name)}
        placed = {}
        for key, (ppm, _) in self.ballots.items():
            placed[key[0]] = placed.get(key[0], 0) + (ppm if key[1] in together else 0)
        for key, ppm in self.nominations.items():
            placed[key[0]] = placed.get(key[0], 0) + (ppm if key[1] in together else 0)
        scaled = lambda key, ppm: ppm * WHOLE // placed[key[0]] if key[1] in together and placed[key[0]] > WHOLE else ppm
        ballots = {key: (scaled(key, ppm), scores) for key, (ppm, scores) in self.ballots.items()}
        self.ballots = {key: one for key, one in ballots.items() if one[0]}
        nominations = {key: scaled(key, ppm) for key, ppm in self.nominations.items()}
        self.nominations = {key: ppm for key, ppm in nominations.items() if ppm}
