"""A printer on a serial port, real or made by a USB adapter or Bluetooth."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pos_app.domain.errors import PaperTrouble
from pos_app.printing.transports.transport import trouble

if TYPE_CHECKING:
    import serial

BAUD = 9600  # what most counter printers are delivered with
WRITE_TIMEOUT_S = 8.0


class SerialTransport:
    """`address` is `/dev/ttyUSB0` or `COM3`, or with the speed behind an at sign: `COM3@115200`."""

    def __init__(self, address: str) -> None:
        self._port, _, self._baud = address.strip().partition("@")
        self._line: serial.Serial | None = None

    @property
    def device(self) -> str:
        return self._port

    @property
    def can_answer(self) -> bool:
        return True

    def open(self) -> None:
        import serial

        try:
            self._line = serial.Serial(
                self._port, int(self._baud or BAUD), write_timeout=WRITE_TIMEOUT_S, exclusive=True
            )
        except ValueError as error:
            raise PaperTrouble(cause="not_found", device=self._port, sent=False) from error
        except OSError as error:  # SerialException is one; Windows puts the cause only into its words
            found = trouble(error, self._port, sent=False)
            found.cause = _cause_in_words(str(error)) or found.cause
            raise found from error

    def write(self, data: bytes) -> None:
        import serial

        line = self._opened()
        try:
            line.write(data)
            line.flush()
        except serial.SerialTimeoutException as error:
            raise PaperTrouble(cause="timeout", device=self._port, sent=True) from error
        except OSError as error:
            raise PaperTrouble(cause="offline", device=self._port, sent=True) from error

    def read(self, timeout_s: float) -> bytes:
        line = self._opened()
        try:
            line.timeout = timeout_s
            return bytes(line.read(1))
        except OSError:
            return b""

    def state(self) -> str | None:
        return None

    def close(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.close()
        self._line = None

    def _opened(self) -> serial.Serial:
        if self._line is None:
            raise PaperTrouble(cause="offline", device=self._port, sent=False)
        return self._line


def _cause_in_words(said: str) -> str | None:
    if "FileNotFoundError" in said:
        return "not_found"
    if "PermissionError" in said or "exclusively lock" in said:
        return "denied"
    return None
