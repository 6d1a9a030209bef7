"""Where the platform's files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

_NAME = "card-counter"


@dataclass(frozen=True, slots=True)
class Places:
    """`data` is DIR/platform; `keys` is what --keys names, or None for the keyring and the user's own folder.

    `url` names a PostgreSQL database; without one the database is an encrypted file in `data`.
    """

    data: Path
    keys: Path | None
    url: str | None = None

    @classmethod
    def of(cls, data: Path | None, keys: Path | None, url: str | None = None) -> Places:
        """Makes the data folder; it belongs to its user alone."""
        root = data or Path(platformdirs.user_data_dir(_NAME, appauthor=False)) / "data"
        places = cls(root.absolute() / "platform", None if keys is None else keys.absolute(), url)
        places.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return places

    @property
    def user_keys(self) -> Path:
        """Where keys lie without --keys and without a keyring."""
        return Path(platformdirs.user_data_dir(_NAME, appauthor=False)) / "keys"

    @property
    def database(self) -> Path:
        """The encrypted file."""
        return self.data / "platform.db"

    @property
    def backups(self) -> Path:
        """Copies from before upgrades."""
        return self.data / "backups"

    @property
    def lock(self) -> Path:
        """Who holds it serves this folder."""
        return self.data / "lock"

    @property
    def rotation(self) -> Path:
        """Who holds it rotates the keys of this store."""
        return self.data / "rotation"

    @property
    def ballast(self) -> Path:
        """Space to give up when the disk is full."""
        return self.data / "ballast"

    @property
    def address(self) -> Path:
        """Where the running server answers, for the commands beside it."""
        return self.data / "address"

    @property
    def log(self) -> Path:
        """The log file."""
        return self.data / "log" / "platform.log"
