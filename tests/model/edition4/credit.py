"""Credit, as docs/spec/credit.md defines it: all nodes, all weeks, one system of linear equations in floating point."""

USUAL = {
    "alpha": 0.1,
    "beta": 0.4,
    "gamma_forward": 0.1,
    "gamma_back": 0.1,
    "mint": {"commit": 1.0, "merge": 1.0, "review": 1.0, "issue": 0.0, "document": 0.0},
    "author": {"forward": 0.5, "back": 1.0},
    "parent": {"forward": 1.0, "back": 0.25},
    "review": {"forward": 1.0, "back": 0.25},
    "mention": {"forward": 1.0, "back": 0.0},
}


def parameters_of(given):
    """The usual parameters, with those that are given in their places."""
    chosen = {}
    for name, usual in USUAL.items():
        value = given.get(name, {} if isinstance(usual, dict) else usual)
        chosen[name] = {**usual, **{key: float(one) for key, one in value.items()}} if isinstance(usual, dict) else float(value)
    return chosen


def items_of(graph):
    """(item, kind, [(kind of link, id)]); an item of a list of contributions brings its links."""
    for commit in graph["commits"]:
        if "links" in commit:
            yield commit, "commit", commit["links"]
            continue
        kind = "merge" if len(commit.get("parents", [])) > 1 else "commit"
        yield commit, kind, [("parent", one) for one in commit.get("parents", [])]
    for review in graph.get("reviews", []):
        yield review, "review", [("review", one) for one in review["of"]]
    for kind in ("issue", "document"):
        for other in graph.get(f"{kind}s", []):
            yield other, kind, []


def shares_in(graph, week):
    """(from, to) -> share, of the attributions that have begun: the last one of each pair."""
    begun = {}
    for one in sorted(graph.get("attributions", []), key=lambda one: one.get("week", 0)):
        if one.get("week", 0) <= week:
            begun[one["from"], one["to"]] = float(one["share"])
    return begun


def solve(rows, right):
    """x of rows · x = right, by elimination. No row is swapped: each column's diagonal outweighs the rest of it."""
    size = len(right)
    for column in range(size):
        pivot = rows[column]
        for below in range(column + 1, size):
            factor = rows[below][column] / pivot[column]
            if factor:
                row = rows[below]
                for place in range(column, size):
                    row[place] -= factor * pivot[place]
                right[below] -= factor * right[column]
    for column in reversed(range(size)):
        known = sum(rows[column][place] * right[place] for place in range(column + 1, size))
        right[column] = (right[column] - known) / rows[column][column]
    return right


def edges_of(graph, chosen):
    """The weighted edges from each node, and what each item mints."""
    edges, minted = {}, {}

    def link(one, other, pair):
        edges.setdefault(one, []).append((other, pair["forward"]))
        edges.setdefault(other, []).append((one, pair["back"]))

    for item, kind, links in items_of(graph):
        node = ("item", item["id"])
        minted[node] = float(item.get("mint", chosen["mint"][kind]))
        authors = item["authors"] if "authors" in item else [item["author"]]
        for author in authors:
            link(("person", author, item["week"]), node, {way: int(weight * 1e6) // len(authors) / 1e6 for way, weight in chosen["author"].items()})
        for of, other in links + [("mention", other) for other in item.get("mentions", [])]:
            link(node, ("item", other), chosen[of])
    return edges, minted


def credit(graph):
    """Each person's credit by week."""
    chosen, weeks, people = parameters_of(graph.get("parameters", {})), graph["weeks"], graph["people"]
    edges, minted = edges_of(graph, chosen)
    nodes = list(minted) + [("person", person, week) for person in people for week in range(weeks)]
    place = {node: number for number, node in enumerate(nodes)}
    beta, forward, back = chosen["beta"], chosen["gamma_forward"], chosen["gamma_back"]
    # rows · flow = minted: what flows into a node from others stays on its left side.
    rows = [[1.0 if one == other else 0.0 for other in range(len(nodes))] for one in range(len(nodes))]
    for node in nodes:
        to_items = 1 - chosen["alpha"] if node[0] == "item" else 1 - chosen["alpha"] - beta - forward - back
        all_weight = sum(weight for _, weight in edges.get(node, []))
        for other, weight in edges.get(node, []):
            if weight:
                rows[place[other]][place[node]] -= to_items * weight / all_weight
    kept = {}
    for week in range(weeks):
        shares = shares_in(graph, week)
        for person in people:
            here = place["person", person, week]
            rows[place["person", person, min(week + 1, weeks - 1)]][here] -= forward
            rows[place["person", person, max(week - 1, 0)]][here] -= back
            given = {to: share for (giver, to), share in shares.items() if giver == person}
            for to, share in given.items():
                rows[place["person", to, week]][here] -= beta * share
            kept[person, week] = 1 - sum(given.values())
    flow = solve(rows, [minted.get(node, 0.0) for node in nodes])
    paid = {key: flow[place["person", *key]] * part for key, part in kept.items()}
    all_paid, all_minted = sum(paid.values()), sum(minted.values())
    scale = all_minted / all_paid if all_paid else 0.0
    return {person: [paid[person, week] * scale for week in range(weeks)] for person in people}
