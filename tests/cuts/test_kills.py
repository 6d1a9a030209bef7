"""A till killed at each numbered step of a day, at a real platform, and driven to the end by its next start.

`POS_CUTS` names the form: the full one takes every step, the short one some of them.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.cuts.street import Street, street
from tests.proof.footing import quick_folder
from tests.proof.page import tell

FORM = os.environ.get("POS_CUTS", "short")
_SHORT = 8
_BETWEEN_DOCTORS = {"full": 10, "release": 1}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(20_000),
    pytest.mark.skipif(os.name == "nt", reason="a till is forked"),
]


@pytest.fixture(scope="module")
def place() -> Iterator[Street]:
    with quick_folder("cuts-") as folder, street(folder) as found:
        yield found


def test_killed_at_every_step_it_comes_to_a_good_end(place: Street) -> None:
    """Until a day passes that is not killed, as its steps may become more."""
    code, names = place.day()
    assert code == 0, names
    apart = 1 if FORM != "short" else len(names) // _SHORT | 1
    step, kills, wrong = 1, Counter[str](), list[str]()
    while True:
        code, told = place.day(step)
        if code == 0:
            break
        assert code == -signal.SIGKILL, "\n".join(told)
        kills[names[min(step, len(names)) - 1]] += 1
        wrong += [f"step {step}: {each}" for each in place.again()]
        if sum(kills.values()) % _BETWEEN_DOCTORS.get(FORM, 10**9) == 0:
            wrong += [f"step {step}: {each}" for each in place.doctors()]
        assert not wrong, "\n".join(wrong)
        step += apart
    assert place.doctors() == []
    assert sum(kills.values()) >= min(_SHORT, len(names))
    sales = [facts for facts in place.diary.read() if "paid" in facts]
    where = ", ".join(f"{name} {count}" for name, count in sorted(kills.items()))
    papers = sum(map(len, place.diary.slips().values()))
    tell(
        "kills-of-steps",
        f"Killed at {sum(kills.values())} of {len(names)} steps: {where}.\n"
        f"{len(sales)} sales paid and told, {papers} codes on paper, nothing wrong at any start after.",
    )
