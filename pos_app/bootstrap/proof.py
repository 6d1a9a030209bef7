"""What leaves a till for whoever checks it: its ledger as lines, and its public keys; nothing of it is secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.errors import DiskTrouble
from pos_app.domain.ledger import canonical, time_text
from pos_app.domain.signature import packed
from pos_app.places import Places, disk_cause

if TYPE_CHECKING:
    from pos_app.store.books import TillBooks
    from pos_app.store.signer import TillSigner

_AT_ONCE = 1_000
# A till trusts exactly one platform key, and its number is the first.
_PLATFORM_KEYID = "platform-1"


def write_ledger(where: Places, keys_dir: Path | None, out: Path) -> int:
    """Every entry of every epoch, then the points of the platform's log, a line each; how many lines.

    The file gets its name when it is whole; DiskTrouble when it cannot be written.
    """
    lines = 0
    half = out.with_name(out.name + ".half")
    with _books(where, keys_dir) as (books, _):
        try:
            with half.open("wb") as file:
                for line in _lines(books):
                    file.write(line + b"\n")
                    lines += 1
            half.replace(out)
        except OSError as error:
            raise DiskTrouble(path=str(out), cause=disk_cause(error)) from error
    return lines


def public_keys(where: Places, keys_dir: Path | None) -> dict[str, Any]:
    """This till's part of a keys file (`docs/receipt-format.md` 4); NotEnrolled before it belongs to a platform."""
    with _books(where, keys_dir) as (books, signer), books.open_to_read() as opened:
        who = opened.till.enrolment()
        key = {"kid": signer.kid, "key": packed(signer.public_key), "until": None, "revoked_at": None}
        epochs = sorted({*opened.ledger.epochs(), who.epoch})
        begins = {epoch: _first_signed(opened, epoch) for epoch in epochs}
    used = [epoch for epoch in epochs if begins[epoch] is not None or epoch == who.epoch]
    keys = [{**key, "epoch": epoch, "from": begins[epoch]} for epoch in used]
    till = {"till": who.till_id, "till_code": who.till_code, "keys": keys}
    platform = {"keyid": _PLATFORM_KEYID, "key": who.platform_key}
    return {"shops": [{"shop": who.shop_id, "tills": [till], "platform_keys": [platform]}]}


def _lines(books: TillBooks) -> Iterator[bytes]:
    with books.open_to_read() as opened:
        for epoch in opened.ledger.epochs():
            seq = 0
            while entries := opened.ledger.of_epoch(epoch, seq, _AT_ONCE):
                yield from (canonical(entry.as_wire()) for entry in entries)
                seq = entries[-1].seq
        for point in opened.ledger.points():
            yield canonical({"checkpoint": json.loads(point.told)})


def _first_signed(opened: Any, epoch: int) -> str | None:
    seq = 0
    while entries := opened.ledger.of_epoch(epoch, seq, _AT_ONCE):
        for entry in entries:
            if entry.sig is not None:
                return time_text(entry.at)
        seq = entries[-1].seq
    return None


@contextmanager
def _books(where: Places, keys_dir: Path | None) -> Iterator[tuple[TillBooks, TillSigner]]:
    from pos_app.store.books import TillBooks
    from pos_app.store.keys import load_keys
    from pos_app.store.lock import TillLock
    from pos_app.store.signer import TillSigner
    from pos_app.wire.system_clock import SystemClock

    lock = TillLock(where.till)
    try:
        keys = load_keys(where.till, where.keys, use_keyring=keys_dir is None)
        signer, hour = TillSigner(keys.sign_key), TillSettings(where).now().day_change_hour
        books = TillBooks(where.till, keys.database_key, SystemClock().local, hour, signer=signer)
        try:
            yield books, signer
        finally:
            books.close()
    finally:
        lock.release()
