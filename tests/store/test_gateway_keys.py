"""A gateway's secrets: in the keyring, or in a file that its owner alone reads; read once, never lost between lanes."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import pytest

from pos_app.domain.errors import DiskTrouble
from pos_app.store.gateway_keys import StoredGatewayKeys
from pos_app.store.keys import SERVICE, ask_keyring, load_keys


@pytest.fixture
def till(tmp_path: Path, memory_keyring: Any) -> Path:
    """A till with keys of its own, and so with a name for those of its gateways."""
    load_keys(tmp_path / "till", tmp_path / "keys", use_keyring=False)
    return tmp_path / "till"


def keys(till: Path, gateway: str = "wechat", *, use_keyring: bool = False) -> StoredGatewayKeys:
    return StoredGatewayKeys(till, till.parent / "keys", use_keyring, gateway)


def files(till: Path) -> list[Path]:
    return sorted((till.parent / "keys").glob("*.wechat.json*"))


def test_before_anything_was_filled_in(till: Path) -> None:
    assert keys(till).read() == keys(till, use_keyring=True).read() == {}
    assert files(till) == []


def test_what_was_kept_comes_back_to_another_instance(till: Path) -> None:
    first = keys(till)
    first.keep({"app_id": "a", "key": "secret"})
    first.keep({"key": "rotated", "serial": "7"})
    assert first.read() == keys(till).read() == {"app_id": "a", "key": "rotated", "serial": "7"}
    assert keys(till, "alipay").read() == {}


def test_an_empty_text_forgets_one(till: Path) -> None:
    first = keys(till)
    first.keep({"app_id": "a", "key": "secret"})
    first.keep({"key": ""})
    assert first.read() == keys(till).read() == {"app_id": "a"}


def test_the_file_is_its_owners_alone(till: Path) -> None:
    keys(till).keep({"key": "secret"})
    (file,) = files(till)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_keyring_takes_them_and_no_file_does(till: Path, memory_keyring: Any) -> None:
    keys(till, use_keyring=True).keep({"key": "secret"})
    assert files(till) == []
    assert keys(till, use_keyring=True).read() == {"key": "secret"}
    store_id = (till / "store_id").read_text().strip()
    assert "secret" in memory_keyring.get_password(SERVICE, f"{store_id}.wechat")


def test_without_a_keyring_a_file_takes_its_place_and_keeps_it(till: Path, memory_keyring: Any) -> None:
    """Once there is a file it is the one truth: an older text in a keyring that answers again is not believed."""
    keys(till, use_keyring=True).keep({"key": "old"})
    keyring.set_keyring(keyring.backends.fail.Keyring())
    keys(till, use_keyring=True).keep({"key": "new"})
    assert len(files(till)) == 1
    keyring.set_keyring(memory_keyring)
    assert keys(till, use_keyring=True).read() == {"key": "new"}
    keys(till, use_keyring=True).keep({"key": "newer"})
    assert keys(till, use_keyring=True).read() == {"key": "newer"}


def test_they_are_read_once(till: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys(till, use_keyring=True).keep({"key": "secret"})
    asked: list[str | None] = []

    def counting(name: str, new: str | None, patience_s: float) -> str | None:
        asked.append(new)
        return ask_keyring(name, new, patience_s)

    monkeypatch.setattr("pos_app.store.gateway_keys.ask_keyring", counting)
    again = keys(till, use_keyring=True)
    for _ in range(3):
        assert again.read() == {"key": "secret"}
    assert asked == [None]


def test_what_is_read_is_a_copy(till: Path) -> None:
    first = keys(till)
    first.keep({"key": "secret"})
    read = first.read()
    assert isinstance(read, dict)
    read["key"] = "changed"
    assert first.read() == {"key": "secret"}


def test_two_lanes_lose_nothing_of_each_other(till: Path) -> None:
    first = keys(till)
    with ThreadPoolExecutor(4) as lanes:
        list(lanes.map(lambda n: first.keep({f"key{n}": "secret"}), range(12)))
    assert len(first.read()) == len(keys(till).read()) == 12


def test_a_broken_file_is_said_and_not_overwritten(till: Path) -> None:
    keys(till).keep({"key": "secret"})
    (file,) = files(till)
    file.write_text("{half")
    for act in (lambda: keys(till).read(), lambda: keys(till).keep({"key": "new"})):
        with pytest.raises(DiskTrouble) as trouble:
            act()
        assert trouble.value.cause == "broken"
        assert "secret" not in str(trouble.value)
    assert file.read_text() == "{half"


def test_a_folder_that_cannot_be_written(till: Path) -> None:
    (till.parent / "in_the_way").write_text("")
    there = StoredGatewayKeys(till, till.parent / "in_the_way" / "keys", False, "wechat")
    with pytest.raises(DiskTrouble):
        there.keep({"key": "secret"})


def test_books_without_a_name_have_no_gateways(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble):
        StoredGatewayKeys(tmp_path / "none", tmp_path / "keys", False, "wechat")
