"""Room on the disk, the look at the start, and backups of closed shifts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.backup import BackupKind
from pos_app.domain.disk import BALLAST_BYTES, LEAST_ROOM_BYTES, LITTLE_ROOM_BYTES
from pos_app.domain.errors import DatabaseDamaged, DiskNearlyFull, DiskTrouble
from pos_app.domain.money import Money
from pos_app.domain.sale import SaleState
from pos_app.domain.shift import CashCount
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import basket, paid, run_out

FULL = DiskTrouble(path="backups", cause="full")


def close_shift(fake: FakeShop) -> None:
    fake.shop.close_shift(fake.cashier, CashCount((), Money(10_000)))


# --- room ---


def test_plenty_of_room_says_nothing_and_lays_a_ballast(fake: FakeShop) -> None:
    state = fake.shop.mind_files()
    assert not state.has_little_room
    assert not state.has_no_room_to_sell
    assert (state.trouble, state.unsaved, state.newest) == (None, False, None)
    assert fake.files.disk.has_ballast
    assert fake.files.books.checkpoints == 1


def test_little_room_is_said_and_selling_goes_on(fake: FakeShop) -> None:
    fake.files.disk.room = LITTLE_ROOM_BYTES - 1
    state = fake.shop.mind_files()
    assert state.has_little_room
    assert not state.has_no_room_to_sell
    assert run_out(fake, paid(fake)).sale.state is SaleState.DONE


def test_without_room_nothing_new_begins_and_what_was_begun_ends(fake: FakeShop) -> None:
    begun = paid(fake)
    reserved = fake.shop.reserve(fake.cashier, basket(fake))
    fake.files.disk.room = LEAST_ROOM_BYTES - 1
    assert fake.shop.mind_files().has_no_room_to_sell
    commits = fake.till.commits
    with pytest.raises(DiskNearlyFull) as caught:
        fake.shop.reserve(fake.cashier, basket(fake))
    assert caught.value.free_mb == 199
    assert fake.till.commits == commits
    assert run_out(fake, begun).sale.state is SaleState.DONE
    fake.shop.cancel_sale(fake.cashier, reserved.id, "customer left")
    assert run_out(fake, reserved).sale.state is SaleState.CANCELLED


def test_the_ballast_goes_before_the_disk_is_full_and_comes_back_with_the_room(fake: FakeShop) -> None:
    disk = fake.files.disk
    fake.shop.mind_files()
    disk.room = BALLAST_BYTES - 1
    assert fake.shop.mind_files().free_bytes == 2 * BALLAST_BYTES - 1
    assert not disk.has_ballast
    disk.room = LEAST_ROOM_BYTES + 2 * BALLAST_BYTES - 1
    fake.shop.mind_files()
    assert not disk.has_ballast
    disk.room += 1
    fake.shop.mind_files()
    assert disk.has_ballast
    fake.shop.mind_files()
    assert disk.room == LEAST_ROOM_BYTES + BALLAST_BYTES


def test_nothing_can_be_read_and_it_is_said_all_the_same(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.files.books.shut("torn")
    monkeypatch.setattr(type(fake.till.pages), "copy", _torn)
    state = fake.shop.mind_files()
    assert isinstance(state.trouble, DatabaseDamaged)
    assert not state.unsaved


def _torn(_: object) -> None:
    raise DatabaseDamaged(path="books", found="torn")


def test_a_disk_that_does_not_say_is_no_reason_to_stop_looking(fake: FakeShop) -> None:
    fake.files.disk.trouble = DiskTrouble(path="x", cause="broken")
    state = fake.shop.mind_files()
    assert state.free_bytes is None
    assert not state.has_little_room
    assert not state.has_no_room_to_sell


# --- the look at the start ---


def test_a_sound_file_stays_open(fake: FakeShop) -> None:
    assert fake.shop.check_books() == fake.shop.check_books.whole() == []
    assert fake.files.books.broken is None


def test_what_is_found_shuts_the_file_and_reading_goes_on(fake: FakeShop) -> None:
    for where, look in (
        (fake.inspector.recent, fake.shop.check_books),
        (fake.inspector.troubles, fake.shop.check_books.whole),
    ):
        where.append("page 3 is torn")
        assert look() == ["page 3 is torn"]
    trouble = fake.shop.mind_files().trouble
    assert isinstance(trouble, DatabaseDamaged)
    assert trouble.found == "page 3 is torn"
    with pytest.raises(DatabaseDamaged):
        fake.shop.reserve(fake.cashier, basket(fake))
    assert fake.shop.look_up.people()


def test_an_entry_that_this_till_did_not_sign_shuts_the_file(fake: FakeShop) -> None:
    paid(fake)
    key, entry = next(reversed(fake.till.pages.ledger.items()))
    assert entry.sig is not None
    fake.till.pages.ledger[key] = replace(entry, kid=None, sig=None)
    assert list(fake.shop.check_books()) == [f"Entry {entry.seq} of the ledger is not signed by this till."]
    assert fake.files.books.broken is not None


def test_a_till_that_closes_waits_for_no_look(fake: FakeShop) -> None:
    fake.shop.mind_files.hurry()
    assert fake.files.books.hurried == 1


# --- backups ---


def test_a_closed_shift_has_its_backup_once(fake: FakeShop) -> None:
    assert fake.shop.back_up.if_due() is None
    paid(fake)
    close_shift(fake)
    assert fake.shop.mind_files().unsaved
    made = fake.shop.back_up.if_due()
    assert made is not None
    assert (made.kind, made.receipt) == (BackupKind.CLOSING, "T1-000001")
    state = fake.shop.mind_files()
    assert not state.unsaved
    assert state.newest == made
    assert fake.shop.back_up.if_due() is None
    assert fake.shop.back_up.all() == (made,)


def test_a_backup_that_failed_is_still_due_and_stops_no_shift(fake: FakeShop) -> None:
    close_shift(fake)
    fake.files.backups.fail = FULL
    with pytest.raises(DiskTrouble):
        fake.shop.back_up.if_due()
    assert fake.shop.mind_files().unsaved
    fake.files.backups.fail = None
    assert fake.shop.mind_files().unsaved
    fake.shop.open_shift(fake.cashier, Money(0))
    fake.restarted()
    assert fake.shop.back_up.if_due() is not None


def test_the_doctor_tells_of_the_newest(fake: FakeShop) -> None:
    def told() -> tuple[bool, str]:
        finding = next(each for each in fake.shop.doctor() if each.invariant == "backups")
        return finding.holds, finding.seen

    assert told() == (True, "0 that were looked over")
    fake.shop.back_up()
    assert told() == (True, "1 that were looked over, the newest of 2026-11-22 04:00 UTC")
    fake.files.backups.fail = FULL
    assert told() == (False, "they cannot be listed: DiskTrouble")


def test_the_old_ones_go_when_a_new_one_is_there(fake: FakeShop) -> None:
    for _ in range(20):
        fake.clock.advance(timedelta(days=1))
        fake.shop.back_up()
    kept = fake.shop.back_up.all()
    assert [each.at for each in kept] == [fake.clock.now() - timedelta(days=day) for day in range(14)]
    assert {each.kind for each in kept} == {BackupKind.HAND}
