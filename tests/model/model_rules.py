"""Rules that change: texts in force, the tree of decisions that they define, and another kernel by assent.

Written from mechanisms.md §5, docs/spec/adoption.md and docs/spec/powers.md. The meaning of a text is known because it was
made here; the model never reads a charter. A choice the texts leave open is marked `choice`.
"""

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction

from model_elections import NOBODY, Decision, Layer, entry_level
from rochdale_model import MICRO, Kernel

ROOT = "constitution"
POWERS = ("admit", "close-issue", "keep-list", "merge", "moderate", "publish", "release", "spend")
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
PERIODS = ("day", "week", "month", "quarter", "year")
TOUCHES = {  # how often an inner period can touch an outer one
    ("day", "week"): 7, ("day", "month"): 31, ("day", "quarter"): 92, ("day", "year"): 366, ("week", "month"): 6,
    ("week", "quarter"): 14, ("week", "year"): 54, ("month", "quarter"): 3, ("month", "year"): 12, ("quarter", "year"): 4,
}


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def rhythm_words(rhythm):
    weekday, hour, minute = rhythm
    return ("daily" if weekday is None else f"weekly on {WEEKDAYS[weekday]}") + f" at {hour:02}:{minute:02}"


def limit_words(limit):
    minor, period = limit
    return f"{minor // 100}.{minor % 100:02} USD per {period}"


@dataclass
class Clause:
    """A clause of a constitution; None is a field that the text leaves out."""

    name: str
    kind: str  # office, body, document, constitution, ranking
    settles: int = None  # seconds
    seats: int = 1
    rule: str = None
    nominated_by: Fraction = None
    electorate: tuple = None
    changes: tuple = None
    close_after: int = None
    floor: int = 0
    may: tuple = ()
    limit: tuple = None  # (minor units, calendar period)
    allowance: str = None  # from edition 2 on
    acts_by: int = None  # so many of a body's seats act for it, from edition 2 on

    def powers(self):
        return set(self.may) | ({"spend"} if self.limit else set())

    def words(self):
        seats = f" seats={self.seats}" if self.kind == "body" else ""
        said = []
        if self.electorate:
            said.append("electorate " + " ".join(f'"{name}"' for name in self.electorate))
        if self.settles:
            said.append(f'settles-in "{self.settles // 3600} hours"')
        if self.rule:
            said.append(f'votes "{self.rule}"')
        if self.allowance:
            said.append(f'allowance "{self.allowance}"')
        if self.nominated_by:
            said.append(f'nominated-by "{float(self.nominated_by * 100):g}%"')
        if self.changes:
            said.append(f'changes "{rhythm_words(self.changes)}"')
        if self.close_after:
            said.append(f'close-after "{self.close_after // 3600} hours" floor="{self.floor / MICRO} votes"')
        said += [f'may "{power}"' for power in self.may if power != "spend" or not self.limit]
        if self.limit:
            said.append(f'limits {{ spend "{limit_words(self.limit)}" }}')
        if self.acts_by:
            said.append(f'acts-by "{self.acts_by} of {self.seats}"')
        return f'{self.kind} "{self.name}"{seats} {{ {"; ".join(said)} }}'


class Rules:
    """A constitution's text and its meaning."""

    def __init__(self, clauses, salt):
        self.clauses = clauses
        self.text = f"# Rules {salt}\n\n```charter\n" + "\n".join(one.words() for one in clauses) + "\n```\n"
        self.hash = sha(self.text)


