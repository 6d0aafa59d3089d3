"""Edition 2: elections, classes, the cap, allowances and electorates. Each co-op asserts what it is there for."""

from datetime import date, timedelta

from making import ON_ROLL, ONE_EACH, Coop, ballot, charter, item, kernel, names, nominate, on_text, own

import edition_1

MICRO = 1_000_000
GIVERS = '    class "givers" { weight "donated(ever) / 1 USD" }'


def day(number, clock=""):
    """The day of 2021 with that number, from 1."""
    return (date(2020, 12, 31) + timedelta(days=number)).isoformat() + clock


def gives(coop, at, **sums):
    """Donations in cents by member, `m1=10_000`."""
    coop.act(at, *[coop.gift(f"member-{int(name[1:]):03}", "donation", cents, at[:10]) for name, cents in sums.items()])


def size(coop, decision):
    """The size of a bucket: the settling time in seconds times the capacity."""
    return int(coop.standing(decision)["candidates"][0]["bucket_size"])


def capacity(made, parent):
    people, settles = names(10), 14 * 86_400
    coop = Coop(made, parent, "capacity", kernel(GIVERS, "weekly on monday at 01:00"),
                charter("C", 'office "chair" { settles-in "14 days" }\nbody "crew" seats=20 { settles-in "14 days" }\ndocument "d" { settles-in "7 days" }'), people=10)
    gives(coop, day(2), **{f"m{n}": 10_000 for n in range(1, 11)})
    coop.act(day(2), own("stand", people[0], "chair"), *[ballot(who, "chair", 60, member_001=10) for who in people], own("stand", people[1], "crew"),
             *[ballot(who, "crew", 20, member_002=10) for who in people])
    coop.until(day(60))
    assert size(coop, "chair") == settles * 100 * MICRO, size(coop, "chair")  # undivided, whatever else is open
    coop.act(day(61), *[{"act": "end_membership", "member": who} for who in people[6:]])
    coop.until(day(67))
    left = size(coop, "chair")
    assert left == settles * (60 * MICRO + 4 * 7_071_068), left  # four parts, each by a half in fourteen days and rounded up
    coop.until(day(74))
    assert size(coop, "chair") == settles * (80 * MICRO + 4), size(coop, "chair")
    # A refund's part leaves at once; a gift raises C at once.
    coop.act(day(75), {"act": "reverse_support", "of": "donation:6", "given_at": day(75), "source": "back:1"}, ballot(people[0], "crew", 0), ballot(people[0], "crew", 30, against=True, member_002=10))
    coop.until(day(81))
    assert size(coop, "chair") < settles * 65 * MICRO, size(coop, "chair")
    gives(coop, day(82), m1=30_000)
    coop.until(day(88))
    assert size(coop, "chair") > settles * 70 * MICRO, size(coop, "chair")
    coop.until(day(160))
    coop.keep("capacity undivided, parts that fall by half in a settling time, a part that leaves with a refund, capacity that rises at once")


def vacant(made, parent):
    people = names(4)
    rules = charter("C", """
office "chair" { settles-in "2 days" }
office "clerk" { settles-in "2 days"; votes "linear" }
document "motto" { settles-in "2 days" }
office "porter" { settles-in "2 days" }""")
    coop = Coop(made, parent, "vacant", kernel(ONE_EACH), rules, people=4, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, decision) for decision in ("chair", "clerk") for who in people[:2]], own("stand", people[3], "porter"),
             *[ballot(who, "chair", 25, member_001=10) for who in people[:2]], *[ballot(who, "chair", 25, member_002=10) for who in people[2:]],
             *[ballot(who, "clerk", 100, member_001=10, member_002=5) for who in people[:2]], *[ballot(who, "clerk", 100, member_002=5) for who in people[2:]],
             *[own("propose_document", who, "motto", text=f"{who}\n") for who in people[:2]], ballot(people[0], "porter", 10, member_004=10))
    text = [coop.document(f"{who}\n") for who in people]
    coop.act(day(2), *[on_text(who, "motto", 25, text[0], 10) for who in people[:3]], on_text(people[3], "motto", 25, text[1], 9))
    coop.until(day(30))
    assert coop.votes("chair")["member-001"] == coop.votes("chair")["member-002"] == 1_000_000
    assert coop.holders("chair") == ["member-001"], coop.holders("chair")  # the earlier on the ballot
    assert coop.votes("clerk")["member-001"] == coop.votes("clerk")["member-002"] == 2_000_000
    assert coop.holders("clerk") == ["member-002"], coop.holders("clerk")  # more members stand behind it
    assert coop.held()["motto"] == [text[0]] and coop.holders("porter") == ["member-004"]
    # An equal total never displaces, and one vote more does.
    coop.act(day(31), ballot(people[0], "chair", 24, member_001=10))
    coop.until(day(60))
    assert coop.holders("chair") == ["member-001"]  # a lead that small takes years
    coop.act(day(60, "T12:00:00Z"), ballot(people[1], "chair", 25, member_002=10))
    coop.until(day(75))
    assert coop.holders("chair") == ["member-002"]
    coop.act(day(75, "T12:00:00Z"), own("resign_seat", people[1], "chair"))
    coop.until(day(95))
    assert coop.holders("chair") == ["member-001"]
    coop.keep("vacant seats against half of the greatest other total, ties between candidates, equal totals, a seat filled again")


