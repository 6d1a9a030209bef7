"""What a shop filled in for a gateway, looked at where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from pos_app.domain.errors import GatewaySetupWrong
from pos_app.domain.gateway import SetupField


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
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
        if not is_safe or not parts.hostname or parts.query or parts.fragment:
            raise GatewaySetupWrong(self.name, "address")
        return value


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
