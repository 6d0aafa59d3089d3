"""Made the logs of edition 1, once, with the binary of commit f0b071b. It is kept to show where they come from: never run it again.

Identities are drawn at random, so that another run gives other logs, and a later binary writes another edition. Edition 2 uses the parts of it that
its rules do not forbid.
"""

import json
from datetime import datetime, timedelta, timezone

from making import (
    ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, item, kernel, listed, names, nominate, on_text, own, served,
)

import check_elections
import check_rules
from harness import Tally, run

TEMPLATES = ["club", "computing", "consumer", "data", "fairshares", "multi-stakeholder", "open-source", "platform", "worker"]
ELECTION_SEEDS = [3, 4, 5, 15, 24, 33, 37, 50, 51, 54, 59, 60]
RULES_SEEDS = [5, 8, 15, 16, 19, 28, 31, 34, 37, 40, 41, 46, 49, 56, 58, 60]
FLOORS_SEEDS = [71, 72, 73]  # in these a ranking that stays may also get another floor



CONTRIBUTIONS = '''datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName
2021-01-02T00:17:13,b1,Monthly contribution from member-001,CREDIT,CONTRIBUTION,,,50,-2.25,42.75,USD,member-001,member-001
2021-01-05T09:00:00,b2,"Refund of ""Monthly contribution from member-001""",DEBIT,CONTRIBUTION,REFUND,b1,-50,0,-50,USD,member-001,member-001
2021-01-31T23:30:00,b3,Yearly contribution from member-002,CREDIT,CONTRIBUTION,,,100,0,100,USD,member-002,member-002
2021-02-01T08:00:00,b4,Contribution from member-003,CREDIT,CONTRIBUTION,,,33.34,-1,30.00,USD,member-003,member-003
2021-02-02T00:17:13,b5,Monthly contribution from member-001,CREDIT,CONTRIBUTION,,,50,-2.25,47.75,USD,member-001,member-001
2021-02-03T10:00:00,b6,Host fee,DEBIT,HOST_FEE,,,-5,0,-5,USD,host,Host
2021-02-20T10:00:00,b7,Paid for hosting,DEBIT,EXPENSE,,,-20,0,-20,USD,member-004,member-004
2021-03-02T00:17:13,b8,Monthly contribution from member-001,CREDIT,CONTRIBUTION,,,60,-2.25,57.75,USD,member-001,member-001
'''
MORE_CONTRIBUTIONS = '''datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName
2021-05-02T09:00:00,c1,"Refund of ""Yearly contribution from member-002""",DEBIT,CONTRIBUTION,REFUND,b3,-100,0,-100,USD,member-002,member-002
2021-05-03T09:00:00,c2,Refund of a fee,CREDIT,HOST_FEE,REFUND,b6,5,0,5,USD,host,Host
2021-05-04T09:00:00,c3,Given on,DEBIT,CONTRIBUTION,,,-7,0,-7,USD,other,Other
'''
SUPPORT = """member,kind,amount,unit,given_at,source
member-001,dues,12.50,USD,2021-05-10,1
member-002,purchase,99.99,USD,2021-05-10,2
member-003,loan,500,USD,2021-05-10,3
member-004,share-capital,250,USD,2021-05-10,4
member-005,hours,7.25,hours,2021-05-10,5
member-006,contribution,2.5,credits,2021-05-10,6
member-001,compute,1.5,hours,2021-05-10,7
member-002,compute,3,hours,2021-05-10,8
member-003,pledge,10,USD,2021-05-10,9
member-004,donation,1,USD,2021-05-10,10
"""
SUPPORT_CLASSES = """    class "patrons" { weight "min(donated(last month), pledged(next month)) / 1 USD" }
    class "givers" { weight "faded(donated, half-life 60 days) / 1 USD"; scale "sqrt" }
    class "buyers" { weight "if purchased(ever) > 20 USD then 20 else purchased(ever) / 1 USD" }
    class "workers" list="workers" { weight "if count(workers) == 1 then highest(patrons) else hours(last 2 months) / 1 hour + contributed(last year)" }
    class "owners" { weight "sqrt(capital(ever) * lent(ever)) / 10 USD + faded(dues, half-life 90 days) / 1 USD + total(buyers) / (1 + count(givers))" }
    class "machines" { weight "computed(last quarter) / 30 minutes" }"""


