"""Tells the buyer when an order came to its end: signed, repeated with growing pauses, or as badly as asked for."""

import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread
from urllib.parse import urlsplit

from practice.suppliers.behaviour import FINAL, Calling, behaviour_of
from practice.suppliers.desk import MovableClock
from practice.suppliers.order_book import Order

KEY_ID = "practice-1"
SECRET = b"practice"
_FORGER = b"somebody else"
_PAUSES_S = (5, 15, 60, 300, 900, 3600, 21_600)
_LOOK_AGAIN_S = 0.2  # the clock may be moved by hand, and then the sender is woken too
_PATIENCE_S = 10


@dataclass(frozen=True)
class Callback:
    """One message: a repeat has the same event id and a fresh signature."""

    body: bytes
    is_forged: bool = False


def callback_of(order: Order, state: str, *, times: int = 1, is_forged: bool = False) -> Callback:
    """What is said of an order in that state; `times` the true amount."""
    request = order.request
    content = {
        "event_id": f"{order.supplier_order}-{state}",
        "reference": request.reference,
        "supplier_order": order.supplier_order,
        "product": request.product,
        "face_minor": request.face_minor * times,
        "currency": request.currency,
        "state": state,
    }
    return Callback(json.dumps(content).encode(), is_forged)


def sign(body: bytes, at: float, secret: bytes = SECRET) -> dict[str, str]:
    """The headers of a callback: HMAC-SHA256 in hex over the seconds, a dot and the body as it travels."""
    seconds = str(int(at))
    mark = hmac.new(secret, seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Practice-Key": KEY_ID,
        "X-Practice-Timestamp": seconds,
        "X-Practice-Signature": mark,
    }


class CallbackSender:
    """One thread that sends what is due by the supplier's clock."""

    def __init__(self, url: str, clock: MovableClock) -> None:
        self._target = urlsplit(url)
        if self._target.scheme not in ("http", "https") or not self._target.netloc:
            raise ValueError("a callback address begins with http:// or https://")
        self._clock = clock
        self._change = Condition()
        self._queue: list[tuple[float, int, Callback, int]] = []
        self._numbers = count()
        self._is_closed = False
        self._thread = Thread(target=self._work, name="callbacks", daemon=True)
        self._thread.start()

    def follow(self, order: Order) -> None:
        """Everything that will have to be said of a new order."""
        behaviour = behaviour_of(order.request.account)
        start = order.placed_at
        if behaviour.calling is Calling.FORGED:
            self._put(start, callback_of(order, "success", is_forged=True))
        if behaviour.calling is Calling.WRONG_AMOUNT:
            self._put(start, callback_of(order, "success", times=2))
        for after_s, state in behaviour.course:
            if state in FINAL:
                for _ in range(2 if behaviour.calling is Calling.TWICE else 1):
                    self._put(start + after_s, callback_of(order, state))

    def tell_now(self, order: Order) -> None:
        """Before the reply: returns when the buyer has answered, well or not."""
        at = self._clock()
        callback = callback_of(order, order.state_at(at))
        if not self._send(callback):
            self._put(at + _PAUSES_S[0], callback, 1)

    def wake(self) -> None:
        """The clock was moved."""
        with self._change:
            self._change.notify_all()

    def close(self) -> None:
        """Sends nothing more."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()
        self._thread.join()

    def _put(self, due: float, callback: Callback, failures: int = 0) -> None:
        with self._change:
            heappush(self._queue, (due, next(self._numbers), callback, failures))
            self._change.notify_all()

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            callback, failures = taken
            at = self._clock()  # before it is sent: pauses are counted from what the buyer saw
            if not self._send(callback) and failures < len(_PAUSES_S):
                self._put(at + _PAUSES_S[failures], callback, failures + 1)

    def _next(self) -> tuple[Callback, int] | None:
        with self._change:
            while not self._is_closed:
                if self._queue and self._queue[0][0] <= self._clock():
                    return heappop(self._queue)[2:]
                self._change.wait(_LOOK_AGAIN_S if self._queue else None)
        return None

    def _send(self, callback: Callback) -> bool:
        """Whether the buyer took it; whatever else comes back means that it must be said again."""
        headers = sign(callback.body, self._clock.unmoved(), _FORGER if callback.is_forged else SECRET)
        opened = http.client.HTTPSConnection if self._target.scheme == "https" else http.client.HTTPConnection
        connection = opened(self._target.netloc, timeout=_PATIENCE_S)
        try:
            connection.request("POST", self._target.path or "/", callback.body, headers)
            return connection.getresponse().status == 200
        except (http.client.HTTPException, OSError):
            return False
        finally:
            connection.close()
