"""The examples of docs/spec/commitments.md, rankings.md and releases.md, by the model alone."""

import sys
import unittest
from datetime import date
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition2.weights import power_of_half
from edition3.records import Records
from edition4 import commitments, pools, releases, requests, supplies
from edition4.commitments import Commitment, conviction, half_power, sha, winner
from edition4.periods import DAY, MICRO, Rhythm, around, end_of, instant
from edition4.supplies import Ranking, Supply, served
from rochdale_model import moment

WEEK, TIMES = 4, 13  # in quarters of a week, of which the half-life is 13


def stood(votes):
    """y in votes, after as many weekly updates as there are votes."""
    y = 0
    for one in votes:
        y = conviction(y, one * MICRO // 10, WEEK, TIMES)
    return Fraction(y, MICRO << commitments.PLACES)


class Conviction(unittest.TestCase):
    def test_votes_that_stand_for_the_last_updates(self):
        for updates, percent in ((13, 93.75), (6, 72), (3, 47), (1, 19)):
            part = stood([0] * (13 - updates) + [1000] * updates)
            self.assertAlmostEqual(float(part), percent, delta=0.5 if percent != 93.75 else 0.000001)

    def test_the_decision(self):
        quorum, capacity, default = Fraction(1, 10), 100 * MICRO, "d"
        level = lambda votes: int(stood(votes) * MICRO * 2**commitments.PLACES)
        for levels, taken in (
            ({"d": 0, "a": level([41] * 13)}, "d"),
            ({"d": 0, "a": level([109] * 13)}, "a"),
            ({"d": 0, "a": level([100] * 6 + [0] * 7), "b": level([0] * 6 + [100] * 7)}, "d"),
        ):
            self.assertEqual(taken, winner(levels, default, quorum, capacity))
        self.assertAlmostEqual(float(stood([109] * 13)), 10.22, 2)
        self.assertAlmostEqual(float(stood([100] * 6 + [0] * 7)), 1.62, 2)
        self.assertAlmostEqual(float(stood([0] * 6 + [100] * 7)), 7.75, 2)

    def test_ties_are_the_defaults(self):
        self.assertEqual("d", winner({"d": 0, "a": 5, "b": 5}, "d", Fraction(0), 0))
        self.assertEqual("d", winner({"d": 5, "a": 5}, "d", Fraction(0), 0))
        self.assertEqual("a", winner({"d": -5, "a": 0}, "d", Fraction(0), 0))

    def test_a_power_of_a_half_is_never_above_the_exact_value(self):
        for time in (1, 7, 604_800, 10**12 + 1):
            for half_life in (1, 3, 2_626_000, 10**13):
                exact, ours = power_of_half(time, half_life), half_power(time, half_life)
                self.assertTrue(0 <= exact - ours < 8, (time, half_life, exact - ours))

    def test_products_are_rounded_toward_zero(self):
        self.assertEqual(-conviction(0, 7, 1, 3), conviction(0, -7, 1, 3))
        self.assertEqual(-conviction(12345, 0, 1, 3), conviction(-12345, 0, 1, 3))

    def test_the_calculator_of_the_chapter_on_counting(self):
        y = conviction(0, 10_900_000, 4, 13)
        self.assertAlmostEqual(float(Fraction(y, MICRO << 64)), 2.093529515041, 12)
        self.assertAlmostEqual(float(Fraction(conviction(y, 10_900_000, 4, 13), MICRO << 64)), 3.784961247481, delta=1e-12)


class Requests(unittest.TestCase):
    def test_what_a_request_needs(self):
        terms = requests.Terms("commons")
        for r, above in ((0, 10), (50, 13.42), (100, 18.95), (250, 100)):
            self.assertAlmostEqual(above, requests.needed(terms, 100 * MICRO, Fraction(r, 1000)) / MICRO, delta=0.005)
        self.assertIsNone(requests.needed(terms, 100 * MICRO, Fraction(251, 1000)))

    def test_a_request_passes_above_what_it_needs(self):
        terms, q = requests.Terms("commons"), Fraction(1, 10)
        least = requests.needed(terms, 100 * MICRO, q)
        self.assertFalse(requests.passes(terms, least << 64, 100 * MICRO, q))
        self.assertTrue(requests.passes(terms, least + 1 << 64, 100 * MICRO, q))

    def test_the_last_of_25_parts_needs_what_all_at_once_need(self):
        pool = pools.Pool("commons", pools.Terms(), "UTC", 0, left=1000)
        one = requests.Requests("grants", requests.Terms("commons"), "UTC", 0, capacity=100 * MICRO)
        for part in range(25):
            one.put("m", f"part {part}", 10, (), 0)
            name = sha(f"part {part}")
            one.requests[name].behind = {"m": 5 * requests.ONE}
            q = one.part(name, pool)
            pool.left, pool.passed = pool.left - 10, [*pool.passed, (0, 10, {"m"})]
        self.assertEqual(Fraction(250, 1000), q)
        one.requests[name].behind = {"m": 5 * requests.ONE, "other": 15 * requests.ONE}
        self.assertEqual((10 + Fraction(250, 4)) / (750 + Fraction(250, 4)), one.part(name, pool))


class Pools(unittest.TestCase):
    def test_the_roof_and_the_van(self):
        """The first cycle of crates/rochdale/tests/cli/stories/pool/story.md."""
        at, money = moment("2025-04-02"), pools.Money()
        pool = pools.Pool("commons", pools.Terms(feeds=(("donations", Fraction(1, 5)),)), "UTC", moment("2025-04-01"))
        money.feed("x:1", "donation", 10_000, at, [pool], "UTC")
        for text, by, goal, pledges in (("roof", "c", 6000, {"a": 1600, "b": 1600, "c": 100}), ("van", "b", 1000, {"a": 400, "c": 100})):
            pool.put(by, text, goal, (), at)
            pool.projects[sha(text)].pledges = pledges
        pool.projects[sha("roof")].y, pool.projects[sha("van")].y = 5 << 84, 2 << 84
        self.assertEqual({"roof": 3200, "van": 400}, {text: pool.now(at, {})[sha(text)].matched for text in ("roof", "van")})
        said = pool.share_out(moment("2025-05-01"), {}, money, lambda name: 0)
        self.assertEqual([f"pool-saves commons {sha('roof')} cycles 1", "pool-shared commons projects 0 paid 0 left 2000"], said)

    def test_a_pool_gives_back_its_part_of_what_is_taken_back(self):
        at, money = moment("2025-04-02"), pools.Money()
        pool = pools.Pool("commons", pools.Terms(feeds=(("income", Fraction(1, 3).limit_denominator(3)),)), "UTC", at)
        money.feed("x:1", "dues", 101, at, [pool], "UTC")
        for taken, left in ((1, 33), (1, 33), (98, 0), (1, 0)):
            money.take_back("x:1", taken)
            self.assertEqual(left, pool.left)


class Time(unittest.TestCase):
    def test_a_deadline_is_the_first_instant_after_the_period(self):
        for every, end in (("day", "2025-03-31"), ("week", "2025-03-31"), ("month", "2025-04-01"), ("quarter", "2025-04-01"), ("year", "2026-01-01")):
            self.assertEqual(moment(end), around(every, moment("2025-03-30T12:00:00Z"), "UTC")[1])
        self.assertEqual(moment("2027-03-31T22:00:00Z"), end_of(date(2027, 3, 31), "Europe/Berlin"))

    def test_a_day_whose_midnight_does_not_exist_begins_at_one(self):
        self.assertEqual(moment("2025-04-24T22:00:00Z"), instant(date(2025, 4, 25), "Africa/Cairo"))

    def test_a_cycle_keeps_half_life_and_freeze_of_the_whole_period(self):
        one = Commitment("budget", commitments.Terms(every="quarter"), "UTC", moment("2025-03-20T00:00:00Z"))
        self.assertEqual(90 * DAY, one.length())
        self.assertEqual(90 * DAY // 4, one.half_life())
        self.assertEqual((False, True), (one.frozen(moment("2025-03-23T00:00:00Z")), one.frozen(moment("2025-03-23T00:00:00.000001Z"))))

    def test_a_day_that_has_passed_decides_nothing(self):
        one = Commitment("hall", commitments.Terms(deadline=date(2025, 3, 30)), "UTC", moment("2025-03-31"))
        self.assertEqual((None, ["R125"]), (one.due(), one.propose("m", "late", moment("2025-03-31T01:00:00Z"))))

    def test_another_default_begins_at_nothing_and_an_option_of_its_words_keeps_its_conviction(self):
        terms = lambda line: commitments.Terms(every="month", default=line)
        one = Commitment("budget", terms("rest"), "UTC", moment("2025-03-02"))
        one.propose("m", "paint", moment("2025-03-02"))
        one.options[sha("paint")].entered, one.level[sha("paint")], one.level[one.default] = True, 7, 9
        one.amend(terms("paint"), moment("2025-03-03"))
        self.assertEqual({sha("paint"): 7}, one.level)
        one.amend(terms("other"), moment("2025-03-03"))
        self.assertEqual({sha("other"): 0}, one.level)


class Supplies(unittest.TestCase):
    def test_five_four_and_three_of_eight(self):
        requests = [hours * 3600 for hours in (5, 4, 3)]
        self.assertEqual([0], served(requests, Supply(8 * 3600, "second", "month")))
        self.assertEqual([0, 2], served(requests, Supply(8 * 3600, "second", "month", skips=True)))

    def test_nobody_waits_for_what_can_never_be_served(self):
        self.assertEqual([1, 2], served([9, 5, 3], Supply(8, "unit", "month")))

    def ranking(self, opened, every="month"):
        return Ranking("help", supplies.Terms(Supply(8 * 3600, "second", every)), "UTC", moment(opened))

    def servings(self, one, updates):
        found = []
        for at in updates:
            if one.serves(moment(at)):
                found.append(at)
            one.serve(moment(at))
        return found

    def test_the_first_update_of_each_period_serves(self):
        one = self.ranking("2025-01-10")
        self.assertEqual(["2025-02-03", "2025-03-03"], self.servings(one, ["2025-01-13", "2025-02-03", "2025-02-10", "2025-03-03", "2025-03-10"]))

    def test_months_into_weeks_serve_in_the_next_week(self):
        one = self.ranking("2025-01-10")
        self.servings(one, ["2025-02-03"])
        one.amend(supplies.Terms(Supply(3600, "second", "week")), moment("2025-02-05"))
        self.assertEqual(["2025-02-10"], self.servings(one, ["2025-02-06", "2025-02-10"]))

    def test_taken_away_and_brought_back_within_a_month(self):
        one = self.ranking("2025-01-10")
        one.amend(supplies.Terms(), moment("2025-03-01T01:00:00Z"))
        one.amend(supplies.Terms(Supply(3600, "second", "month")), moment("2025-03-10"))
        self.assertEqual(["2025-04-07"], self.servings(one, ["2025-03-17", "2025-04-07"]))


class Gifts(unittest.TestCase):
    def test_what_counts_and_who_is_a_patron_on_the_tenth_of_march(self):
        terms = releases.Terms(40_000, "month")
        for given, back, counts, patron in (
            ("2025-01-31", None, False, False), ("2025-02-01", None, True, True), ("2025-02-28", "2025-03-09", False, False),
            ("2025-02-28", "2025-03-11", True, True), ("2025-03-01", None, False, True),
        ):
            records, one = Records("UTC"), releases.Releases("UTC", ("donation",), {"tool": terms})
            row = records.add(member="m", kind="donation", amount=40_000, at=moment(given), source="x")
            at = moment("2025-03-10T01:00:00Z")
            if back and moment(back) <= at:
                row.take_back(row.rest())
            self.assertEqual(counts, one.holds(terms, records, at), given)
            self.assertEqual(patron, one.patron("tool", "m", ["m"], records, at), given)

    def test_399_99_is_too_little(self):
        records, one = Records("UTC"), releases.Releases("UTC", ("dues",))
        records.add(member="m", kind="dues", amount=39_999, at=moment("2025-02-01"), source="x")
        at = moment("2025-03-03")
        self.assertEqual((False, True), (one.holds(releases.Terms(40_000), records, at), one.holds(releases.Terms(39_999), records, at)))

    def test_a_day_is_over_in_the_zone(self):
        one = releases.Releases("America/New_York", ())
        terms = releases.Terms(day=date(2025, 3, 31))
        self.assertEqual((False, True), (one.holds(terms, Records("UTC"), moment("2025-04-01T03:59:59Z")), one.holds(terms, Records("UTC"), moment("2025-04-01T04:00:00Z"))))


class Rhythms(unittest.TestCase):
    def test_before_and_after(self):
        rhythm = Rhythm("weekly", 1, 0, 0)
        self.assertEqual(moment("2025-03-31T00:00:00Z") - MICRO * 3600, rhythm.before(moment("2025-04-01"), "Europe/Berlin"))
        self.assertEqual(moment("2025-04-06T23:00:00Z"), rhythm.after(moment("2025-04-01"), "Europe/Berlin"))


if __name__ == "__main__":
    unittest.main()
