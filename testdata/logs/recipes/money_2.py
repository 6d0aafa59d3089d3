"""Edition 2: forks and their money, support in the book, spending, and texts that are erased. Each co-op asserts what it is there for."""

import json
import sqlite3

from making import ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, item, kernel, names, on_text, own

import edition_1
from elections_2 import GIVERS, day, gives
from harness import run
from powers_2 import agrees


def back(of, at, source, **more):
    return {"act": "reverse_support", "of": of, "given_on": at, "source": source, **more}


def going(who, fork, goes=True):
    return {"act": "join_fork", "member": who, "fork": fork, "going": goes}


def leaves(coop, fork, new, at, refused=False):
    """Completes a fork; gives the minor units that went along."""
    said = run(coop.binary, "fork", coop.folder, fork, new, "--at", at, "--json", expect=1 if refused else 0)
    return None if refused else json.loads(said)["treasury"]["amount"]


def at_hand(coop, folder, name):
    """A co-op that a fork has made."""
    new = Coop.__new__(Coop)
    new.binary, new.folder, new.made, new.name, new.sources = coop.binary, folder, coop.made, name, 1_000
    return new


NEXT = charter("Next", 'body "circle" seats=3 { settles-in "2 days" }')


def forks(made, parent):
    people = names(9)
    classes = GIVERS + '\n    class "buyers" { weight "purchased(ever) / 1 USD" }\n    class "workers" { weight "hours(ever) / 1 hour" }'
    fork = 'carries="register ledger rules" treasury="by weight of those who go, what they gave at most" counts="purchases" hour="20 USD"'
    coop = Coop(made, parent, "forks", kernel(classes, amend="never", fork=fork, more='    reserves "20%"\n    members { cap "40%" }'),
                charter("Old", 'office "chair" { settles-in "2 days" }\nranking "wishes"'), people=9)
    gives(coop, day(2), m1=30_000, m2=20_000, m3=10_000, m4=1, m5=2_000, m6=1_000)
    wages = "expenses:wages:" + coop.pseudonym("member-003").replace("_", "-")
    coop.act(day(2, "T06:00:00Z"), coop.gift(people[6], "purchase", 9_000, day(2)), coop.gift(people[7], "hours", 7_200, day(2), "second"), coop.gift(people[4], "loan", 1_000, day(2)),
             booking("bank:1", day(2), ("assets:bank", 60_000), ("assets:cash", 13_001), ("income:gifts", -73_001), narration="all gifts so far"),
             booking("wages:1", day(2), (wages, 4_000), ("assets:bank", -4_000), narration="wages"), own("stand", people[1], "chair"), ballot(people[1], "chair", 50, member_002=10))
    coop.until(day(10))
    new_kernel = kernel(classes, "weekly on friday at 12:00", fork=fork, name="golden, next")
    announce = lambda who, name: {"act": "announce_fork", "member": who, "fork": name, "kernel_text": new_kernel, "constitution_text": NEXT}
    coop.act(day(10, "T06:00:00Z"), announce(people[1], "next"), going(people[2], "next"), announce(people[5], "alone"), going(people[5], "alone", False), announce(people[3], "dust"),
             announce(people[6], "too"), going(people[7], "too"))
    gives(coop, day(20), m2=50_000, m9=90_000)  # late gifts and newcomers carry nothing off
    coop.act(day(20, "T06:00:00Z"), going(people[8], "too"), going(people[8], "too", False))
    coop.until(day(35))
    leaves(coop, "next", parent / "forks-fork-next", day(39, "T06:00:00Z"), refused=True)
    coop.until(day(41))
    first = leaves(coop, "next", parent / "forks-fork-next", day(41, "T06:00:00Z"))
    assert 0 < first <= 10_000 + 70_000 - 4_000, first
    assert leaves(coop, "dust", parent / "forks-fork-dust", day(41, "T07:00:00Z")) <= 1
    second = leaves(coop, "too", parent / "forks-fork-too", day(41, "T08:00:00Z"))
    assert 0 < second <= 9_000 + 4_000, second
    # The gifts that were divided are not refunded; the rest is.
    coop.act(day(42), {**back("donation:2", day(42), "back:1"), "refused": "R096"} if first > 50_000 else back("donation:2", day(42), "back:1", amount=1),
             {**back("purchase:7", day(42), "back:2"), "refused": "R096"}, back("donation:1", day(42), "back:3", amount=500))
    coop.until(day(60))
    coop.keep("forks announced, joined, withdrawn, and three completed after 30 days: a reserve, late gifts, no more than was given, purchases and hours, wages; gifts that are divided and not refunded")
    new = at_hand(coop, parent / "forks-fork-next", "forks-fork-next")
    backs = sum(entry["kind"] == "reverse_support" for entry in new.entries())
    assert backs >= 1, "what was divided gives no weight in the new co-op"
    new.act(day(44), *[own("stand", who, "circle") for who in people[1:3]], *[ballot(who, "circle", 50, member_002=10, member_003=9) for who in people[1:3]],
            {"act": "announce_fork", "member": people[2], "fork": "again", "kernel_text": new_kernel, "constitution_text": NEXT},
            new.gift(people[1], "donation", 7_000, day(44), book={"to": "assets:bank", "from": "income:gifts"}))
    new.until(day(90))
    again = leaves(new, "again", parent / "forks-fork-next-fork-again", day(90, "T06:00:00Z"))
    new.until(day(100))
    new.keep(f"the co-op of the first of them, which a second fork leaves with {again} cents")
    for name, holds in (("forks-fork-dust", "the co-op of the second, of one member who gave a cent"), ("forks-fork-too", "the co-op of the third, with purchases and hours"), ("forks-fork-next-fork-again", "the co-op that left `forks-fork-next`")):
        at_hand(coop, parent / name, name).until(day(105))
        made.keep(name, parent / name, holds)


