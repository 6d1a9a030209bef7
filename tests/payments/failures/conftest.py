"""Keys that are made once and read once: fresh ones for every test would cost most of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from practice.gateways import lakala

# More than one gateway needs at once, so that a changed key is never the one before it.
_KEYS = 12


@pytest.fixture(scope="session")
def ready_keys() -> Iterator[RSAPrivateKey]:
    return cycle([generate_private_key(65537, 2048) for _ in range(_KEYS)])


@pytest.fixture(scope="session")
def read_once() -> Callable[..., Any]:
    return cache(load_pem_private_key)


@pytest.fixture(autouse=True)
def quick_keys(
    ready_keys: Iterator[RSAPrivateKey], read_once: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Lakala's are kept by name for the whole run: drawn at different times, two of them might be the same.
    lakala._key.cache_clear()
    monkeypatch.setattr("practice.gateways.rsa_keys.generate_private_key", lambda *_: next(ready_keys))
    monkeypatch.setattr("pos_app.wire.gateways.rsa_keys.load_pem_private_key", read_once)
