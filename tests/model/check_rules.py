#!/usr/bin/env python3
"""Compares a `rochdale` binary with the model on random histories in which the rules themselves change.

    check_rules.py BIN [HISTORIES [FIRST]] [--also=SEED,SEED] [--floors] [--each]

After every few updates, with --each after every one: weights, holders, candidates, totals, buckets, nominees, items, which decisions are open. At the end: the
rules' hash in every entry, the words of every outcome, forks with their money and pointers. A difference names the seed; KEEP=1
keeps its folder. With --floors rankings that stay may also get another floor.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from check_elections import check_log, compare, renamed
from harness import Failed, Folder, Tally, binary_of, members_csv, on_all_processors, report, run, seeds_of
from histories import micros
from model_fork import beginning, wrong_pointer
from model_rules import ROOT, sha
from rochdale_model import Support, iso, moment
from rules_histories import RulesHistory

EACH = "--each" in sys.argv


def counted():
    return {"histories": 0, "updates": 0, "rules changed": 0, "opened": 0, "closed": 0, "freed": 0, "no longer check": 0, "amendments": 0,
            "by power": 0, "refused": 0, "forks": 0, "shares": 0}


def found(binary, folder, history, edition=("--edition", "1")):
    run(binary, "init", folder, "--template", "club", "--name", "model", *edition)
    kernel, rules = history.founded_on
    (folder / "kernel.md").write_text(kernel.text)
    (folder / "constitution.md").write_text(rules.text)
    reads_crew = any(one.list == "crew" for one in kernel.weighing.classes)
    rows = [(n, iso(micros(history.born)), "crew" if reads_crew and n in history.crew else "") for n in history.people]
    if not reads_crew:
        history.lists["crew"] = set()
    members_csv(folder / "m.csv", rows)
    run(binary, "import", "members-csv", folder / "m.csv", "--dir", folder, "--replay")
    history.pseudonym = {row["name"]: row["member"] for row in report(binary, "weights", folder, "--all")["members"]}


def as_handed_in(act, pseudonym):
    """An act as the binary takes it; a text of rules stays with it."""
    plain = renamed({name: value for name, value in act.items() if name != "refused"}, pseudonym)
    if "proposed" in act:
        plain["proposed"] = renamed(act["proposed"], pseudonym)
    if act["act"] == "propose_document":
        plain["text"] = act["text"]
        plain.pop("document", None)
    return plain


def hand_in(tally, binary, folder, history, acts, at, place, person=None):
    """Hands acts in and compares the refusals; returns the entries' numbers, None for a refusal."""
    path = folder / "acts.jsonl"
    path.write_text("".join(json.dumps(as_handed_in(act, history.pseudonym)) + "\n" for act in acts))
    own = [] if person is None else ["--as", history.pseudonym[person]]
    lines = run(binary, "act", folder, "--file", path, "--at", iso(micros(at)), *own, expect=None).splitlines()
    if len(lines) != len(acts):
        tally.fail(f"{place}: {len(acts)} acts, {len(lines)} answers {lines[:2]}")
        return None
    entries = []
    for act, line in zip(acts, lines):
        answer = json.loads(line)
        refusal = answer.get("refusal", {}).get("number") or ("error" if "error" in answer else None)
        if refusal != act.get("refused"):
            tally.fail(f"{place}: {json.dumps(act)}: model {act.get('refused')}, binary {line[:400]}")
            return None
        entries.append(answer["receipt"]["entry"] if "receipt" in answer else None)
    return entries


def play(tally, binary, seed, folder, seen, kind=RulesHistory, edition=("--edition", "1")):
    history = kind(seed)
    found(binary, folder, history, edition)
    back = {name: person for person, name in history.pseudonym.items()}
    for step in range(history.draw.randint(4, 8)):
        at, place = history.wait(), f"seed {seed} step {step}"
        acts = history.acts()
        if hand_in(tally, binary, folder, history, acts, at, place) is None:
            return None
        seen["refused"] += sum("refused" in act for act in acts)
        for person, act, said in history.by_office():
            refused = said if said.startswith("R0") else None
            entries = hand_in(tally, binary, folder, history, [{**act, "refused": refused}], at, f"{place} {person} {said}", person)
            if entries is None:
                return None
            seen["refused" if refused else "by power"] += 1
            history.authority += [] if refused else [(entries[0], history.pseudonym[person], history.right(said))]
        updates = history.draw.randint(1, 7)
        for left in reversed(range(updates)):
            until = history.one_update()
            seen["updates"] += 1
            if left and not EACH:
                continue  # the words of every update are compared at the end
            run(binary, "update", folder, "--until", iso(micros(until)))
            back.update({name: person for person, name in history.pseudonym.items()})
            if not same_state(tally, binary, folder, history, f"{place} at {until:%Y-%m-%d}", back):
                return None
    if not all([fork(tally, binary, folder, history, name, seed, seen) for name in history.due()]):
        return None
    until = history.one_update()
    run(binary, "update", folder, "--until", iso(micros(until)))
    seen["updates"] += 1
    if not same_state(tally, binary, folder, history, f"seed {seed} at the end", back):
        return None
    if not same_log(tally, binary, folder, history, seed, seen):
        return None
    seen["histories"] += 1
    check_log(tally, binary, folder, seed)
    return history


