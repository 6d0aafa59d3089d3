"""Makes the logs of edition 2."""

import elections_2
import powers_2

PARTS = {**elections_2.PARTS, **powers_2.PARTS}


def make(made, parent, only=None):
    for name in only or PARTS:
        PARTS[name](made, parent)
