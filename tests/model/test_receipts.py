"""The receipt of docs/spec/log.md, whole and changed, by a second verifier; and a thousand of trees that are made here."""

import hashlib
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import receipts

SPEC = (Path(__file__).resolve().parents[2] / "docs" / "spec" / "log.md").read_text(encoding="utf-8")
RECEIPT = re.search(r"```receipt\n(.*?)```", SPEC, re.S).group(1)
KEY = re.search(r"`(rochdale/c_38wheqj84186n\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)`", SPEC).group(1)
ENTRY = re.search(r"```log\n(.*?)```", SPEC, re.S).group(1).encode().split(b"\n")[4]


def tree(leaves):
    """The head of RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return receipts.joined(tree(leaves[:split]), tree(leaves[split:]))


def path(index, leaves):
    """The audit path of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return path(index, leaves[:split]) + [tree(leaves[split:])]
    return path(index - split, leaves[split:]) + [tree(leaves[:split])]


class Receipts(unittest.TestCase):
    def test_the_receipt_of_the_specification(self):
        self.assertEqual(receipts.verify(RECEIPT, KEY), (3, ENTRY, hashlib.sha256(b"\0" + ENTRY).hexdigest()))

    def test_changed_receipts_are_refused(self):
        for place in range(0, len(RECEIPT), 3):
            for letter in "A0\n":
                changed = RECEIPT[:place] + letter + RECEIPT[place + 1 :]
                if changed != RECEIPT:
                    with self.assertRaises((receipts.Wrong, ValueError), msg=f"{place} {letter!r}"):
                        receipts.verify(changed, KEY)
        for changed in (RECEIPT[:-1], RECEIPT.replace("index 2", "index 1"), RECEIPT.replace("index 2", "index 02"), ""):
            with self.assertRaises((receipts.Wrong, ValueError)):
                receipts.verify(changed, KEY)

    def test_a_thousand_paths(self):
        tried = 0
        for size in range(1, 46):
            leaves = [hashlib.sha256(b"\0" + bytes([number])).digest() for number in range(size)]
            head = tree(leaves)
            for index in range(size):
                way = path(index, leaves)
                self.assertEqual(receipts.head_of(leaves[index], index, size, way), head)
                if size > 1:
                    self.assertNotEqual(receipts.head_of(leaves[index - 1], index, size, way), head)
                tried += 1
        self.assertEqual(tried, 1035)


if __name__ == "__main__":
    unittest.main()
