#!/usr/bin/env python3
"""Compares what a binary takes of signed acts, and what it says of a log with them, with a verifier that was written from the specification.

    python3 tests/model/edition5/check_devices.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED]

Each history is a co-op whose members enrol, confirm, revoke, sign, and try what an honest device never does. Every answer is compared, and
so is the verdict on the log, on grades of acts for readers who know some members, and on copies in which an operator has changed an entry
and written all later ones anew.
"""

import base64
import hashlib
import json
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import ed25519
from edition5.devices import DAY, WEEK, Reader, Wrong, leaf, read, statement, written
from harness import Failed, Folder, Tally, binary_of, on_all_processors, run, seeds_of

KERNEL = """```charter
kernel {
    name "devices"
    purpose "Sign"
    currency "USD"
    time-zone "UTC"
    class "members" { weight "1" }
    votes "quadratic"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    amend "never"
}
```
"""
OFFICES = 40
CONSTITUTION = "```charter\n" + "".join(f'office "office-{number}" settles-in="14 days"\n' for number in range(OFFICES)) + "```\n"
START = 1_735_689_600_000_000
SMALL = ["01" + "00" * 31, "ec" + "ff" * 30 + "7f", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"]


def iso(at):
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Play:
    def __init__(self, binary, seed, folder, tally):
        self.binary, self.seed, self.tally = binary, seed, tally
        self.draw = random.Random(f"devices {seed}")
        self.home, self.file = folder / "home", folder / "acts.jsonl"
        self.at, self.secrets, self.stood = START, {}, 0

    def found(self):
        run(self.binary, "init", self.home, "--template", "club", "--name", "devices", "--edition", "5", "--open")
        (self.home / "kernel.md").write_text(KERNEL)
        (self.home / "constitution.md").write_text(CONSTITUTION)
        self.members = [f"m_{number:013d}" for number in range(1, self.draw.randint(3, 6))]
        self.hand([{"act": "admit_member", "member": member, "organisation": False} for member in self.members])
        self.log = self.exported()

    def hand(self, acts):
        self.file.write_text("".join(json.dumps(act) + "\n" for act in acts))
        told = run(self.binary, "act", self.home, "--file", self.file, "--at", iso(self.at), expect=None)
        return [json.loads(line) for line in told.splitlines()]

    def exported(self):
        text = run(self.binary, "export", self.home, "--format", "log", "--all").encode()
        return [line for line in text.split(b"\n") if line and not line.startswith(b'{"document":"')]

    def secret(self):
        secret = self.draw.randbytes(32)
        public = ed25519.public_key(secret).hex()
        self.secrets[public] = secret
        return public

    def signed(self, act, member, device, turn, public, **changed):
        """A signature over an act, honest but for what is changed."""
        after = changed.get("after", len(self.log))
        until = changed.get("until", self.at + self.draw.choice([1, 600_000_000, DAY]))
        signed = {"device": device, "turn": turn, "after": after, "until_us": until}
        body = {name: value for name, value in act.items() if name != "act"}
        head = leaf(self.log[after - 1]) if 0 < after <= len(self.log) else "0" * 64
        said = statement(
            changed.get("coop", json.loads(self.log[0])["coop"]),
            changed.get("first", leaf(self.log[0])),
            member, "member", signed, changed.get("head", head), act["act"], changed.get("body", body), {},
        )
        sig = ed25519.sign(self.secrets[public], said)
        if changed.get("malleable"):
            large = int.from_bytes(sig[32:], "little") + ed25519.ORDER
            sig = sig[:32] + large.to_bytes(32, "little")
        return {**signed, "sig": base64.b64encode(sig).decode()}

    def some_act(self, reader, member):
        draw = self.draw
        any_device = draw.choice(list(reader.devices) or [0])
        kind = draw.choice(["stand", "stand", "enrol", "confirm", "confirm", "revoke", "only"])
        if kind == "stand":
            # Each once: who stands without attention is dropped at an update, by rules that are not compared here.
            self.stood += 1
            return {"act": "stand", "member": member, "decision": f"office-{self.stood % OFFICES}"}
        if kind == "enrol":
            used = [one.public for one in reader.devices.values()]
            public = draw.choice(used) if used and draw.random() < 0.1 else self.secret()
            if draw.random() < 0.05:
                public = draw.choice(SMALL)
            return {"act": "enrol_device", "member": member, "public": public}
        if kind == "confirm":
            return {"act": "confirm_device", "member": member, "device": any_device}
        if kind == "revoke":
            return {"act": "revoke_device", "member": member, "device": any_device}
        return {"act": "sign_only", "member": member, "on": draw.random() < 0.7}

    def step(self):
        draw = self.draw
        self.at += draw.choice([0, 1, 3_600_000_000, DAY, WEEK // 2, WEEK])
        reader = read(self.log)
        member = draw.choice(self.members)
        act = self.some_act(reader, member)
        own = {number: one for number, one in reader.of(member).items() if one.public in self.secrets}
        line = dict(act)
        if act["act"] == "enrol_device" and (not own or draw.random() < 0.6):
            if act["public"] in self.secrets:
                line["signed"] = self.signed(act, member, 0, 0, act["public"])
        elif own and draw.random() < 0.8:
            number = max(own) if draw.random() < 0.5 else draw.choice(list(own))
            changed = {}
            if draw.random() < 0.35:
                changed = draw.choice([
                    {"coop": "c_0000000000000"}, {"first": "0" * 64}, {"head": "0" * 64}, {"after": 0}, {"after": len(self.log) + 1},
                    {"until": self.at}, {"until": self.at + DAY + 1}, {"body": {}}, {"malleable": True},
                ])
            turn = own[number].turn + draw.choice([0, 1, 1, 1, 5])
            public = own[number].public if draw.random() < 0.95 else draw.choice(list(self.secrets))
            line["signed"] = self.signed(act, member, number, turn, public, **changed)
        told = self.hand([line])[0]
        taken = "receipt" in told and not told["receipt"].get("repeated")
        self.log = after = self.exported()
        entry = self.expected(reader, line, member)
        self.tally.check(f"seed {self.seed}: {json.dumps(line)[:300]} {json.dumps(told)[:200]}", entry, taken)
        if taken:
            try:
                read(after)
                self.tally.passed += 1
            except Wrong as why:
                self.tally.fail(f"seed {self.seed}: the log that the binary wrote: {why}")

    def expected(self, reader, line, member):
        """Whether the specification takes the act, as the entry that it would be."""
        signed = line.get("signed")
        body = {name: value for name, value in line.items() if name not in ("act", "signed")}
        key = ""
        if signed:
            key = f"{signed['device']}/{signed['turn']}"
            if line["act"] == "enrol_device" and signed["device"] == 0:
                key = f"0/{body['public']}"
            if any(json.loads(one)["key"] == key for one in self.log[: len(reader.entries)]):
                return False
        last = json.loads(self.log[len(reader.entries) - 1])
        entry = {
            "v": 2, "coop": last["coop"], "seq": len(reader.entries) + 1, "prev": reader.entries[-1][0], "time_us": max(self.at, last["time_us"]),
            "kind": line["act"], "rules": self.rules(reader), "actor": member if signed else "operator", "authority": "member" if signed else "desk",
            "nonce": "", "key": key, "body": body, "commitments": {}, "signed": signed,
        }
        try:
            reader.take(written(entry).encode())
            return True
        except (Wrong, KeyError, IndexError):
            return False

    def rules(self, reader):
        return reader.entries[-1][2]

    def verdicts(self):
        """Grades, and copies that an operator has changed."""
        reader = read(self.log)
        trusted = self.draw.sample(self.members, self.draw.randint(0, 2))
        words = ["--trust", ",".join(trusted)] if trusted else []
        told = json.loads(run(self.binary, "verify", self.home, "--json", *words))
        told = (told[0] if isinstance(told, list) else told).get("grades")
        ours = reader.grades(trusted)
        if reader.devices:
            self.tally.check(f"seed {self.seed}: grades for {trusted}", ours, {name: told[name] for name in ours})
        for _ in range(3):
            self.tampered()

    def tampered(self):
        draw = self.draw
        lines = [json.loads(line) for line in self.log]
        places = [place for place, entry in enumerate(lines) if entry.get("signed")]
        if not places:
            return
        place = draw.choice(places)
        entry = lines[place]
        what = draw.choice(["sig", "turn", "until", "drop", "swap", "replay", "before"])
        if what == "sig":
            sig = bytearray(base64.b64decode(entry["signed"]["sig"]))
            sig[draw.randrange(64)] ^= 1 << draw.randrange(8)
            entry["signed"]["sig"] = base64.b64encode(bytes(sig)).decode()
        elif what in ("turn", "until"):
            entry["signed"]["turn" if what == "turn" else "until_us"] += 1
        elif what == "drop":
            entry["signed"], entry["actor"], entry["authority"] = None, "operator", "desk"
        elif what == "swap" and place + 1 < len(lines) and lines[place + 1].get("signed"):
            lines[place], lines[place + 1] = lines[place + 1], lines[place]
        elif what == "replay":
            lines.insert(place + 1, json.loads(json.dumps(entry)))
        else:
            lines[draw.randrange(1, place)]["nonce"] = "changed"
        prev, written_anew = "0" * 64, []
        for seq, one in enumerate(lines, 1):
            one.update(seq=seq, prev=prev)
            line = written(one).encode()
            written_anew.append(line)
            prev = leaf(line)
        ours = None
        reader = Reader()
        for line in written_anew:
            try:
                reader.take(line)
            except Wrong as why:
                ours = why.entry
                break
        documents = [written({"document": hashlib.sha256(text.encode()).hexdigest(), "text": text}) for text in (KERNEL, CONSTITUTION)]
        path = self.file.with_name("tampered.log")
        path.write_bytes("".join(one + "\n" for one in documents).encode() + b"".join(line + b"\n" for line in written_anew))
        told = run(self.binary, "verify", path, "--json", expect=None)
        refused = told.strip() == "" or "entries" not in told
        if ours is not None:
            self.tally.check(f"seed {self.seed}: {what} at {place + 1}", True, refused)


def play(binary, seed):
    tally = Tally()
    with Folder() as folder:
        one = Play(binary, seed, folder, tally)
        try:
            one.found()
            for _ in range(24):
                one.step()
            one.verdicts()
        except Failed as why:
            tally.fail(f"seed {seed}: {why}")
    return tally


def main():
    total, binary = Tally(), binary_of(sys.argv)
    for tally in on_all_processors(lambda seed: play(binary, seed), seeds_of(sys.argv)):
        total.add(tally)
    return total.close()


if __name__ == "__main__":
    sys.exit(main())
