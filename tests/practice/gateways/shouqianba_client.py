"""Signs for Shouqianba by hand, as the vendor's page says it, so that another hand than the till's is on the pen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from practice.gateways.call import Call, Reply

Send = Callable[[Call], Reply | None]


class Terminal:
    """A till with a terminal: each method is one request, its answer the whole JSON."""

    def __init__(self, send: Send, setup: dict[str, str], device_id: str = "till-1") -> None:
        self.send = send
        self.setup = setup
        self.device_id = device_id
        self.sn = ""
        self.key = ""

    def call(self, path: str, fields: dict[str, Any], *, signer: tuple[str, str] | None = None) -> Call:
        sn, key = signer or (self.sn, self.key)
        body = json.dumps(fields).encode()
        sign = hashlib.md5(body + key.encode()).hexdigest()
        return Call("POST", path, "", {"authorization": f"{sn} {sign}"}, body)

    def ask(self, path: str, **fields: Any) -> Any:
        reply = self.send(self.call(path, {"terminal_sn": self.sn, **fields}))
        return None if reply is None else json.loads(reply.body)

    def activate(self) -> Any:
        fields = {
            "app_id": self.setup["app_id"],
            "code": self.setup["activation_code"],
            "device_id": self.device_id,
        }
        vendor = (self.setup["vendor_sn"], self.setup["vendor_key"])
        reply = self.send(self.call("/terminal/activate", fields, signer=vendor))
        assert reply is not None
        content = json.loads(reply.body)
        if content["result_code"] == "200":
            self.sn = content["biz_response"]["terminal_sn"]
            self.key = content["biz_response"]["terminal_key"]
        return content

    def check_in(self) -> Any:
        return self.ask("/terminal/checkin", device_id=self.device_id)

    def pay(self, number: str, code: str, amount: int = 500) -> Any:
        return self.ask("/upay/v2/pay", **self.payment(number, code, amount))

    def payment(self, number: str, code: str, amount: int = 500) -> dict[str, str]:
        return {
            "client_sn": number,
            "total_amount": str(amount),
            "dynamic_id": code,
            "subject": "Card",
            "operator": "Li",
        }

    def query(self, number: str) -> Any:
        return self.ask("/upay/v2/query", client_sn=number)

    def cancel(self, number: str) -> Any:
        return self.ask("/upay/v2/cancel", client_sn=number)

    def refund(self, number: str, refund_number: str, amount: int) -> Any:
        return self.ask(
            "/upay/v2/refund",
            client_sn=number,
            refund_request_no=refund_number,
            refund_amount=str(amount),
            operator="Li",
        )
