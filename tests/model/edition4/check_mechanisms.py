#!/usr/bin/env python3
"""Compares the mechanisms of edition 4 with the model, on random histories: commitments, requests for money, supplies and orders by
conviction, pools, credit that is accepted, and releases.

    python3 tests/model/edition4/check_mechanisms.py BIN [HISTORIES [FIRST]] [--from=FIRST] [--also=SEED,SEED]

Each history is a co-op of random rules, which change in between. Every act's answer is compared, refused or not and as what; now and then
each decision's numbers and the sums of the book; and at the end the words of all outcomes of every update and change time, by their hash.
"""

import csv
import json
import os
import random
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition4.acts import FIRST, Acts
from edition4.commitments import conviction, sha, winner
from edition4.coop import ROOT, Coop
from edition4.periods import DAY, HOUR, MICRO, around, instant
from edition4.pools import HELD
from edition4.requests import needed
from edition4.rules import Drafter, random_kernel
from harness import Failed, Folder, Tally, binary_of, on_all_processors, report, run, seeds_of
from rochdale_model import iso, moment


class Server:
    """A server of a folder, on a port of its own."""

    def __init__(self, binary, folder):
        self.words = [str(binary), "serve", str(folder), "--read-only", "--listen", "127.0.0.1:0"]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = next(line for line in self.process.stdout if "listening" in line).split()[-1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def json(self, path, token):
        asked = urllib.request.Request(self.address + path, headers={"Authorization": f"Bearer {token}"} if token else {})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)

    def status(self, path):
        try:
            with urllib.request.urlopen(self.address + urllib.parse.quote(path, safe="/~+"), timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as why:
            return why.code


class Play:
    """A history, played with a binary beside it."""

    def __init__(self, binary, seed, folder, tally):
        self.binary, self.seed, self.folder, self.tally = binary, seed, folder, tally
        draw = self.draw = random.Random(f"edition 4 {seed}")
        kernel = random_kernel(draw)
        drafter = Drafter(draw, kernel, seed)
        founded = instant(date(2031, 1, 1) + timedelta(days=draw.randint(0, 900)), kernel.zone) + draw.randint(0, DAY)
        self.coop = Coop(kernel, drafter.rules(founded), founded)
        self.acts = Acts(self.coop, draw, drafter, self.do)
        self.queue, self.seen, self.done = [], Counter(), founded

    def do(self, act, refusal):
        self.queue.append((act, refusal))

    def flush(self):
        queue, self.queue = self.queue, []
        if not queue:
            return
        (self.folder / "acts.jsonl").write_text("".join(json.dumps(act) + "\n" for act, _ in queue))
        said = run(self.binary, "act", self.folder, "--file", self.folder / "acts.jsonl", "--at", iso(self.coop.now), expect=None)
        lines, self.done = said.splitlines(), self.coop.now
        place = f"seed {self.seed} at {iso(self.coop.now)}"
        if len(lines) != len(queue):
            raise Failed(f"{place}: {len(queue)} acts, {len(lines)} answers: {said[:300]}")
        for (act, expected), line in zip(queue, lines):
            answer = json.loads(line)
            self.seen[f"refused {expected}" if expected else "acts"] += 1
            theirs = answer["refusal"]["number"] if "refusal" in answer else None if "receipt" in answer else line
            if not self.tally.check(f"{place} {json.dumps(act)}", expected, theirs):
                raise Failed(f"seed {self.seed}: {line[:300]}")

    def begin(self):
        coop, draw = self.coop, self.draw
        run(self.binary, "init", self.folder, "--template", "club", "--name", "model", "--edition", "4", "--open")
        (self.folder / "kernel.md").write_text(coop.kernel.text())
        (self.folder / "constitution.md").write_text(coop.rules.text)
        for _ in range(draw.randint(3, 6)):
            self.acts.admit()
        for member in list(coop.people):
            if draw.random() < 0.6:
                self.acts.list_crew()
            for _ in range(draw.randint(0, 2)):
                self.acts.give()
        self.flush()
        self.bring_bytes()

    def bring_bytes(self):
        """Bytes come in with a first version; later ones name the same."""
        coop = self.coop
        if coop.releases.clauses:
            path = sorted(coop.releases.clauses)[0]
            (self.folder / "tool.zip").write_text("bytes")
            run(self.binary, "release", self.folder, path, FIRST, self.folder / "tool.zip")
            self.tally.check(f"seed {self.seed} {path} first version", [], coop.releases.publish(path, FIRST, [], coop.now))
            self.acts.kept = True

    def some_instant(self):
        """When something is done next: often right at or beside an instant at which something is due."""
        coop, draw = self.coop, self.draw
        dues = [coop.next_update] + [one.due() for one in coop.decisions.values() if one.kind in ("commitment", "pool") and one.due()]
        for one in coop.decisions.values():
            if one.kind == "ranking" and one.terms.supply:
                dues.append(around(one.terms.supply.every, coop.now, coop.zone)[1])
            if one.kind == "commitment" and one.over is None and not one.frozen(coop.now):
                dues.append(one.frozen_from())
        period = coop.kernel.rhythm.after(coop.next_update, coop.zone) - coop.next_update
        most = 400 * DAY if coop.kernel.rhythm.kind == "monthly" else 100 * DAY
        near = [due for due in dues if coop.now <= due - 1 < coop.now + min(most, 30 * period)]
        choice = draw.random()
        if choice < 0.45 and near:
            return max(coop.now, draw.choice(near) + draw.choice([-1, 0, 1, 1, -MICRO, HOUR]))
        if choice < 0.9:
            return coop.now + draw.randint(0, draw.choice([HOUR, period, 2 * period]))
        return coop.now + draw.randint(period, min(most, 12 * period))

    def some(self):
        acts, draw = self.acts, self.draw
        kinds = [acts.give] * 4 + [acts.vote] * 8 + [acts.rank] * 6 + [acts.nominate] * 5 + [acts.propose] * 6 + [acts.item] * 6
        kinds += [acts.campaign] * 6 + [acts.withdraw] * 2 + [acts.take_back] * 2 + [acts.refund, acts.refund, acts.hear, acts.list_crew, acts.list_crew, acts.withdraw_version]
        kinds += [acts.publish] * 3 + [acts.wrong_kind]
        kinds += [acts.hold] * 5 + [acts.pledge] * 8 + [acts.pay_back, acts.give_pool, acts.take_back_asked] + [acts.ask_pool] * 3 + [acts.request_money] * 3
        kinds += [acts.propose_credit] * 6 + [acts.strike_credit] * 4
        for _ in range(draw.choice([1, 3, 6, 12])):
            draw.choice(kinds)()
        if draw.random() < 0.05:
            acts.leave()
        if draw.random() < 0.08:
            acts.admit()
        if draw.random() < 0.14:
            acts.change_rules()

    def compare(self):
        """Everybody's weight, and each decision's numbers, as of now."""
        coop = self.coop
        if coop.last_update is None:
            return
        self.until_now()
        place = f"seed {self.seed} at {iso(coop.now)}"
        theirs = {row["decision"]: row for row in report(self.binary, "standings", self.folder)}
        self.same(f"{place} decisions", coop.open_decisions(), list(theirs))
        self.same(f"{place} rules", coop.race.seats, theirs[ROOT]["holders"])
        for name, one in coop.decisions.items():
            with_them = {"commitment": self.compare_options, "ranking": self.compare_items, "pool": self.compare_pool, "requests": self.compare_requests}
            with_them[one.kind](f"{place} {name}", one, theirs[name])
        self.compare_book(place)
        coming = {row["release"]: row["threshold"] for row in report(self.binary, "release", self.folder)["releases"]}
        for path, terms in coop.releases.clauses.items():
            came = coming[path] and coming[path]["came"]
            if not terms.day and came and not coop.refunded:  # a refund counts from its own date on
                self.same(f"{place} {path} came in", coop.releases.raised(terms, coop.records, coop.last_update), came["amount"])

    def until_now(self):
        if self.done < self.coop.now:
            run(self.binary, "update", self.folder, "--until", iso(self.coop.now))
            self.done = self.coop.now

    def same(self, words, ours, theirs):
        self.tally.check(words, ours, theirs) or self.stop()

    def compare_options(self, place, one, theirs):
        coop, said = self.coop, theirs["commitment"]
        fresh = one.counted == 0  # no update has counted this cycle
        rows = {row["candidate"]: row for row in theirs["candidates"]}
        self.same(f"{place} on the ballot", sorted(one.level), sorted(rows))
        for option, y in one.level.items():
            self.same(f"{place} {option} conviction", int(Fraction(y, 2**64)) if not fresh else 0, rows[option]["conviction"])
            self.same(f"{place} {option} votes", one.votes.get(option, 0), rows[option]["votes"])
        rows = {row["candidate"]: row for row in theirs["nominees"]}
        self.same(f"{place} nominees", {name: one.options[name].level for name in one.nominees()}, {name: row["level"] for name, row in rows.items()})
        self.same(f"{place} deadline", one.due(), moment(said["deadline"]) if said["deadline"] else None)
        if one.over is None:
            self.same(f"{place} frozen from", one.frozen_from(), moment(said["frozen_from"]))
        taken = [(moment(row["at"]), row["option"], row["by_default"]) for row in said["taken"]]
        ours = [(at, option, by == "default") for at, option, by in one.taken]
        self.same(f"{place} taken", ours[-len(taken):] if taken else [], taken)

    def compare_items(self, place, one, theirs):
        coop, supply = self.coop, one.terms.supply
        rows = {row["item"]: row for row in theirs.get("items", [])}
        self.same(f"{place} order", one.order(), list(rows))
        self.same(f"{place} votes", {item: one.items[item].votes for item in rows}, {item: row["votes"] for item, row in rows.items()})
        self.same(f"{place} supply", supply is not None, "supply" in theirs)
        if not supply:
            return
        said = theirs["supply"]
        self.same(f"{place} terms", (supply.amount, supply.unit, supply.every, supply.skips), (said["amount"], said["unit"], said["every"], said["skips"]))
        servings = one.servings(coop.kernel.rhythm, coop.next_update)
        self.same(f"{place} servings", servings, [moment(at) for at in said["serves_at"]])
        likely = one.likely(servings)
        for item, row in rows.items():
            request = row["request"]
            when = moment(request["served_at"]) if request["served_at"] else None
            self.same(f"{place} {item} asks", one.asks(one.items[item]), request["amount"])
            self.same(f"{place} {item} is served", likely.get(item, (None, None)), (request["before"], when))

    def compare_pool(self, place, one, theirs):
        said, rows = theirs["pool"], one.now(self.coop.now, self.coop.groups())
        funded, saving = one.would_pay(rows)
        known = {row["id"]: row for row in said["projects"]}
        self.same(f"{place} projects", sorted(rows), sorted(known))
        self.same(f"{place} until", one.until, moment(said["until"]["iso"]))
        for name, row in rows.items():
            other, where = known[name], f"{place} {name}"
            self.same(f"{where} votes", row.one.votes, other["votes"]["votes_micro"])
            self.same(f"{where} conviction", int(Fraction(row.one.y, 2**64)), other["conviction"]["votes_micro"])
            self.same(f"{where} pledged", row.one.pledged(), other["pledged"]["amount"])
            if not row.struck and not (one.terms.match == "scaled" and row.one.y <= 0):
                self.same(f"{where} matched", row.matched, other["matched"]["amount"])
            self.same(f"{where} is eligible", row.eligible() and not row.struck, other["eligible"])
            self.same(f"{where} would be paid", row in funded, other["would_be_paid"])
            self.same(f"{where} is saved for", row is saving, other["saved_for"])

    def compare_requests(self, place, one, theirs):
        known, pool = {row["id"]: row for row in theirs["requests"]["requests"]}, self.coop.pool_of(one)
        self.same(f"{place} requests", one.order(), list(known))
        for name, other in known.items():
            request, where, q = one.requests[name], f"{place} {name}", one.part(name, pool)
            self.same(f"{where} votes", request.votes, other["votes"]["votes_micro"])
            self.same(f"{where} conviction", int(Fraction(request.y, 2**64)), other["conviction"]["votes_micro"])
            self.same(f"{where} part", None if q is None else min(10**6, -int(-q * 10**6 // 1)), other["part_ppm"])
            needs = None if q is None else needed(one.terms, one.capacity, q)
            self.same(f"{where} needs", needs, other["needs"] and other["needs"]["votes_micro"])

    def compare_book(self, place):
        """Sums of accounts, of all that the book shows."""
        sums = Counter()
        for row in csv.DictReader(run(self.binary, "export", self.folder, "--format", "csv").splitlines()):
            sums[row["account"]] += int(row["amount"].replace(".", ""))
        ours = {account: minor for account, minor in self.coop.money.book.items() if minor}
        self.same(f"{place} book", ours, {account: minor for account, minor in sums.items() if minor})
        held = sum(self.coop.money.held.values()) + sum(one.pledged() for pool in self.coop.nodes("pool") for one in pool.asking().values())
        self.same(f"{place} held", held, -sums[HELD])

    def compare_fetching(self):
        """Who may fetch which version now, by a server."""
        coop = self.coop
        self.acts.admit()  # so that the log's time is now
        self.flush()
        readers = {None: None}
        for member in self.draw.sample(coop.people, min(len(coop.people), 4)):
            readers[member] = report(self.binary, "token", self.folder, f"t{member}", "--as", member, "--read")["token"]
        with Server(self.binary, self.folder) as server:
            for member, token in readers.items():
                said = {row["release"]: row for row in server.json("/api/v1/releases", token)}
                for path, versions in coop.releases.versions.items():
                    rows = {row["version"]: row for row in said[path]["versions"]} if path in said else {}
                    for name, version in versions.items():
                        place = f"seed {self.seed} at {iso(coop.now)} {path} {name} for {member}"
                        if name in rows:
                            row = rows[name]
                            self.same(f"{place} open", version.opened, moment(row["open"]["iso"]) if row["open"] else None)
                            self.same(f"{place} withdrawn", version.withdrawn, moment(row["withdrawn"]["iso"]) if row["withdrawn"] else None)
                            may = coop.may_fetch(path, name, member)
                            self.seen[f"{'may' if may else 'may not'} fetch{'' if version.opened else ', not open'}"] += member is not None
                            self.same(f"{place} may fetch", may, any(file["href"] for file in row["files"]))
                        if member is None:
                            may = coop.may_fetch(path, name, None)
                            self.same(f"{place} fetches", 200 if may else 404, server.status(f"/releases/{path}/{name}/tool.zip"))

    def compare_log(self):
        entries = [json.loads(line) for line in run(self.binary, "export", self.folder, "--format", "log", "--all").splitlines() if not line.startswith('{"document":"')]
        theirs = [entry for entry in entries if entry["kind"] in ("update", "change")]
        place, ours = f"seed {self.seed}", self.coop.log
        for (kind, at, said), entry in zip(ours, theirs):
            where = f"{place} entry {entry['seq']} {kind} at {iso(at)}"
            self.tally.check(where, (kind, at), (entry["kind"], moment(entry["body"]["moment"]))) or self.stop()
            self.tally.check(f"{where} {said}", len(said), entry["body"]["outcomes"]) or self.stop()
            self.tally.check(f"{where} {said}", sha("".join(words + "\n" for words in said)), entry["body"]["published"]) or self.stop()
        self.tally.check(f"{place} updates", len(ours), len(theirs)) or self.stop()

    def stop(self):
        raise Failed(f"seed {self.seed}: stopped at the first difference")


def play(binary, seed, folder, tally, seen):
    one = Play(binary, seed, folder, tally)
    one.begin()
    for _ in range(one.draw.randint(10, 40)):
        one.coop.advance(one.some_instant())
        one.some()
        one.flush()
        if one.draw.random() < 0.2:
            one.compare()
        if os.environ.get("EACH"):  # so that a difference is found where it comes about
            run(binary, "update", folder, "--until", iso(one.coop.now))
            one.compare_log()
    one.coop.advance(one.coop.next_update)
    one.compare()
    if seed % 3 == 0 and one.coop.releases.versions:
        one.compare_fetching()
    one.compare_log()
    seen.update(one.seen)
    for kind, _, said in one.coop.log:
        seen[f"{kind}s"] += 1
        for words in said:
            name, *rest = words.split(" ")
            seen[name + (f" {rest[2]} {rest[3]}" if name == "commitment-taken" else "")] += 1


def check_calculator(binary, seed, folder, tally):
    """`count commitment` of a random file: every conviction to the twelfth place, and the winner."""
    draw = random.Random(f"calculator {seed}")
    nine = 10**9
    written = lambda n: f"{'-' * (n < 0)}{abs(n) // nine}.{abs(n) % nine:09}"
    half_life, names = draw.choice([draw.randint(1, 60 * nine), nine, draw.randint(1, 10**6), 13 * nine // 4]), "abcd"[: draw.randint(1, 4)]
    most = draw.choice([nine, 50 * nine, 10**21])
    updates = draw.randint(1, 20)
    votes = {name: [draw.choice([0, most, draw.randint(-most, most)]) for _ in range(updates)] for name in names}
    if draw.random() < 0.3 and len(names) > 1:
        votes["b"] = list(votes["a"])
    level_with_default = draw.random() < 0.25
    quorum, capacity = Fraction(draw.randint(0, 10**6), 10**6), draw.randint(0, most)
    levels, rows = dict.fromkeys([*names, "d"], 0), []
    votes.update({"d": [draw.randint(-most, most) // 9 for _ in range(updates)]} if draw.random() < 0.5 else {})
    if level_with_default:
        votes = {"a": [most] * updates, "d": [most] * updates}
        quorum, levels = Fraction(0), {"a": 0, "d": 0}
    for place in range(updates):
        levels = {name: conviction(y, votes.get(name, [0] * updates)[place], nine, half_life) for name, y in levels.items()}
        rows.append({name: int(Fraction(y * 1000, 2**64)) for name, y in levels.items()})
    file = {"half_life": written(half_life), "default": "d", "quorum": f"{float(quorum):.6f}", "capacity": written(capacity),
            "votes_at_each_update": {name: [written(one) for one in those] for name, those in votes.items()}}
    (folder / "commitment.json").write_text(json.dumps(file))
    theirs = report(binary, "count", "commitment", folder / "commitment.json")
    said = [{name: int(Fraction(y) * 10**12) for name, y in row.items()} for row in theirs["conviction"]]
    tally.check(f"calculator {seed} {json.dumps(file)[:300]}", rows, said)
    tally.check(f"calculator {seed} winner", winner(levels, "d", quorum, capacity), theirs["winner"])


def one_history(binary, seed):
    tally, seen = Tally(), Counter()
    with Folder() as top:
        try:
            check_calculator(binary, seed, top, tally)
            play(binary, seed, top / "co-op", tally, seen)
        except Failed as why:
            tally.fail(f"seed {seed}: {why}")
    return tally, seen


def main():
    total, binary = Tally(), binary_of([word for word in sys.argv if not word.startswith("--")])
    first = [int(word.split("=")[1]) for word in sys.argv if word.startswith("--from=")]
    seeds = seeds_of(sys.argv)
    if first:
        words = [word for word in sys.argv if not word.startswith("--")]
        seeds = range(first[0], first[0] + int(words[2]))
    seen = Counter()
    for tally, held in on_all_processors(lambda seed: one_history(binary, seed), seeds):
        total.add(tally)
        seen.update(held)
    print(", ".join(f"{count} {name}" for name, count in sorted(seen.items())))
    return total.close()


if __name__ == "__main__":
    sys.exit(main())
