"""Edition 3: what people give and bring while the co-op is served. Each co-op asserts what it is there for."""

from making import ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, kernel, listed, names, on_text, own

import edition_1
from elections_2 import GIVERS, MICRO, day, gives
from powers_2 import NEW, admits, agrees, back, joined

HOUR = 3_600
CHAIR = 'office "chair" { settles-in "2 days" }'


def given(coop, who, kind, amount, at, unit=None, **more):
    """Support on a day, each with a source of its own."""
    coop.sources += 1
    what = {"amount": amount, "unit": unit} if unit else {"amount": amount, "currency": "USD"}
    refused = {"refused": more.pop("refused")} if "refused" in more else {}
    return {"act": "record_support", "member": who, "kind": kind, "amount": what, "given_on": at, "source": more.pop("source", f"{kind}:{coop.sources}"), **more, **refused}


def hours(coop, who, count, at, **more):
    return given(coop, who, "hours", count * HOUR, at, unit="second", **more)


def claim(coop, who, count, at, **more):
    return {**hours(coop, who, count, at, **more), "act": "claim_support"}


def answers(who, number, yes=True, **more):
    return {"act": "answer_claim", "member": who, "number": number, "yes": yes, **more}


def seats(coop, decision, *who, at, until, share=30, voters=None):
    """Stands for each, has all members vote for them, and waits until they are seated."""
    everyone = voters or [one["name"] for one in coop.members()]
    scores = {name.replace("-", "_"): 10 - place for place, name in enumerate(who)}
    coop.act(at, *[own("stand", one, decision) for one in who], *[ballot(one, decision, share, **scores) for one in everyone])
    if until:
        coop.until(until)
        assert sorted(coop.holders(decision)) == sorted(who), (decision, coop.holders(decision))


def recorders(made, parent):
    people = names(8)
    classes = ONE_EACH + '\n    class "eaters" { weight "purchased(last 3 months) / 100 USD" }\n    class "workers" { weight "hours(last 3 months) / 100 hours" }'
    rules = charter("C", 'office "till" { settles-in "4 days"; may "record" "purchases" "dues" }\nbody "desk" seats=3 { settles-in "4 days"; may "record" "hours"; acts-by "2 of 3" }\n'
                         'body "tills" seats=2 { settles-in "4 days"; may "record" "purchases" }')
    coop = Coop(made, parent, "recorders", kernel(classes), rules, people=8, lists=ON_ROLL)
    for decision, who in (("till", people[:1]), ("desk", people[1:4]), ("tills", people[4:6])):
        seats(coop, decision, *who, at=day(2), until=None)
    coop.until(day(24))
    assert [coop.holders("till"), sorted(coop.holders("desk")), sorted(coop.holders("tills"))] == [people[:1], people[1:4], people[4:6]], coop.held()
    both = {"to": "assets:till", "from": "income:sales"}
    coop.act(day(24, "T06:00:00Z"), given(coop, people[6], "purchase", 5_000, day(24), source="till:1", book=both), given(coop, people[0], "purchase", 5_000, day(24), refused="R100"),
             given(coop, people[6], "donation", 5_000, day(24), refused="R001"), hours(coop, people[6], 3, day(24), refused="R001"),
             given(coop, people[6], "purchase", 700, day(23), source="till:2"), given(coop, people[6], "purchase", 700, day(23), source="till:2", refused="R038"),
             given(coop, people[7], "dues", 100, day(24), source="till:3", book={"to": "expenses:gifts", "from": "assets:till"}, refused="R101"),
             {"act": "reverse_support", "of": "till:2", "given_on": day(24), "source": "till:slip"}, who=people[0])
    # Two of three seats agree to each record; one of the seats that agree is not the one who gave.
    coop.act(day(24, "T07:00:00Z"), hours(coop, people[7], 9, day(24), refused="R089"), who=people[1])
    coop.act(day(24, "T08:00:00Z"), coop.propose(people[1], "desk", hours(coop, people[7], 10, day(24), source="sheet:1")), agrees(people[2], 1),
             coop.propose(people[1], "desk", hours(coop, people[2], 10, day(24), source="sheet:2")), agrees(people[2], 2, refused="R100"), agrees(people[3], 2))
    coop.act(day(24, "T09:00:00Z"), given(coop, people[7], "purchase", 900, day(24), source="till:4"), who=people[4])
    coop.until(day(34))
    weights = coop.weights()
    assert weights["member-007"] == 1_500_000 and weights["member-008"] > MICRO and weights["member-003"] > MICRO, weights
    # Counted records are announced: money that came in is the operator's; others take effect two settling times later, or are taken back.
    coop.act(day(34, "T06:00:00Z"), {"act": "reverse_support", "of": "till:1", "given_on": day(34), "source": "back:1", "refused": "R101"},
             {"act": "reverse_support", "of": "till:4", "given_on": day(34), "source": "back:2"}, who=people[0])
    coop.act(day(34, "T07:00:00Z"), coop.propose(people[2], "desk", {"act": "reverse_support", "of": "sheet:1", "given_on": day(34), "source": "back:3"}), agrees(people[3], 4))
    coop.act(day(35), coop.propose(people[1], "desk", back(5)), agrees(people[2], 6))
    coop.until(day(50))
    weights = coop.weights()
    assert weights["member-008"] == MICRO + 100_000, weights
    coop.keep("records of purchases, dues and hours by an office, by one of two seats, and by two of three; slips taken back, counted ones announced and taken back; R100, R101")


