"""Where files lie: what we ship, what this shop keeps, and the keys, which lie elsewhere."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_NAME = "card-counter"


@dataclass(frozen=True, slots=True)
class Places:
    """`data` is all that is kept and can be copied; `keys` never lies inside it, so that a copy cannot open itself."""

    data: Path
    keys: Path

    @property
    def till(self) -> Path:
        return self.data / "till"

    @property
    def platform(self) -> Path:
        """The embedded platform's own."""
        return self.data / "platform"

    @property
    def log(self) -> Path:
        return self.till / "log"

    @property
    def settings(self) -> Path:
        return self.till / "settings.json"

    def anchors(self, store_id: str) -> tuple[Path, Path]:
        """Two files of which one at least outlives a copy of the data put back; named as the keys of the books are."""
        beside = (
            own_state()
            if self.keys == (own_folder() / "keys")
            else self.keys.with_name(f"{self.keys.name}.state")
        )
        return self.keys / f"{store_id}.anchor", beside / f"{store_id}.anchor"

    def prepare(self) -> None:
        """Make the till's folders, for this user alone, and see that they can be written to.

        The OSError of a disk that refuses names the path; `disk_cause` says what it means.
        """
        for folder in (self.till, self.log, self.keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.till, self.log):
            try:
                tempfile.TemporaryFile(dir=folder).close()
            except OSError as error:
                # what it names is a file of the moment, which says nothing to anyone
                raise OSError(error.errno, error.strerror, str(folder)) from error


def places(data: Path | None = None, keys: Path | None = None) -> Places:
    """The user's own folders, unless others were named; ValueError for keys inside the data."""
    found = Places((data or own_folder() / "shop").absolute(), (keys or own_folder() / "keys").absolute())
    if found.keys.resolve().is_relative_to(found.data.resolve()):
        raise ValueError("keys do not lie inside the data that they open")
    return found


def resources() -> Path:
    """What we ship, read-only: fonts, words, icons."""
    return shipped() / "resources"


def translations() -> Path:
    return shipped() / "translations"


def shipped() -> Path:
    """The root of the source tree, or of a frozen build."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return Path(unpacked) if unpacked else Path(__file__).resolve().parent.parent


def program(name: str) -> tuple[str, ...]:
    """The command that starts another of our programs: its module, or in a frozen build the executable beside ours."""
    if getattr(sys, "frozen", False):
        ending = ".exe" if os.name == "nt" else ""
        return (str(Path(sys.executable).with_name(name + ending)),)
    return (sys.executable, "-m", name)


def disk_cause(error: OSError) -> str:
    """What a disk's refusal means: full, denied or broken."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "denied"
    return "broken"


def own_folder() -> Path:
    """The folder that the system gives each of its users for the data of this program."""
    import platformdirs  # 10 ms, and not needed when both places are named

    return platformdirs.user_data_path(_NAME, appauthor=False)


def own_state() -> Path:
    """The folder that the system gives each of its users for what a program remembers."""
    import platformdirs

    return platformdirs.user_state_path(_NAME, appauthor=False)
