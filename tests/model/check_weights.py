#!/usr/bin/env python3
"""Compares weights and book of a `rochdale` binary with the model, on a real project's records.

    check_weights.py BIN

Reads the records of demo/. Weights agree to the micro-weight (where
support fades: within 1e-9 of the exact value, rounded down), the book to the cent.
"""

import sys
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import REPOSITORY, Failed, Folder, Tally, binary_of, members_csv, report, run
from rochdale_model import (
    MICRO, OPEN_SOURCE, Class, Kernel, book_table, commits, iso, kernel_clause, local, moment, month_number,
    open_collective,
)

DATA = REPOSITORY / "demo"
SECOND = 1_000_000
FADING = "faded(donated, half-life 180 days) / 1 USD"


def month_start(number, zone="UTC"):
    """The first instant of a month, found without a calendar library's help: the least whose month it is."""
    low = moment(f"{number // 12:04}-{number % 12 + 1:02}-01T00:00:00") - 86_400 * SECOND
    high = low + 2 * 86_400 * SECOND
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if month_number(middle, zone) >= number else (middle, high)
    return high


def dates(support, zone="UTC"):
    """Instants worth a look: ends, starts and middles of months, refunds, yearly gifts and their ends."""
    chosen = set()
    for number in range(2017 * 12 + 1, 2026 * 12 + 3, 7):
        start = month_start(number, zone)
        chosen |= {start, start - SECOND}
    for number in range(2017 * 12 + 2, 2026 * 12 + 2, 11):
        chosen.add(month_start(number, zone) + 14 * 86_400 * SECOND + 12_345 * SECOND)
    for reversal in support.reversals:
        chosen |= {reversal.given_at - SECOND, reversal.given_at, reversal.given_at + SECOND}
        chosen.add(month_start(month_number(reversal.given_at, zone) + 1, zone) + 5 * 86_400 * SECOND)
    for record in support.records:
        if record.parts > 1:
            month = month_number(record.given_at, zone)
            chosen |= {record.given_at, record.given_at - SECOND}
            chosen |= {month_start(month + later, zone) + 3_600 * SECOND for later in (1, 9, 12)}
    return sorted(at for at in chosen if at < moment("2026-03-01"))


def compare(tally, binary, folder, kernel, support, lists, moments, what, tolerance=0):
    for at in moments:
        theirs = {row["name"]: row for row in report(binary, "weights", folder, "--at", iso(at))["members"]}
        ours = kernel.weights(support, lists, at)
        for name in sorted(set(ours) | set(theirs)):
            weight, earned = ours.get(name, (0, {}))
            row = theirs.get(name, {"weight": 0, "classes": []})
            near = abs(row["weight"] - weight) <= tolerance
            place = f"{what} at {iso(at)} {name}"
            tally.check(f"{place} weight", weight, weight if near else row["weight"])
            per_class = {one["class"]: one["earned"] for one in row["classes"]}
            for class_name in set(per_class) | set(earned):
                mine, its = earned.get(class_name, 0), per_class.get(class_name, 0)
                tally.check(f"{place} earned as {class_name}", mine, mine if abs(its - mine) <= tolerance else its)
            if row["classes"]:
                tally.check(f"{place} classes sum", row["weight"], sum(one["weight"] for one in row["classes"]))


def compare_book(tally, binary, folder, book):
    for by in ("year", "month"):
        ours = book_table(book, by)
        theirs = {row["period"]: row for row in report(binary, "book", folder, "--by", by)["periods"]}
        for period in sorted(set(ours) | set(theirs)):
            if period not in theirs:
                tally.fail(f"book by {by}: {period} is missing")
                continue
            row = theirs[period]
            before = [label for label in ours if label <= period]
            net, balance = ours.get(period, (0, ours[before[-1]][1] if before else 0))
            tally.check(f"book {period} net", net, row["net"]["amount"])
            tally.check(f"book {period} balance", balance, row["balance"]["amount"])
            tally.check(f"book {period} in less out", net, row["in"]["amount"] - abs(row["out"]["amount"]))


def founded(binary, folder, **clauses):
    """A new co-op of the open-source template with other clauses in its kernel."""
    run(binary, "init", folder, "--template", "open-source", "--name", "model", "--edition", "1")
    path = folder / "kernel.md"
    path.write_text(kernel_clause(path.read_text(encoding="utf-8"), **clauses), encoding="utf-8")


