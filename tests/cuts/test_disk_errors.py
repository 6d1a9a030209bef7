"""Every call that writes or syncs fails once: the till says so, writes nothing more, and has lost nothing when it starts again.

`POS_CUTS` names the form: the full one fails every call, the short one some of them.
"""

import os

import pytest

from tests.cuts.campaign import can_record
from tests.cuts.disk_errors import ERRORS, Ground, fail_each
from tests.proof.footing import quick_folder
from tests.proof.page import tell

FORM = os.environ.get("POS_CUTS", "short")
_APART = 53 if FORM == "short" else 1
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(20_000),
    pytest.mark.skipif(not can_record(), reason="calls are failed by strace"),
]


@pytest.mark.parametrize("error", ERRORS)
def test_a_call_that_fails_is_said_and_loses_nothing(error: str) -> None:
    with quick_folder("cuts-") as folder:
        outcome = fail_each(Ground(folder), error, _APART)
    ways = ", ".join(f"{way} {count}" for way, count in sorted(outcome.ways.items()))
    tell(f"cuts-{error.lower()}", f"{error} at {outcome.calls} calls, {len(outcome.wrong)} wrong: {ways}.")
    assert outcome.wrong == [], "\n".join(outcome.wrong[:10])
    assert outcome.calls > 10
