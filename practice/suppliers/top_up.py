"""Serves a top-up supplier whose misbehaviour is chosen by the account's last three digits."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from practice.suppliers.behaviour import Answering, behaviour_of
from practice.suppliers.order_book import (
    MalformedOrderError,
    Order,
    OrderBook,
    ReferenceReusedError,
    read_request,
)

AUTHORIZATION = "Bearer practice"
LARGEST_BODY = 65_536
HTML_PAGE = b"<!doctype html><title>Maintenance</title><p>We will be back soon.</p>"


def top_up_supplier(book: OrderBook, port: int = 0) -> ThreadingHTTPServer:
    """A supplier on loopback that answers from the book; the caller serves and closes it."""

    class Handler(_TopUpHandler):
        orders = book

    return _Server(("127.0.0.1", port), Handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # a restarted supplier takes its port again at once; on Windows the same word would let two share it
    allow_reuse_address = os.name != "nt"
    # connections that may wait to be taken: the five of the library turned a crowd away
    request_queue_size = 128


class _TopUpHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # headers and body leave in one piece: two small writes would wait for each other (Nagle)
    wbufsize = -1
    disable_nagle_algorithm = True
    # a client that stalls in the middle of a request does not hold its thread for ever
    timeout = 60
    orders: OrderBook

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._refuse(413, "the body is missing its length or too long")
        elif self._is_known() and self._is_at("/orders"):
            self._place(body)

    def do_GET(self) -> None:
        # a body on GET means nothing here, but left unread it would be taken for the next request
        if self._body() is None:
            self._refuse(413, "the body is too long")
        elif self._is_known():
            self._show(urlsplit(self.path).path)

    def log_message(self, *_: Any) -> None:
        """Nothing: the accounts of customers do not belong in a log."""

    def _place(self, body: bytes) -> None:
        try:
            request = read_request(body)
            if behaviour_of(request.account).answering is Answering.ERROR_500:
                self._refuse(500, "the supplier fell over before it did anything")
                return
            order, is_new = self.orders.place(request)
        except MalformedOrderError as error:
            self._refuse(400, str(error))
            return
        except ReferenceReusedError:
            self._refuse(422, "the reference belongs to another order")
            return
        if is_new and behaviour_of(request.account).answering is Answering.REPLY_LOST_ONCE:
            self.close_connection = True
            return
        self._tell(order)

    def _show(self, path: str) -> None:
        if path == "/orders":
            self._answer(200, self.orders.effects())
            return
        start, _, reference = path.rpartition("/")
        order = self.orders.find(unquote(reference)) if start == "/orders" else None
        if order is None:
            self._refuse(404, "there is no such order")
        else:
            self._tell(order)

    def _tell(self, order: Order) -> None:
        if behaviour_of(order.request.account).answering is Answering.HTML_PAGE:
            self._send(200, "text/html; charset=utf-8", HTML_PAGE)
        else:
            self._answer(200, self.orders.describe(order))

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0" if self.command == "GET" else "")
        if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _is_known(self) -> bool:
        known = self.headers.get("Authorization") == AUTHORIZATION
        if not known:
            self._refuse(401, "say Authorization: Bearer practice")
        return known

    def _is_at(self, path: str) -> bool:
        found = urlsplit(self.path).path == path
        if not found:
            self._refuse(404, "orders are placed at /orders")
        return found

    def _refuse(self, status: int, message: str) -> None:
        self._answer(status, {"error": message})

    def _answer(self, status: int, content: dict[str, object]) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
