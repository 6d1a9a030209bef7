"""A ledger that somebody tampered with is found out, each time, by the verifier that an outsider has."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections import Counter
from typing import Any

import pytest

from pos_app.domain.ledger import canonical
from pos_app.domain.signature import framed
from pos_app.verify import Keys, Verdict, read_lines, verify
from tests.proof.page import tell
from tests.proof.stage import Stage, a_till_at_work, checkpoint_line, keys_file
from tests.proof.tampering import WAYS, relinked, tamper

TAMPERINGS = int(os.environ.get("POS_TAMPERINGS", "1000"))
SEED = 5


@pytest.fixture(scope="module")
def stage() -> Stage:
    return a_till_at_work()


def test_every_tampering_is_found(stage: Stage) -> None:
    """By its chain and signatures alone; where it is a beginning of the good one, beside a signed point from beyond."""
    keys = Keys(keys_file(stage))
    point = [checkpoint_line(stage, len(stage.lines))]
    whole = ("\n".join(stage.lines) + "\n").encode()
    done: Counter[str] = Counter()
    missed = []
    for number in range(TAMPERINGS):
        tampering = tamper(stage.lines, random.Random(f"{SEED}-{number}"))
        is_cut = whole.startswith(tampering.raw)
        shown = {"ledger.jsonl": read_lines(tampering.raw), **({"point.jsonl": point} if is_cut else {})}
        findings = verify(keys, (), shown)
        done[tampering.how] += 1
        if any(each.verdict is Verdict.WHOLE for each in findings) or not findings:
            missed.append((number, tampering.how))
    ways = ", ".join(f"{how} {count}" for how, count in sorted(done.items()))
    tell("ledger", f"{TAMPERINGS:,} tamperings from seed {SEED}, {len(missed)} not found: {ways}.")
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


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("sale_paid", "total_minor"),
        ("sale_paid", "receipt_number"),
        ("money_given_back", "amount_minor"),
        ("receipt_signed", "turnover_minor"),
        ("receipt_signed", "text"),
        ("shift_closed", "shift_id"),
    ],
)
def test_a_till_that_contradicts_itself_is_found(stage: Stage, kind: str, name: str) -> None:
    """Even under its own key: what a receipt says and what the ledger says must be one."""
    entries = [json.loads(line) for line in stage.lines]
    changed = next(each for each in entries if each["kind"] == kind)["body"]
    changed[name] = changed[name] + 1 if isinstance(changed[name], int) else changed[name] + "1"

    def sign(entry: dict[str, Any]) -> dict[str, Any]:
        if entry["epoch"] == 2 and entry["seq"] == 1:
            entry["body"]["before"]["head"] = hashlib.sha256(signed[-1]).hexdigest()[:32]
        facts = {each: entry[each] for each in entry if each != "sig"}
        sig = stage.fake.till.signer.sign(framed("pos-entry-1", canonical(facts)))
        signed.append(canonical({**facts, "sig": sig}))
        return {**facts, "sig": sig}

    signed: list[bytes] = []
    lines = relinked(entries, sign)
    (finding,) = verify(Keys(keys_file(stage)), (), {"ledger.jsonl": lines})
    assert finding.verdict is Verdict.TAMPERED
    assert "key" not in finding.sentence  # its signatures are all good
