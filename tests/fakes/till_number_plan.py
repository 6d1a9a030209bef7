"""A number plan that knows three carriers by their first three digits."""

import re
from dataclasses import dataclass, field

from pos_app.domain.entry import PhoneNumber
from pos_app.domain.errors import FieldInvalid

_CARRIERS = {
    "138": "mobile",
    "139": "mobile",
    "130": "unicom",
    "186": "unicom",
    "133": "telecom",
    "192": "broadnet",
}


@dataclass
class FakeNumberPlan:
    """Every well-formed number exists; its place is always Guangzhou."""

    carriers: dict[str, str] = field(default_factory=lambda: dict(_CARRIERS))

    def check(self, digits: str) -> PhoneNumber:
        if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
            raise FieldInvalid(key="phone", validator="phone_cn")
        return PhoneNumber(digits, self.carriers.get(digits[:3]), "广州", "Guangzhou")
