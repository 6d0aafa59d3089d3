"""Logs of editions 1 to 3 that go on under edition 4."""

from making import ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, kernel, names, nominate, own

from doors_3 import claim, given, seats
from editions_3 import edition
from elections_2 import GIVERS, MICRO, day, gives
from harness import report, run
from pools_4 import asks, holds, money, pledges
from time_4 import backs, brings, listed_in, on_option, option, proposes, taken

HOUR = 3_600


def goes_on(coop, way, at):
    """Announces or adopts edition 4."""
    is_open = ["--open"] if coop.made.open else []
    run(coop.binary, "edition", coop.folder, way, 4, *is_open, "--at", at)


RULES = """
office "chair" { settles-in "4 days"; may "close-issue" "record" "donations" }
ranking "wishes" { brought-by "members"; close-after "20 days" floor="0.5 votes" }
commitment "budget" every="month" { default "as last month"; conviction-half-life "5 days" }
commitment "hall" { deadline "2021-03-20"; default "rent no hall" }
pool "commons" { fed-by "20% of donations"; order "skip" }
release "binaries" { patrons-until "40 USD per month" }
ranking "help" { supply "8 hours per month" }"""


def announced(made, parent):
    """Clauses that were kept with a note open at that moment, and never backwards."""
    people = names(6)
    coop = Coop(made, parent, "announced-4", kernel(ONE_EACH + "\n" + GIVERS, votes="linear", more='    founding { powers until "admit is held" }'), charter("C", RULES), people=6, lists=ON_ROLL, edition=3)
    gives(coop, day(2), m1=3_000, m2=1_000, m3=100)
    seats(coop, "chair", people[0], at=day(3), until=None, share=30)
    bring = {"act": "bring_item", "member": people[4], "decision": "help", "item": "early", "title": "Before"}
    coop.act(day(3, "T12:00:00Z"), bring, claim(coop, people[3], 3, day(2)), {"act": "source_heard", "source": "bank", "kinds": ["donation"], "every_days": 10})
    coop.until(day(16))
    # Donations before it open no pool; there is no such act before it.
    coop.act(day(16), {**proposes(people[0], "budget", "mend the roof"), "refused": "R075"}, {**holds(coop, people[0], 500, day(16)), "refused": "R075"}, {**brings(people[2], "help", "amount", 2 * HOUR), "refused": "R075"})
    goes_on(coop, "--announce", day(16, "T06:00:00Z"))
    coop.until(day(44))
    assert edition(coop) == 3 and "budget" not in coop.held()
    coop.until(day(50))
    assert edition(coop) == 4 and {"budget", "hall", "commons"} <= set(coop.held()), coop.held()
    coop.act(day(50, "T06:00:00Z"), proposes(people[0], "budget", "mend the roof"), nominate(people[0], "budget", option("mend the roof"), 100), proposes(people[1], "hall", "rent it"), *[nominate(who, "hall", option("rent it"), 60) for who in people],
             brings(people[2], "help", "amount", 2 * HOUR), holds(coop, people[1], 900, day(50)), holds(coop, people[2], 900, day(50)), given(coop, people[0], "donation", 4_000, day(50)),
             asks(people[3], "A roof", 900), pledges(people[1], "A roof", 300), pledges(people[2], "A roof", 200), backs(people[4], "commons", option("A roof"), 50))
    coop.act(day(50, "T07:00:00Z"), backs(people[1], "help", "amount", 30), backs(people[1], "help", "early", 30))
    coop.until(day(54))
    coop.act(day(54), *[on_option(who, "budget", "mend the roof", 50) for who in people[:4]], *[on_option(who, "hall", "rent it", 40) for who in people[:3]])
    assert money(coop)["left"] == 800, money(coop)
    coop.until(day(62))
    # The first cycle had what was left of the month.
    assert [name for name, _ in taken(coop, "budget")] == ["mend the roof"] and money(coop)["paid"] == 400, (taken(coop, "budget"), money(coop))
    assert listed_in(coop, "help") == ["early"], coop.standing("help")
    coop.act(day(63), {"act": "reverse_support", "of": "donation:3", "given_on": day(63), "source": "back:1"})
    coop.until(day(95))
    assert [name for name, _ in taken(coop, "hall")] == ["rent it"], taken(coop, "hall")
    coop.keep("a log of edition 3 with clauses that were kept, which announces edition 4 and goes on under it after 30 days: the rest of a month, a day to come, a pool, a supply")


