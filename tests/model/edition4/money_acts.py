"""Random acts of pools, requests for money, and credit, each with the refusal that the rules give, or None."""

from datetime import timedelta

from edition4.accepting import Accepting, TooNear, drawn
from edition4.commitments import sha
from edition4.periods import DAY, around
from edition4.pools import HELD
from rochdale_model import iso, local

BANK = "assets:bank"


class MoneyActs:
    """A part of `Acts`."""

    def money(self, minor):
        return {"amount": minor, "currency": "USD"}

    def source(self):
        self.given += 1
        return f"x:{self.given}"

    def of_account(self, act):
        """Now and then another account than one that holds money, or another unit."""
        draw = self.draw
        if draw.random() < 0.03:
            act["account"] = draw.choice(["income:gifts", HELD, "Bank"])
            return ["R043"]
        if draw.random() < 0.03:
            act["amount"] = draw.choice([{"amount": 5, "currency": "EUR"}, {"amount": 5, "unit": "second"}])
            return ["R034" if "unit" in act["amount"] else "R044"]
        return []

    def hold(self, member=None):
        """Money comes in that is a member's still."""
        coop, draw = self.coop, self.draw
        member, minor = member or self.member(), draw.choice([1, 100, 5000, draw.randint(1, 60_000), draw.randint(1, 60_000)])
        act = {"act": "hold_money", "member": member, "amount": self.money(minor), "at": iso(coop.now), "source": self.source(), "account": BANK}
        refusals = self.who(member) + self.of_account(act)
        if draw.random() < 0.02:
            act["at"] = iso(coop.now + 3 * DAY)
            refusals.append("R036")

        def done():
            coop.money.held[member] += minor
            coop.money.move(minor, BANK, HELD)

        self.answer(act, refusals, done)

    def pay_back(self):
        coop, draw = self.coop, self.draw
        rich = [member for member in coop.ever if coop.money.held[member]]
        member = draw.choice(rich) if rich and draw.random() < 0.9 else self.member()
        has = coop.money.held[member]
        minor = draw.choice([has, has + 1, 1, draw.randint(1, max(1, has))]) or 1
        act = {"act": "pay_back_held", "member": member, "amount": self.money(minor), "at": iso(coop.now), "source": self.source(), "account": BANK}
        refusals = ([] if member in coop.ever else ["R006"]) + self.of_account(act) + (["R154"] if minor > has else [])

        def done():
            coop.money.held[member] -= minor
            coop.money.move(minor, HELD, BANK)

        self.answer(act, refusals, done)

    def give_pool(self):
        coop, draw, pools = self.coop, self.draw, self.nodes("pool")
        if not pools:
            return
        pool, member = draw.choice(pools), self.member()
        has = coop.money.held[member]
        if not has and draw.random() < 0.8:
            return
        minor = draw.choice([has, has + 1, has // 2, 0, draw.randint(0, has)])
        refusals = self.who(member) + (["R035"] if minor < 1 else []) + (["R154"] if minor > has else [])

        def done():
            coop.money.held[member] -= minor
            coop.money.move(minor, HELD, "income:gifts-to-pools")
            coop.money.set_aside(pool, minor)

        self.answer({"act": "give_to_pool", "member": member, "decision": pool.name, "amount": self.money(minor)}, refusals, done)

    def text_of(self, word):
        draw = self.draw
        if draw.random() < 0.03:
            return draw.choice(["", "\nlate", "x" * 100, "x" * 101, "   "])
        return draw.choice([f"{word} {draw.choice('abcdefgh')}{draw.randint(0, 9)}", f"{word} {self.names}-{draw.randint(0, 99)}\n\nWhy"])

    def people_of(self, member):
        draw, others = self.draw, [one for one in self.coop.people if one != member]
        if draw.random() < 0.03:
            return [member] if draw.random() < 0.5 or not others else others[:1] * 2
        return draw.sample(others, min(len(others), draw.choice([0, 0, 0, 1, 2])))

    def ask(self, node, act, word, name, minor):
        """A project or a request of a member."""
        member, text = self.member(), self.text_of(word)
        people = self.people_of(member)
        refusals = self.who(member) + node.ask(member, text, minor, people, self.at())
        act.update({"member": member, "decision": node.name, name: self.money(minor), "text": text})
        if people:
            act["people"] = people
        self.answer(act, refusals, lambda: node.put(member, text, minor, people, self.at()))

    def ask_pool(self, node=None):
        pools = self.nodes("pool")
        if pools:
            goal = self.draw.choice([0] * (self.draw.random() < 0.05) or [1, 1000, self.draw.randint(1, 90_000), self.draw.randint(1, 20_000), self.draw.randint(1, 3000)])
            self.ask(node or self.draw.choice(pools), {"act": "ask_pool"}, "project", "goal", goal)

    def request_money(self, node=None):
        nodes = self.nodes("requests")
        if nodes:
            node = node or self.draw.choice(nodes)
            pool = self.coop.pool_of(node)
            least = max(1, int(max(0, pool.left if pool else 0) * node.terms.limit))
            minor = self.draw.choice([0] * (self.draw.random() < 0.05) or [1, least, least + 1, self.draw.randint(1, least), self.draw.randint(1, least)])
            self.ask(node, {"act": "request_money"}, "request", "amount", minor)

    def pledge_some(self, pool, member, names):
        """Money comes in for a member, who pledges about as much to projects as they lack."""
        self.hold(member)
        for name in self.draw.sample(names, min(len(names), 2)):
            if pool.projects[name].open and self.coop.money.held[member]:
                lacks = max(1, pool.projects[name].goal - pool.projects[name].pledged())
                self.pledge(pool, member, name, self.draw.choice([lacks // 4, lacks // 3, lacks // 2, lacks]))

    def pledge(self, pool=None, member=None, name=None, about=None):
        coop, draw, pools = self.coop, self.draw, self.nodes("pool")
        pools = [one for one in pools if one.projects]
        if not pools:
            return
        pool, member = pool or draw.choice(pools), member or self.member()
        open_ones = sorted(pool.asking())
        name = name or draw.choice(open_ones if open_ones and draw.random() < 0.9 else sorted(pool.projects) + [sha("nothing")])
        one = pool.projects.get(name)
        before = one.pledges.get(member, 0) if one else 0
        has = coop.money.held[member] + before
        if not has and draw.random() < 0.8:
            return
        minor = draw.choice([has, has + 1, has // 2, has // 3, min(has, 100), draw.randint(0, has), draw.randint(0, has), 0])
        minor = minor if about is None else max(1, min(has, before + about))
        refusals = self.who(member) + pool.of_open(name)
        refusals += ["R023"] if minor == 0 and not before else []
        refusals += ["R154"] if minor > has else []

        def done():
            coop.money.held[member] = has - minor
            one.pledges[member] = minor
            if not minor:
                del one.pledges[member]

        self.answer({"act": "pledge_to_project", "member": member, "decision": pool.name, "project": name, "amount": self.money(minor)}, refusals, done)

    def take_back_asked(self):
        """A project or a request is taken back."""
        nodes = [one for one in [*self.nodes("pool"), *self.nodes("requests")] if one.items]
        if not nodes:
            return
        node = self.draw.choice(nodes)
        name = self.draw.choice(sorted(node.items))
        member = node.items[name].by if self.draw.random() < 0.8 else self.member()
        refusals = self.who(member) + node.of_open(name) + (["R031"] if node.items[name].by != member else [])
        act = {"act": "withdraw_project", "project": name} if node.kind == "pool" else {"act": "withdraw_request", "request": name}
        self.answer({**act, "member": member, "decision": node.name}, refusals, lambda: self.coop.take_back(node, name))

    # Credit.

    def accepting(self):
        return next((one for one in self.nodes("commitment") if isinstance(one, Accepting)), None)

    def rows_of(self, rows):
        return [{"member": member, "micro": micro} for member, micro in sorted(rows.items())]

    def propose_credit(self):
        """Credit of the last full period, or of another one."""
        coop, draw, node = self.coop, self.draw, self.accepting()
        if node is None or node.proposal and draw.random() < 0.9:
            return
        every, at = node.terms.every, coop.now
        for _ in range(draw.choice([1, 1, 1, 1, 2, 3, 9, 26])):
            at = around(every, at, coop.zone)[0] - 1
        day = local(around(every, at, coop.zone)[0], coop.zone).date()
        if draw.random() < 0.06:
            day = draw.choice([day + timedelta(days=1), local(around(every, coop.now, coop.zone)[0], coop.zone).date()])
        try:
            listed = drawn(draw, coop.people, day, every, coop.zone)
            rows = listed.rows()
        except TooNear:
            return
        if draw.random() < 0.05 and rows:
            rows = {**rows, draw.choice(sorted(rows)): 7}
        if draw.random() < 0.03:
            listed.end += timedelta(days=1)
        refusals = node.propose_credit(day, listed, rows, coop.now)
        text = listed.text()
        self.answer({"act": "propose_credit", "decision": node.name, "period": str(day), "contributions": sha(text), "contributions_text": text,
                     "credit": self.rows_of(rows)}, refusals)

    def strike_credit(self, node=None):
        node = node or self.accepting()
        if node is None or node.proposal is None:
            return
        draw, listed, member = self.draw, node.proposal.listed, self.member()
        item = draw.choice(listed.items)
        line = draw.choice([f"strike {item.kind} {item.name[:draw.choice([7, 8, 8])]}", f"strike member {draw.choice([one for one in listed.people if one] or ['m_0'])}",
                            f"strike {item.kind} {item.name[:6]}", "accept", "nothing", "a word"])
        text = draw.choice([line, f"We think\n{line}", f"{line}\n\nSince it is old", f"{line}\nstrike {draw.choice(listed.items).kind} {draw.choice(listed.items).name}"])
        try:
            rows = node.left_by(text) or {}
        except TooNear:
            return
        if draw.random() < 0.05 and rows:
            rows = {**rows, draw.choice(sorted(rows)): 7}
        refusals = self.who(member) or node.strike(member, text, rows, self.at())
        self.options.setdefault(node.name, {})[sha(text)] = text
        self.answer({"act": "strike_credit", "member": member, "decision": node.name, "option": sha(text), "text": text, "contributions": sha(listed.text()),
                     "contributions_text": listed.text(), "credit": self.rows_of(rows)}, refusals)
