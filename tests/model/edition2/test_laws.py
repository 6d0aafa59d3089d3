"""Laws of edition 2 in the model, with fixed seeds: a few tries of each search of `attacks`."""

import random
import sys
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition2 import attacks
from edition2.histories import History2
from edition2.race import Race
from edition2.weights import MICRO, capped, greatest_within, least_with_a_tenth


class Laws(unittest.TestCase):
    def test_the_levels_of_the_cap_are_what_their_definition_says(self):
        draw = random.Random("levels")
        for _ in range(300):
            weights = [draw.choice([draw.randint(1, 5), draw.randint(1, 60)]) for _ in range(draw.randint(1, 9))]
            share = Fraction(draw.choice([1, 5, 10, 20, 25, 33, 34, 50, 99, 100]), 100)
            held = lambda t: sum(min(w, t) for w in weights)
            top = max(max(weights), int(share * sum(weights))) + 2
            self.assertEqual(greatest_within(weights, share), max(t for t in range(top) if t <= share * held(t)), (weights, share))
            self.assertEqual(least_with_a_tenth(weights), min(t for t in range(top) if 10 * held(t) >= sum(weights)), weights)

    def test_no_cap_takes_more_than_nine_tenths_or_leaves_one_above_it_without_need(self):
        draw = random.Random("cap")
        for _ in range(300):
            weights = {n: draw.choice([1, draw.randint(1, 10**9)]) for n in range(draw.randint(1, 12))}
            cap = capped(weights, Fraction(1, 5))
            whole, kept = sum(weights.values()), sum(cap.weights.values())
            self.assertGreaterEqual(10 * kept, whole)
            if cap.binds == "cap":
                self.assertLessEqual(5 * max(cap.weights.values()), kept)

    def test_nothing_is_faster_than_the_settling_time(self):
        early = [attacks.law_of_speed(seed) for seed in range(60)]
        self.assertGreater(sum(one is not None for one in early), 20)
        self.assertLessEqual(max(one for one in early if one is not None), 0)

    def test_who_votes_on_neither_side_shortens_nothing(self):
        self.assertEqual([seed for seed in range(60) if attacks.law_of_neutrals(seed)], [])

    def test_taking_back_ones_own_gift_speeds_nothing(self):
        self.assertEqual([seed for seed in range(60) if attacks.law_of_refunds(seed)], [])
        self.assertTrue(any(attacks.law_of_refunds(seed, keep=False) for seed in range(60)))

    def test_splitting_gains_under_roots_alone(self):
        gains = [attacks.law_of_splitting(seed) for seed in range(200)]
        self.assertLessEqual(max(linear for linear, _ in gains), 0)
        self.assertGreater(max(root for _, root in gains), Fraction(1, 20))

    def test_the_price_of_the_cap(self):
        self.assertAlmostEqual(attacks.price_of_the_cap(10**9, 4, Fraction(2, 3)) / 10**9, 1 / 14, places=4)

    def test_the_order_of_ballots_never_matters(self):
        for seed in range(20):
            history = History2(seed)
            history.acts()
            history.update_some()
            for decision in history.layer.decisions.values():
                votes, ballots = history.layer.measured[decision.name], history.layer.ballots
                totals = history.layer.count(decision, votes).totals
                history.layer.ballots = dict(reversed(ballots.items()))
                self.assertEqual(history.layer.count(decision, votes).totals, totals)

    def test_a_ballot_moved_there_and_back_changes_nothing(self):
        history = History2(5)
        history.acts()
        layer, before = history.layer, dict(history.layer.ballots)
        for (member, name, item, against), (ppm, scores) in before.items():
            layer.cast(member, name, 0, item=item, against=against)
            layer.cast(member, name, ppm, scores, item, against)
        self.assertEqual(layer.ballots, before)

    def test_two_friends_cannot_pass_a_seat_to_keep_a_rival_at_zero(self):
        race = Race("office", ["h"], 10, ["h", "f", "r"])
        held = []
        for now in range(1, 200):
            first = 45 if (now // 10) % 2 else 0
            race.settle(now, {"h": 45 - first, "f": first, "r": 55}, 100, 1)
            race.change(now)
            held.append(race.seats[0])
        self.assertIn("r", held)
        self.assertLessEqual(held.index("r"), 100)


class Attacks(unittest.TestCase):
    """Attacks that hold, each with its numbers."""

    def test_a_bucket_does_not_stay_full_without_a_lead(self):
        race = Race("office", ["h"], 10, ["h", "a"], {"a": 1000})
        for now in range(1, 26):
            race.settle(now, {"h": 40, "a": 40}, 100, 1)
        self.assertEqual(race.buckets["a"], 950)

    def test_thirty_four_cents_close_no_kernel(self):
        weights = {"p": 1000 * MICRO, **{f"d{n}": 10_000 for n in range(34)}}
        cap = capped(weights, Fraction(1, 5))
        dust = sum(w for m, w in cap.weights.items() if m != "p")
        self.assertLess(Fraction(dust, sum(cap.weights.values())), Fraction(1, 250))

    def test_three_cents_of_newcomers_hold_nothing(self):
        weights = {"p": 100 * MICRO, "q": 100 * MICRO, **{f"d{n}": 10_000 for n in range(3)}}
        cap = capped(weights, Fraction(1, 5), {"p", "q"})
        self.assertLess(Fraction(sum(cap.weights[f"d{n}"] for n in range(3)), sum(cap.weights.values())), Fraction(1, 5000))


if __name__ == "__main__":
    unittest.main()
