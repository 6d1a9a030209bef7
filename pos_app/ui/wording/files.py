"""What is said of the till's files: why nothing is sold, what a backup is, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain import errors
from pos_app.domain.backup import Backup, BackupKind
from pos_app.ui.wording.troubles import Context, sentence

__all__ = ["Context", "kind_of_backup", "no_more_is_written", "sentence"]

translate = QCoreApplication.translate


@sentence.register
def _disk_nearly_full(error: errors.DiskNearlyFull, context: Context) -> str:
    text = translate(
        "Wording",
        "The disk is nearly full ({n} MB left), so no new sale begins. Refunds and slips go on. Make room on this PC.",
    )
    return text.format(n=error.free_mb)


@sentence.register
def _no_such_backup(error: errors.NoSuchBackup, context: Context) -> str:
    text = translate("Wording", "There is no backup {name}. Nothing was changed. Choose one of the list.")
    return text.format(name=error.name)


@sentence.register
def _broken_off(error: errors.BrokenOff, context: Context) -> str:
    return translate("Wording", "The till closes, so this was broken off. It is done the next time.")


def kind_of_backup(backup: Backup) -> str:
    """What it was made for."""
    return {
        BackupKind.CLOSING: translate("Wording", "shift closed"),
        BackupKind.UPGRADE: translate("Wording", "before an upgrade"),
        BackupKind.HAND: translate("Wording", "made by hand"),
    }[backup.kind]


def no_more_is_written(trouble: errors.StoreTrouble) -> str:
    """For the banner, while past sales can still be read."""
    is_damaged = isinstance(trouble, errors.DatabaseDamaged | errors.DatabaseForeign)
    if is_damaged:
        return translate(
            "Wording",
            "The till's file is damaged. Nothing is sold or booked; what was booked can be read. "
            "Close the till, start it again, and put a backup back if it asks for it. Tell the owner.",
        )
    return translate(
        "Wording",
        "The disk failed. Nothing is sold or booked; what was booked before is safe and can be read. "
        "Close the till and start it again. If this comes back, the disk must be looked at.",
    )
