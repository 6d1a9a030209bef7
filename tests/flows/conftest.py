"""A fresh shop over fakes for every test."""

from __future__ import annotations

import pytest

from tests.fakes.till_shop import FakeShop, make_fake_shop


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()
