"""Every call that writes or syncs fails once: the till says so, writes nothing more, and has lost nothing when it starts again.

`POS_CUTS` names the form: the full one fails every call, the short one some of them.
"""

import os

import pytest

from tests.cuts.campaign import can_record, quick_folder
from tests.cuts.disk_errors import ERRORS, Ground, fail_each

FORM = os.environ.get("POS_CUTS", "short")
# Of a day of some hundred calls: the first ones open the file, the later ones are of sales and of the log brought back.
_SHORT = range(1, 400, 29)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(20_000),
    pytest.mark.skipif(not can_record(), reason="calls are failed by strace"),
]


@pytest.mark.parametrize("error", ERRORS)
def test_a_call_that_fails_is_said_and_loses_nothing(error: str) -> None:
    with quick_folder() as folder:
        outcome = fail_each(Ground(folder), error, _SHORT if FORM == "short" else None)
    print(f"\n{error} at {outcome.calls} calls: {dict(sorted(outcome.ways.items()))}")
    assert outcome.wrong == [], "\n".join(outcome.wrong[:10])
    assert outcome.calls >= len(_SHORT)
