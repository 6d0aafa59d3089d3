"""Forks, by docs/spec/fork.md: the beginning of a new co-op's log, the share of the money, and the signed pointer."""

import base64
import hashlib

import ed25519
from rochdale_model import iso

MOST = 10**15


def whole_share(booked):
    """Returns the money that can be divided: {account: sum in minor units} → minor units."""
    of = lambda kind: {name: minor for name, minor in booked.items() if name.startswith(kind + ":")}
    net = sum(of("assets").values()) + sum(of("liabilities").values())
    return max(0, min(net, sum(minor for minor in of("assets").values() if minor > 0), MOST))


def share(booked, treasury, going, weights, members):
    """Minor units that go along; weights are {member: micro-weights} of those who are members."""
    balance = whole_share(booked)
    if treasury == "by head":
        return balance * len(going) // len(members) if members else 0
    if treasury == "none":
        return 0
    whole = sum(weights.get(member, 0) for member in members)
    return balance * sum(weights.get(member, 0) for member in going) // whole if whole else 0


def taken_from(booked, amount):
    """Returns {asset account: minor units taken}: in proportion to the balances, largest remainder, the earlier name first."""
    there = {name: booked[name] for name in sorted(booked) if name.startswith("assets:") and booked[name] > 0}
    whole = sum(there.values())
    if not amount:
        return {}
    taken = {name: amount * minor // whole for name, minor in there.items()}
    left = amount - sum(taken.values())
    for name in sorted(there, key=lambda name: (-(amount * there[name] % whole), name))[:left]:
        taken[name] += 1
    return {name: minor for name, minor in taken.items() if minor}


def beginning(old, fork, going, carries, lists, kernel_lists, amount, at):
    """[(kind, body)] that follow `found` in the new log. `old` are the old log's entries, `going` pseudonyms in order of admission."""
    acts = []
    if "register" in carries:
        admitted = [e["body"]["proposed"] if e["kind"] == "propose_act" else {"act": e["kind"], **e["body"]} for e in old]
        organisations = {act["member"]: act["organisation"] for act in admitted if act["act"] == "admit_member"}
        acts += [("admit_member", {"member": member, "organisation": organisations[member]}) for member in going]
        for name in sorted(kernel_lists):
            acts += [("add_to_list", {"list": name, "member": member}) for member in going if member in lists.get(name, ())]
    if "register" in carries and "ledger" in carries:
        sources = set()
        for entry in old:
            body = entry["body"]
            if entry["kind"] == "record_support" and body["member"] in going:
                sources.add(body["source"])
                acts.append((entry["kind"], body))
            elif entry["kind"] == "reverse_support" and body["of"] in sources:
                acts.append((entry["kind"], body))
    if amount:
        postings = [{"account": f"assets:fork:{fork}", "minor": amount}, {"account": f"equity:fork:{fork}", "minor": -amount}]
        acts.append(("book_entry", {"at": iso(at), "currency": "USD", "postings": postings}))
    return acts


# The pointer.


def joined(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_head(leaves):
    """The Merkle tree hash of RFC 6962, section 2.1, over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return joined(tree_head(leaves[:middle]), tree_head(leaves[middle:]))


def last_path(leaves):
    """The audit path of the last leaf, from the leaf up."""
    if len(leaves) == 1:
        return []
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return last_path(leaves[middle:]) + [tree_head(leaves[:middle])]


def wrong_pointer(pointer, lines):
    """Returns the mistake in a pointer into an old log of these exact lines, or None."""
    leaves = [hashlib.sha256(b"\x00" + line).digest() for line in lines[: pointer["entry"]]]
    text, _, signatures = pointer["checkpoint"].partition("\n\n")
    origin, size, head = (text + "\n").split("\n")[:3]
    if origin != "rochdale/" + pointer["coop"] or size != str(pointer["entry"]) or size != str(len(leaves)):
        return "origin or size"
    if base64.b64decode(head, validate=True) != tree_head(leaves):
        return "head"
    if pointer["hash"] != leaves[-1].hex() or pointer["proof"] != [one.hex() for one in last_path(leaves)]:
        return "path"
    key, lines_of = bytes.fromhex(pointer["key"]), signatures.split("\n")
    if len(lines_of) < 2 or not lines_of[0].startswith(f"— {origin} "):
        return "signed line"
    blob = base64.b64decode(lines_of[0].rsplit(" ", 1)[1], validate=True)
    if blob[:4] != hashlib.sha256(origin.encode() + b"\n\x01" + key).digest()[:4]:
        return "key's id"
    return None if ed25519.verify(key, (text + "\n").encode(), blob[4:]) else "signature"
