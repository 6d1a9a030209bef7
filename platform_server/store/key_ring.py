"""The key-encryption keys as a ring: the first wraps what is new, the others open what is old."""

from __future__ import annotations

import secrets

from platform_server.domain.errors import StoreTrouble
from platform_server.store.keys import KeyCabinet
from platform_server.store.vault import name_kek


class StoredKeyRing:
    """Implements ports.vault.KeyRing; one rotation at a time, which `store/lock.py` sees to."""

    def __init__(self, cabinet: KeyCabinet) -> None:
        self._cabinet = cabinet

    def keks(self) -> tuple[bytes, ...]:
        """Those that are handed in from outside come first."""
        return (*self._cabinet.outside, *self._cabinet.keks_here())

    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name_kek(kek) for kek in self.keks()))

    def renew(self) -> str:
        if self._cabinet.outside:
            raise StoreTrouble("There is nothing to rotate: put a new key first in POS_PLATFORM_KEK.")
        kek = secrets.token_bytes(32)
        self._cabinet.put_keks([kek, *self._cabinet.keks_here()])
        return name_kek(kek)

    def retire(self, kek_id: str) -> bool:
        here = self._cabinet.keks_here()
        left = [kek for kek in here if name_kek(kek) != kek_id]
        if len(left) < len(here):
            self._cabinet.put_keks(left)
        return all(name_kek(kek) != kek_id for kek in self._cabinet.outside)
