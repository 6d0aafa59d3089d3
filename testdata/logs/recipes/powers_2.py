"""Edition 2: powers with care, founders, kernels by two keys, and limits on acts. Each co-op asserts what it is there for."""

import json
import urllib.error
import urllib.request

from making import ON_ROLL, ONE_EACH, Coop, ballot, booking, charter, item, kernel, listed, names, own, serving

import edition_1
from elections_2 import MICRO, day, gives

NEW = [f"m_00000000000{number:02}" for number in range(50)]  # newcomers' pseudonyms


def admits(who, **more):
    return {"act": "admit_member", "member": who, **more}


def agrees(who, number, agree=True, **more):
    return {"act": "agree_to_act", "member": who, "number": number, "agree": agree, **more}


def back(number, **more):
    return {"act": "take_back_act", "number": number, **more}


def assents(who, document, assent=True, **more):
    return {"act": "assent", "member": who, "document": document, "assent": assent, **more}


def joined(coop):
    return {one["member"] for one in coop.members()}


def council(made, parent):
    people = names(12)
    rules = charter("C", 'body "council" seats=3 { settles-in "4 days"; may "admit" "keep-list" "close-issue"; may "spend" up-to="100 USD per month" }\n'
                         'body "crew" seats=5 { settles-in "4 days"; may "close-issue"; acts-by "2 of 5" }\nranking "issues"')
    coop = Coop(made, parent, "council", kernel(ONE_EACH), rules, people=12, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, "council") for who in people[:4]], *[own("stand", who, "crew") for who in people[4:8]],
             booking("bank:1", day(1), ("assets:bank", 50_000), ("income:gifts", -50_000), narration="opening balance"),
             *[ballot(who, "council", 50, member_001=10, member_002=9, member_003=8, member_004=1) for who in people],
             *[ballot(who, "crew", 40, member_005=10, member_006=9, member_007=8, member_008=7) for who in people])
    coop.until(day(20))
    assert set(coop.holders("council")) == set(people[:3]) and len(coop.holders("crew")) == 4, coop.held()
    one, two, three, four = people[:4]
    coop.act(day(20, "T06:00:00Z"), admits(NEW[1], refused="R089"), {**listed("remove_from", people[11]), "refused": "R089"}, who=one)
    coop.act(day(20, "T07:00:00Z"), coop.propose(one, "council", admits(NEW[1])), coop.propose(two, "council", admits(NEW[1]), refused="R093"),
             coop.propose(four, "council", admits(NEW[2]), refused="R094"), coop.propose(one, "crew", admits(NEW[2]), refused="R001"), agrees(one, 1, refused="R091"),
             agrees(two, 1, False, refused="R092"), agrees(two, 99, refused="R090"), agrees(four, 1, refused="R094"), agrees(two, 1), agrees(three, 1, refused="R090"))
    coop.act(day(20, "T08:00:00Z"), coop.propose(three, "council", listed("remove_from", people[11])), agrees(three, 3, False), agrees(two, 3, refused="R090"),
             coop.propose(two, "council", admits(NEW[3])), agrees(three, 4), coop.propose(one, None, listed("add_to", people[11]), refused="R001"))
    assert NEW[1] not in joined(coop)
    # Taken back together; items and money at once; an act to which nobody agrees.
    bill = booking("shop:1", day(20), ("expenses:rent", 7_000), ("assets:bank", -7_000), narration="rent of the hall")
    coop.act(day(21, "T08:00:00Z"), back(5, refused="R089"), who=one)
    coop.act(day(21, "T09:00:00Z"), coop.propose(one, "council", back(5)), agrees(three, 6), coop.propose(two, "council", item("open", "issues", "1")), agrees(one, 7),
             coop.propose(three, "council", bill), agrees(one, 8), coop.propose(three, "council", admits(NEW[4])),
             coop.propose(two, "council", {**bill, "source": "shop:2"}, refused="R051"), coop.propose(people[4], "crew", item("open", "issues", "2")), agrees(people[5], 10),
             coop.propose(people[6], "crew", item("close", "issues", "1")), agrees(people[6], 11, False))
    coop.until(day(30))
    assert NEW[1] in joined(coop) and not {NEW[3], NEW[4]} & joined(coop), joined(coop)
    assert "issues" in coop.held() and {one["item"] for one in coop.standing("issues")["items"]} == {"1", "2"}
    # Of those who agreed one resigns: it lapses. Another change takes effect.
    coop.act(day(30, "T06:00:00Z"), coop.propose(one, "council", listed("add_to", NEW[1])), agrees(two, 12), own("resign_seat", two, "council"),
             coop.propose(one, "council", listed("remove_from", people[11])), agrees(three, 14))
    coop.until(day(45))
    weights = {row["member"]: row["weight"] for row in coop.members()}
    assert weights[NEW[1]] == 0 and coop.weights()["member-012"] == 0, coop.weights()
    coop.act(day(52), agrees(one, 9, refused="R090"))
    coop.until(day(60))
    assert NEW[4] not in joined(coop)
    coop.keep("a body that acts together: acts proposed, agreed to, taken back, lapsed; admissions and lists that are announced; money and items at once; `acts-by`")


