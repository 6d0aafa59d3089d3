"""Edition 4: commitments, supplies, lists in the order of conviction, releases. Each co-op asserts what it is there for."""

import hashlib

from making import ON_ROLL, ONE_EACH, Coop, ballot, charter, kernel, names, nominate, on_text

from doors_3 import given
from elections_2 import GIVERS, day, gives
from harness import run

HOUR = 3_600


def option(text):
    return hashlib.sha256(text.encode()).hexdigest()


def proposes(who, decision, text, **more):
    return {"act": "propose_option", "member": who, "decision": decision, "text": text, **more}


def withdraws(who, decision, text, **more):
    return {"act": "withdraw_option", "member": who, "decision": decision, "option": option(text), **more}


def on_option(who, decision, text, share, **more):
    return {**on_text(who, decision, share, option(text)), **more}


def taken(coop, decision):
    """What a commitment has taken, in order: the line and whether by default."""
    return [(one["name"], one["by_default"]) for one in coop.standing(decision)["commitment"]["taken"]]


def brings(who, decision, name, amount=None, unit="second", **more):
    what = {"amount": {"amount": amount, "currency": "USD"} if unit == "USD" else {"amount": amount, "unit": unit}} if amount else {}
    return {"act": "bring_item", "member": who, "decision": decision, "item": name, "title": f"Wish {name}", **what, **more}


def backs(who, decision, item, share, against=False):
    return ballot(who, decision, share, against, item=item)


def listed_in(coop, decision):
    """The open items of a ranking, by name."""
    return sorted(one["item"] for one in coop.standing(decision).get("items", []))


BUDGET = 'commitment "budget" every="month" { default "as last month"; conviction-half-life "5 days"; nominated-by "5%" }'


def budgets(made, parent):
    people = names(6)
    coop = Coop(made, parent, "budgets", kernel(ONE_EACH, votes="linear"), charter("C", BUDGET), people=6, lists=ON_ROLL)
    roof, party = "mend the roof\n\nIt rains in.", "have a party"
    coop.act(day(2), proposes(people[0], "budget", roof), proposes(people[1], "budget", party), proposes(people[2], "budget", "as last month", refused="R028"),
             proposes(people[2], "budget", "\nno line", refused="R126"), proposes(people[2], "budget", "x" * 101, refused="R126"),
             *[nominate(who, "budget", option(text), 50) for who in people[:3] for text in (roof, party)])
    coop.act(day(3), proposes(people[3], "budget", "dig a well"), withdraws(people[3], "budget", "dig a well"))
    coop.until(day(4))
    coop.act(day(4, "T06:00:00Z"), *[on_option(who, "budget", roof, 100) for who in people[:3]], on_option(people[4], "budget", party, 100))
    # In the last tenth of the month nothing is put up; votes of the last minute count for nothing any more.
    coop.act(day(30), proposes(people[3], "budget", "too late", refused="R124"))
    coop.act(day(31, "T23:59:59Z"), *[on_option(who, "budget", party, 100) for who in people])
    coop.until(day(33))
    assert taken(coop, "budget") == [("mend the roof", False)], taken(coop, "budget")
    # February: below the quorum, so the default. March: a tie of two, so the default, too.
    coop.act(day(33, "T06:00:00Z"), proposes(people[0], "budget", roof), nominate(people[0], "budget", option(roof), 100))
    coop.act(day(36), on_option(people[0], "budget", roof, 30))
    coop.until(day(61))
    coop.act(day(61, "T06:00:00Z"), proposes(people[0], "budget", roof), proposes(people[1], "budget", party),
             *[nominate(people[0], "budget", option(text), 50) for text in (roof, party)])
    coop.act(day(65), withdraws(people[1], "budget", roof, refused="R031"), on_option(people[2], "budget", roof, 50), on_option(people[3], "budget", party, 50), withdraws(people[0], "budget", roof, refused="R085"))
    coop.until(day(92))
    assert taken(coop, "budget")[1:] == [("as last month", True)] * 2, taken(coop, "budget")
    # Nobody runs anything for two months: each deadline is its own.
    coop.until(day(155))
    assert len(taken(coop, "budget")) == 5
    coop.keep("monthly commitments: a majority throughout, votes after the last count, a quorum missed, a tie, months that nobody counted in time, an option that is taken back; R028, R031, R085, R124, R126")


