"""The vault's keys are changed, cut off anywhere, beside a server that does not know of it."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.errors import Damaged, KeyChanged, StoreTrouble
from platform_server.flows.rotate_keys import RotateKeys, Rotation
from platform_server.store.key_ring import StoredKeyRing
from platform_server.store.keys import KeyCabinet, KeyPlaces, load_or_make_keys, read_outside
from platform_server.store.sqlite_file import connect
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.vault import AesVault, name_kek
from tests.fakes.platform_goods import CARD, OTHER, lot
from tests.server.conftest import KEY, Counter

pytestmark = pytest.mark.anyio


class Cut(Exception):
    """The power went."""


class MemoryRing:
    """Keys in memory; those of `outside` cannot be forgotten here."""

    def __init__(self, *keks: bytes, outside: Sequence[bytes] = ()) -> None:
        self.here, self.outside, self.made = list(keks), list(outside), 100

    def keks(self) -> tuple[bytes, ...]:
        return (*self.outside, *self.here)

    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name_kek(kek) for kek in self.keks()))

    def renew(self) -> str:
        if self.outside:
            raise StoreTrouble("put a new key first")
        self.made += 1
        self.here.insert(0, bytes([self.made]) * 32)
        return self.ids()[0]

    def retire(self, kek_id: str) -> bool:
        self.here = [kek for kek in self.here if name_kek(kek) != kek_id]
        return kek_id not in self.ids()


class Safe:
    """A stocked platform and whoever rotates its keys."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.ring = MemoryRing(b"k" * 32)
        counter.vault = self.vault()  # the running server's

    def vault(self) -> AesVault:
        return AesVault(b"k" * 32, b"f" * 32, self.ring.keks)

    def flow(self) -> RotateKeys:
        counter = self.counter
        return RotateKeys(counter.open_books, counter.peek_books, self.vault(), self.ring)

    async def rotate(self, is_deep: bool = False, cut_after: int | None = None) -> Rotation:
        told: list[Rotation] = []

        async def tell(done: Rotation) -> None:
            told.append(done)
            if len(told) == cut_after:
                raise Cut

        return await self.flow()(is_deep, tell)

    async def boxes(self) -> dict[str, tuple[int, bytes, str, bytes]]:
        """Version, box, name of the wrapping key and wrapped key of each card."""
        async with self.counter.open_books() as books:
            await books.cards.allocate(CARD, 10_000, "r", "1", self.counter.clock.now())
            boxed = await books.cards.boxed("r")
        return {
            card.label.card_id: (card.label.version, card.box, card.batch_key.kek_id, card.batch_key.wrapped)
            for card in boxed
        }

    async def all_open(self, count: int) -> None:
        async with self.counter.open_books() as books:
            await books.cards.allocate(CARD, 10_000, "r", "1", self.counter.clock.now())
            boxed = await books.cards.boxed("r")
        opened = {self.counter.vault.open(card.batch_key, card.label, card.box).pin for card in boxed}
        assert len(opened) == count


