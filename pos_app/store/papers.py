"""Papers that must come out, in the order in which they were made."""

from __future__ import annotations

from typing import Any

from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant, micros

_PAPER = "SELECT id, kind, sale_id, subject, copy, state, made_at, cause FROM papers"
_PUT = (
    "INSERT INTO papers (id, kind, sale_id, subject, copy, state, made_at, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET copy = excluded.copy, state = excluded.state, cause = excluded.cause"
)


class SqlPapers:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def get(self, paper_id: str) -> Paper:
        row = self._connection.run(_PAPER + " WHERE id = ?", (paper_id,)).one_or_none()
        if row is None:
            raise KeyError(paper_id)
        return _paper(row)

    def of_sale(self, sale_id: str) -> tuple[Paper, ...]:
        rows = self._connection.run(_PAPER + " WHERE sale_id = ? ORDER BY num", (sale_id,))
        return tuple(_paper(row) for row in rows)

    def put(self, paper: Paper) -> None:
        self._connection.run(
            _PUT,
            (
                paper.id,
                paper.kind.value,
                paper.sale_id,
                paper.subject,
                paper.copy,
                paper.state.value,
                micros(paper.made_at),
                paper.cause,
            ),
        )


def _paper(row: Any) -> Paper:
    return Paper(
        row[0], PaperKind(row[1]), row[2], row[3], row[4], PaperState(row[5]), instant(row[6]), row[7]
    )
