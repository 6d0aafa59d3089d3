#!/usr/bin/env python3
"""Compares what edition 3 adds to support, weights and the register with the model, on random histories.

    python3 tests/model/edition3/check_support.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED]

Each history is a co-op of random rules. Every act's answer is compared, refused or not and as what; after every update everybody's
weight in every class, to the micro-weight (where a formula fades: within one). Members who vote place a whole vote on an item of their
own in a ranking of each class, so that the weight that was counted shows, and not only the one that is worked out afterwards.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from edition3.acts import ANY, Acts
from edition3.game import Game
from edition3.weights import Faded
from harness import Failed, Folder, Tally, binary_of, on_all_processors, report, run, seeds_of
from rochdale_model import iso

# A member who has handed one of these in has acted; a word about a join alone is none.
OWN = {"claim_support", "answer_claim", "take_back_claim", "pledge_own", "bring_item", "take_back_item", "stand", "end_membership"}


class Play:
    """A game, played with a binary beside it."""

    def __init__(self, binary, seed, folder, tally):
        self.binary, self.folder, self.tally, self.seed = binary, folder, tally, seed
        self.game, self.queue, self.ok = Game(seed), [], True
        self.acts = Acts(self.game, self)
        self.key = 0

    def do(self, act, expected, by=None, then=None):
        """Hands an act in; `expected` is None, a refusal's number, or ANY."""
        self.key += 1
        act = {**act, "key": f"k-{self.seed}-{self.key}"}
        if self.queue and (self.queue[0][2] != by or expected is ANY or self.queue[-1][1] is ANY):
            self.flush()
        self.queue.append((act, expected, by, then))
        if expected is ANY:
            self.flush()
        elif expected is None:
            self.game.acted |= {act["member"]} if act["act"] in OWN else {by} if by else set()

    def flush(self):
        queue, self.queue = self.queue, []
        if not queue:
            return
        (self.folder / "acts.jsonl").write_text("".join(json.dumps(act) + "\n" for act, *_ in queue))
        by = ["--as", queue[0][2]] if queue[0][2] else []
        said = run(self.binary, "act", self.folder, "--file", self.folder / "acts.jsonl", "--at", iso(self.game.now), *by, expect=None)
        lines = said.splitlines()
        if len(lines) != len(queue):
            raise Failed(f"{len(queue)} acts, {len(lines)} answers: {said[:300]}")
        for (act, expected, by, then), line in zip(queue, lines):
            answer = json.loads(line)
            theirs = answer["refusal"]["number"] if "refusal" in answer else None if "receipt" in answer else line
            if expected is ANY:
                if theirs is None and then:
                    then()
                continue
            words = f"seed {self.seed} at {iso(self.game.now)} {by or ''} {json.dumps(act)}"
            if not self.tally.check(words, expected, theirs):
                raise Failed(f"seed {self.seed}: {line[:300]}")

    def begin(self):
        game = self.game
        run(self.binary, "init", self.folder, "--template", "club", "--name", "model", "--edition", "3", "--open")
        (self.folder / "kernel.md").write_text(game.kernel.text(game.rhythm()))
        (self.folder / "constitution.md").write_text(game.constitution(game.set_at_first))
        self.acts.begin()
        self.flush()

    def update(self):
        game = self.game
        at = game.after(game.now)
        rows = game.update(at)
        run(self.binary, "update", self.folder, "--until", iso(at))
        place = f"seed {self.seed} update {len(game.updates)} at {iso(at)}"
        theirs = {row["member"]: row for row in report(self.binary, "weights", self.folder, "--all", "--at", iso(at))["members"]}
        near = any(isinstance(part, Faded) for one in game.kernel.classes for part in one.sums)
        standings = {row["decision"]: row for row in report(self.binary, "standings", self.folder)}
        self.tally.check(f"{place} members", sorted(game.people), sorted(theirs)) or self.stop()
        items = {one.name: {item["item"]: item["votes"] for item in standings[f"scale-{one.name}"]["items"]} for one in game.kernel.classes}
        for member, (weight, parts) in rows.items():
            if member not in theirs:
                continue  # gone with this update
            # The command works weights out anew, by the records as they are after the update.
            if member not in game.changed and not near and game.kernel.cap is None and all(one.cap is None for one in game.kernel.classes):
                self.tally.check(f"{place} {member} weight", weight, theirs[member]["weight"]) or self.stop()
            for one in game.kernel.classes:
                if (member, f"scale-{one.name}", member) not in game.ballots:
                    continue
                # A member who is on the class's list, or has weight in it, counts.
                on = one.list is None or member in game.counted_crew
                counted, votes = parts[one.name] if on else 0, items[one.name].get(member, 0)
                same = abs(counted - votes) <= 2 if near else counted == votes
                self.tally.check(f"{place} {member} counted as {one.name}", counted, counted if same else votes) or self.stop()
        for seat in game.seats:
            seat.holders = [name for name in standings[seat.name]["holders"] if name != "nobody"]
        in_force = standings["constitution"]["holders"][0]
        if in_force in game.proposed:
            game.values.update({name: limits[0] for name, limits in game.kernel.parameters.items()})
            game.values.update(game.proposed[in_force])

    def stop(self):
        raise Failed(f"seed {self.seed}: stopped at the first difference")


def play(binary, seed, folder, tally):
    one = Play(binary, seed, folder, tally)
    draw = one.game.draw
    one.begin()
    for _ in range(draw.randint(6, 12)):
        for _ in range(draw.choice([1, 1, 2, 4, 6])):
            one.update()
        one.game.now += draw.randint(1, 20 * 3600) * 1_000_000
        one.acts.some()
        one.flush()


def one_history(binary, seed):
    tally = Tally()
    with Folder() as top:
        try:
            play(binary, seed, top / "co-op", tally)
        except Failed as why:
            tally.fail(f"seed {seed}: {why}")
    return tally


def main():
    total, binary = Tally(), binary_of([word for word in sys.argv if not word.startswith("--")])
    for tally in on_all_processors(lambda seed: one_history(binary, seed), seeds_of(sys.argv)):
        total.add(tally)
    return total.close()


if __name__ == "__main__":
    sys.exit(main())
