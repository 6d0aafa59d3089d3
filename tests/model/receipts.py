#!/usr/bin/env python3
"""Checks the receipt of an act by docs/spec/log.md alone, Receipts.

    receipts.py FILE KEY     KEY as the page of the log has it; exit 1 when the receipt proves nothing
"""

import base64
import hashlib
import sys
from pathlib import Path

import ed25519

HEADER, LONGEST, ED25519 = "c2sp.org/tlog-proof@v1", 4096, b"\x01"


class Wrong(Exception):
    """The receipt proves nothing."""


def need(good, why):
    if not good:
        raise Wrong(why)


def decoded(text):
    """Bytes of base 64 that can be written in no other way."""
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError as why:
        raise Wrong(f"no base 64: {why}") from why
    need(base64.b64encode(value).decode() == text, "another writing of base 64")
    return value


def number_of(text):
    need(text.isascii() and text.isdigit() and str(int(text)) == text, f"`{text}` is no number")
    return int(text)


def joined(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def head_of(leaf, index, size, path):
    """The head over `size` leaves of which `leaf` is at `index`: RFC 6962, section 2.1.1."""
    if size == 1:
        need(not path, "the path is too long")
        return leaf
    need(path, "the path is too short")
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        return joined(head_of(leaf, index, split, path[:-1]), path[-1])
    return joined(path[-1], head_of(leaf, index - split, size - split, path[:-1]))


def key_of(text):
    """Name, id and the 32 bytes of a public key."""
    name, key_id, data = text.split("+", 2)
    raw = decoded(data)
    need(raw[:1] == ED25519 and len(raw) == 33, "no Ed25519 key")
    own = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    need(own.hex() == key_id, "the key has another id")
    return name, own, raw[1:]


def checkpoint_of(note, key):
    """The size and the head that the owner of the key signed."""
    name, key_id, public = key_of(key)
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    origin, size, head = text.split("\n")[:3]
    need(origin == name, "the checkpoint is of another log")
    need(signatures.endswith("\n"), "its end is missing")
    signed = False
    for line in signatures[:-1].split("\n"):
        need(line.startswith("\u2014 ") and line.count(" ") == 2, "no signature")
        signer, value = line[2:].split(" ")
        raw = decoded(value)
        if signer == name and raw[:4] == key_id:
            need(ed25519.verify(public, text.encode(), raw[4:]), "its signature is wrong")
            signed = True
    need(signed, "nobody with this key has signed it")
    return number_of(size), decoded(head)


def verify(text, key):
    """The entry's number, its bytes or None, and its hash."""
    need(len(text.encode()) <= LONGEST, "longer than a receipt")
    need("\n\n" in text, "no receipt")
    lines, note = text.split("\n\n", 1)
    lines = lines.split("\n")
    need(len(lines) >= 3 and lines[0] == HEADER, "no receipt")
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "no receipt")
    extra, index = decoded(lines[1][6:]), number_of(lines[2][6:])
    leaf = extra if len(extra) == 32 else hashlib.sha256(b"\0" + extra).digest()
    path = [decoded(line) for line in lines[3:]]
    need(all(len(one) == 32 for one in path), "no hash")
    need("\n\n" in note, "no checkpoint")
    size, head = checkpoint_of(note, key)
    need(index < size, "the log was shorter")
    need(head_of(leaf, index, size, path) == head, "the entry is not among those that were signed")
    return index + 1, None if len(extra) == 32 else extra, leaf.hex()


def main():
    try:
        number, entry, leaf = verify(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2])
    except (Wrong, ValueError) as why:
        print(f"the receipt is not good: {why}")
        return 1
    print(number, leaf, entry.decode() if entry else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
