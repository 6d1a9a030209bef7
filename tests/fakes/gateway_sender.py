"""A sender on a script, for clients of payment gateways, and what such a client keeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pos_app.domain.errors import Unreachable
from pos_app.wire.http import Exchange, Request


@dataclass(frozen=True)
class Told:
    """One reply; header names in lower case."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Step = Told | Unreachable | Callable[[Request], Told]


class ScriptedSender:
    """`wire.gateways.sender.Sender`: hands out its script in order and remembers every request that left."""

    def __init__(self, *script: Step) -> None:
        self.script = list(script)
        self.heard: list[Request] = []
        self.said_once: list[Request] = []

    def send(self, make: Callable[[], Request]) -> Exchange:
        return self._answer(make())

    def send_once(self, request: Request) -> Exchange:
        self.said_once.append(request)
        return self._answer(request)

    def _answer(self, request: Request) -> Exchange:
        self.heard.append(request)
        step = self.script.pop(0)
        if isinstance(step, Unreachable):
            raise step
        told = step if isinstance(step, Told) else step(request)
        return Exchange(request, told.status, told.headers, told.body)


class TwitchySender(ScriptedSender):
    """Makes each repeatable request twice, as after a connection that was dropped while idle."""

    def send(self, make: Callable[[], Request]) -> Exchange:
        self.heard.append(make())
        return self._answer(make())


class MemoryKeys:
    """`ports.gateway.GatewayKeys` in memory."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.told = dict(told)
        self.reads = 0
        self.keeps: list[dict[str, str]] = []

    def read(self) -> Mapping[str, str]:
        self.reads += 1
        return dict(self.told)

    def keep(self, changed: Mapping[str, str]) -> None:
        self.keeps.append(dict(changed))
        self.told |= changed
