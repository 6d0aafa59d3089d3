"""How a golden log is made: a co-op driven by the command line alone, exported, verified and compressed."""

import contextlib
import copy
import gzip
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "tests" / "model"))

from harness import members_csv, report, run


# What logs hold whose recipe serves several editions.
HOLDS = {
    "refunds": "support of every kind, gifts in parts, pledges in series; refunds of an import and by `reverse_support`, whole and in part",
    "control": "three classes with fixed control from a number of members on and a cap, hours that are entered late, members in two classes, people who leave and join",
    "at-most": "classes that are capped",
    "kept": "commitments, pools, releases, supply and delegation, which are kept and not carried out; a name that becomes a decision later",
    "clocks-lord-howe": "a zone whose clocks change by half an hour; change times between updates",
    "clocks-hourly": "hourly updates in a zone of half hours, over a change of clocks",
    "clocks-monthly": "monthly updates, with change times every week, in a zone of three quarters of an hour",
    "rankings": "items closed by votes, by act and by an office; items opened again; the forge",
    "bodies": "bodies that shrink and grow, seats resigned, lost and taken; an office voted empty",
    "amendments": "constitutions replaced, constitutions inside constitutions, a text in force that no longer checks; kernels by assent",
    "writing": "rules in every writing that the language has; other currencies, alphabets, keys and nonces; approval and one-member votes",
    "bare": "updates where nobody is",
}


class Made:
    """The logs made so far, of one edition."""

    def __init__(self, binary, out, edition, parent):
        self.binary, self.out, self.edition, self.rows, self.differ = binary, out, edition, [], []
        run(binary, "init", parent / "asks", "--template", "club")
        known = report(binary, "edition", parent / "asks")["known"]
        self.open = any(one["open"] and one["edition"] == edition for one in known)

    def days(self, ahead):
        """The day so many days from now: a server has the present as its time."""
        return (datetime.now(timezone.utc) + timedelta(days=ahead)).strftime("%Y-%m-%d")

    def words(self, edition=None):
        """Options of `init` for an edition; an open one is taken where there is no other way."""
        number = edition or self.edition
        return ["--edition", number, *(["--open"] if self.open and number == self.edition else [])]

    def keep(self, name, folder, holds="", until=None):
        """Keeps the log of a co-op, or its beginning: up to the last update before a day."""
        log = run(self.binary, "export", folder, "--format", "log").encode()
        log = begun(log, until) if until else log
        path = self.out / f"{name}.log"
        path.write_bytes(log)
        said = report(self.binary, "verify", path)[0]
        path.unlink()
        assert said["edition"] == self.edition, (name, said)
        with open(self.out / f"{name}.log.gz", "wb") as file:
            with gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
                packed.write(log)
        self.rows.append((name, said["entries"], said["updates"], said["head"], said["state"], holds or HOLDS.get(name, "")))
        print(f"{name}: {said['entries']} entries, {said['updates']} updates", file=sys.stderr)

    def compare(self, name, old):
        """A co-op that a fork has made began with what its old log gives."""
        with tempfile.TemporaryDirectory() as place:
            files = [Path(place) / one for one in (name, old)]
            for path in files:
                path.write_bytes(gzip.decompress((self.out / f"{path.name}.log.gz").read_bytes()))
            run(self.binary, "verify", files[0], "--from-log", files[1])

    def beside(self):
        """One for a part of the recipe: several are made at a time."""
        one = copy.copy(self)
        one.rows, one.differ = [], []
        return one

    def agreed(self, name, whole):
        """Whether the second implementation came to the same; if not, the log is left out and the recipe ends with 1."""
        self.differ += [] if whole else [name]
        return whole

    def table(self):
        return [f"| `{name}` | {entries} | {updates} | `{head}` | `{state}` | {holds} |" for name, entries, updates, head, state, holds in self.rows]


def begun(log, until):
    """The beginning of a log, with the texts that it names: cut off between two lines, it is a shorter log."""
    lines, entries = log.splitlines(keepends=True), []
    documents = {json.loads(line)["document"]: line for line in lines if line.startswith(b'{"document":"')}
    for line in lines:
        if not line.startswith(b'{"document":"'):
            entry = json.loads(line)
            if entry["kind"] == "update" and entry["body"]["moment"] >= until:
                break
            entries.append((entry["kind"], line))
    while entries[-1][0] != "update":
        entries.pop()
    kept = b"".join(line for _, line in entries)
    return b"".join(line for name, line in documents.items() if name.encode() in kept) + kept


