"""Printers that are well, and printers that are not: each trouble with its real cause, and whether anything left."""

import os
import pty
import socket
import stat
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pos_app.domain.errors import PaperTrouble
from pos_app.ports.printer import Printer
from pos_app.printing import escpos_printer
from pos_app.printing.decoder import read_bytes
from pos_app.printing.escpos_printer import EscposPrinter, Style
from pos_app.printing.printers import KINDS, make_printer
from pos_app.printing.rows import PAPER_58
from pos_app.printing.transports import device_file, network, spooler, usb
from pos_app.printing.transports.device_file import FileTransport
from pos_app.printing.transports.network import NetworkTransport
from pos_app.printing.transports.serial import SerialTransport
from pos_app.printing.transports.spooler import SpoolerTransport
from pos_app.printing.transports.usb import UsbTransport
from tests.printing.conftest import words_of
from tests.printing.samples import code, sale

STYLE = Style(words_of("zh"), PAPER_58)
WELL = {1: 0x12, 2: 0x12, 4: 0x12}


def trouble_of(act: Callable[[], None]) -> PaperTrouble:
    with pytest.raises(PaperTrouble) as caught:
        act()
    return caught.value


class NetworkPrinterDouble:
    """A printer on a real socket: takes bytes, answers DLE EOT from `answers` and GS r 1 with `done`."""

    def __init__(self, answers: dict[int, int], done: int | None = 0) -> None:
        self.answers, self.done = dict(answers), done
        self.paper = b""
        self.after: dict[int, int] | None = None  # what it answers once a slip came in
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                while data := connection.recv(65536):
                    self._take(connection, data)

    def _take(self, connection: socket.socket, data: bytes) -> None:
        at = 0
        while at < len(data):
            if data[at : at + 2] == b"\x10\x04":
                answer = self.answers.get(data[at + 2])
                connection.sendall(bytes((answer,)) if answer is not None else b"")
                at += 3
            elif data[at : at + 3] == b"\x1dr\x01":
                connection.sendall(bytes((self.done,)) if self.done is not None else b"")
                at += 3
            else:
                self.paper += data[at : at + 1]
                at += 1
                self.answers = self.after or self.answers


@pytest.fixture
def network_printer() -> Iterator[Callable[..., NetworkPrinterDouble]]:
    made: list[NetworkPrinterDouble] = []

    def make(answers: dict[int, int], done: int | None = 0) -> NetworkPrinterDouble:
        made.append(NetworkPrinterDouble(answers, done))
        return made[-1]

    yield make
    for double in made:
        double.close()


def test_no_printer() -> None:
    printer = make_printer("none", "", STYLE)
    for act in (lambda: printer.print(sale()), printer.open_drawer):
        trouble = trouble_of(act)
        assert (trouble.cause, trouble.sent) == ("none", False)


def test_every_kind_is_a_printer_and_is_made_without_touching_anything() -> None:
    for kind in KINDS:
        printer: Printer = make_printer(kind, "somewhere:1:2:3", STYLE)
        assert callable(printer.print)
    with pytest.raises(ValueError, match="telepathy"):
        make_printer("telepathy", "", STYLE)


# --- network ---


def test_network_printer_prints_and_kicks_the_drawer(network_printer: Any) -> None:
    double = network_printer(WELL)
    printer = make_printer("network", double.address, STYLE)
    printer.print(code())
    printed = read_bytes(double.paper, 32)
    assert printed.qrs == (code().qr,)
    printer.open_drawer()
    _until(lambda: read_bytes(double.paper, 32).drawer_kicks == 1)


def test_mute_network_printer_still_prints(network_printer: Any) -> None:
    double = network_printer({}, done=None)
    make_printer("network", double.address, STYLE).print(code())
    _until(lambda: read_bytes(double.paper, 32).cuts == 1)