def refunds(made, parent):
    lists = {who: "workers" for who in ("member-005", "member-006")}
    coop = Coop(made, parent, "refunds", kernel(SUPPORT_CLASSES, "weekly on monday at 01:00", more='    members { cap "40%"; floor "0.5 weights" }'),
                charter("Constitution", 'office "chair" { settles-in "7 days" }\nranking "wishes"'), lists=lists)
    coop.load_text("open-collective-csv", CONTRIBUTIONS)
    coop.until("2021-05-01")
    coop.load_text("open-collective-csv", MORE_CONTRIBUTIONS)
    coop.load_text("support-csv", SUPPORT)
    coop.load_text("commits-csv", "commit,authored_at,author,files_changed\n85864b414,2021-05-11T21:51:59Z,member-005,1\n95864b414,2021-05-12T01:51:59Z,member-006,3\n")
    coop.act("2021-05-20", own("stand", "member-001", "chair"), item("open", "wishes", "bread"),
             *[ballot(who, "chair", 40, member_001=9) for who in names(4)], *[ballot(who, "wishes", 30, item="bread") for who in names(6)])
    coop.act("2021-05-21T12:00:00Z",
             coop.gift("member-003", "donation", 10_000, "2021-03-31T22:00:00Z", parts=12),
             coop.gift("member-004", "donation", 1_000, "2021-01-31", parts=7),
             coop.gift("member-004", "pledge", 2_000, "2021-05-21", series="yearly", stands_months=12),
             coop.gift("member-004", "pledge", 2_500, "2021-05-21T11:00:00Z", series="yearly", stands_months=12),
             coop.gift("member-005", "hours", 5_400, "2021-05-15", unit="second", parts=2))
    back = lambda of, at, source, **more: {"act": "reverse_support", "of": of, "given_at": at, "source": source, **more}
    coop.act("2021-06-08", back("donation:1", "2021-06-01", "back:1", amount=2_501), back("donation:2", "2021-06-01", "back:2", amount=1),
             back("pledge:4", "2021-06-07", "back:3"), back("support:3", "2021-06-07", "back:4", amount=12_345), back("support:5", "2021-06-08", "back:5"))
    coop.act("2021-07-20", back("donation:1", "2021-06-20", "back:6", amount=5_000), back("donation:2", "2021-07-19", "back:7"),
             back("support:6", "2021-07-01", "back:8"), back("open-collective:b8", "2021-07-01", "back:9", amount=1_999),
             {**back("donation:1", "2021-07-20", "back:10", amount=5_000), "refused": "R040"})
    coop.act("2021-08-01", back("donation:1", "2021-08-01", "back:11"), {"act": "end_membership", "member": "member-002"})
    coop.until("2022-03-01")
    coop.keep()


# Rules that change.

TEAM = 'constitution "docs-team" { settles-in "1 day"; may "publish" "keep-list" "close-issue"; limits { spend "100 USD per month" } }'
FIRST = charter("First", f"""
office "chair" {{ settles-in "1 day"; may "admit" }}
body "board" seats=3 {{ settles-in "1 day" }}
document "conduct" {{ settles-in "1 day" }}
ranking "wishes" {{ close-after "30 days" floor="0.5 votes" }}
{TEAM}""")
SECOND = charter("Second", f"""
office "chair" {{ settles-in "2 days"; may "admit" "spend"; limits {{ spend "50 USD per week" }} }}
document "board" {{ settles-in "1 day" }}
document "manners" {{ settles-in "1 day"; votes "linear" }}
ranking "wishes" {{ close-after "20 days" floor="3 votes" }}
{TEAM}""")
NARROWER = charter("Narrower", """
office "chair" { settles-in "2 days"; may "admit" }
ranking "wishes" { close-after "20 days" floor="0.5 votes" }
constitution "docs-team" { settles-in "1 day"; may "publish" }""")
INSIDE = charter("Inside", """
office "editor" { settles-in "1 day"; may "keep-list" "publish"; may "spend" up-to="1 USD per day" }
ranking "pages"
constitution "translations" { settles-in "1 day"; may "publish" }""")
INSIDE_TOO = charter("Inside, too", 'office "editor" { settles-in "1 day"; may "publish" }\nbody "readers" seats=2 { settles-in "1 day" }')
DEEPER = charter("Deeper", 'office "translator" { settles-in "1 day"; may "publish" }\ndocument "words" { settles-in "1 day" }')
SECOND_CLASS = ONE_EACH + '\n    class "givers" { weight "donated(ever) / 1 USD" }'


def put_in_force(coop, decision, text, propose_at, settle_until, voters, share=15):
    """Proposes a text of rules and has it elected."""
    first = voters[0]
    coop.act(propose_at, own("propose_document", first, decision, text=text))
    document = coop.document(text)
    coop.act(propose_at, *[nominate(who, decision, document, 3) for who in voters])
    coop.act(propose_at, *[on_text(who, decision, share, document) for who in voters])
    coop.until(settle_until)
    return document


