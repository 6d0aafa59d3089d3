"""The worked numbers of the specification, so that the model itself is not taken on trust."""

import sys
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition2 import care
from edition2.layer import Layer2
from edition2.race import DAY, Race, entry_level, places
from model_elections import Decision
from rochdale_model import Class, Kernel, Record, Support, moment
from edition2.weights import (
    CONTROLLED, MICRO, Capacity, both_sides, capped, cast, factors, fallen, falls_by_half, of_standing, percentages, votes_of,
)

FIFTH = Fraction(1, 5)


def micro(*weights):
    return {f"m{place}": int(Fraction(str(weight)) * MICRO) for place, weight in enumerate(weights)}


class TheCap(unittest.TestCase):
    def level(self, weights, share, **more):
        cap = capped(weights, share, **more)
        return cap.level, cap.binds

    def test_dust_does_not_outweigh_two_patrons(self):
        cap = capped(micro(100, 100, "0.01", "0.01", "0.01"), FIFTH)
        self.assertEqual((cap.level, cap.binds), (9_986_500, "tenth"))
        self.assertEqual(round(Fraction(30_000, sum(cap.weights.values())), 4), Fraction(15, 10_000))

    def test_a_lone_patron_among_four_cents_keeps_nearly_all(self):
        cap = capped(micro(100, *["0.01"] * 4), FIFTH)
        self.assertEqual(round(Fraction(cap.weights["m0"], sum(cap.weights.values())), 3), Fraction(996, 1000))

    def test_a_great_patron_among_a_thousand_holds_a_fifth(self):
        cap = capped(micro(10_000, *[1] * 1000), FIFTH)
        self.assertEqual((cap.level, cap.binds), (250 * MICRO, "cap"))
        self.assertEqual(Fraction(cap.weights["m0"], sum(cap.weights.values())), FIFTH)

    def test_half_of_three(self):
        self.assertEqual(self.level(micro(60, 25, 15), Fraction(1, 2)), (40 * MICRO, "cap"))

    def test_too_few_are_level_at_a_tenth(self):
        cap = capped(micro(100, 90, 10), FIFTH)
        self.assertEqual((cap.level, set(cap.weights.values())), (6_666_667, {6_666_667}))

    def test_a_fifteenth_in_four_names_holds_two_thirds(self):
        cap = capped(micro(1400, 25, 25, 25, 25), FIFTH)
        self.assertEqual(Fraction(100 * MICRO, sum(cap.weights.values())), Fraction(2, 3))

    def test_newcomers_are_scaled_as_the_others_are_on_average(self):
        weights = {**micro(100, 100), "new": 50 * MICRO}
        cap = capped(weights, FIFTH, {"m0", "m1"})
        self.assertEqual((cap.level, cap.weights["new"]), (10 * MICRO, 5 * MICRO))

    def test_a_newcomer_is_cut_to_the_true_level_where_nothing_else_is_cut(self):
        weights = {**micro(*[1] * 10), "new": 5 * MICRO}
        cap = capped(weights, FIFTH, {f"m{n}" for n in range(10)})
        self.assertEqual((cap.weights["new"], cap.binds), (2 * MICRO, "none"))

    def test_where_newcomers_hold_half_everybody_is_of_standing(self):
        self.assertEqual(capped({"a": 10, "b": 10}, FIFTH, {"a"}), capped({"a": 10, "b": 10}, FIFTH))

    def test_standing_needs_ninety_days_and_more_than_half_of_the_updates(self):
        week = 7 * DAY
        history = [(n * week, {"old": 1, "late": n >= 2, "rare": n % 3 == 0}) for n in range(14)]
        self.assertEqual(of_standing(history, 13 * week), {"old"})
        self.assertEqual(of_standing(history[:3], 2 * week), {"old"})  # a young class: its first update

    def test_a_class_without_weight(self):
        self.assertEqual(capped({"a": 0}, FIFTH).weights, {"a": 0})
        self.assertEqual(of_standing([], 0), set())


