"""The platform's side of leases in memory, true to `docs/protocol.md` 10: a half of `FakePlatform`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pos_app.domain.card_code import Binding, CardSecret
from pos_app.domain.catalogue import Payload, Product, ProductKind
from pos_app.domain.errors import Rejected
from pos_app.domain.lease import Lease, LeaseState, LeaseTold
from pos_app.domain.ledger import LedgerEntry
from pos_app.domain.money import Money
from pos_app.domain.till import Enrolment
from pos_app.ports.clock import Clock
from pos_app.ports.platform import LeaseGrant, LedgerCopy, SealedLeaseCard

LIFETIME = timedelta(hours=24)

T = TypeVar("T")


@dataclass
class LentPiece:
    """One piece under a lease: a card, or a kit of them; `state` is leased, quarantined, sold or returned."""

    product: Product
    secrets: tuple[CardSecret, ...]
    card_ids: tuple[str, ...]
    state: str = "leased"
    is_deleted: bool = False
    sale: tuple[str, str] | None = None

    @property
    def is_out(self) -> bool:
        return self.state in ("leased", "quarantined")


@dataclass
class LentLease:
    lease_id: str
    epoch: int
    expires_at: datetime
    pieces: list[LentPiece] = field(default_factory=list)
    bodies: dict[tuple[str, int], Any] = field(default_factory=dict)
    is_fenced: bool = False

    def state(self, now: datetime) -> LeaseState:
        is_over = self.is_fenced or self.expires_at <= now
        if is_over and not any(piece.is_out for piece in self.pieces):
            return LeaseState.SETTLED
        if self.is_fenced:
            return LeaseState.FENCED
        return LeaseState.EXPIRED if is_over else LeaseState.OPEN


class FakeLeasing:
    """Tests look at `leases` and `incidents`, and set `most`, `most_amount`, `most_face` and `off_lease`."""

    clock: Clock
    enrolment: Enrolment
    balance: Money
    held: Money
    chains: dict[int, list[LedgerEntry]]
    _codes: dict[str, list[CardSecret]]
    _products: dict[str, Product]
    _seal: Callable[[Binding, CardSecret], bytes]

    def begin_leasing(self) -> None:
        self.leases: dict[str, LentLease] = {}
        self.incidents: list[tuple[str, int]] = []  # kind, number of the entry
        self.most, self.most_amount, self.most_face = 100, Money(500_000), Money(50_000)
        self.off_lease: set[str] = set()  # products that a rule keeps from being leased
        self._lent = 0

    def _call(self, name: str, sale_id: str | None, effect: Callable[[], T]) -> T:
        raise NotImplementedError

    def _must_be_present(self, enrolment: Enrolment) -> None:
        raise NotImplementedError

    # --- the port ---

    def fill_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseGrant:
        assert lease.filling is not None
        attempt, plan = lease.filling.attempt, dict(lease.filling.plan)

        def effect() -> LeaseGrant:
            self._must_be_present(enrolment)
            lent = self.leases.get(lease.lease_id)
            body = (enrolment.epoch, plan)
            known = None if lent is None else lent.bodies.get(("lease", attempt))
            if known is not None and known != body:
                raise Rejected("KEY_REUSED", "none", {})
            if known is None:
                lent = self._fill(enrolment, lease.lease_id, lent, plan)
                lent.bodies["lease", attempt] = body
            assert lent is not None
            return self._grant(enrolment, lent)

        return self._call("fill_lease", lease.lease_id, effect)

    def return_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseState:
        assert lease.returning is not None
        returning = lease.returning

        def effect() -> LeaseState:
            self._must_be_present(enrolment)
            if lease.lease_id not in self.leases:
                raise Rejected("NOT_FOUND", "none", {})
            lent = self.leases[lease.lease_id]
            body, key = (enrolment.epoch, returning), ("return", returning.attempt)
            if lent.bodies.get(key, body) != body:
                raise Rejected("KEY_REUSED", "none", {})
            if key not in lent.bodies:
                self._take_back(lent, returning.card_ids, (returning.seq, returning.head))
                lent.bodies[key] = body
            return lent.state(self.clock.now())

        return self._call("return_lease", lease.lease_id, effect)

    def ledger_copy(self, enrolment: Enrolment, epoch: int, after: int, most: int) -> LedgerCopy:
        def effect() -> LedgerCopy:
            self._must_be_present(enrolment)
            chain = self.chains.get(epoch, [])
            return LedgerCopy(tuple(chain[after : after + most]), len(chain))

        return self._call("ledger_copy", None, effect)

    # --- inside ---

    def told_leases(self) -> tuple[LeaseTold, ...]:
        now = self.clock.now()
        states = ((lent.lease_id, lent.state(now)) for lent in self.leases.values())
        return tuple(LeaseTold(*each) for each in states if each[1] is not LeaseState.SETTLED)

    def fence_leases(self) -> None:
        for lent in self.leases.values():
            lent.is_fenced = True
            for piece in lent.pieces:
                piece.state = "quarantined" if piece.state == "leased" else piece.state

    def _fill(
        self, enrolment: Enrolment, lease_id: str, lent: LentLease | None, plan: dict[str, int]
    ) -> LentLease:
        now = self.clock.now()
        if lent is not None and lent.is_fenced:
            raise Rejected("FORBIDDEN", "none", {"state": "FENCED"})
        if lent is not None and lent.expires_at <= now:
            raise Rejected("EXPIRED", "none", {})
        for product_id in sorted(plan):
            self._check_leasable(product_id)
        have = [] if lent is None else lent.pieces
        counts = {i: sum(p.product.id == i and p.state == "leased" for p in have) for i in plan}
        wanted = {i: count - counts[i] for i, count in sorted(plan.items()) if count > counts[i]}
        if wanted and any(piece.state == "returned" for piece in have):
            raise Rejected("FORBIDDEN", "none", {"state": "RETURNED"})
        self._check_caps(wanted)
        taken = [piece for i, count in wanted.items() for piece in self._lend(self._products[i], count)]
        if wanted and not taken and not any(counts.values()):
            product_id, count = next(iter(wanted.items()))
            raise Rejected("SOLD_OUT", "none", {"product_id": product_id, "wanted": count, "left": 0})
        cost = Money.sum((piece.product.wholesale for piece in taken), "CNY")
        if self.balance - self.held < cost:
            self._shelve(taken)
            raise Rejected("WALLET_EMPTY", "none", {"needed": cost, "available": self.balance - self.held})
        self.held = self.held + cost
        lent = lent or LentLease(lease_id, enrolment.epoch, now + LIFETIME)
        lent.pieces += taken
        self.leases[lease_id] = lent
        return lent

    def _check_leasable(self, product_id: str) -> None:
        about: dict[str, Any] = {"line_id": None, "product_id": product_id}
        if product_id not in self._products:
            raise Rejected("PRODUCT_OFF", "none", {**about, "reason": "off"})
        product = self._products[product_id]
        is_fit = product.kind is ProductKind.CODE and product.leasable and product.risk_class != "high"
        if not is_fit or product_id in self.off_lease:
            raise Rejected("PRODUCT_OFF", "none", {**about, "reason": "lease"})
        if product.face > self.most_face:
            limit = {"rule": "lease_face", "line_id": None, "most": None, "most_amount": self.most_face}
            raise Rejected("LIMIT", "none", limit)

    def _check_caps(self, wanted: dict[str, int]) -> None:
        out = [piece for lent in self.leases.values() for piece in lent.pieces if piece.is_out]
        count = len(out) + sum(wanted.values())
        face = sum(piece.product.face.minor for piece in out)
        face += sum(self._products[i].face.minor * number for i, number in wanted.items())
        if wanted and count > self.most:
            raise Rejected(
                "LIMIT",
                "none",
                {"rule": "lease_codes", "line_id": None, "most": self.most, "most_amount": None},
            )
        if wanted and face > self.most_amount.minor:
            limit = {"rule": "lease_amount", "line_id": None, "most": None, "most_amount": self.most_amount}
            raise Rejected("LIMIT", "none", limit)

    def _lend(self, product: Product, count: int) -> Iterable[LentPiece]:
        codes = self._codes[product.id]
        for _ in range(min(count, len(codes) // product.parts)):
            secrets = tuple(codes[: product.parts])
            del codes[: product.parts]
            self._lent += 1
            ids = tuple(f"lent-{self._lent:04d}-{part}" for part in range(product.parts))
            yield LentPiece(product, secrets, ids)

    def _shelve(self, pieces: Iterable[LentPiece]) -> None:
        for piece in pieces:
            self._codes[piece.product.id] += piece.secrets

    def _grant(self, enrolment: Enrolment, lent: LentLease) -> LeaseGrant:
        state = lent.state(self.clock.now())
        sold = [p for p in lent.pieces if p.state == "leased" and not p.is_deleted]
        cards = [card for piece in sold for card in self._sealed(enrolment, lent, piece)]
        is_open = state is LeaseState.OPEN
        return LeaseGrant(
            state, lent.expires_at, self.most, self.most_amount, tuple(cards if is_open else ())
        )

    def _sealed(self, enrolment: Enrolment, lent: LentLease, piece: LentPiece) -> Iterable[SealedLeaseCard]:
        product = piece.product
        for card_id, secret in zip(piece.card_ids, piece.secrets, strict=True):
            binding = Binding(
                shop_id=enrolment.shop_id,
                till_id=enrolment.till_id,
                epoch=lent.epoch,
                sale_id="",
                line_id="",
                card_id=card_id,
                product_id=product.id,
                face=product.face,
                lease_id=lent.lease_id,
            )
            payload = product.payload or Payload.NUMBER_PIN
            yield SealedLeaseCard(card_id, product.id, payload, product.face, self._seal(binding, secret))

    def _take_back(self, lent: LentLease, card_ids: tuple[str, ...], proof: tuple[int, str]) -> None:
        if not any((e.seq, e.digest) == proof for chain in self.chains.values() for e in chain):
            raise Rejected("FORBIDDEN", "none", {"state": "UNPROVEN"})
        named = [piece for piece in lent.pieces if piece.card_ids[0] in card_ids]
        if {piece.card_ids[0] for piece in named} != set(card_ids):
            raise Rejected("NOT_FOUND", "none", {})
        for piece in named:
            if piece.state == "sold":
                told = {"state": "SOLD", "card_id": piece.card_ids[0]}
                raise Rejected("FORBIDDEN", "none", told)
            if not piece.is_deleted:
                raise Rejected("FORBIDDEN", "none", {"state": "UNPROVEN"})
        for piece in named:
            if piece.is_out:
                piece.state = "returned"
                self._shelve([piece])
                self.held = self.held - piece.product.wholesale

    def settle_entry(self, entry: LedgerEntry) -> None:
        """What a ledger entry says of leased cards; what does not fit is an incident."""
        if entry.kind == "lease_returned":
            for card_id in entry.body["card_ids"]:
                piece = self._piece(str(entry.body["lease_id"]), str(card_id))
                if piece is None:
                    self.incidents.append(("lease_unknown", entry.seq))
                elif piece.is_out:
                    piece.is_deleted = True
        if entry.kind in ("sale_paid", "lease_sold"):
            for line in entry.body["lines"]:
                for each in line.get("leased", ()):
                    self._settle_sold(entry, line["line_id"], each)

    def _settle_sold(self, entry: LedgerEntry, line_id: str, each: dict[str, Any]) -> None:
        piece = self._piece(each["lease_id"], each["card_id"])
        sale = (str(entry.body["sale_id"]), line_id)
        if piece is None:
            self.incidents.append(("lease_unknown", entry.seq))
        elif not piece.is_out:
            if piece.sale != sale:
                twice = "lease_sold_twice" if piece.state == "sold" else "lease_sold_returned"
                self.incidents.append((twice, entry.seq))
        else:
            if piece.is_deleted:
                self.incidents.append(("lease_sold_deleted", entry.seq))
            if entry.at >= self.leases[each["lease_id"]].expires_at:
                self.incidents.append(("lease_sold_late", entry.seq))
            piece.state, piece.sale = "sold", sale
            self.held = self.held - piece.product.wholesale
            self.balance = self.balance - piece.product.wholesale

    def _piece(self, lease_id: str, card_id: str) -> LentPiece | None:
        pieces = self.leases[lease_id].pieces if lease_id in self.leases else []
        return next((piece for piece in pieces if piece.card_ids[0] == card_id), None)
