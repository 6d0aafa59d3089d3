"""Weight under edition 2: the cap that dust cannot turn, sums that fall by half, and slow capacity.

Weights are micro-weights, votes micro-votes, times seconds. A choice that the specification leaves open is marked
`choice` where it is made.
"""

import math
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction

MICRO = 1_000_000
DAY = 86_400
STANDING = 90 * DAY
CONTROLLED = 1_000_000 * MICRO  # all votes of a decision whose classes have fixed control
POWER_BITS = 63

Cap = namedtuple("Cap", "level weights binds cut whole")  # cut ÷ whole: a newcomer's factor


# The cap.


def greatest_within(weights, share):
    """t₁: the greatest whole t with t ≤ share × Σ min(w, t)."""
    weights = sorted(weights)
    whole, top = sum(weights), weights[-1] if weights else 0
    if top <= share * whole:
        return math.floor(share * whole)  # nothing is cut: t may be above every weight
    # Between two neighbouring weights share × Σ min(w, t) − t is a line, so the greatest t of each piece is a quotient.
    best = below = 0
    for place, weight in enumerate(weights):
        start = weights[place - 1] if place else 0
        above = len(weights) - place
        slope = share * above - 1  # on this piece: share × below + slope × t ≥ 0
        if slope >= 0:
            end = weight if share * below + slope * weight >= 0 else None
        else:
            end = min(weight, math.floor(share * below / -slope))
        if end is not None and end >= start and end <= share * (below + above * end):
            best = max(best, end)
        below += weight
    return best


