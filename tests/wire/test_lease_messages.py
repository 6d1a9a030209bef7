"""Answers about leases that do not have the agreed form are not believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.lease import Lease
from pos_app.wire.platform import lease_messages
from pos_app.wire.platform.messages import UnreadableError, read_account
from tests.wire.test_client import ACCOUNT
from tests.wire.test_wire_examples import NOW

GRANT = json.loads((Path(__file__).parents[1] / "wire_examples" / "lease.response.json").read_text())


@pytest.mark.parametrize(
    "harm",
    [
        {"lease_id": "another"},
        {"state": "LOST"},
        {"expires_at": None},
        {"caps": {}},
        {"cards": [{**GRANT["cards"][0], "kind": "voice"}]},
        {"cards": [{**GRANT["cards"][0], "sealed": "*"}]},
    ],
)
def test_a_grant_in_another_form(harm: dict[str, Any]) -> None:
    assert lease_messages.read_grant(json.dumps(GRANT).encode(), GRANT["lease_id"]).cards
    with pytest.raises(UnreadableError):
        lease_messages.read_grant(json.dumps({**GRANT, **harm}).encode(), GRANT["lease_id"])


def test_an_account_with_a_state_of_another_kind() -> None:
    told = {**ACCOUNT, "leases": [{"lease_id": "l", "state": "LOST"}]}
    with pytest.raises(UnreadableError):
        read_account(json.dumps(told).encode())


def test_a_lease_that_waits_for_nothing_asks_nothing() -> None:
    lease = Lease("lease", 1, NOW)
    for call in (lease.filling, lease.returning):
        with pytest.raises(ValueError, match="under way"):
            lease_messages.under_way(call)
