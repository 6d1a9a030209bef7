"""A ledger that somebody tampered with is found out, each time, by the verifier that an outsider has."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from pos_app.verify import Keys, Verdict, read_lines, verify
from tests.proof.stage import Stage, a_till_at_work, checkpoint_line, keys_file
from tests.proof.tampering import WAYS, tamper

TAMPERINGS = int(os.environ.get("POS_TAMPERINGS", "1000"))
SEED = 5


@pytest.fixture(scope="module")
def stage() -> Stage:
    return a_till_at_work()


def test_every_tampering_is_found(stage: Stage, tmp_path: Path) -> None:
    """Shown beside one signed point of the platform's log; each kind often enough, and the good ledger is whole."""
    keys = Keys(keys_file(stage))
    point = [checkpoint_line(stage, len(stage.lines))]
    done: Counter[str] = Counter()
    missed = []
    for number in range(TAMPERINGS):
        tampering = tamper(stage.lines, random.Random(f"{SEED}-{number}"))
        lines = read_lines(tampering.raw)
        findings = verify(keys, (), {"ledger.jsonl": lines, "point.jsonl": point})
        done[tampering.how] += 1
        if any(each.verdict is Verdict.WHOLE for each in findings) or not findings:
            missed.append((number, tampering.how))
    print(
        f"\n{TAMPERINGS} tamperings from seed {SEED}, {len(missed)} not found: {dict(sorted(done.items()))}"
    )
    assert missed == []
    assert len(done) == len(WAYS)
    (good,) = verify(keys, (), {"ledger.jsonl": list(stage.lines), "point.jsonl": point})
    assert good.verdict is Verdict.WHOLE, good.sentence


def test_a_cut_at_the_end_is_shown_by_a_point_or_a_receipt_from_beyond(stage: Stage) -> None:
    keys = Keys(keys_file(stage))
    for left in range(1, len(stage.lines)):
        cut = {"ledger.jsonl": list(stage.lines[:left])}
        (alone,) = verify(keys, (), cut)
        assert alone.verdict is Verdict.WHOLE  # nothing in it can show what is not in it
        (beside,) = verify(keys, (), {**cut, "point.jsonl": [checkpoint_line(stage, left + 1)]})
        assert beside.verdict is Verdict.TAMPERED
        beyond = [
            text for text in stage.receipts.values() if not any(text in line for line in stage.lines[:left])
        ]
        if beyond:
            receipt, ledger = verify(keys, beyond[:1], cut)
            assert (receipt.verdict, ledger.verdict) == (Verdict.NOT_IN_LEDGER, Verdict.TAMPERED)


def test_no_changed_receipt_is_genuine(stage: Stage) -> None:
    """Any one character of any receipt, and every cut."""
    keys, chance = Keys(keys_file(stage)), random.Random(SEED)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    refused = (Verdict.ALTERED, Verdict.UNKNOWN_TILL)
    for text in stage.receipts.values():
        for place in range(len(text)):
            for changed in (text[:place] + chance.choice(alphabet) + text[place + 1 :], text[:place]):
                if changed != text:
                    (finding,) = verify(keys, [changed], {})
                    assert finding.verdict in refused, changed