@pytest.mark.parametrize(
    ("question", "answer", "cause"),
    [
        (4, 0x72, "paper_out"),
        (2, 0x32, "paper_out"),
        (2, 0x16, "cover_open"),
        (2, 0x52, "broken"),
        (1, 0x1A, "offline"),
    ],
)
def test_network_printer_that_complains_gets_nothing(
    network_printer: Any, question: int, answer: int, cause: str
) -> None:
    double = network_printer({**WELL, question: answer})
    trouble = trouble_of(lambda: make_printer("network", double.address, STYLE).print(code()))
    assert (trouble.cause, trouble.device, trouble.sent) == (cause, double.address, False)
    assert double.paper == b""


def test_paper_that_ends_in_the_middle_of_a_slip(network_printer: Any) -> None:
    double = network_printer(WELL, done=None)
    double.after = {**WELL, 4: 0x72}
    trouble = trouble_of(lambda: make_printer("network", double.address, STYLE).print(code()))
    assert (trouble.cause, trouble.sent) == ("paper_out", True)


def test_paper_end_told_in_turn(network_printer: Any) -> None:
    double = network_printer(WELL, done=0x0C)
    trouble = trouble_of(lambda: make_printer("network", double.address, STYLE).print(code()))
    assert (trouble.cause, trouble.sent) == ("paper_out", True)


def test_printer_that_goes_silent_after_the_slip(network_printer: Any) -> None:
    double = network_printer(WELL, done=None)
    double.after = {9: 9}
    trouble = trouble_of(lambda: make_printer("network", double.address, STYLE).print(code()))
    assert (trouble.cause, trouble.sent) == ("offline", True)


def test_printer_that_does_not_know_the_last_question_is_asked_it_once(
    network_printer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escpos_printer, "FINISH_TIMEOUT_S", 0.4)
    double = network_printer(WELL, done=None)
    printer = make_printer("network", double.address, STYLE)
    printer.print(code())
    started = time.monotonic()
    printer.print(code())
    assert time.monotonic() - started < 0.4
    _until(lambda: read_bytes(double.paper, 32).cuts == 2)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    trouble = trouble_of(lambda: make_printer("network", address, STYLE).print(sale()))
    assert (trouble.cause, trouble.sent) == ("refused", False)


