"""Opens a practice server by name: `python -m practice supplier`."""

import argparse
import sys


def main(arguments: "list[str]") -> int:
    """Start what the command line names and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m practice", description=__doc__)
    rooms = parser.add_subparsers(dest="room", metavar="supplier")
    supplier = rooms.add_parser("supplier", help="a top-up supplier that misbehaves by account number")
    supplier.add_argument("--port", type=int, default=0, help="0 takes any free port")
    supplier.add_argument("--data", metavar="FILE", help="keep the orders here, else they are forgotten")
    supplier.add_argument("--callback", metavar="URL", help="tell this address when an order came to its end")
    supplier.add_argument("--embedded", action="store_true", help="end when standard input ends")
    chosen = parser.parse_args(arguments)
    if chosen.room is None:
        parser.print_help()
        return 2
    return _run_supplier(chosen)


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