def stays(made, parent):
    people = names(4)
    coop = Coop(made, parent, "seats-that-stay", kernel(ONE_EACH), charter("C", 'office "chair" { settles-in "6 days" }\nbody "board" seats=2 { settles-in "6 days" }'),
                people=4, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, decision) for decision in ("chair", "board") for who in people],
             *[ballot(who, "chair", 50, member_001=10, member_003=1, member_004=1) for who in people],
             *[ballot(who, "board", 50, member_001=10, member_002=9, member_003=1, member_004=1) for who in people])
    coop.until(day(15))
    assert coop.holders("chair") == ["member-001"]
    coop.act(day(15, "T12:00:00Z"), *[ballot(who, "chair", 50, member_003=10, member_004=9) for who in people],
             *[ballot(who, "board", 50, member_001=10, member_003=9, member_004=8) for who in people])
    coop.until(day(26))
    coop.act(day(26, "T12:00:00Z"), *[ballot(who, "chair", 50, member_004=10) for who in people], *[ballot(who, "board", 50, member_001=10, member_004=9) for who in people])
    coop.until(day(40))
    taken = {words: at for at, words in coop.told()}
    first, second = taken["member-003 took over from member-001: chair"], taken["member-004 took over from member-003: chair"]
    apart = (date.fromisoformat(second[:10]) - date.fromisoformat(first[:10])).days
    assert apart == 6, (first, second)  # the bucket was full before
    assert set(coop.holders("board")) == {"member-001", "member-004"}, coop.holders("board")
    coop.keep("seats that do not change again within a settling time: an office, a body's lowest seat")


def leads(made, parent):
    """Two friends hold the seat in turns; the broader rival's lead lasts for less than half of the time."""
    people = names(6)
    coop = Coop(made, parent, "leads-that-last", kernel(ONE_EACH), charter("C", 'office "chair" { settles-in "8 days" }'), lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, "chair") for who in people[:2]], *[ballot(who, "chair", 100, member_001=10, member_002=1) for who in people])
    coop.until(day(20))
    assert coop.holders("chair") == ["member-001"]
    ahead = [ballot(who, "chair", 100, member_002=10) for who in people]
    behind = [ballot(who, "chair", 100, member_001=10, member_002=9) for who in people]
    for start in range(20, 60, 3):  # ahead on one update of three
        coop.act(day(start, "T12:00:00Z"), *ahead)
        coop.until(day(start + 1))
        coop.act(day(start + 1, "T12:00:00Z"), *behind)
        coop.until(day(start + 3))
    assert coop.holders("chair") == ["member-001"]
    coop.act(day(62, "T12:00:00Z"), *ahead)
    coop.until(day(80))
    assert coop.holders("chair") == ["member-002"]
    coop.keep("a challenger ahead on one update of three, who does not take the seat, and then one who stays ahead")