def challenged(made, parent):
    people = names(10)
    rules = charter("C", 'office "secretary" { settles-in "4 days"; may "admit" }\nconstitution "team" { settles-in "2 days"; may "admit" }')
    coop = Coop(made, parent, "challenged", kernel(ONE_EACH), rules, people=10, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, "secretary") for who in people[:3]], *[ballot(who, "secretary", 60, member_001=10, member_002=1, member_003=1) for who in people])
    coop.until(day(10))
    edition_1.put_in_force(coop, "team", charter("T", 'office "porter" { settles-in "3 days"; may "admit" }'), day(10, "T12:00:00Z"), day(18), people, 15)
    coop.act(day(18, "T12:00:00Z"), own("stand", people[4], "team/porter"), *[ballot(who, "team/porter", 15, member_005=10) for who in people])
    coop.until(day(32))
    assert coop.holders("team/porter") == ["member-005"] and coop.holders("secretary") == ["member-001"]
    # Announced by the porter, and taken back by the office above; announced again, and it takes effect.
    coop.act(day(32, "T06:00:00Z"), admits(NEW[1]), admits(NEW[1], refused="R093"), who=people[4])
    coop.act(day(33, "T06:00:00Z"), back(1), back(1, refused="R090"), who=people[0])
    coop.act(day(33, "T07:00:00Z"), admits(NEW[2]), who=people[4])
    coop.until(day(41))
    assert NEW[2] in joined(coop) and NEW[1] not in joined(coop)
    # A challenger is ahead by four of ten: the admission is held up, and lapses with the seat.
    coop.act(day(41, "T06:00:00Z"), admits(NEW[3]), who=people[0])
    coop.act(day(41, "T07:00:00Z"), *[ballot(who, "secretary", 60, member_002=10) for who in people[3:]])
    coop.until(day(51))
    assert coop.holders("secretary") == ["member-001"] and NEW[3] not in joined(coop)
    coop.until(day(62))
    assert coop.holders("secretary") == ["member-002"] and NEW[3] not in joined(coop)
    # The next secretary resigns with another under way; one takes effect under the third.
    coop.act(day(62, "T06:00:00Z"), admits(NEW[4]), who=people[1])
    coop.until(day(75))
    assert NEW[4] in joined(coop)
    coop.act(day(75, "T06:00:00Z"), admits(NEW[5]), who=people[1])
    coop.act(day(76), own("resign_seat", people[1], "secretary"))
    coop.until(day(95))
    assert NEW[5] not in joined(coop)
    coop.keep("admissions announced by an office: held up by a challenger, lapsed with the seat, taken back by the office above")


