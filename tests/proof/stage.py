"""What is shown to the verifier: days of a till over fakes, its ledger as lines, its keys, and a platform's signed log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.errors import Rejected
from pos_app.domain.ledger import LedgerEntry, canonical
from pos_app.domain.money import Money
from pos_app.domain.shift import CashCount
from pos_app.domain.signature import framed, packed
from pos_app.domain.signed_receipt import ReceiptFacts, ReceiptType, signing_input
from pos_app.shop import Giving
from tests.fakes.till_platform import ENROLMENT
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import paid, sold

PLATFORM = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
PLATFORM_AT = "2026-11-23T12:00:00.000000Z"
Line = str


@dataclass(frozen=True)
class Stage:
    """Everything that one till left behind: lines of its ledger, and its receipts by number."""

    lines: tuple[Line, ...]
    receipts: dict[str, str]
    entries: tuple[LedgerEntry, ...]
    fake: FakeShop


def a_till_at_work() -> Stage:
    """Two epochs: sales of one and of two pieces, one that failed, all and parts given back, shifts closed."""
    fake = make_fake_shop(stock=50)
    giving = Giving(fake.cashier, fake.supervisor, "broken")
    first, second = sold(fake, codes=1).sale, sold(fake, codes=2).sale
    fake.clock.advance(timedelta(minutes=20))
    fake.shop.give_back(giving, first.id, first.lines[0].line_id)
    fake.shop.give_back(giving, second.id, second.lines[0].line_id, Money(5_000))
    failed = paid(fake, codes=1)
    fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    fake.shop.go_on(failed.id)
    fake.shop.give_back(Giving(fake.cashier), failed.id, failed.lines[0].line_id)
    _next_day(fake)
    sold(fake, top_up=True)
    fake.platform.enrolment = renewed = replace(ENROLMENT, epoch=2)
    fake.platform.entries.clear()
    with fake.till.open_books() as books:
        books.till.enrol(renewed)
        books.commit()
    sold(fake, codes=3)
    _next_day(fake)
    sold(fake, codes=1)
    entries = tuple(fake.till.pages.ledger.values())
    texts = {number: each.text for number, each in fake.till.pages.signed.items()}
    return Stage(tuple(canonical(each.as_wire()).decode() for each in entries), texts, entries, fake)


def _next_day(fake: FakeShop) -> None:
    fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
    fake.clock.advance(timedelta(hours=14))
    fake.shop.open_shift(fake.cashier, Money(10_000))


def keys_file(stage: Stage, *, until: str | None = None, revoked_at: str | None = None) -> dict[str, Any]:
    signer: Any = stage.fake.till.signer
    key = {"kid": signer.kid, "key": packed(signer.public_key), "from": "2026-11-22T00:00:00Z"}
    keys = [{**key, "epoch": epoch, "until": until, "revoked_at": revoked_at} for epoch in (1, 2)]
    platform = {"keyid": "platform-1", "key": packed(PLATFORM.public_key().public_bytes_raw())}
    tills = [{"till": ENROLMENT.till_id, "keys": keys}]
    return {"shops": [{"shop": ENROLMENT.shop_id, "tills": tills, "platform_keys": [platform]}]}


def training_receipt(stage: Stage) -> str:
    """No part of a till makes one yet; its form is fixed all the same."""
    facts = ReceiptFacts(
        ENROLMENT.shop_id,
        ENROLMENT.till_id,
        "T000001",
        stage.fake.clock.now(),
        ReceiptType.TRAINING,
        Money(5_000),
        1,
        90_000,
        "0" * 32,
    )
    return sign(stage, facts.text(stage.fake.till.signer.kid))


def sign(stage: Stage, text: str) -> str:
    """The till's signature under any text before it, as only a till itself can make one."""
    return f"{text}.{stage.fake.till.signer.sign(signing_input(text))}"


# --- the platform's log, put together as RFC 6962, 2.1 says it ---


def root_of(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    left = _left(len(leaves))
    return _node(root_of(leaves[:left]), root_of(leaves[left:]))


def inclusion_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) <= 1:
        return []
    left = _left(len(leaves))
    if index < left:
        return [*inclusion_path(index, leaves[:left]), root_of(leaves[left:])]
    return [*inclusion_path(index - left, leaves[left:]), root_of(leaves[:left])]


def consistency_path(first: int, leaves: Sequence[bytes], is_whole: bool = True) -> list[bytes]:
    if first == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    left = _left(len(leaves))
    if first <= left:
        return [*consistency_path(first, leaves[:left], is_whole), root_of(leaves[left:])]
    return [*consistency_path(first - left, leaves[left:], False), root_of(leaves[:left])]


def leaf(line: Line) -> bytes:
    return hashlib.sha256(b"\x00" + line.encode()).digest()


def checkpoint(stage: Stage, count: int, at: str = PLATFORM_AT) -> dict[str, Any]:
    """The platform's word after it had taken in so many lines of the ledger, which are the whole log."""
    entry = stage.entries[count - 1]
    till = {"till_id": entry.till, "epoch": entry.epoch, "seq": entry.seq, "head": entry.digest}
    root = root_of([leaf(line) for line in stage.lines[:count]]).hex()
    told = {"shop_id": ENROLMENT.shop_id, "size": count, "root": root, "till": till, "at": at}
    fields = (ENROLMENT.shop_id, count, root, entry.till, entry.epoch, entry.seq, entry.digest, at)
    signature = PLATFORM.sign(framed("pos-log-1", *(str(field) for field in fields)))
    return {**told, "keyid": "platform-1", "signature": packed(signature)}


def checkpoint_line(stage: Stage, count: int, at: str = PLATFORM_AT) -> Line:
    return canonical({"checkpoint": checkpoint(stage, count, at)}).decode()


def proof_line(stage: Stage, index: int, first: int) -> Line:
    """The last checkpoint, with a proof for one entry and one for an earlier checkpoint."""
    leaves, entry = [leaf(line) for line in stage.lines], stage.entries[index]
    inclusion = {
        "epoch": entry.epoch,
        "seq": entry.seq,
        "index": index,
        "path": [each.hex() for each in inclusion_path(index, leaves)],
    }
    path = [each.hex() for each in consistency_path(first, leaves)]
    consistency = {"from": checkpoint(stage, first), "path": path}
    point = {"checkpoint": checkpoint(stage, len(leaves))}
    return canonical({**point, "inclusion": inclusion, "consistency": consistency}).decode()


def as_text(value: Any) -> str:
    """JSON as it lies in a published file."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _left(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
