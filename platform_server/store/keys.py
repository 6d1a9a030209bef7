"""Keeps the keys of a store away from its data: in the system's keyring, or in a file of its own place."""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.domain.tills import from_base64url, to_base64url

log = logging.getLogger(__name__)
_T = TypeVar("_T")
_SERVICE = "card-counter-platform"
_KEYRING_WAIT_S = 5.0  # a desktop may ask its user; a server must not wait for that
_PARTS = ("database", "kek", "platform", "fingerprint")


@dataclass(frozen=True, slots=True, repr=False)
class StoreKeys:
    """32 random bytes each: opens the file; wraps the batches' keys; signs replies; marks codes."""

    database: bytes
    kek: bytes
    platform: bytes
    fingerprint: bytes

    def __repr__(self) -> str:
        return "StoreKeys(***)"


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Where keys may lie: only in `only` if that is given, else in the keyring or in `user_folder`."""

    only: Path | None
    user_folder: Path
    is_keyring_allowed: bool = True


def load_or_make_keys(data: Path, places: KeyPlaces, *, has_database: bool) -> StoreKeys:
    """The keys of the store in `data`; new ones only for a store that has no database yet.

    Blocks (disk, keyring): call it off the event loop. Raises StoreTrouble with what to do.
    """
    folder = places.only or places.user_folder
    if folder.resolve().is_relative_to(data.resolve().parent):
        raise StoreTrouble("The keys may not lie inside the data folder; name another place with --keys.")
    store_id = _store_id(data)
    path = folder / f"{store_id}.platform.json"
    use_keyring = places.only is None and places.is_keyring_allowed
    text = _read(path) or (_from_keyring(store_id) if use_keyring else None)
    if text is not None:
        return _parse(text, path)
    if has_database:
        raise Damaged(f"The keys of this store are missing; bring back {path.name} to {folder}.")
    keys = StoreKeys(*(secrets.token_bytes(32) for _ in _PARTS))
    text = json.dumps({name: to_base64url(getattr(keys, name)) for name in _PARTS})
    if not (use_keyring and _to_keyring(store_id, text)):
        write_private(path, text)
    return keys


def _store_id(data: Path) -> str:
    path = data / "store_id"
    if not path.exists():
        write_private(path, secrets.token_hex(16))
    return path.read_text("ascii").strip()


def _read(path: Path) -> str | None:
    return path.read_text("ascii") if path.exists() else None


def _parse(text: str, path: Path) -> StoreKeys:
    try:
        stored = json.loads(text)
        return StoreKeys(*(from_base64url(stored[name], 32) for name in _PARTS))
    except (ValueError, KeyError, TypeError):
        raise Damaged(f"The key file {path.name} is damaged; bring back a copy of it.") from None


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 0600 that is whole or not there, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


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
