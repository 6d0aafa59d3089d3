#!/usr/bin/env python3
"""Compares the places of texts that stand for one document with the model: of 104 nominees, and of random histories with more than a hundred.

    python3 tests/model/edition2/check_places.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED]
"""

import hashlib
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from check_elections import one_history
from edition2.histories import ManyTexts
from edition2.race import DAY, places
from edition2.weights import MICRO
from harness import Folder, Tally, binary_of, members_csv, on_all_processors, report, run, seeds_of

TEXTS, PEOPLE = 104, 4
KERNEL = """# Rules

```charter
kernel {
    name "model"
    purpose "Try the places"
    currency "USD"
    class "givers" { weight "1" }
    constitution { settles-in "30 days"; updates "daily at 12:00" }
}
```
"""
CONSTITUTION = '# Constitution\n\n```charter\ndocument "conduct" { settles-in "10 days"; nominated-by "50%" }\n```\n'


def levels(binary, folder, until):
    """{text: level} of the nominees after the updates up to an instant."""
    run(binary, "update", folder, "--until", until)
    rows = {row["decision"]: row for row in report(binary, "standings", folder)}
    return {one["candidate"]: int(one["level"]) for one in rows["conduct"]["nominees"]}


def main():
    binary, tally = binary_of([word for word in sys.argv if not word.startswith("--")]), Tally()
    names = [hashlib.sha256(f"Text {n}".encode()).hexdigest() for n in range(TEXTS)]
    shares = {name: 100 + n * 37 % TEXTS for n, name in enumerate(names)}  # ppm, all different
    attention = {name: (math.isqrt(MICRO * share), n) for n, (name, share) in enumerate(shares.items())}
    with Folder() as top:
        folder = top / "co-op"
        run(binary, "init", folder, "--template", "club", "--name", "model", "--edition", "2")
        (folder / "kernel.md").write_text(KERNEL)
        (folder / "constitution.md").write_text(CONSTITUTION)
        members_csv(folder / "m.csv", [(f"member-{n:03}", "2024-01-01T00:00:00Z", "") for n in range(1, PEOPLE + 1)])
        run(binary, "import", "members-csv", folder / "m.csv", "--dir", folder, "--replay")
        people = sorted(row["member"] for row in report(binary, "weights", folder, "--all")["members"])
        acts = []
        for n, name in enumerate(names):
            acts.append({"act": "propose_document", "member": people[n % PEOPLE], "decision": "conduct", "text": f"Text {n}", "key": f"t-{n}"})
            acts.append({"act": "nominate", "member": people[n % PEOPLE], "decision": "conduct", "candidate": name, "share_ppm": shares[name],
                         "key": f"n-{n}"})
        (folder / "acts.jsonl").write_text("".join(json.dumps(act) + "\n" for act in acts))
        said = run(binary, "act", folder, "--file", folder / "acts.jsonl", "--at", "2024-01-01T06:00:00Z", expect=None)
        tally.check("refused acts", 0, said.count('"refusal"'))
        placed = set(places({}, attention))
        for days, gone in ((1, False), (3, False), (30, False), (31, True)):  # who waits is out at 30 days
            ours = {name: attention[name][0] * DAY * days if name in placed else 0 for name in names if name in placed or not gone}
            theirs = levels(binary, folder, f"2024-01-{days:02}T12:00:00Z")
            tally.check(f"levels on day {days}", dict(sorted(ours.items())), dict(sorted(theirs.items())))
        tally.check("texts with a place", 100, len(placed))
    for one in on_all_processors(lambda seed: one_history(binary, seed, ManyTexts, ("--edition", "2")), seeds_of(sys.argv)):
        tally.add(one)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
