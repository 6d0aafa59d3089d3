"""Pools, crowd-matching, surplus and delegation as docs/spec/pools.md and count.md define them, in fractions."""

import math
from fractions import Fraction

DIGITS = 10**90
NANO = 10**9


def root(value):
    """The root of a fraction, rounded down to ninety places."""
    return Fraction(math.isqrt(value.numerator * DIGITS**2 // value.denominator), DIGITS)


def floor(value, finer=1):
    """⌊value × finer⌋; a value within 10^-50 below a whole number is that number, since roots are cut off."""
    return math.floor(value * finer + Fraction(1, 10**50))


def summed(gifts):
    """{project: {member: sum}} of (project, member, amount), sums of 0 left out."""
    sums = {}
    for project, member, amount in gifts:
        own = sums.setdefault(project, {})
        own[member] = own.get(member, 0) + amount
    return {project: {member: c for member, c in own.items() if c} for project, own in sums.items()}


def plain(sums):
    roots = sum(root(Fraction(c)) for c in sums)
    return roots * roots - sum(sums)


def pairwise(all_sums, m):
    together = {}
    for own in all_sums.values():
        for i in own:
            for j in own:
                if i != j:
                    together[i, j] = together.get((i, j), 0) + root(Fraction(own[i]) * own[j])
    matches = {}
    for project, own in all_sums.items():
        pairs = [(i, j) for i in own for j in own if i != j]
        matches[project] = sum((m / (m + together[i, j]) * root(Fraction(own[i]) * own[j]) for i, j in pairs), Fraction(0))
    return matches


def connected(own, groups):
    """`own` in units of money; groups are sets of members."""
    named = set().union(*groups) if groups else set()
    groups = [*groups, *({member} for member in own if member not in named)]
    of = {member: [g for g in groups if member in g] for member in own}

    def part(g, h):
        value = Fraction(0)
        for i in g:
            if own.get(i):
                known = any(k & h for k in of[i])
                value += (root(Fraction(own[i])) if known else Fraction(own[i])) / len(of[i])
        return value

    value = Fraction(0)
    for at, g in enumerate(groups):
        for h in groups[at + 1 :]:
            value += 2 * root(part(g, h) * part(h, g))
    return value


def shared(matches, pool):
    """Matches in whole billionths, the pool too."""
    total = sum(matches.values())
    if total <= pool:
        return dict(matches)
    return {project: matched * pool // total for project, matched in matches.items()}


def capped(matches, pool, cap):
    limit = math.floor(pool * cap)
    out = min(pool, sum(matches.values()))
    cut = set()
    while True:
        rest = sum(matched for project, matched in matches.items() if project not in cut)
        free = out - limit * len(cut)
        shares = {project: limit if project in cut else matched * free // rest if rest else 0 for project, matched in matches.items()}
        over = {project for project, share in shares.items() if share > limit}
        if not over:
            return shares
        cut |= over


class Project:
    def __init__(self, name, place, goal, sums, conviction):
        self.name, self.place, self.goal, self.conviction = name, place, goal, conviction
        self.pledged = sum(sums)
        self.nano = floor(plain(sums), NANO)
        self.matched = self.nano // NANO

    def eligible(self):
        return self.pledged + self.matched >= self.goal

    def due(self):
        return max(0, min(self.matched, self.goal - self.pledged))

    def asks(self):
        return self.eligible() and self.conviction > 0


def ratio(conviction, cost):
    """A key that sorts the greatest conviction ÷ cost first, and what costs nothing before all."""
    return (0, 0) if cost == 0 else (1, -Fraction(conviction) / cost)


def scaled(pool, projects):
    """Those that stay, with the match that they have; the others are out."""
    inside = [one for one in projects if one.asks()]
    while True:
        total = sum(one.nano for one in inside)
        share = {one: one.nano if total <= pool * NANO else one.nano * pool * NANO // total for one in inside}
        short = [one for one in inside if one.pledged + share[one] // NANO < one.goal]
        if not short:
            for one in inside:
                one.matched = share[one] // NANO
            return inside
        inside.remove(max(short, key=lambda one: (*ratio(one.conviction, one.nano), one.place)))


def cycle(pool, order, saved, projects):
    """(order, [(name, from the pool, pledges)], left)"""
    asking = sorted((one for one in projects if one.asks()), key=lambda one: (*ratio(one.conviction, one.due()), one.place))
    paid = []
    for one in asking:
        if one.due() <= pool:
            pool -= one.due()
            paid.append((one.name, one.due(), one.pledged))
        elif order == "strict" and saved < 3:
            break
    return [one.name for one in asking], paid, pool


def surplus(amount, parts):
    total = sum(parts)
    if not total:
        return [0] * len(parts)
    split = [amount * part // total for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda place: (-(amount * parts[place] % total), place))
    for place in by_rest[: amount - sum(split)]:
        split[place] += 1
    return split


def crowd(unit, limits):
    active = list(range(len(limits)))
    while passed := [place for place in active if limits[place] < unit * len(active)]:
        active.remove(passed[-1])
    each = unit * len(active)
    return {"active": active, "each_pays": each, "total": each * len(active)}


def delegates(members, delegations, voters, decision):
    def depth(scope):
        return 0 if scope == "everything" else len(scope.split("/"))

    def covers(scope):
        return decision is None or scope == "everything" or decision == scope or decision.startswith(scope + "/")

    narrowest = {}
    for one in delegations:
        if covers(one["scope"]) and depth(one["scope"]) >= depth(narrowest.get(one["from"], one)["scope"]):
            narrowest[one["from"]] = one
    ends = {}
    for member in members:
        here, seen = member, set()
        while here is not None and here not in voters and here not in seen:
            seen.add(here)
            here = narrowest[here]["to"] if here in narrowest else None
        ends[member] = here if here in voters else None
    weight = {voter: sum(1 for end in ends.values() if end == voter) for voter in voters}
    return {"delegate": ends, "weight": weight}