def amendments(made, parent):
    people = names(6)
    coop = Coop(made, parent, "amendments", kernel(ONE_EACH), FIRST, lists=ON_ROLL)
    coop.act("2021-01-02", *[own("stand", who, "board") for who in people[:4]], own("stand", people[0], "chair"),
             own("propose_document", people[1], "conduct", text="Be kind.\n"), item("open", "wishes", "1"), item("open", "wishes", "2"))
    coop.act("2021-01-02", *[ballot(who, "board", 15, member_001=10, member_002=8, member_003=6, member_004=3) for who in people],
             *[ballot(who, "chair", 10, member_001=10) for who in people],
             *[on_text(who, "conduct", 5, coop.document("Be kind.\n")) for who in people],
             *[ballot(who, "wishes", 8, item="1") for who in people], *[ballot(who, "wishes", 2, item="2", against=True) for who in people[:2]])
    coop.until("2021-01-20")
    put_in_force(coop, "docs-team", INSIDE, "2021-01-20T08:00:00Z", "2021-01-30", people)
    assert "docs-team/editor" in coop.held(), coop.held()
    put_in_force(coop, "docs-team/translations", DEEPER, "2021-01-31", "2021-02-10", people, 5)
    assert "docs-team/translations/translator" in coop.held(), coop.held()
    coop.act("2021-02-11", own("stand", people[3], "docs-team/editor"), own("stand", people[4], "docs-team/translations/translator"),
             item("open", "docs-team/pages", "intro"), own("propose_document", people[5], "docs-team", text=INSIDE_TOO))
    coop.act("2021-02-11", *[nominate(who, "docs-team", coop.document(INSIDE_TOO), 2) for who in people],
             *[ballot(who, "docs-team/editor", 5, member_004=10) for who in people],
             *[ballot(who, "docs-team/translations/translator", 3, member_005=10) for who in people],
             *[ballot(who, "docs-team/pages", 2, item="intro") for who in people])
    coop.until("2021-02-20")
    assert coop.held()["docs-team/editor"], coop.held()
    second = put_in_force(coop, "constitution", SECOND, "2021-02-21", "2021-03-05", people, 15)
    assert "manners" in coop.held(), coop.held()
    # Two kernels: members assent to one, and the other has nobody's weight.
    other = kernel(SECOND_CLASS, "weekly on tuesday at 02:30", amend="1/2 of weight and 1/3 of each class for 3 days", more='    members { floor "0.25 weights" }')
    unwanted = kernel(ONE_EACH, "daily at 03:00")
    coop.act("2021-03-06", own("propose_document", people[0], "kernel", text=other), own("propose_document", people[1], "kernel", text=unwanted),
             *[{"act": "assent", "member": who, "document": coop.document(other), "assent": True} for who in people])
    coop.act("2021-03-06T05:00:00Z", {"act": "assent", "member": people[5], "document": coop.document(other), "assent": False},
             own("withdraw_candidacy", people[1], "kernel", document=coop.document(unwanted)), own("propose_document", people[1], "kernel", text=unwanted))
    coop.until("2021-03-20")
    coop.act("2021-03-21", *[coop.gift(who, "donation", 500 * place, "2021-03-20") for place, who in enumerate(people, 1)])
    coop.until("2021-04-10")
    # The team's own text no longer checks once the constitution gives it less.
    narrower = coop.document(NARROWER)
    coop.act("2021-04-11", own("propose_document", people[2], "constitution", text=NARROWER))
    coop.act("2021-04-11", *[nominate(who, "constitution", narrower, 3) for who in people],
             *[on_text(who, "constitution", 25, narrower, 10) | {"scores": {narrower: 1_000_000, second: 100_000}} for who in people])
    coop.until("2021-06-30")
    assert coop.held()["docs-team"] == [] and "docs-team/editor" not in coop.held(), coop.held()
    last = kernel(SECOND_CLASS, "daily at 04:00", amend="never", name="golden, at last")
    waits = kernel(SECOND_CLASS, "daily at 05:00", name="too late")
    coop.act("2021-07-01", own("propose_document", people[0], "kernel", text=last), own("propose_document", people[3], "kernel", text=waits),
             *[{"act": "assent", "member": who, "document": coop.document(last), "assent": True} for who in people],
             {"act": "assent", "member": people[3], "document": coop.document(waits), "assent": True})
    coop.until("2021-07-25")
    coop.act("2021-07-26", {**own("propose_document", people[3], "kernel", text=waits), "refused": "R047"})
    coop.keep()


# Classes that hold a percentage of the votes, whatever their weight.

CONTROL = """    class "workers" list="workers" { weight "hours(last 3 months) / 1 hour"; control "40%" }
    class "customers" { weight "purchased(ever) / 1 USD"; control "35.5%" }
    class "founders" list="founders" { weight "1"; control "24.5%" }"""
AT_MOST = """    class "members" list="workers" { weight "1 + hours(last 3 months) / 1 hour" }
    class "investors" { weight "capital(ever) / 10 USD"; at-most "10%" }
    class "lenders" { weight "lent(ever) / 10 USD"; at-most "20%" }"""
BY_CLASS = charter("Constitution", """
office "manager" { settles-in "3 days" }
body "council" seats=2 { settles-in "3 days"; votes "linear" }
office "steward" electorate="ELECTORATE" { settles-in "3 days"; votes "approval" }
ranking "ideas" { close-after "40 days" floor="0.1 votes"; votes "one-member" }
document "policy" { electorate "ELECTORATE" "OTHER"; settles-in "3 days" }""")