def by_head(made, parent):
    people = names(6)
    fork = 'carries="register" treasury="by head"'
    coop = Coop(made, parent, "by-head", kernel(ONE_EACH, fork=fork), charter("Old", 'office "chair" { settles-in "2 days" }'), lists=ON_ROLL)
    coop.act(day(2), booking("bank:1", day(2), ("assets:bank", 60_001), ("income:gifts", -60_001)))
    coop.until(day(10))
    coop.act(day(10, "T06:00:00Z"), {"act": "announce_fork", "member": people[0], "fork": "half", "kernel_text": kernel(ONE_EACH, name="other", fork=fork), "constitution_text": NEXT},
             going(people[1], "half"), going(people[2], "half"))
    coop.act(day(11), *[{"act": "admit_member", "member": f"m_000000000ab{number:02}"} for number in range(10)])
    coop.act(day(12), *[going(f"m_000000000ab{number:02}", "half") for number in range(5)], {"act": "end_membership", "member": people[5]})
    coop.until(day(41))
    assert leaves(coop, "half", parent / "by-head-fork-half", day(41, "T06:00:00Z")) == 60_001 * 3 // 6
    coop.until(day(50))
    coop.keep("a fork by head with newcomers on both sides, who do not count, and a member who left meanwhile")
    at_hand(coop, parent / "by-head-fork-half", "by-head-fork-half").until(day(50))
    made.keep("by-head-fork-half", parent / "by-head-fork-half", "the co-op that left it, with half of the money and no support")


