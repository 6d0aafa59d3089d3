"""The model of pools has the hand-worked numbers of docs/spec/pools.md."""

import unittest
from decimal import Decimal, getcontext
from fractions import Fraction

from edition4 import funding


class Worked(unittest.TestCase):
    def test_a_hundred_digits(self):
        getcontext().prec = 130
        for sums in [[100, 100, 100], [30, 20], [2, 8], [894640284214750, 954037576451115], [7, 11, 13, 10**12]]:
            roots = sum(Decimal(c).sqrt() for c in sums)
            ours = funding.plain(sums)
            theirs = Fraction(roots * roots - sum(sums))
            self.assertLess(abs(ours - theirs), Fraction(1, 10**70))

    def test_a_pool_of_a_thousand(self):
        rows = [("big", 900, [100] * 3, 200), ("tests", 400, [25] * 4, 30), ("docs", 100, [10] * 4, 5), ("site", 50, [30, 20], Fraction(1, 2))]
        projects = [funding.Project(name, place, goal, sums, conviction) for place, (name, goal, sums, conviction) in enumerate(rows)]
        order, paid, left = funding.cycle(1000, "strict", 0, projects)
        self.assertEqual(order, ["site", "big", "tests", "docs"])
        self.assertEqual(([row[1] for row in paid], left), ([0, 600, 300, 60], 40))
        self.assertEqual([one.name for one in funding.scaled(1000, projects)], ["big", "docs", "site"])

    def test_pairs_groups_crowds_and_surplus(self):
        two = {"a": {1: 25, 2: 25}, "b": {1: 100, 2: 25}}
        self.assertEqual(funding.pairwise(two, Fraction(25)), {"a": Fraction(25, 2), "b": 25})
        value = funding.connected({0: 10, 1: 20}, [{0, 1}, {1, 2}])
        self.assertEqual(funding.floor(value, 10**9), 6_948_688_455)
        self.assertEqual(funding.connected({0: 4, 1: 5, 2: 16, 7: 1}, [{0, 1}, {2}]), 38)
        self.assertEqual(funding.crowd(1, [3, 1, 10, 2]), {"active": [0, 2], "each_pays": 2, "total": 4})
        self.assertEqual(funding.surplus(99_999, [12, 7, 7, 0, 1]), [44_444, 25_926, 25_926, 0, 3_703])
        self.assertEqual(funding.capped({"a": 700, "b": 200, "c": 100}, 1000, Fraction(35, 100)), {"a": 350, "b": 350, "c": 300})


if __name__ == "__main__":
    unittest.main()
