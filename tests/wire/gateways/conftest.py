"""Reads the fixed keys once: to look whether a private key is sound takes a tenth of a second."""

import functools
from collections.abc import Iterator

import pytest

from pos_app.wire.gateways import rsa_keys


@pytest.fixture(autouse=True, scope="session")
def keys_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rsa_keys, "private_key", functools.cache(rsa_keys.private_key))
        yield