def book(made, parent):
    """Support on days, in the book, with keyed sources and series."""
    people = names(4)
    coop = Coop(made, parent, "support-book", kernel(edition_1.SUPPORT_CLASSES, "weekly on monday at 01:00", zone="Pacific/Auckland"), charter("C", 'office "chair" { settles-in "7 days" }\nranking "wishes"'),
                people=4, lists={"member-004": "workers"})
    on = lambda who, kind, amount, given_on, source, **more: {"act": "record_support", "member": who, "kind": kind, "amount": {"amount": amount, **({"unit": more.pop("unit")} if "unit" in more else {"currency": "USD"})},
                                                              "given_on": given_on, "source": source, **more}
    both = {"to": "assets:bank", "from": "income:dues"}
    coop.act("2021-03-02T12:00:00Z", on(people[0], "donation", 5_000, "2021-03-01", "invoice 1", book=both), on(people[0], "pledge", 5_000, "2021-03-01", "promise 1", series="yearly", stands_months=12),
             on(people[1], "dues", 2_000, "2021-02-28", "invoice 2", book=both, parts=3), on(people[2], "loan", 9_900, "2021-03-01", "invoice 3", book={"to": "assets:cash", "from": "liabilities:loans"}),
             on(people[2], "share-capital", 9_900, "2021-03-01", "invoice 4", book={"to": "assets:cash", "from": "equity:shares"}), on(people[3], "hours", 5_400, "2021-03-02", "sheet 1", unit="second"),
             on(people[1], "purchase", 2_599, "2021-03-03", "till 1", book={"to": "assets:till", "from": "income:sales"}),
             on(people[1], "dues", 1, "2021-03-01", "invoice 2", refused="R038"), on(people[3], "hours", 60, "2021-03-01", "sheet 2", unit="second", book=both, refused="R083"),
             on(people[0], "pledge", 60, "2021-03-01", "promise 2", book=both, refused="R083"), on(people[0], "donation", 60, "2021-02-30", "invoice 5", refused="R084"),
             {**on(people[0], "donation", 60, "2021-03-01", "invoice 5"), "given_at": "2021-03-01", "refused": "R084"}, on(people[0], "donation", 60, "2021-03-04", "invoice 5", refused="R036"))
    coop.until("2021-04-05")
    coop.act("2021-04-06", on(people[0], "pledge", 6_000, "2021-04-06", "promise 2", series="yearly", stands_months=12), back("invoice 1", "2021-04-05", "back 1", amount=1_200), back("invoice 3", "2021-04-06", "back 2"),
             {**back("invoice 9", "2021-04-05", "back 3"), "refused": "R039"}, {**back("invoice 3", "2021-04-05", "back 4"), "refused": "R040"},
             booking("bank:9", "2021-04-01", ("expenses:fees", 31), ("assets:bank", -31), narration="a fee of the bank"))
    coop.load_text("open-collective-csv", edition_1.CONTRIBUTIONS.replace("2021-03-", "2021-07-").replace("2021-02-", "2021-06-").replace("2021-01-", "2021-05-"), replay=True)
    coop.load_text("support-csv", "member,kind,amount,unit,given_at,source\nmember-002,dues,12.50,USD,2021-07-10,1\n", replay=True)
    coop.until("2021-08-20")
    log = run(coop.binary, "export", coop.folder, "--format", "log", "--all")
    sources = [entry["body"][field] for entry in coop.entries() for field in ("source", "of", "series") if entry["body"].get(field)]
    assert all(source.startswith("keyed:") for source in sources) and "invoice" not in log, sources
    journal = json.loads(run(coop.binary, "export", coop.folder, "--format", "json"))
    sums = {}
    for entry in journal:
        for posting in entry["postings"]:
            sums[posting["account"]] = sums.get(posting["account"], 0) + posting["amount"]
    assert sums["assets:cash"] == 9_900 and sums["liabilities:loans"] == 0 and sums["assets:till"] == 2_599, sums
    coop.keep("support given on a day, in a zone ahead of UTC, and booked with its record; refunds that leave the book; keyed sources and series; two imports; narrations")


