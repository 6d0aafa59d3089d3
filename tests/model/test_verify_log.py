"""The log's verifier on the example of docs/spec/log.md, whole and tampered with."""

import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import verify_log

SPEC = Path(__file__).resolve().parents[2] / "docs" / "spec" / "log.md"
EXAMPLE = re.search(r"```log\n(.*?)```", SPEC.read_text(encoding="utf-8"), re.S).group(1).encode()
PROGRAM = re.search(r"```python\n(.*?)```", SPEC.read_text(encoding="utf-8"), re.S).group(1)
LAST = "20cd51f02d9d586ed1bb16c70505920c245ce6d1dd0a0a450c4e09556b42f5ff"


def long_log(number):
    """A valid log of entries that differ in time and key."""
    entry, prev, lines = json.loads(EXAMPLE.split(b"\n")[2]), verify_log.ZEROS, []
    for seq in range(1, number + 1):
        entry.update(seq=seq, prev=prev, key=f"k-{seq}", time_us=entry["time_us"] + seq)
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode())
        prev = verify_log.leaf(lines[-1])
    return lines, prev


class Log(unittest.TestCase):
    def wrong(self, lines, head=None):
        with self.assertRaises(verify_log.Wrong) as caught:
            verify_log.verify(b"".join(line + b"\n" for line in lines), head)
        return caught.exception.entry

    def test_the_example_of_the_specification(self):
        self.assertEqual(verify_log.verify(EXAMPLE), (3, LAST, 2))
        self.assertEqual(verify_log.verify(b""), (0, verify_log.ZEROS, 0))

    def test_the_program_of_the_specification(self):
        program = {"__name__": "program"}
        exec(PROGRAM, program)
        lines = EXAMPLE.split(b"\n")[:-1]
        self.assertEqual(program["verify"](lines), (3, LAST))
        for number in range(len(lines)):
            changed = [*lines[:number], lines[number].replace(b"e", b"E", 1), *lines[number + 1:]]
            with self.assertRaises((AssertionError, ValueError)):
                program["verify"](changed)

    def test_tampered_copies_are_refused_and_the_entry_named(self):
        lines, last = long_log(30)
        content = b"".join(line + b"\n" for line in lines)
        self.assertEqual(verify_log.verify(content, (30, last)), (30, last, 0))
        self.assertEqual(verify_log.tamper(content, 500, 7, (30, last)), (500, 0))

    def test_the_first_wrong_entry(self):
        lines, last = long_log(5)
        self.assertEqual(self.wrong(lines[:2] + lines[3:]), 3)
        self.assertEqual(self.wrong([lines[0], lines[2], lines[1], *lines[3:]]), 2)
        self.assertEqual(self.wrong(lines[:4], (5, last)), 5)
        changed = lines[2].replace(b'"demonstration":false', b'"demonstration":true')
        self.assertEqual(self.wrong([*lines[:2], changed, *lines[3:]]), 3)
        self.assertEqual(self.wrong([*lines[:3], lines[2].replace(b"k-3", b"k-x"), *lines[3:]]), 3)

    def test_the_earlier_of_two_is_named_where_nothing_follows(self):
        lines, last = long_log(5)
        changed = [*lines[:3], lines[3].replace(b"k-4", b"k-x"), lines[4]]
        self.assertEqual(self.wrong(changed), 4)
        self.assertEqual(self.wrong(changed, (5, last)), 4)
        unlinked = [*lines[:4], lines[4].replace(verify_log.leaf(lines[3]).encode(), b"1" * 64)]
        self.assertEqual(self.wrong(unlinked), 4)  # without the head nothing shows that it was the last
        self.assertEqual(self.wrong(unlinked, (5, last)), 5)

    def test_other_writings_are_refused(self):
        first = EXAMPLE.split(b"\n")[2]
        for old, new in [
            (b'"seq":1', b'"seq": 1'), (b'"seq":1', b'"seq":01'), (b'"seq":1', b'"seq":1.0'), (b'"v":1', b'"v":true'),
            (b'"nonce":""', b'"nonce":"\\/"'), (b'"nonce":""', b'"nonce":"\\u00e9"'), (b'"nonce":""', b'"nonce":"\\ud800"'),
            (b'"body":{', b'"body":{"a":1,"a":1,'), (b'"body":{', b'"body":{"a":18446744073709551616,'),
            (b'"body":{', b'"body":{"a":-0,'), (b'"body":{', b'"body":{"a":' + b"[" * 32 + b"]" * 32 + b","),
            (b'"commitments":{}', b'"commitments":{},"more":1'), (b'"coop":"c_38wheqj84186n",', b""),
            (b'"commitments":{}', b'"commitments":{"b":"' + b"0" * 64 + b'","a":"' + b"0" * 64 + b'"}'),
        ]:
            self.assertIn(old, first)
            self.assertEqual(self.wrong([first.replace(old, new)]), 1, new)
        deep = first.replace(b'"body":{', b'"body":{"a":' + b"[" * 31 + b"]" * 31 + b",")
        self.assertEqual(verify_log.verify(deep + b"\n")[0], 1)

    def test_a_document_with_another_text_is_wrong(self):
        self.assertIsNone(self.wrong(EXAMPLE.replace(b'"text":"the kernel"', b'"text":"a kernel"').split(b"\n")[:-1]))


if __name__ == "__main__":
    unittest.main()
