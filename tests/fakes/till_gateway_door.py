"""The doors of the settings' payment part over keys in memory: the program's own lines, without a disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pos_app.bootstrap.gateways import PayWiring
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.errors import PosError
from pos_app.domain.gateway import GatewaySetup
from pos_app.places import Places
from pos_app.ports.gateway import GatewayKeys
from pos_app.settings import Settings
from tests.payments.counter import MemoryKeys


@dataclass
class MemorySettings:
    """Only what is chosen."""

    kept: Settings = field(default_factory=Settings)

    def now(self) -> Settings:
        return self.kept

    def keep(self, changes: dict[str, Any]) -> Settings:
        self.kept = Settings(**changes)
        return self.kept


class MemoryPays(PayWiring):
    """Each gateway's fields, remembered."""

    def __init__(self) -> None:
        nowhere = Places(Path("data"), Path("keys"))
        super().__init__(nowhere, use_keyring=False, settings=cast(TillSettings, MemorySettings()))
        self.kept: dict[str, MemoryKeys] = {}

    def keys(self, name: str) -> GatewayKeys:
        return self.kept.setdefault(name, MemoryKeys())


@dataclass
class GatewaysDoorInMemory:
    """`asked` are those that were spoken to; `trouble` is raised instead."""

    pays: MemoryPays = field(default_factory=MemoryPays)
    asked: list[str] = field(default_factory=list)
    trouble: PosError | None = None

    def gateways(self) -> tuple[GatewaySetup, ...]:
        return self.pays.setups()

    def keep_gateway(self, name: str, values: Mapping[str, str]) -> None:
        self.pays.fill_in(name, values)

    def choose_gateways(self, names: tuple[str, ...]) -> None:
        self.pays.choose(names)

    def check_gateway(self, name: str) -> int:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append(name)
        return 0