def adopted(made, parent):
    """Nothing differs, so that the operator adopts it at once."""
    people = names(5)
    rules = 'office "chair" { settles-in "2 days" }\nranking "wishes"'
    for name, before, classes in (("adopted-4", 3, GIVERS), ("adopted-4-from-1", 1, GIVERS)):
        coop = Coop(made, parent, name, kernel(classes, settles="1 day"), charter("C", rules), people=5, edition=before)
        coop.act(day(2), booking("bank:1", day(2), ("assets:bank", 50_000), ("income:gifts", -50_000)), *([] if before > 1 else [{"act": "open_item", "decision": "wishes", "item": "1"}]))
        coop.until(day(10))
        goes_on(coop, "--adopt", day(10, "T06:00:00Z"))
        assert edition(coop) == 4
        gives(coop, day(11), m1=900, m2=400, m3=100)
        seats(coop, "chair", people[0], at=day(12), until=day(30), share=50)
        assert coop.weights()["member-001"] == 9 * MICRO
        # Members give themselves a pool and a budget.
        text = charter("C", rules + '\npool "commons" { fed-by "10% of donations" }\ncommitment "budget" every="month" { default "nothing" }')
        coop.act(day(30, "T06:00:00Z"), own("propose_document", people[0], "constitution", text=text), *[nominate(who, "constitution", option(text), 30) for who in people[:3]])
        coop.until(day(32))
        coop.act(day(32, "T06:00:00Z"), *[{"act": "cast_ballot", "member": who, "decision": "constitution", "share_ppm": 400_000, "against": False, "scores": {option(text): 1_000_000}} for who in people[:3]])
        coop.until(day(40))
        assert option(text) in coop.holders("constitution")
        gives(coop, day(40, "T06:00:00Z"), m4=10_000)
        assert money(coop)["in"] == 1_000, money(coop)
        coop.until(day(93))
        assert taken(coop, "budget") == [("nothing", True)] * 2, taken(coop, "budget")
        coop.keep(f"a log of edition {before} in which nothing differs, and which adopts edition 4 at once; a pool and a budget later")


def amended(made, parent):
    people = names(5)
    rules = charter("C", 'office "chair" { settles-in "2 days" }\ncommitment "budget" every="month" { default "as before" }')
    coop = Coop(made, parent, "editions-by-amend-4", kernel(ONE_EACH, more='    editions by="amend"', amend="2/3 of weight for 5 days"), rules, people=5, lists=ON_ROLL, edition=3)
    coop.act(day(2), own("stand", people[0], "chair"), *[ballot(who, "chair", 50, member_001=10) for who in people])
    coop.until(day(10))
    differences = report(coop.binary, "edition", coop.folder, "--try-out", 4)["differences"]
    assert "budget" in differences, differences
    goes_on(coop, "--announce", day(10, "T06:00:00Z"))
    name = coop.document("edition 4\n" + differences)
    coop.until(day(50))
    assert edition(coop) == 3, "it is the members' to say"
    coop.act(day(50, "T06:00:00Z"), *[{"act": "assent", "member": who, "document": name, "assent": True} for who in people[:4]])
    coop.until(day(57))
    assert edition(coop) == 4
    coop.until(day(61))
    coop.act(day(61), proposes(people[3], "budget", "paint"), *[nominate(who, "budget", option("paint"), 50) for who in people])
    coop.until(day(64))
    coop.act(day(64), *[on_option(who, "budget", "paint", 50) for who in people])
    coop.until(day(95))
    assert taken(coop, "budget") == [("as before", True), ("paint", False)], taken(coop, "budget")
    coop.keep("a log of edition 3 whose kernel leaves editions to its members: they assent to edition 4, and it goes on under it")


PARTS = {"announced-4": announced, "adopted-4": adopted, "amended-4": amended}
