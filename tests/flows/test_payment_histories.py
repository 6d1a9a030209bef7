"""Hundreds of random days at a counter where everything gets lost: nobody pays twice, nothing is given away."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.flows.payment_history import begin

HISTORIES, STEPS, BUNDLES = 300, 45, 4


@pytest.mark.parametrize("bundle", range(BUNDLES))
def test_money_and_goods_agree_after_any_history(bundle: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(bundle, HISTORIES, BUNDLES):
        history = begin(seed)
        try:
            history.run(STEPS)
        except AssertionError as wrong:
            raise AssertionError(f"history {seed}") from wrong
        seen += history.seen
    # The histories were worth it: each of these came up.
    for what in ("sale done", "sale cancelled", "sale refunded", "attempt paid", "attempt failed",
                 "attempt reversed", "attempt refunded", "killed", "PaymentUnsettled", "PaymentCodeUsed",
                 "meanwhile"):  # fmt: skip
        assert seen[what], what
