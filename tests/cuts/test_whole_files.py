"""Power cuts while a till makes, upgrades or puts back whole files: it opens again, and nothing that was said is gone."""

import os

import pytest

from tests.cuts.campaign import can_record
from tests.cuts.files import SCENES, try_some
from tests.proof.page import tell

# Of each moment so many states, and of these a share.
MOST, SHARE = {"short": (2, 0.15), "full": (4, 1.0)}.get(os.environ.get("POS_CUTS", "short"), (30, 1.0))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(20_000),
    pytest.mark.skipif(not can_record(), reason="system calls are recorded by strace"),
]


@pytest.mark.parametrize("name", SCENES)
def test_a_cut_in_the_middle_leaves_a_till_that_opens(name: str) -> None:
    states, wrong = try_some(name, MOST, SHARE)
    tell(f"cuts-{name.replace(' ', '-')}", f"{name}: {states} states, {len(wrong)} wrong.")
    assert wrong == [], "\n".join(wrong[:10])
    assert states > 5
