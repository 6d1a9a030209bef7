"""Keys for practice gateways that are made once: fresh ones for every test would cost most of its time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

# More than one gateway needs at once, so that a changed key is never the one before it.
_KEYS = 12


@pytest.fixture(scope="session")
def ready_keys() -> Iterator[RSAPrivateKey]:
    return cycle([generate_private_key(65537, 2048) for _ in range(_KEYS)])


@pytest.fixture(autouse=True)
def quick_keys(ready_keys: Iterator[RSAPrivateKey], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("practice.gateways.rsa_keys.generate_private_key", lambda *_: next(ready_keys))
