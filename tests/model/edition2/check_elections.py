#!/usr/bin/env python3
"""Compares elections and rankings of edition 2 with the model, on random histories.

    python3 tests/model/edition2/check_elections.py BIN [HISTORIES [FIRST]]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import check_elections as one
from edition2.histories import History2
from harness import Failed, Folder, Tally, binary_of


def main():
    binary, tally = binary_of(sys.argv), Tally()
    histories = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for seed in range(first, first + histories):
        with Folder() as top:
            try:
                one.play(tally, binary, seed, top / "co-op", History2, ("--edition", "2"))
            except (Failed, KeyError) as why:
                tally.fail(f"seed {seed}: {type(why).__name__} {why}")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
