"""Random inputs for the calculators `count settle` and `count quadratic`, against the model."""

import json
import math
import random
from fractions import Fraction

from harness import Failed, report
from model_elections import NOBODY, Race
from rochdale_model import MICRO


def decimal(value):
    """A decimal text of a fraction whose denominator is a power of ten."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    whole = int(abs(value) * 10**digits)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole // 10**digits}" + (f".{whole % 10**digits:0{digits}}" if digits else "")


def settle_case(draw):
    """(file, race) of a random history; small numbers, so that ties come up."""
    kind = draw.choice(["office", "body", "document"])
    seats = draw.randint(2, 3) if kind == "body" else 1
    names = "abcde"[: draw.randint(1, 5)]
    places = draw.choice([0, 0, 2])
    number = lambda low, high: Fraction(draw.randint(low * 10**places, high * 10**places), 10**places)
    holder = draw.choice([None, names[0]])
    period, size = draw.choice([1, 1, 7, 604_800]), number(4, 30)
    size *= period
    level = {name: number(-6, 12) for name in names}
    updates = []
    for _ in range(draw.randint(4, 20)):
        for name in names:
            if draw.random() < 0.3:
                level[name] = number(-6, 12)
        updates.append({"totals": {name: decimal(level[name]) for name in names}})
    file = {"period": period, "bucket": decimal(size), "holder": holder, "kind": kind, "seats": seats, "updates": updates}
    race = Race(kind, [holder] + [None] * (seats - 1), set(names))
    return file, race, size


def check_settle(tally, binary, folder, times):
    path = folder / "settle.json"
    for seed in range(times):
        file, race, size = settle_case(random.Random(f"settle {seed}"))
        path.write_text(json.dumps(file))
        try:
            rows = report(binary, "count", "settle", path, "--edition", "1")["updates"]
        except Failed as why:
            tally.fail(f"settle seed {seed}: {why}")
            continue
        tally.check(f"settle seed {seed} length", len(file["updates"]), len(rows))
        for number, (update, row) in enumerate(zip(file["updates"], rows), start=1):
            totals = {name: Fraction(text) for name, text in update["totals"].items()}
            race.settle(totals, size, file["period"])
            said = race.change(totals, size)
            ours = {name: level for name, level in race.buckets.items() if level and name not in race.holders}
            theirs = {name: Fraction(text) for name, text in row["buckets"].items() if Fraction(text)}
            place = f"settle seed {seed} ({file['kind']}) update {number}"
            same = tally.check(f"{place} holders", sorted(race.holders), sorted(row["holders"]))
            same &= tally.check(f"{place} buckets", show(ours), show(theirs))
            if not same:
                tally.fail(f"    {json.dumps(file)} {said}")
                break


def show(buckets):
    return {name: decimal(level) for name, level in sorted(buckets.items())}


def quadratic_case(draw):
    names = "abcdef"[: draw.randint(1, 6)]
    ballots = []
    for _ in range(draw.randint(1, 12)):
        weight = Fraction(draw.choice([draw.randint(0, 20) * MICRO, draw.randint(0, 10**10), draw.randint(0, 9)]), MICRO)
        share = draw.choice([MICRO, draw.randint(0, MICRO)])
        ours = draw.sample(names, draw.randint(1, len(names)))
        split = draw.randint(0, len(ours))
        ballot = {"weight": decimal(weight)}
        parts = {"for": (share, ours[:split]), "against": (MICRO - share if share < MICRO else 0, ours[split:])}
        for side, (ppm, candidates) in parts.items():
            if candidates and ppm:
                scores = {name: decimal(Fraction(draw.choice([MICRO, draw.randint(0, MICRO)]), MICRO)) for name in candidates}
                ballot[side] = {"share": decimal(Fraction(ppm, MICRO)), "scores": scores}
        ballots.append(ballot)
    return {"ballots": ballots}


def check_quadratic(tally, binary, folder, times):
    path = folder / "quadratic.json"
    for seed in range(times):
        file = quadratic_case(random.Random(f"quadratic {seed}"))
        path.write_text(json.dumps(file))
        totals = {}
        for ballot in file["ballots"]:
            for side, sign in (("for", 1), ("against", -1)):
                one = ballot.get(side, {"share": "0", "scores": {}})
                votes = exact_root(Fraction(ballot["weight"]) * Fraction(one["share"]))
                for name, score in one["scores"].items():
                    totals[name] = totals.get(name, 0) + sign * votes * Fraction(score)
        try:
            theirs = report(binary, "count", "quadratic", path, "--edition", "1")["votes"]
        except Failed as why:
            tally.fail(f"quadratic seed {seed}: {why}")
            continue
        for name in sorted(set(totals) | set(theirs)):
            ours, its = totals.get(name, Fraction(0)), Fraction(theirs.get(name, "0"))
            near = abs(ours - its) < Fraction(1, 10**9)
            if not tally.check(f"quadratic seed {seed} {name}", float(ours), float(ours) if near else theirs.get(name)):
                tally.fail(f"    {json.dumps(file)[:400]}")
                break


def exact_root(value):
    """The root of a fraction, to thirty places."""
    return Fraction(math.isqrt(math.floor(value * 10**60)), 10**30)
