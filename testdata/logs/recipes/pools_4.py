"""Edition 4: pools, money that is held, projects, and requests. Each co-op asserts what it is there for."""

from making import ON_ROLL, ONE_EACH, Coop, charter, kernel, names, nominate, on_text

from doors_3 import given, seats
from elections_2 import GIVERS, day, gives
from money_2 import NEXT, at_hand, back, going, leaves
from time_4 import backs, option


def usd(minor):
    return {"amount": minor, "currency": "USD"}


def holds(coop, who, minor, at, **more):
    coop.sources += 1
    return {"act": "hold_money", "member": who, "amount": usd(minor), "at": at, "source": f"held:{coop.sources}", "account": "assets:bank", **more}


def pays_back(coop, who, minor, at, **more):
    return {**holds(coop, who, minor, at, **more), "act": "pay_back_held"}


def gives_to(who, minor, pool="commons", **more):
    return {"act": "give_to_pool", "member": who, "decision": pool, "amount": usd(minor), **more}


def asks(who, text, goal, pool="commons", **more):
    return {"act": "ask_pool", "member": who, "decision": pool, "text": text, "goal": usd(goal), **more}


def pledges(who, text, minor, pool="commons", **more):
    return {"act": "pledge_to_project", "member": who, "decision": pool, "project": option(text), "amount": usd(minor), **more}


def takes_back(who, text, pool="commons", **more):
    return {"act": "withdraw_project", "member": who, "decision": pool, "project": option(text), **more}


def requests(who, text, minor, clause="grants", **more):
    return {"act": "request_money", "member": who, "decision": clause, "text": text, "amount": usd(minor), **more}


MONEY = ["in", "given", "paid", "left", "held", "owed"]


def money(coop, name="commons"):
    """What a pool has had, in the order of its page."""
    return {word: line["amount"]["amount"] for word, line in zip(MONEY, coop.standing(name)["pool"]["money"])}


def projects(coop, name="commons"):
    """The names of projects that ask."""
    return sorted(one["line"] for one in coop.standing(name)["pool"]["projects"])