def claims(made, parent):
    people = names(9)
    classes = ONE_EACH + '\n    class "workers" list="workers" { weight "hours(last month) / 10 hours"; affirmed-by "2 members" at-most="30 hours per month"; falls "at once" }'
    rules = charter("C", 'office "clerk" { settles-in "3 days"; may "record" "hours" }')
    coop = Coop(made, parent, "claims", kernel(classes), rules, people=9, lists={who: "roll;workers" if who in names(6) else "roll" for who in people})
    coop.act(day(2), *[hours(coop, who, 10, "2020-12-30") for who in people[:6]])
    seats(coop, "clerk", people[0], at=day(2), until=day(9), share=50)
    coop.act(day(9, "T06:00:00Z"), claim(coop, people[1], 8, day(9)), claim(coop, people[2], 5, day(8)), claim(coop, people[3], 4, day(8)), claim(coop, people[0], 4, day(8)), claim(coop, people[7], 2, day(8)),
             claim(coop, people[4], 41, day(9)), {**claim(coop, people[4], 1, day(9)), "kind": "donation", "amount": {"amount": 1, "currency": "USD"}, "refused": "R103"})
    coop.act(day(9, "T07:00:00Z"), answers(people[0], 1), answers(people[0], 2, False, reason="other-amount"), answers(people[0], 2, refused="R104"), answers(people[0], 4, refused="R100"),
             answers(people[0], 3, False, refused="R105"), {"act": "take_back_claim", "member": people[3], "number": 3}, {"act": "take_back_claim", "member": people[1], "number": 5, "refused": "R001"})
    # In the first ninety days everybody with weight in the class may affirm.
    coop.act(day(10), answers(people[1], 4), answers(people[7], 4, refused="R001"), answers(people[2], 4), answers(people[3], 4))
    coop.act(day(11), answers(people[3], 4, False, reason="not-known"), answers(people[4], 4))
    for at in (31, 59, 90, 120):
        coop.act(day(at, "T06:00:00Z"), *[hours(coop, who, 10, day(at)) for who in people[:6]])
        coop.until(day(at + 2))
    coop.act(day(122, "T06:00:00Z"), admits(NEW[1]), listed("add_to", NEW[1], "workers"), hours(coop, NEW[1], 10, day(115)))
    coop.until(day(125))
    coop.act(day(125, "T06:00:00Z"), claim(coop, people[1], 12, day(121)), claim(coop, people[2], 12, day(121)), claim(coop, people[3], 30, day(120)), claim(coop, people[3], 1, day(119)), claim(coop, people[4], 3, day(40)))
    first = 7
    coop.act(day(125, "T07:00:00Z"), answers(people[2], first), answers(people[3], first), answers(people[1], first + 1), answers(people[3], first + 1), answers(people[4], first + 1, False, reason="not-known"),
             answers(people[1], first + 2), answers(people[2], first + 2), answers(people[1], first + 3, refused="R108"), answers(people[1], first + 4, refused="R109"), answers(NEW[1], first, refused="R112"))
    coop.act(day(126), answers(people[5], first), answers(people[5], first, False, reason="not-known"))
    coop.until(day(150))
    coop.act(day(215), answers(people[1], first + 4, refused="R104"))
    coop.until(day(230))
    kinds = [entry["kind"] for entry in coop.entries()]
    assert {"claim_support", "answer_claim", "take_back_claim"} <= set(kinds)
    coop.keep("own hours: confirmed and refused by an office, affirmed by members of the class, stopped, taken back, lapsed after 90 days; R100, R103 to R105, R108, R109, R112")