@pytest.fixture
async def safe(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Safe:
    monkeypatch.setattr("platform_server.flows.rotate_keys._KEYS_AT_ONCE", 2)
    monkeypatch.setattr("platform_server.flows.rotate_keys._CARDS_AT_ONCE", 2)
    await counter.open(cards=0)
    made = Safe(counter)
    await counter.import_codes([lot(3, start=10 * i) for i in range(5)])
    return made


async def test_a_rotation_rewraps_every_batch_and_forgets_the_old_key(safe: Safe) -> None:
    before = await safe.boxes()
    done = await safe.rotate()
    after = await safe.boxes()
    old = name_kek(b"k" * 32)
    assert done == Rotation(done.kek_id, is_new=True, rewrapped=5, retired=(old,))
    assert safe.ring.ids() == (done.kek_id,)
    assert {kek_id for _, _, kek_id, _ in after.values()} == {done.kek_id}
    assert [entry[:2] for entry in after.values()] == [entry[:2] for entry in before.values()]
    await safe.all_open(15)  # by the server that began with the old key
    second = await safe.rotate()
    assert (second.is_new, second.retired) == (True, (done.kek_id,))


async def test_deep_renews_the_keys_of_batches_and_shuts_every_card_again(safe: Safe) -> None:
    before = await safe.boxes()
    done = await safe.rotate(is_deep=True)
    after = await safe.boxes()
    assert (done.rewrapped, done.shut_again) == (5, 15)
    assert {version for version, *_ in after.values()} == {2}
    assert not {box for _, box, *_ in before.values()} & {box for _, box, *_ in after.values()}
    await safe.all_open(15)
    async with safe.counter.peek_books() as books:
        assert await books.keys.outgrown(9) == ()  # no older data key is left
        assert not await books.keys.wants_deep(done.kek_id)
    await safe.counter.import_codes([lot(1, start=90)])
    assert (await safe.rotate()).is_new


@pytest.mark.parametrize("is_deep", [False, True])
async def test_cut_off_anywhere_it_goes_on_from_there(safe: Safe, is_deep: bool) -> None:
    with pytest.raises(Cut):
        await safe.rotate(is_deep, cut_after=1)
    new, old = safe.ring.ids()
    await safe.all_open(15)
    cuts = 1
    while True:
        try:
            done = await safe.rotate(is_deep, cut_after=1)
        except Cut:
            cuts += 1
            await safe.all_open(15)
            continue
        break
    assert (done.kek_id, done.is_new) == (new, False)
    assert safe.ring.ids() == (new,)
    assert old not in safe.ring.ids()
    assert cuts == (3 if not is_deep else 13)  # two keys a commit; then two cards a commit, batch by batch
    await safe.all_open(15)
    await safe.counter.check()


async def test_cut_off_before_the_books_knew_of_the_new_key(safe: Safe) -> None:
    new = safe.ring.renew()
    done = await safe.rotate()
    assert (done.kek_id, done.is_new, done.rewrapped) == (new, False, 5)


async def test_cut_off_between_the_commit_and_the_key_file(safe: Safe) -> None:
    new = safe.ring.renew()
    old = safe.ring.ids()[1]
    vault = safe.vault()
    async with safe.counter.open_books() as books:
        assert not await books.keys.retire(old)  # five batches need it
        for key in await books.keys.wrapped_elsewhere(new, 9):
            assert await books.keys.rewrap(key, vault.rewrap(key))
            assert not await books.keys.rewrap(key, vault.rewrap(key))
        assert await books.keys.retire(old)
        await books.commit()
    done = await safe.rotate()
    assert (done.rewrapped, done.retired, done.is_new) == (0, (old,), False)


async def test_a_server_that_knows_only_the_old_key_brings_no_batch_under_it(safe: Safe) -> None:
    """Its keys would open nothing once the old key is gone: the commit refuses them, and it learns."""
    await safe.rotate()
    with pytest.raises(KeyChanged):
        await safe.counter.import_codes([lot(1, start=70)])
    (report,) = await safe.counter.import_codes([lot(1, start=70)])
    assert report.imported == 1
    await safe.all_open(16)


async def test_a_batch_that_comes_under_the_old_key_at_the_last_moment_is_rewrapped(safe: Safe) -> None:
    flow = safe.flow()
    left = 1

    @asynccontextmanager
    async def open_books() -> AsyncIterator[Any]:
        nonlocal left
        async with safe.counter.open_books() as books:
            retire = books.keys.retire

            async def too_late(kek_id: str) -> bool:
                nonlocal left
                if not left:
                    return bool(await retire(kek_id))
                left = 0
                return False

            books.keys.retire = too_late
            yield books
        if not left and late:
            await safe.counter.import_codes(late.pop())

    late = [[lot(1, start=80)]]

    async def tell(done: Rotation) -> None:
        pass

    done = await replace(flow, open_books=open_books)(False, tell)
    assert (done.rewrapped, len(done.retired)) == (6, 1)
    await safe.all_open(16)


async def test_keys_from_outside_are_not_ours_to_make_or_forget(safe: Safe) -> None:
    safe.ring = MemoryRing(outside=[b"k" * 32])
    with pytest.raises(StoreTrouble, match="first"):
        await safe.rotate()
    old, new = b"k" * 32, b"n" * 32
    safe.ring = MemoryRing(outside=[new, old])
    done = await safe.rotate()
    assert (done.kek_id, done.is_new, done.rewrapped) == (name_kek(new), False, 5)
    assert (done.retired, done.left_outside) == ((), (name_kek(old),))
    safe.ring = MemoryRing(outside=[new])
    safe.counter.vault = safe.vault()
    await safe.all_open(15)
    safe.ring = MemoryRing(outside=[b"other" + bytes(27)])
    with pytest.raises(ValueError, match="is not here"):
        await safe.rotate()


def places(tmp_path: Path, outside: str = "") -> KeyPlaces:
    return KeyPlaces(tmp_path / "keys", tmp_path / "user", outside=outside)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "platform"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("only_keyring", [False, True])
def test_a_ring_in_its_place(tmp_path: Path, data: Path, only_keyring: bool) -> None:
    where = replace(places(tmp_path), only=None) if only_keyring else places(tmp_path)
    made = load_or_make_keys(data, where, has_database=False)
    ring = StoredKeyRing(KeyCabinet(data, where))
    assert ring.keks() == (made.kek,)
    new = ring.renew()
    assert ring.ids() == (new, name_kek(made.kek))
    both = load_or_make_keys(data, where, has_database=True)
    assert (name_kek(both.kek), both.older_keks, both.platform) == (new, (made.kek,), made.platform)
    assert ring.retire(name_kek(made.kek))
    assert ring.retire("never heard of")
    assert load_or_make_keys(data, where, has_database=True).older_keks == ()
    files = list((tmp_path / "keys").glob("*")) if (tmp_path / "keys").exists() else []
    assert len(files) == (0 if only_keyring else 1)
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)