def at_the_latest(made, parent):
    """A challenger with a full bucket waits for the month to end: an admission waits for eight settling times, and then takes effect."""
    people = names(4)
    coop = Coop(made, parent, "at-the-latest", kernel(ONE_EACH), charter("C", 'office "registrar" { settles-in "2 days"; changes "monthly on 1 at 07:00"; may "admit" }'), people=4, lists=ON_ROLL)
    coop.act(day(2), *[own("stand", who, "registrar") for who in people[:2]], *[ballot(who, "registrar", 50, member_001=10, member_002=1) for who in people])
    coop.until(day(33))
    assert coop.holders("registrar") == ["member-001"]
    coop.act(day(33, "T06:00:00Z"), *[ballot(who, "registrar", 50, member_002=10) for who in people])
    coop.until(day(38))
    coop.act(day(38, "T06:00:00Z"), admits(NEW[1], organisation=True), who=people[0])
    coop.until(day(54))
    assert NEW[1] not in joined(coop)
    coop.until(day(55))
    assert NEW[1] in joined(coop) and coop.holders("registrar") == ["member-001"]
    coop.until(day(65))
    assert coop.holders("registrar") == ["member-002"]
    coop.keep("an admission that a challenger holds up for eight settling times, and no longer")


def half_vacant(made, parent):
    people = names(9)
    classes = ONE_EACH + '\n    class "elders" list="elders" { weight "2"; kept-by "members" }'
    rules = charter("C", 'body "council" seats=3 { settles-in "3 days"; may "admit" "keep-list" }\noffice "chair" { settles-in "3 days" }')
    coop = Coop(made, parent, "half-vacant", kernel(classes), rules, people=9, lists={who: "roll" for who in people[:5]})
    coop.act(day(2), own("stand", people[0], "council"), *[ballot(who, "council", 60, member_001=10) for who in people[:5]])
    coop.until(day(12))
    assert coop.holders("council") == ["member-001"]
    # One seat of three is filled: those on the list act, more than half of their heads.
    coop.act(day(12, "T06:00:00Z"), {**listed("add_to", people[5]), "refused": "R089"}, {**listed("add_to", people[5], "elders"), "refused": "R001"}, who=people[0])
    coop.act(day(12, "T07:00:00Z"), coop.propose(people[1], None, listed("add_to", people[5])), agrees(people[2], 1), agrees(people[6], 1, refused="R094"), agrees(people[3], 1))
    # Nobody is on the other list: all members act for it, more than half of theirs.
    coop.act(day(12, "T08:00:00Z"), coop.propose(people[8], None, listed("add_to", people[7], "elders")), *[agrees(who, 3) for who in people[:4]],
             coop.propose(people[8], None, listed("add_to", people[6], "elders")), *[agrees(who, 5) for who in people[:3]])
    coop.until(day(22))
    weights = coop.weights()
    assert weights["member-006"] == MICRO and weights["member-008"] == 2 * MICRO and weights["member-007"] == 0, weights
    # Now the one elder keeps the list alone; taken back together by those on the roll.
    coop.act(day(22, "T06:00:00Z"), coop.propose(people[7], None, listed("add_to", people[4], "elders")),
             coop.propose(people[1], None, listed("remove_from", people[2])), *[agrees(who, 8) for who in (people[3], people[4], people[5])])
    coop.act(day(23, "T06:00:00Z"), coop.propose(people[0], None, back(9)), *[agrees(who, 10) for who in people[1:4]])
    coop.until(day(35))
    weights = coop.weights()
    assert weights["member-005"] == 3 * MICRO and weights["member-003"] == MICRO, weights
    # The council fills, and acts by itself again.
    coop.act(day(35, "T06:00:00Z"), *[own("stand", who, "council") for who in people[1:3]], *[ballot(who, "council", 60, member_001=10, member_002=10, member_003=9) for who in people[:6]])
    coop.until(day(50))
    assert len(coop.holders("council")) == 3
    coop.act(day(50, "T06:00:00Z"), coop.propose(people[5], None, listed("add_to", people[8]), refused="R001"), coop.propose(people[0], "council", listed("add_to", people[8])), agrees(people[1], 11))
    coop.until(day(65))
    assert coop.weights()["member-009"] == MICRO
    coop.keep("lists kept by those on them: of a body with one seat of three filled, `kept-by \"members\"`, and by all members while nobody is on a list")


