"""The people at one till: customers, a cashier in a hurry, and a person who starts the program again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from pos_app.domain.errors import (
    AlreadyRunning,
    DatabaseDamaged,
    DiskTrouble,
    NoSuchSale,
    PaperTrouble,
    PosError,
    Refused,
    StoreTrouble,
    Unreachable,
)
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperState
from pos_app.domain.payment import Tender
from pos_app.domain.refund import RefundState
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Role
from pos_app.shop import Giving, Next, SaleView, Shop
from pos_app.store.lock import TillLock
from tests.sim import ground, mix
from tests.sim.fate import Fate
from tests.sim.outside import SimPay
from tests.sim.reach import note_rows
from tests.sim.referee import Purchase, Referee
from tests.sim.till_side import SimTill, TillKilled

T = TypeVar("T")
MOST_LIVES = 8
CASHIER, SUPERVISOR, OWNER = (ground.PEOPLE[each] for each in (Role.CASHIER, Role.SUPERVISOR, Role.OWNER))


class Interrupted(Exception):
    """The program ended under somebody's hands, or said that its disk failed; it runs again."""


class Crew:
    """Everybody at one till. `pass_time` lets the world go on; `bugs` are errors that nobody foresaw."""

    def __init__(
        self, till: SimTill, fate: Fate, referee: Referee, pay: SimPay, pass_time: Callable[[float], None]
    ) -> None:
        self.till, self.fate, self.referee, self.pay, self.pass_time = till, fate, referee, pay, pass_time
        self.elsewhere: Callable[[Sale], None] = lambda sale: None  # others buy the same meanwhile
        self.lends = True
        self.is_restored = False  # from an old copy of its books, made at `copied_at`
        self.copied_at = fate.at
        self.current: Sale | None = None
        self.purchase: Purchase | None = None
        self.at_work: set[str] = set()  # the lanes of the program that have something under way
        self.taken: dict[str, int] = {}  # cash of a sale that lies in the drawer
        self.handed: set[str] = set()  # refunds whose cash was handed out
        self.is_serving = False
        self.is_checked = (
            False  # the platform was asked since the start, or since the line was last down, how far it is
        )

    @property
    def shop(self) -> Shop:
        return self.till.shop

    @property
    def number(self) -> int:
        return self.till.number

    # --- the program and its end ---

    def do(self, lane: str, act: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """One thing on a lane of the program; Interrupted when that was its end."""
        self.at_work.add(lane)
        try:
            return act(*arguments, **named)
        except TillKilled as killed:
            if killed.till != self.number:
                raise
            self.fate.note("till", self.number, "killed")
        except (DatabaseDamaged, DiskTrouble) as trouble:
            self.fate.reached["R18 the disk failed"] += 1
            if isinstance(trouble, DiskTrouble) and trouble.cause == "full":
                raise Interrupted from trouble  # the screen says so, and the program goes on
        except (PosError, Interrupted):
            raise
        except Exception as bug:  # noqa: BLE001  # an error that nobody foresaw is a finding
            self.referee.breach("bug", f"{type(bug).__name__}: {bug}")
        finally:
            self.at_work.discard(lane)
        self.start_again()
        raise Interrupted

    def start_again(self) -> None:
        """As often as it takes; then everything that was told before must still be there (I10)."""
        self.at_work.clear()
        self.is_checked = False
        while True:
            try:
                self.till.restart()
                note_rows(self.fate, self.till)
                self.shop.take_up()
                found = self.shop.check_books()
                self.referee.must(not found, "I15", f"till {self.number} at its start: {found}")
                self.begin_day()
                break
            except (TillKilled, StoreTrouble):
                continue
        for (till, sale_id), facts in self.referee.told.items():
            if till == self.number:
                self._compare(sale_id, facts)

    def begin_day(self) -> None:
        """What the program asks of its gateway twice an hour; it is met again the next time."""
        with suppress(PosError):
            self.shop.begin_day()

    def _compare(self, sale_id: str, facts: dict[str, object]) -> None:
        sale = self.sale(sale_id)
        if "paid" in facts:
            self.referee.must(
                sale.receipt_number == facts["paid"], "I10", f"{sale_id} was {facts['paid']}: {sale.state}"
            )
        if "done" in facts:
            self.referee.must(sale.state is SaleState.DONE, "I10", f"{sale_id} was done: {sale.state}")
        if "cancelled" in facts:
            gone = sale.state in (SaleState.CANCELLED, SaleState.CANCELLING)
            self.referee.must(gone, "I12", f"{sale_id} was cancelled: {sale.state}")

    def start_twice(self) -> None:
        """Somebody starts the program once more on the same folder (R19)."""
        if self.fate.strikes("till: started twice"):
            try:
                TillLock(self.till.folder).release()
                self.referee.breach("I17", "a second program got the lock")
            except AlreadyRunning:
                self.fate.reached["R19 a second instance is refused"] += 1

    def beat(self) -> None:
        """What the program does by itself every few seconds; what fails is met again at the next beat."""
        for lane, act in self._acts():
            if lane in self.at_work:
                continue
            try:
                self.do(lane, act)
                self.is_checked |= act == self.shop.check_ledger
            except PosError as trouble:
                self.is_checked &= not isinstance(trouble, Unreachable)
                continue
            except Interrupted:
                return

    def _acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """In the order of the program's heartbeat; what it asks only now and then, only now and then."""
        if not self.is_checked:
            yield "wire", self.shop.check_ledger
        yield "wire", self.shop.recover
        yield "wire", self.shop.push_outbox
        if self.fate.is_calm or self.fate.likely(mix.READS_EVENTS):
            yield "wire", self.shop.read_events
        if self.lends and self.fate.likely(mix.KEEPS_LEASES):
            yield "wire", self.shop.keep_leases
        yield "paper", self.shop.print_due
        yield "behind", self.shop.follow_all
        yield "store", self.shop.shred

    def ask_around(self) -> None:
        """The catalogue and the wallet, which a beat asks for now and then."""
        with suppress(PosError, Interrupted):
            self.do("wire", self.shop.sync_catalogue)
            account = self.do("wire", self.shop.refresh_account)
            self.referee.must(account.available.minor >= 0, "I7", f"available {account.available.minor}")

    # --- what the screen shows ---

    def view(self, sale_id: str) -> SaleView:
        return self.shop.look_up.sale(sale_id)

    def sale(self, sale_id: str) -> Sale:
        return self.view(sale_id).sale

    def settle_drawer(self, purchase: Purchase) -> None:
        """Cash stays in the drawer when the screen says that it was taken, and goes out when it says so (R5)."""
        purchase.touched_at = self.fate.at
        for sale_id in purchase.sales:
            try:
                view = self.view(sale_id)
            except NoSuchSale:
                self.referee.must(purchase.is_out_of_sight, "I10", f"{sale_id} is gone")
                continue
            paid = sum(each.amount.minor for each in view.sale.payments if each.tender is Tender.CASH)
            if view.sale.paid_at is not None and self.taken.get(sale_id, 0) != paid:
                self.referee.cash(purchase, paid - self.taken.get(sale_id, 0))
                self.taken[sale_id] = paid
            if view.sale.paid_at is not None:
                self.referee.screen(self.number, sale_id, "paid", view.sale.receipt_number)
            for refund in view.refunds:
                if refund.tender is Tender.CASH and refund.number not in self.handed:
                    self.handed.add(refund.number)
                    self.referee.must(refund.state is RefundState.DONE, "I9", f"{refund.number} of cash")
                    self.referee.cash(purchase, -refund.amount.minor)
            if view.sale.state in (SaleState.DONE, SaleState.CANCELLED):
                word = "done" if view.sale.state is SaleState.DONE else "cancelled"
                self.referee.screen(self.number, sale_id, word)

    # --- slips ---

    def print_all(self, sale_id: str) -> bool:
        """As the screen does it; False when somebody has to come back to it."""
        for _ in range(30):
            try:
                progress = self.do("paper", self.shop.print_next, sale_id)
            except PaperTrouble:
                if not self.mend_paper(sale_id):
                    return False
                continue
            except Refused as trouble:  # a code that cannot be opened: the platform must be asked
                self.referee.breach("I10", f"{sale_id}: {type(trouble).__name__}")
                return False
            if progress.next is not Next.PAPER:
                return progress.next is Next.NOTHING
        return False

    def mend_paper(self, sale_id: str) -> bool:
        """The printer is seen to, and the one question answered: did the slip come out? Now and then wrongly."""
        for paper in self.view(sale_id).papers:
            if paper.state is PaperState.FAILED:
                self.fate.passes(10)
                self.do("store", self.shop.retry_paper, paper.id)
                return True
            if paper.state is PaperState.UNKNOWN:
                self.fate.reached["R9 a slip in the air"] += 1
                came_out = self.came_out(sale_id, paper.subject)
                if self.fate.strikes("people: wrong answer"):
                    came_out = not came_out
                    self.referee.misled.add((self.number, self.sale(sale_id).receipt_number or ""))
                self.do("store", self.shop.answer_slip, CASHIER, paper.id, came_out)
                return True
        return False

    def bring_slips(self, sale_id: str) -> None:
        """The customer counts his slips; one that nobody can read, or that never came, is printed once more."""
        view = self.view(sale_id)
        if view.sale.state is not SaleState.DONE:
            return
        for card in view.cards:
            if card.sealed is None or self.came_out(sale_id, card.card_id):
                continue
            paper = next(each for each in view.papers if each.subject == card.card_id)
            with suppress(PosError):
                self.do("store", self.shop.reprint, CASHIER, paper.id, "unreadable", SUPERVISOR)
                self.print_all(sale_id)

    def came_out(self, sale_id: str, card_id: str) -> bool:
        """What a person sees in the tray: whether there are as many readable slips as there should be by now."""
        view = self.view(sale_id)
        index = next((at for at, card in enumerate(view.cards) if card.card_id == card_id), None)
        if index is None:
            return True
        text = self.text_of(card_id)
        return text in self.referee.readable(self.number, view.sale.receipt_number or "")

    def text_of(self, card_id: str) -> str:
        """The code of a card as it stands on paper; the tray is searched for it."""
        from pos_app.flows.print_paper import open_card

        with self.till.books.open_to_read() as books:
            card, enrolment = books.cards.get(card_id), books.till.enrolment()
        if card.sealed is None:
            return ""
        secret = open_card(self.shop.print_next.vault, enrolment, card)
        return f"{secret.number}{secret.pin}"

    # --- money back ---

    def give_back(
        self, purchase: Purchase, sale_id: str, line_id: str, part: Money | None, *, of_goods: bool
    ) -> None:
        giving = Giving(CASHIER, SUPERVISOR, "wrong card")
        line = self.sale(sale_id).line(line_id)
        try:
            self.do("store", self.shop.give_back, giving, sale_id, line_id, part)
        except Interrupted:
            self.fate.reached["R14 money on its way back"] += 1
        except PosError:
            return
        gone = line.kept.minor - self.sale(sale_id).line(line_id).kept.minor
        if of_goods:
            purchase.given_back.append((dict(line.fields).get("phone", ""), gone))
        self.settle_drawer(purchase)

    def jump_clock(self) -> None:
        for name, sign in (("clock: forward", 1), ("clock: back", -1)):
            if self.fate.strikes(name):
                self.till.clock.skew += timedelta(seconds=sign * self.fate.chance.choice(mix.JUMPS_S))
        if self.fate.likely(0.3):
            self.till.clock.skew = timedelta(0)
