"""Prices of docs/spec/attacks.md that the model worked out: what a rule does not hold, with its numbers."""

import sys
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition2.care import eighth_ahead
from edition2.race import DAY, NOBODY, Race, places
from edition2.weights import CONTROLLED, MICRO, Capacity, capped, factors, falls_by_half, of_standing, percentages, votes_of

FIFTH = Fraction(1, 5)


def held_by(cap, names):
    return Fraction(sum(cap.weights[name] for name in names), sum(cap.weights.values()))


def taken_after(race, totals, size, most=400):
    """{candidate: the update at which they are first seated}, with an update a second and the same totals at each."""
    seated = {}
    for now in range(1, most):
        race.settle(now, totals, size, 1)
        race.change(now)
        for name in race.holders:
            seated.setdefault(name, now)
    return seated


class Cap(unittest.TestCase):
    def test_four_cents_a_month_make_members_of_standing(self):
        names = [f"n{k}" for k in range(4)]
        history = [(day * DAY, {"patron": 1400 * MICRO, **dict.fromkeys(names, 10_000)}) for day in range(91)]
        today = {"patron": 1400 * MICRO, **dict.fromkeys(names, 25 * MICRO)}
        standing = of_standing(history + [(91 * DAY, today)], 91 * DAY)
        self.assertEqual(standing, {"patron", *names})
        self.assertEqual(held_by(capped(today, FIFTH, standing), names), Fraction(2, 3))
        # Without the four cents they are newcomers.
        self.assertLess(held_by(capped(today, FIFTH, {"patron"}), names), Fraction(7, 100))

    def test_newcomers_with_more_than_all_others_are_no_newcomers(self):
        with_money = lambda money: {"patron": 1000 * MICRO, **{f"n{k}": money * MICRO // 5 for k in range(5)}}
        held = lambda money: held_by(capped(with_money(money), FIFTH, {"patron"}), [f"n{k}" for k in range(5)])
        self.assertAlmostEqual(float(held(999)), 0.4997, places=4)
        self.assertGreaterEqual(held(1001), Fraction(4, 5))


class Control(unittest.TestCase):
    def test_three_cents_hold_an_empty_class(self):
        control = {"investors": Fraction(2, 5), "workers": Fraction(3, 5)}
        held = percentages(control, {"investors": 3, "workers": 20}, {"investors": 3})
        of = factors(held, {"investors": 3 * votes_of(10_000), "workers": 20 * MICRO})
        self.assertEqual(3 * votes_of(10_000) * of["investors"], CONTROLLED * 2 // 5)

    def test_members_who_abstain_dilute_their_class(self):
        control = {"workers": Fraction(3, 5), "customers": Fraction(2, 5)}
        held = percentages(control, {"workers": 1, "customers": 1})
        votes = lambda capacity: MICRO * factors(held, {"workers": capacity, "customers": MICRO})["workers"]
        self.assertEqual((votes(MICRO), votes(4 * MICRO)), (600_000 * MICRO, 150_000 * MICRO))


class Late(unittest.TestCase):
    def test_hours_dated_into_one_month_count_for_six(self):
        loaded = [falls_by_half([0] * age + [162]) for age in range(6)]
        self.assertEqual([float(one) for one in loaded], [162, 81, 40.5, 20.25, 10.125, 5.0625])
        self.assertAlmostEqual(float(sum(loaded) / 6) / 27, 1.97, places=2)


class Races(unittest.TestCase):
    def test_a_body_follows_its_weakest_seat(self):
        slate = dict(x=51, y=51, z=51)
        race = lambda: Race("body", list("abc"), 100, list("abcxyz"))
        weak = taken_after(race(), dict(a=50, b=50, c=10, **slate), 100)
        self.assertEqual({weak[name] for name in slate}, {244})
        free = taken_after(Race("body", ["a", "b", None], 100, list("abxyz")), dict(a=50, b=50, **slate), 100)
        self.assertEqual({free[name] for name in slate}, {197})
        strong = taken_after(race(), dict(a=50, b=50, c=50, **slate), 100, most=9990)
        self.assertEqual([name for name in slate if name in strong], [])

    def test_nobody_remembers(self):
        race = Race("office", ["h"], 10, ["h"])
        for now in range(1, 100):
            race.settle(now, {"h": -10}, 100, 1)
        race.empties["h"] = 990
        for now in range(100, 465):
            race.settle(now, {"h": 0}, 100, 1)
        self.assertEqual(race.nobody(), 990)
        race.settle(465, {"h": -10}, 100, 1)
        self.assertEqual(race.change(465), [f"{NOBODY} for h"])

    def test_one_ballot_brings_a_hundred_texts(self):
        """Three of a hundred score each of a hundred texts; six against all of them keep them at nothing."""
        names = [f"text-{k}" for k in range(100)]
        attend = lambda against: self.attend(names, 3 * MICRO, against * MICRO)
        self.assertEqual([len(attend(against)) for against in (0, 2, 3, 6)], [100, 100, 0, 0])

    def attend(self, names, attention, refusal):
        race, size = Race("document", [None], 14 * DAY), 100 * MICRO
        race.size = size
        for name in names:
            race.stand(name, 0)
        return race.attend(DAY, dict.fromkeys(names, attention), dict.fromkeys(names, refusal), Fraction(1, 50), DAY)[0]

    def test_three_against_put_entered_texts_behind_an_honest_one(self):
        entered = lambda against: {f"text-{k}": (3 - against, k) for k in range(100)}
        place = lambda against: places(entered(against), {"honest": (1, 200)}).count("honest")
        self.assertEqual((place(2), place(3), place(4)), (0, 1, 1))

    def test_opponents_of_an_announced_act_need_an_eighth_of_all_votes(self):
        for turnout, least in ((1, Fraction(5625, 100)), (Fraction(1, 2), Fraction(3125, 100)), (Fraction(3, 10), Fraction(2125, 100))):
            cast = 100 * turnout
            for more, ahead in ((0, {"d"}), (-1, set())):
                challenger = least * 100 + more
                race = Race("office", ["h"], 100, ["h", "d"])
                race.settle(1, {"h": cast * 100 - challenger, "d": challenger}, 100 * 100, 1)
                self.assertEqual(eighth_ahead(race, 100 * 100), ahead, (turnout, more))

    def test_a_gift_that_is_there_for_a_month_slows_everybody(self):
        undisputed = lambda gift: taken_after(Race("office", ["h"], 10, ["h", "a"]), {"h": 0, "a": 100}, 100 + gift)["a"]
        self.assertEqual((undisputed(0), undisputed(900)), (10, 100))
        # A cap of a fifth leaves the giver a fifth of what counts; roots leave 3 of 13 votes.
        weights = {**{f"m{k}": 10 * MICRO for k in range(10)}, "giver": 900 * MICRO}
        cap = capped(weights, FIFTH)
        self.assertEqual(Fraction(sum(cap.weights.values()), 100 * MICRO), Fraction(5, 4))
        self.assertEqual(Capacity(10).update({"all": 100 * MICRO, "giver": 900 * MICRO}, 1), 40 * MICRO)


if __name__ == "__main__":
    unittest.main()
