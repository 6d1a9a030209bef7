"""Serves a practice gateway over HTTP on loopback, and takes commands at /practice/ for tests and the demo."""

import json
import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from practice.gateways.call import Call, Reply
from practice.gateways.course import SHAPES, Course, Doing
from practice.gateways.mischief import Commanded, Fault, Kind
from practice.gateways.teller import Teller
from practice.suppliers.desk import MovableClock

AUTHORIZATION = "Bearer practice"
LARGEST_BODY = 262_144


class _NotUnderstood(Exception):
    """The command cannot be read; the text says what was wanted."""


class Door:
    """A gateway, the clock of its bank and what was ordered to go wrong, behind one lock."""

    def __init__(self, teller: Teller, commanded: Commanded, clock: MovableClock) -> None:
        self._teller = teller
        self._commanded = commanded
        self._clock = clock
        self._lock = Lock()

    def answer(self, call: Call) -> Reply | None:
        """A gateway's answer, or a command's."""
        with self._lock:
            if not call.path.startswith("/practice/"):
                return self._teller.answer(call)
            if call.headers.get("authorization") != AUTHORIZATION:
                return _as_json(401, {"error": "say Authorization: Bearer practice"})
            try:
                return _as_json(200, self._obey(call.method, call.path, _fields(call.body)))
            except _NotUnderstood as error:
                return _as_json(400, {"error": str(error)})

    def _obey(self, method: str, path: str, fields: Mapping[str, Any]) -> object:
        match method, path:
            case "POST", "/practice/mischief":
                return self._order(fields)
            case "POST", "/practice/advance":
                seconds = fields.get("seconds")
                if not isinstance(seconds, int | float) or not 0 <= seconds < 1e9:
                    raise _NotUnderstood('say {"seconds": 20}')
                self._clock.advance(seconds)
                self._teller.bank.catch_up()
                return {"ok": True}
            case "POST", "/practice/pay":
                return self._pay(fields)
            case "POST", "/practice/code":
                if fields.get("wallet") not in SHAPES:
                    raise _NotUnderstood(f"say which wallet: {', '.join(SHAPES)}")
                ending = str(fields.get("ending", ""))
                if not (ending == "" or (ending.isascii() and ending.isdigit() and len(ending) <= 8)):
                    raise _NotUnderstood("an ending is at most eight digits")
                return {"code": self._teller.bank.new_code(fields["wallet"], ending)}
            case "GET", "/practice/truth":
                return self._truth()
            case "GET", "/practice/setup":
                return self._teller.setup
        raise _NotUnderstood("there is no such command")

    def _order(self, fields: Mapping[str, Any]) -> object:
        try:
            kind = Kind(fields["kind"])
            faults = [Fault(each) for each in fields["faults"]]
        except (KeyError, ValueError, TypeError) as error:
            raise _NotUnderstood(f"kind: one of {[*Kind]}; faults: a list of {[*Fault]}") from error
        self._commanded.order(kind, faults, fields.get("number"))
        return {"ok": True}

    def _pay(self, fields: Mapping[str, Any]) -> object:
        """A customer pays what the shop shows: found by its order number or by the text of its QR code."""
        number = fields.get("number") or self._teller.number_shown(str(fields.get("qr")))
        try:
            course = Course(Doing(fields.get("doing", "pays")), float(fields.get("after_s", 0)))
        except (ValueError, TypeError) as error:
            raise _NotUnderstood(f"doing: one of {[*Doing]}; after_s: seconds") from error
        told = self._teller.bank.pay_shown(str(number), course, str(fields.get("wallet", "alipay")))
        return {"number": told.number, "state": told.state, "refusal": told.refusal}

    def _truth(self) -> object:
        bank = self._teller.bank
        return {
            "orders": [
                {
                    "number": each.number,
                    "state": each.state,
                    "amount": each.amount,
                    "refunded": each.refunded,
                    "charged": bank.charged(each.number),
                    "kept": bank.kept(each.number),
                    "heard": self._teller.heard_of(each.number),
                }
                for each in bank.orders()
            ]
        }


def gateway_server(door: Door, port: int = 0) -> ThreadingHTTPServer:
    """A server on loopback; the caller serves and closes it."""

    class Handler(_Handler):
        gateway = door

    return _Server(("127.0.0.1", port), Handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # a restarted gateway takes its port again at once; on Windows the same word would let two share it
    allow_reuse_address = os.name != "nt"
    # connections that may wait to be taken: the five of the library turned a crowd away
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A till that went away in the middle of an answer is what we are here for."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # headers and body leave in one piece: two small writes would wait for each other (Nagle)
    wbufsize = -1
    disable_nagle_algorithm = True
    # a client that stalls in the middle of a request does not hold its thread for ever
    timeout = 60
    gateway: Door

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def log_message(self, *_: Any) -> None:
        """Nothing: payment codes do not belong in a log."""

    def _take(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(_as_json(413, {"error": "the body is missing its length or too long"}))
            return
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.gateway.answer(Call(self.command, parts.path, parts.query, headers, body))
        if reply is None:
            self.close_connection = True
        else:
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)


def _as_json(status: int, content: object) -> Reply:
    return Reply(status, {"content-type": "application/json"}, json.dumps(content).encode())


def _fields(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise _NotUnderstood("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise _NotUnderstood("the body is not an object")
    return fields
