"""What a printer needs of the way to its device."""

from __future__ import annotations

import errno
from typing import Protocol

from pos_app.domain.errors import PaperTrouble


class Transport(Protocol):
    @property
    def device(self) -> str:
        """The device as the shop knows it, for the sentence on the screen."""

    @property
    def can_answer(self) -> bool:
        """Whether questions may be put to the device once it is open."""

    def open(self) -> None:
        """Reach the device; PaperTrouble (nothing sent) when it cannot be reached."""

    def write(self, data: bytes) -> None:
        """Hand all of it over; PaperTrouble says whether some of it may have left."""

    def read(self, timeout_s: float) -> bytes:
        """What the device answers within that time; nothing when it is silent or cannot speak."""

    def state(self) -> str | None:
        """A cause known without asking the printer (a port's own paper line, a queue's flags); None when all is well."""

    def close(self) -> None:
        """Let the device go; never raises."""


# Windows has numbers of its own, but Python's classes of errors are the same everywhere.
_CAUSES_BY_CLASS = (
    (TimeoutError, "timeout"),
    (FileNotFoundError, "not_found"),
    (PermissionError, "denied"),
    (ConnectionRefusedError, "refused"),
    (ConnectionError, "offline"),
)
_CAUSES = {
    errno.ENOENT: "not_found",
    errno.EPERM: "denied",
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "offline",
    errno.EPIPE: "offline",
    errno.ENODEV: "not_found",
    errno.ENXIO: "not_found",
    errno.EACCES: "denied",
    errno.EROFS: "denied",
    errno.EBUSY: "denied",
    errno.ETIMEDOUT: "timeout",
    errno.EAGAIN: "timeout",
    errno.EHOSTUNREACH: "offline",
    errno.ENETUNREACH: "offline",
    errno.EHOSTDOWN: "offline",
    errno.ENETDOWN: "offline",
}


def trouble(error: OSError, device: str, sent: bool) -> PaperTrouble:
    """The system's error as one of our causes."""
    by_class = (cause for kind, cause in _CAUSES_BY_CLASS if isinstance(error, kind))
    cause = next(by_class, None) or _CAUSES.get(error.errno or 0, "broken")
    return PaperTrouble(cause=cause, device=device, sent=sent)
