"""Logs of edition 1 that go on under edition 2, and a kernel that leaves editions to amendments."""

from making import ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, item, kernel, names, on_text, own

from elections_2 import GIVERS, MICRO, day, gives
from harness import Failed, report, run
from powers_2 import NEW, admits, agrees, joined


def goes_on(coop, way, at):
    """Announces or adopts edition 2."""
    is_open = ["--open"] if coop.made.open else []
    run(coop.binary, "edition", coop.folder, way, 2, *is_open, "--at", at)


def edition(coop):
    return report(coop.binary, "status", coop.folder)["edition"]


RULES = """
body "council" seats=3 { settles-in "4 days"; may "admit" "keep-list"; may "spend" up-to="100 USD per month" }
office "chair" { settles-in "4 days"; may "close-issue" }
document "motto" { settles-in "4 days" }
ranking "wishes" { close-after "20 days" floor="0.5 votes" }
commitment "budget" every="quarter" { default "carry the last budget over" }
pool "commons" { fed-by "20% of donations" }"""


def announced(made, parent):
    people = names(8)
    text = lambda more="", name="golden": kernel(ONE_EACH + "\n" + GIVERS, amend="1/2 of weight for 5 days", more='    members { cap "40%" }\n' + more, name=name)
    coop = Coop(made, parent, "announced", text(), charter("C", RULES), people=8, lists=ON_ROLL, edition=1)
    gives(coop, day(2), m1=3_000, m2=1_000, m3=100)
    coop.act(day(2), *[own("stand", who, "council") for who in people[:4]], *[own("stand", who, "chair") for who in people[:2]], own("propose_document", people[0], "motto", text="M\n"),
             item("open", "wishes", "1"), item("open", "wishes", "2"), booking("bank:1", day(2), ("assets:bank", 50_000), ("income:gifts", -50_000)),
             coop.gift(people[4], "pledge", 1_000, day(2), series="yearly", stands_months=12),
             *[ballot(who, "council", 30, member_001=10, member_002=9, member_003=8, member_004=2) for who in people], *[ballot(who, "chair", 20, member_001=10, member_002=9) for who in people],
             *[on_text(who, "motto", 10, coop.document("M\n")) for who in people[:5]], *[ballot(who, "wishes", 10, item="1") for who in people])
    coop.until(day(20))
    coop.act(day(20, "T06:00:00Z"), ballot(people[1], "chair", 20, member_002=10, member_001=0), item("open", "wishes", "3"),
             {"act": "announce_fork", "member": people[6], "fork": "early", "kernel_text": text(name="other"), "constitution_text": charter("Other", 'office "chair" { settles-in "2 days" }')},
             own("propose_document", people[7], "kernel", text=text(name="never")), {"act": "assent", "member": people[7], "document": coop.document(text(name="never")), "assent": True})
    coop.until(day(40))
    differences = report(coop.binary, "edition", coop.folder, "--try-out", 2)["differences"]
    assert differences, "the editions differ"
    try:
        goes_on(coop, "--adopt", day(40, "T06:00:00Z"))
        raise AssertionError("adopted in spite of differences")
    except Failed:
        pass
    goes_on(coop, "--announce", day(40, "T06:00:00Z"))
    coop.act(day(41), admits(NEW[1]), who=people[0])  # at once still, by one of three
    assert NEW[1] in joined(coop) and edition(coop) == 1
    coop.until(day(69))
    assert edition(coop) == 1
    coop.until(day(72))
    assert edition(coop) == 2
    # From here on everything of edition 2.
    coop.act(day(72, "T06:00:00Z"), admits(NEW[2], refused="R089"), who=people[0])
    coop.act(day(72, "T07:00:00Z"), coop.propose(people[0], "council", admits(NEW[2])), agrees(people[1], 1), {"act": "record_support", "member": people[2], "kind": "dues", "amount": {"amount": 900, "currency": "USD"},
             "given_on": day(70), "source": "invoice 1", "book": {"to": "assets:bank", "from": "income:dues"}}, {**coop.gift(people[0], "donation", 1, day(70)), "source": "donation:1", "refused": "R038"},
             coop.gift(people[4], "pledge", 2_000, day(71), series="yearly", stands_months=12), {"act": "reverse_support", "of": "donation:2", "given_on": day(71), "source": "back:1"})
    coop.until(day(85))
    assert NEW[2] in joined(coop)
    run(coop.binary, "fork", coop.folder, "early", parent / "announced-fork-early", "--at", day(85, "T06:00:00Z"))
    later = text("    editions by=\"amend\"\n    reserves \"10%\"", name="later")
    coop.act(day(86), own("propose_document", people[0], "kernel", text=later), *[{"act": "assent", "member": who, "document": coop.document(later), "assent": True} for who in people[:6]])
    coop.until(day(110))
    assert "editions by" in coop.rules()
    coop.keep("a log of edition 1 that announces edition 2, goes on under it after 30 days, and then by its rules: acts together, sources of before, a fork of before, a kernel with `editions by=\"amend\"`")
    run(made.binary, "update", parent / "announced-fork-early", "--until", day(120))
    made.keep("announced-fork-early", parent / "announced-fork-early", "the co-op that left it under edition 2")


def adopted(made, parent):
    people = names(4)
    coop = Coop(made, parent, "adopted", kernel(GIVERS), charter("C", 'office "chair" { settles-in "2 days" }\nranking "wishes"'), people=4, edition=1)
    coop.act(day(2), booking("bank:1", day(2), ("assets:bank", 50_000), ("income:gifts", -50_000)), item("open", "wishes", "1"))
    coop.until(day(10))
    goes_on(coop, "--adopt", day(10, "T06:00:00Z"))
    assert edition(coop) == 2
    gives(coop, day(11), m1=900, m2=400, m3=100)
    coop.act(day(11), own("stand", people[0], "chair"), *[ballot(who, "chair", 50, member_001=10) for who in people], ballot(people[1], "wishes", 50, item="1"))
    coop.until(day(30))
    assert coop.holders("chair") == ["member-001"] and coop.weights()["member-001"] == 9 * MICRO
    coop.keep("a log of edition 1 in which nothing differs, and which adopts edition 2 at once")


def amended(made, parent):
    people = names(5)
    coop = Coop(made, parent, "editions-by-amend", kernel(ONE_EACH, more='    editions by="amend"'), charter("C", 'office "chair" { settles-in "2 days" }'), people=5, lists=ON_ROLL)
    coop.act(day(2), own("stand", people[0], "chair"), *[ballot(who, "chair", 50, member_001=10) for who in people])
    coop.until(day(10))
    try:
        run(coop.binary, "edition", coop.folder, "--announce", 3, "--at", day(10, "T06:00:00Z"))  # none that is closed
        raise AssertionError("announced an edition that is not closed")
    except Failed:
        pass
    coop.until(day(20))
    coop.keep("a kernel that leaves editions to its members' assent")


PARTS = {"announced": announced, "adopted": adopted, "amended": amended}
