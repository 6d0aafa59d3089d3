"""Makes the logs of edition 3: the demonstration, stories, co-ops made by hand, earlier recipes and random histories under it."""

from functools import partial

import doors_3
import edition_2
import editions_3

# Of edition 2, those whose rules edition 3 could have touched; the others run as well and are not kept.
KEPT = ["control", "refunds", "rankings", "bodies", "amendments", "kept", "council", "founders", "half-vacant", "two-keys", "newcomers", "texts", "items", "forks", "book", "spending", "vacant", "recount"]
ELECTION_SEEDS = [5, 6, 7]
RULES_SEEDS = [2, 4]
TOGETHER_SEEDS = [12]

PARTS = {"stories": edition_2.stories, **doors_3.PARTS, **editions_3.PARTS, **{name: edition_2.PARTS[name] for name in KEPT if name in edition_2.PARTS},
         **{f"random-elections-{seed}": partial(edition_2.random_elections, seed=seed) for seed in ELECTION_SEEDS},
         **{f"random-rules-{seed}": partial(edition_2.random_rules, seed=seed) for seed in RULES_SEEDS},
         **{f"random-together-{seed}": partial(edition_2.random_together, seed=seed) for seed in TOGETHER_SEEDS}}


def make(made, parent, only=None):
    edition_2.make_parts(made, parent, PARTS, only)