@dataclass
class KernelRules:
    """A kernel's text and its meaning."""

    weighing: Kernel
    salt: str
    control: object = None
    settles: int = 24 * 3600
    nominated_by: Fraction = Fraction(2, 100)
    rhythm: tuple = (None, 13, 7)
    changes: tuple = None
    may: tuple = None  # None is every power
    limit: tuple = None
    amend: tuple = None  # (part of weight, part of each class or None, days); None is never
    allowance: str = None  # from edition 2 on, like the next ones
    least: dict = field(default_factory=dict)  # class → `from` of its control
    reserves: Fraction = None
    active: bool = False  # whether only members with a ballot count by heads
    heads: Fraction = None  # part of the members who must assent too, from edition 2 on
    carries: tuple = ("register", "ledger", "rules")
    treasury: str = "by weight of those who go"
    kept_by: str = None  # who keeps the lists that classes read, from edition 2 on

    @property
    def text(self):
        rules, classes = self.weighing, ""
        for one in rules.classes:
            roll = f' list="{one.list}"' if one.list else ""
            held = {"control": self.control.fixed, "at-most": self.control.at_most} if self.control else {}
            least = f" from={self.least[one.name]}" if one.name in self.least else ""
            held = "".join(f'; {word} "{int(parts[one.name] * 100)}%"{least}' for word, parts in held.items() if one.name in parts)
            held += one.cap_words()
            held += f'; falls "{one.falls}"' if one.falls else ""
            held += f'; kept-by "{self.kept_by}"' if one.list and self.kept_by else ""
            classes += f'    class "{one.name}"{roll} {{ weight "{one.formula}"; scale "{one.scale}"{held} }}\n'
        bounds = [f'cap "{int(rules.cap * 100)}%"'] if rules.cap else []
        bounds += [f'floor "{rules.floor / MICRO:g} weights"'] if rules.floor else []
        bounds = f'    members {{ {"; ".join(bounds)} }}\n' if bounds else ""
        top = [f'settles-in "{self.settles // 3600} hours"', f'updates "{rhythm_words(self.rhythm)}"',
               f'nominated-by "{float(self.nominated_by * 100):g}%"']
        top += [f'changes "{rhythm_words(self.changes)}"'] if self.changes else []
        top += ["may " + " ".join(f'"{power}"' for power in self.may)] if self.may is not None else []
        top += [f'limits {{ spend "{limit_words(self.limit)}" }}'] if self.limit else []
        amend = "never"
        if self.amend:
            part, each, days = self.amend
            each = f" and {each} of each class" if each else ""
            each += f" and {self.heads} of {'active ' * self.active}members" if self.heads else ""
            amend = f"{part} of weight{each} for {days} days"
        more = f'    allowance "{self.allowance}"\n' if self.allowance else ""
        more += f'    reserves "{int(self.reserves * 100)}%"\n' if self.reserves else ""
        return (
            f'# Kernel {self.salt}\n\n```charter\nkernel {{\n    name "model"\n    purpose "Try the count"\n    currency "USD"\n'
            f'    time-zone "{rules.zone}"\n{classes}{bounds}{more}    votes "{rules.votes}"\n'
            f'    constitution {{ {"; ".join(top)} }}\n    amend "{amend}"\n'
            f'    fork carries="{" ".join(self.carries)}" treasury="{self.treasury}"\n}}\n```\n'
        )

    @property
    def hash(self):
        return sha(self.text)

    def classes(self):
        return tuple(one.name for one in self.weighing.classes)

    def above(self):
        """Returns the rules that the constitution is checked against."""
        return Above(self.classes(), None, set(POWERS if self.may is None else self.may) | ({"spend"} if self.limit else set()), self.limit)


@dataclass
class Above:
    """The rules that a text is checked against."""

    classes: tuple
    electorate: tuple
    powers: set
    limit: tuple

    def below(self, clause):
        return Above(self.classes, clause.electorate or self.electorate, clause.powers(), clause.limit)

    def allows(self, rules):
        """Whether the text checks: electorates, powers, limits."""
        spends = 0
        for one in rules.clauses:
            for name in one.electorate or ():
                if name not in self.classes or (self.electorate and name not in self.electorate):
                    return False
            if one.powers() - self.powers:
                return False
            if "spend" in one.powers() and self.limit:
                if one.limit is None:
                    return False
                spends += one.limit[0] * TOUCHES.get((one.limit[1], self.limit[1]), 1)
        return not self.limit or spends <= self.limit[0]


