#!/usr/bin/env python3
"""Compares `rochdale count credit` with the model, on random graphs and on the recorded answers of SourceCred's npm package.

    python3 tests/model/edition4/check_credit.py BIN [GRAPHS [FIRST]] [--also=SEED,SEED]

Graphs have up to five people, twelve weeks and sixteen items of each kind that is drawn, a third of them with other parameters, a quarter with
people who share their pay-out. Each sum and each week is compared to eleven places.
"""

import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition4.credit import credit
from harness import REPOSITORY, Failed, Folder, Tally, binary_of, on_all_processors, run, seeds_of

NEAR = 2e-11
MOST_NODES = 150
RECORD = REPOSITORY / "tests/credit/sourcecred.json"


def decimal(draw, least, most):
    return f"{draw.uniform(least, most):.6f}"


def drawn_parameters(draw):
    gammas = {"gamma_forward": decimal(draw, 0, 0.3), "gamma_back": decimal(draw, 0, 0.3)}
    chosen = {"alpha": decimal(draw, 0.01, 0.2), "beta": decimal(draw, 0.01, 0.2), **gammas}
    for kind in ("author", "parent", "review", "mention"):
        if draw.random() < 0.5:
            chosen[kind] = {"forward": decimal(draw, 0, 3), "back": decimal(draw, 0.01, 3)}
    if draw.random() < 0.5:
        chosen["mint"] = {kind: decimal(draw, 0.1, 9) for kind in draw.sample(["commit", "merge", "review", "issue", "document"], 3)}
    return chosen


def drawn(seed):
    draw = random.Random(f"credit-{seed}")
    people = [f"p{number}" for number in range(draw.randint(1, 5))]
    weeks = draw.randint(1, 12)
    graph = {"people": people, "weeks": weeks, "commits": []}
    items = []

    def item(**more):
        made = {"id": f"i{len(items):02}", "author": draw.choice(people), **more}
        items.append(made)
        return made

    def some(of, most):
        return sorted(one["id"] for one in draw.sample(of, min(len(of), draw.randint(0, most))))

    for week in sorted(draw.randrange(weeks) for _ in range(draw.randint(1, 16))):
        parents = some(graph["commits"], 3)
        graph["commits"].append(item(week=week, parents=parents))
        if draw.random() < 0.2:
            graph.setdefault("reviews", []).append(item(week=week, of=some(graph["commits"], 2)))
        if draw.random() < 0.2:
            kind = draw.choice(["issues", "documents"])
            graph.setdefault(kind, []).append(item(week=week, mentions=some(items, 2)))
        if draw.random() < 0.1:
            items[-1]["mint"] = decimal(draw, 0, 5)
    if draw.random() < 1 / 3:
        graph["parameters"] = drawn_parameters(draw)
    if len(people) > 2 and draw.random() < 0.25:
        for week in sorted(draw.sample(range(weeks), min(weeks, 2))):
            pair = draw.sample(people, 2)
            one = {"from": pair[0], "to": pair[1], "week": week, "share": decimal(draw, 0, 0.5)}
            graph.setdefault("attributions", []).append(one)
    return graph


def compare(binary, graph, folder, name):
    path = folder / "graph.json"
    path.write_text(json.dumps(graph))
    answer = json.loads(run(binary, "count", "credit", path, "--json"))
    expected = credit(graph)
    if [one["id"] for one in answer["people"]] != sorted(graph["people"]):
        raise Failed(f"{name}: other people")
    for one in answer["people"]:
        weeks = expected[one["id"]]
        pairs = [(one["credit"], sum(weeks)), *zip(one["by_week"], weeks)]
        for theirs, ours in pairs:
            if abs(float(theirs) - ours) > NEAR * max(1.0, sum(weeks)):
                raise Failed(f"{name}, {one['id']}: {theirs}, and the model says {ours:.13f}\n{json.dumps(graph)}")
    return len(answer["people"])


def one_graph(binary, seed):
    tally = Tally()
    with Folder() as folder:
        try:
            tally.passed += compare(binary, drawn(seed), folder, f"seed {seed}")
        except Failed as why:
            tally.fail(str(why))
    return tally


def recorded(binary):
    """The graphs of SourceCred's record that a dense system is not too large for."""
    tally = Tally()
    graphs = json.loads(RECORD.read_text())["graphs"]
    for graph in graphs:
        nodes = len(graph["input"]["commits"]) + len(graph["input"]["people"]) * graph["input"]["weeks"]
        if nodes > MOST_NODES:
            continue
        with Folder() as folder:
            try:
                tally.passed += compare(binary, graph["input"], folder, graph["name"])
            except Failed as why:
                tally.fail(str(why))
    return tally


def main():
    binary = binary_of([word for word in sys.argv if not word.startswith("--")])
    total = recorded(binary)
    for tally in on_all_processors(lambda seed: one_graph(binary, seed), seeds_of(sys.argv)):
        total.add(tally)
    return total.close()


if __name__ == "__main__":
    sys.exit(main())