def renewed(made, parent):
    """Another clause over a running cycle."""
    people = names(4)
    rules = lambda words: charter("C", f'commitment "budget" {words}\noffice "chair" {{ settles-in "2 days" }}')
    first = rules('every="quarter" { default "as before"; conviction-half-life "20 days" }')
    coop = Coop(made, parent, "renewed-commitments", kernel(ONE_EACH, votes="linear", settles="1 day"), first, people=4, lists=ON_ROLL)
    shed = "build a shed"
    coop.act(day(2), proposes(people[0], "budget", shed), *[nominate(who, "budget", option(shed), 100) for who in people])
    coop.act(day(5), *[on_option(who, "budget", shed, 60) for who in people])
    for proposer, (at, words) in enumerate(((10, 'every="month" { default "as before"; conviction-half-life "4 days" }'),
                      (40, 'deadline="2021-03-20" { default "as before"; conviction-half-life "4 days"; quorum "60%" }'),
                      (50, 'deadline="2021-03-10" { default "build a shed"; conviction-half-life "4 days" }'),
                      (75, 'deadline="2021-04-20" { default "build a shed"; conviction-half-life "4 days"; freeze "0%" }'),
                      (90, 'every="week" { default "nothing at all"; conviction-half-life "1 days" }'))):
        text = rules(words) + f"\nFrom day {at}.\n"
        coop.act(day(at), {"act": "propose_document", "member": people[proposer % 4], "decision": "constitution", "text": text}, *[nominate(who, "constitution", option(text), 20) for who in people])
        coop.act(day(at + 2), *[on_text(who, "constitution", 40, option(text)) for who in people])
        coop.until(day(at + 7))
        assert option(text) in coop.holders("constitution"), (at, coop.holders("constitution"))
        if at == 40:
            coop.act(day(at + 8), proposes(people[0], "budget", shed), *[nominate(who, "budget", option(shed), 60) for who in people[:2]])
            coop.act(day(at + 9), *[on_option(who, "budget", shed, 60) for who in people])
    coop.until(day(120))
    assert [name for name, _ in taken(coop, "budget")][:2] == ["build a shed", "build a shed"], taken(coop, "budget")
    coop.keep("a commitment whose clause changes from quarters to months, to days that come nearer, to a day after it was taken, and to weeks; other defaults, freezes, quorums and half-lives")


def supplies(made, parent):
    people = names(6)
    rules = charter("C", 'office "desk" { settles-in "2 days"; may "close-issue" }\n'
                         'ranking "help" { brought-by "members" at-most=3; supply "8 hours per month"; close-after "40 days" floor="0.1 votes" }\n'
                         'ranking "grants" { brought-by "members"; supply "100 USD per quarter"; skip "yes" }\n'
                         'ranking "places" { brought-by "members"; supply "2 places per week"; order "conviction"; conviction-half-life "10 days" }')
    coop = Coop(made, parent, "supplies", kernel(GIVERS), rules, people=6)
    gives(coop, day(2), m1=100_000, m2=64_000, m3=36_000, m4=16_000, m5=4_000)
    coop.act(day(3), brings(people[0], "help", "a", 5 * HOUR), brings(people[1], "help", "b", 4 * HOUR), brings(people[2], "help", "c", 3 * HOUR), brings(people[3], "help", "d", 9 * HOUR, refused="R133"),
             brings(people[3], "help", "e", refused="R132"), brings(people[3], "help", "f", 500, "USD", refused="R034"), brings(people[0], "grants", "a", 6_000, "USD"), brings(people[1], "grants", "b", 5_000, "USD"),
             brings(people[2], "grants", "c", 4_000, "USD"), *[brings(who, "places", name) for who, name in zip(people, "uvwxy")], brings(people[5], "help", "z", 1 * HOUR))
    coop.act(day(4), *[backs(who, "help", name, 20) for who, name in zip(people[:3], "abc")], *[backs(who, "grants", name, 20) for who, name in zip(people[:3], "abc")],
             *[backs(who, "places", name, 10) for who, name in zip(people[:5], "vuxwy")], backs(people[1], "places", "v", 40, against=True))
    coop.until(day(31))
    coop.act(day(31, "T12:00:00Z"), backs(people[2], "help", "b", 60))
    coop.until(day(36))
    # By votes b, a, then c: four hours of eight, and five more are too many for what is left, which ends it.
    assert listed_in(coop, "help") == ["a", "c", "z"] and listed_in(coop, "grants") == ["a", "b", "c"], (coop.standing("help"), coop.standing("grants"))
    coop.act(day(40), {"act": "take_back_item", "member": people[2], "decision": "help", "item": "c"}, brings(people[2], "help", "g", 8 * HOUR))
    coop.until(day(100))
    assert listed_in(coop, "places") == ["v"] and listed_in(coop, "grants") == ["b"], (coop.standing("places"), coop.standing("grants"))
    coop.keep("hours in strict order, money that skips, places by conviction, requests against which members vote, taken back, closed for want of votes; R034, R132, R133")