def with_classes(folder, lines):
    """Replaces all classes of the kernel by `lines`."""
    path = folder / "kernel.md"
    kept, depth = [], None
    for line in path.read_text(encoding="utf-8").splitlines():
        if depth is None and line.strip().startswith("class "):
            depth = 0
        if depth is not None:
            depth += line.count("{") - line.count("}")
            if depth == 0:
                depth = None
            continue
        kept.append(line)
        if line.strip().startswith("currency "):
            kept.extend("    " + one for one in lines)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def real_records(tally, binary):
    support, book = open_collective(DATA / "transactions.csv")
    moments = dates(support)
    kernel = Kernel(OPEN_SOURCE, cap=Fraction(20, 100))
    with Folder() as top:
        folder = top / "replayed"
        founded(binary, folder)
        run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder, "--replay")
        compare(tally, binary, folder, kernel, support, {}, moments, "template, replayed")
        compare_book(tally, binary, folder, book)
        run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder, "--replay", expect=None)
        compare_book(tally, binary, folder, book)
        folder = top / "now"
        founded(binary, folder)
        run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder)
        compare(tally, binary, folder, kernel, support, {}, moments[::4], "template, imported now")
        compare_book(tally, binary, folder, book)


def other_rules(tally, binary):
    """Caps, zones, fading, on the same records."""
    support, _ = open_collective(DATA / "transactions.csv")
    with Folder() as top:
        for number, cap in enumerate(("5%", "1%", "33%", None)):
            folder = top / f"cap-{number}"
            founded(binary, folder)
            move_cap(folder, cap)
            run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder)
            kernel = Kernel(OPEN_SOURCE, cap=Fraction(int(cap[:-1]), 100) if cap else None)
            compare(tally, binary, folder, kernel, support, {}, dates(support)[number::6], f"cap {cap}")
        folder = top / "zone"
        founded(binary, folder, **{"time-zone": 'time-zone "America/Los_Angeles"'})
        run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder)
        kernel = Kernel(OPEN_SOURCE, cap=Fraction(20, 100), zone="America/Los_Angeles")
        compare(tally, binary, folder, kernel, support, {}, dates(support, kernel.zone)[::2], "another zone")
        folder = top / "faded"
        founded(binary, folder)
        move_cap(folder, None)
        with_classes(folder, ['class "givers" {', f'    weight "{FADING}"', "}"])
        run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder)
        kernel = Kernel([Class("givers", FADING)])
        compare(tally, binary, folder, kernel, support, {}, dates(support)[1::3], "faded", tolerance=1)


def move_cap(folder, cap):
    """Gives the kernel another cap on one member's weight, or none."""
    path = folder / "kernel.md"
    lines = [l for l in path.read_text(encoding="utf-8").splitlines() if not l.strip().startswith("members {")]
    at = next(i for i, line in enumerate(lines) if line.strip().startswith("votes "))
    if cap:
        lines.insert(at, f'    members {{ cap "{cap}" }}')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def contributors(tally, binary):
    """One contributor, then five, with commits and gifts together."""
    people = ["member-001", "member-002", "member-003", "member-004", "member-005"]
    for count in (1, 5):
        support, _ = open_collective(DATA / "transactions.csv")
        support.records.extend(commits(DATA / "commits.csv"))
        with Folder() as top:
            folder = top / "co-op"
            founded(binary, folder)
            members_csv(top / "members.csv", [(name, "2007-01-01", "contributor-list") for name in people[:count]])
            run(binary, "import", "members-csv", top / "members.csv", "--dir", folder)
            run(binary, "import", "open-collective-csv", DATA / "transactions.csv", "--dir", folder)
            run(binary, "import", "commits-csv", DATA / "commits.csv", "--dir", folder)
            kernel = Kernel(OPEN_SOURCE, cap=Fraction(20, 100))
            lists = {"contributor-list": set(people[:count])}
            compare(tally, binary, folder, kernel, support, lists, dates(support)[5::9], f"{count} contributors")


def main():
    binary, tally = binary_of(sys.argv), Tally()
    for part in (real_records, other_rules, contributors):
        try:
            part(tally, binary)
        except Failed as why:
            tally.fail(f"{part.__name__}: {why}")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
