#!/usr/bin/env python3
"""Checks an exported log by docs/spec/log.md alone, and names the first wrong entry.

    verify_log.py FILE [--head SEQ:HASH]     checks the file; exit 1 when something is wrong
    verify_log.py FILE --tamper N [--seed S] makes N tampered copies in memory and checks that each is refused

The last line is `N passed, N failed`: entries and documents, or tampered copies.
"""

import argparse
import hashlib
import json
import random
import sys

FIELDS = "v coop seq prev time_us kind rules actor authority nonce key body commitments".split()
DOCUMENT = b'{"document":"'
ZEROS = "0" * 64


class Wrong(Exception):
    """A mistake, and its entry (None: a document)."""

    def __init__(self, entry, why):
        super().__init__(f"entry {entry}: {why}" if entry else why)
        self.entry = entry


def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def not_whole(text):
    raise ValueError(f"{text} is not a whole number")


def read(line):
    """Returns the value of a line, if it is in canonical form."""
    value = json.loads(line.decode("utf-8"), object_pairs_hook=once, parse_float=not_whole, parse_constant=not_whole)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    if json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8") != line:
        raise ValueError("another writing than the one allowed")
    return value


def leaf(line):
    return hashlib.sha256(b"\0" + line).hexdigest()


def is_hash(value):
    return isinstance(value, str) and len(value) == 64 and all(c in "0123456789abcdef" for c in value)


def is_whole(value, low, high):
    return type(value) is int and low <= value <= high


def values_fit(value, depth):
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return depth <= 32 and all(values_fit(one, depth + 1) for one in inner)
    return type(value) is not int or -(2**63) <= value < 2**64


def entry_form(line):
    """Returns an entry's fields; ValueError names the mistake in its form."""
    if len(line) > 65_535:
        raise ValueError("longer than 65,535 bytes")
    entry = read(line)
    names = [name.encode() for name in entry["commitments"]] if isinstance(entry.get("commitments"), dict) else []
    rules = {
        "fields": lambda: list(entry) == FIELDS + ["signed"] * (entry["v"] == 2),
        "v": lambda: is_whole(entry["v"], 1, 2),
        "seq": lambda: is_whole(entry["seq"], 1, 2**63 - 1),
        "prev": lambda: is_hash(entry["prev"]),
        "time_us": lambda: is_whole(entry["time_us"], -(2**63), 2**63 - 1),
        "rules": lambda: is_hash(entry["rules"]),
        "a text": lambda: all(isinstance(entry[n], str) for n in ("coop", "kind", "actor", "authority", "nonce", "key")),
        "body": lambda: isinstance(entry["body"], dict) and values_fit(entry["body"], 1),
        "commitments": lambda: isinstance(entry["commitments"], dict)
        and names == sorted(names)
        and all(map(is_hash, entry["commitments"].values())),
    }
    for name, holds in rules.items():
        if not holds():
            raise ValueError(f"its form: {name}")
    return entry


def documents_and_entries(content):
    """The file's entry lines; checks documents on the way."""
    entries, documents = [], {}
    *lines, rest = content.split(b"\n")
    for line in lines:
        if not line.startswith(DOCUMENT):
            entries.append(line)
            continue
        try:
            document = read(line)
            if list(document) != ["document", "text"] or not isinstance(document["text"], str):
                raise ValueError("its form")
            if hashlib.sha256(document["text"].encode()).hexdigest() != document["document"]:
                raise ValueError("its text has another hash")
            if document["document"] in documents:
                raise ValueError("it occurs twice")
        except (ValueError, RecursionError) as why:
            raise Wrong(None, f"the document before entry {len(entries) + 1}: {why}") from None
        documents[document["document"]] = len(entries)
    cut = Wrong(len(entries) + 1, "the file ends within a line") if rest else None
    return entries, documents, cut


