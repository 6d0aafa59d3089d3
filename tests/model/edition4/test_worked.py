"""The examples of docs/spec, by the model alone."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition4.credit import credit

EXAMPLE = {
    "people": ["a", "b"],
    "commits": [
        {"id": "c1", "author": "a", "week": 0, "parents": []},
        {"id": "c2", "author": "b", "week": 0, "parents": ["c1"]},
        {"id": "c3", "author": "a", "week": 2, "parents": ["c2"]},
        {"id": "c4", "author": "b", "week": 2, "parents": ["c1", "c3"]},
    ],
    "weeks": 3,
}


class Credit(unittest.TestCase):
    def test_the_example_of_the_chapter(self):
        found = credit(EXAMPLE)
        self.assertAlmostEqual(sum(found["a"]), 2.529269647228, 12)
        self.assertAlmostEqual(sum(found["b"]), 1.470730352772, 12)

    def test_who_passes_everything_on_keeps_nothing(self):
        commits = [{"id": "c", "author": "a", "week": 1}]
        shared = [{"from": "a", "to": "b", "week": 0, "share": "1"}]
        found = credit({"people": ["a", "b"], "commits": commits, "weeks": 3, "attributions": shared})
        self.assertAlmostEqual(sum(found["a"]), 0.0, 12)
        self.assertAlmostEqual(sum(found["b"]), 1.0, 12)
        # From week 2 on a keeps what that week pays: a sixth.
        found = credit({"people": ["a", "b"], "commits": commits, "weeks": 3, "attributions": shared + [{**shared[0], "week": 2, "share": "0"}]})
        self.assertAlmostEqual(sum(found["a"]), 1 / 6, 12)


if __name__ == "__main__":
    unittest.main()
