"""How the platform logs: one rotating file; secrets never reach it because their types show nothing."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

_LARGEST = 5 << 20
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_logs(path: Path, *, to_screen: bool) -> None:
    """Warnings also go to standard error where a person watches it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = logging.handlers.RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=5, encoding="utf-8")
    handlers: list[logging.Handler] = [file]
    if to_screen:
        screen = logging.StreamHandler(sys.stderr)
        screen.setLevel(logging.WARNING)
        handlers.append(screen)
    logging.basicConfig(level=logging.INFO, format=_FORM, handlers=handlers, force=True)
    for name in ("alembic", "aiosqlite", "sqlalchemy", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("starlette_admin").setLevel(logging.ERROR)  # tells of every visitor without a session
