"""The platform with one fault planted in it: `python -m tests.races.planted_server FAULT serve ...`."""

from __future__ import annotations

import sys

from platform_server.app.cli import main
from tests.races.faults import FAULTS

if __name__ == "__main__":
    (planted,) = [each for each in FAULTS if each.name == sys.argv[1]]
    with planted.plant():
        sys.exit(main(sys.argv[2:]))
