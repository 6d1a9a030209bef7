"""Keeps the keys of a store away from its data: in the system's keyring, or in a file of its own place."""

from __future__ import annotations

import json
import logging
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.domain.tills import from_base64url, to_base64url
from platform_server.store.ground import sync_folder

log = logging.getLogger(__name__)
_T = TypeVar("_T")
_SERVICE = "card-counter-platform"
_KEYRING_WAIT_S = 5.0  # a desktop may ask its user; a server must not wait for that
_PARTS = ("database", "platform", "fingerprint")
_KEK, _OLDER = "kek", "older_keks"
_TO_URL = str.maketrans("+/", "-_")


@dataclass(frozen=True, slots=True, repr=False)
class StoreKeys:
    """32 random bytes each: opens the file; wraps the batches' keys; signs replies; marks codes.

    `older_keks` wrap batches too, until a rotation has rewrapped them.
    """

    database: bytes
    kek: bytes
    platform: bytes
    fingerprint: bytes
    older_keks: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "StoreKeys(***)"

    def all_keks(self) -> tuple[bytes, ...]:
        """The newest first."""
        return (self.kek, *self.older_keks)


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Where keys may lie: only in `only` if that is given, else in the keyring or in `user_folder`.

    `outside` is what POS_PLATFORM_KEK says: key-encryption keys that come first and are never written down.
    """

    only: Path | None
    user_folder: Path
    is_keyring_allowed: bool = True
    outside: str = field(default="", repr=False)


class KeyCabinet:
    """The keys of the store in `data`, in their place. Blocks (disk, keyring): call it off the event loop.

    Raises StoreTrouble with what to do.
    """

    def __init__(self, data: Path, places: KeyPlaces) -> None:
        folder = places.only or places.user_folder
        if folder.resolve().is_relative_to(data.resolve().parent):
            raise StoreTrouble("The keys may not lie inside the data folder; name another place with --keys.")
        self._store_id = _store_id(data)
        self._path = folder / f"{self._store_id}.platform.json"
        self._has_keyring = places.only is None and places.is_keyring_allowed
        self.outside = read_outside(places.outside)

    def load(self) -> StoreKeys | None:
        """None if there are none yet."""
        stored = self.read()
        return None if stored is None else self._keys_of(stored)

    def make(self) -> StoreKeys:
        """New keys of a new store."""
        names = _PARTS if self.outside else (*_PARTS, _KEK)
        made = {name: to_base64url(secrets.token_bytes(32)) for name in names}
        self._put(json.dumps(made))
        return self._keys_of(made)

    def take_out(self) -> str:
        """All that lies there, as one text to be guarded like the keys. Raises Damaged if nothing does."""
        stored = self.read()
        if stored is None:
            raise self.missing()
        return json.dumps(stored)

    def read_brought(self, text: str) -> StoreKeys:
        """The keys of a text that `take_out` made; nothing is kept. Raises Damaged."""
        try:
            return self._keys_of(dict(json.loads(text)))
        except (ValueError, TypeError):
            raise self._is_damaged() from None

    def bring_in(self, text: str) -> None:
        """Lays the keys of `take_out` in their place, whole or not at all; read back before it returns."""
        self.read_brought(text)
        if self._path.exists():
            write_private(self._path, text)
        else:
            self._put(text)
        if self.read() != json.loads(text):
            raise StoreTrouble("The keys were not kept as they were written; nothing else was changed.")

    def _put(self, text: str) -> None:
        if not (self._has_keyring and _to_keyring(self._store_id, text)):
            write_private(self._path, text)

    def missing(self) -> Damaged:
        """For a store whose keys are gone."""
        return Damaged(
            f"The keys of this store are missing; bring back {self._path.name} to {self._path.parent}, "
            "or what store-keys export wrote with store-keys import."
        )

    def keks_here(self) -> list[bytes]:
        """The key-encryption keys that lie here, the first is the newest."""
        return self._keks_of(self.read() or {})

    def put_keks(self, keks: Sequence[bytes]) -> None:
        """Lays other ones in their place, whole or not at all; read back before it returns."""
        stored = {**(self.read() or {}), _KEK: None, _OLDER: [to_base64url(kek) for kek in keks[1:]]}
        if keks:
            stored[_KEK] = to_base64url(keks[0])
        text = json.dumps(stored)
        if self._path.exists():
            write_private(self._path, text)
        elif not _to_keyring(self._store_id, text):
            raise StoreTrouble("The system's keyring did not take the key; nothing was changed.")
        if self.read() != stored:
            raise StoreTrouble("The keys were not kept as they were written; nothing else was changed.")

    def read(self) -> dict[str, Any] | None:
        """What lies there, as it lies there."""
        text = self._path.read_text("ascii") if self._path.exists() else None
        if text is None and self._has_keyring:
            text = _from_keyring(self._store_id)
        if text is None:
            return None
        try:
            return dict(json.loads(text))
        except (ValueError, TypeError):
            raise self._is_damaged() from None

    def _keys_of(self, stored: Mapping[str, Any]) -> StoreKeys:
        try:
            parts = {name: from_base64url(stored[name], 32) for name in _PARTS}
        except (ValueError, KeyError, TypeError):
            raise self._is_damaged() from None
        keks = [*self.outside, *self._keks_of(stored)]
        if not keks:
            raise Damaged("The vault's key is not here; set POS_PLATFORM_KEK as it was.")
        return StoreKeys(kek=keks[0], older_keks=tuple(keks[1:]), **parts)

    def _keks_of(self, stored: Mapping[str, Any]) -> list[bytes]:
        here = [stored[_KEK]] if stored.get(_KEK) else []
        try:
            return [from_base64url(text, 32) for text in [*here, *stored.get(_OLDER, [])]]
        except (ValueError, TypeError):
            raise self._is_damaged() from None

    def _is_damaged(self) -> Damaged:
        return Damaged(f"The key file {self._path.name} is damaged; bring back a copy of it.")


def load_or_make_keys(data: Path, places: KeyPlaces, *, has_database: bool) -> StoreKeys:
    """The keys of the store in `data`; new ones only for a store that has no database yet."""
    cabinet = KeyCabinet(data, places)
    keys = cabinet.load()
    if keys is not None:
        return keys
    if has_database:
        raise cabinet.missing()
    return cabinet.make()


def read_outside(text: str) -> tuple[bytes, ...]:
    """The keys of POS_PLATFORM_KEK: base64 of 32 bytes each, with blanks or commas between. Raises StoreTrouble."""
    keys = []
    for word in text.replace(",", " ").split():
        try:
            keys.append(from_base64url(word.translate(_TO_URL).rstrip("="), 32))
        except ValueError:
            raise StoreTrouble("POS_PLATFORM_KEK is not base64 of 32 bytes; nothing was opened.") from None
    return tuple(keys)


def _store_id(data: Path) -> str:
    path = data / "store_id"
    if not path.exists():
        write_private(path, secrets.token_hex(16))
    return path.read_text("ascii").strip()


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 0600 that is whole or not there, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A name of its own for each writer (mkstemp's files are 0600): servers side by side write the same file at once.
    handle, draft = tempfile.mkstemp(".new", path.name + ".", path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _from_keyring(store_id: str) -> str | None:
    def ask() -> str | None:
        import keyring

        return keyring.get_password(_SERVICE, store_id)

    return _in_time(ask)


def _to_keyring(store_id: str, text: str) -> bool:
    def put() -> bool:
        import keyring

        keyring.set_password(_SERVICE, store_id, text)
        return keyring.get_password(_SERVICE, store_id) == text

    return _in_time(put) is True


def _in_time(work: Callable[[], _T]) -> _T | None:
    """None when the keyring fails or takes too long; its thread is a daemon, so it cannot hold the process."""
    from keyring.errors import KeyringError

    box: list[_T] = []

    def run() -> None:
        try:
            box.append(work())
        except (KeyringError, RuntimeError, OSError) as trouble:
            log.info("no keyring: %s", type(trouble).__name__)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(_KEYRING_WAIT_S)
    return box[0] if box else None