def founders(made, parent):
    rules = charter("C", 'office "chair" { settles-in "3 days"; may "admit" }\nbody "board" seats=3 { settles-in "3 days"; may "keep-list"; may "spend" up-to="50 USD per month" }\n'
                         'office "porter" { settles-in "3 days"; may "close-issue" }\nranking "wishes"')
    coop = Coop(made, parent, "founders", kernel(ONE_EACH, more='    founding { powers until "admit is held" }'), rules, people=0)
    one, two = NEW[1], NEW[2]
    coop.act(day(1), admits(one, founder=True), admits(two, founder=True), booking("bank:1", day(1), ("assets:bank", 10_000), ("income:gifts", -10_000)))
    coop.act(day(1, "T06:00:00Z"), *[admits(who) for who in NEW[3:6]], *[listed("add_to", who) for who in (one, two)], who=one)
    coop.act(day(1, "T07:00:00Z"), *[listed("add_to", who) for who in NEW[3:6]], item("open", "wishes", "1"),
             booking("shop:1", day(1), ("expenses:hall", 3_000), ("assets:bank", -3_000), narration="the hall"), admits(NEW[9], founder=True, refused="R001"), who=two)
    coop.act(day(1, "T08:00:00Z"), {**booking("shop:2", day(1), ("expenses:hall", 2_001), ("assets:bank", -2_001)), "refused": "R051"}, item("close", "wishes", "1"), who=one)
    coop.act(day(1, "T09:00:00Z"), {**admits(NEW[7]), "refused": "R001"}, who=NEW[3])
    coop.act(day(2), own("stand", two, "chair"), own("stand", NEW[3], "board"),
             *[{"act": "cast_ballot", "member": who, "decision": decision, "share_ppm": 400_000, "scores": {other: MICRO}, "against": False}
               for who in NEW[1:6] for decision, other in (("chair", two), ("board", NEW[3]))])
    coop.until(day(12))
    assert coop.held()["chair"] == [two] and coop.held()["board"] == [NEW[3]], coop.held()
    coop.act(day(12, "T06:00:00Z"), admits(NEW[6], founder=True, refused="R076"))
    coop.act(day(12, "T07:00:00Z"), {**listed("remove_from", NEW[5]), "refused": "R001"}, who=one)
    coop.act(day(12, "T08:00:00Z"), admits(NEW[7]), who=two)
    coop.until(day(25))
    assert NEW[7] in joined(coop)
    said = {entry["authority"] for entry in coop.entries()}
    assert {"desk founder chair", "desk founder board", "desk founder porter", "desk office chair"} <= said, said
    coop.keep("founders who use the powers of vacant offices and bodies, each alone and within one limit, until somebody who admits is seated (R076)")


