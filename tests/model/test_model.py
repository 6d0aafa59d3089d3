"""Cases worked out by hand, so that the model itself is not taken on trust.

Run: python3 -m unittest tests/model/test_model.py, or this file.
"""

import sys
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import model_formula
from model_elections import NOBODY, Control, Decision, Layer, Race, capacity, entry_level
from rochdale_model import (
    MICRO, OPEN_SOURCE, Class, Kernel, Record, Reversal, Support, ballot_votes, book_table, by_class, cap_level, moment, scored,
    split,
)


class Numbers(unittest.TestCase):
    def test_parts_sum_to_the_whole_and_the_first_are_the_larger(self):
        self.assertEqual(split(5000, 12), [417] * 8 + [416] * 4)
        self.assertEqual(split(1200, 12), [100] * 12)
        self.assertEqual(sum(split(9_999, 12)), 9_999)

    def test_votes_are_the_root_of_the_weight_placed(self):
        self.assertEqual(ballot_votes(4 * MICRO, 250_000), MICRO)
        self.assertEqual(ballot_votes(100 * MICRO, MICRO), 10 * MICRO)
        self.assertEqual(ballot_votes(2 * MICRO, MICRO), 1_414_213)
        self.assertEqual(scored(1_414_213, 500_000), 707_106)

    def test_the_cap_is_a_fixed_point(self):
        # 10, 1 × 8: capped at a fifth of what remains: L = (8 + L) / 5, so L = 2
        self.assertEqual(cap_level([10 * MICRO] + [MICRO] * 8, Fraction(1, 5)), 2 * MICRO)
        # 10, 10, 1 × 6: both capped: L = (6 + 2 L) / 5, so L = 2
        self.assertEqual(cap_level([10 * MICRO] * 2 + [MICRO] * 6, Fraction(1, 5)), 2 * MICRO)
        self.assertEqual(cap_level([3, 3, 3, 3, 3], Fraction(1, 5)), 3)
        self.assertEqual(cap_level([9, 3, 3, 3, 3], Fraction(1, 5)), 3)

    def test_too_few_members_for_the_cap_weigh_as_the_least(self):
        self.assertEqual(cap_level([10, 4, 7, 0], Fraction(1, 5)), 4)
        self.assertEqual(cap_level([0, 0], Fraction(1, 5)), 0)


