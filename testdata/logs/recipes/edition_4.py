"""Makes the logs of edition 4: stories, co-ops made by hand, logs that go on under it, recipes of earlier editions and random histories under it."""

from functools import partial

import credit_4
import doors_3
import edition_2
import editions_4
import pools_4
import time_4

# Of editions 2 and 3, those whose rules edition 4 could have touched; the others run as well and are not kept.
KEPT_2 = ["control", "refunds", "rankings", "bodies", "amendments", "council", "two-keys", "newcomers", "items", "forks", "book", "spending", "recount"]
KEPT_3 = ["recorders", "claims", "own-pledges", "joins", "parameters", "services", "brought"]
ELECTION_SEEDS = [8, 9]
RULES_SEEDS = [6, 7]
TOGETHER_SEEDS = [15]

PARTS = {"stories": edition_2.stories, **time_4.PARTS, **pools_4.PARTS, **credit_4.PARTS, **editions_4.PARTS, **{name: doors_3.PARTS[name] for name in KEPT_3}, **{name: edition_2.PARTS[name] for name in KEPT_2 if name in edition_2.PARTS},
         **{f"random-elections-{seed}": partial(edition_2.random_elections, seed=seed) for seed in ELECTION_SEEDS},
         **{f"random-rules-{seed}": partial(edition_2.random_rules, seed=seed) for seed in RULES_SEEDS},
         **{f"random-together-{seed}": partial(edition_2.random_together, seed=seed) for seed in TOGETHER_SEEDS}}


def make(made, parent, only=None):
    edition_2.make_parts(made, parent, PARTS, only)
