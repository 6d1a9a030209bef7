"""Starts a command of the platform: python -m platform_server serve|enrol|sample|credit|doctor|openapi."""

import sys


def _start():
    if sys.version_info < (3, 11):
        sys.stderr.write("Python 3.11 or newer is needed; this is %d.%d.\n" % sys.version_info[:2])
        return 2
    try:
        from platform_server.app.cli import main
    except ImportError as missing:
        sys.stderr.write("%s is not installed; run: python3 dev.py run\n" % missing.name)
        return 2
    return main()


if __name__ == "__main__":
    sys.exit(_start())
