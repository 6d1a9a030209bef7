"""Opens a practice server by name: `python -m practice supplier`, `python -m practice gateway NAME`."""

import argparse
import sys


def main(arguments: "list[str]") -> int:
    """Start what the command line names and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m practice", description=__doc__)
    rooms = parser.add_subparsers(dest="room", metavar="supplier|gateway")
    supplier = rooms.add_parser("supplier", help="a top-up supplier that misbehaves by account number")
    supplier.add_argument("--port", type=int, default=0, help="0 takes any free port")
    supplier.add_argument("--data", metavar="FILE", help="keep the orders here, else they are forgotten")
    supplier.add_argument("--callback", metavar="URL", help="tell this address when an order came to its end")
    supplier.add_argument("--embedded", action="store_true", help="end when standard input ends")
    gateway = rooms.add_parser("gateway", help="a payment gateway that misbehaves by payment code")
    gateway.add_argument(
        "name", metavar="NAME", help="see docs/practice-gateways.md; a wrong name lists them"
    )
    gateway.add_argument("--port", type=int, default=0, help="0 takes any free port")
    gateway.add_argument("--embedded", action="store_true", help="end when standard input ends")
    memory = gateway.add_mutually_exclusive_group()
    memory.add_argument(
        "--remembers", action="store_true", help="an unknown order, undone, stays shut (default)"
    )
    memory.add_argument("--forgets", action="store_true", help="its late pay request charges all the same")
    chosen = parser.parse_args(arguments)
    if chosen.room is None:
        parser.print_help()
        return 2
    return _run_gateway(chosen) if chosen.room == "gateway" else _run_supplier(chosen)


def _run_gateway(chosen: argparse.Namespace) -> int:
    # imported late: these files need a newer Python than the sentence below does
    from practice.gateways.opening import GATEWAYS, open_gateway
    from practice.serving import say, serve

    if chosen.name not in GATEWAYS:
        known = ", ".join(GATEWAYS)
        say({"ready": False, "code": "UNKNOWN_GATEWAY", "message": f"{chosen.name}: none of {known}"})
        return 2
    try:
        server, setup = open_gateway(chosen.name, chosen.port, remembers=not chosen.forgets)
    except (OSError, OverflowError) as error:
        say({"ready": False, "code": "CANNOT_START", "message": f"{type(error).__name__}: {error}"})
        return 2
    serve(server, chosen.embedded, {"setup": setup})
    return 0


def _run_supplier(chosen: argparse.Namespace) -> int:
    # imported late: these files need a newer Python than the sentence below does
    import time
    from pathlib import Path

    from practice.serving import say, serve
    from practice.suppliers.callbacks import CallbackSender
    from practice.suppliers.order_book import OrderBook
    from practice.suppliers.top_up import top_up_supplier

    try:
        book = OrderBook(time.time, Path(chosen.data) if chosen.data else None)
        sender = CallbackSender(chosen.callback, book.clock) if chosen.callback else None
        server = top_up_supplier(book, chosen.port, sender)
    except (OSError, OverflowError, ValueError, KeyError, TypeError) as error:
        say({"ready": False, "code": "CANNOT_START", "message": f"{type(error).__name__}: {error}"})
        return 2
    serve(server, chosen.embedded)
    return 0


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # this file is parsed by older ones so that it can say so
        sys.exit("The practice servers need Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    sys.exit(main(sys.argv[1:]))
