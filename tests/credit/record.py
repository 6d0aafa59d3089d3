#!/usr/bin/env python3
"""Makes the record of SourceCred's answers, or compares with it.

    python3 tests/credit/record.py make PACKAGE           writes tests/credit/sourcecred.json
    python3 tests/credit/record.py compare BIN [PACKAGE]  compares `rochdale count credit` with the record; with a package with it anew, too

PACKAGE is what this leaves in its folder `package`:

    npm pack sourcecred@0.11.2 && tar -xzf sourcecred-0.11.2.tgz

Two answers agree where they differ by no more than a millionth of the greater, or of a millionth of a credit.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from graphs import all_graphs

HERE = Path(__file__).resolve().parent
RECORD = HERE / "sourcecred.json"
COMMANDS = [
    "npm pack sourcecred@0.11.2 && tar -xzf sourcecred-0.11.2.tgz",
    "python3 tests/credit/record.py make package",
]
NEAR = 1e-6


def version_of(package):
    return json.loads((Path(package) / "package.json").read_text())["version"]


def answers_of(package, graphs):
    asked = json.dumps([{"input": graph, "at_end": at_end} for _, graph, at_end in graphs])
    done = subprocess.run(["node", HERE / "sourcecred.cjs", package], input=asked, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["answers"]


def make(package):
    graphs = list(all_graphs())
    rows = [
        {"name": name, "input": graph, "answer": {"people": answer["people"]}}
        for (name, graph, _), answer in zip(graphs, answers_of(package, graphs))
    ]
    head = {"package": "sourcecred", "version": version_of(package), "commands": COMMANDS}
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    RECORD.write_text(json.dumps(head)[:-1] + ', "graphs": [\n' + lines + "\n]}\n")
    print(f"{len(rows)} graphs, {RECORD.stat().st_size} bytes")


def is_near(one, other):
    return abs(one - other) <= NEAR * max(abs(one), abs(other), 1e-6)


def differences(name, theirs, ours):
    """Both are lists of people with their credit."""
    by_id = {person["id"]: person for person in ours}
    count = 0
    for person in theirs:
        own = by_id[person["id"]]
        pairs = [("credit", person["credit"], own["credit"]), *(("week", *pair) for pair in zip(person["by_week"], own["by_week"]))]
        wrong = [(what, one, other) for what, one, other in pairs if not is_near(float(one), float(other))]
        if wrong or len(person["by_week"]) != len(own["by_week"]):
            count += 1
            print(f"{name}, {person['id']}: {wrong[:3]}")
    return count


def compare(binary, package=None):
    record = json.loads(RECORD.read_text())
    graphs = list(all_graphs())
    anew = answers_of(package, graphs) if package else [row["answer"] for row in record["graphs"]]
    if package and version_of(package) != record["version"]:
        sys.exit(f"the record is of version {record['version']}")
    passed = failed = 0
    for row, (name, graph, _), theirs in zip(record["graphs"], graphs, anew, strict=True):
        if (row["name"], row["input"]) != (name, graph):
            sys.exit(f"the record has other graphs: {name}")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(json.dumps(graph))
            file.flush()
            done = subprocess.run([binary, "count", "credit", file.name, "--json"], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        ours = json.loads(done.stdout)["people"]
        wrong = differences(name, row["answer"]["people"], ours) + differences(f"{name}, made anew", theirs["people"], ours)
        passed, failed = passed + len(ours), failed + wrong
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", package]:
            make(package)
        case ["compare", binary, *package]:
            sys.exit(compare(binary, *package))
        case _:
            sys.exit(__doc__)