def test_a_keyring_that_does_not_take_a_key_changes_nothing(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    where = replace(places(tmp_path), only=None)
    made = load_or_make_keys(data, where, has_database=False)
    monkeypatch.setattr(keyring, "set_password", lambda *_: None)
    with pytest.raises(StoreTrouble, match="did not take"):
        StoredKeyRing(KeyCabinet(data, where)).renew()
    assert load_or_make_keys(data, where, has_database=True) == made


def test_keys_from_the_environment_are_never_written_down(tmp_path: Path, data: Path) -> None:
    first, second = base64.b64encode(b"\xff" * 32).decode(), base64.urlsafe_b64encode(b"\xfe" * 32).decode()
    made = load_or_make_keys(data, places(tmp_path, first), has_database=False)
    (file,) = (tmp_path / "keys").iterdir()
    assert made.kek == b"\xff" * 32
    assert set(json.loads(file.read_text())) == {"database", "platform", "fingerprint"}
    both = load_or_make_keys(data, places(tmp_path, f"{second.rstrip('=')}, {first}"), has_database=True)
    assert (both.kek, both.older_keks) == (b"\xfe" * 32, (b"\xff" * 32,))
    with pytest.raises(Damaged, match="POS_PLATFORM_KEK"):
        load_or_make_keys(data, places(tmp_path), has_database=True)
    ring = StoredKeyRing(KeyCabinet(data, places(tmp_path, first)))
    with pytest.raises(StoreTrouble, match="first in POS_PLATFORM_KEK"):
        ring.renew()
    assert not ring.retire(name_kek(b"\xff" * 32))
    for wrong in ("short", "!" * 44, base64.b64encode(bytes(31)).decode()):
        with pytest.raises(StoreTrouble, match="32 bytes") as caught:
            read_outside(wrong)
        assert wrong not in str(caught.value)
    assert first not in repr(places(tmp_path, first))


def test_from_a_file_to_the_environment(tmp_path: Path, data: Path) -> None:
    made = load_or_make_keys(data, places(tmp_path), has_database=False)
    outside = base64.b64encode(b"o" * 32).decode()
    ring = StoredKeyRing(KeyCabinet(data, places(tmp_path, outside)))
    assert ring.ids() == (name_kek(b"o" * 32), name_kek(made.kek))
    assert ring.retire(name_kek(made.kek))
    assert ring.keks() == (b"o" * 32,)
    (file,) = (tmp_path / "keys").iterdir()
    for broken in ({"older_keks": ["x"]}, {"kek": 7}):
        file.write_text(json.dumps({**json.loads(file.read_text()), **broken}))
        with pytest.raises(Damaged, match="damaged"):
            ring.keks()
    file.write_text("[")
    with pytest.raises(Damaged, match="damaged"):
        ring.keks()


def test_a_key_file_that_is_not_kept_is_noticed(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_or_make_keys(data, places(tmp_path), has_database=False)
    monkeypatch.setattr("platform_server.store.keys.write_private", lambda *_: None)
    with pytest.raises(StoreTrouble, match="not kept"):
        StoredKeyRing(KeyCabinet(data, places(tmp_path))).renew()


SWAPS: list[Callable[[list[str]], str]] = [
    lambda ids: f"UPDATE cards SET box = (SELECT box FROM cards WHERE id = '{ids[1]}') WHERE id = '{ids[0]}'",
    lambda ids: "UPDATE batches SET face_minor = face_minor * 10",
    lambda ids: "UPDATE batches SET currency = 'USD'",
    lambda ids: f"UPDATE cards SET product_id = '{OTHER}'",
    lambda ids: "UPDATE batch_keys SET wrapped_key = (SELECT max(wrapped_key) FROM batch_keys)",
    lambda ids: "UPDATE batch_keys SET kek_id = 'another'",
    lambda ids: "DELETE FROM batch_keys",
    lambda ids: "UPDATE cards SET batch_id = (SELECT max(id) FROM batches)",
    lambda ids: "UPDATE cards SET version = 2",
]


@pytest.mark.parametrize("swap", SWAPS, ids=range(len(SWAPS)))
async def test_a_box_in_another_row_does_not_open(
    sql_store: SqliteStore, tmp_path: Path, swap: Callable[[list[str]], str]
) -> None:
    counter = Counter(sql_store.open_books, sql_store.peek_books)
    await counter.open(cards=0)
    await counter.import_codes([lot(2), lot(1, start=50)])
    async with counter.open_books() as books:
        held = await books.cards.allocate(CARD, 3, "r", "1", counter.clock.now())
        await books.commit()
    raw = connect(tmp_path / "platform.db", KEY)
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute(swap([card.card_id for card in held]))
    raw.close()
    async with counter.peek_books() as books:
        boxed = await books.cards.boxed("r")
    assert len(boxed) == 3
    failures = 0
    for card in boxed:
        try:
            counter.vault.open(card.batch_key, card.label, card.box)
        except ValueError:
            failures += 1
    assert failures >= 1


async def test_what_expires_first_is_sold_first_and_nothing_that_expires_in_the_meantime(
    counter: Counter,
) -> None:
    await counter.open(cards=0)
    now = counter.clock.now()
    ends = {
        10: None,
        20: now + timedelta(days=30),
        30: now + timedelta(minutes=9),
        40: now + timedelta(days=2),
    }
    await counter.import_codes([lot(1, start=start, until=until) for start, until in ends.items()])
    assert await counter.stock() == 4
    sold = await counter.reserve("a", counter.line(quantity=2))
    masked = [card.masked for card in sold.cards]
    assert sorted(masked) == ["****0020", "****0040"]  # 0030 expires before the reservation does
    await counter.cancel("a")
    first = await counter.reserve("b")
    assert [card.masked for card in first.cards] == ["****0040"]
    counter.clock.pass_by(minutes=9)
    assert await counter.sweep() >= 1
    assert await counter.stock() == 2  # the one that expired is off the shelf
    counter.clock.pass_by(days=40)
    await counter.sweep()
    assert await counter.stock() == 1
    last = await counter.reserve("c")
    assert [card.masked for card in last.cards] == ["****0010"]
    await counter.check()


async def test_a_card_that_expires_between_reserve_and_a_late_confirm_is_not_handed_over(
    counter: Counter,
) -> None:
    await counter.open(cards=0)
    until = counter.clock.now() + timedelta(minutes=12)
    await counter.import_codes([lot(1, until=until), lot(1, start=5)])
    held = await counter.reserve("a")
    assert [card.masked for card in held.cards] == ["****0000"]
    counter.clock.pass_by(minutes=11)
    await counter.sweep()
    await counter.confirm("a")
    assert [card.masked for card in (await counter.read("a")).cards] == ["****0005"]