class Weights(unittest.TestCase):
    def test_sums_fall_by_half(self):
        self.assertEqual(falls_by_half([0, 40]), 20)
        self.assertEqual(falls_by_half([0, 40, 100]), 25)
        self.assertEqual(falls_by_half([0, 0, 0, 0, 0, 32, 1000]), 1)
        self.assertEqual(falls_by_half([30, 40]), 30)

    def test_hours_entered_late_count_by_half_until_they_come(self):
        kernel = Kernel([Class("workers", "hours(last month) / 1 hour")], falls=True)
        records = [Record("a", "hours", 8 * 3600, "second", moment("2020-01-10"), "1")]
        weight = lambda at: kernel.weights(Support(records), {}, moment(at))["a"][0]
        self.assertEqual([weight(f"2020-0{month}-01") for month in range(2, 9)], [8 * MICRO // 2**n for n in range(6)] + [0])
        records.append(Record("a", "hours", 3 * 3600, "second", moment("2020-02-10"), "2"))
        self.assertEqual(weight("2020-03-01"), 4 * MICRO)
        self.assertEqual(weight("2020-04-01"), 2 * MICRO)

    def test_capacity_halves_in_a_settling_time_and_arrives(self):
        self.assertEqual(fallen(100, 20, 14, 14), 60)
        self.assertEqual(fallen(101, 20, 14, 14), 61)
        self.assertEqual(fallen(20, 100, 14, 14), 100)
        self.assertEqual(fallen(21, 20, 1, 14), 20)
        self.assertEqual(fallen(100, 20, 14, 0), 20)

    def test_a_refund_leaves_at_once_and_the_rest_slowly(self):
        one = Capacity(settles=14, rule="linear")
        self.assertEqual(one.update({"a": 100, "b": 100}, 14), 200)
        self.assertEqual(one.update({"a": 0, "b": 10}, 14, {"b"}), 50 + 10)
        self.assertEqual(one.taken_back, (200, 110))

    def test_everyone_with_full_score_is_capacity(self):
        self.assertEqual(Capacity(settles=14).update(micro(4, 16), 7), 6 * MICRO)

    def test_control_is_of_a_million_votes(self):
        control = {"workers": Fraction(2, 5), "customers": Fraction(3, 5)}
        held = percentages(control, {"workers": 2, "customers": 3})
        of = factors(held, {"workers": 15 * MICRO, "customers": 10 * MICRO})
        self.assertEqual(10 * MICRO * of["workers"] + 5 * MICRO * of["workers"], CONTROLLED * 2 // 5)
        self.assertEqual(percentages(control, {"workers": 2})["workers"], 1)
        self.assertEqual(cast({"workers": 100 * MICRO}, MICRO, 0, of)[0], 266_666_666_666)

    def test_a_class_below_its_from_counts_in_proportion(self):
        control = {"workers": Fraction(2, 5), "customers": Fraction(3, 5)}
        held = percentages(control, {"workers": 1, "customers": 9}, {"workers": 3})
        self.assertEqual(held, {"workers": Fraction(2, 15), "customers": Fraction(13, 15)})
        held = percentages(control, {"workers": 1, "customers": 9}, {"workers": 3}, normalise=True)
        self.assertEqual(held["workers"], Fraction(2, 11))

    def test_votes_of_one_decision_are_rooted_together(self):
        self.assertEqual(both_sides(4 * MICRO, MICRO, 0), (2 * MICRO, 0))
        self.assertEqual(both_sides(4 * MICRO, MICRO // 2, MICRO // 2), (MICRO, MICRO))
        self.assertEqual(both_sides(4 * MICRO, 250_000, 0), (MICRO, 0))
        self.assertEqual(both_sides(4 * MICRO, 300_000, 100_000, "linear"), (1_200_000, 400_000))

    def test_a_patron_of_one_micro_credit_is_that_much_in_the_workers_office(self):
        self.assertEqual(cast({"workers": 1}, MICRO, 0), (1000, 0))
        self.assertEqual(votes_of(10 * MICRO), 3_162_277)


class Offices(unittest.TestCase):
    S = 100  # seconds; one update a second, so that F ÷ C is 100 updates

    def fill(self, totals, holder=None, kind="office", C=100, seats=1, most=2000, **more):
        """Returns (updates, holder) of the first change."""
        race = Race(kind, ([holder] if holder else [None]) + [None] * (seats - 1), self.S, sorted(set(totals) | {holder} - {None}))
        for now in range(1, most + 1):
            race.settle(now, totals, C, 1, **more)
            if race.change(now):
                return now, race.seats[0]
        return None, race.seats[0]

    def test_everyone_takes_a_settling_time(self):
        self.assertEqual(self.fill({"a": 100}), (100, "a"))
        self.assertEqual(self.fill({"h": 0, "a": 100}, "h"), (100, "a"))

    def test_a_lead_of_a_tenth_takes_ten(self):
        self.assertEqual(self.fill({"h": 45, "a": 55}, "h"), (1000, "a"))

    def test_quadratic_halves_take_twice(self):
        self.assertEqual(self.fill({"a": 50}), (200, "a"))

    def test_a_vacant_office(self):
        self.assertEqual(self.fill({"a": 60, "b": 40}), (250, "a"))
        self.assertEqual(self.fill({"a": 20, "b": 19}, C=100), (1000, "a"))  # half of 19 is 10, rounded up
        self.assertEqual(self.fill({"a": 20_000, "b": 19_000}, C=100_000), (953, "a"))
        self.assertEqual(self.fill({"a": 40, "b": 40}), (500, "a"))
        self.assertEqual(self.fill({"a": 50}), (200, "a"))

    def test_ties_go_to_more_members_then_to_the_earlier(self):
        self.assertEqual(self.fill({"a": 40, "b": 40}, behind={"a": 2, "b": 3}), (500, "b"))

    def test_in_a_full_tie_the_first_to_stand_is_earlier_also_after_standing_again(self):
        race = Race("office", [None], self.S)
        for name in ("a", "b"):
            race.stand(name, 0)
        race.remove("a")
        race.stand("a", 0)
        self.assertEqual(race.attend(1, {"a": 100, "b": 100}, {}, Fraction(2, 100), 1), ([], []))  # C is 0
        race.size = 100
        self.assertEqual(race.attend(1, {"a": 100, "b": 100}, {}, Fraction(2, 100), 1), (["b", "a"], []))
        for now in range(1, 600):
            race.settle(now, {"a": 40, "b": 40}, 100, 1)
            if race.change(now):
                break
        self.assertEqual(race.seats, ["a"])

    def test_a_tie_does_not_keep_a_holder(self):
        self.assertEqual(self.fill({"h": 10, "x": 190, "y": 190}, "h", C=390)[1], "x")

    def test_a_holder_below_zero_is_measured_at_zero(self):
        self.assertEqual(self.fill({"h": -50, "a": 50}, "h"), (200, "a"))  # nobody is as fast, and has fewer votes
        self.assertEqual(self.fill({"h": -50, "a": 50}, "h", kind="document"), (200, "a"))

    def test_a_level_challenger_never_takes_and_drains(self):
        race = Race("office", ["h"], self.S, ["h", "a"], {"a": 9_000})
        race.settle(1, {"h": 50, "a": 50}, 100, 1)
        self.assertEqual(race.buckets["a"], 8_998)

    def test_a_bucket_must_have_been_ahead_at_half(self):
        race = Race("office", ["h"], 10, ["h", "a"], {"a": 995})
        race.ahead = [(at, set()) for at in range(1, 10)]
        for now in range(10, 14):
            race.settle(now, {"h": 0, "a": 50}, 100, 1)
            self.assertEqual(race.change(now), [], now)
        race.settle(14, {"h": 0, "a": 50}, 100, 1)
        self.assertEqual(race.change(14), ["a for h"])

    def test_a_seat_that_changed_hands_is_held(self):
        race = Race("office", ["h"], 10, ["h", "a", "b"])
        for now in range(1, 31):
            race.settle(now, {"h": 0, "a": 100 if now <= 10 else 0, "b": 100 if now > 10 else 0}, 100, 1)
            race.change(now)
            self.assertEqual(race.seats[0], "h" if now < 10 else "a" if now < 20 else "b", now)

    def test_only_votes_taken_back_count_at_a_change_time(self):
        decision = Decision("x", "office", settles=10, race=Race("office", ["h"], 10, ["h", "a"]), changes=(0, 7, 0))
        layer = Layer2({"x": decision}, 1)
        members = {m: (4 * MICRO, {}) for m in "pq"}
        layer.cast("p", "x", MICRO, {"a": MICRO})
        for now in range(1, 21):
            layer.update(now, members)
        self.assertEqual(decision.race.buckets["a"], decision.race.full)
        layer.cast("q", "x", MICRO, {"h": MICRO})  # a vote that no update counted keeps nobody out
        self.assertEqual(layer.taken_back(decision)[0], {"a": 2 * MICRO})
        layer.cast("p", "x", 0)
        self.assertEqual(layer.change(decision, 20), [])
        layer.cast("p", "x", 1, {"a": MICRO})
        self.assertEqual(layer.change(decision, 20), ["a for h"])

    def test_without_capacity_nothing_takes_over(self):
        self.assertEqual(self.fill({"a": 0}, C=0)[1], None)

    def test_percentages_stay_when_the_settling_time_changes(self):
        race = Race("office", ["h"], 10, ["h", "a"], {"a": 500}, size=100)
        race.resettle(20, 200)
        self.assertEqual(race.buckets["a"], 2000)


class Bodies(unittest.TestCase):
    def test_one_swap_each_and_the_lowest_recomputed(self):
        race = Race("body", ["a", "b"], 1, ["a", "b", "c", "d"])
        race.settle(1, {"a": 15, "b": 3, "c": 114, "d": 113}, 10, 1)
        self.assertEqual(race.change(1), ["c for b", "d for a"])
        race = Race("body", ["a", "b"], 1, ["a", "b", "c", "d"])
        race.settle(1, {"a": 115, "b": 3, "c": 114, "d": 113}, 10, 1)
        self.assertEqual(race.change(1), ["c for b"])
        self.assertEqual(race.buckets["d"], 10)

    def test_the_lowest_that_is_held_keeps_a_challenger_waiting(self):
        race = Race("body", ["a", "b"], 5, ["a", "b", "c"], taken_at={1: 0})
        for now in range(1, 6):
            race.settle(now, {"a": 15, "b": 3, "c": 114}, 10, 1)
            self.assertEqual(race.change(now), [] if now < 5 else ["c for b"])

    def test_each_seat_has_a_nobody_of_its_own(self):
        race = Race("body", ["a", "b"], 2, ["a", "b"])
        for now in range(1, 5):
            race.settle(now, {"a": -5, "b": 0}, 10, 1)
            race.change(now)
            self.assertEqual(race.seats, ["a", "b"] if now < 4 else [None, "b"])

    def test_a_seat_at_zero_is_not_lost(self):
        race = Race("body", ["a"], 2, ["a"], empties={"a": 20})
        race.settle(1, {"a": 0}, 10, 1)
        self.assertEqual(race.change(1), [])


class Standing(unittest.TestCase):
    def test_a_nominee_enters_at_two_percent_for_a_period(self):
        self.assertEqual(entry_level(Fraction(2, 100), 500, 1, 5), 15)
        race = Race("office", [None], 10 * DAY, size=500)
        for name in "abc":
            race.stand(name, 0)
        race.attend(7 * DAY, {"a": 10, "b": 10, "c": 1}, {"b": 4, "c": 6}, Fraction(2, 100), 7 * DAY)
        self.assertEqual(race.ballot, ["a"])
        self.assertEqual(race.nominees, {"b": 8 * 7 * DAY})  # 10 − ½ × 4; c: below 0 and old enough to drop out

    def test_nobody_drops_out_in_the_first_week(self):
        race = Race("office", [None], 10 * DAY, size=500)
        race.stand("a", 0)
        for day in range(1, 8):
            race.attend(day * DAY, {}, {"a": 9}, Fraction(2, 100), DAY)
            self.assertEqual("a" in race.nominees, day < 7)

    def test_a_candidate_without_votes_leaves_after_thirty_days(self):
        race = Race("office", ["h"], 10 * DAY, ["h", "a", "b"])
        for day in range(0, 31):
            race.settle(day * DAY, {"h": 0, "a": 0, "b": 1 if day == 1 else 0}, 100, DAY)
            self.assertEqual(race.leave_unwanted(day * DAY), [] if day < 30 else ["a"])

    def test_places_go_to_entered_texts_with_votes_then_to_nominees(self):
        entered = {"x": (5, 1), "y": (0, 0), "z": (-3, 0)}
        self.assertEqual(places(entered, {"n": (1, 9), "o": (1, 2)}, 4), ["x", "o", "n", "y"])


class Care(unittest.TestCase):
    def test_a_half_is_more_than_half_and_others_are_at_least(self):
        self.assertFalse(care.enough(5, 10, "1/2"))
        self.assertTrue(care.enough(6, 10, "1/2"))
        self.assertTrue(care.enough(6, 9, "2/3"))
        self.assertFalse(care.enough(0, 0, "2/3"))

    def test_a_body_acts_by_more_than_half_of_its_seats(self):
        self.assertEqual(care.who_acts(["a", "b", "c"], {"x"}, {"y"}), (["a", "b", "c"], 2))
        self.assertEqual(care.who_acts(["a", "b", None], {"x"}, {"y"}), (["a", "b"], 2))
        self.assertEqual(care.who_acts(["a", None, None], {"x", "z"}, {"y"}), (["x", "z"], 2))
        self.assertEqual(care.who_acts([None, None], set(), {"y", "w", "v"}), (["v", "w", "y"], 2))

    def act(self, totals_at, seats="abc", agreed="ab", at=0, C=80, most=100):
        """(update, 'done' or 'lapsed') of an act announced at `at`, with S = 10 and an update a second."""
        race = Race("body", list(seats), 10, sorted(set("abcdef")))
        announced = care.Announced(at, 10, set(agreed), 1, C)
        for now in range(1, most):
            race.settle(now, totals_at(now), C if now < 5 else totals_at(now).get("C", C), 1)
            race.change(now)
            done = announced.update(now, race) if now > at else None
            if done:
                return now, done
        return None

    def test_an_announced_act_waits_two_settling_times(self):
        self.assertEqual(self.act(lambda now: dict(a=9, b=9, c=9, d=18)), (20, "done"))

    def test_a_challenger_ahead_by_an_eighth_takes_the_seat_before_eight(self):
        self.assertEqual(self.act(lambda now: dict(a=9, b=9, c=9, d=19), agreed="abc"), (80, "done"))
        self.assertEqual(self.act(lambda now: dict(a=9, b=9, c=9, d=19, e=19)), (80, "lapsed"))

    def test_a_lead_that_ends_sets_it_free(self):
        self.assertEqual(self.act(lambda now: dict(a=9, b=9, c=9, d=19 if now != 50 else 18)), (50, "done"))

    def test_an_act_announced_just_before_an_update_can_be_stopped(self):
        lead = lambda now: dict(a=9, b=9, c=9, d=19 if now > 10 else 0)
        self.assertEqual(self.act(lead, agreed="abc", at=9.99), (90, "done"))

    def test_a_challenge_that_succeeds_does_not_set_it_free(self):
        self.assertEqual(self.act(lambda now: dict(a=9, b=9, c=9, d=49), agreed="abc"), (80, "done"))

    def test_capacity_raised_for_the_purpose_sets_nothing_free(self):
        self.assertEqual(self.act(lambda now: dict(a=9, b=9, c=9, d=19, C=160), agreed="abc"), (80, "done"))

    def test_two_keys(self):
        keys = care.Keys()
        history = [(day * DAY, {"a": 90, "b": 10, "new": 10 if day >= 100 else 0}) for day in range(0, 301, 10)]
        counted = keys.counted(history, 290 * DAY, 0, set(), set())
        self.assertEqual(counted, {"a", "b", "new"})
        self.assertEqual(keys.counted(history, 270 * DAY, 0, {"b"}, set()), {"a"})
        weights = {"a": 90, "b": 10}
        self.assertFalse(keys.turned({"a"}, weights, {"a", "b"}))  # one giver, half of the heads
        self.assertTrue(keys.turned({"a", "b"}, weights, {"a", "b"}))
        held = care.Amendment(keys)
        self.assertEqual([held.update(day * DAY, True) for day in (0, 90, 180)], [False, False, True])

    def test_the_fork_share(self):
        share = care.fork_share
        self.assertEqual(share(10_000, 0, (60, 100), (60, 100), {"a": 1, "b": 1, "c": 1}), 3)
        self.assertEqual(share(10_000, 0, (50, 100), (30, 100)), 3_000)
        self.assertEqual(share(10_000, 3_000, (1, 3), (1, 3)), 2_333)
        self.assertEqual(share(10_000, 0, (1, 2), (1, 2), whole="3/10"), 3_500)
        self.assertEqual(share(10_000, 0, (1, 2), (1, 2), {"a": -500, "b": 700}), 700)

    def test_one_share_moved_around_keeps_no_dozen_items(self):
        week, items = 7 * DAY, [care.Item(0) for _ in range(12)]
        closed = set()
        for n in range(1, 60):
            for place, item in enumerate(items):
                if place not in closed and item.update(n * week, 1 if n % 12 == place else 0, 0, 90 * DAY):
                    closed.add(place)
        self.assertEqual(len(closed), 12)

    def test_one_bad_week_closes_nothing(self):
        item = care.Item(0)
        self.assertFalse(any(item.update(n * 7 * DAY, 0 if n == 30 else 1, 0, 90 * DAY) for n in range(1, 60)))


if __name__ == "__main__":
    unittest.main()