def pledges(made, parent):
    people = names(4)
    classes = '    class "givers" { weight "pledged(next month) / 1 USD" }'
    coop = Coop(made, parent, "own-pledges", kernel(classes), charter("C", CHAIR), people=4)
    pledge = lambda who, cents, **more: {"act": "pledge_own", "member": who, "amount": {"amount": cents, "currency": "USD"}, **more}
    coop.act(day(4), *[pledge(who, 1_000) for who in people], pledge(people[0], 0), pledge(people[0], 0, refused="R023"))
    coop.act(day(5), given(coop, people[1], "donation", 400, day(5)), given(coop, people[2], "donation", 2_500, day(5)), given(coop, people[3], "donation", 1_000, day(5)),
             given(coop, people[0], "pledge", 300, day(5)))
    coop.until(day(20))
    assert coop.weights() == {people[0]: 3 * MICRO, people[1]: 4 * MICRO, people[2]: 10 * MICRO, people[3]: 10 * MICRO}, coop.weights()
    coop.act(day(37), {"act": "reverse_support", "of": "donation:2", "amount": 2_200, "given_on": day(37), "source": "back:1"}, given(coop, people[3], "donation", 1_000, day(36)), pledge(people[3], 2_000))
    coop.until(day(40))
    assert coop.weights()[people[2]] == 3 * MICRO and coop.weights()[people[3]] == 10 * MICRO, coop.weights()
    coop.act(day(62), given(coop, people[3], "donation", 1_500, day(62)), {"act": "end_membership", "member": people[1]})
    coop.until(day(70))
    assert coop.weights().get(people[1], 0) == 0 and coop.weights()[people[2]] == 0 and coop.weights()[people[3]] == 15 * MICRO, coop.weights()
    coop.keep("own pledges as far as gifts bear them out: nothing, a part, all, a refund, changed, ended, beside a recorded one")


def silent(made, parent):
    people = names(5)
    classes = '    class "givers" { weight "donated(last month) / 1 USD" }\n    class "eaters" { weight "purchased(last month) / 1 USD"; while-silent "fade" }'
    heard = lambda source="bank", kinds=("donation", "pledge"), every=31, **more: {"act": "source_heard", "source": source, "kinds": list(kinds), "every_days": every, **more}
    coop = Coop(made, parent, "silent-source", kernel(classes, more='    members { cap "60%" }'), charter("C", CHAIR), people=5)
    gives(coop, day(12), m1=1_000, m2=2_000, m3=500)
    coop.act(day(13), given(coop, people[3], "purchase", 900, day(13)))
    coop.act(day(35), heard(), heard("till", ("purchase",), 7), heard(every=367, refused="R110"), heard(kinds=(), refused="R111"))
    coop.until(day(58))
    assert sum(coop.weights().values()), "February reads January"
    coop.until(day(65))
    assert sum(coop.weights().values()) == 0, "March, and the bank is in time"
    coop.until(day(70))
    held = coop.weights()
    assert held[people[0]] > 0 and held[people[1]] > 0 and held[people[2]] > 0, held
    assert held[people[3]] == 0, "a class that says fade holds nothing"
    coop.act(day(75), given(coop, people[0], "donation", 4_000, day(74)))
    coop.act(day(76), {"act": "reverse_support", "of": "donation:3", "given_on": day(76), "source": "back:1"})
    coop.until(day(80))
    assert coop.weights()[people[2]] == 0, "nothing is held for whom something was refunded to"
    coop.until(day(128))
    assert coop.weights()[people[1]] == 0, "60 days are over"
    coop.act(day(130), given(coop, people[1], "donation", 3_000, day(91)), heard())
    coop.until(day(135))
    assert coop.weights()[people[1]] > 0, "May reads April"
    coop.until(day(240))
    coop.keep("a source that falls silent twice: weights held for 60 days, a refund meanwhile, late records, the end; a class that fades")


