"""Random acts of a game, each with the answer that the rules give."""

import hashlib
from datetime import timedelta

from edition3.claims import REASONS
from edition3.records import MONEY, first_moment
from edition3.rules import SERVICES
from rochdale_model import iso, local

ANY = object()
DAY = 86_400 * 1_000_000


class Acts:
    def __init__(self, game, play):
        self.game, self.play, self.draw, self.given = game, play, game.draw, 0
        self.texts = {}

    # The first acts of a co-op.

    def begin(self):
        game = self.game
        for name in game.names:
            act = {"act": "admit_member", "member": name, "organisation": name in game.organisations}
            if name in game.founder:
                act["founder"] = True
            self.play.do(act, None)
            game.ever.append(name)
            game.people.append(name)
        game.acted |= game.founder
        crew = "crew" in {one.list for one in game.kernel.classes}
        for name in game.names:
            if crew and self.draw.random() < 0.7:
                self.play.do({"act": "add_to_list", "list": "crew", "member": name}, None)
                game.crew.add(name)
            for one in game.kernel.classes:
                self.play.do({"act": "open_item", "decision": f"scale-{one.name}", "item": name}, None)
        game.counted_crew = set(game.crew)
        for _ in range(self.draw.randint(2, 12)):
            self.give()
        self.voters = [name for name in game.names if self.draw.random() < 0.6]
        self.elect()

    def elect(self):
        """Somebody stands for each seat, and those who vote are for them."""
        game, free = self.game, list(self.voters)
        for seat in game.seats:
            for _ in range(seat.seats):
                if free and self.draw.random() < 0.8:
                    name = free.pop()
                    self.play.do({"act": "stand", "member": name, "decision": seat.name}, None)
                    game.acted.add(name)
                    self.back(seat.name, name, {name: 1_000_000})

    def back(self, decision, candidate, scores):
        for voter in self.voters:
            if voter in self.game.people:
                self.free({"act": "nominate", "member": voter, "decision": decision, "candidate": candidate, "share_ppm": 200_000}, voter)
                self.free({"act": "cast_ballot", "member": voter, "decision": decision, "share_ppm": 500_000, "scores": scores}, voter)

    def free(self, act, voter, then=None):
        """An act whose answer the model does not know."""

        def done():
            self.game.acted.add(voter)
            if then:
                then()

        self.play.do(act, ANY, then=done)

    # Between updates.

    def some(self):
        game = self.game
        game.counted_crew = None
        self.vote_own()
        kinds = [self.give] * 5 + [self.claim] * 4 + [self.answer_claim] * 6 + [self.join] * 3 + [self.answer_join] * 3
        kinds += [self.pledge] * 3 + [self.hear] * 3 + [self.refund] * 3 + [self.bring] * 3 + [self.take_item_back] * 2
        kinds += [self.take_back_join, self.take_back_claim, self.crew, self.leave, self.set, self.vote_wish, self.vote_wish, self.power_item]
        for _ in range(self.draw.randint(4, 22)):
            self.draw.choice(kinds)()
        game.counted_crew = set(game.crew)

    def member(self):
        """Mostly a member; sometimes one who has left."""
        game = self.game
        return self.draw.choice(game.people if self.draw.random() < 0.93 else game.ever)

    def amount(self, kind):
        if self.draw.random() < 0.02:
            return self.draw.choice([0, 10**15 + 1])
        if kind in MONEY:
            return self.draw.choice([1, 100, 1000, self.draw.randint(1, 30_000)])
        return self.draw.choice([3600, 36_000, self.draw.randint(1, 200_000)]) if kind != "contribution" else self.draw.randint(1, 9_000_000)

    def money(self, kind, amount):
        unit = {"currency": "USD"} if kind in MONEY else {"unit": "micro-credit" if kind == "contribution" else "second"}
        return {"amount": amount, **unit}

    def day(self, most=150):
        today = local(self.game.now, self.game.kernel.zone).date()
        if self.draw.random() < 0.02:
            return today + timedelta(days=1)
        return today - timedelta(days=self.draw.choice([0, 1, 5, 30, self.draw.randint(0, most)]))

    def source(self):
        if self.game.records.sources and self.draw.random() < 0.03:
            return self.draw.choice(sorted(self.game.records.sources))
        self.given += 1
        return f"x:{self.game.seed}-{self.given}"

    def service(self):
        return self.draw.choice([None, None, None, *SERVICES, *SERVICES, "Food"] if self.draw.random() < 0.1 else [None, *SERVICES])

    def give(self):
        game, draw = self.game, self.draw
        kind = draw.choice(["donation"] * 5 + ["hours"] * 3 + ["pledge", "pledge", "purchase", "purchase", "dues", "contribution", "compute"])
        by = None
        holders = [name for seat in game.seats for name in seat.holders] + sorted(game.founder & set(game.people))
        if draw.random() < 0.4 and holders:
            by = draw.choice([*holders, *holders, draw.choice(game.people)])
            if draw.random() < 0.7 and any(by in seat.holders for seat in game.seats):
                kind = draw.choice(draw.choice([seat for seat in game.seats if by in seat.holders]).kinds)
        member, amount, day, source = self.member(), self.amount(kind), self.day(), self.source()
        if by and draw.random() < 0.1:
            member = by
        service = self.service() if kind != "pledge" or draw.random() < 0.05 else None
        more, at = {}, first_moment(day, game.kernel.zone)
        if kind == "pledge":
            more = {"series": draw.choice([None, "m", "y"]), "stands": draw.choice([2, 2, 1, 12])}
        elif kind in ("donation", "hours") and draw.random() < 0.25:
            more = {"parts": draw.choice([2, 3, 12])}
        act = {"act": "record_support", "member": member, "kind": kind, "amount": self.money(kind, amount), "source": source}
        if draw.random() < 0.5:
            act["given_on"] = day.isoformat()
        else:
            at = min(at + draw.randint(0, DAY), max(game.now, at))
            act["given_at"] = iso(at)
        booked = None
        if kind in ("donation", "purchase", "dues") and draw.random() < 0.2:
            booked = draw.choice([("assets:bank", "income:gifts")] * 4 + [("expenses:gifts", "assets:bank")])
            act["book"] = {"to": booked[0], "from": booked[1]}
        for word, field in (("series", "series"), ("stands", "stands_months"), ("parts", "parts")):
            if more.get(word) is not None:
                act[field] = more[word]
        if service:
            act["service"] = service
        self.play.do(act, game.record(by, member, kind, amount, at, source, service, booked, **more), by)

    def refund(self):
        game, draw = self.game, self.draw
        if not game.records.rows:
            return
        row = draw.choice(game.records.rows)
        by = None
        holders = [(name, seat) for seat in game.seats for name in seat.holders]
        if holders and draw.random() < 0.5:
            by, seat = draw.choice(holders)
            own = [one for one in game.records.rows if one.recorded_by == seat.name or one.kind in seat.kinds]
            row = draw.choice(own) if own and draw.random() < 0.9 else row
        elif game.founder & set(game.people) and draw.random() < 0.1:
            by = draw.choice(sorted(game.founder & set(game.people)))
        amount = draw.choice([None, draw.randint(1, max(1, row.rest())), row.rest() + 1])
        source = self.source()
        act = {"act": "reverse_support", "of": row.source, "given_at": iso(max(row.at, game.now - draw.choice([0, 1, 9]) * DAY)), "source": source}
        if amount is not None:
            act["amount"] = amount
        self.play.do(act, game.reverse(by, row.source, amount, source), by)

    def claim(self):
        game = self.game
        kind = self.draw.choice(["hours"] * 6 + ["contribution", "compute", "donation"])
        member, amount, day, source = self.member(), self.amount(kind), self.day(70), self.source()
        service = self.service()
        act = {"act": "claim_support", "member": member, "kind": kind, "amount": self.money(kind, amount), "given_on": day.isoformat(),
               "source": source}
        if service:
            act["service"] = service
        self.play.do(act, game.claims.hand_in(member, kind, amount, first_moment(day, game.kernel.zone), source, service))

    def answer_claim(self):
        game, draw = self.game, self.draw
        number = draw.choice(sorted(game.claims.waiting)) if game.claims.waiting and draw.random() < 0.95 else draw.randint(1, 9)
        yes, reason = draw.random() < 0.75, draw.choice([*REASONS, "other-day", None])
        holders = [name for seat in game.seats for name in seat.holders]
        member = draw.choice(holders) if holders and draw.random() < 0.2 else self.member()
        act = {"act": "answer_claim", "member": member, "number": number, "yes": yes}
        if not yes and reason:
            act["reason"] = reason
        self.play.do(act, game.claims.answer(member, number, yes, reason))

    def take_back_claim(self):
        game = self.game
        number = self.draw.choice(sorted(game.claims.waiting)) if game.claims.waiting else 1
        one = game.claims.waiting.get(number)
        member = one.member if one and self.draw.random() < 0.7 else self.member()
        self.play.do({"act": "take_back_claim", "member": member, "number": number}, game.claims.take_back(member, number))

    def pledge(self):
        member, amount = self.member(), self.draw.choice([0, 1, 500, 10**6, 10**14, self.draw.randint(1, 30_000)])
        act = {"act": "pledge_own", "member": member, "amount": {"amount": amount, "currency": "USD"}}
        self.play.do(act, self.game.pledge_own(member, amount))

    def hear(self):
        draw = self.draw
        kinds = draw.sample(["donation", "donation", "pledge", "hours", "purchase", "dues", "contribution", "compute"], draw.choice([1, 2, 3]))
        kinds = list(dict.fromkeys(kinds)) if draw.random() < 0.95 else ["hours", "hours"]
        name, days = draw.choice(["bank", "forge", "sheet"]), draw.choice([1, 7, 20, 31, 31, 366 if draw.random() < 0.3 else 10, 0 if draw.random() < 0.2 else 5])
        act = {"act": "source_heard", "source": name, "kinds": kinds, "every_days": days}
        self.play.do(act, self.game.hear(name, kinds, days))

    # Joins.

    def pair(self):
        game, draw = self.game, self.draw
        some = [name for name in game.people if name not in game.acted]
        goes = draw.choice(some) if some and draw.random() < 0.6 else self.member()
        stays = draw.choice(some) if some and draw.random() < 0.3 else self.member()
        return goes, stays

    def join(self):
        game, draw = self.game, self.draw
        goes, stays = self.pair()
        ask = draw.random() < 0.2
        act = {"act": "join_members", "from": goes, "into": stays, **({"ask_both": True} if ask else {})}
        if draw.random() < 0.1:
            by = draw.choice(game.people)
            return self.play.do(act, "R001", by)
        return self.play.do(act, game.joining.join(goes, stays, ask, game.now))

    def a_join(self):
        joins = list(self.game.joining.joins.values())
        return self.draw.choice(joins) if joins else None

    def answer_join(self):
        game, draw, one = self.game, self.draw, self.a_join()
        goes, stays = (one.goes, one.stays) if one and draw.random() < 0.85 else self.pair()
        member = draw.choice([goes, stays, goes, stays, self.member()])
        yes = draw.random() < 0.75
        act = {"act": "answer_join", "member": member, "from": goes, "into": stays, "yes": yes}
        self.play.do(act, game.joining.answer(member, goes, stays, yes, game.now))

    def take_back_join(self):
        one = self.a_join()
        goes = one.goes if one and self.draw.random() < 0.8 else self.member()
        self.play.do({"act": "take_back_join", "from": goes}, self.game.joining.take_back(goes))

    # The register, items, rules.

    def crew(self):
        game = self.game
        if "crew" in {one.list for one in game.kernel.classes}:
            name = self.draw.choice(game.people)
            self.play.do({"act": "remove_from_list" if name in game.crew else "add_to_list", "list": "crew", "member": name}, None)
            game.crew ^= {name}

    def leave(self):
        game = self.game
        if len(game.people) > 3 and self.draw.random() < 0.3:
            name = self.draw.choice(game.people)
            self.play.do({"act": "end_membership", "member": name}, None)
            game.leave(name)
            game.joining.ended(name)

    def bring(self):
        member, ranking, item = self.member(), self.draw.choice(["wishes"] * 5 + ["plans"]), str(self.draw.randint(1, 12))
        act = {"act": "bring_item", "member": member, "decision": ranking, "item": item, "title": f"wish {item}"}
        self.play.do(act, self.game.bring(member, ranking, item))

    def an_item(self):
        return self.draw.choice(sorted(self.game.items)) if self.game.items and self.draw.random() < 0.95 else ("wishes", str(self.draw.randint(1, 12)))

    def take_item_back(self):
        ranking, item = self.an_item()
        state = self.game.items.get((ranking, item))
        member = state["by"] if state and state["by"] and self.draw.random() < 0.8 else self.member()
        act = {"act": "take_back_item", "member": member, "decision": ranking, "item": item}
        self.play.do(act, self.game.take_item_back(member, ranking, item))

    def power_item(self):
        ranking, item = self.draw.choice(["wishes", "plans"]), str(self.draw.randint(1, 12))
        self.play.do({"act": self.game.open_or_close(ranking, item), "decision": ranking, "item": item}, None)

    def vote_wish(self):
        game, draw = self.game, self.draw
        voters = [name for name in self.voters if name in game.people]
        if not voters or not game.items:
            return
        (ranking, item), voter = self.an_item(), draw.choice(voters)
        ppm, against = draw.choice([1, 1000, 200_000]), draw.random() < 0.3
        then = lambda: game.ballots.__setitem__((voter, ranking, item), (ppm, against))
        self.free({"act": "cast_ballot", "member": voter, "decision": ranking, "item": item, "share_ppm": ppm, "against": against}, voter, then)

    def vote_own(self):
        """Those who vote show their weight in each class."""
        game = self.game
        for voter in self.voters:
            for one in game.kernel.classes:
                key = (voter, f"scale-{one.name}", voter)
                if voter in game.people and key not in game.ballots:
                    act = {"act": "cast_ballot", "member": voter, "decision": key[1], "item": voter, "share_ppm": 1_000_000}
                    self.free(act, voter, lambda key=key: game.ballots.__setitem__(key, (1_000_000, False)))

    def set(self):
        """Another constitution with other values, within the kernel's limits or beyond."""
        game, draw = self.game, self.draw
        voters = [name for name in self.voters if name in game.people and name in game.acted]
        if not game.values or not voters:
            return
        values = {name: game.a_value(name) for name in game.values if draw.random() < 0.8}
        voters = [name for name in voters if self.texts.get(name, 0) < 3]
        if not voters:
            return
        self.texts[voters[0]] = self.texts.get(voters[0], 0) + 1
        beyond = draw.random() < 0.2 and values
        if beyond:
            name = draw.choice(sorted(values))
            _, low, high, _ = game.kernel.parameters[name]
            values[name] = draw.choice([high * 11 / 10, low / 2] if name == "share" else [high + 1, low - 1])
            if values[name] <= 0:
                return
        text = game.constitution(values) + f"\n{len(game.proposed)} {draw.random()}\n"
        name = hashlib.sha256(text.encode()).hexdigest()
        act = {"act": "propose_document", "member": voters[0], "decision": "constitution", "document": name, "text": text}
        self.play.do(act, "R049") if beyond else self.free(act, voters[0])
        if not beyond:
            game.proposed[name] = values
            self.back("constitution", name, {name: 1_000_000})