def nobodies(made, parent):
    people = names(7)
    coop = Coop(made, parent, "nobodies", kernel(ONE_EACH), charter("C", 'office "chair" { settles-in "2 days" }\nbody "board" seats=3 { settles-in "2 days" }'),
                people=7, lists=ON_ROLL)
    coop.act(day(2), own("stand", people[0], "chair"), *[own("stand", who, "board") for who in people[:3]],
             *[ballot(who, "chair", 40, member_001=10) for who in people], *[ballot(who, "board", 60, member_001=10, member_002=9, member_003=8) for who in people])
    coop.until(day(12))
    assert len(coop.holders("board")) == 3 and coop.holders("chair") == ["member-001"]
    # One seat of three is below nothing; another has no votes at all and stays.
    coop.act(day(12, "T12:00:00Z"), *[ballot(who, "board", 30, member_001=10) for who in people], *[ballot(who, "board", 30, against=True, member_003=10) for who in people[:5]],
             *[ballot(who, "chair", 0) for who in people], *[ballot(who, "chair", 40, against=True, member_001=10) for who in people[:6]])
    coop.until(day(25))
    assert coop.holders("board") == ["member-001", "member-002"], coop.holders("board")
    assert coop.votes("board")["member-002"] == 0
    assert coop.holders("chair") == []
    coop.told("member-003 lost the seat, and it is vacant: board", "member-001 lost the seat, and it is vacant: chair")
    # Another is voted down and comes back above nothing in time.
    coop.act(day(26), *[ballot(who, "board", 30, against=True, member_002=10) for who in people[:2]])
    coop.until(day(28))
    coop.act(day(28, "T12:00:00Z"), *[ballot(who, "board", 0, against=True) for who in people[:2]], *[ballot(who, "board", 30, member_001=10, member_002=10) for who in people[:2]])
    coop.until(day(40))
    assert coop.holders("board") == ["member-001", "member-002"]
    coop.keep("an office and one seat of a body voted empty, each by its own nobody; a seat without votes that stays")


def nominations(made, parent):
    people = names(12)
    coop = Coop(made, parent, "nominations", kernel(ONE_EACH, constitution='nominated-by "20%"'), charter("C", 'office "chair" { settles-in "20 days"; nominated-by "50%" }\ndocument "d" { settles-in "20 days" }'), people=12, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, "chair") for who in people[:3]])
    coop.act(day(2, "T12:00:00Z"), *[nominate(who, "chair", "member-001", 9) for who in people[:4]], *[nominate(who, "chair", "member-001", 9, True) for who in people[4:10]],
             nominate(people[0], "chair", "member-002", 9), *[nominate(who, "chair", "member-002", 9, True) for who in people[1:6]])
    coop.until(day(8))
    assert len(coop.standing("chair")["nominees"]) == 3, coop.standing("chair")  # nobody is out within seven days
    coop.until(day(10))
    assert [one["name"] for one in coop.standing("chair")["nominees"]] == ["member-001"], coop.standing("chair")
    coop.until(day(40))
    coop.told("member-002 dropped out of the nominations: chair", "member-003 dropped out of the nominations: chair", "member-001 can now be voted for: chair")
    coop.came("candidate-entered chair member-001", *[f"share-freed chair {who} 90000" for who in people[:10]])
    # The shares are free again, and whole weights are placed.
    coop.act(day(41), own("stand", people[2], "chair"), *[ballot(who, "chair", 100, member_001=10) for who in people])
    coop.until(day(70))
    coop.keep("half of the attention against: four enter somebody against six; nominees that stay for seven days; shares that come free with a nomination")


def texts(made, parent):
    people = names(5)
    rules = charter("C", 'document "motto" { settles-in "1 day" }\noffice "chair" { settles-in "1 day" }')
    coop = Coop(made, parent, "texts", kernel(ONE_EACH), rules, people=5, lists=ON_ROLL)
    many = [f"{number}\n" for number in range(1, 101)]
    coop.act(day(2), *[own("propose_document", people[0], "motto", text=text) for text in many], {**own("propose_document", people[0], "motto", text="x\n"), "refused": "R046"})
    coop.act(day(2, "T06:00:00Z"), *[own("propose_document", people[1], "motto", text=f"B {number}\n") for number in range(1, 7)], own("stand", people[2], "chair"))
    votes = lambda text, who, points=10: on_text(who, "motto", 20, coop.document(text), points)
    coop.act(day(2, "T06:00:00Z"), votes("B 6\n", people[2]), votes("B 5\n", people[3]), ballot(people[3], "chair", 20, member_003=10))
    coop.until(day(3))
    standing = coop.standing("motto")
    entered = {one["candidate"] for one in standing["candidates"]}
    assert entered == {coop.document("B 6\n"), coop.document("B 5\n")}, entered  # the youngest have places, by their votes
    coop.act(day(3, "T12:00:00Z"), {**own("withdraw_candidacy", people[1], "motto", document=coop.document("B 6\n")), "refused": "R085"},
             own("withdraw_candidacy", people[0], "motto", document=coop.document("1\n")))
    coop.until(day(12))
    # Those behind it leave it: it is off the ballot after 30 days, as somebody is who has no votes for the chair.
    coop.act(day(13), votes("B 5\n", people[2]), own("stand", people[4], "chair"), ballot(people[4], "chair", 20, member_005=10))
    coop.until(day(16))
    coop.act(day(16, "T12:00:00Z"), ballot(people[4], "chair", 0))
    coop.until(day(55))
    outcomes = coop.told("member-005 is off the ballot, without votes or a place for too long: chair")
    assert sum("off the ballot" in words for _, words in outcomes) == 2, outcomes
    assert coop.held()["motto"] == [coop.document("B 5\n")], coop.held()
    coop.keep("more texts than there are places for; texts and candidates that leave after 30 days without votes; a withdrawal that others' votes refuse (R085)")