def log_of(binary, folder):
    """The exact lines of a log's entries."""
    return [line for line in run(binary, "export", folder, "--format", "log", "--all").encode().splitlines() if not line.startswith(b'{"document":"')]


def fork(tally, binary, folder, history, name, seed, seen):
    """Completes a fork: the new log's beginning, the money, the pointer, and the new co-op's first updates."""
    place, at, new = f"seed {seed} {name}", iso(micros(history.clock)), folder.parent / name
    lines = log_of(binary, folder)
    run(binary, "fork", folder, name, new, "--at", at)
    one, going, carries, lists, amount = history.complete(name)
    pseudonyms = [history.pseudonym[member] for member in going]
    rolls = {roll: {history.pseudonym[member] for member in members} for roll, members in lists.items()}
    read = {one_class.list for one_class in one.kernel.weighing.classes if one_class.list}
    wanted = beginning([json.loads(line) for line in lines], name, pseudonyms, carries, rolls, read, amount, micros(history.clock))
    wanted = history.with_divided(wanted, name, json.loads(lines[0])["coop"])
    entries = [json.loads(line) for line in log_of(binary, new)]
    theirs = [(e["kind"], {n: v for n, v in e["body"].items() if e["kind"] != "book_entry" or n not in ("source", "narration")}) for e in entries]
    same = tally.check(f"{place} begins with", wanted, theirs[1:])
    same &= tally.check(f"{place} found on", (one.kernel.hash, one.rules.hash), (entries[0]["body"]["kernel"], entries[0]["body"]["constitution"]))
    same &= tally.check(f"{place} moment", {micros(history.clock)}, {e["time_us"] for e in entries})
    old = log_of(binary, folder)
    same &= tally.check(f"{place} pointer", None, wrong_pointer(entries[0]["body"]["forked_from"], old))
    last = json.loads(old[-1])
    named = {"fork": name, "coop": entries[0]["coop"], "key": entries[0]["body"]["forked_from"]["key"]}
    same &= tally.check(f"{place} old log ends with", ("complete_fork", named, len(lines) + 1), (last["kind"], last["body"], len(old)))
    booked = booked_by(json.loads(run(binary, "export", folder, "--format", "json")))
    nonzero = lambda sums: {account: minor for account, minor in sorted(sums.items()) if minor}
    same &= tally.check(f"{place} book", nonzero(history.booked), nonzero(booked))
    run(binary, "verify", new, "--from-log", folder)
    seen["forks"] += 1
    seen["shares"] += bool(amount)
    return same and first_weights(tally, binary, new, history, one, going, carries, lists, place)


def booked_by(entries):
    """{account: sum in minor units} of an exported book."""
    booked = {}
    for entry in entries:
        for posting in entry["postings"]:
            booked[posting["account"]] = booked.get(posting["account"], 0) + posting["amount"]
    return booked


def first_weights(tally, binary, new, history, one, going, carries, lists, place):
    """Compares the new co-op's weights, months after its founding: the support that went along counts there by its own kernel."""
    members = going if "register" in carries else []
    along = set(members) if "ledger" in carries else set()
    records = [record for record in history.support.records if record.member in along]
    sources = {record.source for record in records}
    support = Support(records, [back for back in history.support.reversals + history.divided if back.of in sources])
    at, same = history.clock + timedelta(days=8), True
    run(binary, "update", new, "--until", iso(micros(at)))
    at = moment(report(binary, "status", new)["last_update"])
    lists = {roll: on & set(members) for roll, on in lists.items()}
    rows = history.weights_there(one.kernel, support, lists, at, members)
    back = {name: person for person, name in history.pseudonym.items()}
    theirs = {back[row["member"]]: row["weight"] for row in report(binary, "weights", new, "--all", "--at", iso(at))["members"]}
    same &= tally.check(f"{place} weights there", {member: weight for member, (weight, _) in sorted(rows.items())}, dict(sorted(theirs.items())))
    reports = [(row["decision"], row["holders"]) for row in report(binary, "standings", new)]
    tree = type(history.layer)(one.kernel, one.rules)
    return same & tally.check(f"{place} decisions there", [(n.name, n.race.holders if n.race else []) for n in tree.decisions.values()], reports)


