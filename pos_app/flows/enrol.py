"""Join a platform with the code that its operator handed over."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.till import Enrolment
from pos_app.ports.books import OpenBooks
from pos_app.ports.platform import Platform


@dataclass(frozen=True)
class Enrol:
    """Ask, then keep the answer; a till that lost the answer needs a new code."""

    open_books: OpenBooks
    platform: Platform

    def __call__(self, code: str, till_name: str) -> Enrolment:
        enrolment = self.platform.enrol(code.strip(), till_name)
        with self.open_books() as books:
            books.till.enrol(enrolment)
            books.commit()
        return enrolment
