"""The books: one transaction on the till's own file, opened as a context, kept only by `commit()`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import CataloguePage, CatalogueState, Category, Product
from pos_app.domain.ledger import AnchorMark, LedgerEntry, LedgerHead, LedgerRefusal, LogPoint
from pos_app.domain.outbox import Message
from pos_app.domain.paper import Paper
from pos_app.domain.report import DayReport
from pos_app.domain.sale import Sale, SaleSearch, SaleSummary
from pos_app.domain.shift import CashMovement, Closing, Shift, ShiftTotals
from pos_app.domain.signed_receipt import ReceiptFacts, SignedReceipt
from pos_app.domain.staff import Person
from pos_app.domain.till import Account, Enrolment
from pos_app.ports.lease_shelf import LeaseShelf
from pos_app.ports.money_shelves import AttemptShelf, BillShelf, RefundShelf


class TillShelf(Protocol):
    def enrolment(self) -> Enrolment:
        """Raises NotEnrolled before the till belongs to a platform."""

    def enrol(self, enrolment: Enrolment) -> None: ...
    def rolled_back(self) -> AnchorMark | None:
        """The mark that was found beyond these books' ledger: they are an old copy, and nothing is appended to them."""

    def keep_rolled_back(self, mark: AnchorMark | None) -> None: ...
    def is_anchored(self) -> bool:
        """Whether these books ever saw their anchor: from then on one that is gone is missed."""

    def keep_anchored(self) -> None: ...
    def last_event(self) -> int:
        """The number of the last of the platform's events that was dealt with, 0 before the first."""

    def keep_last_event(self, seq: int) -> None: ...
    def account(self) -> Account | None: ...
    def keep_account(self, account: Account) -> None: ...


class StaffShelf(Protocol):
    def people(self) -> tuple[Person, ...]:
        """Everyone who may sign in, by name."""

    def person(self, person_id: str) -> Person:
        """Raises UnknownPerson."""

    def put(self, person: Person) -> None: ...


class CatalogueShelf(Protocol):
    def state(self) -> CatalogueState: ...
    def apply(self, page: CataloguePage, at: datetime, is_full: bool) -> None:
        """Put one page on the shelf. The last page of a full sync also takes away what the sync did not name."""

    def product(self, product_id: str) -> Product | None: ...
    def by_barcode(self, barcode: str) -> Product | None:
        """Exact, never a part of it."""

    def find(self, words: str, category_id: str | None, most: int) -> tuple[Product, ...]:
        """Best first, over Chinese, pinyin, its initials and English, by word prefixes; no words: what sells most."""

    def categories(self) -> tuple[Category, ...]: ...
    def top_ups_for_phone(self, carrier: str | None, most: int) -> tuple[Product, ...]:
        """Phone top-ups of that carrier slug (of all carriers for None), by face value."""

    def put_product(self, product: Product) -> None:
        """One product as the platform just told it."""


class SalesShelf(Protocol):
    def get(self, sale_id: str) -> Sale:
        """Raises NoSuchSale."""

    def put(self, sale: Sale) -> None:
        """Add the sale, or keep what has changed of it. A sale that became PAID enters the day's figures, once."""

    def open_sales(self) -> tuple[Sale, ...]:
        """Sales that have a step to make, or a top-up, a refund or a paper that is not settled, oldest first."""

    def search(self, search: SaleSearch) -> tuple[SaleSummary, ...]:
        """Newest first; `text` matches a receipt number or the last four digits of an account.

        An order number of a payment, ours or the gateway's, means its sale and no other.
        """

    def next_receipt_number(self) -> str:
        """Gapless per till for ever: `T1-000123`. Burnt only if this transaction commits."""

    def skip_receipt_numbers(self, last: int) -> int:
        """The next number comes after `last`, if it would not anyway; which one it would have been."""

    def basket(self) -> Sale | None: ...
    def keep_basket(self, sale: Sale | None) -> None:
        """The basket on the selling page, so that a power cut does not empty it."""


class CardShelf(Protocol):
    def get(self, card_id: str) -> CardCode: ...
    def of_sale(self, sale_id: str) -> tuple[CardCode, ...]:
        """In the order of the sale's lines."""

    def put(self, card: CardCode) -> None:
        """Add the card or keep what has changed of it. A card id that belongs to another sale is a bug and raises."""

    def leased_not_told(self) -> tuple[CardCode, ...]:
        """Cards that came by a lease of which the platform is not known to have heard."""

    def to_shred(self, acked_before: datetime) -> tuple[CardCode, ...]:
        """Cards still sealed here although the platform heard of them before that time."""


class PaperShelf(Protocol):
    def get(self, paper_id: str) -> Paper: ...
    def of_sale(self, sale_id: str) -> tuple[Paper, ...]:
        """In the order in which they were made."""

    def put(self, paper: Paper) -> None: ...


