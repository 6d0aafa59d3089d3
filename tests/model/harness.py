"""Runs a `rochdale` binary on temporary co-ops, and counts what agreed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SHOWN = 30


class Failed(Exception):
    """The binary refused, or printed something unreadable."""


class Tally:
    """Counts agreements, and shows the first differences."""

    def __init__(self):
        self.passed, self.failed, self.shown = 0, 0, 0

    def check(self, what, ours, theirs):
        """`ours` is the model's, `theirs` the binary's."""
        if ours == theirs:
            self.passed += 1
            return True
        return self.fail(f"{what}: model {ours}, binary {theirs}")

    def fail(self, words):
        self.failed += 1
        self.shown += 1
        if self.shown <= SHOWN:
            print(words[:600], flush=True)
        elif self.shown == SHOWN + 1:
            print("… further differences are only counted", flush=True)
        return False

    def add(self, other):
        self.passed, self.failed = self.passed + other.passed, self.failed + other.failed

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def run(binary, *words, expect=0):
    """Runs the binary and returns its output. `expect` None accepts any exit code."""
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run([str(binary), *map(str, words)], capture_output=True, text=True, timeout=300, env=environment)
    if expect is not None and done.returncode != expect:
        raise Failed(f"exit {done.returncode}: {' '.join(map(str, words))}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout


def on_all_processors(one, seeds):
    """The results of `one(seed)`, in the order of the seeds; each works in a folder of its own."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(one, seeds)


def report(binary, *words):
    """Returns the binary's answer to --json; decimals are kept exact."""
    text = run(binary, *words, "--json")
    try:
        return json.loads(text, parse_float=Fraction)
    except ValueError as why:
        raise Failed(f"no JSON from {words}: {why}: {text[:200]!r}") from None


def members_csv(path, rows):
    """rows: (name, joined, lists)."""
    lines = ["name,kind,lists,joined"] + [f"{name},person,{lists},{joined}" for name, joined, lists in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Folder:
    """A folder that is gone at the end, unless KEEP is set."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="rochdale-model-"))
        return self.path

    def __exit__(self, *_):
        if os.environ.get("KEEP"):
            print(f"kept {self.path}", file=sys.stderr)
        else:
            shutil.rmtree(self.path, ignore_errors=True)


def seeds_of(arguments):
    """The seeds that a command line names: SEEDS of them from FIRST on, then those of `--also=SEED,SEED`."""
    words = [word for word in arguments if not word.startswith("--")]
    count, first = int(words[2]) if len(words) > 2 else 100, int(words[3]) if len(words) > 3 else 1
    also = [int(seed) for word in arguments if word.startswith("--also=") for seed in word.split("=")[1].split(",")]
    return [*range(first, first + count), *also]


def binary_of(arguments):
    if len(arguments) < 2:
        sys.exit(f"usage: {arguments[0]} BIN [SEEDS [FIRST]] [--also=SEED,SEED]")
    path = Path(arguments[1]).resolve()
    if not path.is_file():
        sys.exit(f"{path} is not a file")
    return path
