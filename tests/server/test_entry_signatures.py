"""Signatures inside a till's ledger: judged apart, told as incidents, and never a reason to refuse."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.domain.actions import Authority
from platform_server.domain.entry_signatures import SignatureJudge, kid_of
from platform_server.domain.scopes import TILL_SCOPES
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import from_base64url
from platform_server.flows.enrol_till import EnrolTill, IssueTicket, NewTill
from platform_server.flows.withdraw import ListTills
from platform_server.wire.documents import is_signed
from tests.fakes.platform_ledger import TillLedger
from tests.fakes.platform_world import START
from tests.server.conftest import Counter

ONE, TWO = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
DAY = timedelta(days=1)
BY = Authority("Ann", "looked at it")


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def till_key(key: Ed25519PrivateKey, keyid: str = "till", epoch: int = 2) -> TillKey:
    return TillKey(keyid, "till", public(key), TILL_SCOPES, epoch, START)


def judge(
    entries: list[dict[str, Any]], *keys: TillKey, signed_from: int | None = None
) -> list[tuple[str, int]]:
    judged = SignatureJudge(keys or (till_key(ONE),), 2, signed_from, is_signed)(entries)
    return [(odd.kind, odd.seq) for odd in judged]


def signed(count: int = 3, key: Ed25519PrivateKey | None = ONE, at: str = START.isoformat()) -> TillLedger:
    made = TillLedger(key=key)
    for number in range(count):
        made.write("note", {"number": number, "name": "\u5361"}, at=at)
    return made


def test_a_key_is_named_by_the_beginning_of_its_hash() -> None:
    # RFC 8032, 7.1, test 1: its public key; SHA-256 of it in base64url begins so.
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert kid_of(key) == "If4x36FU"


def test_true_signatures_are_nothing_to_tell() -> None:
    assert judge(signed().entries) == []
    assert judge(signed(key=TWO).entries, till_key(ONE), till_key(TWO, "next")) == []


@pytest.mark.parametrize(
    "name", ["till", "epoch", "seq", "prev", "at", "business_date", "kind", "body", "new"]
)
def test_no_field_can_be_changed(name: str) -> None:
    entry = signed(1).entries[0]
    assert judge([{**entry, name: {"seq": 9, "epoch": 9}.get(name, "2026-11-22T06:00:00Z")}]) != []


def test_a_signature_that_is_none() -> None:
    entry = signed(1).entries[0]
    without = {name: value for name, value in entry.items() if name != "sig"}
    for sig in ("", "!", 7, None, entry["sig"][:-2], "A" * 86):
        assert judge([{**entry, "sig": sig}]) == [("ledger_bad_signature", 1)]
    assert judge([without]) == [("ledger_bad_signature", 1)]
    nameless = {name: value for name, value in entry.items() if name != "kid"}
    for other in (nameless, {**entry, "kid": 7}, {**entry, "kid": "AAAAAAAA"}, {**entry, "kid": None}):
        assert judge([other]) == [("ledger_unknown_key", 1)]
    assert judge(signed(1, TWO).entries) == [("ledger_unknown_key", 1)]
    assert judge(signed(1).entries, till_key(ONE, epoch=1)) == [("ledger_unknown_key", 1)]


def test_a_key_that_ended_signs_no_more() -> None:
    key = till_key(ONE)
    ended, withdrawn = replace(key, not_after=START), replace(key, revoked_at=START)
    for at, kinds in (
        (START - timedelta(seconds=1), ([], [])),
        (START, ([], [("ledger_unknown_key", 1)])),
        (START + DAY, ([("ledger_unknown_key", 1)], [("ledger_unknown_key", 1)])),
    ):
        entries = signed(1, at=at.isoformat()).entries
        assert (judge(entries, ended), judge(entries, withdrawn)) == kinds
    for nonsense in ("2026-13-45T00:00:00Z", "2026-11-22T00:00:00"):
        assert judge(signed(1, at=nonsense).entries, withdrawn) == []


def test_after_a_signed_entry_none_may_be_without() -> None:
    plain, later = signed(2, None).entries, signed(3).entries
    bare = {name: value for name, value in later[2].items() if name not in ("kid", "sig")}
    assert judge(plain) == []
    assert judge([*plain, later[2]]) == []
    assert judge([later[0], later[1], bare]) == [("ledger_unsigned", 3)]
    assert judge([bare], signed_from=2) == [("ledger_unsigned", 3)]


@pytest.mark.anyio
async def test_incidents_are_opened_and_everything_is_stored(counter: Counter) -> None:
    await counter.open()
    async with counter.open_books() as books:
        await books.till_keys.save(till_key(ONE))
        await books.commit()
    ledger = signed(2, None)
    ledger.key = ONE
    ledger.write("note", {})
    ledger.key = TWO
    ledger.write("note", {})
    ledger.key = None
    ledger.write("note", {})
    for first in range(5):  # one at a time: what went before is remembered
        await counter.accept_ledger(counter.caller, 2, ledger.entries[first : first + 1])
    assert (await counter.accept_ledger(counter.caller, 2, ledger.entries)).head.seq == 5
    async with counter.open_books() as books:
        assert await books.ledger.signed_from("till", 2) == 3
        assert await books.ledger.signed_from("other", 2) is None
        by = [await books.audit.acknowledge(f"till:{kind}:2:{seq}", BY, START) for kind, seq in ODD]
    assert by == [True, True, False]


ODD = (("ledger_unknown_key", 4), ("ledger_unsigned", 5), ("ledger_bad_signature", 3))


@pytest.mark.anyio
async def test_the_keys_of_an_epoch_that_ended_are_kept(counter: Counter) -> None:
    await counter.open()
    issue = IssueTicket(counter.open_books, counter.clock, counter.ids, DAY)
    enrol = EnrolTill(counter.open_books, counter.clock, counter.ids)
    first = (await enrol(await issue("shop", "Front"), NewTill("", public(ONE), b"2" * 32, "a"))).till
    counter.clock.pass_by(days=3)
    renewed = await enrol(
        await issue("shop", "Front", renew=first.code), NewTill("", public(TWO), b"2" * 32, "b")
    )
    (_, keys) = next(each for each in await ListTills(counter.peek_books)("shop") if each[0].id == first.id)
    now = counter.clock.now()
    assert [(key.public_key, key.epoch, key.not_after) for key in keys] == [
        (public(ONE), 1, now),
        (public(TWO), 2, None),
    ]
    assert renewed.till.epoch == 2
    async with counter.peek_books() as books:
        assert (await books.till_keys.find(first.id)).key.public_key == public(TWO)
    ledger = TillLedger(first.id, 1, key=ONE)
    ledger.write("note", {}, at=(now - DAY).isoformat())
    caller = replace(counter.caller, till_id=first.id)
    await counter.accept_ledger(caller, 2, ledger.entries)
    async with counter.open_books() as books:
        assert not await books.audit.acknowledge(f"{first.id}:ledger_unknown_key:1:1", BY, now)
    assert len(from_base64url(ledger.entries[0]["sig"], 64)) == 64
