"""A TCP server that answers each request by the next part of its script, as rudely as the script says."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass(frozen=True)
class Heard:
    """A request as it arrived; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Part = bytes | Callable[[Heard], bytes]
DROP = b""  # hang up without a word


def plain(status: int, body: bytes, *headers: str) -> bytes:
    """A reply of that status; its length is told unless a header says otherwise."""
    told = [*headers]
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in told):
        told.append(f"Content-Length: {len(body)}")
    return "\r\n".join([f"HTTP/1.1 {status} Said", *told, "", ""]).encode() + body


@dataclass
class ScriptedServer:
    """One connection after the other; after the part `hang_after` it says nothing more until the test ends."""

    script: list[Part]
    hang_after: int | None = None
    closes_after: frozenset[int] = frozenset()
    tls: ssl.SSLContext | None = None
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if self.tls is None else "https"
        self.address = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._is_over = Event()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        with socket.create_connection(self._socket.getsockname()):
            pass  # wakes a waiting accept
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while not self._is_over.is_set():
            connection, _ = self._socket.accept()
            connection.settimeout(10)
            if self.tls is not None:
                try:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                except OSError:
                    continue  # the client did not trust us
            with connection:
                while not self._is_over.is_set() and self._answer(connection):
                    pass

    def _answer(self, connection: socket.socket) -> bool:
        heard = _hear(connection)
        if heard is None:
            return False
        number = len(self.heard)
        self.heard.append(heard)
        part = self.script[number]
        said = part(heard) if callable(part) else part
        if said == DROP:
            return False
        try:
            connection.sendall(said)
        except OSError:
            return False  # the client had enough
        if number == self.hang_after:
            self._is_over.wait(10)
        return number not in self.closes_after and number + 1 < len(self.script)


def _hear(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            part = connection.recv(65536)
        except OSError:
            return None
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    while len(body) < length:
        body += connection.recv(65536)
    return Heard(method, target, headers, body)
