"""Quadratic funding in NumPy's floating point: `rochdale bench funding` starts it and compares times and matches.

    python3 funding.py FOLDER

Reads FOLDER/{project,member,minor}.bin (32, 32 and 64 bits a gift) and the number of projects from FOLDER/projects. Each line on its
input is a run: `gifts` from gifts in any order to matches, `sums` from sums that are by project and member already, `one` from the
same sums as those of one project. The answer is the processor time in nanoseconds and the match of all projects together. Exit 3:
NumPy is not installed.
"""

import sys
import time
from pathlib import Path


def main():
    try:
        import numpy as np
    except ImportError:
        return 3
    folder = Path(sys.argv[1])
    projects = int((folder / "projects").read_text())
    project = np.fromfile(folder / "project.bin", dtype=np.uint32)
    member = np.fromfile(folder / "member.bin", dtype=np.uint32)
    minor = np.fromfile(folder / "minor.bin", dtype=np.uint64)

    def begins_of(column):
        return np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))

    def by_project_and_member():
        key = (project.astype(np.uint64) << np.uint64(32)) | member
        order = np.argsort(key)
        key, given = key[order], minor[order]
        begins = begins_of(key)
        return begins_of(key[begins] >> np.uint64(32)), np.add.reduceat(given, begins)

    def matches(begins, sums):
        roots = np.sqrt(sums.astype(np.float64))
        return np.add.reduceat(roots, begins) ** 2 - np.add.reduceat(sums, begins).astype(np.float64)

    begins, sums = by_project_and_member()
    assert len(begins) == projects
    ways = {
        "gifts": lambda: matches(*by_project_and_member()),
        "sums": lambda: matches(begins, sums),
        "one": lambda: matches(begins[:1], sums),
    }
    print(f"ready {np.__version__}", flush=True)
    for line in sys.stdin:
        begin = time.process_time_ns()
        matched = ways[line.strip()]()
        spent = time.process_time_ns() - begin
        print(spent, f"{matched.sum():.0f}", flush=True)
    return 0


sys.exit(main())
