#!/usr/bin/env python3
"""Adversaries against the model of edition 2: random search and hill climbing with fixed seeds.

    python3 tests/model/edition2/attacks.py [TRIES [FIRST]]

Each search looks for a counter-example to one law, and prints the worst that it found. Exit 1 where a law that must hold
does not. The unit tests run a few hundred tries of each.
"""

import random
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition2.race import Race
from edition2.weights import MICRO, Capacity, both_sides, capped, votes_of

FRIENDS = ["f1", "f2", "f3"]


# Law 1: nothing is faster than S × C ÷ x.


def scene(draw):
    """A race in balance: nobody without a seat is ahead. Returns (kind, seats, settles, rule, people, coalition, fixed votes)."""
    kind = draw.choice(["office", "body", "document"])
    seats = draw.randint(2, 3) if kind == "body" else 1
    rule = draw.choice(["quadratic", "linear"])
    settles = draw.randint(1, 12)
    weights = {f"m{n}": draw.choice([MICRO, draw.randint(1, 50 * MICRO)]) for n in range(draw.randint(2, 8))}
    coalition = set(draw.sample(sorted(weights), draw.randint(1, len(weights) - 1)))
    others = {m: w for m, w in weights.items() if m not in coalition}
    holders = [f"h{n}" for n in range(seats)]
    fixed = {name: 0 for name in holders + FRIENDS}
    for weight in others.values():
        for_ppm = draw.choice([0, MICRO, draw.randint(0, MICRO)])
        plus, minus = both_sides(weight, for_ppm, draw.choice([0, MICRO - for_ppm]), rule)
        target, enemy = draw.choice(holders), draw.choice(FRIENDS)
        fixed[target] += plus
        fixed[enemy] -= minus
    return kind, holders, settles, rule, weights, coalition, fixed


def coalition_votes(draw, genes, step, coalition, weights, rule, names):
    """Returns the votes that the coalition places at one update, by the genes of its members."""
    totals = dict.fromkeys(names, 0)
    for member in sorted(coalition):
        for_ppm, targets, enemies = genes[(member, step % 4)]
        plus, minus = both_sides(weights[member], for_ppm, MICRO - for_ppm, rule)
        for name in names:
            totals[name] += plus if name in targets else -minus if name in enemies else 0
    return totals


