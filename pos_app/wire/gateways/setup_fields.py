"""What a shop filled in for a gateway, looked at where it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pos_app.domain.errors import GatewaySetupWrong
from pos_app.domain.gateway import SetupField

# In the plain form that `wire/http.py` asks for, so that what is wrong is said here and not while somebody pays.
_ADDRESS = re.compile(
    r"(?:https://[a-z0-9][a-z0-9.-]*|http://(?:localhost|127\.0\.0\.1))(?::[0-9]{1,5})?(?:/[A-Za-z0-9_~-]+)*"
)


@dataclass(frozen=True, slots=True)
class FilledIn:
    """The values of `fields`; each look raises GatewaySetupWrong(name, key) when a needed one is missing or no good."""

    name: str
    fields: tuple[SetupField, ...]
    told: Mapping[str, str] = field(repr=False)

    def __getitem__(self, key: str) -> str:
        asked = next(each for each in self.fields if each.key == key)
        value = self.told.get(key, "").strip() or asked.default
        if (asked.is_needed and not value) or (asked.choices and value not in asked.choices):
            raise GatewaySetupWrong(self.name, key)
        return value

    def address(self) -> str:
        """Where the gateway is, without a slash at the end: HTTPS, plain HTTP only to this very PC (practice)."""
        value = self["address"].rstrip("/")
        if not _ADDRESS.fullmatch(value):
            raise GatewaySetupWrong(self.name, "address")
        return value
