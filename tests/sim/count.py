"""When the day is over: the network is back, everything comes to its end, people do what is theirs, and all is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import NoSuchSale, PosError
from pos_app.domain.ledger import LedgerEntry
from pos_app.domain.paper import PaperState
from pos_app.domain.sale import Sale, SaleSearch, SaleState, TopUpState
from pos_app.shop import SaleView
from practice.gateways.told import State
from tests.payments.mix import PROMPT_S
from tests.sim import ground
from tests.sim.fate import Fate
from tests.sim.old_copy import OldCopies
from tests.sim.people import CASHIER, OWNER, Crew, Interrupted
from tests.sim.platform_side import SimPlatform
from tests.sim.referee import Purchase, Referee, price_of, shelf_of

BEAT_S = 5.0
PROMPT_BEATS = 24  # two minutes; then time leaps to the next step that is due
MONEY, SLIP, CUSTOMER = "money to give back", "a slip in doubt", "a customer who has not paid"
MOST_ROUNDS = 400
MOST_MENDINGS = 30  # of one sale's paper, while one is there; what does not come out then never will
_LATE_PAYMENTS = timedelta(hours=30)  # what is on its way at the bank is there by then


def _is_for_people(why: str) -> bool:
    return why in (MONEY, SLIP, CUSTOMER)


class Count:
    """Quiescence first, then every invariant that can be seen from outside."""

    def __init__(
        self,
        fate: Fate,
        platform: SimPlatform,
        crews: list[Crew],
        referee: Referee,
        beat_all: Callable[[], None],
        old_copies: OldCopies,
    ) -> None:
        self.old_copies = old_copies
        self.fate, self.platform, self.crews, self.referee = fate, platform, crews, referee
        self.beat_all = beat_all
        self.states: Counter[SaleState] = Counter()
        self.ended: list[
            tuple[str, float]
        ] = []  # what it had waited for, and the seconds until its end was known
        self.waited: Counter[str] = Counter()  # what for, when the network came back
        self.for_people: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()  # products of codes that nobody will ever see

    def settle(self) -> None:
        self._calm()
        self._by_themselves()
        self._with_people()
        self._judge()

    # --- quiet ---

    def _calm(self) -> None:
        self.fate.is_calm = True
        self.fate.note("calm")
        for crew in self.crews:
            crew.till.clock.skew = timedelta(0)
        while not self.platform.is_reachable():
            self.fate.passes(30)
        for crew in self.crews:
            crew.begin_day()
            with suppress(PosError, Interrupted):
                crew.do("wire", crew.shop.keep_leases)  # within minutes of the line's return
            if self.old_copies.must_begin_anew(crew):
                self.old_copies.begin_anew(crew)

    def _turn(self, seconds: float) -> None:
        self.fate.passes(seconds)
        self.platform.tend()
        self.platform.hear_callbacks()
        for crew in self.crews:
            crew.pay.bank.catch_up()
            self._end_prompts(crew)
        self.beat_all()

    def _end_prompts(self, crew: Crew) -> None:
        """A gateway closes by itself what no customer answers; the practice bank does not."""
        bank = crew.pay.bank
        for numbers in crew.pay.dice.orders.values():
            for number in sorted(numbers):
                told = bank.ask(number)
                if told.state is State.WAITING and bank.clock() - told.made_at > PROMPT_S:
                    bank.undo(number)

    def _open(self, crew: Crew) -> list[str]:
        return [view.sale.id for view in crew.shop.look_up.open_items()]

    def _by_themselves(self) -> None:
        """Nobody is at the counter: what waits for an answer comes to its end, or to what is a person's to do."""
        begun, waits = self.fate.at, self._reasons()
        for why in [each for each in waits.values() if _is_for_people(each)]:
            self.for_people[why] += 1
        waits = {key: why for key, why in waits.items() if not _is_for_people(why)}
        self.waited.update(waits.values())
        for beat in range(MOST_ROUNDS):
            if not waits:
                return
            due = self._next_step() if beat >= PROMPT_BEATS else None
            self._turn(BEAT_S if due is None else max(BEAT_S, (due - self.fate.at).total_seconds() + 2.1))
            now = self._reasons()
            for key, why in list(waits.items()):
                if key in now and not _is_for_people(now[key]):
                    continue
                self.ended.append((why, (self.fate.at - begun).total_seconds()))
                if key in now:
                    self.for_people[f"{now[key]}, after {why}"] += 1
                del waits[key]
        self.for_people.update(f"without an end before people came: {why}" for why in waits.values())

    def _reasons(self) -> dict[tuple[int, str], str]:
        """What each open sale waits for."""
        views = [(crew.number, view) for crew in self.crews for view in crew.shop.look_up.open_items()]
        return {(number, view.sale.id): self._why(view) for number, view in views}

    def _why(self, view: SaleView) -> str:
        if any(each.is_live for each in view.attempts) or any(each.next_at for each in view.refunds):
            return "a wallet's answer"
        if view.sale.open_top_ups:
            return "a supplier's answer"
        if view.sale.refund_lines:
            return MONEY
        if any(paper.state in (PaperState.FAILED, PaperState.UNKNOWN) for paper in view.papers):
            return SLIP
        if any(not paper.is_settled for paper in view.papers):
            return "the printer"
        if view.sale.state is SaleState.RESERVED:
            return CUSTOMER
        return "the platform's answer"

    # --- people ---

    def _with_people(self) -> None:
        for _ in range(MOST_ROUNDS):
            for crew in self.crews:
                self._attend(crew)
            due = self._next_step()
            waits = due - self.fate.at if due is not None else timedelta(0)
            self._turn(max(BEAT_S, waits.total_seconds() + 2.1))
            if due is None and not any(self._open(crew) for crew in self.crews):
                break
        for purchase in self.referee.purchases:
            for sale_id in purchase.sales:
                with suppress(Interrupted, NoSuchSale):
                    self._crew_of(purchase).bring_slips(sale_id)
        self._turn(_LATE_PAYMENTS.total_seconds())
        for crew in self.crews:
            crew.lends = False
            with suppress(PosError, Interrupted):
                crew.do("wire", crew.shop.keep_leases)  # what was asked for is answered
        for _ in range(3):
            for crew in self.crews:
                with suppress(PosError, Interrupted):
                    crew.do("wire", crew.shop.give_back_leases, OWNER)
            self._turn(BEAT_S)
        for purchase in self.referee.purchases:
            self._crew_of(purchase).settle_drawer(purchase)

    def _next_step(self) -> datetime | None:
        steps: list[datetime] = []
        for crew in self.crews:
            far = self.fate.at + timedelta(days=400)
            with crew.till.books.open_to_read() as books:
                steps += [each.next_at for each in books.attempts.due(far, 1_000) if each.next_at]
                steps += [each.next_at for each in books.refunds.due(far, 1_000) if each.next_at]
        return min(steps, default=None)

    def _attend(self, crew: Crew) -> None:
        """The attention list, one thing after another, as its page offers them."""
        for view in crew.shop.look_up.open_items():
            with suppress(PosError, Interrupted):
                for _ in range(MOST_MENDINGS):
                    if not crew.mend_paper(view.sale.id):
                        break
                    crew.print_all(view.sale.id)
                for line in view.sale.refund_lines:
                    crew.give_back(
                        self._purchase_of(crew, view.sale), view.sale.id, line.line_id, None, of_goods=False
                    )
                is_free = not any(each.is_live for each in view.attempts)
                if view.sale.state is SaleState.RESERVED and is_free and not view.sale.is_left:
                    if any(each.state is AttemptState.PAID for each in view.attempts):  # a part of it
                        crew.do("store", crew.shop.leave_sale, CASHIER, view.sale.id, undo=True)
                    else:
                        crew.do("store", crew.shop.cancel_sale, CASHIER, view.sale.id, "nobody came back")

    # --- the count ---

    def _crew_of(self, purchase: Purchase) -> Crew:
        return self.crews[purchase.till]

    def _purchase_of(self, crew: Crew, sale: Sale) -> Purchase:
        for each in self.referee.purchases:
            if each.till == crew.number and sale.id in each.sales:
                return each
        return Purchase(-1, crew.number)

    def _judge(self) -> None:
        must = self.referee.must
        for crew in self.crews:
            for view in crew.shop.look_up.open_items():
                self.for_people[f"for ever: {self._why(view)}"] += 1
                # People did all that was theirs: what is open now would never close.
                must(crew.is_restored, "I4", f"{view.sale.id} {view.sale.state} for ever: {self._why(view)}")
            for finding in crew.do("store", crew.shop.doctor):
                must(finding.holds, f"till's doctor: {finding.invariant}", finding.seen)
            if not crew.is_restored:
                self._judge_numbers(crew)
                self._judge_told(crew)
            status = crew.shop.look_up.status(True)
            must(status.unsent == 0, "I19", f"till {crew.number}: {status.unsent} unsent when all is quiet")
        for sentence in self.platform.invariants():
            must(False, "platform's doctor", sentence)
        for purchase in self.referee.purchases:
            if not purchase.is_out_of_sight:
                self._judge_purchase(purchase)
        if not any(crew.is_restored for crew in self.crews):
            self._judge_wallet()

    def _judge_numbers(self, crew: Crew) -> None:
        """Receipt numbers: 1, 2, 3 ... in the order of the payments, and none on paper that is not among them."""
        sales = crew.shop.look_up.sales(SaleSearch(most=1_000_000))
        numbers = sorted(each.receipt_number for each in sales if each.receipt_number)
        expected = [f"T{crew.number + 1}-{at + 1:06d}" for at in range(len(numbers))]
        self.referee.must(numbers == expected, "I14", f"{numbers[:3]} ... {numbers[-3:]}")
        on_paper = {number for _, till, number, _ in self.referee.receipts if till == crew.number}
        on_paper |= {each.number for each in self.referee.codes if each.till == crew.number}
        self.referee.must(on_paper <= set(numbers), "I14", f"on paper alone: {on_paper - set(numbers)}")

    def _judge_told(self, crew: Crew) -> None:
        """The platform's copy of the ledger is the till's (I19); what was handed over it knows as delivered (I10)."""
        must, shop = self.referee.must, crew.shop
        enrolment = shop.look_up.enrolment()
        copy: list[LedgerEntry] = []
        while page := shop.look_up.platform.ledger_copy(enrolment, enrolment.epoch, len(copy), 500).entries:
            copy += page
        with crew.till.books.open_to_read() as books:
            mine = books.ledger.after(0, 1_000_000)
        must(
            [each.digest for each in copy] == [each.digest for each in mine],
            "I19",
            f"{len(copy)} of {len(mine)}",
        )
        sales = shop.look_up.sales(SaleSearch(most=1_000_000))
        paid = {each.body["receipt_number"] for each in copy if each.kind == "sale_paid"}
        unheard = {each.receipt_number for each in sales if each.receipt_number} - paid
        must(not unheard, "I19", f"paid and not told by the ledger: {unheard}")
        there = self.platform.states_of(enrolment.till_id, [each.sale_id for each in sales])
        for each in sales:
            state, sale = there.get(each.sale_id, "none"), crew.sale(each.sale_id)
            if sale.state is SaleState.DONE and not sale.is_offline and crew.view(sale.id).cards:
                must(state == "DELIVERED", "I10", f"{sale.id} is done, the platform says {state}")
            elif sale.state in (SaleState.CANCELLED, SaleState.REFUNDED) or sale.is_offline:
                must(
                    state not in ("SOLD", "DELIVERED"),
                    "I12",
                    f"{sale.id} {sale.state}, the platform says {state}",
                )

    def _judge_purchase(self, purchase: Purchase) -> None:
        """The money that stays with the shop is the price of what the customer has (I2, I13)."""
        crew, must = self._crew_of(purchase), self.referee.must
        worth, is_open = 0, False
        for sale_id in purchase.sales:
            sale = crew.sale(sale_id)
            self.states[sale.state] += 1
            is_open |= sale.is_open
            if sale.receipt_number:
                worth += self._judge_goods(crew, purchase, sale)
        topped = set(self._credited(purchase)) | self._taken_back(crew, purchase)
        worth += ground.TOP_UP_FACE * len(topped)
        numbers = sorted(crew.pay.dice.orders[purchase.buyer])
        has = purchase.cash + sum(crew.pay.bank.kept(each) for each in numbers)
        must(has >= 0, "I9", f"purchase {purchase.buyer}: {has}")
        if is_open:
            listed = set(self._open(crew)) & set(purchase.sales)
            must(bool(listed), "I4", f"purchase {purchase.buyer} is open and in no list")
            return
        due = worth - sum(minor for phone, minor in purchase.given_back if not phone or phone in topped)
        must(has == due, "I2", f"purchase {purchase.buyer}: has {has}, due {due}: {purchase}")

    def _judge_goods(self, crew: Crew, purchase: Purchase, sale: Sale) -> int:
        """Its codes as they stand on slips: right in number and kind (I6), after the money (I3); their price."""
        must, number = self.referee.must, sale.receipt_number or ""
        seen = self.referee.codes_of(crew.number, number)
        wanted = Counter(
            {
                line.product.id: line.quantity
                for line in sale.lines
                if line.top_up is None and not line.product.fields
            }
        )
        found = Counter(shelf_of(text) for text in seen)
        missing = wanted - found
        is_misled = (crew.number, number) in self.referee.misled
        if sale.state is SaleState.DONE and missing and is_misled and self._is_shredded(crew, sale):
            # Somebody said that the slip had come out, and nobody came back for it within a day.
            self.referee.disputes["a slip that never came out, its code shredded"] += missing.total()
            self.lost += missing
            found += missing
        if sale.state is SaleState.DONE:
            must(found == wanted, "I6", f"{number}: {dict(found)} on slips, {dict(wanted)} sold")
            must(sale.total.minor > 0, "I6", number)
        elif sale.state is not SaleState.HAVE:
            must(
                not found, "I3" if sale.state is SaleState.PAID else "I12", f"{number} {sale.state}: {found}"
            )
        first = self.referee.first_code_at(crew.number, number)
        if first is not None:
            paid = sum(minor for at, minor in purchase.moves if at <= first)
            for each in sorted(crew.pay.dice.orders[purchase.buyer]):
                told = crew.pay.bank.ask(each)
                if told.paid_at is not None and told.paid_at <= first.timestamp():
                    paid += told.amount or 0
            must(
                paid >= sale.total.minor, "I3", f"{number}: a slip when {paid} of {sale.total.minor} were in"
            )
        return sum(price_of(product)[0] * times for product, times in found.items())

    def _is_shredded(self, crew: Crew, sale: Sale) -> bool:
        return any(card.sealed is None for card in crew.view(sale.id).cards)

    def _credited(self, purchase: Purchase) -> Counter[str]:
        """How often the supplier carried out each account of this customer: once at most (I8)."""
        credited = self.platform.credited()
        mine = Counter({each: credited[each] for each in purchase.accounts if credited[each]})
        for account, times in mine.items():
            self.referee.must(times == 1, "I8", f"{account} credited {times} times")
        return mine

    def _taken_back(self, crew: Crew, purchase: Purchase) -> set[str]:
        """Accounts whose top-ups succeeded, were told as OK, and were reversed by the supplier later: an incident for people."""
        lines = [line for each in purchase.sales for line in crew.sale(each).lines]
        said_ok = [
            dict(line.fields)["phone"]
            for line in lines
            if line.top_up is not None and line.top_up.state is TopUpState.OK
        ]
        found = set(said_ok) - set(self.platform.credited())
        self.referee.disputes["a top-up reversed after it was told as done"] += len(found)
        return found

    def _judge_wallet(self) -> None:
        """The platform took the cost of what was delivered, once (I7), and holds nothing for what is over."""
        crew = self.crews[0]
        account = crew.do("wire", crew.shop.refresh_account)
        sold = sum(price_of(shelf_of(text))[1] for text in self.referee.owner_of)
        sold += sum(price_of(product)[1] * times for product, times in self.lost.items())
        sold += ground.TOP_UP_COST * self.platform.credited().total()
        is_open = any(self._open(each) for each in self.crews)
        spent = ground.CREDIT - account.balance.minor
        holds = spent == sold if not is_open else spent + account.held.minor >= sold
        self.referee.must(holds, "I7", f"the wallet paid {spent} for goods of {sold}")
        if not is_open:
            self.referee.must(account.held.is_zero, "I7", f"{account.held.minor} held for nothing")