def check_chain(lines, head=None):
    """Checks the entries; returns (number, last hash)."""
    coop, time, keys, before = None, -(2**63), {}, (None, None)
    last = ZEROS
    for place, line in enumerate(lines, start=1):
        try:
            entry = entry_form(line)
        except (ValueError, RecursionError) as why:
            raise Wrong(place, str(why)) from None
        if entry["seq"] != place:
            claims_place_before = before == (entry["seq"], entry["prev"]) and line != lines[place - 2]
            raise Wrong(place - 1 if claims_place_before else place, f"number {entry['seq']} stands in its place")
        if entry["prev"] != last:
            raise Wrong(broken_link(lines, place, head), "the chain breaks here")
        if coop not in (None, entry["coop"]):
            raise Wrong(place, "another co-op")
        if entry["time_us"] < time:
            raise Wrong(place, "its time is before that of the entry before")
        if entry["key"] and entry["key"] in keys:
            raise Wrong(place, f"its key is that of entry {keys[entry['key']]}")
        keys[entry["key"]] = place
        coop, time, before, last = entry["coop"], entry["time_us"], (entry["seq"], entry["prev"]), leaf(line)
    if head and head != (len(lines), last):
        raise Wrong(min(len(lines), head[0]) + (len(lines) != head[0]), "the log does not end at the head that is known")
    return len(lines), last


def broken_link(lines, place, head):
    """Returns which of two entries was changed, when the later does not name the earlier's hash; the earlier where nothing shows it."""
    hash_here = leaf(lines[place - 1])
    if place < len(lines):
        try:
            named = read(lines[place]).get("prev")
        except (ValueError, RecursionError):
            named = None
    else:
        named = head[1] if head else None
    return place - 1 if named in (hash_here, None) and place > 1 else place


def verify(content, head=None):
    entries, documents, cut = documents_and_entries(content)
    result = check_chain(entries, None if cut else head)
    if cut:
        raise cut
    return (*result, len(documents))


def tampered(content, draw):
    """A copy with one fault: (its bytes, what was done, the entries that may be named)."""
    lines = content.split(b"\n")[:-1]
    number, seen = {}, 0
    for index, line in enumerate(lines):
        if not line.startswith(DOCUMENT):
            seen += 1
            number[index] = seen
    places = sorted(number)
    fault = draw.choice(["edit", "edit-and-rehash", "delete", "insert", "swap", "cut", "copy"])
    index = draw.choice(places)
    seq = number[index]
    if fault == "edit":
        old = lines[index]
        at = draw.randrange(len(old))
        lines[index] = old[:at] + bytes([old[at] ^ (1 << draw.randrange(7))]) + old[at + 1 :]
        if b"\n" in lines[index] or lines[index].startswith(DOCUMENT):
            return tampered(content, draw)
    elif fault == "edit-and-rehash":
        entry = json.loads(lines[index])
        entry["actor"] += "x"
        lines[index] = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    elif fault == "delete":
        del lines[index]
    elif fault == "insert":
        entry = json.loads(lines[index])
        entry["nonce"], entry["key"] = "forged", ""
        lines.insert(index + 1, json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode())
    elif fault == "copy":
        lines.insert(index + 1, lines[index])
        seq += 1
    elif fault == "swap":
        if index == places[-1]:
            return tampered(content, draw)
        other = places[places.index(index) + 1]
        lines[index], lines[other] = lines[other], lines[index]
    if fault == "cut":
        keep = b"".join(line + b"\n" for line in lines[:index])
        return keep + lines[index][: draw.randrange(1, len(lines[index]))], fault, {seq}
    return b"".join(line + b"\n" for line in lines), fault, {seq}


def tamper(content, times, seed, head):
    """Tries tampered copies against the head of the true log."""
    draw, passed, failed = random.Random(seed), 0, 0
    for turn in range(times):
        copy, fault, expected = tampered(content, draw)
        try:
            verify(copy, head)
            named = "nothing"
        except Wrong as wrong:
            named = wrong.entry
        if named in expected:
            passed += 1
        else:
            failed += 1
            print(f"seed {seed}, copy {turn}: {fault} of entry {expected}, named {named}")
    return passed, failed


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file")
    arguments.add_argument("--head")
    arguments.add_argument("--tamper", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with open(given.file, "rb") as file:
        content = file.read()
    head = None
    if given.head:
        number, _, last = given.head.partition(":")
        head = (int(number), last)
    passed, failed = 0, 0
    try:
        number, last, documents = verify(content, head)
        passed = number + documents
        print(f"{number} entries, {documents} documents, last hash {last}")
        if given.tamper and number:
            more = tamper(content, given.tamper, given.seed, (number, last))
            passed, failed = passed + more[0], failed + more[1]
    except Wrong as wrong:
        failed = 1
        print(f"wrong: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
