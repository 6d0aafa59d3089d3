"""Cases worked out by hand for rules that change, powers and forks, so that the model is not taken on trust."""

import hashlib
import sys
import unittest
from datetime import date
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import ed25519
from model_fork import beginning, joined, last_path, share, taken_from, tree_head, whole_share
from model_rules import ROOT, Above, Clause, KernelRules, Proposal, Rules, Tree, period_of, sha
from rochdale_model import MICRO, Class, Kernel

DAY = 86_400
GIVERS = [Class("givers", "1"), Class("workers", "1", "crew")]
ONE = {"a": (4 * MICRO, {"givers": 4 * MICRO}), "b": (9 * MICRO, {"givers": 4 * MICRO, "workers": 5 * MICRO})}


def kernel(salt="k", **more):
    return KernelRules(Kernel(GIVERS), salt, settles=DAY, amend=(Fraction(2, 3), None, 2), **more)


def text(salt, *clauses):
    return Rules(list(clauses), salt)


def office(name, **more):
    return Clause(name, "office", settles=DAY, **more)


class Changes(unittest.TestCase):
    def setUp(self):
        self.tree = Tree(kernel(), text("1", office("chair"), Clause("core", "body", settles=DAY, seats=3), Clause("team", "constitution")))
        self.tree.period = DAY

    def replace(self, rules, at=0):
        """Another constitution in force at once, as a take-over would have it."""
        tree, root = self.tree, self.tree.decisions[ROOT]
        root.texts[rules.hash], tree.at, tree.said = rules, at, []
        root.race.candidates.add(rules.hash)
        root.race.seats = [rules.hash]
        tree.in_new_force(tree.lay_out, root)
        return tree.said

    def test_same_path_and_kind_keep_ballots_holders_and_buckets(self):
        chair = self.tree.decisions["chair"]
        chair.race.candidates |= {"a", "b"}
        chair.race.seats, chair.race.buckets, chair.size = ["a"], {"b": 7}, 100
        self.tree.cast("a", "chair", 300_000, {"b": MICRO})
        self.replace(text("2", office("chair", electorate=("workers",))))
        chair = self.tree.decisions["chair"]
        self.assertEqual((chair.race.seats, chair.race.buckets, chair.size, chair.electorate), (["a"], {"b": 7}, 100, ("workers",)))
        self.assertEqual(self.tree.placed("a"), 300_000)

    def test_what_is_gone_or_of_another_kind_closes_and_frees_shares(self):
        self.tree.cast("a", "chair", 300_000, {"b": MICRO})
        self.tree.nominate("a", "chair", "b", 50_000)
        self.tree.cast("b", "core", 200_000, {"b": MICRO})
        said = self.replace(text("2", Clause("chair", "body", settles=DAY, seats=2)))
        self.assertEqual(said[:-1], [
            "decision-opened chair", "decision-closed chair freed 1", "share-freed chair a 350000", "decision-closed core freed 1",
            "share-freed core b 200000", "decision-closed team freed 0",
        ])
        self.assertEqual((self.tree.placed("a"), self.tree.placed("b")), (0, 0))
        self.assertEqual([(n.name, n.kind, n.place) for n in self.tree.decisions.values()], [(ROOT, "constitution", 0), ("chair", "body", 4)])

    def test_a_smaller_body_loses_vacant_seats_and_then_the_lowest(self):
        core = self.tree.decisions["core"]
        core.race.seats, core.race.candidates = ["a", None, "b"], {"a", "b"}
        self.tree.totals["core"] = {"a": 5, "b": 5}
        self.replace(text("2", Clause("core", "body", settles=DAY, seats=2)))
        self.assertEqual(core.race.seats, ["a", "b"])
        self.replace(text("3", Clause("core", "body", settles=DAY, seats=1)))
        self.assertEqual((core.race.seats, core.race.candidates), (["a"], {"a", "b"}))
        self.replace(text("4", Clause("core", "body", settles=DAY, seats=2)))
        self.assertEqual(core.race.seats, ["a", None])

    def test_a_text_that_does_not_fit_any_more_is_out_with_what_it_defines(self):
        team, below = self.tree.decisions["team"], text("t", office("ed", electorate=("givers",)))
        team.texts[below.hash], team.race.candidates, team.race.seats = below, {below.hash}, [below.hash]
        self.tree.in_new_force(self.tree.lay_out, team)
        self.assertIn("team/ed", self.tree.decisions)
        before = self.tree.rules_hash()
        said = self.replace(text("2", Clause("team", "constitution", electorate=("workers",))))
        self.assertIn(f"document-no-longer-checks team {below.hash}", said)
        self.assertNotIn("team/ed", self.tree.decisions)
        self.assertNotEqual(before, self.tree.rules_hash())

    def test_the_rules_hash_names_every_text_in_force(self):
        tree = self.tree
        lines = f"{tree.kernel.hash}\n{tree.decisions[ROOT].race.seats[0]}\n"
        self.assertEqual(tree.rules_hash(), sha(lines))
        team, below = tree.decisions["team"], text("t", office("ed"))
        team.texts[below.hash], team.race.seats = below, [below.hash]
        self.assertEqual(tree.rules_hash(), sha(lines + f"team {below.hash}\n"))

    def test_n_counts_what_has_been_open_for_an_update(self):
        node = self.tree.decisions["chair"]
        self.assertEqual(self.tree.together(node), 5)
        self.tree.update(0, ONE)
        self.replace(text("2", office("chair"), office("clerk")))
        self.assertEqual(self.tree.together(node), 1)
        self.tree.update(DAY * MICRO, ONE)
        self.assertEqual(self.tree.together(node), 2)

    def test_limits_and_electorates_of_a_text(self):
        above = Above(("givers", "workers"), ("workers",), {"spend"}, (10_000, "month"))
        spends = lambda minor, period: office("x", limit=(minor, period))
        self.assertTrue(above.allows(text("1", spends(4_000, "month"), spends(1_000, "week"))))
        self.assertFalse(above.allows(text("2", spends(4_001, "month"), spends(1_000, "week"))))
        self.assertFalse(above.allows(text("3", office("x", may=("spend",)))))
        self.assertFalse(above.allows(text("4", office("x", may=("merge",)))))
        self.assertFalse(above.allows(text("5", office("x", electorate=("givers",)))))