def recount(made, parent):
    people = names(5)
    coop = Coop(made, parent, "recount", kernel(ONE_EACH), charter("C", 'office "chair" { settles-in "2 days"; changes "monday 07:00" }\nbody "board" seats=2 { settles-in "2 days"; changes "monday 07:00" }'),
                people=5, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, "chair") for who in people[:2]], *[own("stand", who, "board") for who in people[2:]], *[ballot(who, "chair", 50, member_001=10, member_002=1) for who in people],
             *[ballot(who, "board", 50, member_003=10, member_004=5, member_005=1) for who in people])
    coop.until(day(12))  # Monday 11 January is the eleventh
    assert coop.holders("chair") == ["member-001"] and len(coop.holders("board")) == 2
    coop.act(day(12, "T12:00:00Z"), *[ballot(who, "chair", 50, member_002=10) for who in people], *[ballot(who, "board", 50, member_003=10, member_005=10) for who in people])
    coop.until(day(17))
    coop.act(day(18, "T03:00:00Z"), *[ballot(who, "chair", 50, member_001=10) for who in people], {"act": "end_membership", "member": people[4]})
    coop.until(day(18, "T12:00:00Z"))
    assert coop.holders("chair") == ["member-001"], coop.holders("chair")  # the votes were taken back at three in the morning
    assert "member-004" in coop.holders("board"), coop.holders("board")
    coop.act(day(18, "T12:00:00Z"), *[ballot(who, "chair", 50, member_002=10) for who in people[:4]])
    coop.until(day(26))
    assert coop.holders("chair") == ["member-002"]
    coop.keep("change times that count once more: votes taken back, and a challenger who left, between the update and the change")


CONTROL = """    class "workers" list="workers" { weight "hours(last month) / 1 hour"; control "40%" from=3 }
    class "customers" { weight "purchased(ever) / 1 USD"; control "35.5%"; cap "30%" }
    class "founders" list="founders" { weight "1"; control "24.5%" from=4 }"""


