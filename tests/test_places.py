"""Where files lie, and what the shop set."""

import errno
import json
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.places import disk_cause, places, program, resources, translations
from pos_app.settings import Settings, SettingsFile

ROOT = Path(__file__).parent.parent


def test_without_a_word_everything_lies_in_the_users_own_folder() -> None:
    found = places()
    assert found.data.is_absolute()
    assert found.till == found.data / "till"
    assert found.platform == found.data / "platform"
    assert found.log.is_relative_to(found.till)
    assert found.settings.parent == found.till
    assert not found.keys.is_relative_to(found.data)


def test_named_places_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = places(Path("data"), Path("keys"))
    assert (found.data, found.keys) == (tmp_path / "data", tmp_path / "keys")
    found.prepare()
    found.prepare()
    assert found.log.is_dir()
    if sys.platform != "win32":
        assert found.keys.stat().st_mode & 0o777 == 0o700


def test_keys_never_lie_in_the_data(tmp_path: Path) -> None:
    for keys in (tmp_path, tmp_path / "till" / "keys", tmp_path / "x" / ".." / "keys"):
        with pytest.raises(ValueError, match="keys"):
            places(tmp_path, keys)


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(OSError, match="data") as caught:
        places(tmp_path / "data", tmp_path / "keys").prepare()
    assert disk_cause(caught.value) == "broken"


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "denied", "/some/temporary.name")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = places(tmp_path / "data", tmp_path / "keys")
    with pytest.raises(PermissionError) as caught:
        found.prepare()
    assert caught.value.filename == str(found.till)
    assert disk_cause(caught.value) == "denied"


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, "full"),
        (errno.EACCES, "denied"),
        (errno.EROFS, "denied"),
        (errno.EIO, "broken"),
        (None, "broken"),
    ],
)
def test_what_a_refusal_of_the_disk_means(number: int | None, cause: str) -> None:
    assert disk_cause(OSError(number, "said") if number else OSError("said")) == cause


def test_what_we_ship_is_found_in_the_tree_and_in_a_frozen_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resources() == ROOT / "resources"
    assert program("platform_server") == (sys.executable, "-m", "platform_server")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "_internal"), raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "pos_app"))
    assert translations() == tmp_path / "_internal" / "translations"
    (command,) = program("platform_server")
    assert Path(command).parent == tmp_path
    assert Path(command).stem == "platform_server"


# --- settings ---


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "till" / "settings.json")


def kept(file: SettingsFile) -> dict[str, Any]:
    read = json.loads(file._path.read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def test_every_setting_has_a_reason_and_a_fitting_default() -> None:
    for each in fields(Settings):
        assert each.metadata["why"]
        allowed = each.metadata["allowed"]
        assert not allowed or each.default in allowed


def test_settings_are_kept(file: SettingsFile) -> None:
    assert file.read() == Settings()
    changed = replace(Settings(), language="en", day_change_hour=6, printer_address="收银")
    file.write(changed)
    assert file.read() == changed


def test_what_a_newer_till_wrote_stays(file: SettingsFile) -> None:
    file.write(Settings())
    file._path.write_text(json.dumps({"look": "dark", "hologram": [1]}))
    assert file.read() == replace(Settings(), look="dark")
    file.write(file.read())
    assert kept(file)["hologram"] == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"look": "pink"},
        {"day_change_hour": 24},
        {"day_change_hour": True},
        {"language": 7},
        {"paper_width_mm": 58.0},
    ],
)
def test_a_value_that_cannot_be_is_its_default(file: SettingsFile, wrong: dict[str, Any]) -> None:
    file.write(Settings())
    file._path.write_text(json.dumps({**wrong, "till_name": "Left"}))
    assert file.read() == replace(Settings(), till_name="Left")


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[1]", b"\0" * 100, b"[" * 100_000])
def test_a_damaged_file_is_put_aside(file: SettingsFile, damage: bytes) -> None:
    file.write(Settings())
    for number in (1, 2):
        file._path.write_bytes(damage)
        assert file.read() == Settings()
        assert file._path.with_name(f"settings.json.broken-{number}").read_bytes() == damage
        assert not file._path.exists()
    file.write(Settings())


def test_nonsense_is_not_written(file: SettingsFile) -> None:
    with pytest.raises(ValueError, match="look"):
        file.write(replace(Settings(), look="pink"))
    assert not file._path.exists()


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write(replace(Settings(), look="dark"))

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="full"):
        file.write(Settings())
    assert file.read().look == "dark"
    assert [each.name for each in file._path.parent.iterdir()] == ["settings.json"]
