#!/usr/bin/env python3
"""Random inputs for `count cap`, `count settle` and `count quadratic` under edition 2, against the model.

    python3 tests/model/edition2/check_counts.py BIN [TIMES]
"""

import json
import random
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from check_counts import decimal, exact_root, quadratic_case, settle_case, show
from edition2.race import NOBODY, Race
from edition2.weights import MICRO, capped
from harness import Failed, Folder, Tally, binary_of, report


def cap_case(draw):
    sizes = [lambda: draw.randint(1, 9) * MICRO, lambda: draw.randint(0, 10**9), lambda: 10_000, lambda: draw.randint(0, 5), lambda: 10**draw.randint(0, 15)]
    some = draw.sample(sizes, draw.randint(1, 3))
    weights = [draw.choice(some)() for _ in range(draw.choice([1, 2, 3, 5, 8, 40, 400]))]
    return {"cap": decimal(Fraction(draw.choice([1, 5, 10, 20, 25, 33, 50, 75, 99, 100, draw.randint(1, 100)]), 100)), "weights_micro": weights}


def check_cap(tally, binary, folder, times):
    path = folder / "cap.json"
    for seed in range(times):
        file = cap_case(random.Random(f"cap {seed}"))
        path.write_text(json.dumps(file))
        try:
            theirs = report(binary, "count", "cap", path)
        except Failed as why:
            tally.fail(f"cap seed {seed}: {why}")
            continue
        weights = dict(enumerate(file["weights_micro"]))
        ours = capped(weights, Fraction(file["cap"]))
        level = max(weights.values()) if ours.binds == "none" else ours.level
        same = tally.check(f"cap seed {seed} level", level, int(theirs["level_micro"]))
        same &= tally.check(f"cap seed {seed} weights", list(ours.weights.values()), [int(w) for w in theirs["weights_micro"]])
        same &= tally.check(f"cap seed {seed} binds", ours.binds, theirs["binds"])
        if not same:
            tally.fail(f"    {json.dumps(file)[:300]}")


UNIT = 10**9  # the calculator's: nine places


def whole(text):
    value = Fraction(text) * UNIT
    assert value.denominator == 1
    return value.numerator


def settle_race(file, names, draw):
    """The race of a settle file; S is in the file's unit, where the file says it."""
    holder, seats = file["holder"], file["seats"]
    race = Race(file["kind"], [holder] + [None] * (seats - 1), int(file.get("settles_in", 0)), list(file.get("candidates", sorted(names))))
    race.limit = whole(file["bucket"])
    return race


def check_settle(tally, binary, folder, times, with_settles=True):
    path = folder / "settle.json"
    for seed in range(times):
        draw = random.Random(f"settle 2 {seed}")
        file, _, _ = settle_case(draw)
        names = sorted(file["updates"][0]["totals"])
        if draw.random() < 0.5:
            file["candidates"] = draw.sample(names, len(names))
            file["members"] = {name: [draw.randint(0, 3) for _ in file["updates"]] for name in names}
        if with_settles and draw.random() < 0.6:
            periods = draw.randint(1, 6)
            file["settles_in"] = file["period"] * periods
            file["bucket"] = decimal(Fraction(draw.randint(5, 40)) * file["settles_in"])
        path.write_text(json.dumps(file))
        try:
            rows = report(binary, "count", "settle", path, "--edition", "2")["updates"]
        except Failed as why:
            tally.fail(f"settle seed {seed}: {why} {json.dumps(file)[:200]}")
            continue
        race = settle_race(file, names, draw)
        capacity = whole(file["bucket"]) // race.settles if race.settles else 0
        for number, (update, row) in enumerate(zip(file["updates"], rows), start=1):
            totals = {name: whole(text) for name, text in update["totals"].items()}
            behind = {name: counts[number - 1] for name, counts in file.get("members", {}).items()}
            now = number * file["period"]
            if race.settles == 0:
                race.ahead = []
            race.settle(now, totals, capacity, file["period"], behind)
            race.size = race.size or 1
            said = race.change(now)
            ours = {name: Fraction(level, UNIT) for name, level in race.buckets.items() if level and name not in race.holders}
            if file["kind"] == "office" and race.nobody():
                ours[NOBODY] = Fraction(race.nobody(), UNIT)
            theirs = {name: Fraction(text) for name, text in row["buckets"].items() if Fraction(text)}
            place = f"settle seed {seed} ({file['kind']}) update {number}"
            same = tally.check(f"{place} holders", sorted(race.holders), sorted(row["holders"]))
            same &= tally.check(f"{place} buckets", show(ours), show(theirs))
            if file["kind"] == "body":
                against = {name: Fraction(level, UNIT) for name, level in race.empties.items() if level}
                said_against = {name: Fraction(text) for name, text in row.get("against", {}).items() if Fraction(text)}
                same &= tally.check(f"{place} against", show(against), show(said_against))
            if not same:
                tally.fail(f"    {json.dumps(file)} {said}")
                break


def check_quadratic(tally, binary, folder, times):
    path = folder / "quadratic.json"
    for seed in range(times):
        file = quadratic_case(random.Random(f"quadratic {seed}"))
        path.write_text(json.dumps(file))
        totals = {}
        for ballot in file["ballots"]:
            sides = {side: ballot[side] for side in ("for", "against") if side in ballot}
            placed = sum(Fraction(one["share"]) for one in sides.values())
            votes = exact_root(Fraction(ballot["weight"]) * placed)
            for side, one in sides.items():
                part = votes * Fraction(one["share"]) / placed if placed else 0
                for name, score in one["scores"].items():
                    totals[name] = totals.get(name, 0) + (part if side == "for" else -part) * Fraction(score)
        try:
            theirs = report(binary, "count", "quadratic", path, "--edition", "2")["votes"]
        except Failed as why:
            tally.fail(f"quadratic seed {seed}: {why}")
            continue
        for name in sorted(set(totals) | set(theirs)):
            ours, its = totals.get(name, Fraction(0)), Fraction(theirs.get(name, "0"))
            near = abs(ours - its) < Fraction(1, 10**9)
            if not tally.check(f"quadratic seed {seed} {name}", float(ours), float(ours) if near else theirs.get(name)):
                tally.fail(f"    {json.dumps(file)[:400]}")
                break


def main():
    words = [word for word in sys.argv if not word.startswith("--")]
    binary, tally = binary_of(words), Tally()
    times = int(words[2]) if len(words) > 2 else 500
    with Folder() as top:
        "--no-cap" in sys.argv or check_cap(tally, binary, top, times)
        check_settle(tally, binary, top, times, "--plain" not in sys.argv)
        check_quadratic(tally, binary, top, times)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
