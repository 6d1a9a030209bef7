"""Keeps room on the disk for what must always go on: confirms, cancels, acknowledgements, refunds."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.errors import NoSpace
from platform_server.ports.ground import Ballast, Ground


@dataclass(frozen=True, slots=True)
class MindDisk:
    """Nothing new is begun while less than `least_free_bytes` are free."""

    ground: Ground
    least_free_bytes: int

    def __call__(self) -> None:
        """Raises NoSpace."""
        if self.ground.free_bytes() < self.least_free_bytes:
            raise NoSpace


@dataclass(frozen=True, slots=True)
class KeepBallast:
    """One look: the ballast is given up before the disk is full, and laid again once there is plenty of room."""

    ground: Ground
    ballast: Ballast
    least_free_bytes: int

    def __call__(self) -> None:
        """Blocks."""
        free, size = self.ground.free_bytes(), self.ballast.size
        if self.ballast.is_there:
            if free < size:
                self.ballast.give_up()
        elif free >= self.least_free_bytes + 2 * size:
            self.ballast.lay()