def spending(made, parent):
    people = names(5)
    rules = charter("Powers", """
body "board" seats=2 { settles-in "1 day"; may "spend" up-to="100 USD per month" }
office "porter" { settles-in "1 day"; may "close-issue"; may "spend" up-to="5 USD per day" }
ranking "issues" of="forge"
constitution "kitchen" { settles-in "1 day"; may "close-issue"; limits { spend "40 USD per month" } }""")
    coop = Coop(made, parent, "spending", kernel(ONE_EACH, zone="Pacific/Auckland", constitution='limits { spend "1000 USD per quarter" }'), rules, people=5, lists=ON_ROLL)
    coop.act(day(2), booking("bank:1", day(1), ("assets:bank", 200_000), ("income:gifts", -200_000)), own("stand", people[1], "board"), own("stand", people[2], "board"),
             own("stand", people[3], "porter"), item("open", "issues", "1"), *[ballot(who, "board", 20, member_002=10, member_003=9) for who in people], *[ballot(who, "porter", 10, member_004=10) for who in people])
    coop.until(day(14))
    edition_1.put_in_force(coop, "kitchen", charter("Kitchen", 'office "cook" { settles-in "1 day"; may "close-issue"; may "spend" up-to="40 USD per month" }\nranking "menu"'),
                           day(14, "T06:00:00Z"), day(22), people, 15)
    coop.act(day(22, "T06:00:00Z"), own("stand", people[4], "kitchen/cook"), *[ballot(who, "kitchen/cook", 10, member_005=10) for who in people])
    coop.until(day(28))
    assert coop.holders("kitchen/cook") and coop.holders("porter") and len(coop.holders("board")) == 2, coop.held()
    spends = lambda name, minor, **more: {**booking(name, day(28), ("expenses:rent", minor), ("assets:bank", -minor), narration=f"rent, {name}"), **more}
    coop.act(day(29, "T01:00:00Z"), coop.propose(people[1], "board", spends("s:1", 7_000)), agrees(people[2], 1), coop.propose(people[2], "board", spends("s:2", 3_000)), agrees(people[1], 2),
             coop.propose(people[1], "board", spends("s:3", 1), refused="R051"))
    coop.act(day(29, "T03:00:00Z"), spends("s:4", 500), spends("s:5", 1, refused="R051"), item("close", "issues", "1"), item("open", "kitchen/menu", "soup"), who=people[3])
    coop.act(day(29, "T04:00:00Z"), booking("s:6", day(29), ("expenses:food", 3_999), ("assets:bank", -2_000), ("liabilities:card", -1_999)), spends("s:7", 2, refused="R051"), who=people[4])
    coop.act("2021-01-31T10:59:59Z", coop.propose(people[1], "board", spends("s:8", 1), refused="R051"))
    coop.act("2021-01-31T11:00:00Z", coop.propose(people[1], "board", spends("s:8", 10_000)), agrees(people[2], 3))
    coop.until(day(45))
    said = {entry["authority"] for entry in coop.entries()}
    assert {"desk office porter", "desk office kitchen/cook"} <= said, said
    coop.keep("money spent by a body together and by offices, in a zone ahead of UTC, with limits of constitutions above; acts by power at the desk; narrations")


def erased(made, parent):
    """A text that is erased beside the log: the entries that name it go on verifying."""
    people = names(3)
    coop = Coop(made, parent, "erased-text", kernel(ONE_EACH), charter("C", 'document "motto" { settles-in "1 day" }\nranking "wishes"'), people=3, lists=ON_ROLL)
    texts = ["Kept.\n", "Erased.\n"]
    coop.act(day(2), *[own("propose_document", who, "motto", text=text) for who, text in zip(people, texts)], item("open", "wishes", "1"))
    coop.act(day(2), *[on_text(who, "motto", 40, coop.document(texts[1])) for who in people], ballot(people[0], "wishes", 10, item="1"))
    coop.until(day(12))
    assert coop.held()["motto"] == [coop.document(texts[1])]
    store = sqlite3.connect(coop.folder / "rochdale.db")
    gone = store.execute("DELETE FROM records WHERE space = 'document' AND CAST(name AS TEXT) = ?", (coop.document(texts[1]),)).rowcount
    store.commit()
    store.close()
    assert gone == 1, gone
    coop.until(day(20))
    log = run(coop.binary, "export", coop.folder, "--format", "log")
    assert "Kept." in log and "Erased." not in log
    coop.keep("a text in force that is erased beside the log")


PARTS = {"forks": forks, "by-head": by_head, "book": book, "spending": spending, "erased": erased}
