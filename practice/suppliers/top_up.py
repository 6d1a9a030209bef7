"""Serves a top-up supplier whose misbehaviour is chosen by the account's last three digits."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from practice.suppliers.behaviour import Answering, Calling, Moment, behaviour_of
from practice.suppliers.callbacks import CallbackSender
from practice.suppliers.desk import Desk
from practice.suppliers.order_book import (
    MalformedOrderError,
    Order,
    OrderBook,
    OrderRequest,
    ReferenceReusedError,
    read_request,
)

AUTHORIZATION = "Bearer practice"
LARGEST_BODY = 65_536
HTML_PAGE = b"<!doctype html><title>Maintenance</title><p>We will be back soon.</p>"


def top_up_supplier(
    book: OrderBook, port: int = 0, sender: CallbackSender | None = None
) -> ThreadingHTTPServer:
    """A supplier on loopback that answers from the book; the caller serves and closes it."""

    class Handler(_TopUpHandler):
        orders = book
        desk = Desk()
        callbacks = sender

    return _Server(("127.0.0.1", port), Handler, sender)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # a restarted supplier takes its port again at once; on Windows the same word would let two share it
    allow_reuse_address = os.name != "nt"
    # connections that may wait to be taken: the five of the library turned a crowd away
    request_queue_size = 128

    def __init__(
        self, place: tuple[str, int], handler: type[BaseHTTPRequestHandler], sender: CallbackSender | None
    ) -> None:
        self._sender = sender  # first: what cannot be opened is closed at once
        super().__init__(place, handler)

    def server_close(self) -> None:
        super().server_close()
        if self._sender is not None:
            self._sender.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A buyer that went away in the middle of a reply is what we are here for."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _TopUpHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # headers and body leave in one piece: two small writes would wait for each other (Nagle)
    wbufsize = -1
    disable_nagle_algorithm = True
    # a client that stalls in the middle of a request does not hold its thread for ever
    timeout = 60
    orders: OrderBook
    desk: Desk
    callbacks: CallbackSender | None

    def do_POST(self) -> None:
        body = self._body()
        path = urlsplit(self.path).path
        if body is None:
            self._refuse(413, "the body is missing its length or too long")
        elif not self._is_known():
            return
        elif path == "/orders":
            self._place(body)
        elif path == "/practice/release":
            self.desk.release()
            self._answer(200, {"ok": True})
        elif path == "/practice/advance":
            self._advance(body)
        else:
            self._refuse(404, "orders are placed at /orders")

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
        except MalformedOrderError as error:
            self._refuse(400, str(error))
            return
        behaviour = behaviour_of(request.account)
        number = self.desk.hear("orders", request.reference)
        if behaviour.holds(Moment.ORDER_READ, number):
            self.desk.hold()
        if behaviour.answering is Answering.ERROR_500:
            self._refuse(500, "the supplier fell over before it did anything")
        elif behaviour.answering is Answering.ORDER_LOST_ONCE and number == 1:
            self.close_connection = True
        else:
            self._book(request, number)

    def _book(self, request: OrderRequest, number: int) -> None:
        behaviour = behaviour_of(request.account)
        try:
            order, is_new = self.orders.place(request)
        except ReferenceReusedError:
            self._refuse(422, "the reference belongs to another order")
            return
        if is_new and self.callbacks is not None:
            if behaviour.calling is Calling.BEFORE_REPLY:
                self.callbacks.tell_now(order)
            else:
                self.callbacks.follow(order)
        if behaviour.holds(Moment.ORDER_BOOKED, number):
            self.desk.hold()
        if is_new and behaviour.answering in (Answering.REPLY_LOST_ONCE, Answering.HIDDEN_ONCE):
            self.close_connection = True
        elif behaviour.answering is Answering.DUPLICATE:
            self._refuse(409, "this looks like a duplicate")
        else:
            self._tell(order, holds=behaviour.holds(Moment.HALF_REPLY, number))

    def _show(self, path: str) -> None:
        if path == "/orders":
            self._answer(200, self.orders.effects())
        elif path == "/practice/heard":
            self._answer(200, self.desk.heard())
        elif path == "/practice/held":
            wanted = parse_qs(urlsplit(self.path).query).get("count", ["1"])[0]
            count = int(wanted) if wanted.isascii() and wanted.isdigit() else 1
            self._answer(200, {"held": self.desk.wait_held(count)})
        else:
            self._ask(path)

    def _ask(self, path: str) -> None:
        start, _, reference = path.rpartition("/")
        order = self.orders.find(unquote(reference)) if start == "/orders" else None
        number = self.desk.hear("questions", unquote(reference))
        if order is None:
            self._refuse(404, "there is no such order")
            return
        behaviour = behaviour_of(order.request.account)
        if behaviour.holds(Moment.QUESTION_READ, number):
            self.desk.hold()
        if behaviour.answering is Answering.HIDDEN_ONCE and number == 1:
            self._refuse(404, "there is no such order")
        else:
            self._tell(order, holds=behaviour.holds(Moment.HALF_ANSWER, number))

    def _advance(self, body: bytes) -> None:
        try:
            seconds = json.loads(body)["seconds"]
        except (ValueError, KeyError, TypeError, RecursionError):
            seconds = None
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds < 1e9:
            self._refuse(400, 'say {"seconds": 20}')
            return
        self.orders.clock.advance(seconds)
        if self.callbacks is not None:
            self.callbacks.wake()
        self._answer(200, {"ok": True})

    def _tell(self, order: Order, *, holds: bool = False) -> None:
        if behaviour_of(order.request.account).answering is Answering.HTML_PAGE:
            self._send(200, "text/html; charset=utf-8", HTML_PAGE)
        else:
            self._answer(200, self.orders.describe(order), holds=holds)

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

    def _refuse(self, status: int, message: str) -> None:
        self._answer(status, {"error": message})

    def _answer(self, status: int, content: object, *, holds: bool = False) -> None:
        self._send(status, "application/json", json.dumps(content).encode(), holds=holds)

    def _send(self, status: int, content_type: str, body: bytes, *, holds: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        half = len(body) // 2 if holds else 0
        if holds:
            self.wfile.write(body[:half])
            self.wfile.flush()
            self.desk.hold()
        self.wfile.write(body[half:])
