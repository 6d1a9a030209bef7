"""No power cut loses what the till had said: system calls of whole days, replayed into what a disk may hold.

`POS_CUTS` names the form: `dev.py prove cuts` asks for the full one; the release form can be stopped and goes on where
it was.
"""

import os
from dataclasses import replace

import pytest

from tests.cuts.campaign import FORMS, OURS, Part, Tally, can_record, run, run_remembered, told
from tests.proof.footing import ROOT
from tests.proof.page import tell

FORM_NAME = os.environ.get("POS_CUTS", "short")
FORM = FORMS[FORM_NAME]
SEED = int(os.environ.get("POS_CUTS_SEED", "1"))
JOBS = int(os.environ.get("POS_CUTS_JOBS", "1"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(20_000),
    pytest.mark.skipif(not can_record(), reason="system calls are recorded by strace"),
]


def test_no_power_cut_loses_what_was_told() -> None:
    """By the store, and for a share of the states by the till's whole recovery against a platform that remembers."""
    if FORM_NAME == "release":
        by_program = run_remembered(FORM, ROOT / "out" / "prove" / "cuts.jsonl", JOBS)
        tally = sum(by_program.values(), Tally())
        rows = [(OURS, tally), *((f"of these program {name}", part) for name, part in by_program.items())]
    else:
        tally = run(FORM, SEED)
        rows = [(OURS, tally)]
    tell("cuts", "\n".join(told(rows)))
    assert (tally.lost, tally.damaged, tally.unrecovered) == (0, 0, 0), "\n".join(tally.told)
    assert tally.states >= FORM.states
    assert tally.recoveries >= FORM.recoveries
    assert tally.looked_at > 0


@pytest.mark.parametrize(
    ("way", "loses"),
    [("WAL NORMAL", True), ("DELETE FULL", True), ("DELETE EXTRA", False), ("TRUNCATE FULL", False)],
)
def test_files_that_are_kept_otherwise(way: str, loses: bool) -> None:
    """The cuts have teeth: where SQLite promises less, they lose sales."""
    if FORM_NAME == "short" and way not in ("WAL NORMAL", "DELETE FULL"):
        pytest.skip("two ways are enough to show the teeth")
    form = replace(FORM, states=10**9, customers=1 if FORM_NAME == "short" else 12, most=2)
    tally = Part(SEED, form, way).run()
    tell(f"cuts-{way.lower().replace(' ', '-')}", "\n".join(told([(way, tally)])))
    assert (tally.lost > 0) is loses, "\n".join(tally.told)
    assert loses or tally.damaged == 0, "\n".join(tally.told)