def founders(made, parent):
    rules = charter("C", 'office "chair" { settles-in "3 days"; may "admit" }\nranking "wishes"')
    founding = '    founding { weight 1; until "support of 2 members"; powers until "admit is held" }'
    one, two, three = NEW[1:4]
    coop = Coop(made, parent, "founders-weight", kernel(GIVERS, more=founding), rules, people=0)
    coop.act(day(1), admits(one, founder=True), admits(two, founder=True), admits(three))
    coop.until(day(3))
    weigh = lambda: {row["member"]: row["weight"] for row in coop.members()}
    assert weigh()[one] == MICRO and weigh()[three] == 0, weigh()
    coop.act(day(3, "T06:00:00Z"), own("stand", two, "chair"), *[{"act": "cast_ballot", "member": who, "decision": "chair", "share_ppm": 400_000, "scores": {two: MICRO}, "against": False} for who in (one, two)],
             given(coop, three, "donation", 50, day(3)))
    coop.until(day(12))
    assert coop.held()["chair"] == [two], coop.held()
    assert weigh()[one] == MICRO and weigh()[three] == MICRO // 2, weigh()
    coop.act(day(12, "T06:00:00Z"), given(coop, one, "donation", 10, day(12)))
    coop.until(day(14))
    coop.act(day(14, "T06:00:00Z"), {"act": "reverse_support", "of": "donation:2", "given_on": day(14), "source": "back:1"})
    coop.until(day(18))
    assert weigh()[one] == MICRO, "a gift that is taken back ends nothing"
    coop.act(day(18, "T06:00:00Z"), given(coop, two, "donation", 10, day(18)))
    coop.until(day(25))
    assert weigh()[one] == 0 and weigh()[two] == MICRO // 10, weigh()
    coop.keep("founders' weight until two members have their own at three updates, a gift taken back meanwhile, a chair seated by it")
    late = Coop(made, parent, "founders-late", kernel(GIVERS, rhythm="weekly on monday at 01:00", more=founding), rules, people=0)
    late.act(day(1), admits(one, founder=True))
    late.until(day(170))
    assert {row["member"]: row["weight"] for row in late.members()}[one] == MICRO
    late.until(day(200))
    assert {row["member"]: row["weight"] for row in late.members()}[one] == 0
    late.keep("founders' weight that ends after 180 days")


