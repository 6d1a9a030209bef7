"""A day without the line, with power cuts in it: nothing lost, nothing twice, the same sums on both sides."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cuts.campaign import can_record
from tests.offline.day import FORMS, run
from tests.proof.page import tell

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.mark.skipif(not can_record(), reason="strace is not here, or may not be used")
def test_a_day_offline(tmp_path: Path) -> None:
    evening = run(tmp_path, FORMS[os.environ.get("POS_OFFLINE", "short")], seed=1)
    tell("offline", "```\n" + "\n".join(evening.lines()) + "\n```")
    assert not evening.wrong
    assert evening.acknowledged > 0