class Weights(unittest.TestCase):
    def setUp(self):
        self.kernel = Kernel(OPEN_SOURCE, cap=None)

    def give(self, *gifts):
        records = []
        for number, (member, kind, amount, date, more) in enumerate(gifts):
            records.append(Record(member, kind, amount, "USD", moment(date), str(number), **more))
        return Support(records)

    def weight(self, support, member, at, lists=None):
        return self.kernel.weights(support, lists or {}, moment(at))[member][0]

    def test_a_monthly_patron_weighs_from_the_month_after_the_first_gift(self):
        support = self.give(
            ("a", "donation", 1000, "2020-01-20", {}), ("a", "pledge", 1000, "2020-01-20", {"series": "monthly"})
        )
        self.assertEqual(self.weight(support, "a", "2020-01-31"), 0)
        self.assertEqual(self.weight(support, "a", "2020-02-05"), 10 * MICRO)
        self.assertEqual(self.weight(support, "a", "2020-02-29T23:59:59"), 10 * MICRO)
        self.assertEqual(self.weight(support, "a", "2020-03-01"), 0)

    def test_a_later_pledge_of_the_series_takes_the_earlier_ones_place(self):
        support = self.give(
            ("a", "donation", 1000, "2020-01-20", {}), ("a", "pledge", 1000, "2020-01-20", {"series": "monthly"}),
            ("a", "pledge", 200, "2020-02-10", {"series": "monthly"}),
        )
        self.assertEqual(self.weight(support, "a", "2020-02-09"), 10 * MICRO)
        self.assertEqual(self.weight(support, "a", "2020-02-10"), 2 * MICRO)

    def test_a_refund_counts_from_its_own_date(self):
        support = self.give(
            ("a", "donation", 1000, "2020-01-20", {}), ("a", "pledge", 1000, "2020-01-20", {"series": "monthly"})
        )
        support.reversals.append(Reversal("0", 400, moment("2020-02-10")))
        self.assertEqual(self.weight(support, "a", "2020-02-09"), 10 * MICRO)
        self.assertEqual(self.weight(support, "a", "2020-02-10"), 6 * MICRO)

    def test_a_yearly_gift_is_twelve_months(self):
        support = self.give(
            ("a", "donation", 5000, "2022-01-31", {"parts": 12}),
            ("a", "pledge", 417, "2022-01-31", {"series": "yearly", "stands_months": 12}),
        )
        self.assertEqual(self.weight(support, "a", "2022-02-01"), 4_170_000)
        self.assertEqual(self.weight(support, "a", "2022-10-01"), 4_160_000)
        self.assertEqual(self.weight(support, "a", "2022-12-31"), 4_160_000)
        self.assertEqual(self.weight(support, "a", "2023-01-01"), 0)

    def test_a_lone_contributor_weighs_as_the_highest_patron(self):
        support = self.give(
            ("a", "donation", 1000, "2020-01-20", {}), ("a", "pledge", 900, "2020-01-20", {}),
            ("b", "donation", 100, "2019-01-20", {}),
        )
        lists = {"contributor-list": {"b"}}
        self.assertEqual(self.weight(support, "b", "2020-02-05", lists), 9 * MICRO)
        support.records.append(Record("b", "contribution", 3 * MICRO, "micro-credit", moment("2019-05-01"), "c"))
        lists["contributor-list"].add("a")
        self.assertEqual(self.weight(support, "b", "2020-02-05", lists), 3 * MICRO)

    def test_support_fades_by_half_in_a_half_life(self):
        kernel = Kernel([Class("givers", "faded(donated, half-life 10 days) / 1 USD")])
        support = self.give(("a", "donation", 800, "2020-01-01", {}))
        self.assertEqual(kernel.weights(support, {}, moment("2020-01-01"))["a"][0], 8 * MICRO)
        self.assertEqual(kernel.weights(support, {}, moment("2020-01-21"))["a"][0], 2 * MICRO)
        self.assertEqual(kernel.weights(support, {}, moment("2020-01-06"))["a"][0], 5_656_854)

    def test_months_are_those_of_the_zone(self):
        support = self.give(("a", "donation", 100, "2020-01-31T23:30:00", {}))
        kernel = Kernel([Class("givers", "donated(last month) / 1 USD")], zone="Europe/Berlin")
        self.assertEqual(kernel.weights(support, {}, moment("2020-02-29T22:00:00"))["a"][0], 0)
        self.assertEqual(kernel.weights(support, {}, moment("2020-02-29T23:00:00"))["a"][0], MICRO)

    def test_formulas(self):
        scope = model_formula.Scope(None, 0, "UTC", "USD", {"w": ["a", "b"]}, {"w": {"a": 5 * MICRO, "b": 2 * MICRO}})
        for text, wanted in [
            ("1 + 2 × 3 - 4 / 8", Fraction(13, 2)), ("(1 + 2) * 3", 9), ("min(2, 3)", 2), ("sqrt(16)", 4),
            ("if count(w) == 2 then highest(w) else total(w)", 5), ("if 1 > 2 then 1 else total(w)", 7),
        ]:
            self.assertEqual(model_formula.value(model_formula.parse(text), scope, "a"), wanted, text)

    def test_the_book_carries_its_balance(self):
        rows = [(moment("2020-01-31"), 500), (moment("2020-02-01"), -200), (moment("2021-01-01"), 1)]
        self.assertEqual(book_table(rows, "year"), {"2020": (300, 300), "2021": (1, 301)})


