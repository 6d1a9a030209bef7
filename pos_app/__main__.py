"""The till's door: `python -m pos_app`, `... demo`, `... doctor`, `... restore`."""

import sys

if sys.version_info < (3, 11):  # this file parses on Python 3.6 in order to say so
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version_info[0]}.{sys.version_info[1]}.")

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and hand over; 0 when all went well, 2 when it could not begin."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["verify"]:
        from pos_app import verify

        return verify.main(words[1:])
    chosen = _parser().parse_args(words)
    try:
        return _do(chosen)
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] in ("pos_app", "platform_server"):
            raise
        print(f"A part of the program is missing ({missing.name}). Run: python3 dev.py run", file=sys.stderr)
        return 2
    except ValueError as refused:  # of places: keys inside the data that they open
        print(f"{refused}.", file=sys.stderr)
        return 2


def _do(chosen: argparse.Namespace) -> int:
    from pos_app.domain.errors import PosError

    try:
        if chosen.verb == "doctor":
            return _doctor(chosen.data, chosen.keys)
        if chosen.verb == "demo":
            from pos_app import demo

            return demo.run(chosen.data, chosen.keys, chosen.out, chosen.headless)
        if chosen.verb == "restore":
            return _restore(chosen.data, chosen.keys, None if chosen.list else chosen.backup)
        if chosen.verb in ("ledger", "keys"):
            return _tell(chosen.verb, chosen.data, chosen.keys, chosen.out)
        if chosen.verb == "enrol":
            return _enrol(chosen.data, chosen.keys, chosen.code, chosen.name)
        return _till(chosen.data, chosen.keys)
    except PosError as trouble:
        from pos_app.ui.wording import Wording

        print(Wording().sentence(trouble), file=sys.stderr)
        return 2


def _till(data: Path | None, keys: Path | None) -> int:
    from pos_app.bootstrap.front import Front
    from pos_app.ui.app import run
    from pos_app.ui.opening import Opening
    from pos_app.ui.theme import Look

    front = Front(data, keys)
    kept = front.settings.now()
    opening = Opening(
        open_shop=front.open,
        translations=front.translations,
        fonts=front.fonts,
        language=kept.language,
        look=Look(kept.look),
        keep_choice=front.keep_choice,
        close_shop=front.close,
        papers=front.papers,
        door=front,
        backups=front,
        warm_up=front.warm_up,
    )
    return run(opening)


def _enrol(data: Path | None, keys: Path | None, code: str, name: str) -> int:
    """Join a platform that runs elsewhere; from then on this till speaks to that one."""
    from pos_app.bootstrap.opening import open_till, prepare
    from pos_app.bootstrap.till_settings import TillSettings
    from pos_app.places import places

    where = places(data, keys)
    prepare(where)
    settings = TillSettings(where)
    before = settings.now().platform
    settings.keep({"platform": "elsewhere"})
    till = open_till(where, keys, is_visit=True)
    try:
        enrolment = till.shop.enrol(code, name)
    except BaseException:
        settings.keep({"platform": before})
        raise
    finally:
        till.close()
    print(f"This till is {enrolment.till_code} of {enrolment.shop_name}, at {enrolment.address}.")
    return 0


def _tell(verb: str, data: Path | None, keys: Path | None, out: Path | None) -> int:
    """What a verifier needs of this till: its ledger into a file, or its public keys."""
    import json

    from pos_app.bootstrap.proof import public_keys, write_ledger
    from pos_app.places import places

    where = places(data, keys)
    if not where.till.is_dir():
        return _no_books(where.data)
    if verb == "keys":
        print(json.dumps(public_keys(where, keys), indent=2))
    elif out is None:
        print("Name the file with --out.", file=sys.stderr)
        return 2
    else:
        print(f"{write_ledger(where, keys, out)} lines are in {out}.")
    return 0


def _no_books(data: Path) -> int:
    print(f"There are no books of a till in {data}. Name their folder with --data.", file=sys.stderr)
    return 2


def _doctor(data: Path | None, keys: Path | None) -> int:
    """One line for each invariant that the till's files show; nothing is changed."""
    from pos_app.bootstrap.opening import open_till
    from pos_app.places import places

    where = places(data, keys)
    if not where.till.is_dir():
        return _no_books(where.data)
    till = open_till(where, keys, is_visit=True)
    try:
        findings = till.shop.doctor()
    finally:
        till.close()
    for finding in findings:
        print(f"{'ok  ' if finding.holds else 'FAIL'} {finding.invariant}: {finding.seen}")
    return 0 if all(finding.holds for finding in findings) else 1


def _restore(data: Path | None, keys: Path | None, name: str | None) -> int:
    """List the backups, or put the named one in the place of the books, which are set aside."""
    from pos_app.bootstrap.restoring import backups_at, restore
    from pos_app.places import places

    where = places(data, keys)
    if name is None:
        found = backups_at(where)
        for each in found:
            print(
                f"{each.name}  {each.at:%Y-%m-%d %H:%M}  {each.size / 1e6:.1f} MB"
                f"  {each.receipt or 'no receipt'}"
            )
        if not found:
            print(f"There are no backups of a till in {where.data}.", file=sys.stderr)
        return 0 if found else 1
    aside = restore(where, keys, name)
    print(f"{name} is in place. The files of before lie in {aside}; nothing was deleted.")
    print(
        "What was sold after it is not in it. The till may ask to be enrolled anew before it sells, and then goes on by itself."
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    places = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    places.add_argument("--data", type=Path, metavar="DIR", help="the folder of all that is kept")
    places.add_argument("--keys", type=Path, metavar="DIR", help="where the keys lie instead of the keyring")
    parser = argparse.ArgumentParser(prog="python -m pos_app", description="The till.", parents=[places])
    verbs = parser.add_subparsers(dest="verb")
    demo = verbs.add_parser(
        "demo", parents=[places], help="the till on a sample market; nothing in it is real"
    )
    demo.add_argument("--headless", action="store_true", help="walk the main job without a screen or hands")
    demo.add_argument(
        "--out", type=Path, metavar="DIR", help="where receipts and pictures go, with --headless"
    )
    enrol = verbs.add_parser("enrol", parents=[places], help="join a platform that runs elsewhere")
    enrol.add_argument("code", help="the enrolment code that its operator handed over")
    enrol.add_argument("--name", default="Till", help="this till's name")
    restore = verbs.add_parser("restore", parents=[places], help="put a backup in the place of the books")
    restore.add_argument("backup", nargs="?", metavar="BACKUP", help="its name, as listed")
    restore.add_argument(
        "--list", action="store_true", help="which there are, newest first; so without a name"
    )
    verbs.add_parser("doctor", parents=[places], help="check every invariant that the till's files can show")
    ledger = verbs.add_parser(
        "ledger", parents=[places], help="write the ledger as lines that anybody can check"
    )
    ledger.add_argument("--out", type=Path, metavar="FILE", help="the file to be written")
    verbs.add_parser(
        "keys", parents=[places], help="this till's public keys, for whoever checks its receipts"
    )
    verbs.add_parser("verify", help="check receipts and ledgers by public keys", add_help=False)
    parser.set_defaults(data=None, keys=None, out=None, headless=False)
    return parser


if __name__ == "__main__":
    sys.exit(main())
