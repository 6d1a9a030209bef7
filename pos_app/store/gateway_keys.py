"""What a payment gateway keeps secret: in the keyring beside the till's keys, or in a file that only its owner reads."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from pos_app.domain.errors import DiskTrouble
from pos_app.store.keys import KEYRING_PATIENCE_S, ask_keyring, store_id_of, write_alone
from pos_app.store.trouble import trouble_with_file


class StoredGatewayKeys:
    """The fields of one gateway, read once and then remembered; `till` is the folder of the books they belong to."""

    def __init__(self, till: Path, keys: Path, use_keyring: bool, gateway: str) -> None:
        store_id = store_id_of(till)
        if store_id is None:
            raise DiskTrouble(path=str(till), cause="broken")
        self._name = f"{store_id}.{gateway}"
        self._path = keys / f"{self._name}.json"
        self._use_keyring = use_keyring
        self._kept: dict[str, str] | None = None
        # Two lanes speak to one gateway, and a key that was rotated must not be lost between them.
        self._lock = threading.Lock()

    def read(self) -> Mapping[str, str]:
        with self._lock:
            return dict(self._known())

    def keep(self, changed: Mapping[str, str]) -> None:
        with self._lock:
            together = {**self._known(), **changed}
            kept = {key: value for key, value in together.items() if value}
            text = json.dumps(kept, sort_keys=True)
            is_there = self._path.exists()
            if is_there or not self._use_keyring or ask_keyring(self._name, text, KEYRING_PATIENCE_S) != text:
                write_alone(self._path, text)
            self._kept = kept

    def _known(self) -> dict[str, str]:
        if self._kept is None:
            self._kept = self._read()
        return self._kept

    def _read(self) -> dict[str, str]:
        """The file first: it is there only when no keyring took the secrets."""
        try:
            if self._path.exists():
                return dict(json.loads(self._path.read_text(encoding="ascii")))
        except (OSError, ValueError) as error:
            raise (
                trouble_with_file(error, self._path)
                if isinstance(error, OSError)
                else DiskTrouble(path=str(self._path), cause="broken")
            ) from error
        kept = ask_keyring(self._name, None, KEYRING_PATIENCE_S) if self._use_keyring else None
        return {} if kept is None else dict(json.loads(kept))
