#!/usr/bin/env python3
"""Random inputs for `count quadratic-funding`, `pool`, `surplus`, `crowdmatching` and `delegation`, against the model.

    python3 tests/model/edition4/check_funding.py BIN [TIMES]

Plain matches, shares and payments agree to the last digit; pairwise and connected matches to one billionth of a minor unit.
"""

import json
import random
import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from check_counts import decimal
from edition4 import funding
from edition4.funding import NANO
from harness import Failed, Folder, Tally, binary_of, report


def amount_of(draw, most, places):
    return Fraction(draw.choice([draw.randint(0, most * 10**places), draw.randint(1, 9), draw.randint(1, 40) ** 2]), 10**places)


def written(amount, places):
    text = decimal(amount)
    if not places:
        return text
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<{places}}"


def table(path, columns, rows):
    path.write_text("\n".join([",".join(columns), *(",".join(row) for row in rows)]) + "\n")


def funding_case(draw):
    places = draw.choice([0, 0, 2])
    projects = "abcde"[: draw.randint(1, 5)]
    members = [f"m{number}" for number in range(draw.choice([1, 2, 4, 9]))]
    most = draw.choice([20, 500, 10**6, 10**12])
    gifts = [(draw.choice(projects), draw.choice(members), amount_of(draw, most, places)) for _ in range(draw.randint(1, 40))]
    groups = [set(draw.sample(members, draw.randint(1, len(members)))) for _ in range(draw.randint(0, 4))]
    return places, gifts, groups


def check_matches(tally, binary, folder, times):
    path, list_path = folder / "gifts.csv", folder / "groups.csv"
    for seed in range(times):
        draw = random.Random(f"funding {seed}")
        places, gifts, groups = funding_case(draw)
        # One amount is written with all places, so that the minor unit is what the case says.
        table(path, ["project", "member", "amount"], [(p, m, written(c, places)) for p, m, c in gifts])
        rows = [(f"g{number}", member) for number, group in enumerate(groups) for member in sorted(group)]
        table(list_path, ["group", "member"], rows or [("g0", "nobody")])
        sums = funding.summed(gifts)
        unit = 10**places * NANO
        pool = amount_of(draw, draw.choice([5, 400, 10**7]), places)
        cap = Fraction(draw.randint(1, 100), 100)
        m = amount_of(draw, 50, places) + Fraction(1, 10**places)
        matches = {
            "plain": {p: funding.floor(funding.plain(list(own.values())) * unit) for p, own in sums.items()},
            "pairwise": {p: funding.floor(v * unit + Fraction(1, 2)) for p, v in funding.pairwise(sums, m).items()},
            "connected": {p: funding.floor(funding.connected(own, groups) * unit + Fraction(1, 2)) for p, own in sums.items()},
        }
        for rule in ["plain", "scaled", "pairwise", "connected", "capped"]:
            options = {"pairwise": ["--m", written(m, places)], "connected": ["--groups", list_path], "capped": ["--cap", decimal(cap)]}
            words = ["--rule", rule, *options.get(rule, [])]
            with_pool = rule in ("scaled", "capped") or draw.random() < 0.3
            if with_pool:
                words += ["--pool", written(pool, places)]
            place = f"funding seed {seed} {' '.join(map(str, words))}"
            try:
                theirs = report(binary, "count", "quadratic-funding", path, *words)["projects"]
            except Failed as why:
                tally.fail(f"{place}: {why}")
                continue
            number = lambda row, field: Fraction(row[field]) * unit
            said = {row["project"]: number(row, "match") for row in theirs}
            ours = matches.get(rule, matches["plain"])
            slack = 1 if rule in ("pairwise", "connected") else 0
            same = tally.check(f"{place} projects", sorted(sums), [row["project"] for row in theirs])
            for project in ours:
                near = abs(said.get(project, -9) - ours[project]) <= slack
                same &= tally.check(f"{place} {project}", ours[project], ours[project] if near else said.get(project))
            pledged = {project: sum(own.values()) * unit for project, own in sums.items()}
            same &= tally.check(f"{place} pledged", pledged, {row["project"]: number(row, "pledged") for row in theirs})
            exact = {project: int(matched) for project, matched in said.items()}
            if not with_pool:
                paid = exact
            elif rule == "capped":
                paid = funding.capped(exact, int(pool * unit), cap)
            else:
                paid = funding.shared(exact, int(pool * unit))
            same &= tally.check(f"{place} paid", paid, {row["project"]: number(row, "paid") for row in theirs})
            if not same:
                tally.fail(f"    {path.read_text()[:300]!r}")


