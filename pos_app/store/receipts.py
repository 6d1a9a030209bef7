"""Signed receipts, kept word for word: the only place where one gets its signature."""

from __future__ import annotations

from typing import Any

from pos_app.domain.signed_receipt import ReceiptFacts, ReceiptType, SignedReceipt, signing_input
from pos_app.ports.signer import Signer
from pos_app.store.connection import BooksConnection

_RECEIPT = "SELECT number, type, subject, turnover, text FROM receipts"
_PUT = (
    "INSERT INTO receipts (number, type, subject, turnover, text) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (number) DO NOTHING"
)


class SqlReceipts:
    def __init__(self, connection: BooksConnection, signer: Signer) -> None:
        self._connection = connection
        self._signer = signer

    def sign(self, facts: ReceiptFacts, subject: str) -> SignedReceipt:
        text = facts.text(self._signer.kid)
        signed = f"{text}.{self._signer.sign(signing_input(text))}"
        receipt = SignedReceipt(facts.number, facts.type, subject, facts.turnover, signed)
        if not self.keep(receipt):
            raise ValueError(f"receipt {receipt.number} was signed before")
        return receipt

    def keep(self, receipt: SignedReceipt) -> bool:
        values = (receipt.number, receipt.type.value, receipt.subject, receipt.turnover, receipt.text)
        return self._connection.run(_PUT, values).rowcount == 1

    def of(self, subject: str) -> tuple[SignedReceipt, ...]:
        rows = self._connection.run(_RECEIPT + " WHERE subject = ? ORDER BY num", (subject,))
        return tuple(_receipt(row) for row in rows)

    def all(self) -> tuple[SignedReceipt, ...]:
        return tuple(_receipt(row) for row in self._connection.run(_RECEIPT + " ORDER BY num"))

    def turnover(self) -> int:
        last = self._connection.run("SELECT turnover FROM receipts ORDER BY num DESC LIMIT 1").scalar()
        return int(last or 0)

    def zeros(self) -> int:
        """One lookup, not a count: they are numbered in order."""
        last = self._connection.run(
            "SELECT number FROM receipts WHERE type = 'Z' ORDER BY num DESC LIMIT 1"
        ).scalar()
        return int(last[1:]) if last else 0


def _receipt(row: Any) -> SignedReceipt:
    return SignedReceipt(row[0], ReceiptType(row[1]), row[2], row[3], row[4])
