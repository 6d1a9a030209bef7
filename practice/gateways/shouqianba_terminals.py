"""Shouqianba's terminals: activated once with a code, signing with an MD5 over a key that a check-in renews.

Source: doc.shouqianba.com, Web API: signature, activate, checkin.
"""

import hashlib
import hmac
import random
from dataclasses import dataclass
from datetime import date


def signature(body: bytes, key: str) -> str:
    """32 lower-case hexadecimal digits: the MD5 of the body's very bytes followed by the key."""
    return hashlib.md5(body + key.encode(), usedforsecurity=False).hexdigest()


def is_signed(body: bytes, key: str, sign: str) -> bool:
    return hmac.compare_digest(signature(body, key).encode(), sign.encode())


@dataclass(slots=True)
class Terminal:
    """`key` has signed a good call, or is the first one; `next_key` was given out and has not signed yet."""

    sn: str
    device_id: str
    key: str
    day: date
    next_key: str | None = None
    next_day: date | None = None

    def expire(self) -> None:
        """From here on its keys are good for a check-in only."""
        self.day = date.min
        self.next_day = date.min


class Terminals:
    """All terminals of one vendor. A key is good until its day in Beijing ends, and for a check-in afterwards.

    The activation code belongs to the device that uses it first; that device may use it again.
    """

    def __init__(self, activation_code: str, seed: int = 0) -> None:
        self._code = activation_code
        self._chance = random.Random(seed)  # noqa: S311  # practice keys
        self._by_sn: dict[str, Terminal] = {}

    def activate(self, code: str, device_id: str, today: date) -> Terminal | None:
        """The terminal with a fresh key, or None when the code is wrong or another device's."""
        known = next(iter(self._by_sn.values()), None)
        if code != self._code or (known is not None and known.device_id != device_id):
            return None
        sn = known.sn if known is not None else f"1000{self._chance.randrange(10**14):014d}"
        self._by_sn[sn] = Terminal(sn, device_id, self._new_key(), today)
        return self._by_sn[sn]

    def renew(self, terminal: Terminal, today: date) -> str:
        """A new key; the old one stays good until the new one has signed a good call."""
        terminal.next_key, terminal.next_day = self._new_key(), today
        return terminal.next_key

    def signer(self, sn: str, sign: str, body: bytes) -> tuple[Terminal, date] | None:
        """The terminal that signed these bytes and the day of the key it used, None when nobody did."""
        terminal = self._by_sn.get(sn)
        if terminal is None:
            return None
        if terminal.next_key is not None and is_signed(body, terminal.next_key, sign):
            terminal.key, terminal.day = terminal.next_key, terminal.next_day or date.min
            terminal.next_key = terminal.next_day = None
            return terminal, terminal.day
        return (terminal, terminal.day) if is_signed(body, terminal.key, sign) else None

    def expire(self) -> None:
        """Every key is good for a check-in only."""
        for terminal in self._by_sn.values():
            terminal.expire()

    def _new_key(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"