def late(made, parent):
    """Hours and contributions that are entered late."""
    classes = '''    class "workers" list="workers" { weight "hours(last month) / 1 hour" }
    class "writers" list="writers" { weight "contributed(last 2 months)"; falls "at once" }'''
    coop = Coop(made, parent, "late-records", kernel(classes, "weekly on monday at 01:00"), charter("C", 'office "chair" { settles-in "14 days" }\nranking "wishes"'),
                people=4, lists={"member-001": "workers", "member-002": "workers", "member-003": "writers", "member-004": "workers;writers"})
    people = names(4)
    coop.act("2021-01-20", *[coop.gift(who, "hours", 64 * 3_600, "2021-01-15", "second") for who in people[:2]],
             *[coop.gift(who, "contribution", 8 * MICRO, "2021-01-15", "micro-credit") for who in people[2:]], own("stand", people[0], "chair"), item("open", "wishes", "1"),
             *[ballot(who, "chair", 50, member_001=10) for who in people], *[ballot(who, "wishes", 50, item="1") for who in people])
    seen = []
    for month, more in ((2, 0), (3, 20), (4, 0), (5, 0), (6, 0)):
        coop.until(f"2021-{month:02}-25")
        weights = coop.weights()
        seen.append(tuple(weights[who] // 1_000 for who in people[:3]))
        if more:
            coop.act(f"2021-{month:02}-26", coop.gift(people[1], "hours", more * 3_600, f"2021-{month:02}-20", "second"))
    assert seen == [(64_000, 64_000, 8_000), (32_000, 32_000, 8_000), (16_000, 20_000, 0), (8_000, 10_000, 0), (4_000, 5_000, 0)], seen
    # An hour taken back is out of all of it; who leaves loses it at once.
    coop.act("2021-06-26", {"act": "reverse_support", "of": "hours:1", "given_at": "2021-06-25", "source": "back:1"}, {"act": "end_membership", "member": people[1]})
    coop.until("2021-07-25")
    assert coop.weights()["member-001"] == 0
    coop.keep("hours and contributions whose sums fall by half, or at once; late ones, and one taken back")


def newcomers(made, parent):
    people = names(9)
    coop = Coop(made, parent, "newcomers", kernel(GIVERS + '\n    class "buyers" { weight "purchased(ever) / 1 USD"; cap "40%" }', "weekly on monday at 01:00", more='    members { cap "25%"; floor "0.5 weights" }'),
                charter("C", 'office "chair" { settles-in "14 days" }'), people=9)
    gives(coop, day(2), m1=20_000, m2=6_000, m3=4_000, m4=4_000, m5=2_000)
    coop.act(day(2), *[coop.gift(who, "purchase", 1_000 * place, day(2)) for place, who in enumerate(people[:5], 1)], own("stand", people[0], "chair"),
             *[ballot(who, "chair", 50, member_001=10) for who in people])
    coop.until(day(120))
    old = coop.weights()
    gives(coop, day(121), m6=30_000, m7=500)
    coop.act(day(121), coop.gift(people[7], "purchase", 90_000, day(121)))
    coop.until(day(128))
    new = coop.weights()
    assert all(new[who] == old[who] for who in people[:5]), (old, new)  # newcomers set no level
    assert 0 < new["member-006"] <= max(old.values()) and 0 < new["member-007"] < 5 * MICRO, new
    coop.until(day(230))
    after = coop.weights()
    assert after["member-001"] > new["member-001"], (new, after)  # now they are of standing
    coop.keep("the cap over all weight and in a class; newcomers who do not set its level, and do after 90 days")


def tenths(made, parent):
    """Dust beside those who carry the co-op: a cap never takes away more than nine tenths."""
    coop = Coop(made, parent, "cap-of-dust", kernel(GIVERS, more='    members { cap "20%" }'), charter("C", 'office "chair" { settles-in "2 days" }'), people=5)
    gives(coop, day(2), m1=10_000, m2=10_000, m3=1, m4=1, m5=1)
    coop.until(day(20))
    assert set(coop.weights().values()) == {10_000, 9_986_500}, coop.weights()
    coop.keep("a cap beside dust, which keeps a tenth of all weight")


ALLOWANCES = """
office "chair" { settles-in "2 days" }
office "clerk" { settles-in "2 days"; ALLOWANCE }
document "d" { settles-in "2 days"; votes "linear" }
ranking "wishes" { votes "approval" }"""


def allowance(made, parent):
    people = names(4)
    rules = lambda words, title="A": charter(title, ALLOWANCES.replace("ALLOWANCE", words))
    coop = Coop(made, parent, "allowances", kernel(ONE_EACH), rules('allowance "each"'), people=4, lists=ON_ROLL)
    coop.act(day(2), own("stand", people[0], "chair"), own("stand", people[1], "clerk"), own("stand", people[3], "clerk"), own("stand", people[3], "chair"), own("propose_document", people[2], "d", text="D\n"), item("open", "wishes", "1"),
             item("open", "wishes", "2"))
    for who in people:
        coop.act(day(2, "T06:00:00Z"), ballot(who, "chair", 90, member_001=10), ballot(who, "clerk", 100, member_002=10), on_text(who, "d", 100, coop.document("D\n")),
                 ballot(who, "wishes", 60, item="1"), ballot(who, "wishes", 40, item="2"), {**ballot(who, "chair", 20, True, member_004=10), "refused": "R017"},
                 {**ballot(who, "clerk", 1, True, member_004=10), "refused": "R017"}, {**ballot(who, "wishes", 61, item="1"), "refused": "R017"})
    coop.until(day(10))
    assert coop.votes("clerk")["member-002"] == 4 * MICRO and coop.votes("chair")["member-001"] == 4 * 948_683, coop.votes("chair")
    edition_1.put_in_force(coop, "constitution", rules('allowance "shared"', "B"), day(10, "T12:00:00Z"), day(22), people, 5)
    votes = coop.votes("chair")["member-001"], coop.votes("clerk")["member-002"]
    assert votes[0] < 4 * 700_000 and votes[1] < 4 * 730_000, votes  # both scaled down at that moment
    coop.act(day(22, "T06:00:00Z"), {**ballot(people[0], "clerk", 100, member_002=10), "refused": "R017"})
    coop.act(day(22, "T07:00:00Z"), *[ballot(who, "chair", 20, member_001=10) for who in people])
    edition_1.put_in_force(coop, "constitution", rules('allowance "each"; votes "one-member"', "C"), day(22, "T12:00:00Z"), day(40), people, 2)
    coop.act(day(40, "T06:00:00Z"), ballot(people[0], "clerk", 100, member_002=10))
    coop.until(day(50))
    coop.keep("a whole vote on each decision beside a shared allowance; a decision that goes over to the shared one, with all shares scaled down, and back")


def electorate(made, parent):
    classes = '    class "workers" list="workers" { weight "4" }\n    class "patrons" { weight "donated(ever) / 1 USD" }'
    people = names(5)
    coop = Coop(made, parent, "electorates", kernel(classes), charter("C", 'office "foreman" electorate="workers" { settles-in "3 days" }\noffice "chair" { settles-in "3 days" }'),
                people=5, lists={who: "workers" for who in people[:2]})
    gives(coop, day(2), m1=9_600, m3=10_000, m4=1)
    coop.act(day(2), own("stand", people[0], "foreman"), own("stand", people[1], "foreman"), own("stand", people[0], "chair"), own("stand", people[2], "chair"), ballot(people[0], "foreman", 25, member_001=10), ballot(people[1], "foreman", 25, member_001=10),
             ballot(people[1], "foreman", 75, True, member_002=10), ballot(people[0], "chair", 25, member_003=10), ballot(people[0], "chair", 50, True, member_001=10),
             {**ballot(people[2], "foreman", 10, member_001=10), "refused": "R014"}, *[ballot(who, "chair", 25, member_003=10) for who in people[2:]])
    coop.until(day(12))
    # Of the first one's 100 only 4 count in the workers' office. The second one's two shares are rooted together: 2 votes, a quarter of them for.
    assert coop.votes("foreman") == {"member-001": 1_000_000 + 500_000, "nobody": 0}, coop.votes("foreman")
    # √75 votes, a third of them for the chair.
    assert coop.votes("chair")["member-003"] == 8_660_254 // 3 + 5_000_000 + 50_000, coop.votes("chair")
    coop.act(day(13), {"act": "remove_from_list", "list": "workers", "member": people[0]}, {"act": "add_to_list", "list": "workers", "member": people[3]})
    coop.until(day(30))
    coop.keep("an electorate of which only its classes' weight counts; shares for and against that are rooted together")


def items(made, parent):
    """One share that is moved around keeps no items open, and one bad week closes none."""
    people = names(3)
    coop = Coop(made, parent, "items", kernel(ONE_EACH, "weekly on monday at 01:00"), charter("C", 'ranking "wishes" { close-after "56 days" floor="0.2 votes" }'), people=3, lists=ON_ROLL)
    coop.act(day(2), *[item("open", "wishes", name) for name in "abcd"], ballot(people[0], "wishes", 50, item="d"))
    for week in range(12):
        keeps, last = "abc"[week % 3], "abc"[(week - 1) % 3]
        coop.act(day(3 + 7 * week), *([ballot(people[1], "wishes", 0, item=last)] if week else []), ballot(people[1], "wishes", 50, item=keeps))
        if week in (4, 5):
            coop.act(day(3 + 7 * week), ballot(people[0], "wishes", 0 if week == 4 else 50, item="d"))
        coop.until(day(8 + 7 * week))
        if len(coop.standing("wishes")["items"]) < 4:
            break
    assert 7 <= week < 11, week
    coop.until(day(120))
    assert [one["item"] for one in coop.standing("wishes")["items"]] == ["d"], coop.standing("wishes")
    coop.keep("items that close because they were low for more than half of the time, beside one with a bad week")


PARTS = {"items": items, "capacity": capacity, "vacant": vacant, "stays": stays, "leads": leads, "nobodies": nobodies, "nominations": nominations, "texts": texts, "recount": recount,
         "late": late, "newcomers": newcomers, "tenths": tenths, "allowance": allowance, "electorate": electorate}
