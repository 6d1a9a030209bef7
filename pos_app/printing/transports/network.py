"""A printer in the network, on its raw port (9100 everywhere)."""

from __future__ import annotations

import contextlib
import socket

from pos_app.domain.errors import PaperTrouble
from pos_app.printing.transports.transport import trouble

RAW_PORT = 9100
CONNECT_TIMEOUT_S = 2.0  # a printer on the shop's own network answers in milliseconds
WRITE_TIMEOUT_S = 8.0  # a printer without paper stops taking bytes


class NetworkTransport:
    """`address` is `host`, `host:port` or `[v6]:port`."""

    def __init__(self, address: str, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self._address = address.strip()
        self._connect_timeout_s = connect_timeout_s
        self._socket: socket.socket | None = None

    @property
    def device(self) -> str:
        return self._address

    @property
    def can_answer(self) -> bool:
        return True

    def open(self) -> None:
        try:
            self._socket = socket.create_connection(_host_and_port(self._address), self._connect_timeout_s)
        except (socket.gaierror, ValueError) as error:
            raise PaperTrouble(cause="not_found", device=self.device, sent=False) from error
        except OSError as error:
            raise trouble(error, self.device, sent=False) from error
        with contextlib.suppress(OSError):  # it hung up already: the first write says so
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        connection = self._connected()
        connection.settimeout(WRITE_TIMEOUT_S)
        try:
            connection.sendall(data)
        except OSError as error:
            raise trouble(error, self.device, sent=True) from error

    def read(self, timeout_s: float) -> bytes:
        """Nothing, too, when the other end hung up: the next write tells."""
        connection = self._connected()
        connection.settimeout(timeout_s)
        try:
            return connection.recv(64)
        except OSError:
            return b""

    def state(self) -> str | None:
        return None

    def close(self) -> None:
        """Says goodbye first and waits a moment for the printer's own: a hard close may throw away what it still holds."""
        if self._socket is None:
            return
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(0.2)
            while self._socket.recv(64):
                pass
        self._socket.close()
        self._socket = None

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise PaperTrouble(cause="offline", device=self.device, sent=False)
        return self._socket


def _host_and_port(address: str) -> tuple[str, int]:
    """ValueError (or its kin) when the address cannot be one."""
    if address.startswith("["):
        host, _, rest = address[1:].partition("]")
        port = rest.removeprefix(":")
    elif address.count(":") == 1:
        host, _, port = address.partition(":")
    else:
        host, port = address, ""
    number = int(port or RAW_PORT)
    if not host or not 0 < number < 65536:
        raise ValueError("no such address")
    return host, number
