"""Weight formulas, read and worked out a second time. Units are not checked here: the charter does that."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z][A-Za-z-]*)|(==|!=|<=|>=|[-+*/×÷<>(),−]))")
SUMS = {
    "donated": "donation",
    "purchased": "purchase",
    "hours": "hours",
    "contributed": "contribution",
    "credit": "contribution",
    "dues": "dues",
    "pledged": "pledge",
}
DAY = 86_400 * 1_000_000
DURATIONS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "year": 365, "years": 365}


@dataclass
class Scope:
    """The inputs of a formula: support, the moment, the members of classes, the weights of earlier classes."""

    support: object
    at: int
    zone: str
    currency: str
    rolls: dict
    earned: dict
    falls: bool = False  # sums of records that others enter fall by half, from edition 2 on


def parse(text):
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise ValueError(f"formula: {text[place:]!r}")
        number, word, sign = match.groups()
        tokens.append(Fraction(number) if number else word or sign)
        place = match.end()
    tree = _expression(tokens)
    if tokens:
        raise ValueError(f"formula: {tokens!r} left over")
    return tree


def _take(tokens, expected):
    if not tokens or tokens.pop(0) != expected:
        raise ValueError(f"formula: {expected!r} expected")


def _expression(tokens):
    if tokens[0] == "if":
        tokens.pop(0)
        condition = _expression(tokens)
        _take(tokens, "then")
        yes = _expression(tokens)
        _take(tokens, "else")
        return ("if", condition, yes, _expression(tokens))
    left = _sum(tokens)
    if tokens and tokens[0] in ("==", "!=", "<", "<=", ">", ">="):
        return (tokens.pop(0), left, _sum(tokens))
    return left


def _sum(tokens):
    left = _product(tokens)
    while tokens and tokens[0] in ("+", "-", "−"):
        left = ("+" if tokens.pop(0) == "+" else "-", left, _product(tokens))
    return left


def _product(tokens):
    left = _atom(tokens)
    while tokens and tokens[0] in ("*", "×", "/", "÷"):
        left = ("*" if tokens.pop(0) in "*×" else "/", left, _atom(tokens))
    return left


def _atom(tokens):
    token = tokens.pop(0)
    if token == "(":
        inner = _expression(tokens)
        _take(tokens, ")")
        return inner
    if isinstance(token, Fraction):
        if tokens and isinstance(tokens[0], str) and tokens[0][0].isalpha() and tokens[0] not in ("then", "else"):
            tokens.pop(0)  # a unit: money is counted in whole units, time in hours
        return ("number", token)
    _take(tokens, "(")
    if token in SUMS:
        period = []
        while tokens and tokens[0] != ")":
            period.append(tokens.pop(0))
        _take(tokens, ")")
        return ("sum", token, _period(period))
    if token == "faded":
        kind = tokens.pop(0)
        _take(tokens, ",")
        _take(tokens, "half-life")
        half_life = tokens.pop(0) * DURATIONS[tokens.pop(0)] * DAY
        _take(tokens, ")")
        return ("faded", kind, half_life)
    if token in ("count", "highest", "total"):
        name = tokens.pop(0)
        _take(tokens, ")")
        return (token, name)
    arguments = [_expression(tokens)]
    while tokens and tokens[0] == ",":
        tokens.pop(0)
        arguments.append(_expression(tokens))
    _take(tokens, ")")
    return (token, *arguments)


def _period(words):
    """(which, how many, months in one), or None for all time."""
    if words == ["ever"]:
        return None
    count = int(words[1]) if len(words) == 3 else 1
    return words[0], count, {"month": 1, "quarter": 3, "year": 12}[words[-1].removesuffix("s")]


def value(tree, scope, member):
    head = tree[0]
    if head == "number":
        return tree[1]
    if head == "sum":
        return _sum_of(tree[1], tree[2], scope, member)
    if head == "faded":
        return _faded(tree[1], tree[2], scope, member)
    if head == "count":
        return Fraction(len(scope.rolls[tree[1]]))  # of a class without a list: those with weight in it
    if head in ("highest", "total"):
        of = [Fraction(w, 1_000_000) for w in scope.earned[tree[1]].values()]
        return max(of, default=Fraction(0)) if head == "highest" else sum(of, Fraction(0))
    if head == "if":
        return value(tree[2] if value(tree[1], scope, member) else tree[3], scope, member)
    arguments = [value(inner, scope, member) for inner in tree[1:]]
    return _APPLY[head](*arguments)


def _root(x):
    scale = 10**40
    return Fraction(math.isqrt(math.floor(x * scale * scale)), scale)


_APPLY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "min": min,
    "max": max,
    "sqrt": _root,
}


def _scale(name, scope):
    """How many of a record's units are one of the formula's."""
    from rochdale_model import EXPONENT

    if name == "hours":
        return 3600
    if name in ("contributed", "credit"):
        return 1_000_000
    return 10 ** EXPONENT.get(scope.currency, 2)


def _sum_of(name, period, scope, member):
    from rochdale_model import month_number

    if name == "pledged":
        return Fraction(scope.support.pledged(member, scope.at, scope.zone), _scale(name, scope))
    if period is None:
        first, end = 0, 10**6
    else:
        which, count, length = period
        here = month_number(scope.at, scope.zone) // length * length
        first = {"last": here - count * length, "this": here, "next": here + length}[which]
        end = here if which == "last" else first + count * length
    given = lambda back: Fraction(
        scope.support.in_months(member, SUMS[name], first - back, end - back, scope.at, scope.zone), _scale(name, scope))
    if scope.falls and period is not None and name in ("hours", "contributed", "credit"):
        # choice: the periods before are as long as the formula's own
        return max(given(age * (end - first)) / 2**age for age in range(6))
    return given(0)


def _faded(name, half_life, scope, member):
    total = Decimal(0)
    for record, left in scope.support.of(member, scope.at):
        if record.kind == SUMS[name]:
            for due, part in record.parts_due(left, scope.at, scope.zone):
                age = Decimal(scope.at - due) / Decimal(int(half_life))
                total += Decimal(part) * Decimal(2) ** -age
    return Fraction(total) / _scale(name, scope)
