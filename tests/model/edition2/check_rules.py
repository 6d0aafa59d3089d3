#!/usr/bin/env python3
"""Compares co-ops of edition 2 whose rules change with the model, on random histories.

    python3 tests/model/edition2/check_rules.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import check_rules as one
from edition2.rules import RulesHistory2

if __name__ == "__main__":
    sys.exit(one.main(RulesHistory2, ("--edition", "2")))