class Elections(unittest.TestCase):
    def race(self, kind, candidates, holders=(), seats=1):
        return Race(kind, (list(holders) + [None] * seats)[:seats], set(candidates))

    def step(self, race, totals, size, period=1):
        race.settle(totals, size, period)
        return race.change(totals, size)

    def test_a_lead_fills_a_bucket_and_takes_the_office(self):
        race = self.race("office", "ab", "a")
        for expected in (3, 6, 9):
            self.step(race, {"a": 5, "b": 8}, 10)
            self.assertEqual((race.holders, race.buckets["b"]), (["a"], expected))
        self.step(race, {"a": 5, "b": 8}, 10)
        self.assertEqual((race.holders, race.buckets["a"]), (["b"], 0))

    def test_who_is_level_with_the_holder_waits_with_a_full_bucket(self):
        race = self.race("office", "ab", "a")
        race.buckets["b"] = 10
        self.step(race, {"a": 5, "b": 5}, 10)
        self.assertEqual((race.holders, race.buckets["b"]), (["a"], 10))

    def test_nobody_empties_an_office_voted_below_zero(self):
        race = self.race("office", "a", "a")
        self.step(race, {"a": -6}, 10)
        self.assertEqual(race.holders, ["a"])
        self.step(race, {"a": -6}, 10)
        self.assertEqual(race.holders, [])

    def test_a_document_is_only_replaced(self):
        race = self.race("document", "ab", "a")
        for _ in range(9):
            self.step(race, {"a": -6, "b": 0}, 10)
        self.assertEqual(race.holders, ["a"])
        self.step(race, {"a": -6, "b": 4}, 10)
        self.assertEqual(race.holders, ["b"])

    def test_only_the_leader_fills_a_vacant_seat(self):
        race = self.race("office", "ab")
        self.step(race, {"a": 5, "b": 8}, 10)
        self.assertEqual(race.buckets, {"a": 0, "b": 3})

    def test_a_tie_leaves_things_as_they_are(self):
        race = self.race("office", "abc", "a")
        self.assertEqual(self.step(race, {"a": 1, "b": 20, "c": 20}, 10), ["tie"])
        self.step(race, {"a": 1, "b": 20, "c": 21}, 10)
        self.assertEqual(race.holders, ["c"])
        self.assertEqual(race.buckets["b"], 10)

    def test_who_wins_below_a_full_rival_leaves_the_rival_full(self):
        race = self.race("office", "abc", "a")
        self.step(race, {"a": 1, "b": 20, "c": 21}, 10)
        self.assertEqual((race.holders, race.buckets["b"], race.buckets["a"]), (["c"], 10, 0))

    def test_a_body_swaps_the_lowest(self):
        race = self.race("body", "abcd", "ab", seats=2)
        self.step(race, {"a": 5, "b": 3, "c": 14, "d": 13}, 10)
        self.assertEqual(sorted(race.holders), ["c", "d"])
        race = self.race("body", "abcd", "ab", seats=2)
        self.step(race, {"a": 15, "b": 3, "c": 14, "d": 13}, 10)
        self.assertEqual(sorted(race.holders), ["a", "c"])
        self.assertEqual(race.buckets["d"], 10)

    def test_free_seats_of_a_body_fill_from_nothing(self):
        race = self.race("body", "abc", seats=2)
        self.step(race, {"a": 10, "b": 4, "c": -1}, 10)
        self.assertEqual((race.holders, race.buckets["b"], race.buckets["c"]), (["a"], 4, 0))
        self.step(race, {"a": -1, "b": 6, "c": 0}, 10)
        self.assertEqual(race.holders, ["b"])

    def test_more_equals_than_seats_leave_the_seats(self):
        race = self.race("body", "abcd", "ab", seats=2)
        self.step(race, {"a": 9, "b": 3, "c": 13, "d": 13}, 4)
        self.assertEqual(race.seats, ["d", "c"])
        race = self.race("body", "abcd", "ab", seats=2)
        self.step(race, {"a": 19, "b": 3, "c": 13, "d": 13}, 4)
        self.assertEqual((race.seats, race.buckets["c"]), (["a", "b"], 4))

    def test_a_capped_weight_is_divided_over_its_classes(self):
        self.assertEqual(by_class(10, {"a": 5, "b": 10}), {"a": 3, "b": 7})
        self.assertEqual(by_class(5, {"a": 10, "b": 10}), {"a": 3, "b": 2})

    def test_capacity_may_rise_but_falls_by_a_tenth(self):
        self.assertEqual(capacity([4 * MICRO, 16 * MICRO], 1, "quadratic"), 6 * MICRO)
        self.assertEqual(capacity([4 * MICRO, 16 * MICRO], 4, "quadratic"), 3 * MICRO)
        self.assertEqual(capacity([4 * MICRO], 4, "quadratic", 10 * MICRO), 9 * MICRO)
        self.assertEqual(capacity([4 * MICRO, 16 * MICRO], 4, "linear", 1), 5 * MICRO)

    def test_classes_hold_their_percentage(self):
        somerset = Control(fixed={"workers": Fraction(40, 100), "customers": Fraction(60, 100)})
        factors, whole = somerset.factors({"workers": 15, "customers": 10})
        self.assertEqual((factors, whole), ({"workers": Fraction(2, 3), "customers": Fraction(3, 2)}, 25))
        self.assertEqual(somerset.factors({"workers": 15, "customers": 0})[0]["workers"], 1)
        capped = Control(at_most={"investors": Fraction(1, 10)})
        factors, whole = capped.factors({"workers": 18, "investors": 7})
        self.assertEqual((factors, whole), ({"workers": 1, "investors": Fraction(2, 7)}, 20))
        self.assertEqual(capped.factors({"workers": 0, "investors": 7}), ({"workers": 1, "investors": 1}, 7))

    def test_attention_makes_a_nominee_a_candidate(self):
        race = self.race("office", "")
        race.nominees = {"a": 0, "b": 0, "c": 0}
        self.assertEqual(entry_level(Fraction(2, 100), 500, 1, 5), 15)
        race.attend({"a": 8, "c": 20}, 15, 1)
        self.assertEqual((race.nominees, race.candidates), ({"a": 8}, {"c"}))
        race.attend({"a": 7}, 15, 1)
        self.assertEqual(race.candidates, {"a", "c"})

    def test_an_update_counts_for_minus_against(self):
        decision = Decision("x", "office", settles=2, race=self.race("office", "ab"))
        layer = Layer({"x": decision}, period=1)
        layer.cast("m", "x", 250_000, {"a": MICRO, "b": 500_000})
        layer.cast("m", "x", 90_000, {"b": MICRO}, against=True)
        layer.update(0, {"m": (4 * MICRO, {})})
        self.assertEqual(layer.totals["x"], {"a": MICRO, "b": -100_000})
        self.assertEqual((decision.size, decision.race.buckets["a"]), (2 * MICRO, MICRO))

    def test_an_item_without_support_is_closed(self):
        decision = Decision("r", "ranking", close_after=10, floor=500_000)
        decision.items = {"1": {"low_since": None}, "2": {"low_since": None}}
        layer = Layer({"r": decision}, period=5)
        layer.cast("m", "r", MICRO, item="1")
        self.assertEqual([layer.update(at * MICRO, {"m": (MICRO, {})})["r"] for at in (0, 5, 10)], [[], [], ["2"]])
        layer.cast("m", "r", 0, item="1")
        self.assertEqual([layer.update(at * MICRO, {"m": (MICRO, {})})["r"] for at in (15, 20, 25)], [[], [], ["1"]])


if __name__ == "__main__":
    unittest.main()
