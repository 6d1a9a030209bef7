"""The statement that spends a nonce."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Insert, String, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql

from platform_server.store.fast import Prepared
from platform_server.store.tables import nonces


def _spend(engine: Any) -> Insert:
    if engine is not postgresql:
        return engine.insert(nonces).on_conflict_do_nothing().returning(nonces.c.nonce)  # type: ignore[no-any-return]
    # Said within the statement, the setting costs no trip of its own and ends with it.
    hurry = select(func.set_config("synchronous_commit", "off", True).label("said")).cte("hurry")
    row = (
        select(
            cast(bindparam("keyid"), String),
            cast(bindparam("nonce"), String),
            cast(bindparam("until"), BigInteger),
        )
        .select_from(hurry)
        .where(hurry.c.said == "off")
    )
    spend = postgresql.insert(nonces).from_select(["keyid", "nonce", "until"], row)
    return spend.on_conflict_do_nothing().returning(nonces.c.nonce)


SPEND = Prepared(_spend)