def orders(made, parent):
    """A list by votes whose clause goes over to conviction and back."""
    people = names(4)
    rules = lambda words: charter("C", f'ranking "wishes" {{ brought-by "members"; {words} }}')
    coop = Coop(made, parent, "orders", kernel(GIVERS, settles="1 day", votes="linear"), rules('close-after "30 days" floor="0.5 votes"'), people=4)
    gives(coop, day(2), m1=900, m2=1_600, m3=400, m4=100)
    coop.act(day(3), *[brings(who, "wishes", name) for who, name in zip(people, "abcd")], *[backs(who, "wishes", name, 20) for who, name in zip(people, "abcd")])
    for at, words in ((10, 'order "conviction"; conviction-half-life "7 days"'), (30, 'order "conviction"; conviction-half-life "1 days"; close-after "5 days"'), (45, 'order "votes"')):
        text = rules(words)
        coop.act(day(at), {"act": "propose_document", "member": people[1], "decision": "constitution", "text": text}, *[nominate(who, "constitution", option(text), 20) for who in people])
        coop.act(day(at + 1), *[on_text(who, "constitution", 40, option(text)) for who in people], backs(people[0], "wishes", "d", 10))
        coop.until(day(at + 6))
        assert option(text) in coop.holders("constitution"), at
        assert ("conviction" in coop.standing("wishes")["items"][0]) == ("conviction" in words), coop.standing("wishes")
        coop.act(day(at + 7), backs(people[0], "wishes", "d", 0))
    coop.until(day(70))
    coop.keep("a list by votes that goes over to conviction, to another half-life, and back to votes")


def releases(made, parent):
    """Files come in at the present, so that this log is of the weeks around the day on which it was made."""
    people, at = names(4), made.days
    rules = charter("C", 'office "publisher" { settles-in "2 days"; may "release" }\nrelease "monthly" { patrons-until "40 USD per month" }\n'
                         f'release "total" {{ patrons-until "100 USD" }}\nrelease "dated" {{ patrons-until "{at(20)}" }}')
    coop = Coop(made, parent, "releases", kernel(GIVERS), rules, founded=at(-12), people=4)
    gift = lambda who, cents, when, **more: given(coop, who, "donation", cents, when, **more)
    file = {"name": "tool.zip", "bytes": 6, "sha256": hashlib.sha256(b"a tool").hexdigest(), "media": "application/zip"}
    coop.act(at(-11), gift(people[0], 1_000, at(-11)), gift(people[1], 2_000, at(-11)), {"act": "publish_release", "release": "total", "version": "0.9", "files": [file], "refused": "R150"})
    (coop.folder.parent / "tool.zip").write_bytes(b"a tool")
    for clause, version in (("monthly", "1.0"), ("total", "1.0"), ("dated", "1.0"), ("total", "1.1")):
        run(coop.binary, "release", coop.folder, clause, version, coop.folder.parent / "tool.zip")
    run(coop.binary, "release", coop.folder, "total", "1.1", "--withdraw")
    coop.act(at(1), gift(people[2], 7_000, at(1), source="great"), {"act": "withdraw_release", "release": "total", "version": "1.1", "refused": "R152"})
    coop.until(at(3))
    # Opened at a hundred: a refund closes nothing. The month reaches its sum later.
    coop.act(at(4), {"act": "reverse_support", "of": "great", "given_on": at(4), "source": "back:1"}, gift(people[3], 4_000, at(4)))
    coop.act(at(34), gift(people[3], 4_000, at(34)))
    coop.until(at(75))
    told = " ".join(words for _, words in coop.told())
    assert all(clause in told for clause in ("Total", "Dated", "Monthly")) or told.count("1.0") >= 3, told
    coop.keep("three release clauses by month, total and day; a refund after the opening, a version taken away; R150, R152")


PARTS = {"budgets": budgets, "renewed-commitments": renewed, "supplies": supplies, "orders": orders, "releases": releases}
