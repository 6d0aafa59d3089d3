"""Releases (docs/spec/releases.md): who is a patron, and when a version is open to everyone. Instants are microseconds, money minor units."""

from dataclasses import dataclass, field
from datetime import date

from edition4.periods import around, end_of

MONEY = ("donation", "purchase", "dues")


@dataclass(frozen=True)
class Terms:
    """`patrons-until`: a sum, a sum per period, or a day."""

    sum: int = None
    every: str = None
    day: date = None

    def words(self):
        if self.day:
            return [f'patrons-until "{self.day}"']
        return [f'patrons-until "{self.sum / 100:.2f} USD' + (f' per {self.every}"' if self.every else '"')]


@dataclass
class Version:
    came: int
    files: list
    opened: int = None
    withdrawn: int = None


@dataclass
class Releases:
    """All release clauses, those of which the rules have none any more too."""

    zone: str
    read: tuple  # the kinds of money that some class of the kernel reads
    clauses: dict = field(default_factory=dict)  # in force: path → Terms
    versions: dict = field(default_factory=dict)  # path → {name: Version}

    def gifts(self, records, at, member=None):
        """(when it counts, what is left of it), of all records that count at an instant."""
        who = {row.member for row in records.rows} if member is None else {member}
        return [part for one in who for kind in MONEY if kind in self.read for part in records.given(one, kind, at)]

    def within(self, records, at, start, end, member=None):
        return sum(amount for due, amount in self.gifts(records, at, member) if start <= due < end)

    def last_full(self, every, at):
        start, _ = around(every, at, self.zone)
        return around(every, start - 1, self.zone)[0], start

    def raised(self, terms, records, at):
        """The support that counts toward a sum."""
        if terms.every is None:
            return sum(amount for _, amount in self.gifts(records, at))
        return self.within(records, at, *self.last_full(terms.every, at))

    def holds(self, terms, records, at):
        if terms.day:
            return at >= end_of(terms.day, self.zone)
        return self.raised(terms, records, at) >= terms.sum

    def update(self, records, at):
        """Opens versions; returns [(path, version)]."""
        opened = []
        for path, terms in sorted(self.clauses.items()):
            for name, version in self.versions.get(path, {}).items():
                if version.opened is None and version.withdrawn is None and self.holds(terms, records, at):
                    version.opened = at
                    opened.append((path, name))
        return opened

    def publish(self, path, name, files, at, dry=False):
        refusals = []
        if path not in self.clauses:
            refusals.append("R136")
        if name in self.versions.get(path, {}):
            refusals.append("R137")
        if not refusals and not dry:
            self.versions.setdefault(path, {})[name] = Version(at, files)
        return refusals

    def withdraw(self, path, name, at):
        version = self.versions.get(path, {}).get(name)
        if version is None:
            return ["R151"]
        if version.withdrawn is not None:
            return ["R152"]
        version.withdrawn = at
        return []

    def patron(self, path, member, people, records, at, heard=()):
        """Whether a member may fetch what is not open: by the gifts of the period and the last full one around now, or around an instant at
        which a source that is silent now was heard last."""
        terms = self.clauses.get(path)
        every = terms.every if terms and terms.every in ("quarter", "year") else "month"
        gave = lambda asked: self.within(records, asked, self.last_full(every, asked)[0], asked + 1, member) > 0
        return member in people and (gave(at) or any(map(gave, heard)))

    def may_fetch(self, path, name, member, people, records, at, heard=()):
        version = self.versions.get(path, {}).get(name)
        if version is None or version.withdrawn is not None:
            return False
        return version.opened is not None or member is not None and self.patron(path, member, people, records, at, heard)
