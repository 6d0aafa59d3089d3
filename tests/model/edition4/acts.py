"""Random acts of a co-op of edition 4, each with the refusal that the rules give, or None."""

from edition3.records import MONEY
from edition4.accepting import Accepting
from edition4.commitments import sha
from edition4.coop import ROOT, WHOLE
from edition4.money_acts import MoneyActs
from edition4.periods import DAY, MICRO
from rochdale_model import iso

SHARES = (0, 1, 100_000, 250_000, 500_000, WHOLE)


FIRST = "0"  # a version that is never withdrawn, so that its bytes are kept


class Acts(MoneyActs):
    """Acts that could be done now; `do` hands one in."""

    def __init__(self, coop, draw, drafter, do):
        self.coop, self.draw, self.drafter, self.do = coop, draw, drafter, do
        self.given, self.options, self.names = 0, {}, 0
        self.file, self.kept = {"name": "tool.zip", "bytes": 5, "sha256": sha("bytes"), "media": "application/zip"}, False
        self.texts_of = {}

    # Help.

    def member(self):
        """Mostly a member; sometimes one who has left, or nobody."""
        if self.draw.random() < 0.03:
            return self.draw.choice([*self.coop.ever, "m_0000000000000"])
        return self.draw.choice(self.coop.people)

    def who(self, member):
        if member in self.coop.people:
            return []
        return ["R007" if member in self.coop.ever else "R006"]

    def answer(self, act, refusals, done=None):
        """Hands an act in; the lowest of the refusals is answered."""
        refusal = min(refusals, default=None)
        if refusal is None and done:
            done()
        self.do(act, refusal)

    def nodes(self, kind):
        return self.coop.nodes(kind)

    def at(self):
        return self.coop.now

    # Register and support.

    def admit(self):
        self.names += 1
        name = f"m_{self.names:013d}"
        self.answer({"act": "admit_member", "member": name, "organisation": False}, [], lambda: (self.coop.ever.append(name), self.coop.people.append(name)))

    def leave(self):
        coop = self.coop
        if len(coop.people) < 3:
            return
        member = self.member()
        self.answer({"act": "end_membership", "member": member}, self.who(member), lambda: coop.leave(member))

    def list_crew(self):
        member, crew = self.member(), self.coop.crew
        on = member in crew
        act = {"act": "remove_from_list" if on else "add_to_list", "list": "crew", "member": member}
        self.answer(act, self.who(member), lambda: crew.remove(member) if on else crew.add(member))

    def give(self):
        coop, draw = self.coop, self.draw
        kind = draw.choice(["donation", "donation", "purchase", "dues"])
        member, amount = self.member(), draw.choice([1, 100, 400, 1600, draw.randint(1, 90_000)])
        ago = draw.choice([0, 0, 0, draw.randint(0, 40), draw.randint(0, 100)]) * DAY + draw.choice([0, draw.randint(0, DAY)])
        at = min(coop.now, coop.now - ago)
        parts = draw.choice([1, 1, 1, 1, 2, 3, 12])
        self.given += 1
        source = f"x:{self.given}"
        act = {"act": "record_support", "member": member, "kind": kind, "amount": {"amount": amount, "currency": "USD"}, "given_at": iso(at), "source": source}
        if parts > 1:
            act["parts"] = parts

        def done():
            coop.records.add(member=member, kind=kind, amount=amount, at=at, source=source, parts=parts, recorded=coop.now)
            coop.money.feed(source, kind, amount, at, coop.nodes("pool"), coop.zone)

        self.answer(act, self.who(member), done)

    def refund(self):
        coop, draw = self.coop, self.draw
        if not coop.records.rows:
            return
        row = draw.choice([row for row in coop.records.rows if row.kind != "credit"][-12:])
        amount = draw.choice([None, None, draw.randint(1, row.amount), max(1, row.rest()), row.rest() + 1])
        self.given += 1
        act = {"act": "reverse_support", "of": row.source, "given_at": iso(max(row.at, coop.now - draw.choice([0, 1, 9]) * DAY)), "source": f"x:{self.given}"}
        if amount is not None:
            act["amount"] = amount

        def done():
            taken = row.rest() if amount is None else amount
            row.take_back(taken)
            coop.money.take_back(row.source, taken)
            coop.weigher.refunds[row.member] = coop.now
            coop.refunded.add(row.member)

        self.answer(act, ["R040"] if not row.rest() or amount is not None and amount > row.rest() else [], done)

    def hear(self):
        days = self.draw.choice([7, 20, 31, 40])
        kinds = self.draw.sample(MONEY_KINDS, self.draw.randint(1, 3))
        self.answer({"act": "source_heard", "source": "bank", "kinds": kinds, "every_days": days}, [],
                    lambda: self.coop.weigher.hear("bank", tuple(kinds), days, self.coop.now))

    # Ballots.

    def share(self, member, name, held):
        left = max(0, WHOLE - self.coop.placed_beside(member, name) + held)
        if self.draw.random() < 0.05:
            return self.draw.choice([WHOLE + 1, left + 1, *SHARES])
        some = [left, left // 2, left // 3, min(left, 100_000), self.draw.randint(0, left)]
        return self.draw.choice([one for one in some if one or held] + [0] * (bool(held) or self.draw.random() < 0.05) or [0])

    def of_share(self, member, name, ppm, held):
        if ppm > WHOLE:
            return ["R018"]
        if ppm > 0 and self.coop.placed_beside(member, name) - (held or 0) + ppm > WHOLE:
            return ["R017"]
        return ["R023"] if ppm == 0 and held is None else []

    def vote(self):
        """A ballot for or against options."""
        nodes = self.nodes("commitment")
        if not nodes:
            return
        node, member, against = self.draw.choice(nodes), self.member(), self.draw.random() < 0.25
        known = sorted(node.standing() | set(self.options.get(node.name, ())))
        if self.draw.random() < 0.93:
            known = sorted(node.standing())
        if node.over is not None and self.draw.random() < 0.8 or not known and self.draw.random() < 0.9:
            return
        names = self.draw.sample(known, min(len(known), self.draw.choice([1, 1, 1, 2, 3])))
        self.cast(node.name, member, names, against, node.standing(), node.over is not None)

    def cast(self, name, member, names, against, standing, over=False, ppm=None, full=False):
        coop, draw = self.coop, self.draw
        key = (member, name, None, against)
        held, _ = coop.ballots.get(key, (None, {}))
        ppm = self.share(member, name, held or 0) if ppm is None else ppm
        approval = coop.rule(name) == "approval"
        some = lambda: WHOLE if full or approval and draw.random() < 0.97 else draw.choice([WHOLE, WHOLE, draw.randint(0, WHOLE), 1])
        scores = {one: some() for one in names}
        refusals = self.who(member) + self.of_share(member, name, ppm, held)
        refusals += ["R125"] if over else []
        if ppm:
            refusals += [] if not member in coop.people or coop.may_vote(name, member) else ["R014"]
            refusals += ["R015"] if set(names) - standing else []
            refusals += ["R016"] if approval and set(scores.values()) - {0, WHOLE} else []
            refusals += ["R019"] if not names else []
            refusals += ["R021"] if set(names) & set(coop.ballots.get((member, name, None, not against), (0, {}))[1]) else []

        def done():
            if ppm:
                coop.ballots[key] = (ppm, scores)
            else:
                del coop.ballots[key]

        act = {"act": "cast_ballot", "member": member, "decision": name, "share_ppm": ppm, "scores": scores, "against": against}
        self.answer(act, refusals, done)

    def rank(self, node=None, item=None, member=None, against=None):
        """A ballot on an item of a ranking, a project or a request."""
        nodes = [one for one in self.coop.decisions.values() if one.kind != "commitment"]
        if not nodes:
            return
        coop, draw, node, member = self.coop, self.draw, node or self.draw.choice(nodes), member or self.member()
        known = sorted(name for name, one in node.items.items() if one.open)
        item = item or (draw.choice(known) if known and draw.random() < 0.95 else str(draw.randint(1, 12)))
        key = next((key for key in coop.ballots if key[:3] == (member, node.name, item)), None)
        held = coop.ballots[key][0] if key else None
        ppm = self.share(member, node.name, held or 0)
        against = draw.random() < 0.2 if against is None else against
        refusals = self.who(member) + self.of_share(member, node.name, ppm, held)
        if item not in node.items:
            refusals.append("R024")
        elif not node.items[item].open:
            refusals.append("R025")
        elif ppm and node.kind != "ranking" and node.own(item, member):
            refusals.append("R155" if node.kind == "pool" else "R170")
        if ppm and member in coop.people and not coop.may_vote(node.name, member):
            refusals.append("R014")

        def done():
            if key:
                del coop.ballots[key]
            if ppm:
                coop.ballots[member, node.name, item, against] = (ppm, {})

        self.answer({"act": "cast_ballot", "member": member, "decision": node.name, "item": item, "share_ppm": ppm, "against": against}, refusals, done)

    def nominate(self):
        nodes = self.nodes("commitment")
        if not nodes:
            return
        coop, draw, node, member = self.coop, self.draw, self.draw.choice(nodes), self.member()
        own = sorted({key[2] for key in coop.nominations if key[:2] == (member, node.name)})
        known = sorted(node.nominees()) if draw.random() < 0.8 else sorted(node.standing() | set(self.options.get(node.name, ())))
        names = own if own and draw.random() < 0.3 else known
        if not names:
            return
        option, against = draw.choice(names), draw.random() < 0.25
        key = next((key for key in coop.nominations if key[:3] == (member, node.name, option)), None)
        held = coop.nominations[key] if key else None
        ppm = self.share(member, node.name, held or 0)
        refusals = self.who(member) + self.of_share(member, node.name, ppm, held)
        refusals += ["R125"] if node.over is not None else []
        refusals += ["R015"] if option not in node.known and held is None else []
        if ppm:
            refusals += [] if member not in coop.people or coop.may_vote(node.name, member) else ["R014"]
            refusals += ["R015"] if option not in node.standing() else []
            refusals += ["R045"] if option in node.on_ballot() else []

        def done():
            if key:
                del coop.nominations[key]
            if ppm:
                coop.nominations[member, node.name, option, against] = ppm

        act = {"act": "nominate", "member": member, "decision": node.name, "candidate": option, "share_ppm": ppm, "against": against}
        self.answer(act, refusals, done)

    # Options.

    def propose(self, node=None):
        nodes = self.nodes("commitment")
        if not nodes:
            return
        draw, node, member = self.draw, node or self.draw.choice(nodes), self.member()
        if isinstance(node, Accepting) and draw.random() < 0.9:
            return
        text = draw.choice([f"option {draw.choice('abcdefgh')}{draw.randint(0, 2)}", f"option {draw.choice('ab')}0\n\nSince {draw.randint(1, 3)}", node.terms.default])
        if draw.random() < 0.25:
            member = self.coop.people[0]  # whose five are soon used up
        if draw.random() < 0.04:
            text = draw.choice(["", "\nlate", "x" * 100, "x" * 101, "é" * 100, "   "])
        self.options.setdefault(node.name, {})[sha(text)] = text
        act = {"act": "propose_option", "member": member, "decision": node.name, "text": text}
        if isinstance(node, Accepting):
            text = act["text"] = f"{text} {self.names}"  # none that stands
            return self.answer(act, self.who(member) or [no for no in node.refuses_option(member, text, self.at())] + ["R131"])
        refusals = self.who(member) or node.propose(member, text, self.at())
        self.answer(act, refusals)

    def campaign(self):
        """An option that several members are for, as a ballot or as a nomination first; or a request."""
        draw, coop = self.draw, self.coop
        node = draw.choice([one for one in coop.decisions.values()] or [None])
        if node is None:
            return
        if node.kind == "ranking" and node.terms.supply and node.terms.supply.unit != "unit" and draw.random() < 0.7:
            return self.queue_for(node)
        if node.kind != "commitment":
            ask = {"ranking": self.item, "pool": self.ask_pool, "requests": self.request_money}[node.kind]
            for _ in range(draw.choice([2, 4, 6]) - sum(one.open for one in node.items.values())):
                ask(node)
            names = [name for name, one in node.items.items() if one.open][-6:]
            for member in coop.people if names else []:
                if node.kind == "pool" and draw.random() < 0.7:
                    self.pledge_some(node, member, names)
                for item in draw.sample(names, min(len(names), draw.choice([1, 1, 2, 3]))):
                    if node.kind == "ranking" or not node.own(item, member):
                        self.rank(node, item, member)
            return
        if not node.options and node.over is None:
            (self.strike_credit if isinstance(node, Accepting) else self.propose)(node)
        if not node.options:
            return
        option, standing = draw.choice(sorted(node.options)), node.standing()
        for member in coop.people:
            if draw.random() < 0.7 and coop.may_vote(node.name, member):
                free = WHOLE - coop.placed_beside(member, node.name)
                if free and option not in coop.ballots.get((member, node.name, None, True), (0, {}))[1]:
                    held, _ = coop.ballots.get((member, node.name, None, False), (0, {}))
                    self.cast(node.name, member, [option], False, standing, ppm=min(WHOLE, held + draw.choice([free, max(1, free // 2)])), full=True)

    def queue_for(self, node):
        """Requests that do not fit into one supply together, each with somebody for it: a strict order and one that skips differ."""
        draw, supply = self.draw, node.terms.supply
        for part in draw.sample((3, 2, 2, 3, 1, 1), 5):
            self.item(node, (max(1, supply.amount * part // 4), supply.unit))
        names = [name for name in node.order() if node.asks(node.items[name])]
        for place, member in enumerate(draw.sample(self.coop.people, len(self.coop.people))):
            for name in names[place::len(self.coop.people)] + names[:2]:
                self.rank(node, name, member, against=False)

    def withdraw(self):
        nodes = [one for one in self.nodes("commitment") if one.standing()]
        if not nodes:
            return
        node = self.draw.choice(nodes)
        option = self.draw.choice(sorted(node.standing() | set(self.options.get(node.name, ()))))
        one = node.options.get(option)
        member = one.by if one and self.draw.random() < 0.8 else self.member()
        refusals = self.who(member) or node.withdraw(member, option, self.coop.carried(node.name, option, member))
        self.answer({"act": "withdraw_option", "member": member, "decision": node.name, "option": option}, refusals)

    # Items.

    def amount(self, node):
        draw, supply = self.draw, node.terms.supply
        if draw.random() < 0.1 or supply is None and draw.random() < 0.9:
            return None
        if supply is None or draw.random() < 0.06:
            return draw.choice([(0, "second"), (3600, "second"), (2, "unit"), (500, "USD"), (500, "EUR"), (10**15 + 1, "USD")])
        many = draw.choice([supply.amount, supply.amount + 1, max(1, supply.amount // 2), draw.randint(1, supply.amount), draw.randint(1, supply.amount)])
        return (many if draw.random() < 0.9 else draw.randint(1, supply.amount), supply.unit)

    def item(self, node=None, amount=None):
        nodes = self.nodes("ranking")
        if not nodes:
            return
        draw, node, coop = self.draw, node or self.draw.choice(nodes), self.coop
        item, amount, member = str(draw.randint(1, 14)), amount or self.amount(node), self.member()
        act = {"decision": node.name, "item": item}
        if amount:
            act["amount"] = {"amount": amount[0], "currency" if amount[1].isupper() else "unit": amount[1]}
        if draw.random() < 0.3:
            return self.answer({"act": "open_item", **act}, node.open_item(item, amount, self.at()))
        refusals = self.who(member) or node.bring(member, item, amount, self.at())
        self.answer({"act": "bring_item", "member": member, "title": f"item {item}", **act}, refusals)

    def take_back(self):
        nodes = [one for one in self.nodes("ranking") if one.items]
        if not nodes:
            return
        node = self.draw.choice(nodes)
        item = self.draw.choice(sorted(node.items))
        done = lambda: self.coop.free(lambda key: key[1:3] == (node.name, item))
        if self.draw.random() < 0.3:
            return self.answer({"act": "close_item", "decision": node.name, "item": item}, node.close(item), done)
        member = node.items[item].by if node.items[item].by and self.draw.random() < 0.8 else self.member()
        refusals = self.who(member) or node.take_back(member, item, self.coop.carried(node.name, item, member, item=True), self.at())
        self.answer({"act": "take_back_item", "member": member, "decision": node.name, "item": item}, refusals, done)

    def wrong_kind(self):
        """An act that does not fit its decision, or names none."""
        coop, draw, member = self.coop, self.draw, self.draw.choice(self.coop.people)
        kinds = {name: one.kind for name, one in coop.clauses.items()} | {ROOT: ROOT, "nothing": "release"}
        kinds = {name: kind for name, kind in kinds.items() if name != "credit"}
        name = draw.choice(sorted(kinds))
        act, fits = draw.choice([
            ({"act": "propose_option", "member": member, "text": "somewhere else"}, ("commitment",)),
            ({"act": "withdraw_option", "member": member, "option": sha("somewhere else")}, ("commitment",)),
            ({"act": "bring_item", "member": member, "item": "1", "title": "item"}, ("ranking",)),
            ({"act": "open_item", "item": "1"}, ("ranking",)),
            ({"act": "take_back_item", "member": member, "item": "1"}, ("ranking",)),
            ({"act": "cast_ballot", "member": member, "item": "1", "share_ppm": 0}, ("ranking", "pool", "requests")),
            ({"act": "ask_pool", "member": member, "text": "somewhere else", "goal": self.money(5)}, ("pool",)),
            ({"act": "give_to_pool", "member": member, "amount": self.money(5)}, ("pool",)),
            ({"act": "request_money", "member": member, "text": "somewhere else", "amount": self.money(5)}, ("requests",)),
            ({"act": "withdraw_request", "member": member, "request": sha("somewhere else")}, ("requests",)),
            ({"act": "withdraw_project", "member": member, "project": sha("somewhere else")}, ("pool",)),
            ({"act": "nominate", "member": member, "candidate": sha("somewhere else"), "share_ppm": 1}, ("commitment", ROOT)),
        ])
        if kinds[name] not in fits:
            self.answer({**act, "decision": name}, ["R012" if kinds[name] == "release" else "R013"])

    # Releases.

    def publish(self):
        coop, draw = self.coop, self.draw
        paths = sorted(set(coop.releases.clauses) | set(coop.releases.versions))
        if not paths:
            return
        path = draw.choice(paths) if draw.random() < 0.95 else "help"
        version = draw.choice([f"1.{draw.randint(0, 9)}", f"1.{draw.randint(0, 9)}", "1.0~a+b_c", *coop.releases.versions.get(path, ())])
        file = dict(self.file)
        files, wrong = [file], []
        if draw.random() < 0.06:
            version, files, wrong = draw.choice([
                ("-1", [file], ["R027"]), ("x" * 101, [file], ["R027"]), ("é", [file], ["R027"]), (version, [], ["R139"]),
                (version, [file, {**file, "name": file["name"].upper()}], ["R139"]), (version, [{**file, "name": f"{n}.zip"} for n in range(21)], ["R139"]),
                (version, [{**file, "name": "../tool"}], ["R138"]), (version, [{**file, "bytes": 0}], ["R138"]),
                (version, [{**file, "media": "text/html"}], ["R138"]), (version, [{**file, "sha256": "00" * 32}], ["R150"]),
            ])
        refusals = wrong + ([] if self.kept else ["R150"])
        refusals += coop.releases.publish(path, version, files, coop.now, dry=bool(refusals))
        self.answer({"act": "publish_release", "release": path, "version": version, "files": files}, refusals)

    def withdraw_version(self):
        coop, draw = self.coop, self.draw
        names = [(path, name) for path, those in coop.releases.versions.items() for name in those if name != FIRST] or [("tool", "9.9")]
        path, name = draw.choice(names) if draw.random() < 0.9 else ("tool", "9.9")
        self.answer({"act": "withdraw_release", "release": path, "version": name}, coop.releases.withdraw(path, name, coop.now))

    # Other rules.

    def change_rules(self):
        """A text of rules is proposed, and enough members score it."""
        coop, draw = self.coop, self.draw
        race = coop.race
        standing = set(race.nominees) | set(race.candidates)
        proposers = [member for member in coop.people if sum(by == member and text in standing for text, by in self.texts_of.items()) < 3]
        back = [text for text in coop.texts if text in race.candidates and text != coop.rules.hash]
        if back and draw.random() < 0.2:
            text = draw.choice(back)
        elif proposers:
            rules = self.drafter.rules(coop.now, coop.rules)
            text, by = rules.hash, draw.choice(proposers)
            coop.texts[text] = rules
            self.texts_of[text] = by
            act = {"act": "propose_document", "member": by, "decision": ROOT, "text": rules.text}
            self.answer(act, [], lambda: race.stand(text, coop.now / MICRO))
        else:
            return
        for member in coop.people:
            if draw.random() < 0.85:
                self.make_room(member)
                held, _ = coop.ballots.get((member, ROOT, None, False), (0, {}))
                left = max(0, WHOLE - coop.placed_beside(member, ROOT) + (held or 0))
                if left:
                    self.cast(ROOT, member, [text], False, standing | {text}, ppm=min(left, draw.choice([left, 400_000])), full=True)

    def make_room(self, member):
        """A member's largest ballot elsewhere is taken back, where nothing is left."""
        coop = self.coop
        if coop.placed_beside(member, ROOT) < 900_000 or coop.each(ROOT):
            return
        own = [(ppm, str(key), key) for key, (ppm, _) in coop.ballots.items() if key[0] == member and key[1] != ROOT and not coop.each(key[1])]
        if not own:
            return
        _, _, key = max(own)
        _, name, item, against = key
        act = {"act": "cast_ballot", "member": member, "decision": name, "share_ppm": 0, "against": against}
        if item is not None:
            act["item"] = item
        node = coop.decisions[name]
        over = ["R125"] if node.kind == "commitment" and node.over is not None else []
        self.answer(act, over, lambda: coop.ballots.pop(key))


MONEY_KINDS = [kind for kind in MONEY if kind != "pledge"]
