"""The till's keys: where they lie, that they come back, and that a copy of the data does not bring them along."""

from __future__ import annotations

import shutil
import stat
import threading
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.backends.fail
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pos_app.domain.errors import DiskTrouble, KeysMissing
from pos_app.store.books import BOOKS
from pos_app.store.keys import SERVICE, TillKeys, load_keys


class HangingKeyring(keyring.backend.KeyringBackend):
    """A desktop that waits for somebody to unlock it."""

    priority = 1  # type: ignore[assignment]  # the library declares a property and documents a number

    def __init__(self) -> None:
        super().__init__()
        self.somebody = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.somebody.wait(5)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.somebody.wait(5)


def facts(keys: TillKeys) -> tuple[bytes, ...]:
    raw: Any = (Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return (
        keys.database_key,
        keys.pepper,
        keys.sign_key.private_bytes(*raw),
        keys.seal_key.private_bytes(*raw),
    )


def test_keys_in_the_keyring(tmp_path: Path, memory_keyring: Any) -> None:
    till, folder = tmp_path / "till", tmp_path / "keys"
    made = load_keys(till, folder, use_keyring=True)
    assert not made.is_fallback
    assert not folder.exists()
    store_id = (till / "store_id").read_text().strip()
    assert memory_keyring.get_password(SERVICE, store_id) is not None
    assert facts(load_keys(till, folder, use_keyring=True)) == facts(made)
    assert len(set(facts(made))) == 4
    assert {len(fact) for fact in facts(made)} == {32}


def test_keys_in_a_named_folder_never_in_the_keyring(tmp_path: Path, memory_keyring: Any) -> None:
    till, folder = tmp_path / "till", tmp_path / "keys"
    made = load_keys(till, folder, use_keyring=False)
    assert not made.is_fallback
    (file,) = folder.iterdir()
    assert file.stem == (till / "store_id").read_text().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert memory_keyring._secrets == {}
    assert facts(load_keys(till, folder, use_keyring=False)) == facts(made)


def test_without_a_keyring_a_file_takes_its_place(tmp_path: Path) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    made = load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=True)
    assert made.is_fallback
    again = load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=True)
    assert again.is_fallback
    assert facts(again) == facts(made)


def test_a_keyring_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    hanging = HangingKeyring()
    keyring.set_keyring(hanging)
    made = load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=True, patience_s=0.05)
    hanging.somebody.set()
    assert made.is_fallback


def test_a_copy_of_the_data_brings_no_keys_along(tmp_path: Path, memory_keyring: Any) -> None:
    till = tmp_path / "till"
    load_keys(till, tmp_path / "keys", use_keyring=False)
    (till / BOOKS).write_bytes(b"books")
    shutil.copytree(till, tmp_path / "stolen")
    with pytest.raises(KeysMissing):
        load_keys(tmp_path / "stolen", tmp_path / "other", use_keyring=True)
    (till / "store_id").unlink()
    with pytest.raises(KeysMissing):
        load_keys(till, tmp_path / "keys", use_keyring=False)
    assert (till / BOOKS).read_bytes() == b"books"
    assert memory_keyring._secrets == {}


def test_keys_that_were_lost_before_the_first_book_are_made_anew(tmp_path: Path) -> None:
    first = load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=False)
    shutil.rmtree(tmp_path / "keys")
    (tmp_path / "till" / "store_id").write_bytes(b"\xff")
    second = load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=False)
    assert facts(first) != facts(second)


def test_keys_show_themselves_to_nobody(tmp_path: Path) -> None:
    keys = load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=False)
    assert repr(keys) == str(keys) == "TillKeys(hidden)"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(DiskTrouble):
        load_keys(tmp_path / "till", tmp_path / "keys" / "deeper", use_keyring=False)