def gene(draw, holders):
    for_ppm = draw.choice([MICRO, MICRO, 0, MICRO // 2, draw.randint(0, MICRO)])
    targets = draw.choice([["f1"], ["f1", "f2"], FRIENDS, ["f2"]])
    return for_ppm, targets, draw.choice([holders, holders[:1], []])


def first_change(draw, setting, genes, shrinking, most=400):
    """(updates, C at that update, greatest x) of the first change of hands, or None."""
    kind, holders, settles, rule, weights, coalition, fixed = setting
    race = Race(kind, list(holders), settles, holders + FRIENDS)
    size = Capacity(settles, rule)
    x = sum(votes_of(weights[m], rule) for m in coalition)
    for now in range(1, most):
        here = weights if now <= shrinking else {m: w for m, w in weights.items() if m in coalition}
        totals = coalition_votes(draw, genes, now, coalition, weights, rule, list(fixed))
        totals = {name: totals[name] + fixed[name] for name in fixed}
        race.settle(now, totals, size.update(here, 1), 1)
        if race.change(now):
            return now, race.size, x
    return None


def law_of_speed(seed):
    """Returns how many periods the coalition was faster than S × C ÷ x less one period (above 0 is a break)."""
    draw = random.Random(f"speed {seed}")
    setting = scene(draw)
    kind, holders, settles, rule, weights, coalition, fixed = setting
    shrinking = draw.choice([10**9, draw.randint(1, 20)])
    low = min(fixed[h] for h in holders)
    if any(fixed[h] < 0 for h in holders) or any(fixed[f] > max(0, low) for f in FRIENDS):
        return None
    best = None
    genes = {(m, n): gene(draw, holders) for m in sorted(coalition) for n in range(4)}
    for climb in range(6):
        tried = dict(genes)
        for key in draw.sample(sorted(tried), min(2, len(tried))):
            tried[key] = gene(draw, holders)
        for one in (genes, tried) if climb == 0 else (tried,):
            found = first_change(draw, setting, one, shrinking)
            if found:
                now, size, x = found
                early = Fraction(settles * size, x) - 1 - now
                if best is None or early > best:
                    best, genes = early, one
    return best


# Law 2: somebody who votes on neither side never shortens a take-over.


def taken(rule, share, weights_at, sides, settles, most=300, refunds=None):
    """When `a` takes the office from `h`, or None; `weights_at(now)` are uncapped weights."""
    race, size, refunds = Race("office", ["h"], settles, ["h", "a"]), Capacity(settles, rule), refunds or {}
    for now in range(1, most):
        raw, standing = weights_at(now)
        weights = raw if share is None else capped(raw, share, standing).weights
        totals = {"h": 0, "a": 0}
        for member, side in sides.items():
            totals[side] += votes_of(weights.get(member, 0), rule)
        here = size.update(weights, 1, refunds.get(now, ()))
        race.refunded(*size.taken_back)
        race.settle(now, totals, here, 1)
        if race.change(now):
            return now
    return None


def law_of_refunds(seed, keep=True):
    """How much earlier a coalition takes an office by taking back what it gave: (without, with) where it is earlier."""
    draw = random.Random(f"refund {seed}")
    settles, rule = draw.randint(4, 30), draw.choice(["linear", "quadratic"])
    gift, others, when, rest = (draw.randint(1, 100) * MICRO for _ in range(4))
    when, rest = when // MICRO % (2 * settles) + 1, rest % gift

    def play(refunding):
        race, size = Race("office", ["h"], settles, ["h", "a"]), Capacity(settles, rule)
        for now in range(1, 60 * settles):
            taken_back = refunding and now >= when
            weights = {"coalition": rest if taken_back else gift, "other": others}
            here = size.update(weights, 1, {"coalition"} if refunding and now == when else ())
            if keep:
                race.refunded(*size.taken_back)
            race.settle(now, {"h": votes_of(others, rule), "a": votes_of(weights["coalition"], rule)}, here, 1)
            if race.change(now):
                return now
        return None

    without, found = play(False), play(True)
    return (without, found) if found is not None and (without is None or found < without) else None


def law_of_neutrals(seed, share=None):
    """Returns (without, with) where a neutral's gift, late record or gift taken back makes a take-over faster, else None."""
    draw = random.Random(f"neutral {seed}")
    rule, settles = draw.choice(["quadratic", "linear"]), draw.randint(2, 12)
    weights = {f"m{n}": draw.choice([MICRO, draw.randint(1, 90 * MICRO), 10_000]) for n in range(draw.randint(2, 7))}
    sides = {m: draw.choice("ha") for m in weights}
    amount, comes, goes = draw.choice([MICRO, draw.randint(1, 10**9)]), draw.randint(1, 9), draw.choice([10**6, draw.randint(3, 30)])
    names = draw.choice([1, 1, 4])
    standing = set(weights)

    def with_neutral(now):
        here = {f"n{k}": amount // names for k in range(names)} if comes <= now < goes else {}
        old = standing | (set(here) if draw_old else set())
        return {**weights, **here}, old

    draw_old = draw.random() < 0.3
    without = taken(rule, share, lambda now: (weights, standing), sides, settles)
    refunds = {goes: [f"n{k}" for k in range(names)]}
    found = taken(rule, share, with_neutral, sides, settles, refunds=refunds)
    if found is not None and (without is None or found < without):
        return without, found, {"rule": rule, "S": settles, "weights": weights, "sides": sides, "neutral": amount,
                                "names": names, "comes": comes, "goes": goes, "of standing": draw_old}
    return None


# Law 3: splitting one member over two.


def law_of_splitting(seed):
    """Gain of T ÷ C by splitting one weight over two members, linear and quadratic: (linear, quadratic)."""
    draw = random.Random(f"split {seed}")
    weight, rest = draw.randint(2, 10**9), draw.randint(1, 10**9)
    part = draw.randint(1, weight - 1)
    share = lambda ws, rule: Fraction(sum(votes_of(w, rule) for w in ws), sum(votes_of(w, rule) for w in ws) + votes_of(rest, rule))
    return tuple(share([part, weight - part], rule) - share([weight], rule) for rule in ("linear", "quadratic"))


# The cap.


def standing_weights(history, now, span=90 * 86_400):
    """The weight that each had or exceeded at more than half of the updates of the last 90 days, at most today's."""
    rows = [row for at, row in history if now - span < at <= now]
    today = rows[-1]
    result = {}
    for member, weight in today.items():
        had = sorted((row.get(member, 0) for row in rows), reverse=True)
        result[member] = min(weight, had[len(had) // 2])
    return result


def price_of_the_cap(patron, names, wanted, share=Fraction(1, 5)):
    """The least money in so many names of standing that holds `wanted` of the weight beside one patron, in micro-weights."""
    low, high = names, 10 * patron
    held = lambda money: 1 - Fraction(
        (cut := capped({"p": patron, **{f"n{k}": money // names for k in range(names)}}, share).weights)["p"], sum(cut.values()))
    while high - low > max(1, high // 10**6):
        middle = (low + high) // 2
        low, high = (low, middle) if held(middle) >= wanted else (middle, high)
    return high


def more_is_less(seed):
    """Somebody who gives more and weighs a lesser part by it: (before, after, setting) or None."""
    draw = random.Random(f"more {seed}")
    share = Fraction(draw.choice([5, 10, 20, 30, 50]), 100)
    weights = {f"m{n}": draw.choice([MICRO, draw.randint(1, 90 * MICRO), 10_000]) for n in range(draw.randint(2, 9))}
    standing = {m for m in sorted(weights) if draw.random() < 0.6}
    who = draw.choice(sorted(weights))
    part = lambda ws: Fraction((cut := capped(ws, share, standing).weights)[who], max(1, sum(cut.values())))
    more = {**weights, who: weights[who] + draw.choice([1, MICRO, draw.randint(1, 90 * MICRO)])}
    before, after = part(weights), part(more)
    return (before, after, {"share": share, "weights": weights, "standing": standing, "who": who, "more": more[who]}) if after < before - Fraction(1, 10**5) else None


def worst(rows, key=lambda row: row):
    rows = [row for row in rows if row is not None]
    return max(rows, key=key) if rows else None


def main():
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    seeds, bad = range(first, first + tries), 0
    early = worst((law_of_speed(seed), seed) if law_of_speed(seed) is not None else None for seed in seeds)
    print(f"speed: at most {float(early[0]):.3f} periods faster than S × C ÷ x less one (seed {early[1]})")
    bad += early[0] > 0
    hurt = [seed for seed in seeds if law_of_neutrals(seed)]
    print(f"neutrals, no cap: {len(hurt)} of {tries} shorten a take-over {hurt[:5]}")
    bad += bool(hurt)
    hurt = [(seed, law_of_neutrals(seed, Fraction(1, 5))) for seed in seeds]
    hurt = [(seed, one) for seed, one in hurt if one]
    print(f"neutrals under a cap of a fifth: {len(hurt)} of {tries}; e.g. {hurt[:2]}")
    hurt = [seed for seed in seeds if law_of_refunds(seed)]
    print(f"refunds of one's own: {len(hurt)} of {tries} are faster {hurt[:5]}; without keeping percentages "
          f"{sum(law_of_refunds(seed, False) is not None for seed in seeds)}")
    bad += bool(hurt)
    splits = [law_of_splitting(seed) for seed in seeds]
    print(f"splitting: linear gains at most {float(max(a for a, _ in splits)):.6f}, quadratic {float(max(b for _, b in splits)):.6f}")
    bad += max(a for a, _ in splits) > 0
    less = [(seed, one) for seed in seeds if (one := more_is_less(seed))]
    print(f"giving more and weighing a lesser part: {len(less)} of {tries}; e.g. {[(s, float(a), float(b), c) for s, (a, b, c) in less[:2]]}")
    for names in (1, 2, 4, 8):
        for wanted in (Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)):
            money = price_of_the_cap(10**9, names, wanted)
            print(f"cap of a fifth, one patron, {names} names hold {wanted} with {money / 10**9:.4f} of the patron's money")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
