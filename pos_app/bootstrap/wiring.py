"""Wires the flows into a Shop: real and simulated worlds go through these same lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pos_app.domain.lease import LeaseRules, OfflineLimits
from pos_app.domain.money import Money
from pos_app.flows.begin_anew import BeginAnew, CheckAnchor
from pos_app.flows.check_ledger import CheckLedger
from pos_app.flows.day import Today
from pos_app.flows.doctor import Doctor
from pos_app.flows.enrol import Enrol
from pos_app.flows.follow_payment import FollowAll, FollowPayment, FollowRefund
from pos_app.flows.give_back import GiveBack
from pos_app.flows.keep_files import BackUp, CheckBooks, MindFiles
from pos_app.flows.keep_leases import KeepLeases
from pos_app.flows.keep_shift import CloseShift, CountShift, KickDrawer, MoveCash, OpenDrawer, OpenShift
from pos_app.flows.look_up import LookUp
from pos_app.flows.match_bill import BeginDay, MatchBills, SettleBillItem
from pos_app.flows.payments import KeepStep
from pos_app.flows.print_paper import AnswerSlip, PrintClosing, PrintNext, Reprint, RetryPaper, ShowCode
from pos_app.flows.push_outbox import PushOutbox, Shred
from pos_app.flows.read_events import ReadEvents
from pos_app.flows.recover import PrintDue, Recover, TakeUp
from pos_app.flows.return_leases import GiveBackLeases, ReturnLeases
from pos_app.flows.ring_up import KeepBasket, NewSale, RefreshBasket, RingUp, TakeUpBasket
from pos_app.flows.see_to_message import LeaveMessage, ResendMessage
from pos_app.flows.sell_leased import BindLeased, SetAside, SubstituteLeased
from pos_app.flows.sell_online import CancelSale, GoOn, Reserve
from pos_app.flows.sign_in import AddPerson, Authorise, SignIn
from pos_app.flows.sync_catalogue import RefreshAccount, SyncCatalogue
from pos_app.flows.take_payment import (
    BeginPayment,
    ChargeCode,
    LeaveSale,
    ShowPayCode,
    StopPayment,
    TakeCash,
    WaysToPay,
)
from pos_app.flows.try_gateway import TryGateway
from pos_app.ports.anchor import Anchor
from pos_app.ports.books import Inspector, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.exporter import Exporter
from pos_app.ports.files import Files
from pos_app.ports.gateway import Gateways
from pos_app.ports.number_plan import NumberPlan
from pos_app.ports.pins import Pins
from pos_app.ports.platform import Platform
from pos_app.ports.printer import Printer
from pos_app.ports.vault import Vault
from pos_app.shop import Shop


@dataclass(frozen=True)
class World:
    """Everything outside the flows, one adapter for each port."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    inspector: Inspector
    anchor: Anchor
    files: Files
    clock: Clock
    pins: Pins
    vault: Vault
    platform: Platform
    printer: Printer
    number_plan: NumberPlan
    exporter: Exporter
    gateways: Gateways
    gateways_behind: Gateways  # the same over connections of their own, so that nobody at the counter waits


@dataclass(frozen=True)
class House:
    """The shop's own rules as plain values (`settings.py` says why each is what it is)."""

    currency: str = "CNY"
    day_change_hour: int = 0
    low_wallet: Money = Money(50_000)  # noqa: RUF009 - a frozen value
    kicks_drawer: bool = True
    keep_codes_for: timedelta = timedelta(hours=24)
    leases: LeaseRules = field(default_factory=LeaseRules)
    offline: OfflineLimits = field(default_factory=OfflineLimits)