class Coop:
    """One co-op in a folder, driven by the command line alone."""

    def __init__(self, made, parent, name, kernel, constitution, founded="2021-01-01", people=6, lists=None, edition=None):
        self.binary, self.folder, self.made, self.name = made.binary, parent / name, made, name
        self.sources = 0
        run(self.binary, "init", self.folder, "--template", "open-source", "--name", name, *made.words(edition))
        (self.folder / "kernel.md").write_text(kernel, encoding="utf-8")
        (self.folder / "constitution.md").write_text(constitution, encoding="utf-8")
        lists = lists or {}
        if people:
            members_csv(parent / "members.csv", [(who, founded, lists.get(who, "")) for who in names(people)])
            self.load("members-csv", parent / "members.csv")

    def load(self, kind, path, replay=True):
        # From edition 3 on a name joins nobody by itself.
        same = ["--same-names"] if self.made.edition >= 3 and kind != "members-csv" else []
        run(self.binary, "import", kind, path, "--dir", self.folder, *(["--replay"] if replay else []), *same)

    def load_text(self, kind, text, replay=True):
        path = self.folder / f"{kind}.import"
        path.write_text(text, encoding="utf-8")
        self.load(kind, path, replay)

    def act(self, at, *acts, who=None):
        """Hands acts in at an instant; each must be accepted, or refused by the number that it names."""
        (self.folder / "acts.jsonl").write_text("".join(json.dumps({n: v for n, v in one.items() if n != "refused"}) + "\n" for one in acts))
        own = ["--as", who] if who else []
        answers = run(self.binary, "act", self.folder, "--file", self.folder / "acts.jsonl", "--at", at, *own, expect=None).splitlines()
        assert len(answers) == len(acts), (self.name, at, answers)
        for act, line in zip(acts, answers):
            said = json.loads(line)
            number = said.get("refusal", {}).get("number", "error" if "error" in said else None)
            assert number == act.get("refused"), (self.name, at, act, line)

    def gift(self, who, kind, amount, at, unit=None, **more):
        self.sources += 1
        what = {"amount": amount, "unit": unit} if unit else {"amount": amount, "currency": "USD"}
        return {"act": "record_support", "member": who, "kind": kind, "amount": what, "given_at": at, "source": f"{kind}:{self.sources}", **more}

    def until(self, day):
        run(self.binary, "update", self.folder, "--until", day)

    def document(self, text):
        return hashlib.sha256(text.encode()).hexdigest()

    def held(self):
        """Who or what holds each decision."""
        return {one["decision"]: one["holders"] for one in json.loads(run(self.binary, "standings", self.folder, "--json"))}

    def propose(self, who, body, act, **more):
        """An act that others agree to; those on its list propose it where there is no body."""
        if str(act.get("member", "")).startswith("member-"):
            act = {**act, "member": self.pseudonym(act["member"])}
        return {"act": "propose_act", "member": who, "proposed": act, **({"body": body} if body else {}), **more}

    # What came of it.

    def pseudonym(self, name):
        return {one["name"]: one["member"] for one in self.members()}[name]

    def standing(self, decision):
        return report(self.binary, "standings", self.folder, decision)

    def holders(self, decision):
        """The names of those who hold a decision, or the hashes of texts."""
        back = {one["member"]: one["name"] for one in self.members()}
        return [back.get(one, one) for one in self.held()[decision]]

    def votes(self, decision):
        """Votes by name, in micro-votes."""
        return {one["name"] or one["candidate"]: one["votes"] for one in self.standing(decision)["candidates"]}

    def members(self):
        return report(self.binary, "weights", self.folder, "--all")["members"]

    def weights(self):
        """Weights by name, in micro-weights, at the log's time."""
        last = report(self.binary, "status", self.folder)["last_update"]
        rows = report(self.binary, "weights", self.folder, "--all", "--at", last)["members"]
        return {one["name"]: one["weight"] for one in rows}

    def rules(self):
        """The text of the kernel in force."""
        with serving(self.binary, "serve", self.folder, "--read-only") as address:
            return json.dumps(json.load(urllib.request.urlopen(f"{address}/api/v1/rules")))

    def entries(self, kind=None):
        lines = run(self.binary, "export", self.folder, "--format", "log", "--all").splitlines()
        found = [json.loads(line) for line in lines if not line.startswith('{"document":"')]
        return [one for one in found if kind in (None, one["kind"])]

    def came(self, *words):
        """There was an update or change with exactly these outcomes, and names stand for pseudonyms: returns its instant."""
        names = {one["name"]: one["member"] for one in self.members()}
        told = "".join(" ".join(names.get(word, word) for word in line.split(" ")) + "\n" for line in words)
        found = [one["body"]["moment"] for one in self.entries() if one["body"].get("published") == self.document(told)]
        assert found, (self.name, words)
        return found[0]

    def told(self, *wanted):
        """The last hundred outcomes, as the feed tells them; each wanted one is among them."""
        with serving(self.binary, "serve", self.folder, "--read-only") as address:
            feed = urllib.request.urlopen(f"{address}/feeds/changes.atom").read().decode()
        outcomes = [(at, html.unescape(title)) for title, at in re.findall("<entry>.*?<title>(.*?)</title><updated>(.*?)</updated>", feed)]
        for words in wanted:
            assert any(words in title for _, title in outcomes), (self.name, words, outcomes)
        return outcomes

    def keep(self, holds=""):
        self.made.keep(self.name, self.folder, holds)


