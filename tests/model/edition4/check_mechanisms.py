#!/usr/bin/env python3
"""Compares commitments, supplies and releases of edition 4 with the model, on random histories.

    python3 tests/model/edition4/check_mechanisms.py BIN [HISTORIES [FIRST]] [--from=FIRST] [--also=SEED,SEED]

Each history is a co-op of random rules, which change in between. Every act's answer is compared, refused or not and as what; now and then
everybody's weight and each decision's numbers; and at the end the words of all outcomes of every update and change time, by their hash.
"""

import json
import os
import random
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition4.acts import Acts
from edition4.commitments import sha
from edition4.coop import ROOT, Coop
from edition4.periods import DAY, HOUR, MICRO, around, instant
from edition4.rules import Drafter, random_kernel
from harness import Failed, Folder, Tally, binary_of, on_all_processors, report, run, seeds_of
from rochdale_model import iso, moment


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
        self.queue = []

    def do(self, act, refusal):
        self.queue.append((act, refusal))

    def flush(self):
        queue, self.queue = self.queue, []
        if not queue:
            return
        (self.folder / "acts.jsonl").write_text("".join(json.dumps(act) + "\n" for act, _ in queue))
        said = run(self.binary, "act", self.folder, "--file", self.folder / "acts.jsonl", "--at", iso(self.coop.now), expect=None)
        lines = said.splitlines()
        place = f"seed {self.seed} at {iso(self.coop.now)}"
        if len(lines) != len(queue):
            raise Failed(f"{place}: {len(queue)} acts, {len(lines)} answers: {said[:300]}")
        for (act, expected), line in zip(queue, lines):
            answer = json.loads(line)
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

    def some_instant(self):
        """When something is done next: often right at or beside an instant at which something is due."""
        coop, draw = self.coop, self.draw
        dues = [coop.next_update] + [one.due() for one in coop.decisions.values() if one.kind == "commitment" and one.due()]
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
        kinds += [acts.campaign] * 6 + [acts.withdraw] * 2 + [acts.take_back] * 2 + [acts.refund, acts.refund, acts.hear, acts.list_crew, acts.list_crew]
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
        run(self.binary, "update", self.folder, "--until", iso(coop.now))
        place = f"seed {self.seed} at {iso(coop.now)}"
        theirs = {row["decision"]: row for row in report(self.binary, "standings", self.folder)}
        self.same(f"{place} decisions", coop.open_decisions(), list(theirs))
        self.same(f"{place} rules", coop.race.seats, theirs[ROOT]["holders"])
        for name, one in coop.decisions.items():
            (self.compare_options if one.kind == "commitment" else self.compare_items)(f"{place} {name}", one, theirs[name])
        coming = {row["release"]: row["threshold"] for row in report(self.binary, "release", self.folder)["releases"]}
        for path, terms in coop.releases.clauses.items():
            came = coming[path] and coming[path]["came"]
            if not terms.day and came and not coop.refunded:  # a refund counts from its own date on
                self.same(f"{place} {path} came in", coop.releases.raised(terms, coop.records, coop.last_update), came["amount"])

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


def play(binary, seed, folder, tally):
    one = Play(binary, seed, folder, tally)
    one.begin()
    for _ in range(one.draw.randint(10, 40)):
        one.coop.advance(one.some_instant())
        one.some()
        one.flush()
        if one.draw.random() < 0.3:
            one.compare()
        if os.environ.get("EACH"):  # so that a difference is found where it comes about
            run(binary, "update", folder, "--until", iso(one.coop.now))
            one.compare_log()
    one.coop.advance(one.coop.next_update)
    one.compare()
    one.compare_log()


def one_history(binary, seed):
    tally = Tally()
    with Folder() as top:
        try:
            play(binary, seed, top / "co-op", tally)
        except Failed as why:
            tally.fail(f"seed {seed}: {why}")
    return tally


def main():
    total, binary = Tally(), binary_of([word for word in sys.argv if not word.startswith("--")])
    first = [int(word.split("=")[1]) for word in sys.argv if word.startswith("--from=")]
    seeds = seeds_of(sys.argv)
    if first:
        words = [word for word in sys.argv if not word.startswith("--")]
        seeds = range(first[0], first[0] + int(words[2]))
    for tally in on_all_processors(lambda seed: one_history(binary, seed), seeds):
        total.add(tally)
    return total.close()


if __name__ == "__main__":
    sys.exit(main())
