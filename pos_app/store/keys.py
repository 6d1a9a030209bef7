"""The till's keys: made once, kept in the desktop's keyring or in files beside the data, never inside it."""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pos_app.domain.errors import KeysMissing
from pos_app.store.books import BOOKS
from pos_app.store.ground import sync_folder
from pos_app.store.trouble import trouble_with_file

SERVICE = "card-counter-till"
STORE_ID = "store_id"

_KEY_BYTES = 32
# A desktop may ask its user to unlock the keyring; a till without hands must start all the same.
KEYRING_PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True, repr=False)
class TillKeys:
    """What opens the books, hashes PINs, signs requests and opens sealed codes. It has no text of its own.

    `is_fallback` is True when no keyring answered and the keys lie in a file: the screen says so.
    """

    database_key: bytes
    pepper: bytes
    sign_key: Ed25519PrivateKey
    seal_key: X25519PrivateKey
    is_fallback: bool

    def __repr__(self) -> str:
        return "TillKeys(hidden)"


def load_keys(till: Path, keys: Path, use_keyring: bool, patience_s: float = KEYRING_PATIENCE_S) -> TillKeys:
    """The keys of the books in `till`, made at the first start.

    They lie in the keyring, if it may be used and answers, else in the folder `keys`. KeysMissing when books are
    there and their keys are not: nothing is made then, for new keys would never open them.
    """
    store_id = store_id_of(till)
    if store_id is not None:
        found = _find(store_id, keys, use_keyring, patience_s)
        if found is not None:
            return found
    if (till / BOOKS).exists():
        raise KeysMissing(path=str(till / BOOKS))
    return _make(till, keys, use_keyring, patience_s)


def _find(store_id: str, keys: Path, use_keyring: bool, patience_s: float) -> TillKeys | None:
    """The file first: it is there only when no keyring answered before, and a keyring may ask questions."""
    path = keys / f"{store_id}.json"
    try:
        if path.exists():
            return _read(path.read_text(encoding="ascii"), is_fallback=use_keyring)
    except OSError as error:
        raise trouble_with_file(error, path) from error
    if not use_keyring:
        return None
    kept = ask_keyring(store_id, None, patience_s)
    return None if kept is None else _read(kept, is_fallback=False)


def _make(till: Path, keys: Path, use_keyring: bool, patience_s: float) -> TillKeys:
    """Keys first, then the id that names them: a crash in between leaves keys that nobody needs."""
    store_id = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
    text = json.dumps(
        {
            "database_key": _coded(secrets.token_bytes(_KEY_BYTES)),
            "pepper": _coded(secrets.token_bytes(_KEY_BYTES)),
            "sign_key": _coded(_raw(Ed25519PrivateKey.generate())),
            "seal_key": _coded(_raw(X25519PrivateKey.generate())),
        }
    )
    is_kept = use_keyring and ask_keyring(store_id, text, patience_s) == text
    if not is_kept:
        write_alone(keys / f"{store_id}.json", text)
    write_alone(till / STORE_ID, store_id + "\n")
    return _read(text, is_fallback=use_keyring and not is_kept)


def store_id_of(till: Path) -> str | None:
    """The random name under which the keys of the books in `till` are kept; None before there are any."""
    path = till / STORE_ID
    try:
        return path.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
    except ValueError:
        return None
    except OSError as error:
        raise trouble_with_file(error, path) from error


def write_alone(path: Path, text: str) -> None:
    """A file that only its owner reads, whole and on disk before it gets its name, and under its name when this returns."""
    half = path.with_name(path.name + ".half")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        with os.fdopen(
            os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise trouble_with_file(error, path) from error


def _read(text: str, is_fallback: bool) -> TillKeys:
    kept = json.loads(text)
    return TillKeys(
        _decoded(kept["database_key"]),
        _decoded(kept["pepper"]),
        Ed25519PrivateKey.from_private_bytes(_decoded(kept["sign_key"])),
        X25519PrivateKey.from_private_bytes(_decoded(kept["seal_key"])),
        is_fallback,
    )


def ask_keyring(store_id: str, new: str | None, patience_s: float) -> str | None:
    """Puts `new` there, if given, and reads what is kept; None when there is nothing, or nobody answers in time."""
    question = _KeyringQuestion(store_id, new)
    question.start()
    question.join(patience_s)
    return question.answer


class _KeyringQuestion(threading.Thread):
    """Asked in a thread of its own: a desktop prompt may hang for ever."""

    def __init__(self, store_id: str, new: str | None) -> None:
        super().__init__(name="keyring", daemon=True)
        self.answer: str | None = None
        self._store_id = store_id
        self._new = new

    def run(self) -> None:
        import keyring
        import keyring.errors

        try:
            if self._new is not None:
                keyring.set_password(SERVICE, self._store_id, self._new)
            self.answer = keyring.get_password(SERVICE, self._store_id)
        except (keyring.errors.KeyringError, OSError, RuntimeError, ValueError):
            # Backends fail in their own ways; whatever it was, this keyring keeps nothing for us.
            self.answer = None


def _raw(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def _coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
