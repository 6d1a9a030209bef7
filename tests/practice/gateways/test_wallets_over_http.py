"""WeChat Pay and Alipay once as they are started by hand, over a real wire."""

from __future__ import annotations

import json
import time

import pytest

from practice.gateways.call import Call
from tests.practice.gateways import alipay_asks, wechat_asks
from tests.practice.gateways.over_http import running


@pytest.mark.parametrize("name", ["alipay", "alipay-certificates"])
def test_alipay(name: str) -> None:
    with running(name) as wire:
        merchant = alipay_asks.Merchant(wire.setup, time.time())
        code = wire.command("POST", "code", wallet="alipay", ending="012")["code"]
        assert wire.send(merchant.call("alipay.trade.pay", alipay_asks.paying(code=code))) is None
        reply = wire.send(merchant.call("alipay.trade.query", {"out_trade_no": "A1"}))
        assert merchant.believe(reply)["trade_status"] == "TRADE_SUCCESS"
        reply = wire.send(merchant.call("alipay.trade.cancel", {"out_trade_no": "A1"}))
        assert merchant.believe(reply)["action"] == "refund"
        assert wire.command("GET", "truth")["orders"][0]["kept"] == 0


@pytest.mark.parametrize("name", ["wechat", "wechat-certificates"])
def test_wechat(name: str) -> None:
    with running(name) as wire:
        merchant = wechat_asks.Merchant(wire.setup, time.time())
        us = {"appid": wire.setup["appid"], "mchid": wire.setup["mchid"]}
        if name == "wechat-certificates":
            merchant.know(wire.send(merchant.call("GET", "/v3/certificates")))
        native = {
            **us,
            "description": "card",
            "out_trade_no": "Q1",
            "notify_url": "https://shop.example/none",
            "amount": {"total": 500, "currency": "CNY"},
        }
        path = "/v3/pay/transactions/native"
        reply = wire.send(merchant.call("POST", path, json.dumps(native).encode()))
        wire.command("POST", "pay", qr=merchant.believe(reply)["code_url"], wallet="wechat")
        target = f"{wechat_asks.about('Q1')}?mchid={us['mchid']}"
        assert merchant.believe(wire.send(merchant.call("GET", target)))["trade_state"] == "SUCCESS"
        code = wire.command("POST", "code", wallet="wechat")["code"]
        body = merchant.xml(**wechat_asks.micropaying(code=code))
        said = merchant.believe_xml(wire.send(Call("POST", "/pay/micropay", body=body)))
        assert (said["result_code"], said["out_trade_no"]) == ("SUCCESS", "A1")
        assert [each["kept"] for each in wire.command("GET", "truth")["orders"]] == [500, 1250]