def least_with_a_tenth(weights):
    """t₂: the least whole t with 10 × Σ min(w, t) ≥ Σ w."""
    weights = sorted(weights)
    whole, below = sum(weights), 0
    for place, weight in enumerate(weights):
        above = len(weights) - place
        if 10 * (below + above * weight) >= whole:
            return max(0, -(-(whole - 10 * below) // (10 * above)))
        below += weight
    return 0


def capped(weights, share, standing=None):
    """Cuts {member: micro-weights}; `standing` are the members of standing, None for all."""
    have = {m: w for m, w in weights.items() if w > 0}
    old = have if standing is None else {m: w for m, w in have.items() if m in standing}
    if 2 * sum(old.values()) <= sum(have.values()):
        old = have  # they hold no more than half
    share = Fraction(share)
    first, second = greatest_within(old.values(), share), least_with_a_tenth(old.values())
    level, whole = max(first, second), sum(old.values())
    cut = sum(min(w, level) for w in old.values())
    result = {}
    for member, weight in weights.items():
        if weight > 0 and member not in old:
            weight = weight * cut // whole  # choice: a newcomer's product is rounded down
        result[member] = min(weight, level)
    binds = "none" if cut == whole else "cap" if first >= second else "tenth"
    return Cap(level, result, binds, cut, whole)


def of_standing(history, now):
    """Returns the members of standing. `history` is [(instant, {member: micro-weights})], this update the last."""
    counted = [(at, row) for at, row in history if any(row.values())]
    if not counted:
        return set()
    born = counted[0][0]
    limit = max(now - STANDING, born)  # choice: in a class younger than 90 days, the first update with weight
    first = {}
    for at, row in counted:
        for member, weight in row.items():
            if weight > 0:
                first.setdefault(member, at)
    standing = set()
    for member, since in first.items():
        if since > limit:
            continue
        # choice: updates without any weight in the class count too
        seen = [row.get(member, 0) > 0 for at, row in history if max(since, now - STANDING) < at or at == since > now - STANDING]
        if 2 * sum(seen) > len(seen):
            standing.add(member)
    return standing


class Weighed:
    """Weights by a kernel with its caps: over a member's whole weight, and in a class over the formula's results."""

    def __init__(self, kernel, records=None):
        self.kernel, self.sums = kernel, {}
        caps = {one.name: one.cap for one in kernel.classes} | {None: kernel.cap}
        self.caps = {name: cap for name, cap in caps.items() if cap is not None}
        # A record begins with the cap, and goes on while the rules have it: [(seconds, {member: what is cut})].
        self.records = {name: (records or {}).get(name, []) for name in self.caps}

    def under(self, kernel):
        """The same records under other rules."""
        return Weighed(kernel, self.records)

    def cut(self, name, weights, now, keep=False):
        if name not in self.caps:
            return weights
        record = self.records[name]
        if not record or record[-1][0] < now:  # an update is noted once, also where the rules weigh anew at its instant
            record = record + [(now, weights)]
        if keep:
            self.records[name] = record
        return capped(weights, self.caps[name], of_standing(record, now)).weights

    def rows(self, support, lists, at, members, keep=False):
        """{member: (weight, {class: weight})} at `at`, microseconds; `sums` are then the weights before the cap over all."""
        kernel, now = self.kernel, at // MICRO
        cap, kernel.cap = kernel.cap, None  # the cap of edition 1
        rows = kernel.weights(support, lists, at, members, lambda one, earned: self.cut(one.name, earned, now, keep))
        kernel.cap, self.sums = cap, {member: weight for member, (weight, _) in rows.items()}
        after = self.cut(None, self.sums, now, keep)
        return {m: (after[m], kernel.divided(after[m], earned)) for m, (_, earned) in rows.items()}


# Late records.


def falls_by_half(sums):
    """The greatest of this period's sum, half of the last one's, … a thirty-second: `sums` newest first, exact."""
    return max([Fraction(one, 2**age) for age, one in enumerate(sums[:6])], default=Fraction(0))


# Capacity.


def power_of_half(time, half_life):
    """⌊2^-(time ÷ half_life) × 2^63⌋."""
    whole, rest = divmod(time, half_life)
    if rest == 0:
        return 2**POWER_BITS >> whole
    context = Context(prec=60)
    value = context.power(Decimal(2), context.divide(Decimal(-rest), Decimal(half_life)))
    scaled = context.multiply(value, Decimal(2**POWER_BITS))
    return int(scaled.to_integral_value(rounding=ROUND_FLOOR)) >> whole


def fallen(before, now, time, settles):
    """A part of capacity after one update: rises at once, falls toward `now`, rounded up."""
    if before <= now or settles == 0:
        return now
    more = before - now
    left = -(-more * power_of_half(time, settles) >> POWER_BITS)
    return now + (left if left < more else more - 1)  # choice: rounded up it would never arrive


def votes_of(weight, rule="quadratic", ppm=MICRO):
    return math.isqrt(weight * ppm) if rule == "quadratic" else weight * ppm // MICRO


@dataclass
class Capacity:
    """The votes of all together, kept as a part of each member."""

    settles: int
    rule: str = "quadratic"
    parts: dict = field(default_factory=dict)
    counted_at: int = None
    taken_back: tuple = (0, 0)  # the sum of the parts before and after the refunds of the last update left it

    def update(self, weights, period, refunded=()):
        """Returns C. `refunded` are members of whom something was taken back since the last update."""
        whole, gone = sum(self.parts.values()), 0
        for member in sorted(set(self.parts) | set(weights)):
            now, before = votes_of(weights.get(member, 0), self.rule), self.parts.get(member, 0)
            if member in refunded:
                left = min(before, now)  # choice: the part falls to today's votes, whatever was taken back
                before, gone = left, gone + before - left
            part = fallen(before, now, period, self.settles)
            if part:
                self.parts[member] = part
            else:
                self.parts.pop(member, None)
        self.taken_back = (whole, whole - gone)
        return sum(self.parts.values())


# Classes with fixed control.


def percentages(control, heads, least=None, normalise=False):
    """Returns the part of all votes that each class holds: `control` {class: part}, `heads` with weight, `least` its `from`."""
    least = least or {}
    present = {c: control[c] for c in control if heads.get(c, 0) > 0}
    ratio = {c: min(Fraction(1), Fraction(heads[c], least.get(c, 1))) for c in present}
    counted = {c: present[c] * ratio[c] for c in present}
    if not counted:
        return {}
    whole = sum(present.values())
    if normalise:
        return {c: part / sum(counted.values()) for c, part in counted.items()}
    held = dict(counted)
    for one in present:  # choice: the rest goes to the others in proportion to what counts of them
        rest, others = present[one] - counted[one], {c: counted[c] for c in counted if c != one}
        if not others:
            held[one] += rest
        for other, part in others.items():
            held[other] += rest * part / sum(others.values())
    return {c: part / whole for c, part in held.items()}


def factors(held, capacities):
    """f of each class: the votes of a member in it are ⌊g × f⌋."""
    return {c: held[c] * CONTROLLED / capacities[c] for c in held if capacities.get(c)}


def both_sides(weight, for_ppm, against_ppm, rule="quadratic", factor=1):
    """Votes of a member's for and against shares in one decision, before scores: rooted together."""
    whole = for_ppm + against_ppm
    if rule != "quadratic":
        return tuple(math.floor(votes_of(weight, rule, ppm) * factor) for ppm in (for_ppm, against_ppm))
    votes = math.isqrt(weight * whole)
    return tuple(math.floor(votes * ppm // whole * factor) for ppm in (for_ppm, against_ppm)) if whole else (0, 0)


def cast(weights, for_ppm, against_ppm, factor_of=None, rule="quadratic"):
    """Votes of a member over their classes {class: weight}: summed first without control, class by class with it."""
    if factor_of is None:
        return both_sides(sum(weights.values()), for_ppm, against_ppm, rule)
    sides = [both_sides(w, for_ppm, against_ppm, rule, factor_of[c]) for c, w in weights.items() if c in factor_of]
    return sum(one for one, _ in sides), sum(other for _, other in sides)
