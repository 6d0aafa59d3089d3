"""Makes the logs of edition 2: the demonstration, stories, co-ops made by hand, and random ones of the second implementation."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from making import HERE, served

sys.path.insert(0, str(HERE.parents[2] / "tests" / "model"))

import check_elections
import check_rules
import edition_1
import editions_2
import elections_2
import money_2
import powers_2
from edition2.histories import History2
from edition2.rules import RulesHistory2
from harness import Tally

ELECTION_SEEDS = [1, 2, 3, 4]
RULES_SEEDS = [1, 3, 5]
TOGETHER_SEEDS = [11, 13, 14]


def amendments(made, parent):
    """Without the list that an office inside would keep alone (C072)."""
    for name in ("FIRST", "SECOND", "INSIDE"):
        setattr(edition_1, name, getattr(edition_1, name).replace(' "keep-list"', "").replace('"keep-list" ', ""))
    edition_1.amendments(made, parent)


# Recipes of edition 1 that edition 2 does not forbid either, in a smaller measure.

CLOCKS = edition_1.CLOCKS
SLOWLY = CLOCKS.replace('"3 days"', '"60 days"').replace("daily at 02:45", "sunday 02:45").replace('"10 days"', '"400 days"')
AGAIN = {
    "refunds": edition_1.refunds,
    "control": lambda made, parent: edition_1.by_class(made, parent, "control", elections_2.CONTROL, "workers", "founders", "quadratic"),
    "at-most": lambda made, parent: edition_1.by_class(made, parent, "at-most", edition_1.AT_MOST, "members", "investors", "quadratic"),
    "kept": edition_1.kept,
    "clocks-lord-howe": lambda made, parent: edition_1.clocks(made, parent, "clocks-lord-howe", "Australia/Lord_Howe", "daily at 02:15", CLOCKS, "2021-03-20", [16, 40, 60]),
    "clocks-hourly": lambda made, parent: edition_1.clocks(made, parent, "clocks-hourly", "America/St_Johns", "hourly", CLOCKS.replace('"3 days"', '"12 hours"'), "2021-03-12", [2, 10.5, 11.5]),
    "clocks-monthly": lambda made, parent: edition_1.clocks(made, parent, "clocks-monthly", "Asia/Kathmandu", "monthly on 1 at 00:00", SLOWLY, "2020-01-15", [150, 330, 430]),
    "rankings": edition_1.rankings,
    "bodies": edition_1.bodies,
    "amendments": amendments,
    "writing": edition_1.writing,
    "bare": edition_1.bare,
}


def demo(made, parent):
    if made.open:
        print("demo and stories: left out while the edition is open", file=sys.stderr)
        return
    served(made, parent, "demo", until="2019-01-01", holds="the first two years of `rochdale demo`: a project's support, money and votes; the whole is larger than all others together")


def stories(made, parent):
    for template in [] if made.open else edition_1.TEMPLATES:
        served(made, parent, f"story-{template}", "--template", template, holds=f"the story of the template `{template}`")


class Together(RulesHistory2):
    act_together = True


def random_elections(made, parent, seed):
    folder, tally = parent / "one", Tally()
    folder.mkdir()
    whole = check_elections.play(tally, made.binary, seed, folder / "coop", History2, made.words())
    if made.agreed(f"random-election-{seed:02}", whole and not tally.failed):
        made.keep(f"random-election-{seed:02}", folder / "coop", f"random elections, rankings and refunds, seed {seed}")


def random_rules(made, parent, seed, kind=RulesHistory2, what="random rules that change, powers and forks"):
    folder, tally, name = parent / "one", Tally(), f"random-{'together' if kind is Together else 'rules'}-{seed:02}"
    folder.mkdir()
    whole = check_rules.play(tally, made.binary, seed, folder / "coop", check_rules.counted(), kind, made.words())
    if made.agreed(name, whole and not tally.failed):
        made.keep(name, folder / "coop", f"{what}, seed {seed}")
        for fork in sorted(folder.glob("fork-*")):
            made.keep(f"{name}-{fork.name}", fork, f"the co-op that left `{name}` as `{fork.name}`")


def random_together(made, parent, seed):
    random_rules(made, parent, seed, Together, "the same with members who act together")


PARTS = {"demo": demo, "stories": stories, **elections_2.PARTS, **powers_2.PARTS, **money_2.PARTS, **editions_2.PARTS, **AGAIN,
         **{f"random-elections-{seed}": partial(random_elections, seed=seed) for seed in ELECTION_SEEDS},
         **{f"random-rules-{seed}": partial(random_rules, seed=seed) for seed in RULES_SEEDS},
         **{f"random-together-{seed}": partial(random_together, seed=seed) for seed in TOGETHER_SEEDS}}


def make(made, parent, only=None):
    make_parts(made, parent, PARTS, only)


def make_parts(made, parent, every, only):
    """Makes each part by itself, several at a time, and lists them in this order."""
    parts = [name for name in every if not only or name in only]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for one in threads.map(lambda name: part(made, parent, name, every[name]), parts):
            made.rows += one.rows
            made.differ += one.differ
    for name, *_ in made.rows:
        if "-fork-" in name:
            made.compare(name, name.rpartition("-fork-")[0])


def part(made, parent, name, makes):
    folder, one = parent / name, made.beside()
    folder.mkdir()
    makes(one, folder)
    return one