class LedgerShelf(Protocol):
    def append(self, kind: str, at: datetime, business_date: date, body: Mapping[str, Any]) -> LedgerEntry:
        """The next link of the chain, under the present enrolment, signed; RolledBack in an old copy."""

    def head(self) -> LedgerHead: ...
    def latest_at(self) -> datetime | None:
        """The latest time of any entry of this epoch, which is not always the last one's: clocks are set back."""

    def after(self, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        """Of the present epoch, in order."""

    def of_epoch(self, epoch: int, seq: int, most: int) -> tuple[LedgerEntry, ...]: ...
    def epochs(self) -> tuple[int, ...]:
        """Those of which entries are here, in order."""

    def keep_copy(self, entries: Sequence[LedgerEntry]) -> None:
        """What was read back from the platform: kept is what continues the chain of its epoch here, nothing else."""

    def digest_of_sale(self, sale_id: str) -> str:
        """The digest of the `sale_paid` entry of this sale, of whatever epoch; KeyError when there is none."""

    def first_bad_signature(self, after: int) -> int | None:
        """In the present epoch beyond number `after`: see `domain/ledger.first_bad_signature`."""

    def acked(self) -> int:
        """The last number that the platform is known to hold."""

    def keep_acked(self, seq: int, epoch: int | None = None) -> None:
        """Of the present epoch without `epoch`."""

    def former_unsent(self, most: int) -> tuple[LedgerEntry, ...]:
        """What the platform is not known to hold of the oldest epoch before the present one that has such, in order."""

    def refusal(self) -> LedgerRefusal | None:
        """Of the present epoch's chain: that the platform will not take it, as long as that is so."""

    def keep_refusal(self, refusal: LedgerRefusal | None) -> None: ...

    def keep_point(self, point: LogPoint) -> None:
        """What the platform signed; of each day (UTC) the last one stays."""

    def points(self) -> tuple[LogPoint, ...]:
        """Oldest first."""


class ReceiptShelf(Protocol):
    def sign(self, facts: ReceiptFacts, subject: str) -> SignedReceipt:
        """Signed under the till's present key and kept for ever; a number that was signed before is a bug and raises."""

    def keep(self, receipt: SignedReceipt) -> bool:
        """One that was signed before and is read back; False, and nothing changed, when its number is here already."""

    def of(self, subject: str) -> tuple[SignedReceipt, ...]:
        """Of a sale, or of a shift, in the order in which they were signed."""

    def all(self) -> tuple[SignedReceipt, ...]:
        """In the order in which they were signed; for doctor."""

    def turnover(self) -> int:
        """What this till ever sold, in minor units, as its last receipt says."""

    def zeros(self) -> int:
        """How many zero receipts there are."""


class OutboxShelf(Protocol):
    def add(self, message: Message) -> None: ...
    def get(self, message_id: str) -> Message: ...
    def due(self, now: datetime, most: int) -> tuple[Message, ...]:
        """Messages whose time has come, oldest first."""

    def open_messages(self) -> tuple[Message, ...]:
        """All that are still to be sent, dead ones included, oldest first."""

    def keep(self, message: Message) -> None: ...
    def unsent(self) -> int:
        """How many the platform has not taken yet, dead ones included, without those that were left."""


class ShiftShelf(Protocol):
    def current(self) -> Shift | None: ...
    def open(self, shift: Shift) -> None: ...
    def move_cash(self, movement: CashMovement) -> None: ...
    def movements(self, shift_id: str) -> tuple[CashMovement, ...]: ...
    def totals(self, shift: Shift) -> ShiftTotals: ...
    def close(self, closing: Closing) -> None: ...
    def last_closing(self) -> Closing | None: ...


class ReportShelf(Protocol):
    def day(self, day: date) -> DayReport: ...
    def pieces_since(self, day: date) -> Mapping[str, int]:
        """How many of each product were sold from that day on, less what was given back."""

    def first_day(self) -> date | None:
        """The first business date with a sale."""


class Books(Protocol):
    """One transaction; leaving the context without commit() undoes everything."""

    @property
    def till(self) -> TillShelf: ...
    @property
    def staff(self) -> StaffShelf: ...
    @property
    def catalogue(self) -> CatalogueShelf: ...
    @property
    def sales(self) -> SalesShelf: ...
    @property
    def cards(self) -> CardShelf: ...
    @property
    def leases(self) -> LeaseShelf: ...
    @property
    def papers(self) -> PaperShelf: ...
    @property
    def ledger(self) -> LedgerShelf: ...
    @property
    def receipts(self) -> ReceiptShelf: ...
    @property
    def outbox(self) -> OutboxShelf: ...
    @property
    def shifts(self) -> ShiftShelf: ...
    @property
    def attempts(self) -> AttemptShelf: ...
    @property
    def refunds(self) -> RefundShelf: ...
    @property
    def bills(self) -> BillShelf: ...
    @property
    def reports(self) -> ReportShelf: ...
    def commit(self) -> None:
        """On disk for good when this returns; DiskTrouble or DatabaseDamaged otherwise."""


class OpenBooks(Protocol):
    def __call__(self) -> AbstractContextManager[Books]:
        """Books to write in: one at a time, others wait."""


class OpenToRead(Protocol):
    def __call__(self) -> AbstractContextManager[Books]:
        """Books to read in: one consistent picture, never waiting for a writer; commit() does nothing."""


class Inspector(Protocol):
    """Looks at the file itself, for doctor."""

    def trouble(self) -> Sequence[str]:
        """Sentences (English) about a damaged file: pages, cipher, foreign keys, chain; empty when it is sound.

        A sound file is remembered as it stands.
        """

    def recent_trouble(self) -> Sequence[str]:
        """The same of the ledger since it was last remembered as sound, within a second; of all of it when it never was."""
