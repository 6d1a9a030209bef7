"""Runs one practice server from the command line until it is told to stop."""

import json
import signal
import sys
from collections.abc import Mapping
from http.server import ThreadingHTTPServer
from threading import Thread


def serve(server: ThreadingHTTPServer, embedded: bool, more: Mapping[str, object] | None = None) -> None:
    """Say the address (and what `more` says), then serve until Ctrl-C or, embedded, until standard input ends."""
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    serving.start()
    try:
        # before the ready line: whoever reads it may already ask for the end
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        host, port = server.server_address[:2]
        say({"ready": True, "address": f"http://{host!s}:{port}", **(more or {})})
        if embedded:
            # the parent holds the other end: when it dies, however it dies, this ends too
            while sys.stdin.buffer.read(4096):
                pass
        else:
            while serving.is_alive():
                serving.join(1)  # in short pieces: on Windows nothing interrupts a long wait
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def say(line: dict[str, object]) -> None:
    """One line of JSON on standard output, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
