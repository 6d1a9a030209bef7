"""The front desk: everything that the screen may ask for, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.flows.begin_anew import BeginAnew
from pos_app.flows.check_ledger import CheckLedger
from pos_app.flows.day import Today
from pos_app.flows.doctor import Doctor, Finding
from pos_app.flows.enrol import Enrol
from pos_app.flows.follow_payment import FollowAll, FollowPayment, FollowRefund
from pos_app.flows.give_back import GiveBack, GivenBack, Giving
from pos_app.flows.keep_files import BackUp, CheckBooks, MindFiles
from pos_app.flows.keep_leases import KeepLeases, LeasesKept
from pos_app.flows.keep_shift import CloseShift, CountShift, KickDrawer, MoveCash, OpenDrawer, OpenShift
from pos_app.flows.look_up import LookUp, SaleView
from pos_app.flows.match_bill import BeginDay, MatchBills, SettleBillItem
from pos_app.flows.payments import Taking
from pos_app.flows.print_paper import AnswerSlip, PrintClosing, PrintNext, Reprint, RetryPaper, ShowCode
from pos_app.flows.push_outbox import Pushed, PushOutbox, Shred
from pos_app.flows.read_events import ReadEvents
from pos_app.flows.recover import PrintDue, Recover, Recovered, TakeUp
from pos_app.flows.return_leases import GiveBackLeases
from pos_app.flows.ring_up import KeepBasket, NewSale, RefreshBasket, RingUp, RungUp, TakeUpBasket
from pos_app.flows.see_to_message import LeaveMessage, ResendMessage
from pos_app.flows.sell_leased import SetAside, SubstituteLeased
from pos_app.flows.sell_online import CancelSale, GoOn, Next, Progress
from pos_app.flows.sign_in import AddPerson, Authorise, SignIn
from pos_app.flows.sync_catalogue import RefreshAccount, SyncCatalogue
from pos_app.flows.take_payment import (
    Accepted,
    ChargeCode,
    LeaveSale,
    ShowPayCode,
    StopPayment,
    TakeCash,
    WaysToPay,
)
from pos_app.flows.try_gateway import TryGateway

# What the calls answer with: the screen knows these through the front desk and never enters the flows.
__all__ = [
    "Accepted", "Finding", "GivenBack", "Giving", "LeasesKept", "Next", "Progress", "Pushed", "Recovered", "RungUp",
    "SaleView", "Shop", "Taking",
]  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """Each field is one thing the shop does; calls may take long and are made on a worker lane."""

    currency: str
    today: Today
    look_up: LookUp
    # people
    sign_in: SignIn
    authorise: Authorise
    add_person: AddPerson
    # the shift
    open_shift: OpenShift
    move_cash: MoveCash
    open_drawer: OpenDrawer
    kick_drawer: KickDrawer
    count_shift: CountShift
    close_shift: CloseShift
    print_closing: PrintClosing
    # selling
    new_sale: NewSale
    ring_up: RingUp
    keep_basket: KeepBasket
    take_up_basket: TakeUpBasket
    refresh_basket: RefreshBasket
    ways_to_pay: WaysToPay
    reserve: SetAside
    take_cash: TakeCash
    charge_code: ChargeCode
    show_pay_code: ShowPayCode
    follow_payment: FollowPayment
    stop_payment: StopPayment
    leave_sale: LeaveSale
    cancel_sale: CancelSale
    go_on: GoOn
    substitute_leased: SubstituteLeased
    print_next: PrintNext
    # afterwards
    answer_slip: AnswerSlip
    retry_paper: RetryPaper
    reprint: Reprint
    show_code: ShowCode
    give_back: GiveBack
    settle_bill_item: SettleBillItem
    resend_message: ResendMessage
    leave_message: LeaveMessage
    # by itself
    take_up: TakeUp
    check_ledger: CheckLedger
    recover: Recover
    follow_refund: FollowRefund
    follow_all: FollowAll
    begin_day: BeginDay
    match_bills: MatchBills
    print_due: PrintDue
    push_outbox: PushOutbox
    read_events: ReadEvents
    keep_leases: KeepLeases
    shred: Shred
    sync_catalogue: SyncCatalogue
    refresh_account: RefreshAccount
    # the till itself
    try_gateway: TryGateway
    enrol: Enrol
    begin_anew: BeginAnew
    give_back_leases: GiveBackLeases
    doctor: Doctor
    mind_files: MindFiles
    check_books: CheckBooks
    back_up: BackUp
