"""Graphs of contributions by fixed seeds, as `rochdale count credit` reads them: the same in every run."""

import random


def commit(number, author, week, parents):
    return {"id": f"c{number:04}", "author": author, "week": week, "parents": [f"c{parent:04}" for parent in sorted(set(parents))]}


def example():
    """The worked example of docs/spec/credit.md."""
    rows = [("a", 0, []), ("b", 0, [1]), ("a", 2, [2]), ("b", 2, [1, 3])]
    return {"people": ["a", "b"], "commits": [commit(number, *row) for number, row in enumerate(rows, 1)], "weeks": 3}


def history(seed, people, commits, weeks, merges=0.15, regular=False):
    """A project with a main line: most commits build on the newest ones, few people make most of them, and many are away for long."""
    draw = random.Random(f"credit-{seed}")
    names = [f"p{number:03}" for number in range(people)]
    often = [1 / (number + 1) for number in range(people)]
    begin = {name: draw.randrange(max(1, weeks * 2 // 3)) for name in names[1:]} | {names[0]: 0}
    dates = [number * weeks // commits for number in range(commits)] if regular else sorted(draw.randrange(weeks) for _ in range(commits))
    dates[0], dates[-1] = 0, weeks - 1
    made = []
    for number, week in enumerate(dates, 1):
        author = next(name for name in draw.choices(names, often, k=1000) if begin[name] <= week)
        newest = [max(1, number - 1 - int(draw.expovariate(0.5))) for _ in range(2 if draw.random() < merges else 1)]
        made.append(commit(number, author, week, newest if number > 1 else []))
    return {"people": names, "commits": made, "weeks": weeks}


def with_other_kinds(seed, graph):
    """Adds reviews of commits by others, issues, and commits that name them."""
    draw = random.Random(f"kinds-{seed}")
    graph = {**graph, "reviews": [], "issues": [], "documents": []}
    for number, one in enumerate(graph["commits"]):
        if draw.random() < 0.3:
            graph["reviews"].append({"id": f"r{number:04}", "author": draw.choice(graph["people"]), "week": one["week"], "of": [one["id"]]})
        if draw.random() < 0.2:
            kind = draw.choice(["issues", "documents"])
            graph[kind].append({"id": f"{kind[0]}{number:04}", "author": draw.choice(graph["people"]), "week": one["week"]})
            one["mentions"] = [graph[kind][-1]["id"]]
    return graph


def all_graphs():
    """(name, graph, whether every moment is the last of its week)"""
    yield "example", example(), False
    yield "one person, one commit", history(1, 1, 1, 1), False
    yield "one person, far apart", history(2, 1, 6, 40), False
    yield "three people", history(3, 3, 12, 5), False
    yield "three people, at the end of weeks", history(3, 3, 12, 5), True
    yield "many who are away for long", history(4, 12, 40, 60), False
    yield "merges alone", history(5, 5, 60, 12, merges=1.0), False
    yield "reviews, issues and documents", with_other_kinds(6, history(6, 6, 50, 15)), False
    other = {
        "alpha": "0.05",
        "beta": "0.25",
        "gamma_forward": "0.2",
        "gamma_back": "0.05",
        "mint": {"merge": "0.5"},
        "author": {"forward": "0.75", "back": "2"},
        "parent": {"forward": "0.5", "back": "0.125"},
    }
    yield "other parameters", {**history(7, 5, 80, 20), "parameters": other}, False
    shared = [
        {"from": "p000", "to": "p001", "week": 0, "share": "0.25"},
        {"from": "p000", "to": "p002", "week": 3, "share": "0.5"},
        {"from": "p001", "to": "p000", "week": 5, "share": "1"},
        {"from": "p000", "to": "p001", "week": 8, "share": "0"},
    ]
    yield "shared pay-out", {**history(8, 4, 60, 12), "attributions": shared}, False
    yield "300 commits", history(9, 20, 300, 50), False
    yield "700 commits", history(10, 40, 700, 45), False
