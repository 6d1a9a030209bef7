"""Each practice gateway once as it is started by hand: over a real wire, set up by what its ready line says."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from tests.practice.gateways.lakala_client import Merchant
from tests.practice.gateways.over_http import ROOT, running
from tests.practice.gateways.shouqianba_client import Terminal


def test_shouqianba() -> None:
    with running("shouqianba", "--forgets") as wire:
        terminal = Terminal(wire.send, wire.setup)
        terminal.activate()
        code = wire.command("POST", "code", wallet="wechat", ending="012")["code"]
        assert terminal.pay("A1", code) is None
        assert terminal.query("A1")["biz_response"]["data"]["order_status"] == "PAID"
        code = wire.command("POST", "code", wallet="alipay", ending="013")["code"]
        assert terminal.pay("A2", code) is None
        assert terminal.cancel("A2")["biz_response"]["error_code"] == "UPAY_ORDER_NOT_EXISTS"
        wire.command("POST", "advance", seconds=20)
        orders = wire.command("GET", "truth")["orders"]
        assert [(each["number"], each["kept"], each["heard"].get("pay")) for each in orders] == [
            ("A1", 500, 1),
            ("A2", 500, 1),
        ]


def test_lakala() -> None:
    with running("lakala") as wire:
        merchant = Merchant(wire.send, wire.setup, time.time)
        code = wire.command("POST", "code", wallet="unionpay", ending="012")["code"]
        assert merchant.pay("A1", code) is None
        assert merchant.query("A1")["resp_data"]["trade_state"] == "SUCCESS"
        assert merchant.undo("revoked", "A1")["code"] == "BBS00000"
        assert wire.command("GET", "truth")["orders"][0]["kept"] == 0
        assert wire.command("GET", "setup") == wire.setup


def test_a_gateway_that_is_none() -> None:
    command = [sys.executable, "-m", "practice", "gateway", "piggy-bank"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=20, check=False)
    line = json.loads(ended.stdout)
    assert (ended.returncode, line["ready"], line["code"]) == (2, False, "UNKNOWN_GATEWAY")
    assert "shouqianba" in line["message"]
