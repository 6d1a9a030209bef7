"""Calls the platform: each call signed, sent once, its answer believed only under the pinned key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import msgspec

from pos_app.domain.catalogue import CataloguePage
from pos_app.domain.errors import EnrolmentCodeWrong, Rejected, Unreachable
from pos_app.domain.lease import Lease, LeaseState
from pos_app.domain.ledger import LedgerEntry, LedgerHead
from pos_app.domain.sale import Sale, TopUp
from pos_app.domain.signature import unpacked
from pos_app.domain.till import Account, Enrolment
from pos_app.ports.clock import Clock
from pos_app.ports.platform import (
    Acked,
    Delivery,
    LeaseGrant,
    LedgerCopy,
    PrintedCard,
    Reservation,
    ShopEvents,
)
from pos_app.wire.http import Exchange, Http, Request
from pos_app.wire.platform import catalogue_messages, lease_messages, messages
from pos_app.wire.platform.enrolment_code import read_enrolment_code

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from pos_app.wire.platform import signing

T = TypeVar("T")

MOST_PRODUCTS = 2000
_AGREES = timedelta(seconds=5)
_MOST_WAIT_S = 3600
# Said of a code that is unknown there, out of time, or used by another till.
_CODE_REFUSALS = frozenset({"NOT_FOUND", "FORBIDDEN", "KEY_REUSED", "EXPIRED"})
_LATER = frozenset({"IN_PROGRESS", "RATE_LIMITED", "UNAVAILABLE", "REPLAY"})


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a call goes, as whom, and whose signature is believed."""

    address: str
    key_id: str
    platform_key: bytes


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    body: bytes = b""
    key: str | None = None


