"""Makes the logs of edition 2: the demonstration, stories, co-ops made by hand, and random ones of the second implementation."""

import edition_1
import elections_2
import money_2
import powers_2

PARTS = {**elections_2.PARTS, **powers_2.PARTS, **money_2.PARTS}


def make(made, parent, only=None):
    for name in only or PARTS:
        PARTS[name](made, parent)