def same_state(tally, binary, folder, history, place, back):
    tree = history.layer
    reports = {row["decision"]: row for row in report(binary, "standings", folder)}
    if not tally.check(f"{place} open decisions", list(tree.decisions), list(reports)):
        return False
    same = [compare(tally, reports[node.name], history, node, place, back) for node in tree.decisions.values()]
    rows = report(binary, "weights", folder, "--all", "--at", iso(micros(history.clock)))["members"]
    theirs, shown = {back[row["member"]]: row for row in rows}, history.shown()
    for member, (weight, classes) in shown.items():
        row = theirs[member]
        same.append(tally.check(f"{place} weight {member}", weight, row["weight"]))
        of_class = {one["class"]: one["weight"] for one in row["classes"]}
        same.append(tally.check(f"{place} classes {member}", {n: w for n, w in classes.items() if w}, {n: w for n, w in of_class.items() if w}))
    same.append(tally.check(f"{place} members", sorted(shown), sorted(theirs)))
    same.append(tally.check(f"{place} next update", micros(history.next), moment(reports[ROOT]["next_update"])))
    return all(same)


def same_log(tally, binary, folder, history, seed, seen):
    """The exported log: the rules that entries name, the outcomes of each update, and by which right members acted."""
    entries = [json.loads(line) for line in run(binary, "export", folder, "--format", "log", "--all").splitlines() if not line.startswith('{"document":"')]
    updates = [entry for entry in entries if entry["kind"] in ("update", "change")]
    place, same = f"seed {seed} log", True
    same &= tally.check(f"{place} updates", [(k, a) for k, a, _, _ in history.log], [(e["kind"], moment(e["body"]["moment"])) for e in updates])
    rename = lambda words: " ".join(history.pseudonym.get(word, word) for word in words.split(" "))
    for (kind, at, _, said), entry in zip(history.log, updates):
        said = [rename(words) for words in said]
        where = f"{place} entry {entry['seq']} {kind} {iso(at)}"
        same &= tally.check(f"{where} outcomes {said}", len(said), entry["body"]["outcomes"])
        same &= tally.check(f"{where} words {said}", sha("".join(words + "\n" for words in said)), entry["body"]["published"])
        for name, words in (("rules changed", "rules-changed"), ("opened", "decision-opened"), ("closed", "decision-closed"),
                            ("freed", "share-freed"), ("no longer check", "document-no-longer"), ("amendments", "amendment-adopted")):
            seen[name] += sum(one.startswith(words) for one in said)
    in_force, told = history.log[0][2], iter(history.log)
    for entry in entries:
        same &= tally.check(f"{place} rules of {entry['seq']}", in_force, entry["rules"])
        if entry["kind"] in ("update", "change"):
            changed = [words for words in next(told)[3] if words.startswith("rules-changed ")]
            in_force = changed[-1].split(" ")[1] if changed else in_force
    by_seq = {entry["seq"]: entry for entry in entries}
    for seq, actor, said in history.authority:
        same &= tally.check(f"{place} authority of {seq}", (actor, said), (by_seq[seq]["actor"], by_seq[seq]["authority"]))
    return same


def one_history(binary, seed, kind=RulesHistory, edition=("--edition", "1")):
    """Checks one history by itself; returns the agreements and its contents."""
    tally, seen = Tally(), counted()
    with Folder() as top:
        try:
            play(tally, binary, seed, top / "co-op", seen, kind, edition)
        except (Failed, KeyError) as why:
            tally.fail(f"seed {seed}: {type(why).__name__} {why}")
    return tally, seen


def main(kind=RulesHistory, edition=("--edition", "1")):
    words = [word for word in sys.argv if not word.startswith("--")]
    RulesHistory.floors_change = "--floors" in sys.argv
    binary, total, seen = binary_of(words), Tally(), counted()
    for tally, held in on_all_processors(lambda seed: one_history(binary, seed, kind, edition), seeds_of(sys.argv)):
        total.add(tally)
        seen = {name: count + held[name] for name, count in seen.items()}
    print(", ".join(f"{count} {name}" for name, count in seen.items()))
    return total.close()


if __name__ == "__main__":
    sys.exit(main())
