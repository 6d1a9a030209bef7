"""Scripted servers that end with their test."""

from collections.abc import Callable, Iterator

import pytest

from tests.wire.scripted_server import Part, ScriptedServer


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts a server on a script."""
    started: list[ScriptedServer] = []

    def start(*script: Part, **how: object) -> ScriptedServer:
        server = ScriptedServer(list(script), **how)  # type: ignore[arg-type]
        started.append(server)
        return server

    yield start
    for server in started:
        server.close()
