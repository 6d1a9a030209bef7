"""One customer at one till, from the basket to the slips, whatever happens to the program meanwhile."""

from __future__ import annotations

from contextlib import suppress

from pos_app.domain.attempt import AttemptState
from pos_app.domain.catalogue import Product, ProductKind
from pos_app.domain.errors import PosError, Refused, Rejected, SoldOut, Unreachable
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale, SaleState
from pos_app.shop import Next, Taking
from tests.sim import ground, mix
from tests.sim.people import CASHIER, MOST_LIVES, SUPERVISOR, Crew, Interrupted
from tests.sim.referee import Purchase

MOST_TRIES = 4
LONGEST_AT_COUNTER_S = 200.0


class Customer:
    """Serves a purchase with a crew; it ends when the customer has what he paid for, or his money, or has left."""

    def __init__(self, crew: Crew, purchase: Purchase) -> None:
        self.crew, self.purchase = crew, purchase
        self.fate = crew.fate

    @property
    def shop(self):  # type: ignore[no-untyped-def]
        return self.crew.shop

    def serve(self) -> None:
        for _ in range(MOST_LIVES):
            try:
                self._buy()
                self._after_sale()
                return
            except Interrupted:
                self.crew.settle_drawer(self.purchase)
            except PosError:
                self.crew.settle_drawer(self.purchase)
                return

    # --- basket and goods ---

    def _buy(self) -> None:
        crew = self.crew
        sale = self._begun()
        if sale is None:
            sale = self._reserved()
        if sale is None:
            return
        crew.current, crew.purchase = sale, self.purchase
        try:
            if sale.state is SaleState.RESERVED and not sale.is_left:
                self._decide(sale)
            if crew.sale(sale.id).paid_at is not None:
                self._hand_over(sale.id)
        finally:
            crew.current = None
            crew.settle_drawer(self.purchase)

    def _begun(self) -> Sale | None:
        """What was begun before the program ended is waited for a while; what came to nothing is bought anew."""
        if not self.purchase.sales:
            return None
        sale = self.crew.sale(self.purchase.sales[-1])
        for _ in range(20):
            if sale.state is SaleState.CANCELLED:
                return None
            if sale.paid_at is not None or (sale.state is SaleState.RESERVED and not sale.is_left):
                return sale
            self.crew.pass_time(5)
            sale = self.crew.sale(sale.id)
        return sale

    def _basket(self) -> Sale:
        chance = self.fate.chance
        basket = self.shop.new_sale()
        wants = self.purchase.wants
        if wants == ground.PHONE or (not wants and self.fate.likely(mix.TOP_UPS)):
            phone = self._product(ground.PHONE)
            if phone is not None:
                account = f"138{self.purchase.buyer:05d}{chance.choice(mix.SUFFIXES)}"
                self.purchase.accounts.append(account)
                values = tuple((each.key, account if each.is_phone else "north") for each in phone.fields)
                basket = self.shop.ring_up.top_up(basket, phone, values).sale
        if wants != ground.PHONE and (not basket.lines or self.fate.likely(0.3)):
            any_of = (ground.PLAIN, ground.PLAIN, ground.PLAIN, ground.DEAR, ground.DEAR, ground.SCARCE)
            product = self._product(wants or chance.choice(any_of))
            if product is not None:
                wanted = 8 if self.fate.likely(mix.EIGHT) else chance.choice((1, 1, 1, 2))
                with suppress(SoldOut):
                    basket = self.shop.ring_up.product(basket, product, wanted).sale
        self.crew.do("store", self.shop.keep_basket, basket)
        return basket

    def _product(self, product_id: str) -> Product | None:
        with self.crew.till.books.open_to_read() as books:
            found = books.catalogue.product(product_id)
        return found if found is None or found.kind is ProductKind.CODE or found.fields else None

    def _reserved(self) -> Sale | None:
        """The goods set aside, or None: sold out, refused, or nobody answers."""
        for _ in range(MOST_TRIES):
            basket = self._basket()
            if not basket.lines:
                return None
            try:
                is_away = self.crew.till.line.is_down(self.crew.number) and self.fate.likely(0.8)
                sale = self.crew.do("wire", self.shop.reserve, CASHIER, basket, is_away=is_away)
            except (Unreachable, Rejected) as trouble:
                self.fate.reached["R2 no answer to reserve"] += isinstance(trouble, Unreachable)
                self.crew.pass_time(20)
                if not self.fate.likely(mix.SECOND_TRIES):
                    return None
                continue
            except Refused as no:
                self.fate.note("refused", type(no).__name__)
                return None
            self.purchase.sales.append(sale.id)
            self.fate.reached["a sale from leases"] += sale.is_offline
            pieces = sum(line.quantity for line in sale.lines if line.product.kind is ProductKind.CODE)
            self.crew.referee.must(pieces <= 5, "I22", f"{pieces} cards for a cashier alone")
            return sale
        return None

    # --- money ---

    def _decide(self, sale: Sale) -> None:
        if self.fate.strikes("people: dawdle"):
            self.crew.pass_time(self.fate.chance.choice((120.0, 590.0, 660.0, 1_500.0)))
            self.crew.elsewhere(sale)
        if self.fate.strikes("people: walk away"):
            self.fate.reached["R3 reserved, not paid"] += 1
            self.crew.pass_time(700)
            self._cancel(sale)
        elif self.fate.strikes("people: cancel"):
            self._cancel(sale)
        elif self.fate.likely(mix.WALLET):
            self._pay_electronically(sale)
        else:
            self._pay_cash(sale)

    def _cancel(self, sale: Sale) -> None:
        with suppress(Refused):
            self.crew.do("store", self.shop.cancel_sale, CASHIER, sale.id, "left")
        with suppress(Unreachable, Rejected):
            self.crew.do("wire", self.shop.go_on, sale.id)

    def _pay_cash(self, sale: Sale) -> None:
        left = sale.total.minor - sum(
            each.amount.minor for each in self.crew.view(sale.id).attempts if each.state is AttemptState.PAID
        )
        try:
            paid = self.crew.do("store", self.shop.take_cash, CASHIER, sale.id, Money(left))
        except Interrupted:
            self.fate.reached["R5 cash at a dying till"] += 1
            raise
        except Refused:
            return
        self.crew.referee.screen(self.crew.number, sale.id, "paid", paid.receipt_number)
        self.crew.settle_drawer(self.purchase)
        if self.fate.strikes("people: press twice"):
            with suppress(Refused):
                self.crew.do("store", self.shop.take_cash, CASHIER, sale.id, Money(left))
            self.crew.settle_drawer(self.purchase)
        self.crew.do("paper", self.shop.kick_drawer)

    def _pay_electronically(self, sale: Sale) -> None:
        for number in range(MOST_TRIES):
            for each in self.crew.view(sale.id).attempts:
                if each.is_live:
                    self._see_through(self.crew.do("money", self.shop.follow_payment, each.number))
            sale = self.crew.sale(sale.id)
            if sale.state is not SaleState.RESERVED or sale.is_left:
                return
            if number and self.fate.likely(0.3):
                self._pay_cash(sale)
                return
            if number and self.fate.likely(0.15):
                break
            with suppress(Refused):
                self._see_through(self.crew.do("money", self._begin, sale))
        sale = self.crew.sale(sale.id)
        if sale.state is SaleState.RESERVED and not sale.is_left:
            self.crew.do("store", self.shop.leave_sale, CASHIER, sale.id, undo=True)

    def _begin(self, sale: Sale) -> Taking:
        pay, chance = self.crew.pay, self.fate.chance
        gateway = self.shop.charge_code.gateways
        rules = gateway.gateway.rules
        is_shown = self.fate.likely(0.12)
        wallet = chance.choice(sorted(rules.shows if is_shown else rules.scans))
        amount = None
        if self.fate.likely(0.15):
            amount = Money(chance.randint(1, sale.total.minor))
        pay.dice.buyer = self.purchase.buyer
        if not is_shown:
            code = PaymentCode(wallet, pay.bank.new_code(wallet.value))
            return self.shop.charge_code(CASHIER, sale.id, code, amount)
        taking = self.shop.show_pay_code(CASHIER, sale.id, wallet, amount)
        if taking.attempt.qr and self.fate.likely(0.8):
            number, course = taking.attempt.number, pay.dice.any_course()
            seconds = chance.uniform(1, 100)
            pay.bank.later(seconds, lambda: pay.bank.pay_shown(number, course, wallet.value))
        return taking

    def _see_through(self, taking: Taking) -> None:
        """At the counter until it is certain, or the next customer has waited long enough."""
        number, sale_id = taking.attempt.number, taking.sale.id
        waited = 0.0
        while taking.attempt.is_live and taking.sale.state is SaleState.RESERVED and not taking.sale.is_left:
            if self.fate.strikes("people: pay beside"):
                self._pay_beside(taking.sale)
            if self.fate.strikes("people: leave the payment") or waited > LONGEST_AT_COUNTER_S:
                undo = self.fate.likely(0.5)
                self.crew.do("store", self.shop.leave_sale, CASHIER, sale_id, undo=undo)
                return
            if self.fate.likely(0.03):
                self.crew.do("store", self.shop.stop_payment, CASHIER, number)
            due = taking.attempt.next_at or self.crew.till.clock.now()
            wait = min(30.0, max(0.5, (due - self.crew.till.clock.now()).total_seconds()))
            self.fate.passes(wait)
            waited += wait
            taking = self.crew.do("money", self.shop.follow_payment, number)

    def _pay_beside(self, sale: Sale) -> None:
        """While one payment is on its way, in cash or with another code: the till must refuse."""
        with suppress(Refused):
            if self.fate.likely(0.5):
                self.crew.do("store", self.shop.take_cash, CASHIER, sale.id, sale.total)
            else:
                self.crew.do("money", self._begin, sale)
        self.crew.settle_drawer(self.purchase)

    # --- goods ---

    def _hand_over(self, sale_id: str) -> None:
        for _ in range(MOST_TRIES):
            try:
                progress = self.crew.do("wire", self.shop.go_on, sale_id)
            except (Unreachable, Rejected) as trouble:
                self.fate.reached["R6 paid, not confirmed"] += isinstance(trouble, Unreachable)
                if not self._substituted(sale_id):
                    self.crew.pass_time(15)
                continue
            if progress.next is Next.PAPER:
                self.crew.print_all(sale_id)
            if self.fate.likely(mix.COUNTS_SLIPS):
                self.crew.bring_slips(sale_id)
            break
        self.crew.settle_drawer(self.purchase)

    def _substituted(self, sale_id: str) -> bool:
        """The goods do not come, and the customer stands there: leased ones in their place (R12)."""
        if not self.fate.likely(mix.SUBSTITUTES):
            return False
        try:
            self.crew.do("store", self.shop.substitute_leased, CASHIER, sale_id)
        except Refused as no:
            self.fate.note("not substituted", type(no).__name__)
            return False
        self.fate.reached["R12 leased cards for a stuck sale"] += 1
        return True

    # --- afterwards ---

    def _after_sale(self) -> None:
        """The same day: another copy, a code on the screen, money back for goods that a supervisor takes back."""
        for sale_id in self.purchase.sales[-1:]:
            view = self.crew.view(sale_id)
            if view.sale.state is not SaleState.DONE or not view.papers:
                continue
            if self.fate.likely(mix.REPRINTS):
                paper = self.fate.chance.choice(view.papers)
                with suppress(Refused):
                    self.crew.do("store", self.shop.reprint, CASHIER, paper.id, "lost", SUPERVISOR)
                    self.crew.print_all(sale_id)
            if view.cards and self.fate.likely(mix.SHOWS_CODE):
                self._show_code(view.cards[0].card_id, view.sale.receipt_number or "")
            if self.fate.likely(mix.GIVES_BACK):
                line = self.fate.chance.choice(view.sale.lines)
                part = Money(self.fate.chance.randint(1, line.total.minor))
                whole = self.fate.likely(0.5)
                self.crew.give_back(
                    self.purchase, sale_id, line.line_id, None if whole else part, of_goods=True
                )

    def _show_code(self, card_id: str, number: str) -> None:
        with suppress(Refused):
            secret = self.crew.do("store", self.shop.show_code, SUPERVISOR, card_id, "printer")
            self.fate.reached["R11 a code on the screen"] += 1
            self.crew.referee.shown(self.crew.number, number, f"{secret.number}{secret.pin}")