class PlatformClient:
    """`ports.platform.Platform` over HTTP; for one thread, as `http` is."""

    def __init__(
        self, http: Http, sign_key: Ed25519PrivateKey, seal_key: bytes, clock: Clock, app_version: str
    ) -> None:
        self._http = http
        self._sign_key = sign_key
        self._seal_key = seal_key
        self._clock = clock
        self._app_version = app_version
        self._offset = timedelta(0)
        self._signer: signing.Signer | None = None

    @property
    def clock_skew_s(self) -> int:
        """Positive when this PC is ahead of the platform."""
        return -round(self._offset.total_seconds())

    def enrol(self, code: str, till_name: str) -> Enrolment:
        read = read_enrolment_code(code)
        sign_key = self._sign_key.public_key().public_bytes_raw()
        till = messages.NewTill(till_name, sign_key, self._seal_key, self._app_version)
        key = f"{hashlib.sha256(unpacked(read.secret)).hexdigest()[:16]}:enrol:1"
        call = _Call("POST", "/v1/enrolments", messages.enrolment_body(read, till), key)
        line = _Line(read.address, "new", unpacked(read.platform_key))
        try:
            return self._ask(line, call, lambda text: messages.read_enrolment(text, read))
        except Rejected as no:
            if no.code in _CODE_REFUSALS:
                raise EnrolmentCodeWrong from no
            raise

    def renewal_code(self, enrolment: Enrolment) -> str:
        """A platform elsewhere gives codes to people, not to tills."""
        raise EnrolmentCodeWrong

    def catalogue_page(self, enrolment: Enrolment, cursor: str | None) -> CataloguePage:
        asked = {"limit": str(MOST_PRODUCTS), **({"cursor": cursor} if cursor is not None else {})}
        call = _Call("GET", f"/v1/catalogue?{urlencode(asked)}")
        return self._ask(_line(enrolment), call, catalogue_messages.read_page)

    def account(self, enrolment: Enrolment) -> Account:
        return self._ask(_line(enrolment), _Call("GET", "/v1/account"), messages.read_account)

    def reserve(
        self, enrolment: Enrolment, sale: Sale, head: LedgerHead, approved_by: str | None = None
    ) -> Reservation:
        body = messages.reservation_body(enrolment.epoch, sale, head, approved_by)
        call = _Call("PUT", f"/v1/reservations/{sale.id}", body, f"{sale.id}:reserve:1")
        return self._ask(_line(enrolment), call, lambda text: messages.read_reservation(text, sale.id))

    def confirm(self, enrolment: Enrolment, sale: Sale) -> Delivery:
        call = _step(sale.id, "confirm", messages.confirmation_body(enrolment.epoch, sale))
        return self._ask(_line(enrolment), call, lambda text: messages.read_delivery(text, sale.id))

    def top_ups(self, enrolment: Enrolment, sale_id: str) -> tuple[tuple[str, TopUp], ...]:
        call = _Call("GET", f"/v1/reservations/{sale_id}")
        return self._ask(_line(enrolment), call, lambda text: messages.read_top_ups(text, sale_id))

    def events(self, enrolment: Enrolment, after: int, most: int) -> ShopEvents:
        call = _Call("GET", f"/v1/events?{urlencode({'after': str(after), 'limit': str(most)})}")
        return self._ask(_line(enrolment), call, messages.read_events)

    def cancel(self, enrolment: Enrolment, sale_id: str, reason: str) -> None:
        call = _step(sale_id, "cancel", messages.cancellation_body(enrolment.epoch, reason))
        self._ask(_line(enrolment), call, lambda text: messages.read_done(text, sale_id, "CANCELLED"))

    def acknowledge(
        self, enrolment: Enrolment, sale_id: str, cards: Sequence[PrintedCard], receipt_hash: str
    ) -> None:
        body = messages.acknowledgement_body(enrolment.epoch, cards, receipt_hash)
        call = _step(sale_id, "ack", body)
        self._ask(_line(enrolment), call, lambda text: messages.read_done(text, sale_id, "DELIVERED"))

    def push_ledger(self, enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> Acked:
        """`entries` must not be empty; at most 500 are taken at once."""
        body = messages.ledger_body(enrolment.epoch, entries)
        call = _Call("POST", "/v1/ledger", body, f"{enrolment.till_id}:ledger:{entries[0].seq}")
        return self._ask(_line(enrolment), call, messages.read_acked)

    def fill_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseGrant:
        """`lease` has a filling under way."""
        filling = lease_messages.under_way(lease.filling)
        body = lease_messages.filling_body(enrolment.epoch, filling)
        key = f"{lease.lease_id}:lease:{filling.attempt}"
        call = _Call("PUT", f"/v1/leases/{lease.lease_id}", body, key)
        return self._ask(_line(enrolment), call, lambda text: lease_messages.read_grant(text, lease.lease_id))

    def return_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseState:
        """`lease` has cards on their way back."""
        returning = lease_messages.under_way(lease.returning)
        body = lease_messages.return_body(enrolment.epoch, returning)
        key = f"{lease.lease_id}:return:{returning.attempt}"
        call = _Call("POST", f"/v1/leases/{lease.lease_id}/return", body, key)
        return self._ask(_line(enrolment), call, lambda text: lease_messages.read_state(text, lease.lease_id))

    def ledger_copy(self, enrolment: Enrolment, epoch: int, after: int, most: int) -> LedgerCopy:
        call = _Call("GET", f"/v1/ledger/{epoch}?{urlencode({'after': str(after), 'limit': str(most)})}")
        return self._ask(_line(enrolment), call, lease_messages.read_ledger_copy)

    def _ask(self, line: _Line, call: _Call, read: Callable[[bytes], T]) -> T:
        """The answer, read; a refusal of our clock is met once by signing with the platform's time."""
        text, problem = self._exchange(line, call, self._offset)
        if problem is not None and problem.code == "CLOCK":
            offset = problem.server_time - self._clock.now()
            text, problem = self._exchange(line, call, offset)
            if problem is None or problem.code != "CLOCK":
                self._offset = offset if abs(offset) > _AGREES else timedelta(0)
        try:
            if problem is not None:
                raise messages.rejection(problem)
            return read(text)
        except (messages.UnreadableError, msgspec.DecodeError) as error:
            raise Unreachable("server_trouble") from error

    def _exchange(
        self, line: _Line, call: _Call, offset: timedelta
    ) -> tuple[bytes, messages.ProblemText | None]:
        """The decoded answer, or the refusal that it is; Unreachable for what cannot be believed or waits."""
        from pos_app.wire.platform import signing  # 70 ms to import: not before the first call

        signer = self._signer = self._signer or signing.Signer(self._sign_key)

        def make() -> Request:
            headers = {"Content-Type": "application/json"} if call.body else {}
            if call.key is not None:
                headers["Idempotency-Key"] = call.key
            request = Request(call.method, line.address + call.path, headers, call.body)
            return signer.sign(request, line.key_id, self._clock.now() + offset)

        exchange = self._http.send(make)
        answer = signing.check(exchange, line.platform_key)
        if answer is signing.Answer.UNSIGNED:
            raise Unreachable("server_trouble" if exchange.status >= 500 else "not_ours")
        if answer is signing.Answer.FORGED:
            raise Unreachable("signature")
        text = self._http.decoded(exchange)
        if 200 <= exchange.status < 300:
            problem = None
        else:
            problem = _problem(exchange, text)
        if problem is not None and problem.code in _LATER:
            raise Unreachable("busy", _retry_after(exchange))
        # What was not said to this very request answers nothing; only the time may be learnt from it.
        if answer is not signing.Answer.OURS and (problem is None or problem.code != "CLOCK"):
            raise Unreachable("signature")
        if problem is not None and (problem.effect == "unknown" or exchange.status >= 500):
            raise Unreachable("server_trouble", _retry_after(exchange))
        return text, problem


def _line(enrolment: Enrolment) -> _Line:
    return _Line(enrolment.address, enrolment.till_id, unpacked(enrolment.platform_key))


def _step(sale_id: str, step: str, body: bytes) -> _Call:
    """There is one attempt of each step: another try of a sale is a sale of its own."""
    return _Call("POST", f"/v1/reservations/{sale_id}/{step}", body, f"{sale_id}:{step}:1")


def _problem(exchange: Exchange, text: bytes) -> messages.ProblemText:
    if exchange.status < 400:
        raise Unreachable("not_ours")  # nothing of the platform leads elsewhere
    try:
        return messages.read_problem(text)
    except messages.UnreadableError as error:
        raise Unreachable("server_trouble") from error


def _retry_after(exchange: Exchange) -> int | None:
    text = exchange.headers.get("retry-after", "")
    return min(int(text), _MOST_WAIT_S) if text.isascii() and text.isdigit() and len(text) < 10 else None
