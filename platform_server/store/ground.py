"""The disk that the data lies on."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DiskGround:
    """Implements ports.ground.Ground."""

    folder: Path

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.folder).free