def names(count, first=1):
    return [f"member-{number:03}" for number in range(first, first + count)]


def charter(title, rules):
    return f"# {title}\n\nMade for a test.\n\n```charter\n{rules.strip()}\n```\n"


def kernel(classes, rhythm="daily at 01:00", settles="2 days", votes="quadratic", zone="UTC", amend="2/3 of weight for 2 days",
           fork='carries="register ledger rules" treasury="by weight of those who go"', more="", constitution="", name="golden"):
    return charter("Kernel", f"""
kernel {{
    name "{name}"
    purpose "Keep the past as it was"
    currency "USD"
    time-zone "{zone}"
{classes}
{more}
    votes "{votes}"
    constitution {{ settles-in "{settles}"; updates "{rhythm}"; {constitution} }}
    amend "{amend}"
    fork {fork}
}}""")


ONE_EACH = '    class "members" list="roll" { weight "1" }'
ON_ROLL = {who: "roll" for who in names(40)}


def ballot(who, decision, share, against=False, item=None, **scores):
    return {"act": "cast_ballot", "member": who, "decision": decision, "share_ppm": share * 10_000, "against": against,
            **({"item": item} if item else {"scores": {name.replace("_", "-"): points * 100_000 for name, points in scores.items()}})}


def on_text(who, decision, share, document, points=10, against=False):
    return {"act": "cast_ballot", "member": who, "decision": decision, "share_ppm": share * 10_000, "against": against,
            "scores": {document: points * 100_000}}


def own(kind, who, decision, **more):
    return {"act": kind, "member": who, "decision": decision, **more}


def nominate(who, decision, candidate, share=5, against=False):
    return {"act": "nominate", "member": who, "decision": decision, "candidate": candidate, "share_ppm": share * 10_000, "against": against}


def listed(kind, who, roll="roll"):
    return {"act": f"{kind}_list", "list": roll, "member": who}


def item(kind, decision, name):
    return {"act": f"{kind}_item", "decision": decision, "item": name}


def booking(source, at, *postings, narration="moved"):
    return {"act": "book_entry", "at": at, "source": source, "narration": narration, "currency": "USD",
            "postings": [{"account": account, "minor": minor} for account, minor in postings]}


# The demonstration and the templates' stories, as the binary builds them.

@contextlib.contextmanager
def serving(binary, *words, **environment):
    """A server for as long as it is needed; gives its address."""
    server = subprocess.Popen([binary, *map(str, words), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, env={**os.environ, **environment})
    try:
        yield re.search("http://[0-9.:]*", server.stdout.readline()).group()
    finally:
        server.terminate()
        server.wait()


def served(made, parent, name, *arguments, **more):
    """`rochdale demo` plays into a temporary folder, which can be exported while it is served."""
    place = parent / name
    place.mkdir()
    with serving(made.binary, "demo", *arguments, TMPDIR=str(place)):
        [folder] = [one for one in place.iterdir() if (one / "rochdale.db").exists()]
        made.keep(name, folder, **more)
