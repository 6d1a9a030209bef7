"""Starts a command of the platform: python -m platform_server serve|worker|enrol|credit|operator|top-ups|doctor ...."""

import sys


def _start():
    if sys.version_info < (3, 11):
        sys.stderr.write(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.\n")
        return 2
    try:
        from platform_server.app.cli import main
    except ImportError as missing:
        sys.stderr.write(f"{missing.name} is not installed; run: python3 dev.py run\n")
        return 2
    return main()


if __name__ == "__main__":
    sys.exit(_start())