def joins(made, parent):
    people = names(9)
    classes = GIVERS + '\n    class "workers" list="workers" { weight "2" }'
    coop = Coop(made, parent, "joins", kernel(classes), charter("C", 'office "registrar" { settles-in "3 days"; may "admit" }'), people=9, lists={"member-001": "workers", "member-005": "workers"})
    known = {one["name"]: one["member"] for one in coop.members()}
    join = lambda a, b, **more: {"act": "join_members", "from": known[a], "into": known[b], **more}
    says = lambda who, a, b, yes=True, **more: {"act": "answer_join", "member": known[who], "from": known[a], "into": known[b], "yes": yes, **more}
    apart = lambda a, **more: {"act": "take_back_join", "from": known[a], **more}
    gives(coop, day(2), **{f"m{n}": 1_000 for n in range(1, 10)})
    coop.act(day(3), given(coop, people[4], "pledge", 700, day(3), stands_months=12), given(coop, people[4], "dues", 1_200, day(3), parts=3))
    seats(coop, "registrar", people[0], at=day(4), until=day(12), share=50)
    # Nobody has acted as 5 to 9 but in voting; both must say yes. 2 and 3 voted.
    coop.act(day(12, "T06:00:00Z"), join(people[4], people[1]), join(people[4], people[2], refused="R093"), join(people[5], people[5], refused="R117"), join(people[1], people[6], refused="R119"), who=people[0])
    coop.act(day(13), says(people[4], people[4], people[1]), says(people[4], people[4], people[1], refused="R091"), says(people[2], people[4], people[1], refused="R121"))
    coop.until(day(18))
    coop.act(day(18, "T06:00:00Z"), says(people[1], people[4], people[1]))
    coop.until(day(24))
    assert coop.weights()[people[1]] == 10 * MICRO
    coop.until(day(28))
    weights = coop.weights()
    assert weights[people[1]] == 20 * MICRO and weights.get(people[4], 0) == 0, weights
    # Later records of the one that went; a refund from the one who has it now; a no that stops; asked by one of the two.
    coop.act(day(28, "T06:00:00Z"), given(coop, known[people[4]], "donation", 300, day(28)))
    coop.act(day(29), says(people[5], people[5], people[2]), says(people[6], people[6], people[7]), says(people[7], people[6], people[7], False), says(people[8], people[8], people[7], False, refused="R090"))
    coop.act(day(30), says(people[2], people[5], people[2]))
    coop.until(day(40))
    assert coop.weights()[people[1]] == 23 * MICRO and coop.weights()[people[2]] == 20 * MICRO, coop.weights()
    coop.act(day(40, "T06:00:00Z"), join(people[6], people[7], refused="R120"), apart(people[5], refused="R123"), who=people[0])
    coop.act(day(41), says(people[2], people[5], people[2], False))
    coop.until(day(52))
    assert coop.weights()[people[2]] == 10 * MICRO and coop.weights()[people[5]] == 10 * MICRO, coop.weights()
    # A join that waits lapses after 90 days.
    coop.act(day(52, "T06:00:00Z"), join(people[8], people[7]), who=people[0])
    coop.until(day(150))
    coop.act(day(150, "T06:00:00Z"), join(people[8], people[7]), who=people[0])
    coop.act(day(150, "T07:00:00Z"), apart(people[8]), who=people[0])
    coop.until(day(160))
    coop.keep("records of one person joined by an office with a yes of both, asked by one of the two, stopped, taken back, lapsed; parts, a pledge and later records of the one that went; R117 to R123")


def parameters(made, parent):
    people = names(5)
    more = '    parameter "price" default="5 USD" from="1 USD" to="20 USD"\n    parameter "pace" default="2 days" from="1 day" to="6 days"\n    parameter "half-life" default="1 year" from="90 days" to="5 years"'
    classes = '    class "givers" { weight "donated(ever) / price" }\n    class "old" { weight "faded(donated, half-life) / 100 USD" }'
    coop = Coop(made, parent, "parameters", kernel(classes, more=more, fork='carries="register ledger rules" treasury="by weight of those who go" tantamount="20%"'),
                charter("C", 'office "chair" { settles-in "pace" }\nranking "wishes" { close-after "pace" }'), people=5)
    gives(coop, day(2), **{f"m{n}": 1_000 * n for n in range(1, 6)})
    coop.until(day(5))
    before = coop.weights()[people[0]]
    seats(coop, "chair", people[1], at=day(5, "T06:00:00Z"), until=day(12), share=20)
    text = charter("C", 'set "price" "10 USD"\nset "half-life" "90 days"\nset "pace" "4 days"\noffice "chair" { settles-in "pace" }\nranking "wishes" { close-after "pace" }')
    edition_1.put_in_force(coop, "constitution", text, day(12, "T06:00:00Z"), day(24), people, 30)
    after = coop.weights()[people[0]]
    assert after < before, (before, after)
    coop.until(day(40))
    coop.keep("numbers that a kernel leaves to the constitution: a price, a half-life and a settling time, set by another text; `tantamount`")