class Amendments(unittest.TestCase):
    def setUp(self):
        self.tree = Tree(kernel(), text("1", office("chair")))
        self.tree.period = DAY
        self.one = Proposal(kernel("other"), "a")
        self.tree.proposals.append(self.one)

    def days(self, *numbers, weights=None):
        return [self.tree.update(number * DAY * MICRO, weights or ONE) for number in numbers]

    def test_two_thirds_for_two_days_without_a_break(self):
        self.one.assents = {"b"}  # 9 of 13
        self.assertEqual(self.days(0, 1), [False, False])
        self.one.assents = {"a"}  # 4 of 13: a break
        self.assertEqual(self.days(2), [False])
        self.one.assents = {"a", "b"}
        self.assertEqual(self.days(3, 4, 5), [False, False, True])
        self.assertEqual(self.tree.kernel.salt, "other")

    def test_a_part_of_each_class(self):
        self.tree.kernel.amend = (Fraction(1, 2), Fraction(3, 5), 1)
        self.one.assents = {"b"}  # 4 of 8 among givers
        self.assertEqual(self.days(0, 1), [False, False])
        self.one.assents = {"a", "b"}
        self.assertEqual(self.days(2, 3), [False, True])

    def test_nobody_behind_it(self):
        self.days(0, weights={"a": (0, {}), "b": (0, {})})
        self.assertEqual(self.tree.proposals, [self.one])
        self.days(1)
        self.assertEqual(self.tree.proposals, [])

    def test_under_a_kernel_for_good_no_proposal_stays(self):
        never = kernel("never")
        never.amend = None
        self.tree.proposals.append(Proposal(never, "b", {"a", "b"}))
        self.one.assents = {"b"}
        self.one.since, self.tree.proposals[1].since = 5, 0
        self.assertEqual(self.days(3), [True])
        self.assertEqual((self.tree.kernel, self.tree.proposals), (never, []))

    def test_it_waits_while_the_constitution_does_not_fit(self):
        self.tree = Tree(kernel(), text("1", office("chair", electorate=("workers",))))
        self.tree.period = DAY
        other = kernel("other")
        other.weighing = Kernel(GIVERS[:1])
        self.tree.proposals.append(Proposal(other, "a", {"a", "b"}))
        self.assertEqual(self.days(0, 2, 4), [False, False, False])
        self.assertEqual(self.tree.proposals[0].since, 0)


