"""A shop's own server for callbacks, and one that only pretends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ToldShop:
    """Implements ports.shop_caller.ShopCaller: takes what comes unless told to refuse."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []
        self.is_open = True

    async def __call__(self, url: str, body: bytes) -> bool:
        self.calls.append((url, body))
        return self.is_open


@dataclass
class HeardCall:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ShopServer:
    """What came in; `status` is what it answers, `location` where it would send the caller."""

    address: str = ""
    status: int = 204
    location: str | None = None
    heard: list[HeardCall] = field(default_factory=list)


@contextmanager
def shop_server() -> Iterator[ShopServer]:
    shop = ShopServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            shop.heard.append(HeardCall("POST", self.path, headers, body))
            self.send_response(shop.status)
            if shop.location is not None:
                self.send_header("Location", shop.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()