def services(made, parent):
    people = names(5)
    classes = ('    class "eaters" { weight "purchased(ever) / 1 USD"; service "food" }\n    class "makers" { weight "hours(ever, of compute) / 1 hour" }\n'
               '    class "all" { weight "purchased(ever) / 10 USD" }')
    coop = Coop(made, parent, "services", kernel(classes), charter("C", 'office "cook" { settles-in "2 days"; service "food" }\nranking "wishes"'), people=5)
    coop.act(day(2), given(coop, people[0], "purchase", 10_000, day(2), service="food"), given(coop, people[0], "purchase", 5_000, day(2)), given(coop, people[1], "purchase", 4_400, day(2), service="food"),
             hours(coop, people[2], 8, day(2), service="compute"), hours(coop, people[3], 8, day(2)), given(coop, people[4], "pledge", 100, day(2), service="food", refused="R114"),
             given(coop, people[4], "purchase", 100, day(2), service="Food!", refused="R113"))
    coop.act(day(3), {"act": "reverse_support", "of": "purchase:3", "amount": 2_300, "given_on": day(3), "source": "back:1"})
    coop.until(day(6))
    weights = coop.weights()
    assert weights == {people[0]: 115 * MICRO, people[1]: 21 * MICRO + 2_100_000, people[2]: 8 * MICRO, people[3]: 0, people[4]: 0}, weights
    seats(coop, "cook", people[1], at=day(6, "T06:00:00Z"), until=day(16), share=40, voters=people[:2])
    coop.keep("support of a service, a class about one, a formula that names one, an office of one; R113, R114")


def brought(made, parent):
    people = names(6)
    coop = Coop(made, parent, "brought", kernel(GIVERS), charter("C", CHAIR + '\nranking "wishes" { brought-by "members" at-most=2; close-after "20 days" }\nranking "plans" { brought-by "powers" }'), people=6)
    gives(coop, day(2), **{f"m{n}": 10_000 for n in range(1, 5)})
    brings = lambda who, item, decision="wishes", **more: {"act": "bring_item", "member": who, "decision": decision, "item": item, "title": f"Wish {item}", **more}
    takes = lambda who, item, **more: {"act": "take_back_item", "member": who, "decision": "wishes", "item": item, **more}
    coop.until(day(4))
    coop.act(day(4, "T06:00:00Z"), brings(people[4], "1"), brings(people[4], "2"), brings(people[4], "3", refused="R046"), brings(people[0], "1", refused="R026"), brings(people[1], "4"),
             brings(people[0], "p", "plans", refused="R106"), takes(people[0], "1", refused="R031"), takes(people[4], "1"), brings(people[4], "3", refused="R046"), brings(people[0], "1", refused="R107"))
    coop.act(day(5), *[ballot(who, "wishes", 20, item="4") for who in people[:4]], ballot(people[2], "wishes", 10, item="2"), ballot(people[3], "wishes", 10, against=True, item="2"))
    coop.until(day(8))
    coop.act(day(8, "T06:00:00Z"), takes(people[1], "4", refused="R085"), takes(people[4], "2", refused="R085"), {"act": "close_item", "decision": "wishes", "item": "2"})
    coop.act(day(9), {"act": "end_membership", "member": people[1]})
    coop.act(day(36), brings(people[4], "5"), brings(people[4], "6"))
    coop.until(day(70))
    assert "4" in {one["item"] for one in coop.standing("wishes")["items"]}
    coop.keep("items that members bring and take back, with a limit each, backed by others, closed by the desk, of a member who left; R106, R107")


PARTS = {"recorders": recorders, "claims": claims, "own-pledges": pledges, "silent": silent, "founders-weight": founders, "joins": joins, "parameters": parameters, "services": services,
         "brought": brought}
