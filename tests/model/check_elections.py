#!/usr/bin/env python3
"""Compares elections and rankings of a `rochdale` binary with the model, on random histories.

    check_elections.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED] [--no-counts]

Each history is a co-op with random rules, members, support and ballots, taken through 20 to 60 updates. A difference
names the seed: `check_elections.py BIN 1 SEED --no-counts` runs that history alone, KEEP=1 keeps its folder.
"""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from check_counts import check_quadratic, check_settle
from harness import Failed, Folder, Tally, binary_of, members_csv, on_all_processors, report, run, seeds_of
from histories import History, micros
from model_elections import NOBODY
from rochdale_model import iso
import verify_log


def renamed(act, pseudonym):
    """An act with pseudonyms for names."""
    swap = lambda name: pseudonym.get(name, name)
    act = {name: swap(value) if name in ("member", "candidate") else value for name, value in act.items()}
    if act.get("scores"):
        act["scores"] = {swap(name): score for name, score in act["scores"].items()}
    act.pop("text", None)
    return act


def play(tally, binary, seed, folder, kind=History, edition=("--edition", "1")):
    history = kind(seed)
    run(binary, "init", folder, "--template", "club", "--name", "model", *edition)
    (folder / "kernel.md").write_text(history.kernel_text())
    (folder / "constitution.md").write_text(history.constitution_text())
    members_csv(folder / "m.csv", [(n, iso(micros(history.born)), "crew" if n in history.crew else "") for n in history.people])
    run(binary, "import", "members-csv", folder / "m.csv", "--dir", folder, "--replay")
    rows = report(binary, "weights", folder, "--all")["members"]
    history.pseudonym = {row["name"]: row["member"] for row in rows}
    back = {row["member"]: row["name"] for row in rows}
    for step in range(history.draw.randint(4, 8)):
        at = history.wait()
        acts = history.acts()
        (folder / "acts.jsonl").write_text("".join(json.dumps(renamed(a, history.pseudonym)) + "\n" for a in acts))
        said = run(binary, "act", folder, "--file", folder / "acts.jsonl", "--at", iso(micros(at)), expect=None)
        if len(said.splitlines()) != len(acts):
            return tally.fail(f"seed {seed} step {step}: {len(acts)} acts, {len(said.splitlines())} answers {said[:300]}")
        for act, line in zip(acts, said.splitlines()):
            if "refusal" in json.loads(line):
                return tally.fail(f"seed {seed} step {step}: {json.dumps(act)}: {line[:300]}")
        until = history.update_some()
        run(binary, "update", folder, "--until", iso(micros(until)))
        place = f"seed {seed} step {step} at {until:%Y-%m-%d}"
        reports = {row["decision"]: row for row in report(binary, "standings", folder)}
        same = [compare(tally, reports[one.name], history, one, place, back) for one in history.layer.decisions.values()]
        if not all(same):
            return False
    return check_log(tally, binary, folder, seed)


def check_log(tally, binary, folder, seed):
    """The exported log is whole for the second verifier too, and both name the same entry of a tampered copy."""
    content = run(binary, "export", folder, "--format", "log", "--all").encode()
    try:
        number, last, _ = verify_log.verify(content)
    except verify_log.Wrong as wrong:
        return tally.fail(f"seed {seed}: the exported log: {wrong}")
    tally.check(f"seed {seed} verify", 0, subprocess.run([binary, "verify", folder], capture_output=True).returncode)
    copy, fault, _ = verify_log.tampered(content, random.Random(seed))
    (folder / "copy.log").write_bytes(copy)
    try:
        verify_log.verify(copy)
        return True  # the last entry was changed: the chain alone does not show it, a replay may
    except verify_log.Wrong as caught:
        wrong = caught.entry
    done = subprocess.run([binary, "verify", folder / "copy.log"], capture_output=True, text=True)
    named = re.search(r"entry (\d+)", done.stdout + done.stderr)
    tally.check(f"seed {seed} tampered ({fault}) exit", 1, done.returncode)
    return tally.check(f"seed {seed} tampered ({fault}) entry", wrong, int(named.group(1)) if named else done.stdout + done.stderr)


def compare(tally, row, history, decision, place, back):
    name = lambda text: back.get(text, text)
    totals = history.layer.totals[decision.name]
    place = f"{place} {decision.name} ({decision.kind}, {decision.rule})"
    if decision.kind == "ranking":
        theirs = {item["item"]: item["votes"] for item in row.get("items", [])}
        return tally.check(f"{place} items", {item: totals.get(item, 0) for item in sorted(decision.items)}, theirs)
    race = decision.race
    size = decision.full()
    theirs = {name(one["candidate"]): one for one in row["candidates"]}
    same = tally.check(f"{place} holders", sorted(race.holders), sorted(map(name, row["holders"])))
    for one in sorted(race.candidates | set(race.holders)):
        if one not in theirs:
            same = tally.fail(f"{place}: {one} is missing, binary has {sorted(theirs)}")
            continue
        same &= tally.check(f"{place} {one} votes", totals.get(one, 0), theirs[one]["votes"])
        if one not in race.holders:
            same &= tally.check(f"{place} {one} bucket", race.buckets.get(one, 0), int(theirs[one]["bucket"]))
        same &= tally.check(f"{place} {one} bucket size", size, int(theirs[one]["bucket_size"]))
    more = set(theirs) - race.candidates - set(race.holders) - {NOBODY}
    same &= tally.check(f"{place} further candidates", [], sorted(more))
    if NOBODY in theirs:
        same &= tally.check(f"{place} nobody's bucket", race.nobody(), int(theirs[NOBODY]["bucket"]))
    if "nominees" in row:
        nominees = {name(one["candidate"]): int(one["level"]) for one in row["nominees"]}
        same &= tally.check(f"{place} nominees", dict(sorted(race.nominees.items())), dict(sorted(nominees.items())))
    return same


def one_history(binary, seed, kind=History, edition=("--edition", "1")):
    """Checks one history by itself."""
    tally = Tally()
    with Folder() as top:
        try:
            play(tally, binary, seed, top / "co-op", kind, edition)
        except (Failed, KeyError) as why:
            tally.fail(f"seed {seed}: {type(why).__name__} {why}")
    return tally


def histories_of(kind=History, edition=("--edition", "1")):
    """Checks the histories that the command line names; returns the binary and the sum."""
    words = [word for word in sys.argv if not word.startswith("--")]
    binary, total = binary_of(words), Tally()
    for tally in on_all_processors(lambda seed: one_history(binary, seed, kind, edition), seeds_of(sys.argv)):
        total.add(tally)
    return binary, total


def main():
    binary, tally = histories_of()
    if "--no-counts" not in sys.argv:
        with Folder() as top:
            check_settle(tally, binary, top, 500)
            check_quadratic(tally, binary, top, 500)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
