"""Everything a till may do with sales, in any order, over HTTP, compared step by step with a model of plain Python.

`POS_MACHINE_EXAMPLES` says how many histories are tried on each engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from platform_server.domain.actions import Authority
from platform_server.domain.goods import CardSecret, CodeLotDraft, Limits, Payload
from platform_server.domain.money import Money
from platform_server.domain.tills import write_enrolment_code
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.flows.add_shop import AddShop
from platform_server.settings import Settings
from platform_server.wire.world import MachineIds
from tests.fakes.platform_goods import PROVENANCE, product, top_up
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import FakeTill, Message, Reply, line_of, new_id
from tests.fakes.platform_world import ToldSupplier
from tests.system.sale_model import REPRINT, Call, Goods, Model, Refusal, Unit

pytestmark = pytest.mark.slow
EXAMPLES = int(os.environ.get("POS_MACHINE_EXAMPLES", "25"))
STEPS = 30
PRICES = (9_500, 3_000, 8_000, 4_900)
PHONE = "13800138000"
OUTCOMES = {
    "OK": SupplierState.SUCCESS,
    "FAILED_FINAL": SupplierState.FAILED,
    "MOVING": SupplierState.PROCESSING,
}
IDS = MachineIds()
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class MoodySupplier(ToldSupplier):
    """Gives everybody the same answer until it is told another one."""

    mood: SupplierState = SupplierState.SUCCESS

    def __post_init__(self) -> None:
        super().__init__()

    def _next(self) -> SupplierAnswer:
        return SupplierAnswer(self.mood, "SO-1")


@dataclass
class Street:
    """One platform for all histories; each has a shop, goods and codes of its own."""

    served: Served
    supplier: MoodySupplier
    histories: int = 0
    calls: int = 0
    heard: dict[str, int] = field(default_factory=dict)


@pytest.fixture(params=["sqlite", "postgres"])
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    supplier = MoodySupplier()
    generous = Settings(calls_burst=10**9)  # the clock stands still while many calls are made
    with served(tmp_path, generous, url=url, upstream=supplier) as running:
        yield Street(running, supplier)


class Tills(RuleBasedStateMachine):
    """Two tills of one shop; what they are told is what the model says, after every step."""

    street: ClassVar[Street]

    def __init__(self) -> None:
        super().__init__()
        self.platform = self.street.served
        self.street.histories += 1
        self.codes = 0
        self.imported: list[CodeLotDraft] = []
        self.sale_ids: list[str] = []
        self.history: list[Call] = []
        self.last: Message | None = None
        self.touched: tuple[int, int] | None = None

    @initialize(balance=st.sampled_from([100_000, 25_000]), codes=st.sampled_from([4, 1]))
    def open_shop(self, balance: int, codes: int) -> None:
        platform, clock = self.platform.platform, self.platform.clock
        add_shop = AddShop(platform.store.open_books, clock, IDS)
        self.shop = self.platform.ask(add_shop(Authority("test", "test"), "Shop", "CNY"))
        self.platform.ask(platform.credit_wallet(self.shop.id, Money(balance, "CNY"), new_id()))
        kit = {"card_kind": "kit", "parts": 2, "payload": Payload.PIN}
        self.products = [
            product(new_id(), payload=Payload.PIN, limits=Limits(1, 4, 1)),
            product(new_id(), payload=Payload.PIN),
            product(new_id(), **kit),
            replace(top_up(fields=top_up().fields[1:]), id=new_id()),
        ]
        self.products = [
            replace(each, wholesale=Money(price, "CNY"))
            for each, price in zip(self.products, PRICES, strict=True)
        ]
        self.platform.ask(platform.put_products(self.products))
        self.platform.ask(platform.open_top_ups(True))
        goods = [
            Goods(each.id, each.parts if each.card_kind else 0, each.wholesale.minor, each.limits.max)
            for each in self.products
        ]
        goods[-1].most = 1
        self.model = Model(goods, balance)
        self.tills = [self._enrol() for _ in range(2)]
        self.cursor = ""
        for which in range(3):
            self.bring_codes(which, codes, None)
            self.bring_codes(which, 2, 15 if which else 60)

    def _enrol(self, renew: str | None = None) -> FakeTill:
        running = self.platform
        secret = running.ask(running.platform.issue_ticket(self.shop.id, "Till", renew or False))
        key = running.platform.platform_key.public_key().public_bytes_raw()
        code = write_enrolment_code(running.address, key, secret)
        till = FakeTill(running.transport, code, now=lambda: running.clock.at.timestamp())
        assert till.enrol().status_code == 201
        return till

    # One rule that chooses for itself: Hypothesis leaves rules out of most histories, and a sale needs many of them.

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """A till does something, or the world around it."""
        draw = data.draw
        acts: dict[str, Callable[[], None]] = {"reserve": lambda: self.reserve(draw)}
        if self.model.sales:
            acts |= {"go on": lambda: self.go_on(draw), "a step": lambda: self.take_a_step(draw)}
        if any(sale.state == "RESERVED" for sale in self.model.sales.values()):
            acts["late"] = lambda: self.come_too_late(draw)
        if self.history:
            acts |= {"repeat": lambda: self.repeat(draw), "other": lambda: self.say_something_else(draw)}
        acts["world"] = lambda: self.let_the_world_move(draw)
        weights = {"reserve": 6, "go on": 5, "a step": 4, "late": 2, "repeat": 3, "other": 1, "world": 5}
        acts[draw(st.sampled_from([name for name in acts for _ in range(weights[name])]))]()

    # What tills do.

    def reserve(self, draw: Draw) -> None:
        """A new sale, or one that is known under some attempt."""
        till = draw(st.integers(0, 1))
        slot = draw(st.sampled_from([len(self.sale_ids)] * 4 + list(range(len(self.sale_ids)))[-3:]))
        attempt = 1 if slot == len(self.sale_ids) else draw(st.sampled_from([2, 1, 3]))
        if slot == len(self.sale_ids):
            self.sale_ids.append(new_id())
        wanted = [self._wanted(draw, str(number)) for number in range(1, draw(st.sampled_from([2, 2, 3])))]
        self._reserve(till, slot, attempt, wanted)

    def _reserve(self, till: int, slot: int, attempt: int, lines: list[dict[str, Any]]) -> None:
        body = {
            "epoch": self.tills[till].epoch,
            "business_date": "2026-11-22",
            "lines": lines,
            "customer_token": None,
            "answers": None,
            "ledger": {"seq": 0, "head": "0" * 32},
        }
        self._perform(Call(till, slot, "reserve", attempt, body))

    def _wanted(self, draw: Draw, line_id: str) -> dict[str, Any]:
        """Of the catalogue as it is, or (one time in eight) as it was."""
        goods = self._goods(draw(st.integers(0, 3)))
        slip = draw(st.integers(0, 15))
        price = {"minor": goods.price - (slip == 9), "currency": "CNY"}
        told = {"id": goods.id, "version": goods.version + (slip == 13), "wholesale": price}
        if not goods.parts:
            return line_of(told, line_id, phone=PHONE)
        return line_of(told, line_id, draw(st.sampled_from([1, 1, 1, 2, 5])))

    def go_on(self, draw: Draw) -> None:
        """What comes next by itself, under the first attempt."""
        till, slot = draw(st.sampled_from(sorted(self.model.sales)))
        state = self.model.sales[till, slot].state
        steps = {"RESERVED": "confirm", "EXPIRED": "confirm", "SOLD": "ack"}
        self._perform(self._step(till, slot, steps.get(state, "confirm"), 1))

    def come_too_late(self, draw: Draw) -> None:
        """The customer pays after the time, when somebody may have bought what there was."""
        reserved = [key for key, sale in self.model.sales.items() if sale.state == "RESERVED"]
        till, slot = draw(st.sampled_from(sorted(reserved)))
        self.time_passes(11)
        goods = self.model.sales[till, slot].lines[0].goods
        left = min(goods.most, len(self.model.obtainable(goods, self._now)))
        if left and goods.is_on_sale and draw(st.booleans()):
            told = {"id": goods.id, "version": goods.version}
            told["wholesale"] = {"minor": goods.price, "currency": "CNY"}
            self.sale_ids.append(new_id())
            self._reserve(1 - till, len(self.sale_ids) - 1, 1, [line_of(told, "1", left)])
        self._perform(self._step(till, slot, "confirm", 1))

    def take_a_step(self, draw: Draw) -> None:
        """Any step, in its time or not; now and then by the other till."""
        till, slot = draw(st.sampled_from(sorted(self.model.sales)))
        till = 1 - till if draw(st.integers(0, 9)) == 1 else till
        step = draw(st.sampled_from(["cancel", "confirm", "ack"]))
        attempt, is_odd = draw(st.sampled_from([1, 2])), draw(st.integers(0, 3)) == 1
        self._perform(self._step(till, slot, step, attempt, is_odd))

    def _step(self, till: int, slot: int, step: str, attempt: int, is_odd: bool = False) -> Call:
        """An odd confirm names a line that is not there, an odd ack leaves a card out."""
        paid = {"minor": 100, "currency": "CNY"}
        body: dict[str, Any] = {"epoch": self.tills[till].epoch}
        if step == "confirm":
            body |= {"payments": [{"tender": "cash", "amount": paid, "reference": None}]}
            body |= {"retail": [{"line_id": "9" if is_odd else "1", "amount": paid}]}
        elif step == "cancel":
            body |= {"reason": "customer left"}
        else:
            told = self.tills[till].read(self.sale_ids[slot])
            lines = told.json["lines"] if told.status_code == 200 else []
            cards = [card["card_id"] for line in lines for card in line["cards"]][is_odd:]
            printed = [{"card_id": card, "printed": "yes", "copies": 1} for card in cards]
            body |= {"cards": printed, "receipt_hash": "0" * 64}
        return Call(till, slot, step, attempt, body)

    def repeat(self, draw: Draw) -> None:
        """Any call there ever was, as it was: its reply may have been lost."""
        self._perform(draw(st.sampled_from(self.history)))

    def say_something_else(self, draw: Draw) -> None:
        """Another content under a key that was used."""
        call = draw(st.sampled_from(self.history))
        other: dict[str, dict[str, Any]] = {
            "reserve": {"business_date": "2026-11-23"},
            "confirm": {"retail": []},
            "cancel": {"reason": "another one"},
            "ack": {"receipt_hash": "1" * 64},
        }
        self._perform(replace(call, body={**call.body, **other[call.step]}))

    # What the world does.

    def let_the_world_move(self, draw: Draw) -> None:
        goods = st.integers(0, 3)
        happenings: dict[str, Callable[[], None]] = {
            "time": lambda: self.time_passes(draw(st.sampled_from([11, 25 * 60, 4, 40, 25 * 60]))),
            "codes": lambda: self.bring_codes(
                draw(st.integers(0, 2)), draw(st.integers(1, 3)), draw(st.sampled_from([None, None, 15, 60]))
            ),
            "known codes": lambda: self.bring_known_codes(draw(st.sampled_from(self.imported))),
            "price": lambda: self.change_price(draw(goods), draw(st.sampled_from([-50, 100]))),
            "off": lambda: self.take_off_or_put_on(draw(goods)),
            "money": lambda: self.pay_in(draw(st.sampled_from([5_000, 50_000]))),
            "supplier": lambda: self.carry_top_ups(draw(st.sampled_from(sorted(OUTCOMES)))),
            "house": self.keep_house,
            "playback": self.play_back,
            "enrolment": lambda: self.enrol_anew(draw(st.integers(0, 1))),
        }
        often = ["time", "time", "time", "time", "time", "supplier"]
        happenings[draw(st.sampled_from([*often, *happenings]))]()

    def time_passes(self, minutes: int) -> None:
        self.platform.clock.pass_by(minutes=minutes)

    def keep_house(self) -> None:
        self.platform.ask(self.platform.platform.keep_house())
        self.model.swept(self._now)
        seen = self.tills[0].call("GET", f"/v1/catalogue?limit=2000&cursor={self.cursor}").json
        for each in seen["products"]:
            if each["id"] in self.model.goods:
                self.model.check_stock(each, self._now)
        assert {each for each in seen["removed"] if each in self.model.goods} <= {
            each.id for each in self.model.goods.values() if not each.is_on_sale
        }
        self.cursor = seen["cursor"]

    def bring_codes(self, which: int, count: int, minutes: int | None) -> None:
        goods = self._goods(which)
        sell_by = None if minutes is None else self._now + timedelta(minutes=minutes)
        units = [tuple(self._new_code() for _ in range(goods.parts)) for _ in range(count)]
        cards = [tuple(CardSecret(pin=code, expires_at=sell_by) for code in unit) for unit in units]
        single = tuple(unit[0] for unit in cards) if goods.parts == 1 else ()
        kits = tuple(cards) if goods.parts > 1 else ()
        lot = CodeLotDraft(goods.id, f"B{len(self.imported)}", single, PROVENANCE, kits)
        self._bring(lot, count)
        self.imported.append(lot)
        self.model.units += [Unit(goods, unit, sell_by) for unit in units]

    def bring_known_codes(self, lot: CodeLotDraft) -> None:
        """A delivery that came before brings nothing, wherever its codes are by now."""
        self._bring(lot, 0)

    def _bring(self, lot: CodeLotDraft, new: int) -> None:
        (report,) = self.platform.ask(self.platform.platform.import_codes([lot]))
        assert (report.imported, report.duplicates) == (new, len(lot.units) - new)

    def change_price(self, which: int, by: int) -> None:
        """Put on sale again if it was off; the same as it was is no change."""
        goods = self._goods(which)
        wholesale = Money(PRICES[which] + by, "CNY")
        changed = self.platform.ask(
            self.platform.platform.put_products([replace(self.products[which], wholesale=wholesale)])
        )
        assert changed == (not goods.is_on_sale or goods.price != wholesale.minor)
        goods.version += changed
        goods.price, goods.is_on_sale = wholesale.minor, True

    def take_off_or_put_on(self, which: int) -> None:
        goods = self._goods(which)
        if goods.is_on_sale:
            assert self.platform.ask(self.platform.platform.take_off_products([goods.id])) == 1
            goods.is_on_sale = False
        else:
            self.change_price(which, goods.price - PRICES[which])
            assert goods.is_on_sale

    def pay_in(self, amount: int) -> None:
        credit = self.platform.platform.credit_wallet
        self.platform.ask(credit(self.shop.id, Money(amount, "CNY"), new_id()))
        self.model.balance += amount

    def carry_top_ups(self, outcome: str) -> None:
        self.street.supplier.mood = OUTCOMES[outcome]
        work = self.platform.platform.run_top_ups
        assert work
        while self.platform.ask(work()):
            pass
        self.model.carried(outcome, self._now)

    def play_back(self) -> None:
        """The very bytes once more, as somebody on the line would."""
        if self.last is None:
            return
        reply = self.platform.transport(self.last.method, self.last.url, self.last.headers, self.last.body)
        told = Reply(*reply, None).json
        assert (told["code"], told["effect"]) in (
            ("REPLAY", "none"),
            ("CLOCK", "none"),
            ("EPOCH_FENCED", "none"),
        )

    def enrol_anew(self, which: int) -> None:
        """New keys and a new epoch: the former key is heard no more, the sales stay the till's."""
        former = self.tills[which]
        self.tills[which] = self._enrol(f"T{which + 1}")
        self.model.epochs[which] += 1
        assert self.tills[which].till_id == former.till_id
        assert self.tills[which].epoch == self.model.epochs[which]
        self._check_refusal(former.call("GET", "/v1/account"), Refusal("EPOCH_FENCED"))

    # How they are compared.

    def _perform(self, call: Call) -> None:
        now = self._now
        wanted = self.model.judge(call, now)
        note(f"{call}: {wanted}")
        reply = self._send(call)
        self.history.append(call)
        self.touched = call.key
        if isinstance(wanted, Refusal):
            self._note(wanted.code)
            self._check_refusal(reply, wanted)
            self.model.refused(call, wanted, now)
            return
        self._note(f"{call.step} {wanted}")
        assert reply.status_code == 200, reply.json
        told = reply.json
        if wanted == "again":
            assert reply.is_replay
            assert told["state"] == self.model.sales[call.key].shown(now)
        if call.step == "reserve" and wanted == "new":
            self.model.reserved(call, told, now)
        elif call.step == "confirm":
            self._check_confirmed(call, told, is_new=wanted == "new")
        elif call.step == "cancel":
            self.model.cancelled(call, now)
            assert told["state"] == "CANCELLED"
        elif call.step == "ack":
            if wanted == "new":
                self.model.acknowledged(call, now)
            assert told["state"] == "DELIVERED"

    def _send(self, call: Call) -> Reply:
        till, sale = self.tills[call.till], self.sale_ids[call.slot]
        path = f"/v1/reservations/{sale}"
        method = "PUT" if call.step == "reserve" else "POST"
        path += "" if call.step == "reserve" else f"/{call.step}"
        self.last = till.build(method, path, call.body, key=f"{sale}:{call.step}:{call.attempt}")
        self.street.calls += 1
        return till.send(self.last)

    def _check_confirmed(self, call: Call, told: dict[str, Any], *, is_new: bool) -> None:
        """The codes are those that were masked, every time, until a day after the slip."""
        till, sale_id = self.tills[call.till], self.sale_ids[call.slot]
        codes: dict[str, list[str]] = {}
        for card in told["cards"]:
            opened = till.open(sale_id, card)
            codes.setdefault(card["line_id"], []).append(opened["pin"])
        if is_new:
            self.model.confirmed(call, codes, self._now)
        sale = self.model.sales[call.key]
        is_late = sale.state == "DELIVERED" and sale.changed_at + REPRINT <= self._now
        may_see = sale.state in ("SOLD", "DELIVERED") and not is_late
        for line in sale.lines:
            assert sorted(codes.get(line.id, [])) == (line.codes if may_see else [])
        assert told["state"] == sale.shown(self._now)
        self.model.check_top_ups(sale, told["top_ups"])

    def _check_refusal(self, reply: Reply, wanted: Refusal) -> None:
        told = reply.json
        assert reply.status_code >= 400, told
        assert (told["code"], told["effect"]) == (wanted.code, wanted.effect), told
        assert {name: told["details"].get(name) for name in wanted.details} == wanted.details

    @invariant()
    def the_account_is_as_it_should_be(self) -> None:
        if hasattr(self, "model"):
            account = self.tills[0].call("GET", "/v1/account").json
            self.model.check_account(account["wallet"], self._now)

    @invariant()
    def the_sale_is_as_it_should_be(self) -> None:
        if self.touched is not None:
            self._check_sale(self.touched)

    def _check_sale(self, key: tuple[int, int]) -> None:
        till, slot = key
        reply = self.tills[till].read(self.sale_ids[slot])
        if key not in self.model.sales:
            self._check_refusal(reply, Refusal("NOT_FOUND"))
        else:
            self.model.check_sale(key, reply.json, self._now)

    def teardown(self) -> None:
        """Every sale, the stock, and every invariant of the platform."""
        if not hasattr(self, "cursor"):
            return
        self.cursor = ""
        self.keep_house()
        least, most = self.model.held(self._now)
        assert least == most
        self.the_account_is_as_it_should_be()
        for key in self.model.sales:
            self._check_sale(key)
        assert self.platform.invariants() == []

    @property
    def _now(self) -> datetime:
        return self.platform.clock.now()

    def _goods(self, which: int) -> Goods:
        return self.model.goods[self.products[which].id]

    def _new_code(self) -> str:
        self.codes += 1
        return f"P{self.street.histories:07d}{self.codes:04d}"

    def _note(self, what: str) -> None:
        self.street.heard[what] = self.street.heard.get(what, 0) + 1


def test_what_the_platform_says_is_what_the_model_says(street: Street) -> None:
    class Bound(Tills):
        pass

    Bound.street = street
    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{street.histories} histories, {street.calls} calls: {dict(sorted(street.heard.items()))}")
