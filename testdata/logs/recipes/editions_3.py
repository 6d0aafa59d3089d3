"""Logs of editions 1 and 2 that go on under edition 3."""

from making import ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, kernel, names, own

import doors_3
from elections_2 import GIVERS, MICRO, day, gives
from harness import report, run
from powers_2 import NEW, admits, joined


def goes_on(coop, way, at):
    """Announces or adopts edition 3."""
    is_open = ["--open"] if coop.made.open else []
    run(coop.binary, "edition", coop.folder, way, 3, *is_open, "--at", at)


def edition(coop):
    return report(coop.binary, "status", coop.folder)["edition"]


RULES = """
body "council" seats=3 { settles-in "4 days"; may "admit"; may "spend" up-to="100 USD per month" }
office "chair" { settles-in "4 days"; may "close-issue" }
ranking "wishes" { close-after "20 days" floor="0.5 votes" }"""


def announced(made, parent):
    people = names(6)
    founding = '    founding { powers until "admit is held" }'
    coop = Coop(made, parent, "announced-3", kernel(ONE_EACH + "\n" + GIVERS, more=founding), charter("C", RULES), people=6, lists=ON_ROLL, edition=2)
    gives(coop, day(2), m1=3_000, m2=1_000, m3=100)
    coop.act(day(2), booking("bank:1", day(2), ("assets:bank", 50_000), ("income:gifts", -50_000)), {"act": "open_item", "decision": "wishes", "item": "1"})
    doors_3.seats(coop, "council", *people[:3], at=day(3), until=day(14), share=30)
    goes_on(coop, "--announce", day(14, "T06:00:00Z"))
    brings = {"act": "bring_item", "member": people[4], "decision": "wishes", "item": "2", "title": "Wish 2"}
    coop.act(day(20), {**brings, "refused": "R075"})
    coop.until(day(40))
    assert edition(coop) == 2
    coop.until(day(47))
    assert edition(coop) == 3
    # From here on what edition 3 has.
    coop.act(day(48), brings, {"act": "source_heard", "source": "bank", "kinds": ["donation"], "every_days": 10}, doors_3.claim(coop, people[3], 3, day(47)), {"act": "answer_claim", "member": people[3], "number": 1, "yes": True, "refused": "R001"},
             {"act": "reverse_support", "of": "donation:3", "given_on": day(48), "source": "back:1"})
    coop.until(day(80))
    coop.keep("a log of edition 2 that announces edition 3, and goes on under it after 30 days: items that members bring, a source, a claim")


def adopted(made, parent):
    people = names(4)
    coop = Coop(made, parent, "adopted-3", kernel(GIVERS), charter("C", 'office "chair" { settles-in "2 days" }\nranking "wishes"'), people=4, edition=1)
    coop.act(day(2), booking("bank:1", day(2), ("assets:bank", 50_000), ("income:gifts", -50_000)), {"act": "open_item", "decision": "wishes", "item": "1"})
    coop.until(day(10))
    goes_on(coop, "--adopt", day(10, "T06:00:00Z"))
    assert edition(coop) == 3
    gives(coop, day(11), m1=900, m2=400, m3=100)
    doors_3.seats(coop, "chair", people[0], at=day(12), until=day(30), share=50)
    assert coop.weights()["member-001"] == 9 * MICRO
    coop.act(day(30, "T06:00:00Z"), {"act": "bring_item", "member": people[3], "decision": "wishes", "item": "2", "title": "Wish 2"})
    coop.until(day(36))
    coop.keep("a log of edition 1 in which nothing differs, and which adopts edition 3 at once")


def amended(made, parent):
    people = names(5)
    coop = Coop(made, parent, "editions-by-amend-3", kernel(ONE_EACH, more='    editions by="amend"', amend="2/3 of weight for 5 days"), charter("C", 'office "chair" { settles-in "2 days" }\nranking "wishes"'), people=5, lists=ON_ROLL, edition=2)
    coop.act(day(2), own("stand", people[0], "chair"), *[ballot(who, "chair", 50, member_001=10) for who in people], {"act": "open_item", "decision": "wishes", "item": "1"})
    coop.until(day(10))
    differences = report(coop.binary, "edition", coop.folder, "--try-out", 3)["differences"]
    goes_on(coop, "--announce", day(10, "T06:00:00Z"))
    name = coop.document("edition 3\n" + differences)
    coop.until(day(50))
    assert edition(coop) == 2, "it is the members' to say"
    coop.act(day(50, "T06:00:00Z"), *[{"act": "assent", "member": who, "document": name, "assent": True} for who in people[:4]])
    coop.until(day(57))
    assert edition(coop) == 3
    coop.act(day(58), {"act": "bring_item", "member": people[3], "decision": "wishes", "item": "2", "title": "Wish 2"})
    coop.until(day(64))
    coop.keep("a log of edition 2 whose kernel leaves editions to its members: they assent to edition 3, and it goes on under it")


PARTS = {"announced-3": announced, "adopted-3": adopted, "amended-3": amended}
