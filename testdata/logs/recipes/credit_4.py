"""Edition 4: credit that is proposed from a repository, struck from, accepted or not. Each co-op asserts what it is there for.

Proposals come in at the log's time or the present, whichever is later, so that these logs begin in the month in which they were made."""

import os
import subprocess
from datetime import date

from making import ONE_EACH, Coop, ballot, charter, kernel, listed, names, nominate, on_text, own

from elections_2 import MICRO
from harness import run
from money_2 import NEXT, at_hand, going, leaves
from time_4 import on_option, option, taken


class History:
    """A repository that grows from month to month; month 0 is the present one."""

    def __init__(self, folder):
        self.folder, self.made, today = folder, [], date.today()
        self.months = today.year * 12 + today.month - 1
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.tree = self.git("hash-object", "-t", "tree", "-w", "/dev/null")

    def on(self, month, number, clock=""):
        return date((self.months + month) // 12, (self.months + month) % 12 + 1, number).isoformat() + clock

    def git(self, *words, who="x", at="2021-01-01"):
        named = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", who), ("EMAIL", f"{who}@example.org"), ("DATE", f"{at}T12:00:00Z"))}
        clean = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", **named}
        return subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True, text=True, env={**os.environ, **clean}).stdout.strip()

    def grow(self, month, *commits):
        """Who, on which day, and the numbers of the commits that it builds on, from 0."""
        for who, number, parents in commits:
            onto = [word for parent in parents for word in ("-p", self.made[parent])]
            self.made.append(self.git("commit-tree", self.tree, "-m", f"change {len(self.made)}", *onto, who=f"member-{who:03}", at=self.on(month, number)))
        self.git("update-ref", "refs/heads/main", self.made[-1])


def proposes(coop, repo, *more, expect=0):
    return run(coop.binary, "credit", "propose", coop.folder, repo, *more, expect=expect)


def strikes(coop, who, text, expect=0):
    (coop.folder / "strikes.txt").write_text(text, encoding="utf-8")
    return run(coop.binary, "credit", "strike", coop.folder, coop.folder / "strikes.txt", "--as", who, expect=expect)


def again(coop, **more):
    """The last proposal, once more."""
    body = coop.entries("propose_credit")[-1]["body"]
    return {"act": "propose_credit", **{name: body[name] for name in ("decision", "period", "contributions", "credit")}, **more}