class Forks(unittest.TestCase):
    BOOK = {"assets:bank": 66_668, "assets:cash": 33_334, "assets:debt": -1, "liabilities:loan": -1, "income:gifts": -100_000}

    def test_the_example_of_the_chapter(self):
        self.assertEqual(whole_share(self.BOOK), 100_000)
        weights = {"a": 1, "b": 2, "c": 3, "d": 4}
        amount = share(self.BOOK, "by weight of those who go", ["b", "c"], weights, list("abcd"))
        self.assertEqual(amount, 50_000)
        self.assertEqual(taken_from(self.BOOK, amount), {"assets:bank": 33_333, "assets:cash": 16_667})
        self.assertEqual(share(self.BOOK, "by head", ["b"], weights, list("abc")), 33_333)
        self.assertEqual(share(self.BOOK, "none", ["b"], weights, list("abc")), 0)
        self.assertEqual(share(self.BOOK, "by weight of those who go", ["b"], {}, list("abc")), 0)

    def test_what_is_owed_cannot_be_taken(self):
        self.assertEqual(whole_share({"assets:bank": 5, "liabilities:loan": -9}), 0)
        self.assertEqual(whole_share({"assets:bank": 5, "liabilities:paid-too-much": 9}), 5)

    def test_support_goes_with_its_members_only(self):
        old = [{"kind": "admit_member", "body": {"member": name, "organisation": False}} for name in "ab"]
        old += [{"kind": "record_support", "body": {"member": name, "source": "s" + name}} for name in "ab"]
        old += [{"kind": "reverse_support", "body": {"of": "s" + name}} for name in "ab"]
        kinds = lambda *carries: [kind for kind, _ in beginning(old, "x", ["b"], carries, {"crew": {"b"}}, {"crew"}, 0, 0)]
        self.assertEqual(kinds("register", "ledger"), ["admit_member", "add_to_list", "record_support", "reverse_support"])
        self.assertEqual(kinds("register"), ["admit_member", "add_to_list"])
        self.assertEqual(kinds("ledger"), [])

    def test_tree_and_path(self):
        leaves = [hashlib.sha256(bytes([number])).digest() for number in range(7)]
        pair = lambda first: joined(leaves[first], leaves[first + 1])
        self.assertEqual(tree_head(leaves), joined(joined(pair(0), pair(2)), joined(pair(4), leaves[6])))
        self.assertEqual(last_path(leaves), [pair(4), joined(pair(0), pair(2))])

    def test_signatures_of_rfc_8032(self):
        key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        signature = bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        self.assertTrue(ed25519.verify(key, b"\x72", signature))
        self.assertFalse(ed25519.verify(key, b"\x73", signature))
        self.assertFalse(ed25519.verify(key, b"\x72", signature[:32] + bytes(32)))


class Periods(unittest.TestCase):
    def test_calendar_periods(self):
        same = lambda one, other, period: period_of(one, period) == period_of(other, period)
        self.assertTrue(same(date(2024, 12, 30), date(2025, 1, 5), "week"))
        self.assertFalse(same(date(2025, 1, 5), date(2025, 1, 6), "week"))
        self.assertTrue(same(date(2025, 1, 1), date(2025, 3, 31), "quarter"))
        self.assertFalse(same(date(2025, 3, 31), date(2025, 4, 1), "quarter"))
        self.assertFalse(same(date(2024, 5, 1), date(2025, 5, 1), "month"))


if __name__ == "__main__":
    unittest.main()
