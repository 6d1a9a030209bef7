"""What a shop can set, each thing declared once with its default and its reason."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

_MOST_BYTES = 1024 * 1024


def _setting(default: Any, why: str, allowed: Iterable[Any] = ()) -> Any:
    """`allowed` are the values it may take; empty for anything of the default's type."""
    return field(default=default, metadata={"why": why, "allowed": tuple(allowed)})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one till; values travel into flows and adapters, never this."""

    language: str = _setting("zh", "most shops are in China", ("zh", "en"))
    look: str = _setting("light", "readable under shop lamps", ("light", "dark", "large"))
    till_name: str = _setting("", "shown on papers; empty takes the platform's till code")
    platform: str = _setting("embedded", "one PC is a whole shop", ("embedded", "elsewhere"))
    printer: str = _setting(
        "none",
        "nobody's printer is guessed",
        ("none", "network", "serial", "usb", "spooler", "file", "virtual"),
    )
    printer_address: str = _setting("", "host, port, path or name, as that kind of printer needs it")
    paper_width_mm: int = _setting(58, "the commonest receipt printers; 80 for the wide ones", (58, 80))
    receipt_language: str = _setting("", "empty: that of the window", ("", "zh", "en"))
    open_drawer_on_cash: bool = _setting(True, "cash needs the drawer")
    day_change_hour: int = _setting(0, "a cafe that closes at 4 may say 6", range(24))
    gateways: str = _setting("", "which gateways take electronic money, the first that knows a wallet has it")
    offline_selling: bool = _setting(
        True, "a shop sells on when its line is down; off gives back all that is held"
    )
    offline_days: int = _setting(2, "a line that is down is mostly back within a day", range(1, 8))
    offline_most: int = _setting(
        100, "pieces held at once; as many as a platform lends by default", range(1001)
    )
    offline_most_minor: int = _setting(500_000, "their face value: what a stolen PC could cost")
    offline_face_minor: int = _setting(50_000, "dearer cards are sold by asking the platform only")
    offline_sale_codes: int = _setting(5, "codes of one sale while nobody can check limits", range(1, 101))
    offline_sale_minor: int = _setting(100_000, "the price of one sale while nobody can check limits")
    low_wallet_minor: int = _setting(50_000, "warn while there is still time to top the wallet up")


class SettingsFile:
    """The file that keeps them, in JSON; what a newer till wrote in it stays there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Settings:
        """The settings as kept; a value that cannot be is its default, a damaged file is put aside."""
        kept = self._kept()
        return Settings(**{each.name: kept[each.name] for each in fields(Settings) if _fits(each, kept)})

    def write(self, settings: Settings) -> None:
        """All of it or nothing, also when the power goes; an OSError leaves the old file."""
        told = {each.name: getattr(settings, each.name) for each in fields(Settings)}
        wrong = [each.name for each in fields(Settings) if not _fits(each, told)]
        if wrong:
            raise ValueError(f"not a value of {', '.join(wrong)}")
        text = json.dumps({**self._kept(), **told}, indent=2, ensure_ascii=False, sort_keys=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=self._path.name, dir=self._path.parent)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        _flush_folder(self._path.parent)

    def _kept(self) -> dict[str, Any]:
        try:
            with self._path.open("rb") as file:
                text = file.read(_MOST_BYTES)
        except FileNotFoundError:
            return {}
        try:
            kept = json.loads(text)
        except (ValueError, RecursionError):
            kept = None
        if isinstance(kept, dict):
            return kept
        self._put_aside()
        return {}

    def _put_aside(self) -> None:
        """Somebody may still want to read it; one that was put aside before is never written over."""
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.broken-{number}")).exists():
            number += 1
        with contextlib.suppress(OSError):
            self._path.rename(aside)


def _fits(declared: Any, kept: dict[str, Any]) -> bool:
    value = kept.get(declared.name)
    allowed = declared.metadata["allowed"]
    if type(value) is not type(declared.default):
        return False
    return value in allowed if allowed else True


def _flush_folder(folder: Path) -> None:
    """The rename itself; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
