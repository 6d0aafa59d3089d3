"""The tables of docs/spec/support.md and docs/spec/powers.md for edition 3, worked out by the model."""

import sys
import unittest
from datetime import date
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition3.records import Records, first_moment
from edition3.rules import Kernel, over
from edition3.weights import DAY, MICRO, Class, Sum, Weigher

LAST = ("last", 1, "month")


def day(text):
    return first_moment(date.fromisoformat(text), "UTC")


def gave(records, kind, amount, on, **more):
    return records.add(member="m", kind=kind, amount=amount, at=day(on), source=f"x:{len(records.rows)}", **more)


def house(founding=None):
    one = Class("patrons", "{0} / 1 USD", [Sum("donated", LAST)], lambda s, p: over(s[0], 100))
    return Weigher(Kernel([one], founding=founding))


class Worked(unittest.TestCase):
    def borne_out(self, gifts):
        records = Records("UTC")
        for amount, on, back in gifts:
            row = gave(records, "donation", amount, on)
            if back:
                row.take_back(back)
        return lambda on: records.borne_out("m", 1000, day(on))

    def test_own_pledges(self):
        for gifts, months in (([], [0, 0, 0]), ([(400, "2025-01-05", 0)], [400, 400, 0]), ([(2500, "2025-01-05", 0)], [1000, 1000, 0])):
            counts = self.borne_out(gifts)
            self.assertEqual(months, [counts(on) for on in ("2025-01-20", "2025-02-20", "2025-03-20")])
        self.assertEqual(300, self.borne_out([(2500, "2025-01-05", 2200)])("2025-02-20"))

    def test_services(self):
        records = Records("UTC")
        gave(records, "purchase", 10_000, "2025-01-05", service="food")
        gave(records, "purchase", 5_000, "2025-01-05")
        self.assertEqual((150, 100), (records.ever("m", "purchase", day("2025-02-01")), records.ever("m", "purchase", day("2025-02-01"), "food")))

    def test_a_pledge_lapses_and_comes_back(self):
        records = Records("UTC")
        gave(records, "pledge", 1000, "2025-01-01", series="a", stands=12)
        later = gave(records, "pledge", 400, "2025-02-01", series="a")
        self.assertEqual([400, 400, 0], [records.pledged("m", day(on)) for on in ("2025-02-10", "2025-03-10", "2025-04-10")])
        later.take_back(400)
        self.assertEqual(1000, records.pledged("m", day("2025-04-10")))

    def test_parts_and_refunds(self):
        records = Records("UTC")
        row = gave(records, "donation", 10_000, "2025-01-05", parts=12)
        self.assertEqual([834] * 4 + [833] * 8, row.left)
        row.take_back(5_000)
        self.assertEqual([417] * 4 + [416] * 4 + [417] * 4, row.left)
        row.take_back(5_000)
        self.assertEqual([0] * 12, row.left)

    def test_a_silent_bank(self):
        records, weigher = Records("UTC"), house()
        gave(records, "donation", 5_000, "2025-01-20")
        weight = {}
        for week in range(20):
            at = day("2025-02-03") + week * 7 * DAY
            weight[at] = weigher.update(at, ["m"], {}, records, {}, {}, 0, [])["m"][0]
            if week == 0:
                weigher.hear("bank", ("donation",), 31, at + DAY)
        held = lambda on: weight[day(on)] // MICRO
        self.assertEqual([50, 0, 50, 50, 0], [held(on) for on in ("2025-02-10", "2025-03-03", "2025-03-10", "2025-05-05", "2025-05-12")])

    def test_founders_until_two_members_have_weight_three_times(self):
        records, weigher, people = Records("UTC"), house(founding=1), ["f", "m", "n"]
        seen = []
        for week in range(7):
            if week == 2:
                for member in "mn":
                    records.add(member=member, kind="donation", amount=100, at=day("2025-01-02"), source=f"{member}", parts=12)
            at = day("2025-02-03") + week * 7 * DAY
            seen.append(weigher.update(at, people, {}, records, {}, {}, day("2025-01-01"), ["f"])["f"][0] // MICRO)
        self.assertEqual([1, 1, 1, 1, 0, 0, 0], seen)


if __name__ == "__main__":
    unittest.main()