def by_class(made, parent, name, classes, electorate, other, votes):
    people, lists = names(8), {who: "workers" for who in names(4)}
    if name == "control":
        lists["member-004"], lists["member-005"] = "workers;founders", "founders"
    rules = BY_CLASS.replace("ELECTORATE", electorate).replace("OTHER", other)
    coop = Coop(made, parent, name, kernel(classes, votes=votes), rules, people=8, lists=lists)
    gifts = []
    for place, who in enumerate(people, 1):
        kinds = [("hours", 3_600 * place, "second")] if place <= 4 else []
        kinds += [("purchase", 901 * place, None), ("share-capital", 70_001 * place, None), ("loan", 123_457 * (9 - place), None)] if place > 2 else []
        gifts += [coop.gift(who, kind, amount, "2021-01-01", unit) for kind, amount, unit in kinds]
    coop.act("2021-01-02", *gifts, *[own("stand", who, "manager") for who in people[:3]], *[own("stand", who, "council") for who in people[2:6]],
             own("stand", people[3], "steward"), item("open", "ideas", "a"), item("open", "ideas", "b"), own("propose_document", people[4], "policy", text="P\n"))
    text = coop.document("P\n")
    for place, who in enumerate(people):
        coop.act("2021-01-02T02:00:00Z", ballot(who, "manager", 20, member_001=10 - place, member_002=place + 1),
                 ballot(who, "council", 21, member_003=10, member_004=place + 1, member_005=9 - place),
                 ballot(who, "ideas", 7, item="a"), ballot(who, "ideas", 5, item="b", against=place % 2 == 1))
        if place < 4:
            coop.act("2021-01-02T02:00:00Z", ballot(who, "steward", 11, member_004=10), on_text(who, "policy", 13, text, 7))
    coop.until("2021-02-01")
    coop.act("2021-02-02", *[listed("add_to", who, "workers") for who in people[6:7]], listed("remove_from", people[0], "workers"),
             coop.gift(people[7], "purchase", 999_999, "2021-02-01"), coop.gift(people[6], "hours", 36_000, "2021-02-01", "second"),
             ballot(people[7], "manager", 0), ballot(people[7], "manager", 60, against=True, member_001=10))
    coop.until("2021-03-15")
    coop.act("2021-03-16", *[{"act": "end_membership", "member": who} for who in people[1:3]])
    coop.until("2021-06-15")
    coop.keep()


# Clauses that are read, checked and kept, and not carried out.

KEPT = """
office "chair" { settles-in "1 day"; delegation "allowed" }
ranking "help" { supply "8 hours per month"; skip "yes" }
ranking "grants-asked" { supply "100 USD per quarter"; close-after "30 days" }
commitment "budget" every="quarter" { default "carry the last budget over"; quorum "15%"; freeze "5%" }
commitment "new-office" { deadline "2021-06-30"; conviction-half-life "14 days"; delegation "none" }
commitment "grants" { spending-limit "20%"; least-conviction "2.5%"; conviction-half-life "7 days" }
pool "commons" { fed-by "20% of donations"; fed-by "5% of purchases"; match "capped"; cap "25%"; every "quarter" }
pool "pairs" { match "pairwise"; self "allowed"; order "skip" }
release "binaries" { patrons-until "400 USD per month" }
release "handbook" { patrons-until "5000 USD" }
release "talks" { patrons-until "2027-03-31" }
constitution "docs-team" { settles-in "1 day"; limits { spend "100 USD per month" } }"""


def kept(made, parent):
    people = names(5)
    coop = Coop(made, parent, "kept", kernel(ONE_EACH), charter("Kept", KEPT), people=5, lists=ON_ROLL)
    coop.act("2021-01-02", own("stand", people[0], "chair"), item("open", "help", "roof"), item("open", "help", "door"), item("open", "grants-asked", "x"),
             *[ballot(who, "chair", 30, member_001=10) for who in people], *[ballot(who, "help", 10, item="roof") for who in people[:3]],
             {**own("stand", people[0], "budget"), "refused": "R012"}, {**item("open", "commons", "1"), "refused": "R012"})
    coop.until("2021-02-10")
    inside = charter("Inside", 'commitment "retreat" every="year"\npool "small" { match "none" }\nrelease "draft" { patrons-until "20 USD" }\n'
                               'ranking "tasks" { supply "50 USD per month" }')
    put_in_force(coop, "docs-team", inside, "2021-02-10T12:00:00Z", "2021-03-01", people)
    assert "docs-team/tasks" in coop.held() and "docs-team/retreat" not in coop.held(), coop.held()
    # Another text keeps some of them, and gives one of their names to a decision that is carried out.
    changed = charter("Changed", KEPT.replace('pool "pairs" { match "pairwise"; self "allowed"; order "skip" }', 'document "pairs" { settles-in "1 day" }')
                      .replace('supply "8 hours per month"; skip "yes"', 'close-after "60 days"'))
    put_in_force(coop, "constitution", changed, "2021-03-02", "2021-03-20", people, 20)
    coop.act("2021-03-21", own("propose_document", people[2], "pairs", text="Two by two.\n"))
    coop.act("2021-03-21", *[on_text(who, "pairs", 10, coop.document("Two by two.\n")) for who in people])
    coop.until("2021-07-15")
    coop.keep()


