"""The till's door: `python -m pos_app`, `... demo`, `... doctor`."""

import sys

if sys.version_info < (3, 11):  # this file parses on Python 3.6 in order to say so
    sys.exit("Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2])

import argparse
from pathlib import Path


def main(arguments=None):
    """Parse the command line and hand over; 0 when all went well."""
    chosen = _parser().parse_args(arguments)
    try:
        return _do(chosen)
    except ModuleNotFoundError as missing:
        if missing.name is not None and missing.name.split(".")[0] in ("pos_app", "platform_server"):
            raise
        print(
            "A part of the program is missing (%s). Run: python3 dev.py run" % missing.name,
            file=sys.stderr,
        )
        return 2


def _do(chosen):
    from pos_app import demo, till_program

    if chosen.verb == "doctor":
        return till_program.doctor(chosen.data, chosen.keys)
    if chosen.verb == "demo":
        return demo.run(chosen.data, chosen.keys, chosen.out, chosen.headless)
    return till_program.run(chosen.data, chosen.keys)


def _parser():
    parser = argparse.ArgumentParser(prog="pos_app", description="The till.")
    _places(parser)
    verbs = parser.add_subparsers(dest="verb")
    demo = verbs.add_parser("demo", help="the till on a sample market; nothing in it is real")
    _places(demo)
    demo.add_argument("--headless", action="store_true", help="walk the main job without a screen or hands")
    demo.add_argument("--out", type=Path, default=None, help="where receipts and pictures go (with --headless)")
    doctor = verbs.add_parser("doctor", help="check every invariant that the till's files can show")
    _places(doctor)
    return parser


def _places(parser):
    parser.add_argument("--data", type=Path, default=argparse.SUPPRESS, help="the folder of all that is kept")
    parser.add_argument("--keys", type=Path, default=argparse.SUPPRESS, help="another place for the keys")
    parser.set_defaults(**({} if parser.prog != "pos_app" else {"data": None, "keys": None}))


if __name__ == "__main__":
    sys.exit(main())