def pool_case(draw):
    places = draw.choice([0, 0, 2])
    most = draw.choice([10, 100, 5_000])
    projects = []
    for name in "abcdefgh"[: draw.randint(0, 8)]:
        sums = [amount_of(draw, most, places) for _ in range(draw.randint(0, 6))]
        minor = [int(c * 10**places) for c in sums]
        whole = sum(minor) + funding.floor(funding.plain(minor))
        # Goals near the edge, so that one minor unit decides.
        goal = draw.choice([whole, whole + 1, draw.randint(0, whole + 2), draw.randint(0, sum(minor) + 1), whole])
        conviction = Fraction(draw.choice([draw.randint(-2, 6), draw.randint(0, 1000)]), draw.choice([1, 1, 8]))
        projects.append({"id": name, "goal": Fraction(goal, 10**places), "pledges": sums, "conviction": conviction})
    pool = amount_of(draw, draw.choice([20, 400, 20_000]), places)
    return places, pool, projects


def check_pool(tally, binary, folder, times):
    path = folder / "pool.json"
    for seed in range(times):
        draw = random.Random(f"pool {seed}")
        places, pool, projects = pool_case(draw)
        order, saved, rule = draw.choice(["strict", "strict", "skip"]), draw.randint(0, 4), draw.choice(["plain", "scaled"])
        money = lambda amount: written(amount, places)
        file = {
            "pool": money(pool),
            "order": order,
            "saved": saved,
            "match": rule,
            "projects": [
                {**one, "goal": money(one["goal"]), "pledges": [money(c) for c in one["pledges"]], "conviction": decimal(one["conviction"])}
                for one in projects
            ],
        }
        path.write_text(json.dumps(file))
        minor = lambda amount: int(amount * 10**places)
        ours = [
            funding.Project(one["id"], place, minor(one["goal"]), [minor(c) for c in one["pledges"]], one["conviction"])
            for place, one in enumerate(projects)
        ]
        if rule == "scaled":
            ours = funding.scaled(minor(pool), ours)
        expect_order, expect_paid, left = funding.cycle(minor(pool), order, saved, ours)
        try:
            theirs = report(binary, "count", "pool", path)
        except Failed as why:
            tally.fail(f"pool seed {seed}: {why} {json.dumps(file)[:300]}")
            continue
        said = [(row["project"], Fraction(row["from_pool"]) * 10**places, Fraction(row["pledges_charged"]) * 10**places) for row in theirs["paid"]]
        same = tally.check(f"pool seed {seed} order", expect_order, theirs["order"])
        same &= tally.check(f"pool seed {seed} paid", expect_paid, said)
        same &= tally.check(f"pool seed {seed} left", left, Fraction(theirs["left"]) * 10**places)
        if not same:
            tally.fail(f"    {json.dumps(file)[:400]}")


def check_small(tally, binary, folder, times):
    path = folder / "small.json"
    for seed in range(times):
        draw = random.Random(f"small {seed}")
        top = draw.choice([3, 50, 10**12])
        surplus = {"amount": draw.randint(0, top), "parts": [draw.randint(0, draw.choice([0, 3, top])) for _ in range(draw.randint(0, 9))]}
        crowd = {"unit": draw.randint(0, 5), "limits_in_order_of_pledging": [draw.randint(0, 30) for _ in range(draw.randint(0, 12))]}
        members = [f"m{number}" for number in range(draw.randint(1, 9))]
        scopes = {"everything", "shop", "shop/manager", "shop/till", "office"}
        delegations = [
            {"from": member, "to": draw.choice([*members, None]), "scope": scope}
            for member in members
            for scope in draw.sample(sorted(scopes), draw.randint(0, 3))
        ]
        draw.shuffle(delegations)
        decision = draw.choice(["shop/manager", "office", "shop"])
        delegation = {"members": members, "delegations": delegations, "voters": draw.sample(members, draw.randint(0, len(members))), "decision": decision}
        for method, file, ours in [
            ("surplus", surplus, {"split": funding.surplus(surplus["amount"], surplus["parts"])}),
            ("crowdmatching", crowd, funding.crowd(crowd["unit"], crowd["limits_in_order_of_pledging"])),
            ("delegation", delegation, funding.delegates(members, delegations, delegation["voters"], decision)),
        ]:
            path.write_text(json.dumps(file))
            try:
                theirs = report(binary, "count", method, path)
            except Failed as why:
                tally.fail(f"{method} seed {seed}: {why} {json.dumps(file)[:300]}")
                continue
            if not tally.check(f"{method} seed {seed}", ours, theirs):
                tally.fail(f"    {json.dumps(file)[:400]}")


def main():
    words = [word for word in sys.argv if not word.startswith("--")]
    binary, tally = binary_of(words), Tally()
    times = int(words[2]) if len(words) > 2 else 200
    with Folder() as top:
        check_matches(tally, binary, top, times)
        check_pool(tally, binary, top, times)
        check_small(tally, binary, top, times)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
