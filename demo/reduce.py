#!/usr/bin/env python3
"""Reduces a project's public records to what this repository ships.

    demo/reduce.py FOLDER      reads FOLDER/{transactions.csv,commits.csv,issues.json}, writes beside this script

FOLDER holds Open Collective's transactions export ("Legacy Platform Default"), commits as
`commit,authored_at,author,files_changed`, and issues as the tracker's REST interface gives them, people already
replaced by pseudonyms. Columns and fields that no importer reads are dropped; no row is dropped, added or changed,
so the yearly results stay what the project published. The script refuses anything that does not look like a pseudonym.
"""

import csv
import json
import pathlib
import re
import sys

KEPT_COLUMNS = [
    "datetime", "shortId", "description", "type", "kind", "isRefund", "shortRefundId", "amount",
    "paymentProcessorFee", "netAmount", "currency", "oppositeAccountSlug", "oppositeAccountName", "taxAmount",
]  # fmt: skip
KEPT_ISSUE_FIELDS = ["number", "title", "state", "created_at", "html_url"]
PSEUDONYM = re.compile(r"member-\d{3}")
FISCAL_HOST = ("opensource", "Open Source Collective")
DESCRIPTION = re.compile(
    r'(Refund of ")?'
    r"((Monthly |Yearly )?[Cc]ontribution (from|to) member-\d{3}( \((Bronze|Custom)\))?|Expense from member-\d{3}"
    r"|Host Fee to Open Source Collective|Cover of Payment Processor Fee from Open Source Collective)"
    r'"?'
)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1])
    target = pathlib.Path(__file__).resolve().parent
    reduce_transactions(source / "transactions.csv", target / "transactions.csv")
    reduce_commits(source / "commits.csv", target / "commits.csv")
    reduce_issues(source / "issues.json", target / "issues.json")


def reduce_transactions(source, target):
    with open(source, newline="", encoding="utf-8") as rows:
        kept = [{column: row[column] for column in KEPT_COLUMNS} for row in csv.DictReader(rows)]
    for row in kept:
        account = (row["oppositeAccountSlug"], row["oppositeAccountName"])
        if account != FISCAL_HOST and not all(PSEUDONYM.fullmatch(name) for name in account):
            sys.exit(f"{row['shortId']}: `{account}` is no pseudonym")
        if not DESCRIPTION.fullmatch(row["description"]):
            sys.exit(f"{row['shortId']}: `{row['description']}` may hold more than it needs to")
    write_csv(target, KEPT_COLUMNS, kept)


def reduce_commits(source, target):
    with open(source, newline="", encoding="utf-8") as rows:
        reader = csv.DictReader(rows)
        columns, kept = reader.fieldnames, list(reader)
    for row in kept:
        if not PSEUDONYM.fullmatch(row["author"]):
            sys.exit(f"{row['commit']}: `{row['author']}` is no pseudonym")
    write_csv(target, columns, kept)


def reduce_issues(source, target):
    issues = []
    for issue in json.loads(source.read_text(encoding="utf-8")):
        kept = {field: issue[field] for field in KEPT_ISSUE_FIELDS if field in issue}
        kept["labels"] = [{"name": label["name"]} for label in issue["labels"]]
        issues.append(kept)
    target.write_text(json.dumps(issues, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_csv(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


main()
