"""What is known of phone numbers."""

from __future__ import annotations

from typing import Protocol

from pos_app.domain.entry import PhoneNumber


class NumberPlan(Protocol):
    def check(self, digits: str) -> PhoneNumber:
        """A mobile number of mainland China with carrier and place; FieldInvalid when there can be no such number."""
