"""Makes the logs of edition 4: commitments, supplies, lists by conviction and releases, and recipes of earlier editions under it."""

import edition_2
import time_4

PARTS = {**time_4.PARTS}


def make(made, parent, only=None):
    edition_2.make_parts(made, parent, PARTS, only)
