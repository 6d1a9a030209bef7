"""Shouqianba's terminal: activated once, checked in daily for a fresh key, and what is sent under that key.

Source: doc.shouqianba.com, Web API: sign, interface/activate, interface/checkin; Q&A on lost check-ins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import FieldKind, SetupField
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import GatewayKeys
from pos_app.wire.gateways.json_replies import must_be, text
from pos_app.wire.gateways.link import BEIJING, clock_skew_s
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.gateways.setup_fields import FilledIn
from pos_app.wire.gateways.shouqianba.answers import ILLEGAL_SIGN, SETUP_REFUSALS, Reply, read_reply
from pos_app.wire.http import Exchange, Request

NAME = "shouqianba"
ADDRESS = "https://vsi-api.shouqianba.com"

FIELDS = (
    SetupField("address", default=ADDRESS),
    SetupField("vendor_sn"),
    SetupField("vendor_key", FieldKind.SECRET),
    SetupField("app_id"),
    SetupField("activation_code", FieldKind.SECRET),
    SetupField("device_id"),
)


class Terminal:
    """Keeps `terminal_sn`, `terminal_key`, `previous_key` and `checked_in_on` in the gateway's keys.

    After a check-in the old key stays beside the new one until that has signed one good call. A key that is refused
    as an illegal sign is tried after the other from then on; where both are, the terminal is activated once more.
    """

    def __init__(self, keys: GatewayKeys, sender: Sender, clock: Clock) -> None:
        self._keys = keys
        self._sender = sender
        self._clock = clock
        self._refused_key = ""
        self._activated_again_on: date | None = None
        self.skew_s = 0

    def begin_day(self) -> None:
        """Activates when there is no key, and checks in once on each day of Beijing, or when the key was refused."""
        told = self._keys.read()
        if not told.get("terminal_key"):
            self._activate()
        elif (
            told.get("checked_in_on") != self.today().isoformat() or self._refused_key == told["terminal_key"]
        ):
            self._check_in()

    def identity(self) -> Identity:
        """Who this till is at Shouqianba now; GatewaySetupWrong when it was never activated."""
        told = self._keys.read()
        sn, key = told.get("terminal_sn", ""), told.get("terminal_key", "")
        if not sn or not key:
            raise GatewaySetupWrong(NAME, "terminal_key")
        return Identity(FilledIn(NAME, FIELDS, told).address(), sn, key, told.get("previous_key", ""))

    def pay(self, till: Identity, path: str, fields: Mapping[str, str]) -> Reply:
        """Sent once, under one key; no answer to it is a GatewaySetupWrong."""
        key = self._signing_keys(till)[0]
        reply = self._read(self._sender.send_once(_signed(till.address + path, fields, till.sn, key)))
        if reply.reason == ILLEGAL_SIGN:
            self._refused_key = key
        return reply

    def call(self, till: Identity, path: str, fields: Mapping[str, str]) -> Reply:
        """What may be said twice: under the other key when one is refused, and after a check-in at last.

        Their own trouble (500) says nothing of the order: Unreachable.
        """
        reply = self._called(till, path, fields)
        if reply is None:
            self._check_in()
            reply = self._called(self.identity(), path, fields)
        if reply is None:
            raise GatewaySetupWrong(NAME, ILLEGAL_SIGN)
        return reply

    def today(self) -> date:
        return beijing_day(self._clock.now())

    def _called(self, till: Identity, path: str, fields: Mapping[str, str]) -> Reply | None:
        """None when every key that we have is refused."""
        for key in self._signing_keys(till):
            reply = self._post(path, fields, till, key)
            if reply.reason != ILLEGAL_SIGN:
                if till.previous_key and key == till.key and reply.code == "200":
                    self._has_proved(key)
                return reply
            self._refused_key = key
        return None

    def _activate(self) -> None:
        filled = FilledIn(NAME, FIELDS, self._keys.read())
        fields = {
            "app_id": filled["app_id"],
            "code": filled["activation_code"],
            "device_id": filled["device_id"],
        }
        url = filled.address() + "/terminal/activate"
        request = _signed(url, fields, filled["vendor_sn"], filled["vendor_key"])
        # Once: the code is used up by the first that arrives.
        self._keep_key(self._read(self._sender.send_once(request)), "", "")

    def _check_in(self) -> None:
        till = self.identity()
        filled = FilledIn(NAME, FIELDS, self._keys.read())
        fields = {"terminal_sn": till.sn, "device_id": filled["device_id"]}
        for key in self._signing_keys(till):
            reply = self._post("/terminal/checkin", fields, till, key)
            if reply.reason != ILLEGAL_SIGN:
                must_be(reply.data, {"terminal_sn": till.sn})
                self._keep_key(reply, key, till.key)
                return
        self._activate_again()

    def _activate_again(self) -> None:
        """None of our keys is theirs, as when two lanes activated at once: a code may be good for the same device again.

        GatewaySetupWrong about the sign when it is not: the shop needs a new one. Tried once a day, for they count.
        """
        if self._activated_again_on == self.today():
            raise GatewaySetupWrong(NAME, ILLEGAL_SIGN)
        self._activated_again_on = self.today()
        try:
            self._activate()
        except GatewaySetupWrong as refused:
            raise GatewaySetupWrong(NAME, ILLEGAL_SIGN) from refused

    def _keep_key(self, reply: Reply, old: str, before: str) -> None:
        """`old` signed for it, `before` was the newest when it was asked for."""
        if reply.code == "500":
            raise Unreachable("server_trouble")
        sn, key = text(reply.data, "terminal_sn"), text(reply.data, "terminal_key")
        if not sn or not key:
            raise GatewaySetupWrong(NAME, reply.reason) if reply.reason else Unreachable("not_ours")
        # Another lane of this till may have checked in meanwhile, and nobody knows whose key was made last.
        newest = self._keys.read().get("terminal_key", "")
        previous = old if newest == before else newest
        kept = {"terminal_sn": sn, "terminal_key": key, "previous_key": previous}
        self._keys.keep(kept | {"checked_in_on": self.today().isoformat()})
        self._refused_key = ""

    def _has_proved(self, key: str) -> None:
        """The old key is let go - unless another lane has checked in meanwhile, and this key is the old one now."""
        if self._keys.read().get("terminal_key") == key:
            self._keys.keep({"previous_key": ""})

    def _post(self, path: str, fields: Mapping[str, str], till: Identity, key: str) -> Reply:
        request = _signed(till.address + path, fields, till.sn, key)
        reply = self._read(self._sender.send(lambda: request))
        if reply.reason in SETUP_REFUSALS:
            raise GatewaySetupWrong(NAME, reply.reason)
        if reply.code == "500":
            raise Unreachable("server_trouble")
        return reply

    def _read(self, exchange: Exchange) -> Reply:
        self.skew_s = clock_skew_s(exchange, self._clock.now())
        return read_reply(exchange)

    def _signing_keys(self, till: Identity) -> list[str]:
        keys = [each for each in (till.key, till.previous_key) if each]
        return sorted(keys, key=lambda each: each == self._refused_key)


@dataclass(frozen=True, slots=True)
class Identity:
    """One reading of the keyring serves one call: reading it takes time."""

    address: str
    sn: str
    key: str = field(repr=False)
    previous_key: str = field(repr=False)


def check_fields(told: Mapping[str, str]) -> None:
    """GatewaySetupWrong with the key of a field that is missing or no good; nobody is asked."""
    filled = FilledIn(NAME, FIELDS, told)
    filled.address()
    for each in FIELDS:
        filled[each.key]


def beijing_day(at: datetime) -> date:
    """The calendar day there, on which keys and cancels end."""
    return at.astimezone(BEIJING).date()


def _signed(url: str, fields: Mapping[str, str], sn: str, key: str) -> Request:
    """Under the md5 of exactly the bytes that leave, with the key behind them."""
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    sign = hashlib.md5(body + key.encode(), usedforsecurity=False).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Accept-Encoding": "identity",
        "Authorization": f"{sn} {sign}",
    }
    return Request("POST", url, headers, body)
