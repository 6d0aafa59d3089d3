"""Buckets, take-overs, nomination and leaving under edition 2 (docs/spec/elections.md), one update after another.

Totals and capacity are micro-votes, buckets micro-vote-seconds, times seconds. A choice that the specification leaves open
is marked `choice`.
"""

from dataclasses import dataclass, field

DAY = 86_400
NOBODY = "nobody"


def clamp(value, low, high):
    return max(low, min(value, high))


def entry_level(part, size, period, candidates):
    """M: the attention-seconds at which a nominee becomes a candidate; `part` is ν, a fraction."""
    return part * size * period * (10 + candidates) // 10


@dataclass
class Race:
    """An election between updates."""

    kind: str  # office, body, document
    seats: list  # names or None
    settles: int
    ballot: list = field(default_factory=list)  # candidates in the order of the ballot, seated ones too
    buckets: dict = field(default_factory=dict)  # of those who hold no seat
    empties: dict = field(default_factory=dict)  # who is seated → nobody's bucket against them
    taken_at: dict = field(default_factory=dict)  # place of a seat → when somebody there was displaced
    full_since: dict = field(default_factory=dict)
    ahead: list = field(default_factory=list)  # [(instant, names ahead of R)]
    led: dict = field(default_factory=dict)  # T − R of each challenger at the last update
    nominees: dict = field(default_factory=dict)  # name → level
    stood_at: dict = field(default_factory=dict)
    zero_since: dict = field(default_factory=dict)  # candidate → first update of an unbroken row with T ≤ 0
    size: int = 0  # C at the last update
    limit: int = None  # F, where it is not S × C
    counted_at: int = None
    totals: dict = field(default_factory=dict)
    behind: dict = field(default_factory=dict)  # name → members with votes above 0 for it
    first: dict = field(default_factory=dict)  # names in the order in which they first stood, those who left too
    waiting: set = field(default_factory=set)  # texts without a place at the last update
    next_settles: int = None  # S by the rules in force, where buckets have it from the next update on

    def __post_init__(self):
        self.first.update(dict.fromkeys(self.ballot))

    @property
    def holders(self):
        return [name for name in self.seats if name is not None]

    @property
    def full(self):
        return self.settles * self.size if self.limit is None else self.limit

    def nobody(self):
        """The bucket of nobody against an office's holder."""
        return self.empties.get(self.seats[0], 0)

    @property
    def candidates(self):
        return set(self.ballot)

    def challengers(self):
        return [name for name in self.ballot if name not in self.seats]

    def total(self, name):
        return self.totals.get(name, 0)

    def reference(self, name, total=None):
        """R of a challenger."""
        total = total or self.total
        if self.kind == "body":
            return 0 if None in self.seats else max(0, min(map(total, self.seats)))
        if self.seats[0] is not None:
            return max(0, total(self.seats[0]))
        others = [total(other) for other in self.challengers() if other != name]
        return -(-max([0] + others) // 2)

    # An update.

    def settle(self, now, totals, size, period, behind=None):
        """Fills and drains the buckets; a text that waits has no T."""
        self.totals = {name: total for name, total in totals.items() if name not in self.waiting}
        self.size, self.counted_at, self.behind = size, now, behind or {}
        full = self.full
        ahead, self.led = set(), {}
        for name in self.waiting & set(self.ballot):
            self.begin_again(name, forget=False)
        for name in self.challengers():
            if name in self.waiting:
                continue
            total, reference = self.total(name), self.reference(name)
            self.led[name] = total - reference
            if total > 0:
                self.zero_since.pop(name, None)
            else:
                self.zero_since.setdefault(name, now)
            step = (total - reference) * period
            if total <= 0:
                step = min(step, 0)
            if total > reference:
                ahead.add(name)
            else:
                step = min(step, -((size * period + 49) // 50))  # choice: at least C ÷ 50, rounded up
            self.buckets[name] = clamp(self.buckets.get(name, 0) + step, 0, full)
            self.note_full(name, now)
        self.ahead = [(at, who) for at, who in self.ahead if at > now - self.settles] + [(now, ahead)]
        for name in self.holders if self.kind != "document" else []:
            self.empties[name] = clamp(self.empties.get(name, 0) - self.total(name) * period, 0, full)

    def note_full(self, name, now):
        if self.full > 0 and self.buckets.get(name, 0) == self.full:
            self.full_since.setdefault(name, now)
        else:
            self.full_since.pop(name, None)

    def was_ahead(self, name):
        """Whether it was ahead at half of the updates of the last S or more."""
        # choice: now − S < update ≤ now; an update before it was on the ballot counts against it
        rows = [who for at, who in self.ahead if at > self.counted_at - self.settles]
        return 2 * sum(name in who for who in rows) >= len(rows)

    def held(self, place, now):
        """Whether the seat changed hands less than S ago, S being that of the rules in force."""
        at = self.taken_at.get(place)
        return at is not None and now - at < (self.settles if self.next_settles is None else self.next_settles)

    def rank(self, name):
        """Greatest total, then full for longest, then more members behind, then earlier on the ballot: who first stood earlier."""
        return (-self.total(name), self.full_since[name], -self.behind.get(name, 0), list(self.first).index(name))

    def change(self, now, kept=None, wanted=None):
        """Makes a change time.

        At a change time of its own, `kept` are the candidates' totals without the votes for them that were taken back since
        the update, `wanted` the holders' without the votes against them that were taken back.
        """
        if self.counted_at is None or self.size == 0 or self.full == 0:
            return []
        again = self.total if kept is None else lambda name: kept.get(name, 0)
        against = self.total if wanted is None else lambda name: wanted.get(name, 0)
        full = [n for n in self.challengers() if self.buckets.get(n, 0) == self.full and self.was_ahead(n)]
        full.sort(key=self.rank)
        change = self.change_body if self.kind == "body" else self.change_one
        return change(now, full, again, against)

    def change_one(self, now, full, again, against):
        holder, said = self.seats[0], []
        if holder is None:
            standing = [name for name in self.challengers() if name not in self.waiting]
            most = max(map(again, standing), default=0)
            full = [name for name in full if again(name) == most and self.total(name) == max(map(self.total, standing))]
        elif self.held(0, now):
            return said
        for name in full:
            if min(self.total(name), again(name)) > self.reference(name):
                return [self.seat(0, name, now)]
        if self.kind == "office":
            self.vacate_where_unwanted(now, against, said)
        return said

    def vacate_where_unwanted(self, now, against, said):
        for place, name in enumerate(self.seats):
            if name is None or self.empties.get(name, 0) < self.full or self.held(place, now):
                continue
            if max(self.total(name), against(name)) < 0:
                said.append(f"nobody for {name}")
                self.displace(place, now)

    def change_body(self, now, full, again, against):
        said = []
        self.vacate_where_unwanted(now, against, said)
        for name in full:
            free = [place for place, seated in enumerate(self.seats) if seated is None]
            if free:
                if min(self.total(name), again(name)) > 0:
                    said.append(self.seat(free[0], name, now))
                continue
            # Of equally low ones a seat that is not held for S, then the later seat.
            lowest = min(range(len(self.seats)), key=lambda p: (self.total(self.seats[p]), self.held(p, now), -p))
            if self.held(lowest, now):
                continue  # the challenger waits
            if min(self.total(name), again(name)) > max(0, self.total(self.seats[lowest])):
                said.append(self.seat(lowest, name, now))
        return said

    def seat(self, place, name, now):
        gone = self.displace(place, now)
        self.seats[place] = name
        self.begin_again(name)
        return f"{name} for {gone}"

    def displace(self, place, now):
        """Empties a seat: whoever held it begins again, and the seat stays with the next one for S."""
        gone = self.unseat(place)
        if gone is not None:
            self.taken_at[place] = now
            self.begin_again(gone)
        return gone

    def begin_again(self, name, forget=True):
        self.buckets[name] = 0
        for table in (self.full_since, self.zero_since):
            table.pop(name, None)
        if forget:
            self.forget(name)

    def forget(self, name):
        self.ahead = [(at, who - {name}) for at, who in self.ahead]

    def unseat(self, place):
        gone, self.seats[place] = self.seats[place], None
        self.empties.pop(gone, None)
        return gone

    def lose(self, place):
        """A smaller body loses a seat."""
        gone = self.unseat(place)
        del self.seats[place]
        self.taken_at = {p - (p > place): at for p, at in self.taken_at.items() if p != place}
        return gone

    def resettle(self, settles, size=None):
        """The charter changes S, or the way of counting and with it C: buckets keep their percentage."""
        before, now = self.settles * self.size, settles * (self.size if size is None else size)
        self.settles = settles
        self.rescale(now, before, (self.buckets, self.empties))

    def rescale(self, now, before, tables):
        for levels in tables:
            for name, level in levels.items():
                levels[name] = level * now // before if before else 0

    def refunded(self, before, after):
        """Refunds lowered C: buckets and levels keep their percentage."""
        # choice: else a coalition fills its own bucket by taking back what it gave
        if after < before:
            self.rescale(after, before, (self.buckets, self.empties, self.nominees))

    # Standing, attention, leaving.

    def enter(self, name):
        """Is on the ballot from the start, as a founding text is."""
        self.ballot.append(name)
        self.first.setdefault(name)

    def stand(self, name, now):
        if name not in self.ballot and name not in self.nominees:
            self.nominees[name], self.stood_at[name] = 0, now
            self.first.setdefault(name)

    def give_places(self, now, totals, for_votes, against_votes):
        """Says which texts wait for a place; those of 30 days or more are out, and returned."""
        since = lambda name: (self.stood_at.get(name, 0), list(self.first).index(name))
        entered = {name: (totals.get(name, 0), since(name)) for name in self.challengers()}
        nominees = {n: (for_votes.get(n, 0) - against_votes.get(n, 0) // 2, since(n)) for n in self.nominees}
        self.waiting = set(entered | nominees) - set(places(entered, nominees))
        gone = [name for name in self.waiting if now - self.stood_at[name] >= 30 * DAY]
        for name in gone:
            self.remove(name)
        self.waiting -= set(gone)
        return gone

    def attend(self, now, for_votes, against_votes, part, period, standing=None):
        """Moves nominees' levels by the votes for and against letting them in; `standing` were on the ballot before the update."""
        top = entry_level(part, self.size, period, len(self.ballot) if standing is None else standing)
        entered, dropped = [], []
        for name in list(self.nominees):
            if name in self.waiting:
                continue
            step = (for_votes.get(name, 0) - against_votes.get(name, 0) // 2) * period
            level = self.nominees[name] = clamp(self.nominees[name] + step, 0, top)
            if top == 0:
                continue
            if level == top:
                del self.nominees[name]
                self.enter(name)
                self.buckets[name] = 0
                entered.append(name)
            elif level == 0 and now - self.stood_at[name] >= max(period, 7 * DAY):
                del self.nominees[name]
                dropped.append(name)
        return entered, dropped

    def leave_unwanted(self, now):
        """Candidates (and texts not in force) with T ≤ 0 at every update for the longer of 2 × S and 30 days leave."""
        # The clock runs over updates at which they held no seat when it was counted.
        most = max(2 * self.settles, 30 * DAY)
        gone = [name for name in self.challengers() if name in self.zero_since and now - self.zero_since[name] >= most]
        for name in gone:
            self.remove(name)
        return gone

    def remove(self, name):
        """Withdraws, resigns or leaves: the seat is vacant at once, and somebody who comes back starts at 0."""
        if name in self.ballot:
            self.ballot.remove(name)
        for table in (self.nominees, self.buckets, self.full_since, self.zero_since):
            table.pop(name, None)
        self.forget(name)
        if name in self.seats:
            self.unseat(self.seats.index(name))


def places(entered, nominees, most=100):
    """Texts that stay: entered ones with T > 0 by T, then the others by T or attention; the older of equals.

    Each is {name: (votes, since)}. Returns the names in order.
    """
    rows = [(0 if votes > 0 else 1, -votes, since, name) for name, (votes, since) in entered.items()]
    rows += [(1, -votes, since, name) for name, (votes, since) in nominees.items()]
    return [name for *_, name in sorted(rows)][:most]
