#!/usr/bin/env python3
"""Compares elections and rankings of edition 2 with the model, on random histories.

    python3 tests/model/edition2/check_elections.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import check_elections as one
from edition2.histories import History2

if __name__ == "__main__":
    _, tally = one.histories_of(History2, ("--edition", "2"))
    sys.exit(tally.close())