# Time: zones of half an hour, clocks that change, change times that are no updates.


CLOCKS = """
office "chair" { settles-in "3 days"; changes "monday 07:00" }
body "crew" seats=2 { settles-in "3 days"; changes "monthly on 1 at 02:15" }
document "d" { settles-in "3 days"; changes "daily at 02:45" }
ranking "list" { close-after "10 days" }"""

def clocks(made, parent, name, zone, rhythm, rules, founded, steps):
    people = names(5)
    coop = Coop(made, parent, name, kernel(ONE_EACH, rhythm, zone=zone, constitution='changes "monthly on 1 at 00:30"'), charter("Clocks", rules), founded, 5, ON_ROLL)
    day = datetime.fromisoformat(founded).replace(tzinfo=timezone.utc)
    at = lambda days: (day + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    coop.act(at(1), *[own("stand", who, "chair") for who in people[:2]], *[own("stand", who, "crew") for who in people], item("open", "list", "1"),
             *[ballot(who, "chair", 20, member_001=10, member_002=2) for who in people],
             *[ballot(who, "crew", 20, member_001=3, member_002=9, member_003=8, member_004=1) for who in people], *[ballot(who, "list", 5, item="1") for who in people])
    coop.until(at(steps[0]))
    coop.act(at(steps[0] + 0.6), *[ballot(who, "chair", 25, member_002=10, member_001=1) for who in people], ballot(people[4], "crew", 0),
             *[ballot(who, "crew", 20, member_002=9) for who in people[:3]], *[ballot(who, "crew", 30, against=True, member_003=10) for who in people[:3]], ballot(people[0], "list", 0, item="1"))
    coop.until(at(steps[1]))
    coop.act(at(steps[1] + 0.6), own("resign_seat", people[1], "chair"), *[ballot(who, "list", 0, item="1") for who in people[1:]])
    coop.until(at(steps[2]))
    coop.keep()


# Rankings.

def rankings(made, parent):
    people = names(6)
    rules = charter("Rankings", """
ranking "issues" of="forge" { close-after "10 days" floor="0.5 votes" }
ranking "wishes" { votes "linear" }
ranking "chores" electorate="members" { close-after "240 hours"; votes "one-member" }
office "porter" { settles-in "1 day"; may "close-issue" }""")
    coop = Coop(made, parent, "rankings", kernel(ONE_EACH + '\n    class "givers" { weight "donated(ever) / 1 USD" }'), rules, lists={w: "roll" for w in people[:4]})
    coop.act("2021-01-02", *[coop.gift(who, "donation", 777 * place, "2021-01-01") for place, who in enumerate(people, 1)],
             *[item("open", "issues", name) for name in ("220", "221", "#7/a", "x.y_z-1")], *[item("open", "wishes", name) for name in "abc"],
             item("open", "chores", "wash"), item("open", "chores", "sweep"), own("stand", people[5], "porter"))
    coop.act("2021-01-02T12:00:00Z", *[ballot(who, "issues", 10, item="220") for who in people], *[ballot(who, "issues", 4, item="221", against=True) for who in people[:2]],
             *[ballot(who, "issues", 4, item="221") for who in people[2:]], *[ballot(who, "wishes", 11, item="b") for who in people[1:]],
             *[ballot(who, "chores", 9, item="wash") for who in people[:4]], *[ballot(who, "porter", 15, member_006=10) for who in people])
    coop.load_text("github-issues", json.dumps([
        {"number": 300, "title": "From the forge", "state": "open", "labels": [], "created_at": "2021-01-03T00:00:00Z"},
        {"number": 301, "title": "Closed there", "state": "closed", "labels": [{"name": "csv"}], "created_at": "2021-01-03T00:00:00Z"}]), replay=True)
    coop.until("2021-01-14")
    coop.act("2021-01-15", *[ballot(who, "issues", 0, item="220") for who in people], item("open", "issues", "x.y_z-1"), item("close", "wishes", "a"))
    coop.act("2021-01-15T06:00:00Z", item("close", "chores", "wash"), item("open", "wishes", "late"), who=people[5])
    coop.until("2021-01-20")
    coop.act("2021-01-20T05:00:00Z", item("open", "wishes", "a"), ballot(people[2], "wishes", 11, item="a", against=True), ballot(people[3], "issues", 60, item="x.y_z-1"),
             item("open", "chores", "wash"))
    coop.until("2021-02-05")
    coop.act("2021-02-06", {"act": "end_membership", "member": people[3]})
    coop.until("2021-03-10")
    coop.keep()


# Seats.

def bodies(made, parent):
    people = names(9)
    rules = lambda seats, more="": charter(f"{seats} seats", f'body "board" seats={seats} {{ settles-in "2 days" }}\noffice "chair" {{ settles-in "1 day" }}\n{more}')
    coop = Coop(made, parent, "bodies", kernel(ONE_EACH), rules(5), people=9, lists=ON_ROLL)
    scores = {f"member_{place:03}": 11 - place for place in range(1, 9)}
    coop.act("2021-01-02", *[own("stand", who, "board") for who in people[:8]], *[own("stand", who, "chair") for who in people[:3]])
    coop.act("2021-01-02", *[ballot(who, "board", 20, **scores) for who in people], *[ballot(who, "chair", 15, member_001=10) for who in people])
    coop.until("2021-01-20")
    coop.act("2021-01-20T12:00:00Z", own("resign_seat", people[2], "board"), own("withdraw_candidacy", people[7], "board"))
    coop.until("2021-01-25")
    # Every holder of the office is voted below nothing; seats are lost the same way.
    coop.act("2021-01-25T12:00:00Z", *[ballot(who, "chair", 0) for who in people], *[ballot(who, "chair", 15, against=True, member_001=10) for who in people[:6]],
             *[ballot(who, "board", 20, member_002=9, member_004=9, member_005=3, member_006=3, member_007=2) for who in people],
             *[ballot(who, "board", 20, against=True, member_001=10) for who in people[:5]])
    coop.until("2021-02-10")
    put_in_force(coop, "constitution", rules(2, 'body "helpers" seats=4 { settles-in "1 day" }'), "2021-02-11", "2021-03-01", people, 20)
    assert len(coop.held()["board"]) <= 2, coop.held()
    coop.act("2021-03-02", *[own("stand", who, "helpers") for who in people[2:6]], *[ballot(who, "helpers", 12, member_003=10, member_004=10, member_005=5, member_006=4) for who in people])
    coop.until("2021-03-12")
    put_in_force(coop, "constitution", rules(7, 'body "helpers" seats=1 { settles-in "1 day" }'), "2021-03-13", "2021-04-10", people, 22)
    coop.act("2021-04-11", {"act": "end_membership", "member": people[1]}, *[own("stand", who, "board") for who in (people[2], people[8])],
             ballot(people[0], "board", 20, member_003=10, member_009=10))
    coop.until("2021-05-10")
    coop.keep()


# Powers of who holds a seat.

def powers(made, parent):
    people = names(5)
    rules = charter("Powers", """
office "secretary" { settles-in "1 day"; may "admit" "keep-list" }
body "board" seats=2 { settles-in "1 day"; may "spend" up-to="100 USD per month" }
office "porter" { settles-in "1 day"; may "close-issue"; may "spend" up-to="5 USD per day" }
ranking "issues" of="forge"
constitution "kitchen" { settles-in "1 day"; may "close-issue"; limits { spend "40 USD per month" } }""")
    zone = kernel(ONE_EACH + '\n    class "elders" list="elders" { weight "2" }', zone="Pacific/Auckland", constitution='limits { spend "1000 USD per quarter" }')
    coop = Coop(made, parent, "powers", zone, rules, people=5, lists=ON_ROLL)
    coop.act("2021-01-02", booking("bank:1", "2021-01-01", ("assets:bank", 200_000), ("income:gifts", -200_000)), own("stand", people[0], "secretary"),
             own("stand", people[1], "board"), own("stand", people[2], "board"), own("stand", people[3], "porter"), item("open", "issues", "1"))
    coop.act("2021-01-02", *[ballot(who, "secretary", 15, member_001=10) for who in people], *[ballot(who, "board", 20, member_002=10, member_003=9) for who in people],
             *[ballot(who, "porter", 10, member_004=10) for who in people])
    coop.until("2021-01-12")
    inside = charter("Kitchen", 'office "cook" { settles-in "1 day"; may "close-issue"; may "spend" up-to="40 USD per month" }\nranking "menu"')
    put_in_force(coop, "kitchen", inside, "2021-01-12T06:00:00Z", "2021-01-20", people, 15)
    coop.act("2021-01-20T06:00:00Z", own("stand", people[4], "kitchen/cook"), *[ballot(who, "kitchen/cook", 10, member_005=10) for who in people])
    coop.until("2021-01-28")
    assert coop.held()["kitchen/cook"], coop.held()
    spends = lambda name, minor, *more: booking(name, "2021-01-28", ("expenses:rent", minor), ("assets:bank", -minor), *more, narration="spending")
    coop.act("2021-01-29", {"act": "admit_member", "member": "m_0000000000abc"}, listed("add_to", people[2], "elders"), listed("add_to", people[1], "elders"),
             listed("remove_from", people[1], "elders"), {**spends("s:0", 1), "refused": "R001"}, who=people[0])
    coop.act("2021-01-29T01:00:00Z", spends("s:1", 7_000), who=people[1])
    coop.act("2021-01-29T02:00:00Z", spends("s:2", 3_000), {**spends("s:3", 1), "refused": "R051"}, who=people[2])
    coop.act("2021-01-29T03:00:00Z", spends("s:4", 500), {**spends("s:5", 1), "refused": "R051"}, item("close", "issues", "1"), item("open", "kitchen/menu", "soup"), who=people[3])
    coop.act("2021-01-29T04:00:00Z", booking("s:6", "2021-01-29", ("expenses:food", 3_999), ("assets:bank", -2_000), ("liabilities:card", -1_999)),
             item("close", "kitchen/menu", "soup"), {**item("open", "issues", "2"), "refused": "R001"}, who=people[4])
    coop.act("2021-01-31T10:59:59Z", {**spends("s:7", 1), "refused": "R051"}, who=people[1])
    coop.act("2021-01-31T11:00:00Z", spends("s:8", 10_000), who=people[1])
    coop.act("2021-02-01", {"act": "admit_member", "member": "m_0000000000rrg", "organisation": True}, booking("bank:2", "2021-01-31", ("assets:bank", -500), ("liabilities:card", 500)))
    coop.until("2021-02-20")
    coop.keep()


# Ways of counting, and how texts can be written.

WRITING = """\ufeff# Schreibweisen

A bare word, a raw text, a text of several lines, and comments.

~~~charter
office treasurer { /* inside */ settles-in "5 days"; may spend up-to=#"2000 JPY per week"#; nominated-by "0.5%" } // after
body "vorstand" seats=3 electorate="members" {
    settles-in "1 weeks"; votes \\
        "linear"
    /- changes "monday 07:00"
    changes "weekly on monday at 07:00"
}
/- office "nobody" { settles-in "1 day" }
~~~

Prose between.

   ```charter
document "sätze" settles-in="36 hours" votes="approval"
document "a-b-c" { settles-in "1 hours"; nominated-by "50%" }
office "of-one" { settles-in "2 days"; votes "one-member" }
ranking "größe" of="forge" { close-after "1 years" floor="0.000001 votes" }
```
"""
BARE = 'kernel {\n  name "Zoë & \\u{4e00}"; purpose #"as it is "written""#\n  currency JPY; time-zone "Asia/Kathmandu"\n  class "members" list="roll" weight="""\n    if count(members) == 1\n      then 1\n      else 2 × 3 ÷ 4 − 0.5\n    """\n  class givers { weight "min(1000, max(0, donated(ever) / 1 JPY))"; scale sqrt }\n  constitution { settles-in "3 days"; updates "weekly on sunday at 23:59"; nominated-by "1%" }\n  members floor="1 weights" cap="33.3333%"\n  votes quadratic\n  amend "75% of weight and 10% of each class for 4 weeks"\n  fork carries="register" treasury="by head"\n}\n'


def writing(made, parent):
    people = names(7)
    coop = Coop(made, parent, "writing", BARE, WRITING, "2021-02-28T23:59:59Z", people=7, lists={who: "roll" for who in people[:5]})
    yen = lambda who, amount: {**coop.gift(who, "donation", amount, "2021-02-01"), "amount": {"amount": amount, "currency": "JPY"}}
    coop.act("2021-03-01T12:00:00.000001Z", *[yen(who, 10_000 * place + 1) for place, who in enumerate(people)],
             *[{**own("stand", who, decision), "key": f"schlüssel/{who} \"\\ {decision}", "nonce": f"zwölf {who}"} for who in people[:4] for decision in ("treasurer", "vorstand", "of-one")],
             own("propose_document", people[0], "sätze", text="“Sätze”\r\n\u2028\tohne Ende"), own("propose_document", people[1], "a-b-c", text=""),
             item("open", "größe", "1"))
    sentence = coop.document("“Sätze”\r\n\u2028\tohne Ende")
    for place, who in enumerate(people):
        coop.act("2021-03-02", ballot(who, "treasurer", 9, member_001=7, member_002=place + 1), ballot(who, "vorstand", 10, member_001=1, member_002=2, member_003=10),
                 ballot(who, "of-one", 11, member_004=10), on_text(who, "sätze", 12, sentence), ballot(who, "größe", 13, item="1"),
                 nominate(who, "a-b-c", coop.document(""), 7, place > 4)) if place < 5 else coop.act(
                 "2021-03-02", ballot(who, "treasurer", 9, against=True, member_001=3), ballot(who, "größe", 13, item="1", against=True))
    coop.until("2021-05-30")
    coop.keep()


def bare(made, parent):
    """Nobody is there: updates count nothing."""
    coop = Coop(made, parent, "bare", kernel(ONE_EACH, amend="never", fork='carries="rules" treasury="none"'), charter("One", 'document "d" { settles-in "1 day" }'), people=1)
    coop.act("2021-01-02", {"act": "end_membership", "member": "member-001"})
    coop.until("2021-01-06")
    coop.keep()


# Leaving together.

def forks(made, parent):
    people = names(8)
    coop = Coop(made, parent, "fork-old", kernel(SUPPORT_CLASSES, amend="never"), charter("Old", 'office "chair" { settles-in "2 days" }\nranking "wishes"'),
                people=8, lists={who: "workers" for who in people[:3]})
    coop.act("2021-02-02", *[coop.gift(who, kind, 1_700 * place + 3, "2021-01-20") for place, who in enumerate(people, 1) for kind in ("donation", "pledge", "purchase")],
             coop.gift(people[2], "donation", 9_999, "2021-01-25", parts=5), own("stand", people[1], "chair"), *[ballot(who, "chair", 30, member_002=10) for who in people],
             booking("bank:1", "2021-01-31", ("assets:bank", 66_668), ("assets:cash", 33_334), ("income:gifts", -100_002)),
             booking("bank:2", "2021-02-01", ("assets:debt", -1), ("liabilities:loan", -1), ("expenses:odd", 2)),
             {"act": "reverse_support", "of": "donation:7", "amount": 100, "given_at": "2021-02-01", "source": "back:1"})
    coop.until("2021-03-01")
    new_kernel = kernel(SUPPORT_CLASSES.replace("60 days", "30 days"), "weekly on friday at 12:00", name="golden, next")
    new_rules = charter("New", 'body "circle" seats=3 { settles-in "2 days" }')
    announce = lambda who, name, first=new_kernel, second=new_rules: {"act": "announce_fork", "member": who, "fork": name, "kernel_text": first, "constitution_text": second}
    going = lambda who, name, goes=True: {"act": "join_fork", "member": who, "fork": name, "going": goes}
    coop.act("2021-03-02", announce(people[1], "next"), going(people[2], "next"), going(people[4], "next"), announce(people[5], "alone"),
             announce(people[6], "too"), {**going(people[2], "too"), "refused": "R062"}, going(people[5], "alone", False), going(people[4], "next", False))
    coop.until("2021-03-10")
    run(coop.binary, "fork", coop.folder, "next", parent / "fork-new", "--at", "2021-03-10T12:00:00Z")
    coop.act("2021-03-11", going(people[7], "too"), {"act": "end_membership", "member": people[6]})
    run(coop.binary, "fork", coop.folder, "too", parent / "fork-of-one", "--at", "2021-03-12T12:00:00Z")
    coop.act("2021-03-13", announce(people[0], "last"), {"act": "end_membership", "member": people[0]})
    coop.until("2021-04-10")
    coop.keep()
    new = Coop.__new__(Coop)
    new.binary, new.folder, new.made, new.name, new.sources = coop.binary, parent / "fork-new", made, "fork-new", 0
    new.act("2021-03-12", *[own("stand", who, "circle") for who in people[1:3]], *[ballot(who, "circle", 50, member_002=10, member_003=9) for who in people[1:3]])
    new.until("2021-05-10")
    new.keep()
    made.keep("fork-of-one", parent / "fork-of-one")


# Random histories of the second implementation, which it agreed with.

def random_histories(made, parent):
    for seed in ELECTION_SEEDS:
        folder, tally = parent / f"election-{seed}", Tally()
        folder.mkdir()
        check_elections.play(tally, made.binary, seed, folder / "coop")
        assert not tally.failed
        made.keep(f"random-election-{seed:02}", folder / "coop")
    for seed in RULES_SEEDS + FLOORS_SEEDS:
        check_rules.RulesHistory.floors_change = seed in FLOORS_SEEDS
        folder, tally = parent / f"rules-{seed}", Tally()
        folder.mkdir()
        history = check_rules.play(tally, made.binary, seed, folder / "coop", check_rules.counted())
        assert history and not tally.failed
        made.keep(f"random-rules-{seed:02}", folder / "coop")
        for fork in sorted(folder.glob("fork-*")):
            made.keep(f"random-rules-{seed:02}-{fork.name}", fork)


def make(made, parent):
    served(made, parent, "demo")
    for template in TEMPLATES:
        served(made, parent, f"story-{template}", "--template", template)
    refunds(made, parent)
    amendments(made, parent)
    by_class(made, parent, "control", CONTROL, "workers", "founders", "quadratic")
    by_class(made, parent, "control-linear", CONTROL, "workers", "customers", "linear")
    by_class(made, parent, "at-most", AT_MOST, "members", "investors", "quadratic")
    kept(made, parent)
    clocks(made, parent, "clocks-lord-howe", "Australia/Lord_Howe", "daily at 02:15", CLOCKS, "2021-03-20", [16, 40, 210])
    clocks(made, parent, "clocks-hourly", "America/St_Johns", "hourly", CLOCKS.replace('"3 days"', '"12 hours"'), "2021-03-12", [2, 5, 18])
    clocks(made, parent, "clocks-monthly", "Asia/Kathmandu", "monthly on 1 at 00:00", CLOCKS.replace('"3 days"', '"60 days"'), "2020-01-15", [150, 250, 400])
    rankings(made, parent)
    bodies(made, parent)
    powers(made, parent)
    writing(made, parent)
    bare(made, parent)
    forks(made, parent)
    random_histories(made, parent)
