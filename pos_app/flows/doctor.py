"""Check every invariant that can be seen from the till's own files."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.errors import StoreTrouble
from pos_app.domain.ledger import AnchorMark, LedgerHead, first_break
from pos_app.domain.sale import Sale, SaleSearch, SaleState
from pos_app.domain.signed_receipt import ReceiptType
from pos_app.flows.doctor_leases import LeasesSeen, leases_seen
from pos_app.flows.doctor_money import MoneyOfSale, money_of, untold
from pos_app.ports.anchor import Anchor
from pos_app.ports.books import Books, Inspector, OpenToRead
from pos_app.ports.files import Backups

ALL_SALES = 10_000_000


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: which invariant, whether it holds, and what was seen (English, for whoever helps)."""

    invariant: str
    holds: bool
    seen: str


@dataclass(frozen=True)
class Doctor:
    """Reads everything, changes nothing."""

    open_to_read: OpenToRead
    inspector: Inspector
    anchor: Anchor
    backups: Backups

    def __call__(self) -> tuple[Finding, ...]:
        file_trouble = tuple(self.inspector.trouble())
        with self.open_to_read() as books:
            summaries = books.sales.search(SaleSearch(most=ALL_SALES))
            sales = [books.sales.get(summary.sale_id) for summary in summaries]
            money = money_of(books, sales)
            leased = leases_seen(books)
            return (
                Finding("file", not file_trouble, "; ".join(file_trouble) or "pages, cipher, keys sound"),
                self._codes_once(books, sales, leased),
                self._paid_in_full(money),
                self._revealed_only_when_paid(books, sales),
                self._nothing_silent(books, money),
                self._quantities(books, sales),
                self._back_within_bounds(money),
                self._receipt_numbers(books, sales),
                self._chain(books),
                self._turnover(books),
                self._acked(books),
                self._told(books, money),
                _leases_within_bounds(leased),
                self._latest_copy(books),
                self._backups(),
            )

    def _backups(self) -> Finding:
        """How old the newest one is, is for people to judge; that the folder cannot be read is not."""
        try:
            found = self.backups.all()
        except StoreTrouble as trouble:
            return Finding("backups", False, f"they cannot be listed: {type(trouble).__name__}")
        newest = f", the newest of {found[0].at:%Y-%m-%d %H:%M} UTC" if found else ""
        return Finding("backups", True, f"{len(found)} that were looked over{newest}")

    def _codes_once(self, books: Books, sales: list[Sale], leased: LeasesSeen) -> Finding:
        ids = [card.card_id for sale in sales for card in books.cards.of_sale(sale.id)]
        twice = len(ids) - len(set(ids)) + leased.twice
        seen = f"{len(ids)} codes, {len(leased.cards)} leased, {twice} twice"
        return Finding("I1 a code belongs to one sale", not twice, seen)

    def _paid_in_full(self, money: tuple[MoneyOfSale, ...]) -> Finding:
        wrong = sum(not each.is_as_paid for each in money)
        stray = sum(each.stray for each in money)
        paid = sum(1 for each in money if each.sale.payments)
        seen = f"{paid} paid sales, {wrong} differ, {stray} payments without a sale"
        return Finding("I2 paid is the price", not wrong and not stray, seen)

    def _revealed_only_when_paid(self, books: Books, sales: list[Sale]) -> Finding:
        wrong = [sale.id for sale in sales if not sale.payments and books.cards.of_sale(sale.id)]
        return Finding("I3 no code without payment", not wrong, f"{len(wrong)} sales with codes but no money")

    def _back_within_bounds(self, money: tuple[MoneyOfSale, ...]) -> Finding:
        wrong = sum(not each.is_back_within_bounds for each in money)
        refunds = sum(len(each.refunds) for each in money)
        return Finding(
            "I9 no more goes back than came", not wrong, f"{refunds} refunds, {wrong} sales differ"
        )

    def _nothing_silent(self, books: Books, money: tuple[MoneyOfSale, ...]) -> Finding:
        listed = {sale.id for sale in books.sales.open_sales()}
        settled = (SaleState.DONE, SaleState.REFUNDED)
        silent = [
            each.sale.id
            for each in money
            if each.sale.payments and each.sale.state not in settled and each.sale.id not in listed
        ]
        forgotten = sum(each.forgotten for each in money)
        seen = f"{len(listed)} open, {len(silent)} silent, {forgotten} payments and refunds nobody asks for"
        return Finding("I4 no paid sale is silent", not silent and not forgotten, seen)

    def _quantities(self, books: Books, sales: list[Sale]) -> Finding:
        wrong = 0
        for sale in sales:
            if sale.state not in (SaleState.HAVE, SaleState.DONE):
                continue
            cards = books.cards.of_sale(sale.id)
            for line in sale.lines:
                expected = 0 if line.top_up is not None else line.quantity * line.product.parts
                mine = [card for card in cards if card.line_id == line.line_id]
                wrong += len(mine) != expected or any(card.product_id != line.product.id for card in mine)
        return Finding("I6 each line has exactly its codes", not wrong, f"{wrong} lines differ")

    def _receipt_numbers(self, books: Books, sales: list[Sale]) -> Finding:
        """Those that an old copy does not know stand in the entry that began the next epoch."""
        numbers = [
            int((sale.receipt_number or "-0").rpartition("-")[2]) for sale in sales if sale.receipt_number
        ]
        lost = _read_back(books)
        holds = sorted(numbers + lost) == list(range(1, len(numbers) + len(lost) + 1))
        seen = f"{len(numbers)} numbers, {len(lost)} read back"
        return Finding("I14 receipt numbers without a gap", holds, seen)

    def _chain(self, books: Books) -> Finding:
        head, checked = LedgerHead(), 0
        while entries := books.ledger.after(head.seq, 1000):
            broken = first_break(entries, head)
            if broken is not None:
                return Finding("I15 the ledger's chain holds", False, f"broken at {broken}")
            checked += len(entries)
            head = LedgerHead(entries[-1].seq, entries[-1].digest)
        bad = books.ledger.first_bad_signature(0)
        if bad is not None:
            return Finding("I15 the ledger's chain holds", False, f"not signed by this till at {bad}")
        holds = head == books.ledger.head()
        return Finding("I15 the ledger's chain holds", holds, f"{checked} entries, signatures too")

    def _turnover(self, books: Books) -> Finding:
        """Every signed receipt carries what was sold up to it, and nothing reduces it."""
        signed, stands, wrong = books.receipts.all(), 0, 0
        for receipt in signed:
            stands += receipt.amount.minor if receipt.type is ReceiptType.SALE else 0
            wrong += receipt.turnover != stands
            stands = receipt.turnover
        seen = f"{len(signed)} signed, {wrong} differ, {stands} sold in minor units"
        return Finding("the turnover is all that was sold", not wrong, seen)

    def _acked(self, books: Books) -> Finding:
        """What the platform signed of our chain is what stands here: else one of the two was put back or changed."""
        acked, head = books.ledger.acked(), books.ledger.head().seq
        points = [point for point in books.ledger.points() if point.seq]
        wrong = 0
        for point in points:
            found = books.ledger.of_epoch(point.epoch, point.seq - 1, 1)
            wrong += not found or (found[0].seq, found[0].digest) != (point.seq, point.head)
        seen = f"{acked} of {head} entries; {len(points)} signed points of its log, {wrong} differ"
        return Finding("I19 the platform holds a prefix", acked <= head and not wrong, seen)

    def _told(self, books: Books, money: tuple[MoneyOfSale, ...]) -> Finding:
        missing = untold(books, money)
        attempts = sum(len(each.attempts) for each in money)
        return Finding(
            "payments are told by the ledger", not missing, f"{attempts} attempts, {missing} not told"
        )

    def _latest_copy(self, books: Books) -> Finding:
        """The anchor is no further than the ledger: else these books are an old copy."""
        mark, head = self.anchor.read(), books.ledger.head()
        locked = books.till.rolled_back()
        epoch = books.till.enrolment().epoch if head.seq else mark.epoch
        holds = locked is None and mark <= AnchorMark(epoch, head.seq)
        seen = f"revealed up to {mark.epoch}:{mark.seq}, ledger at {epoch}:{head.seq}"
        return Finding("R16 these books are the latest", holds, seen)


def _leases_within_bounds(leased: LeasesSeen) -> Finding:
    seen = f"{leased.late} sold late, {leased.untold} not told, {leased.over} leases above their caps"
    return Finding("I18 leases within their bounds", not (leased.late or leased.untold or leased.over), seen)


def _read_back(books: Books) -> list[int]:
    """Receipt numbers of sales that only the platform's copy of a former ledger knows."""
    numbers: list[int] = []
    for entry in books.ledger.after(0, 1):
        if entry.kind == "epoch_begun":
            numbers += range(entry.body["receipts_from"], entry.body["receipts_to"] + 1)
    return numbers
