"""Starts `python -m practice gateway NAME` and carries calls to it over a real wire."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from practice.gateways.call import Call, Reply

ROOT = Path(__file__).resolve().parents[3]


class Wire:
    """A running gateway; `setup` is what it told a till to fill in."""

    def __init__(self, address: str, setup: dict[str, str]) -> None:
        self.setup = setup
        self._port = urlsplit(address).port or 0

    def send(self, call: Call) -> Reply | None:
        """None when the connection was closed without a byte."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        target = f"{call.path}?{call.query}" if call.query else call.path
        try:
            connection.request(call.method, target, call.body, dict(call.headers))
            reply = connection.getresponse()
            headers = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, headers, reply.read())
        except http.client.RemoteDisconnected:
            return None
        finally:
            connection.close()

    def command(self, method: str, name: str, **fields: object) -> Any:
        body = json.dumps(fields).encode()
        headers = {"authorization": "Bearer practice"}
        reply = self.send(Call(method, f"/practice/{name}", headers=headers, body=body))
        assert reply is not None
        assert reply.status == 200, reply.body
        return json.loads(reply.body)


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Wire]:
    command = [sys.executable, "-m", "practice", "gateway", name, "--embedded", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert line["ready"] is True
        yield Wire(line["address"], line["setup"])
        process.communicate(timeout=20)
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