@dataclass
class Node(Decision):
    """A decision in the tree, under its path."""

    parent: str = None  # path of the decision whose document defines it
    clause: Clause = None
    texts: dict = field(default_factory=dict)  # hash → Rules of what stands here
    proposers: dict = field(default_factory=dict)
    place: int = 0
    ever: dict = field(default_factory=dict)  # items, in order of first opening
    stood: dict = field(default_factory=dict)  # who stood, in order of first standing
    counted: bool = False  # open for at least one update
    filled_at: int = None  # F as the last update had it

    def __post_init__(self):
        super().__post_init__()
        if self.race and self.kind == "constitution":
            self.race.kind = "document"

    def full(self):
        return self.filled_at or 0

    def in_force(self):
        return self.texts.get(self.race.seats[0]) if self.race.seats else None


@dataclass
class Proposal:
    """A kernel that stands for assent."""

    kernel: KernelRules
    proposer: str
    assents: set = field(default_factory=set)
    since: int = None
    at: int = None  # when it was proposed


class Tree(Layer):
    """All decisions of a co-op, by path in order of opening, with the ballots on them."""

    def __init__(self, kernel, constitution):
        super().__init__({}, 0)
        self.kernel, self.proposals, self.said, self.at = kernel, [], [], None
        self.closing, self.places = [], 1
        root = self.node(ROOT, "constitution", clause=None)
        self.decisions[ROOT] = root
        root.race.enter(constitution.hash)
        root.race.seats[0] = constitution.hash
        root.texts[constitution.hash] = constitution
        self.terms()
        self.in_new_force(self.lay_out, root)
        self.said = []

    def node(self, *fields, **more):
        return Node(*fields, **more)

    # Texts in force.

    def terms(self):
        """Sets the constitution's own election, and the inputs of counting, by the kernel in force."""
        root, kernel = self.decisions[ROOT], self.kernel
        root.settles, root.nominated_by, root.changes = kernel.settles, kernel.nominated_by, kernel.changes
        root.rule, self.control, self.classes = kernel.weighing.votes, kernel.control, kernel.classes()

    def above(self, node):
        if node.name == ROOT:
            return self.kernel.above()
        return self.above(self.decisions[node.parent]).below(node.clause)

    def rules_hash(self):
        lines = [self.kernel.hash, self.decisions[ROOT].race.seats[0]]
        inside = [n for n in self.decisions.values() if n.kind == "constitution" and n.name != ROOT and n.in_force()]
        lines += [f"{n.name} {n.in_force().hash}" for n in sorted(inside, key=lambda n: n.name.encode())]
        return sha("".join(line + "\n" for line in lines))

    def in_new_force(self, begin, node):
        """Carries out a new text, or one read again: decisions open, texts are out, and then decisions close."""
        begin(node)
        for _, words in sorted(self.closing):
            self.said += words
        self.closing = []
        self.said.append(f"rules-changed {self.rules_hash()}")

    def children(self, path):
        return [node for node in self.decisions.values() if node.parent == path]

    def lay_out(self, node):
        """The decisions of a text in force: those that stay, that are gone, that are new; then the texts below them."""
        prefix = "" if node.name == ROOT else node.name + "/"
        wanted = {prefix + one.name: one for one in node.in_force().clauses}
        for old in self.children(node.name):
            if old.name not in wanted or wanted[old.name].kind != old.kind:
                self.close(old)
        stay = [old for old in self.children(node.name)]
        for old in stay:
            self.adopt(old, node, wanted[old.name])
        for path, clause in wanted.items():
            if path not in self.decisions:
                new = self.decisions[path] = self.node(path, clause.kind, seats=clause.seats, parent=node.name, opened=self.at, place=self.places)
                self.places += 1
                self.adopt(new, node, clause)
                self.totals[path] = {}
                self.said.append(f"decision-opened {path}")
        for old in stay:
            if old.kind == "constitution":
                self.read_again(old)

    def adopt(self, node, parent, clause):
        node.clause, kernel = clause, self.kernel
        node.electorate = clause.electorate or parent.electorate
        node.rule = clause.rule or kernel.weighing.votes
        node.close_after, node.floor = clause.close_after, clause.floor
        inside = node.kind == "constitution"
        node.settles = clause.settles or (kernel.settles if inside else 0)
        node.nominated_by = clause.nominated_by or (kernel.nominated_by if inside else Fraction(2, 100))
        node.changes = clause.changes or (kernel.changes if inside else None)
        if node.kind == "body":
            self.seat(node, clause.seats)
        node.seats = clause.seats

    def seat(self, node, seats):
        race, totals = node.race, self.totals.get(node.name, {})
        race.seats += [None] * (seats - len(race.seats))
        while len(race.seats) > seats:
            free = [place for place, name in enumerate(race.seats) if name is None]
            lowest = min(range(len(race.seats)), key=lambda place: (totals.get(race.seats[place], 0), -place))
            gone = race.seats.pop(free[-1] if free else lowest)
            if gone is not None:
                race.buckets[gone] = 0
                self.said.append(f"seat-vacated {node.name} from {gone}")

    def close(self, node):
        """A decision closes, and all that it defines; its ballots are taken away."""
        if node.kind == "constitution":
            for child in self.children(node.name):
                self.close(child)
        freed = {}
        for key in [key for key in self.ballots if key[1] == node.name]:
            freed[key[0]] = freed.get(key[0], 0) + self.ballots.pop(key)[0]
        for key in [key for key in self.nominations if key[1] == node.name]:
            freed[key[0]] = freed.get(key[0], 0) + self.nominations.pop(key)
        del self.decisions[node.name]
        self.totals.pop(node.name, None)
        words = [f"decision-closed {node.name} freed {len(freed)}"]
        self.closing.append((node.place, words + [f"share-freed {node.name} {member} {ppm}" for member, ppm in sorted(freed.items(), key=self.number)]))

    def number(self, one):
        """The order of members' numbers, for a row that begins with a member."""
        return one[0]

    def read_again(self, node):
        """Reads the candidates of a decision that holds rules again, after a text above it changed."""
        above = self.above(node)
        standing = node.race.candidates | set(node.race.nominees)
        for name in [name for name in node.texts if name in standing]:
            if not above.allows(node.texts[name]):
                held = name in node.race.holders
                node.race.remove(name)
                self.said.append(f"document-no-longer-checks {node.name} {name}")
                if held:
                    self.said.append(f"seat-vacated {node.name} from {name}")
                    for child in self.children(node.name):
                        self.close(child)
        if node.in_force():
            self.lay_out(node)

    # Updates.

    def update(self, at, weights):
        self.at, self.said = at, []
        nodes = list(self.decisions.values())
        measured = {node.name: self.measure(node, weights, self.together(node)) for node in nodes}
        self.totals = {node.name: self.count(node, measured[node.name][1]) for node in nodes}
        self.hold(at, weights)
        for node in nodes:
            if node.kind != "ranking":
                self.fill(node, *measured[node.name])
            node.counted = True
        for node in nodes:
            if node.kind != "ranking" and self.decisions.get(node.name) is node and node.changes is None:
                self.take_seats(node)
        for node in nodes:
            if node.kind == "ranking" and self.decisions.get(node.name) is node:
                ballots = {item: sum(key[1:3] == (node.name, item) for key in self.ballots) for item in node.items}
                closed = self.close_items(node, self.totals[node.name], at)
                for item in sorted(closed, key=list(node.ever).index):
                    self.said.append(f"item-closed {node.name} {item} freed {ballots[item]}")
        return self.amend(at)

    def together(self, node):
        """n: the seats of the layer that have been open for at least one update."""
        layer = [one for one in self.decisions.values() if one.parent == node.parent]
        return sum(len(one.race.seats) if one.kind == "body" else 1 for one in layer if one.counted) or sum(one.seats for one in layer)

    def fill(self, node, now, votes_of):
        race, totals = node.race, self.totals[node.name]
        node.size = now if node.size is None else max(now, -(-node.size * 9 // 10))
        node.filled_at = node.settles * node.size
        attention = {name: totals.get(name, 0) for name in race.nominees}
        for (member, name, candidate, against), ppm in self.nominations.items():
            if name == node.name:
                votes = votes_of(member, ppm)
                attention[candidate] = attention.get(candidate, 0) + (-votes if against else votes)
        standing = sorted(race.nominees, key=list(node.stood).index)
        race.attend(attention, entry_level(node.nominated_by, node.size, self.period, len(race.candidates)), self.period)
        for name in standing:
            if name in race.candidates:
                self.said.append(f"candidate-entered {node.name} {name}")
            elif name not in race.nominees:
                self.said.append(f"nominee-dropped {node.name} {name}")
        race.settle(totals, node.filled_at, self.period)

    def take_seats(self, node):
        before = node.race.seats[0]
        for words in node.race.change(self.totals.get(node.name, {}), node.filled_at):
            if words.endswith(" out"):
                self.said.append(f"seat-vacated {node.name} from {words[:-4]}")
            elif words != "tie":
                winner, gone = words.split(" for ")
                taken = f"seat-taken {node.name} {winner} from {'nobody' if gone == 'None' else gone}"
                self.said.append(f"seat-vacated {node.name} from {gone}" if winner == NOBODY else taken)
        if node.kind == "constitution" and node.race.seats[0] != before:
            self.in_new_force(self.lay_out, node)

    def change_due(self, due):
        """Makes a change time: the result of the last update, for decisions {path: rhythm} that had it then."""
        self.said = []
        for name, (node, rhythm) in due.items():
            if self.decisions.get(name) is node and node.changes == rhythm and node.filled_at is not None:
                self.take_seats(node)

    # Another kernel.

    def hold(self, at, weights):
        whole = sum(weight for weight, _ in weights.values())
        for one in list(self.proposals):
            behind = sum(weights[member][0] for member in one.assents if member in weights)
            if whole and not behind:
                self.proposals.remove(one)
                self.said.append(f"nominee-dropped kernel {one.kernel.hash}")
                continue
            if not self.is_held(one, behind, whole, weights):
                one.since = None
            elif one.since is None:
                one.since = at

    def is_held(self, one, behind, whole, weights):
        part, each, _ = self.kernel.amend
        if not whole or behind < part * whole:  # choice: where nobody has weight, nothing is held
            return False
        for name in self.classes if each else ():
            all_of = sum(classes.get(name, 0) for _, classes in weights.values())
            theirs = sum(weights[member][1].get(name, 0) for member in one.assents if member in weights)
            if theirs < each * all_of:
                return False
        return True

    def amend(self, at):
        """The kernel that has been held for long enough comes into force; returns whether one did."""
        if not self.kernel.amend:
            return False
        span = self.kernel.amend[2] * 86_400 * MICRO
        ripe = [one for one in self.proposals if one.since is not None and at - one.since >= span]
        for one in sorted(ripe, key=lambda one: one.since):  # stable: then the one proposed first
            if self.stands_under(self.decisions[ROOT], one.kernel.above()):
                self.proposals.remove(one)
                self.kernel = one.kernel
                self.said.append(f"amendment-adopted {one.kernel.hash}")
                for other in self.proposals:
                    other.since = None
                if not self.kernel.amend:
                    # choice: the words
                    self.said += [f"document-no-longer-checks kernel {other.kernel.hash}" for other in self.proposals]
                    self.proposals = []
                self.terms()
                self.in_new_force(self.read_again, self.decisions[ROOT])
                return True
        return False

    def stands_under(self, node, above):
        """Whether all that is in force from a decision down checks."""
        if not node.in_force():
            return True
        if not above.allows(node.in_force()):
            return False
        return all(self.stands_under(one, above.below(one.clause)) for one in self.children(node.name) if one.kind == "constitution")

    # Powers.

    def offices(self, person, power):
        """Offices and bodies by which a member has a power, in the order of decisions."""
        return [n for n in self.decisions.values() if n.kind in ("office", "body") and person in n.race.holders and power in n.clause.powers()]

    def limits(self, node):
        """Returns every limit on a spending: (the beginning of the paths that it binds, limit)."""
        found = [(node.name, node.clause.limit)] if node.clause.limit else []
        parent = self.decisions[node.parent]
        while parent.name != ROOT:
            found += [(parent.name + "/", parent.clause.limit)] if parent.clause.limit else []
            parent = self.decisions[parent.parent]
        return found + ([("", self.kernel.limit)] if self.kernel.limit else [])


def period_of(day, period):
    """Returns a name of the calendar period of a day."""
    if period == "week":
        return day.isocalendar()[:2]
    return {"day": day, "month": (day.year, day.month), "quarter": (day.year, (day.month + 2) // 3), "year": day.year}[period]