def earned(coop):
    """Weights of credit, beside the half that each has by the roll."""
    return {name: weight - MICRO // 2 for name, weight in coop.weights().items() if weight > MICRO // 2}


MONTHS = [[(1, 2, []), (2, 4, [0]), (3, 9, [1]), (1, 16, [2]), (2, 20, [3, 1]), (4, 22, [4])], [(3, 3, [5]), (1, 10, [6]), (2, 17, [7])], [(1, 3, [8]), (4, 11, [9]), (4, 15, [10])],
          [(2, 6, [11]), (1, 10, [12])], [(3, 5, [13]), (4, 10, [14])]]
CLASSES = ONE_EACH.replace('"1"', '"0.5"') + '\n    class "makers" { weight "credit(last 12 months)"; falls "at once" }'
FORK = 'carries="register ledger rules" treasury="by weight of those who go"'
MAINTAINER = 'office "maintainer" { settles-in "2 days"; may "record" "credit"; may "admit" }'


def begun(made, parent, name, clause):
    history = History(parent / "repository")
    coop = Coop(made, parent, name, kernel(CLASSES, votes="linear", settles="1 day", amend="never", fork=FORK), charter("C", MAINTAINER + "\n" + clause), people=0)
    # Contributors come in with their commits, and two more with the register.
    coop.load_text("members-csv", "\n".join(["name,kind,lists,joined", *[f"{who},person,roll,{history.on(0, 1)}" for who in names(2, 5)]]) + "\n")
    month(coop, history, 0)
    coop.act(history.on(1, 2, "T06:00:00Z"), *[listed("add_to", who) for who in names(4)])
    return coop, history


def month(coop, history, number):
    """The work of a month is there, on the second day of the next one."""
    coop.until(history.on(number + 1, 2))
    history.grow(number, *MONTHS[number])
    run(coop.binary, "import", "git", history.folder, "--dir", coop.folder)


def votes(coop, history, text, number, *voters, share=60):
    """Members bring an option on the ballot and vote for it."""
    coop.act(history.on(number, 4, "T06:00:00Z"), *[nominate(who, "credit", option(text), 30) for who in voters])
    coop.until(history.on(number, 7))
    coop.act(history.on(number, 7, "T06:00:00Z"), *[on_option(who, "credit", text, share) for who in voters])


def accepted(made, parent):
    people = names(6)
    coop, history = begun(made, parent, "credit", 'commitment "credit" every="month" accepts="credit" { credit { parent back="0.3"; seed "12%" } }')
    proposes(coop, history.folder)
    coop.act(history.on(1, 3), again(coop, refused="R127"), {"act": "propose_option", "member": people[0], "decision": "credit", "text": "more for me", "refused": "R131"})
    first, second = f"strike commit {history.made[2][:12]}\n\nIt was empty.\n", f"strike member {coop.pseudonym(people[1])}\n"
    strikes(coop, people[0], first)
    strikes(coop, people[2], "strike commit ffffffff\n", expect=1)
    strikes(coop, people[2], "accept\n", expect=1)
    strikes(coop, people[2], "nothing\n")
    votes(coop, history, first, 1, *people[:4])
    # Struck by members: the third has nothing. February is accepted by default, against a strike that too few want.
    month(coop, history, 1)
    assert taken(coop, "credit") == [("accept", True), (f"strike commit {history.made[2][:12]}", False)] and people[2] not in earned(coop), (taken(coop, "credit"), earned(coop))
    proposes(coop, history.folder)
    strikes(coop, people[3], second)
    coop.act(history.on(2, 3), *[nominate(who, "credit", option(second), 30) for who in people[:4]])
    coop.until(history.on(2, 7))
    month(coop, history, 2)
    assert taken(coop, "credit")[2:] == [("accept", True)] and people[2] in earned(coop), earned(coop)
    # Of March members want nothing.
    proposes(coop, history.folder, "--as", people[0], expect=1)
    proposes(coop, history.folder)
    strikes(coop, people[1], "nothing\n")
    votes(coop, history, "nothing\n", 3, *people)
    before = earned(coop)
    month(coop, history, 3)
    assert taken(coop, "credit")[3:] == [("nothing", False)] and earned(coop) == before, taken(coop, "credit")
    # April is proposed two months late; March is decided; a proposal in the second half is too late, and so are other numbers.
    decided = again(coop)
    month(coop, history, 4)
    proposes(coop, history.folder, "--period", history.on(2, 1), expect=1)
    proposes(coop, history.folder, "--period", history.on(3, 1))
    body = again(coop)
    coop.until(history.on(6, 1))
    coop.act(history.on(6, 1, "T06:00:00Z"), {**decided, "refused": "R129"}, {**body, "decision": "maintainer", "refused": "R128"})
    may = history.on(4, 1)
    text = proposes(coop, history.folder, "--period", may, "--list")
    coop.act(history.on(6, 2), {"act": "propose_credit", "decision": "credit", "period": may, "contributions": coop.document(text), "contributions_text": text, "credit": [{"member": coop.pseudonym(people[0]), "micro": 1}], "refused": "R141"})
    proposes(coop, history.folder, "--period", may)
    coop.act(history.on(6, 3), {"act": "end_membership", "member": people[3]}, {"act": "reverse_support", "of": f"credit/{history.on(1, 1)}/{coop.pseudonym(people[0])}", "given_on": history.on(6, 3), "source": "back:1", "refused": "R144"})
    coop.until(history.on(7, 4))
    assert people[3] not in earned(coop) and len(taken(coop, "credit")) == 7, (earned(coop), taken(coop, "credit"))
    coop.keep("credit by the month: struck from, accepted by default, nothing by members' will, a month late, a contributor who leaves; R127 to R129, R131, R141, R142, R144")


def unless_wanted(made, parent):
    """Nothing by default; quarters; two records of one person; members who leave together."""
    people = names(6)
    coop, history = begun(made, parent, "credit-nothing", 'commitment "credit" every="month" { accepts "credit"; default "nothing"; nominated-by "1%" }')
    proposes(coop, history.folder)
    month(coop, history, 1)
    # Too few vote: nobody gets any, and January may be proposed again.
    assert taken(coop, "credit")[1:] == [("nothing", True)] and not earned(coop), taken(coop, "credit")
    proposes(coop, history.folder, "--period", history.on(0, 1))
    strikes(coop, people[4], "nothing\n", expect=1)
    strikes(coop, people[4], "accept\n")
    votes(coop, history, "accept\n", 2, *people)
    # The maintainer is elected meanwhile and proposes; a seat alone may.
    coop.act(history.on(2, 8), own("stand", people[0], "maintainer"), *[ballot(who, "maintainer", 100, member_001=10) for who in people])
    month(coop, history, 2)
    assert taken(coop, "credit")[2:] == [("accept", False)] and len(earned(coop)) == 4, (taken(coop, "credit"), earned(coop))
    assert coop.holders("maintainer") == people[:1]
    proposes(coop, history.folder, "--period", history.on(1, 1), "--as", people[0])
    strikes(coop, people[1], "accept\n")
    votes(coop, history, "accept\n", 3, *people)
    # The fourth is the second's earlier record.
    known = {name: coop.pseudonym(name) for name in people}
    coop.act(history.on(3, 8), {"act": "join_members", "from": known[people[3]], "into": known[people[1]]}, who=people[0])
    coop.act(history.on(3, 9), *[{"act": "answer_join", "member": who, "from": known[people[3]], "into": known[people[1]], "yes": True} for who in (people[3], people[1])])
    coop.until(history.on(3, 20))
    before = earned(coop)
    assert people[3] not in before and len(before) == 3, before
    month(coop, history, 3)
    # Another clause while a proposal waits: quarters, so that the months before stay open.
    proposes(coop, history.folder, "--as", people[0])
    strikes(coop, people[1], "accept\n")
    rules = charter("C", MAINTAINER + '\ncommitment "credit" every="quarter" accepts="credit"\nranking "wishes"')
    coop.act(history.on(4, 3), {"act": "propose_document", "member": people[4], "decision": "constitution", "text": rules}, *[nominate(who, "constitution", option(rules), 20) for who in people if who != people[3]])
    coop.until(history.on(4, 5))
    coop.act(history.on(4, 5, "T06:00:00Z"), *[on_text(who, "constitution", 60, option(rules)) for who in people if who != people[3]])
    month(coop, history, 4)
    assert option(rules) in coop.holders("constitution")
    # Two leave together: their credit goes along.
    coop.act(history.on(5, 3), {"act": "announce_fork", "member": people[0], "fork": "next", "kernel_text": kernel(CLASSES, votes="linear", settles="1 day", amend="never", fork=FORK, name="golden, next"), "constitution_text": NEXT}, going(people[4], "next"))
    coop.until(history.on(6, 10))
    assert leaves(coop, "next", parent / "credit-nothing-fork-next", history.on(6, 10, "T06:00:00Z")) == 0
    coop.until(history.on(9, 5))
    assert people[0] not in earned(coop), earned(coop)
    coop.keep("credit by default for nobody: proposed again, accepted by members, proposed by an office; records of one person joined; months that become quarters over a proposal; a fork")
    new = at_hand(coop, parent / "credit-nothing-fork-next", "credit-nothing-fork-next")
    new.until(history.on(6, 20))
    assert people[0] in earned(new), new.weights()
    new.keep("the co-op that left it, with the credit of one of its two members")


PARTS = {"credit": accepted, "credit-nothing": unless_wanted}