def test_address_that_nobody_has_is_given_up_soon() -> None:
    """A full backlog is how a test on this machine meets an address where nothing answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = server.getsockname()[1]
        waiting = []
        for _ in range(3):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
            waiting.append(client)
        started = time.monotonic()
        printer = EscposPrinter(NetworkTransport(f"127.0.0.1:{port}", connect_timeout_s=0.2), STYLE)
        trouble = trouble_of(lambda: printer.print(sale()))
        for client in waiting:
            client.close()
    assert (trouble.cause, trouble.sent) == ("timeout", False)
    assert time.monotonic() - started < 2


def test_printer_that_stops_taking_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "WRITE_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = NetworkTransport(f"127.0.0.1:{server.getsockname()[1]}")
        transport.open()
        trouble = trouble_of(lambda: transport.write(b"x" * 20_000_000))
        transport.close()
    assert (trouble.cause, trouble.sent) == ("timeout", True)


@pytest.mark.parametrize("address", ["", ":9100", "host:0", "host:99999", "host:abc", "a..b", "unknown"])
def test_addresses_that_are_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    if address == "unknown":
        monkeypatch.setattr(socket, "getaddrinfo", find)
    trouble = trouble_of(lambda: make_printer("network", address, STYLE).print(sale()))
    assert (trouble.cause, trouble.sent) == ("not_found", False)


def test_a_printer_that_hangs_up_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = NetworkTransport(f"127.0.0.1:{server.getsockname()[1]}")
        transport.open()
        connection, _ = server.accept()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

        def insist() -> None:
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                transport.write(b"x")

        trouble = trouble_of(insist)
        assert transport.read(0.1) == b""
        transport.close()
    assert trouble.cause == "offline"
    assert trouble_of(lambda: transport.write(b"x")).cause == "offline"


# --- serial ---

needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals like these")


@needs_pty
def test_serial_printer() -> None:
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    heard = bytearray()

    def serve() -> None:
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:
                return
            heard.extend(data)
            if data[:2] == b"\x10\x04":
                os.write(ours, b"\x12")
            if data.endswith(b"\x1dr\x01"):
                os.write(ours, b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    make_printer("serial", f"{os.ttyname(theirs)}@115200", STYLE).print(code())
    os.close(theirs)
    thread.join(5)
    os.close(ours)
    assert read_bytes(bytes(heard), 32).qrs == (code().qr,)


@pytest.mark.parametrize(
    ("address", "cause"),
    [("/dev/no-such-port", "not_found"), ("/dev/null", "broken"), ("/dev/ttyS0@fast", "not_found")],
)
def test_serial_port_that_is_none(address: str, cause: str) -> None:
    trouble = trouble_of(lambda: make_printer("serial", address, STYLE).print(sale()))
    assert (trouble.cause, trouble.sent) == (cause, False)
    assert trouble_of(lambda: SerialTransport(address).write(b"x")).cause == "offline"


@needs_pty
def test_serial_port_that_somebody_else_holds() -> None:
    ours, theirs = pty.openpty()
    first, second = SerialTransport(os.ttyname(theirs)), SerialTransport(os.ttyname(theirs))
    first.open()
    assert trouble_of(second.open).cause == "denied"
    assert first.read(0.01) == b""
    assert first.state() is None
    first.close()
    os.close(ours)
    os.close(theirs)


# --- files and devices ---


def test_file_printer_keeps_one_slip_after_the_other(tmp_path: Path) -> None:
    printer = make_printer("file", str(tmp_path / "slips.bin"), STYLE)
    printer.print(code())
    printer.print(sale())
    printer.open_drawer()
    data = (tmp_path / "slips.bin").read_bytes()
    assert read_bytes(data, 32).qrs == (code().qr, sale().qr)
    assert b"\x10\x04" not in data
    assert stat.S_IMODE((tmp_path / "slips.bin").stat().st_mode) == 0o600 or sys.platform == "win32"


def test_file_printer_numbers_its_papers_in_a_folder(tmp_path: Path) -> None:
    printer = make_printer("file", str(tmp_path), STYLE)
    printer.print(code())
    printer.print(sale())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["receipt-1.bin", "receipt-2.bin"]


def test_file_without_permission(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    path.touch(mode=0o000)
    if os.access(path, os.W_OK):  # root may do everything

        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    trouble = trouble_of(lambda: make_printer("file", str(path), STYLE).print(sale()))
    assert (trouble.cause, trouble.device, trouble.sent) == ("denied", str(path), False)


@needs_pty
@pytest.mark.parametrize("path", ["/dev/shm/no-such-printer-lp9", "/dev/no-such-lp9"])
def test_a_device_that_is_not_there_is_not_created(path: str) -> None:
    assert trouble_of(lambda: make_printer("file", path, STYLE).print(sale())).cause == "not_found"
    assert not Path(path).exists()


def test_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    trouble = trouble_of(lambda: make_printer("file", str(tmp_path / "no" / "lp0"), STYLE).print(sale()))
    assert (trouble.cause, trouble.sent) == ("not_found", False)
    assert trouble_of(lambda: FileTransport(tmp_path).write(b"x")).cause == "offline"


@needs_pty
def test_device_file_that_stops_taking_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_file, "WRITE_TIMEOUT_S", 0.2)
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    transport = FileTransport(os.ttyname(theirs))
    transport.open()
    assert transport.can_answer
    assert transport.state() is None
    trouble = trouble_of(lambda: transport.write(b"x" * 1_000_000))
    transport.close()
    os.close(ours)
    os.close(theirs)
    assert (trouble.cause, trouble.sent) == ("timeout", True)


@needs_pty
def test_device_file_answers() -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    transport = FileTransport(os.ttyname(theirs))
    transport.open()
    assert transport.read(0.01) == b""
    os.write(ours, b"\x12")
    assert transport.read(1) == b"\x12"
    transport.close()
    os.close(ours)
    os.close(theirs)


# --- USB and the Windows spooler, at doubles of their libraries ---


@pytest.mark.parametrize(
    ("bits", "cause"), [(0x18, None), (0x38, "paper_out"), (0x08, "offline"), (0x10, "cover_open")]
)
def test_port_status(bits: int, cause: str | None) -> None:
    assert usb.port_state(bits) == cause


def test_usb_printer_that_is_not_plugged_in() -> None:
    for address in ("", "04b8:0e15", "nonsense"):
        trouble = trouble_of(lambda address=address: make_printer("usb", address, STYLE).print(sale()))  # type: ignore[misc]
        assert trouble.cause in ("not_found", "broken")  # broken: this machine has no libusb
        assert not trouble.sent


class UsbDouble:
    """One device with one printer interface, as pyusb shows them."""

    def __init__(self, status: int = 0x18, fails: int | None = None) -> None:
        self.status, self.fails, self.paper = status, fails, b""
        self.detached: list[int] = []

    def __iter__(self) -> Iterator[Any]:
        endpoints = [SimpleNamespace(bEndpointAddress=0x01, write=self._write)]
        interface = _Interface(endpoints)
        return iter([[interface]])

    def is_kernel_driver_active(self, _: int) -> bool:
        return True

    def detach_kernel_driver(self, number: int) -> None:
        self.detached.append(number)

    def ctrl_transfer(self, *_: object) -> bytes:
        return bytes((self.status,))

    def _write(self, data: bytes, _: int) -> None:
        import usb.core

        if self.fails:
            raise usb.core.USBError("failed", None, self.fails)
        self.paper += data


class _Interface(list):  # type: ignore[type-arg]
    bInterfaceClass = 7
    bInterfaceNumber = 0


def _usb(monkeypatch: pytest.MonkeyPatch, device: UsbDouble) -> EscposPrinter:
    import usb.core
    import usb.util

    monkeypatch.setattr(usb.core, "find", lambda **_: device)
    monkeypatch.setattr(usb.util, "claim_interface", lambda *_: None)
    monkeypatch.setattr(usb.util, "dispose_resources", lambda *_: None)
    return EscposPrinter(UsbTransport("04b8:0e15"), STYLE)


def test_usb_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    device = UsbDouble()
    _usb(monkeypatch, device).print(code())
    assert read_bytes(device.paper, 32).qrs == (code().qr,)
    assert device.detached == [0]


@pytest.mark.parametrize(
    ("device", "cause", "sent"),
    [
        (UsbDouble(status=0x38), "paper_out", False),
        (UsbDouble(fails=110), "timeout", True),
        (UsbDouble(fails=19), "offline", True),
    ],
)
def test_usb_printer_in_trouble(
    monkeypatch: pytest.MonkeyPatch, device: UsbDouble, cause: str, sent: bool
) -> None:
    trouble = trouble_of(lambda: _usb(monkeypatch, device).print(code()))
    assert (trouble.cause, trouble.sent) == (cause, sent)


@pytest.mark.parametrize(
    ("number", "cause"), [(13, "denied"), (16, "denied"), (5, "broken"), (None, "broken")]
)
def test_usb_printer_that_cannot_be_taken(
    monkeypatch: pytest.MonkeyPatch, number: int | None, cause: str
) -> None:
    import usb.core
    import usb.util

    def refuse(*_: object) -> None:
        if number is None:
            raise usb.core.NoBackendError("no libusb")
        raise usb.core.USBError("failed", None, number)

    printer = _usb(monkeypatch, UsbDouble())
    monkeypatch.setattr(usb.util, "claim_interface", refuse)
    trouble = trouble_of(lambda: printer.print(sale()))
    assert (trouble.cause, trouble.sent) == (cause, False)


def test_usb_device_that_is_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mouse(UsbDouble):
        def __iter__(self) -> Iterator[Any]:
            return iter([[]])

    assert trouble_of(lambda: _usb(monkeypatch, Mouse()).print(sale())).cause == "not_found"


class SpoolerDouble:
    """win32print as far as we use it."""

    class error(Exception):
        """What pywin32 raises: number, function, sentence."""

    def __init__(self, job_states: list[int], queue_state: int = 0, open_error: int = 0) -> None:
        self.job_states, self.queue_state, self.open_error = job_states, queue_state, open_error
        self.paper, self.deleted = b"", False

    def OpenPrinter(self, _: str) -> int:
        if self.open_error:
            raise self.error(self.open_error, "OpenPrinter", "no")
        return 7

    def GetDefaultPrinter(self) -> str:
        return "default"

    def StartDocPrinter(self, *_: object) -> int:
        return 1

    def WritePrinter(self, _: int, data: bytes) -> int:
        self.paper += data
        return len(data)

    def GetPrinter(self, *_: object) -> dict[str, int]:
        return {"Status": self.queue_state}

    def GetJob(self, *_: object) -> dict[str, int]:
        if not self.job_states:
            raise self.error(87, "GetJob", "gone")
        return {"Status": self.job_states.pop(0)}

    def SetJob(self, *_: object) -> None:
        self.deleted = True

    def _done(self, *_: object) -> None: ...

    StartPagePrinter = EndPagePrinter = EndDocPrinter = ClosePrinter = _done


def test_spooler_printer() -> None:
    double = SpoolerDouble([0x10, 0x10])
    EscposPrinter(SpoolerTransport("", double), STYLE).print(code())
    assert read_bytes(double.paper, 32).qrs == (code().qr,)
    assert not double.deleted


@pytest.mark.parametrize(
    ("double", "cause", "sent"),
    [
        (SpoolerDouble([], queue_state=0x80), "offline", False),
        (SpoolerDouble([], open_error=5), "denied", False),
        (SpoolerDouble([], open_error=1801), "not_found", False),
        (SpoolerDouble([0x10, 0x40]), "paper_out", True),
    ],
)
def test_spooler_in_trouble_leaves_no_job_behind(double: SpoolerDouble, cause: str, sent: bool) -> None:
    trouble = trouble_of(lambda: EscposPrinter(SpoolerTransport("Counter", double), STYLE).print(code()))
    assert (trouble.cause, trouble.sent) == (cause, sent)
    assert double.deleted == sent


def test_spooler_job_that_never_ends_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooler, "JOB_TIMEOUT_S", 0.2)
    double = SpoolerDouble([0x10] * 1000)
    trouble = trouble_of(lambda: EscposPrinter(SpoolerTransport("Counter", double), STYLE).print(code()))
    assert (trouble.cause, trouble.sent, double.deleted) == ("timeout", True, True)


def test_spooler_that_fails_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise SpoolerDouble.error(1722, "WritePrinter", "the RPC server is unavailable")

    double = SpoolerDouble([])
    monkeypatch.setattr(double, "WritePrinter", fail)
    transport = SpoolerTransport("Counter", double)
    trouble = trouble_of(lambda: EscposPrinter(transport, STYLE).print(code()))
    assert (trouble.cause, trouble.sent) == ("offline", True)
    monkeypatch.setattr(double, "GetPrinter", fail)
    assert (transport.state(), transport.read(0), transport.can_answer) == (None, b"", False)


@pytest.mark.skipif(sys.platform == "win32", reason="there is a spooler")
def test_spooler_where_there_is_none() -> None:
    assert trouble_of(lambda: make_printer("spooler", "Counter", STYLE).print(sale())).cause == "not_found"


def _until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.01)