def two_keys(made, parent):
    people = names(8)
    classes = '    class "givers" { weight "donated(ever) / 1 USD" }'
    text = lambda number, amend="2/3 of weight and 1/2 of members for 3 days": kernel(classes, amend=amend, name=f"golden {number}")
    coop = Coop(made, parent, "two-keys", text(0), charter("C", 'office "chair" { settles-in "2 days" }'), people=8)
    gives(coop, day(2), m1=90_000, **{f"m{n}": 1_000 for n in range(2, 8)})
    coop.until(day(10))
    gives(coop, day(10, "T06:00:00Z"), m8=50_000)
    document = [coop.document(text(number)) for number in range(9)]
    coop.act(day(11), own("propose_document", people[0], "kernel", text=text(1)), assents(people[0], document[1]), assents(people[7], document[1]))
    coop.until(day(20))
    assert "golden 1" not in coop.rules(), "weight alone is not enough, and newcomers do not count by heads"
    coop.act(day(20, "T06:00:00Z"), *[assents(who, document[1]) for who in people[1:4]])
    coop.until(day(30))
    assert "golden 1" in coop.rules()
    # Four assents of one member: the earliest ends. A kernel with less than a hundredth behind it leaves after thirty days.
    coop.act(day(30, "T06:00:00Z"), *[own("propose_document", people[number - 2], "kernel", text=text(number)) for number in range(2, 6)],
             *[assents(people[6], document[number]) for number in range(2, 6)], assents(people[6], document[2], False, refused="R023"), assents(people[0], document[2]),
             assents(people[7], document[3]),
             {**own("withdraw_candidacy", people[1], "kernel", document=document[3]), "refused": "R065"}, own("withdraw_candidacy", people[2], "kernel", document=document[4]))
    coop.until(day(62))
    coop.told("dropped out of the nominations: kernel")
    # By active members alone, from the second of these on; half of the weight is more than half.
    active = text(6, "1/2 of weight and 1/2 of active members and 1/10 of each class for 2 days")
    coop.act(day(63), own("propose_document", people[0], "kernel", text=active), *[assents(who, coop.document(active)) for who in (*people[:5], people[7])])
    coop.until(day(75))
    assert "golden 6" in coop.rules()
    last = text(7, "2/3 of weight and 1/2 of active members for 2 days")
    coop.act(day(76), own("propose_document", people[0], "kernel", text=last), *[assents(who, coop.document(last)) for who in (people[0], people[7])],
             assents(people[0], document[2], False))
    coop.until(day(80))
    assert "golden 7" not in coop.rules()  # nobody is active, so nobody is counted
    coop.act(day(80, "T06:00:00Z"), own("stand", people[0], "chair"), ballot(people[0], "chair", 10, member_001=10))
    coop.until(day(90))
    assert "golden 7" in coop.rules()
    coop.keep("kernels by two keys, weight and heads, of active members too; newcomers who are not counted; assents that end; kernels that leave")


def budgets(made, parent):
    """Acts that members hand in themselves, to a server, until there is no room: refused ones are not in the log."""
    more = "    members { acts-per hour=20 day=24 }"
    coop = Coop(made, parent, "budgets", kernel(ONE_EACH, more=more), charter("C", 'office "porter" { settles-in "2 days"; may "close-issue" }\nranking "wishes"'),
                founded=made.days(-12), people=3, lists=ON_ROLL)
    people = names(3)
    one, two = coop.pseudonym("member-001"), coop.pseudonym("member-002")
    coop.act(made.days(-12), item("open", "wishes", "1"), own("stand", "member-001", "porter"), *[ballot(who, "porter", 50, member_001=10) for who in people])
    coop.until(made.days(-1))
    assert coop.holders("porter") == ["member-001"]
    answers = []
    with serving(made.binary, "serve", coop.folder, "--walk-in") as address:
        for number in range(22):
            answers.append(handed_in(address, {**ballot(one, "wishes", 1, item="1"), "share_ppm": 10_000 + number}))
        picked = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        picked.addheaders = [("Origin", address)]
        picked.open(f"{address}/walk-in", f"member={one}".encode())
        answers += [handed_in(address, item(kind, "wishes", "2"), picked) for kind in ("open", "close", "open")]  # those of an office are counted apart
        answers.append(handed_in(address, ballot(two, "wishes", 1, item="1")))
    assert answers == [200] * 20 + [77] * 2 + [200] * 4, answers
    coop.until(made.days(2))
    said = [entry["authority"] for entry in coop.entries()]
    assert said.count("member") == 21 and said.count("office porter") == 3, said
    coop.keep("as many acts of a member as there is room for in an hour, those of an office apart; refused ones are not there (R077)")


def handed_in(address, act, browser=urllib.request):
    """The status of an act that a member hands in, or the number of its refusal."""
    request = urllib.request.Request(f"{address}/api/v1/acts", json.dumps(act).encode(), {"Content-Type": "application/json"})
    try:
        return (browser.urlopen if browser is urllib.request else browser.open)(request).status
    except urllib.error.HTTPError as no:
        return json.loads(no.read())["number"]


PARTS = {"council": council, "challenged": challenged, "at-the-latest": at_the_latest, "half-vacant": half_vacant, "founders": founders, "two-keys": two_keys, "budgets": budgets}