def assemble(world: World, house: House, now: Callable[[], House] | None = None) -> Shop:
    """The shop over this world; real and simulated worlds are wired by these same lines.

    `now` tells the rules of selling offline as they are set at each moment; without it they stay as `house` has them.
    """
    w, hour = world, house.day_change_hour
    sign_in = SignIn(w.open_books, w.clock, w.pins, hour)
    new_sale = NewSale(w.clock, house.currency)
    go_on = GoOn(w.open_books, w.open_to_read, w.clock, w.platform)
    print_next = PrintNext(w.open_books, w.open_to_read, w.clock, w.vault, w.printer, w.anchor, hour)
    push_outbox = PushOutbox(w.open_books, w.open_to_read, w.clock, w.platform)
    return Shop(
        **_money(w, hour),
        **_files(w, hour),
        **_offline(w, now or (lambda: house), push_outbox, go_on),
        currency=house.currency,
        today=Today(w.clock, hour),
        look_up=LookUp(
            w.open_to_read,
            w.exporter,
            w.platform,
            w.clock,
            house.low_wallet,
            (w.gateways, w.gateways_behind),
        ),
        sign_in=sign_in,
        authorise=Authorise(sign_in),
        add_person=AddPerson(w.open_books, w.clock, w.pins),
        open_shift=OpenShift(w.open_books, w.clock, hour),
        move_cash=MoveCash(w.open_books, w.clock, hour),
        open_drawer=OpenDrawer(w.open_books, w.clock, w.printer, hour),
        kick_drawer=KickDrawer(w.printer, house.kicks_drawer),
        count_shift=CountShift(w.open_to_read, w.clock),
        close_shift=CloseShift(w.open_books, w.clock, hour),
        print_closing=PrintClosing(w.open_to_read, w.clock, w.printer, w.anchor),
        new_sale=new_sale,
        ring_up=RingUp(w.open_to_read, w.clock, w.number_plan, w.gateways),
        keep_basket=KeepBasket(w.open_books),
        take_up_basket=TakeUpBasket(w.open_to_read, new_sale),
        refresh_basket=RefreshBasket(w.open_to_read),
        cancel_sale=CancelSale(w.open_books, w.clock),
        go_on=go_on,
        print_next=print_next,
        answer_slip=AnswerSlip(w.open_books, w.clock, hour),
        retry_paper=RetryPaper(w.open_books),
        reprint=Reprint(w.open_books, w.clock, hour),
        show_code=ShowCode(w.open_books, w.clock, w.vault, w.anchor, hour),
        take_up=TakeUp(w.open_books, w.clock, CheckAnchor(w.open_books, w.anchor)),
        recover=Recover(w.open_books, w.open_to_read, w.clock, go_on),
        print_due=PrintDue(w.open_to_read, print_next),
        resend_message=ResendMessage(w.open_books, w.clock),
        leave_message=LeaveMessage(w.open_books, w.clock, hour),
        shred=Shred(w.open_books, w.clock, house.keep_codes_for),
        sync_catalogue=SyncCatalogue(w.open_books, w.open_to_read, w.clock, w.platform),
        refresh_account=RefreshAccount(w.open_books, w.open_to_read, w.platform),
        enrol=Enrol(w.open_books, w.platform),
    )


def _files(w: World, hour: int) -> dict[str, Any]:
    """The flows that look after the till's own files."""
    return {
        "doctor": Doctor(w.open_to_read, w.inspector, w.anchor, w.files.backups),
        "mind_files": MindFiles(w.open_to_read, w.files),
        "check_books": CheckBooks(w.open_to_read, w.inspector, w.files),
        "back_up": BackUp(w.open_to_read, w.clock, w.files, hour),
    }


def _offline(w: World, house: Callable[[], House], push_outbox: PushOutbox, go_on: GoOn) -> dict[str, Any]:
    """The flows that sell without the platform, and those that hold the till to its one history."""
    hour = house().day_change_hour
    bind = BindLeased(w.open_books, w.clock, lambda: house().offline, hour)
    give_back = ReturnLeases(w.open_books, w.open_to_read, w.clock, w.platform, w.anchor, push_outbox, hour)
    return {
        "reserve": SetAside(Reserve(w.open_books, w.clock, w.platform, hour), bind, w.files.disk),
        "substitute_leased": SubstituteLeased(w.open_books, w.clock, hour),
        "keep_leases": KeepLeases(
            w.open_books, w.open_to_read, w.clock, w.platform, give_back, lambda: house().leases, hour
        ),
        "give_back_leases": GiveBackLeases(give_back),
        "push_outbox": push_outbox,
        "read_events": ReadEvents(w.open_books, w.open_to_read, w.platform, go_on),
        "check_ledger": CheckLedger(w.open_books, w.open_to_read, w.platform),
        "begin_anew": BeginAnew(w.open_books, w.open_to_read, w.clock, w.platform, w.anchor, hour),
    }


def _money(w: World, hour: int) -> dict[str, Any]:
    """The flows that take money and give it back; those of nobody at the counter over connections of their own."""
    keep = KeepStep(w.open_books, w.clock)
    begin = BeginPayment(w.open_books, w.clock, w.gateways)
    follow = FollowPayment(w.open_to_read, w.clock, keep, w.gateways)
    follow_refund = FollowRefund(w.open_books, w.open_to_read, w.clock, w.gateways_behind)
    follow_behind = FollowPayment(w.open_to_read, w.clock, keep, w.gateways_behind)
    return {
        "ways_to_pay": WaysToPay(w.gateways),
        "take_cash": TakeCash(w.open_books, w.clock),
        "charge_code": ChargeCode(begin, keep, w.gateways),
        "show_pay_code": ShowPayCode(begin, keep, w.gateways),
        "follow_payment": follow,
        "stop_payment": StopPayment(w.open_books, w.clock),
        "leave_sale": LeaveSale(w.open_books, w.clock),
        "give_back": GiveBack(w.open_books, w.clock, w.anchor, hour),
        "follow_refund": follow_refund,
        "follow_all": FollowAll(w.open_to_read, w.clock, follow_behind, follow_refund),
        "try_gateway": TryGateway(w.open_books, w.clock, w.gateways, keep, follow, hour),
        "begin_day": BeginDay(w.gateways_behind),
        "match_bills": MatchBills(w.open_books, w.open_to_read, w.clock, w.gateways_behind),
        "settle_bill_item": SettleBillItem(w.open_books, w.clock, hour),
    }