def comes(coop, text, at, people, share=40):
    """Another constitution, in force some days later."""
    coop.act(day(at), {"act": "propose_document", "member": people[at // 10 % len(people)], "decision": "constitution", "text": text}, *[nominate(who, "constitution", option(text), 20) for who in people])
    coop.act(day(at + 1), *[on_text(who, "constitution", share, option(text)) for who in people])
    coop.until(day(at + 6))
    assert option(text) in coop.holders("constitution"), at


ROOF, VAN, SHED, TREES = "Mend the roof\n\nBefore the winter.", "Buy a van", "Build a shed", "Plant trees"


def told(coop, words):
    return [at[:10] for at, line in coop.told() if words in line]


def fed(made, parent):
    people = names(8)
    rules = charter("C", 'pool "commons" { fed-by "20% of donations"; fed-by "10% of dues"; conviction-half-life "8 days" }')
    coop = Coop(made, parent, "pools", kernel(ONE_EACH, votes="linear"), rules, people=8, lists=ON_ROLL)
    known = {name: coop.pseudonym(name) for name in people}
    # Neither a history from before the pool nor hours and purchases feed it.
    coop.act(day(2), given(coop, people[0], "donation", 10_000, day(2), source="great"), given(coop, people[1], "donation", 99_999, "2020-12-30"), given(coop, people[2], "dues", 5_005, day(2), source="dues"),
             given(coop, people[3], "purchase", 7_000, day(2)), given(coop, people[4], "hours", 7_200, day(2), unit="second"))
    assert money(coop)["in"] == 2_500, money(coop)
    touched = [{"account": "equity:pool:commons", "minor": 1}, {"account": "assets:bank", "minor": -1}]
    coop.act(day(3), *[holds(coop, who, 5_000, day(3)) for who in people[:7]], holds(coop, people[0], 1, day(3), account="income:gifts", refused="R043"), holds(coop, people[0], 0, day(3), refused="R035"),
             pays_back(coop, people[5], 5_001, day(3), refused="R154"), pays_back(coop, people[5], 1_000, day(3)), gives_to(people[5], 1_000), gives_to(people[5], 3_001, refused="R154"),
             {"act": "book_entry", "at": day(3), "source": "desk:1", "narration": "x", "currency": "USD", "postings": touched, "refused": "R153"})
    coop.act(day(4), asks(people[0], ROOF, 11_000, people=[known[people[1]]]), asks(people[2], VAN, 800), asks(people[3], SHED, 700), asks(people[6], TREES, 500), asks(people[3], VAN, 3_000, refused="R107"),
             asks(people[3], "\nnothing", 3_000, refused="R126"), asks(people[4], "For ourselves", 3_000, people=[known[people[4]]], refused="R156"))
    coop.act(day(5), pledges(people[0], ROOF, 1_600), pledges(people[2], ROOF, 900), pledges(people[2], ROOF, 2_500), pledges(people[3], ROOF, 2_500), pledges(people[4], VAN, 400), pledges(people[3], VAN, 100),
             pledges(people[1], VAN, 5_001, refused="R154"), pledges(people[4], TREES, 400), pledges(people[1], SHED, 50), pledges(people[1], SHED, 0), pledges(people[4], SHED, 250), pledges(people[5], SHED, 250),
             *[backs(who, "commons", option(ROOF), 60) for who in people[4:7]], *[backs(who, "commons", option(VAN), 30) for who in people[3:6]], backs(people[7], "commons", option(SHED), 1),
             {**backs(people[1], "commons", option(ROOF), 50), "refused": "R155"}, {**backs(people[0], "commons", option(ROOF), 50), "refused": "R155"})
    coop.act(day(6), asks(people[5], "A swing", 100), pledges(people[1], "A swing", 40))
    coop.act(day(7), takes_back(people[5], "A swing"), {"act": "end_membership", "member": people[6]})
    assert projects(coop) == ["Build a shed", "Buy a van", "Mend the roof"], projects(coop)
    # The van is paid; the roof is saved for, three times; then what the pool can pay is paid.
    coop.act(day(40), pays_back(coop, people[6], 5_000, day(40)))
    coop.until(day(91))
    assert money(coop)["left"] == 3_200 and projects(coop) == ["Build a shed", "Mend the roof"], (money(coop), projects(coop))
    coop.act(day(92), asks(people[4], "A late wish", 100), takes_back(people[3], ROOF, refused="R031"))
    coop.until(day(122))
    assert projects(coop) == ["A late wish", "Mend the roof"] and money(coop)["left"] == 3_000, (money(coop), projects(coop))
    # Refunds take their part back, to the cent; a great gift pays for the roof. Nobody is for the late wish, which stood for a whole cycle.
    coop.act(day(123), {"act": "reverse_support", "of": "great", "amount": 4_001, "given_on": day(123), "source": "back:1"}, {"act": "reverse_support", "of": "dues", "given_on": day(123), "source": "back:2"},
             given(coop, people[1], "donation", 14_001, day(123)))
    assert money(coop)["left"] == 3_000 - 801 - 500 + 2_800, money(coop)
    coop.until(day(183))
    assert money(coop) == {"in": 3_999, "given": 1_000, "paid": 300 + 200 + 4_400, "left": 99, "held": 0, "owed": 12_500}, money(coop)
    # Spent and then refunded: it owes.
    coop.act(day(184), {"act": "reverse_support", "of": "great", "given_on": day(184), "source": "back:3"})
    assert money(coop)["left"] < 0, money(coop)
    coop.until(day(215))
    coop.keep("a pool fed by donations and dues, refunds and one that leaves it owing, money held, paid back and given, pledges and projects, three cycles of saving, a project that leaves, one that is taken back, and a proposer who leaves; R035, R043, R107, R126, R153 to R156")


def matched(made, parent):
    """One pool of every match, with the same projects."""
    people = names(6)
    words = {"plain": 'match "quadratic"; order "skip"', "scaled": 'match "scaled"; order "skip"', "pairs": 'match "pairwise"; pairwise "25 USD"', "capped": 'match "capped"; cap "35%"; order "skip"',
             "groups": 'match "connected"; groups "roll" "crew"', "none": 'match "none"; self "allowed"'}
    rules = charter("C", "\n".join(f'pool "{name}" {{ {line}; every "{"quarter" if name == "none" else "month"}" }}' for name, line in words.items()))
    lists = {**ON_ROLL, people[1]: "roll", people[4]: "crew", people[5]: "crew"}
    classes = ONE_EACH + '\n    class "crew" list="crew" { weight "1" }'
    coop = Coop(made, parent, "pools-matched", kernel(classes, votes="linear"), rules, people=6, lists=lists)
    coop.act(day(2), *[holds(coop, who, 100_000, day(2)) for who in people])
    for place, name in enumerate(words):
        big, middle, small = (f"{text} of {name}" for text in ("Big", "Middle", "Small"))
        coop.act(day(3), gives_to(people[5], 5_000 - 100 * place, name), asks(people[0], big, 9_000, name), asks(people[1], middle, 2_500, name), asks(people[2], small, 900, name))
        coop.act(day(3), *[pledges(who, big, 2_000, name) for who in people[1:4]], *[pledges(who, middle, 700, name) for who in (people[0], people[3], people[4])], *[pledges(who, small, 200, name) for who in people[3:]],
                 *[backs(who, name, option(text), share) for who, text, share in ((people[3], big, 60), (people[4], middle, 30), (people[5], small, 10))])
        if name == "none":
            coop.act(day(3), backs(people[0], name, option(big), 20), pledges(people[0], big, 3_000, name))
    for at in (33, 64, 95):
        coop.until(day(at))
        coop.act(day(at), given(coop, people[0], "donation", 100, day(at)), *[pledges(people[4], f"Big of {name}", at * 20, name) for name in words if f"Big of {name}" in projects(coop, name)])
    paid = {name: money(coop, name)["paid"] for name in words}
    assert all(sum_ > 0 for name, sum_ in paid.items() if name != "none") and len(set(paid.values())) > 3, paid
    coop.until(day(130))
    coop.keep("a pool of each match, plain, scaled, pairwise, capped, connected and none, fed by gifts alone, with three projects each; one in which people vote for their own")


def comes_and_goes(made, parent):
    people = names(5)
    rules = lambda words, more="": charter("C", f'office "chair" {{ settles-in "2 days" }}\n{words}{more}')
    coop = Coop(made, parent, "pools-renewed", kernel(ONE_EACH, votes="linear", settles="1 day"), rules('pool "commons" { fed-by "50% of donations" }'), people=5, lists=ON_ROLL)
    coop.act(day(2), given(coop, people[0], "donation", 3_000, day(2), source="gift"), *[holds(coop, who, 1_000, day(2)) for who in people], asks(people[0], ROOF, 1_900), asks(people[1], VAN, 90_000),
             *[pledges(who, ROOF, 100) for who in people[1:3]], *[backs(who, "commons", option(ROOF), 20) for who in people[2:]], backs(people[3], "commons", option(VAN), 20), pledges(people[4], VAN, 500))
    # Another cycle and match: projects, pledges, votes and money stay.
    comes(coop, rules('pool "commons" { fed-by "10% of donations"; every "quarter"; order "skip"; match "none" }'), 10, people)
    coop.act(day(18), given(coop, people[0], "donation", 1_000, day(18)))
    assert money(coop)["left"] == 1_600 and projects(coop) == ["Buy a van", "Mend the roof"], money(coop)
    comes(coop, rules('pool "commons" { every "week"; match "quadratic"; conviction-half-life "2 days" }'), 25, people)
    coop.act(day(32), pledges(people[3], ROOF, 100))
    coop.until(day(41))
    # The clause goes: what it has is common, pledges go back; a refund of what it was fed by finds it gone. It comes back empty.
    comes(coop, rules("", '\nconstitution "circle" { settles-in "2 days"; electorate "members" }'), 45, people)
    assert told(coop, "Commons"), coop.told()
    coop.act(day(52), {"act": "reverse_support", "of": "gift", "amount": 1_000, "given_on": day(52), "source": "back:1"}, *[pays_back(coop, who, 700, day(52)) for who in people[4:]])
    comes(coop, rules('pool "commons" { fed-by "30% of donations"; every "month" }\nranking "wishes"'), 55, people)
    coop.act(day(62), asks(people[2], SHED, 300), asks(people[0], ROOF, 300), gives_to(people[0], 300), given(coop, people[1], "donation", 500, day(62)), backs(people[0], "commons", option(SHED), 20), pledges(people[0], SHED, 150),
             pledges(people[1], SHED, 150), {"act": "reverse_support", "of": "gift", "given_on": day(62), "source": "back:2"})
    coop.until(day(100))
    # A name that becomes another kind, and a pool inside another constitution, fed by gifts alone.
    comes(coop, rules('ranking "commons" { close-after "20 days" }\nconstitution "circle" { settles-in "2 days"; electorate "members" }'), 102, people)
    inside = charter("Circle", 'pool "purse" { self "allowed" }')
    coop.act(day(109), {"act": "propose_document", "member": people[1], "decision": "circle", "text": inside}, *[nominate(who, "circle", option(inside), 20) for who in people])
    coop.act(day(110), *[on_text(who, "circle", 40, option(inside)) for who in people])
    coop.until(day(116))
    coop.act(day(117), gives_to(people[0], 200, "circle/purse"), asks(people[0], VAN, 200, "circle/purse"), *[pledges(who, VAN, 50, "circle/purse") for who in people[:2]], backs(people[0], "circle/purse", option(VAN), 20))
    coop.until(day(160))
    assert money(coop, "circle/purse")["paid"] == 100, money(coop, "circle/purse")
    coop.keep("a pool whose clause changes its cycle, match and feeds, goes with what it had, comes back empty, and becomes a ranking; one inside another constitution")


def with_people(made, parent):
    """Two records of one person, a proposer who leaves, and members who leave together."""
    people = names(9)
    rules = charter("C", 'pool "commons" { fed-by "25% of donations" }\noffice "registrar" { settles-in "3 days"; may "admit" }')
    fork = 'carries="register ledger rules" treasury="by weight of those who go, what they gave at most"'
    coop = Coop(made, parent, "pools-people", kernel(GIVERS, amend="never", fork=fork), rules, people=9)
    known = {name: coop.pseudonym(name) for name in people}
    gives(coop, day(2), **{f"m{n}": 10_000 for n in range(1, 10)})
    coop.act(day(2, "T06:00:00Z"), {"act": "book_entry", "at": day(2), "source": "bank:1", "narration": "gifts", "currency": "USD", "postings": [{"account": "assets:bank", "minor": 90_000}, {"account": "income:gifts", "minor": -90_000}]})
    coop.act(day(3), *[holds(coop, who, 3_000, day(3)) for who in people], asks(people[7], ROOF, 40_000), asks(people[1], VAN, 2_000), asks(people[4], SHED, 60_000),
             *[pledges(who, ROOF, 900) for who in people[1:3]], pledges(people[8], ROOF, 400), pledges(people[3], VAN, 400), pledges(people[8], VAN, 100), pledges(people[5], SHED, 3_000),
             backs(people[6], "commons", option(ROOF), 20), backs(people[8], "commons", option(VAN), 20), backs(people[8], "commons", option(ROOF), 20))
    seats(coop, "registrar", people[0], at=day(4), until=day(16), share=40)
    # The ninth record is the second one's: pledges and what is held go along, and what it had placed on a project that is now its own is free.
    coop.act(day(16, "T06:00:00Z"), {"act": "join_members", "from": known[people[8]], "into": known[people[1]]}, who=people[0])
    coop.act(day(16, "T08:00:00Z"), *[{"act": "answer_join", "member": who, "from": known[people[8]], "into": known[people[1]], "yes": True} for who in (people[8], people[1])])
    coop.until(day(34))
    coop.act(day(34), pledges(people[1], ROOF, 4_000), gives_to(people[1], 1_500), {**backs(people[1], "commons", option(VAN), 10), "refused": "R155"}, pledges(people[1], VAN, 501, refused="R154"))
    coop.act(day(35), {"act": "end_membership", "member": people[7]}, {"act": "end_membership", "member": people[5]})
    assert projects(coop) == ["Build a shed", "Buy a van"], projects(coop)
    coop.act(day(36), pays_back(coop, people[5], 3_000, day(36)), {"act": "announce_fork", "member": people[2], "fork": "next", "kernel_text": kernel(GIVERS, fork=fork, name="golden, next"), "constitution_text": NEXT}, going(people[3], "next"))
    coop.until(day(67))
    before = money(coop)["left"]
    assert leaves(coop, "next", parent / "pools-people-fork-next", day(68, "T06:00:00Z")) > 0 and 0 < money(coop)["left"] < before, (before, money(coop))
    # What is held for those who left is paid back; a refund of what they gave is divided already.
    coop.act(day(69), pays_back(coop, people[2], 3_000, day(69)), pays_back(coop, people[3], 2_600, day(69)), back("donation:3", day(69), "back:1", refused="R096"))
    coop.until(day(100))
    coop.keep("a pool whose people are joined, leave with a project and a pledge, and leave together with their part of it")
    new = at_hand(coop, parent / "pools-people-fork-next", "pools-people-fork-next")
    new.act(day(70), *[holds(new, who, 500, day(70)) for who in people[2:4]])
    new.until(day(80))
    new.keep("the co-op that left it, which has its own money held")


def asked(made, parent):
    people = names(6)
    rules = charter("C", 'pool "commons" { fed-by "50% of donations"; match "none"; every "year" }\ncommitment "grants" of="commons" { spending-limit "25%"; least-conviction "10%"; conviction-half-life "4 days" }')
    coop = Coop(made, parent, "requests", kernel(ONE_EACH, votes="linear"), rules, people=6, lists=ON_ROLL)
    known = {name: coop.pseudonym(name) for name in people}
    takes = lambda who, text, **more: {"act": "withdraw_request", "member": who, "decision": "grants", "request": option(text), **more}
    ask = lambda text: [one["line"] for one in coop.standing("grants")["requests"]["requests"] if text in one["line"]]
    coop.act(day(2), given(coop, people[0], "donation", 200_000, day(2), source="great"), requests(people[0], "Paint", 2_000), requests(people[1], "A trip", 30_000, people=[known[people[2]]]), requests(people[2], "Coffee", 500), requests(people[3], "Rain", 100),
             requests(people[3], "Rain", 200, refused="R107"), requests(people[4], "\n", 200, refused="R126"), requests(people[4], "Nothing", 0, refused="R035"), requests(people[4], "Us", 200, people=[known[people[4]]], refused="R156"),
             *[requests(people[5], f"Small {number}", 100 + number) for number in range(5)], requests(people[5], "Small 6", 100, refused="R046"))
    coop.act(day(3), *[backs(who, "grants", option("Paint"), 40) for who in people[1:]], *[backs(who, "grants", option("Coffee"), 20) for who in people[3:]], backs(people[4], "grants", option("Rain"), 10, against=True),
             *[backs(who, "grants", option("A trip"), 10) for who in (people[0], *people[3:])], {**backs(people[0], "grants", option("Paint"), 10), "refused": "R170"}, {**backs(people[2], "grants", option("A trip"), 10), "refused": "R170"},
             takes(people[0], "Coffee", refused="R031"), takes(people[5], "Small 4"), requests(people[5], "Small 6", 100, refused="R046"))
    coop.until(day(12))
    assert not ask("Paint") and ask("A trip") and ask("Rain"), coop.standing("grants")["requests"]
    # 25,000 of 98,000 are above a quarter: the trip never passes; the one nobody is for is closed after four half-lives, and so is the one members are against.
    coop.until(day(24))
    assert not ask("Rain") and not ask("Small") and ask("A trip"), coop.standing("grants")["requests"]
    # What the same members have let pass counts with the next.
    coop.act(day(24, "T06:00:00Z"), requests(people[0], "Bricks", 8_000), requests(people[1], "Mortar", 8_000))
    coop.act(day(24, "T07:00:00Z"), *[backs(who, "grants", option(text), 35) for who in people[2:] for text in ("Bricks", "Mortar")])
    coop.until(day(34))
    one = ask("Bricks") + ask("Mortar")
    assert len(one) == 1, one
    coop.until(day(60))
    assert not ask("Bricks") + ask("Mortar"), coop.standing("grants")["requests"]
    # A refund leaves the pool owing nothing, and little; a member who leaves takes their requests back.
    coop.act(day(61), {"act": "reverse_support", "of": "great", "amount": 199_000, "given_on": day(61), "source": "back:1"}, requests(people[4], "A lamp", 10), *[backs(who, "grants", option("A lamp"), 50) for who in people[:4]])
    coop.act(day(62), {"act": "end_membership", "member": people[1]})
    coop.until(day(80))
    assert ask("A lamp") and not ask("A trip") and money(coop)["left"] < 0, (money(coop), coop.standing("grants")["requests"])
    coop.keep("requests that pass, wait for what the same members let pass, are too large, closed, taken back, and of a member who leaves; a pool that owes; R031, R035, R046, R107, R126, R156, R170")


def asked_anew(made, parent):
    """Another clause over requests, joins and a fork."""
    people = names(7)
    fork = 'carries="register ledger rules" treasury="by head, what they gave at most"'
    rules = lambda words: charter("C", f'pool "commons" {{ fed-by "50% of donations"; match "none" }}\npool "other" {{ match "none" }}\noffice "registrar" {{ settles-in "2 days"; may "admit" }}\n{words}')
    first = rules('commitment "grants" of="commons" { spending-limit "40%"; least-conviction "20%"; conviction-half-life "6 days" }')
    coop = Coop(made, parent, "requests-renewed", kernel(ONE_EACH, votes="linear", settles="1 day", amend="never", fork=fork), first, people=7, lists=ON_ROLL)
    known = {name: coop.pseudonym(name) for name in people}
    both = {"to": "assets:bank", "from": "income:gifts"}
    coop.act(day(2), *[given(coop, who, "donation", 20_000, day(2), book=both) for who in people], requests(people[0], "A bench", 6_000), requests(people[6], "A tree", 500), requests(people[1], "A gate", 26_000), holds(coop, people[5], 2_000, day(2)), gives_to(people[5], 1_500, "other"))
    coop.act(day(3), *[backs(who, "grants", option("A bench"), 20) for who in people[2:]], *[backs(who, "grants", option("A gate"), 10) for who in people[2:]], backs(people[6], "grants", option("A bench"), 30), backs(people[0], "grants", option("A tree"), 10))
    seats(coop, "registrar", people[0], at=day(4), until=day(14), share=30)
    # The seventh record is the first one's: the request moves along, and votes on it come free.
    coop.act(day(14, "T06:00:00Z"), {"act": "join_members", "from": known[people[6]], "into": known[people[0]]}, who=people[0])
    coop.act(day(14, "T08:00:00Z"), *[{"act": "answer_join", "member": who, "from": known[people[6]], "into": known[people[0]], "yes": True} for who in (people[6], people[0])])
    coop.until(day(24))
    coop.act(day(24), {**backs(people[0], "grants", option("A tree"), 10), "refused": "R170"})
    # Another limit and half-life; then of another pool; then gone, and back with `self`.
    voters = people[:6]
    comes(coop, rules('commitment "grants" of="commons" { spending-limit "90%"; least-conviction "5%"; conviction-half-life "2 days" }'), 25, voters)
    coop.until(day(40))
    assert money(coop)["left"] < 70_000, money(coop)
    comes(coop, rules('commitment "grants" of="other" { spending-limit "50%"; least-conviction "5%"; conviction-half-life "2 days" }'), 41, voters)
    coop.act(day(48), requests(people[2], "A lamp", 300), *[backs(who, "grants", option("A lamp"), 30) for who in voters[3:]])
    coop.until(day(58))
    assert money(coop, "other")["left"] == 1_200, money(coop, "other")
    comes(coop, rules(""), 60, voters)
    comes(coop, rules('commitment "wishes" of="commons" { spending-limit "60%"; least-conviction "5%"; self "allowed" }'), 71, voters)
    coop.act(day(80), requests(people[3], "A door", 9_000, "wishes"), *[backs(who, "wishes", option("A door"), 50) for who in voters[2:]],
             {"act": "announce_fork", "member": people[4], "fork": "next", "kernel_text": kernel(ONE_EACH, fork=fork, name="golden, next"), "constitution_text": NEXT}, going(people[5], "next"), requests(people[4], "A wall", 900, "wishes"))
    coop.until(day(111))
    assert leaves(coop, "next", parent / "requests-renewed-fork-next", day(112, "T06:00:00Z")) > 0
    coop.until(day(120))
    coop.keep("requests whose people are joined, whose clause gets other numbers and another pool, goes, and comes back under another name; a fork, which takes none of them")
    new = at_hand(coop, parent / "requests-renewed-fork-next", "requests-renewed-fork-next")
    new.until(day(120))
    new.keep("the co-op that left it")


def directed(made, parent):
    """Members direct cycles: these first, those not this time, a sum from the common purse, and nothing."""
    people = names(9)
    rules = lambda words: charter("C", f'pool "commons" {{ fed-by "50% of donations" }}\noffice "registrar" {{ settles-in "2 days"; may "admit" }}\n{words}')
    sharing = rules('commitment "sharing" every="month" of="commons" { may-add "50 USD" }')
    coop = Coop(made, parent, "pools-directed", kernel(ONE_EACH, votes="linear", settles="1 day"), sharing, people=9, lists=ON_ROLL)
    known = {name: coop.pseudonym(name) for name in people}
    left = lambda: {row["words"]: row["amount"]["amount"] for row in coop.standing("commons")["pool"]["money"]}
    puts = lambda who, text, **more: {"act": "propose_option", "member": who, "decision": "sharing", "text": text, **more}
    wants = lambda text, *voters: [on_text(who, "sharing", 50, option(text)) for who in voters]
    coop.act(day(2), given(coop, people[0], "donation", 10_000, day(2), book={"to": "assets:bank", "from": "income:gifts"}), *[holds(coop, who, 4_000, day(2)) for who in people],
             asks(people[0], ROOF, 3_500), asks(people[1], VAN, 900), asks(people[2], SHED, 3_000))
    coop.act(day(2), *[pledges(who, text, minor) for text, minor, who in ((ROOF, 900, people[3]), (ROOF, 900, people[4]), (VAN, 250, people[4]), (VAN, 250, people[5]), (SHED, 800, people[5]), (SHED, 800, people[6]))],
             *[backs(who, "commons", option(text), 20) for text, who in ((ROOF, people[3]), (ROOF, people[4]), (VAN, people[5]), (SHED, people[6]), (SHED, people[7]))])
    first = f"The shed first\n\nThe roof can wait for a year, and the van for a month.\n\nfund {option(SHED)[:12]} Build a shed\nstrike {option(VAN)}\nadd 30.00 USD\n"
    coop.act(day(3), puts(people[3], first), puts(people[4], "We should talk", refused="R160"), puts(people[4], "fund raising is hard", refused="R160"), puts(people[4], "All of it\nadd 50.01 USD", refused="R162"),
             puts(people[4], "As ever\nfund in order", refused="R161"), puts(people[4], "A plan\nfund nothing", plan={"strike": [option(VAN)]}, refused="R161"), *[nominate(who, "sharing", option(first), 30) for who in people[2:6]])
    coop.until(day(5))
    coop.act(day(5), *wants(first, *people[3:7]), {**wants(first, people[2])[0], "refused": "R155"})
    coop.until(day(32))
    assert projects(coop) == ["Buy a van"] and left()["left in the pool"] == 5_000 + 3_000 - 1_400 - 1_700, (projects(coop), left())
    # Somebody's two records become one: what it placed on what funds its own project first is free.
    second = f"The van, and nothing else\nfund {option(VAN)[:7]}\nfund nothing\n"
    coop.act(day(33), puts(people[8], second), *[nominate(who, "sharing", option(second), 30) for who in people[5:]])
    coop.until(day(35))
    coop.act(day(35), *wants(second, *people[4:]))
    seats(coop, "registrar", people[0], at=day(36), until=day(48), share=30)
    coop.act(day(48, "T06:00:00Z"), {"act": "join_members", "from": known[people[1]], "into": known[people[8]]}, who=people[0])
    coop.act(day(48, "T08:00:00Z"), *[{"act": "answer_join", "member": who, "from": known[people[1]], "into": known[people[8]], "yes": True} for who in (people[1], people[8])])
    coop.until(day(57))
    coop.act(day(57), {**wants(second, people[8])[0], "refused": "R155"}, asks(people[3], TREES, 100), pledges(people[5], TREES, 60), pledges(people[6], TREES, 60), backs(people[7], "commons", option(TREES), 10))
    coop.until(day(61))
    assert projects(coop) == ["Plant trees"], projects(coop)
    # The default is nothing from the next rules on; in order has to win then. Options of the earlier default stand.
    voters = [who for who in people if who != people[1]]
    comes(coop, rules('commitment "sharing" every="month" of="commons" { default "fund nothing"; quorum "30%"; conviction-half-life "2 days" }'), 62, voters, share=30)
    assert projects(coop) == ["Plant trees"], projects(coop)
    coop.act(day(69), puts(people[2], "In order after all\nfund in order\n"), puts(people[2], "A sum\nadd 1.00 USD", refused="R162"), *[nominate(who, "sharing", option("In order after all\nfund in order\n"), 20) for who in voters])
    coop.until(day(72))
    coop.act(day(72), *wants("In order after all\nfund in order\n", *voters[:5]))
    coop.until(day(92))
    assert projects(coop) == [], projects(coop)
    # Another pool, and none: options are out.
    coop.act(day(93), puts(people[5], "fund in order\n"))
    comes(coop, rules('pool "other"\ncommitment "sharing" every="month" of="other"'), 94, voters, share=30)
    coop.until(day(125))
    coop.keep("a pool whose cycles members direct by a commitment: a project first, one struck, common money added, nothing but one, in order against a default of nothing; joined people, and another pool; R155, R160 to R162")


PARTS = {"pools-directed": directed, "pools": fed, "pools-matched": matched, "pools-renewed": comes_and_goes, "pools-people": with_people, "requests": asked, "requests-renewed": asked_anew}
