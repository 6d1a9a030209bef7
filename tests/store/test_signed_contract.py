"""What every kind of books promises about signatures: each entry is signed where it is appended, each receipt is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos_app.domain.ledger import LedgerEntry, LedgerHead, first_bad_signature, first_break
from pos_app.domain.money import Money
from pos_app.domain.signed_receipt import ReceiptFacts, ReceiptType, SignedReceipt, signing_input
from pos_app.ports.books import Books
from tests.fakes.till_signer import fake_signer
from tests.store.till_world import DAY, ENROLMENT, NOON, World

SIGNER = fake_signer()
DIGEST = "0123456789abcdef" * 2


def facts(number: str, turnover: int, kind: ReceiptType = ReceiptType.SALE) -> ReceiptFacts:
    return ReceiptFacts("shop", "till", number, NOON, kind, Money(1_000), 1, turnover, DIGEST, ("card",))


def test_every_entry_is_signed_and_its_signature_is_chained(world: World) -> None:
    made = world.write(lambda books: [books.ledger.append("kind", NOON, DAY, {"n": n}) for n in range(3)])
    entries = world.read(lambda books: books.ledger.after(0, 10))
    assert entries == tuple(made)
    assert {entry.kid for entry in entries} == {SIGNER.kid}
    assert first_bad_signature(entries, SIGNER.holds, False) is None
    assert world.read(lambda books: books.ledger.first_bad_signature(0)) is None
    resigned = replace(entries[0], sig=SIGNER.sign(b"something else"))
    assert first_break((resigned, *entries[1:]), LedgerHead()) == 2
    assert first_bad_signature((resigned, *entries[1:]), SIGNER.holds, False) == 1


def test_ledgers_of_former_epochs_are_read_by_their_number(world: World) -> None:
    world.write(lambda books: books.ledger.append("first", NOON, DAY, {}))
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=3)))
    world.write(lambda books: books.ledger.append("third", NOON, DAY, {}))
    assert world.read(lambda books: books.ledger.epochs()) == (1, 3)
    (first,) = world.read(lambda books: books.ledger.of_epoch(1, 0, 9))
    (third,) = world.read(lambda books: books.ledger.of_epoch(3, 0, 9))
    assert (first.body, third.body) == ({}, {"before": {"epoch": 1, "seq": 1, "head": first.digest}})
    assert [entry.kind for entry in world.read(lambda books: books.ledger.of_epoch(1, 0, 9))] == ["first"]
    assert world.read(lambda books: books.ledger.of_epoch(1, 1, 9)) == ()
    assert [entry.kind for entry in world.read(lambda books: books.ledger.after(0, 9))] == ["third"]


def test_what_is_read_back_is_kept_where_it_continues_the_chain(world: World) -> None:
    made = world.write(lambda books: [books.ledger.append("kind", NOON, DAY, {"n": n}) for n in range(2)])
    third = LedgerEntry("till", 1, 3, made[1].digest, NOON, DAY, "kind", {"n": 3}, "k", "s")
    fifth = replace(third, seq=5, prev=third.digest)
    other = replace(made[1], kind="other")
    first = LedgerEntry("till", 2, 1, "0" * 32, NOON, DAY, "kind", {}, "k", "s")
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=3)))
    world.write(lambda books: books.ledger.keep_copy((other, third, fifth, first)))
    assert world.read(lambda books: books.ledger.of_epoch(1, 0, 9)) == (*made, third)
    assert world.read(lambda books: books.ledger.of_epoch(2, 0, 9)) == (first,)
    begun = world.write(lambda books: books.ledger.append("epoch_begun", NOON, DAY, {}))
    assert begun.body["before"] == {"epoch": 2, "seq": 1, "head": first.digest}


def test_the_entry_that_made_a_sale_paid_is_found(world: World) -> None:
    def append(kind: str, sale_id: str) -> str:
        entry = world.write(lambda books: books.ledger.append(kind, NOON, DAY, {"sale_id": sale_id}))
        return str(entry.digest)

    digest = append("sale_paid", "sale-1")
    append("sale_confirmed", "sale-1")
    append("sale_paid", "sale-11")
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=2)))
    append("sale_confirmed", "sale-2")
    assert world.read(lambda books: books.ledger.digest_of_sale("sale-1")) == digest
    with pytest.raises(KeyError):
        world.read(lambda books: books.ledger.digest_of_sale("sale-2"))


def test_a_receipt_is_signed_once_and_kept_word_for_word(world: World) -> None:
    assert world.read(lambda books: books.receipts.turnover()) == 0
    first = world.write(lambda books: books.receipts.sign(facts("000001", 1_000), "sale-1"))
    back = world.write(
        lambda books: books.receipts.sign(facts("000001-1", 1_000, ReceiptType.WHOLE), "sale-1")
    )
    text, _, signature = first.text.rpartition(".")
    assert text == facts("000001", 1_000).text(SIGNER.kid)
    assert SIGNER.holds(SIGNER.kid, signing_input(text), signature)
    assert world.read(lambda books: books.receipts.of("sale-1")) == (first, back)
    assert world.read(lambda books: books.receipts.of("sale-2")) == ()
    assert world.read(lambda books: books.receipts.all()) == (first, back)
    assert world.read(lambda books: books.receipts.turnover()) == 1_000
    with pytest.raises(ValueError, match="before"):
        world.write(lambda books: books.receipts.sign(facts("000001", 5_000), "sale-2"))
    assert (first.at, first.amount) == (NOON, Money(1_000))


def test_receipts_that_are_read_back_change_nothing_that_is_here(world: World) -> None:
    receipt = SignedReceipt("000009", ReceiptType.SALE, "sale-9", 9_000, "K1.text")
    assert world.write(lambda books: books.receipts.keep(receipt))
    assert not world.write(lambda books: books.receipts.keep(replace(receipt, turnover=1, text="K1.other")))
    assert world.read(lambda books: books.receipts.of("sale-9")) == (receipt,)
    assert world.read(lambda books: books.receipts.turnover()) == 9_000


def signing(zero: ReceiptFacts) -> Callable[[Books], object]:
    return lambda books: books.receipts.sign(zero, "shift")


def test_zero_receipts_are_counted(world: World) -> None:
    assert world.read(lambda books: books.receipts.zeros()) == 0
    for number in ("Z000001", "Z000002"):
        world.write(signing(facts(number, 0, ReceiptType.ZERO)))
    world.write(lambda books: books.receipts.sign(facts("000001", 1_000), "sale"))
    assert world.read(lambda books: books.receipts.zeros()) == 2
