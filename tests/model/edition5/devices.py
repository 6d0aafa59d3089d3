"""Signatures of members' devices in a log, by docs/spec/devices.md and docs/spec/log.md alone: who may sign, what was signed, the first wrong
entry, and the grade of each act. It knows no other rules of a co-op."""

import base64
import hashlib
import json

import ed25519

DAY = 86_400_000_000
WEEK = 7 * DAY
MOST_SINCE = 65_536
MEMBER = "m_"


class Wrong(Exception):
    def __init__(self, entry, why):
        super().__init__(f"entry {entry}: {why}")
        self.entry = entry


def written(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def leaf(line):
    return hashlib.sha256(b"\0" + line).hexdigest()


def statement(coop, first, member, authority, signed, head, kind, body, commitments):
    """The bytes that a device signs."""
    return written(
        {
            "statement": "rochdale/act/1",
            "coop": coop,
            "first": first,
            "member": member,
            "authority": authority,
            "device": signed["device"],
            "turn": signed["turn"],
            "after": signed["after"],
            "head": head,
            "until_us": signed["until_us"],
            "kind": kind,
            "body": body,
            "commitments": commitments,
        }
    ).encode()


class Device:
    def __init__(self, member, public, at, acts_from, by):
        self.member, self.public, self.at, self.acts_from = member, public, at, acts_from
        self.by, self.confirmed, self.revoked, self.turn, self.acts = by, {by} - {None}, None, 0, 0


class Reader:
    """Takes the entries of one log in order."""

    def __init__(self):
        self.entries, self.devices, self.only, self.left = [], {}, set(), set()
        self.unsigned, self.desk, self.ballots = 0, 0, {}

    def of(self, member):
        return {number: one for number, one in self.devices.items() if one.member == member}

    def take(self, line):
        entry = json.loads(line)
        seq = len(self.entries) + 1
        wrong = lambda why: Wrong(seq, why)
        if self.entries and entry["prev"] != self.entries[-1][0]:
            raise wrong("the chain breaks")
        version, signed = entry["v"], entry.get("signed")
        if ("signed" in entry) != (version == 2):
            raise wrong("the form of another version")
        if version == 2:
            self.judge(entry, signed, wrong)
        if entry["kind"] == "end_membership":
            for one in self.of(entry["body"]["member"]).values():
                one.revoked = one.revoked or entry["time_us"]
            self.only.discard(entry["body"]["member"])
        self.entries.append((leaf(line), entry["time_us"], entry["rules"]))

    def judge(self, entry, signed, wrong):
        kind, body, at = entry["kind"], entry["body"], entry["time_us"]
        seq = len(self.entries) + 1
        desk = entry["authority"] == "desk" or entry["authority"].startswith("desk ")
        by_member = entry["actor"].startswith(MEMBER) and not desk
        named = entry["actor"] if entry["actor"].startswith(MEMBER) else body.get("member") if desk else None
        if signed is None:
            if named in self.only and kind != "revoke_device":
                raise wrong("unsigned, where signed acts only are taken")
            if kind in ("enrol_device", "confirm_device", "sign_only"):
                raise wrong(f"{kind} without a signature")
            if kind == "revoke_device":
                self.revoke(body, at, wrong)
            self.desk += desk
            self.unsigned += by_member
            if kind == "cast_ballot":
                self.ballots.pop(self.ballot(body), None)
            return
        if not by_member:
            raise wrong("signed, and not by a member")
        member, itself = entry["actor"], signed["device"] == 0 and kind == "enrol_device"
        if at >= signed["until_us"] or signed["until_us"] > at + DAY:
            raise wrong("not in its time")
        if itself:
            key, expected = body["public"], f"0/{body['public']}"
        else:
            device = self.devices.get(signed["device"])
            if device is None or device.member != member:
                raise wrong("an unknown device")
            if device.revoked is not None or device.acts_from > at or signed["turn"] <= device.turn:
                raise wrong("a device that does not sign, or an old turn")
            key, expected = device.public, f"{signed['device']}/{signed['turn']}"
        if entry["key"] != expected:
            raise wrong("another key than device and turn make")
        after = signed["after"]
        if not 1 <= after < seq or seq - after > MOST_SINCE:
            raise wrong("it saw no entry of late")
        rules = self.entries[after][2] if after < len(self.entries) else entry["rules"]
        if rules != entry["rules"]:
            raise wrong("the rules changed since it was signed")
        if kind == "enrol_device" and not self.is_key(body["public"]):
            raise wrong("no key")
        said = statement(
            entry["coop"], self.entries[0][0], member, entry["authority"], signed, self.entries[after - 1][0], kind, body, entry["commitments"]
        )
        if not ed25519.verify_strictly(bytes.fromhex(key), said, base64.b64decode(signed["sig"])):
            raise wrong("a false signature")
        self.act(kind, body, member, None if itself else signed["device"], at, seq, wrong)
        if itself:
            self.unsigned += 1
        else:
            self.devices[signed["device"]].turn = signed["turn"]
            self.devices[signed["device"]].acts += 1
        if kind == "cast_ballot":
            self.ballots[self.ballot(body)] = signed["device"]

    @staticmethod
    def ballot(body):
        return body["member"], body["decision"], body.get("item"), body.get("against", False)

    @staticmethod
    def is_key(public):
        point = ed25519.decompress(bytes.fromhex(public))
        return point is not None and not ed25519.is_small(point)

    def act(self, kind, body, member, device, at, seq, wrong):
        if kind == "enrol_device":
            own = self.of(member)
            if any(one.public == body["public"] for one in self.devices.values()):
                raise wrong("a key that was enrolled before")
            if sum(one.revoked is None for one in own.values()) >= 16:
                raise wrong("too many devices")
            if device is None and member in self.only:
                raise wrong("a key alone, where signed acts only are taken")
            at_once = not own or device is not None
            self.devices[seq] = Device(member, body["public"], at, at if at_once else at + WEEK, device)
        elif kind == "confirm_device":
            one = self.devices.get(body["device"])
            if one is None or one.revoked is not None or device == body["device"] or device in one.confirmed:
                raise wrong("it confirms nothing")
            older = one.member == member
            if older and device > body["device"]:
                raise wrong("a newer device confirms no older one")
            one.confirmed.add(device)
            if older:
                one.acts_from = min(one.acts_from, at)
        elif kind == "revoke_device":
            self.revoke(body, at, wrong)
        elif kind == "sign_only":
            if (member in self.only) == body["on"]:
                raise wrong("so already")
            (self.only.add if body["on"] else self.only.discard)(member)

    def revoke(self, body, at, wrong):
        one = self.devices.get(body["device"])
        if one is None or one.member != body["member"] or one.revoked is not None:
            raise wrong("it revokes nothing")
        one.revoked = at

    def known(self, trusted):
        """The devices that lead to the first ones of members whom the reader knows."""
        known = {min(self.of(member), default=0) for member in trusted} - {0}
        while True:
            more = {number for number, one in self.devices.items() if number not in known and one.confirmed & known}
            if not more:
                return known
            known |= more

    def grades(self, trusted):
        known = self.known(trusted)
        acts = lambda inside: sum(one.acts for number, one in self.devices.items() if (number in known) == inside)
        return {"confirmed": acts(True), "signed": acts(False), "servers_word": self.unsigned, "desk": self.desk}


def read(lines):
    """Reads the entries of an exported log, documents left out."""
    reader = Reader()
    for line in lines:
        if line and not line.startswith(b'{"document":"'):
            reader.take(line)
    return reader
