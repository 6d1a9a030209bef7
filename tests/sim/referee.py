"""The independent judge: it knows what came out (slips, money, top-ups, what a screen said) and what must hold of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from pos_app.domain.receipt import CodeSlip, Receipt, SaleReceipt
from tests.sim import ground
from tests.sim.fate import START, Fate


@dataclass(frozen=True)
class CodeSeen:
    """A code on a slip, or with copy 0 on the screen; `number` is the receipt number on it."""

    at: datetime
    till: int
    number: str
    text: str
    is_readable: bool
    copy: int


@dataclass
class Purchase:
    """What one customer wants, over all the sales that were begun for him; money in fen.

    `cash` is what of it lies in the drawer; `moves` is when money came in.
    """

    buyer: int
    till: int
    sales: list[str] = field(default_factory=list)
    cash: int = 0
    given_back: list[tuple[str, int]] = field(
        default_factory=list
    )  # of goods handed over: account or "", fen
    moves: list[tuple[datetime, int]] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    wants: str = ""  # a product's id; "" is whatever takes his fancy
    touched_at: datetime = START
    is_out_of_sight: bool = False  # an old copy of the books came in between


@dataclass(frozen=True)
class Violation:
    """Which invariant, and what was seen."""

    invariant: str
    seen: str


class Referee:
    """Writes down what comes out; `breaches` are judged at once, the rest when a history is quiet."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self.codes: list[CodeSeen] = []
        self.receipts: list[tuple[datetime, int, str, str]] = []
        self.purchases: list[Purchase] = []
        self.told: dict[tuple[int, str], dict[str, object]] = defaultdict(dict)
        self.drawer: Counter[int] = Counter()
        self.breaches: list[Violation] = []
        self.owner_of: dict[str, tuple[int, str]] = {}
        self.disputes: Counter[str] = Counter()
        # Till and receipt number of sales of whose slips a person or a printer said what was not so.
        self.misled: set[tuple[int, str]] = set()

    def breach(self, invariant: str, seen: str) -> None:
        self.fate.note("BREACH", invariant, seen)
        self.breaches.append(Violation(invariant, seen))

    def must(self, holds: bool, invariant: str, seen: str) -> None:
        if not holds:
            self.breach(invariant, seen)

    # --- what comes out ---

    def slip(self, till: int, receipt: Receipt, is_readable: bool, *, is_twin: bool = False) -> None:
        """A slip lies in the tray; half of it shows enough to be misused. A twin is the printer's own doing."""
        at = self.fate.at
        if isinstance(receipt, SaleReceipt):
            number = receipt.header.number or ""
            others = {text for _, whose, other, text in self.receipts if (whose, other) == (till, number)}
            self.must(others <= {receipt.qr}, "I14", f"{number} stands on different receipts of till {till}")
            self.receipts.append((at, till, number, receipt.qr))
            self.fate.note("receipt", till, receipt.header.number, receipt.header.copy)
        if not isinstance(receipt, CodeSlip):
            return
        text = f"{receipt.number} {receipt.pin}".replace(" ", "")
        code = CodeSeen(at, till, receipt.header.number or "", text, is_readable, receipt.header.copy)
        twins = [each for each in self.codes if (each.text, each.copy) == (text, code.copy) and each.copy]
        self.must(is_twin or not twins, "I21", f"copy {code.copy} of {text} came out twice")
        self._seen(code)

    def lied(self, till: int, receipt: Receipt) -> None:
        """The printer says that it is out, and nothing is in the tray."""
        self.misled.add((till, receipt.header.number or ""))

    def shown(self, till: int, number: str, text: str) -> None:
        """A code on the screen."""
        self._seen(CodeSeen(self.fate.at, till, number, text.replace(" ", ""), True, 0))

    def _seen(self, code: CodeSeen) -> None:
        self.fate.note("code", code.till, code.number, code.text, code.is_readable, code.copy)
        self.codes.append(code)
        owner = self.owner_of.setdefault(code.text, (code.till, code.number))
        self.must(
            owner == (code.till, code.number),
            "I1",
            f"{code.text} on slips of {owner} and of {(code.till, code.number)}",
        )

    def cash(self, purchase: Purchase, minor: int) -> None:
        """Into the drawer; less than nothing is out of it."""
        self.fate.note("cash", purchase.buyer, minor)
        purchase.cash += minor
        self.drawer[purchase.till] += minor
        if minor > 0:
            purchase.moves.append((self.fate.at, minor))
        self.must(purchase.cash >= 0, "I9", f"purchase {purchase.buyer}: {-purchase.cash} more out than in")

    def screen(self, till: int, sale_id: str, fact: str, value: object = True) -> None:
        """What a person was told of a sale stays true (I10); a receipt number is told of one sale only (I14)."""
        known = self.told[till, sale_id]
        if fact in known:
            self.must(known[fact] == value, "I10", f"{sale_id}: {fact} {known[fact]}, later {value}")
        elif fact == "paid":
            twins = [key for key, facts in self.told.items() if key[0] == till and facts.get("paid") == value]
            self.must(not twins, "I14", f"{value} is told of {twins} and of {sale_id}")
        known[fact] = value
        self.fate.note("screen", till, sale_id, fact, value)
        is_both = {"done", "cancelled"} <= known.keys()
        self.must(not is_both, "I12", f"{sale_id} was told as done and as cancelled")

    # --- what it is worth ---

    def codes_of(self, till: int, number: str) -> set[str]:
        return {each.text for each in self.codes if (each.till, each.number) == (till, number)}

    def readable(self, till: int, number: str) -> set[str]:
        return {
            each.text
            for each in self.codes
            if (each.till, each.number) == (till, number) and each.is_readable
        }

    def first_code_at(self, till: int, number: str) -> datetime | None:
        return min(
            (each.at for each in self.codes if (each.till, each.number) == (till, number)), default=None
        )


def shelf_of(text: str) -> str:
    """Which product a code is of, by the number that was printed on it when it was made."""
    serial = int(text[1:12])
    return next(each[0] for each in reversed(ground.SHELF) if serial >= each[4])


def price_of(product_id: str) -> tuple[int, int]:
    """Price and cost."""
    return next((each[1], each[2]) for each in ground.SHELF if each[0] == product_id)
