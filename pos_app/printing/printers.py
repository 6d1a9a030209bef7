"""The printer that a shop set up, from the plain values of its settings."""

from __future__ import annotations

from pos_app.domain.errors import PaperTrouble
from pos_app.domain.receipt import Receipt
from pos_app.ports.printer import Printer
from pos_app.printing.escpos_printer import EscposPrinter, Style
from pos_app.printing.transports.device_file import FileTransport
from pos_app.printing.transports.network import NetworkTransport
from pos_app.printing.transports.serial import SerialTransport
from pos_app.printing.transports.spooler import SpoolerTransport
from pos_app.printing.transports.usb import UsbTransport
from pos_app.printing.virtual import VirtualPrinter

KINDS = ("none", "network", "serial", "usb", "spooler", "file", "virtual")


class NoPrinter:
    """Stands where no printer was set up."""

    def print(self, receipt: Receipt) -> None:
        del receipt
        raise PaperTrouble(cause="none", device="", sent=False)

    def open_drawer(self) -> None:
        raise PaperTrouble(cause="none", device="", sent=False)


def make_printer(kind: str, address: str, style: Style) -> Printer:
    """The printer that the shop set up: `kind` is one of KINDS, `address` is read as that kind needs it."""
    if kind == "virtual":
        return VirtualPrinter(style)
    makers = {
        "network": NetworkTransport,
        "serial": SerialTransport,
        "usb": UsbTransport,
        "spooler": SpoolerTransport,
        "file": FileTransport,
    }
    if kind in makers:
        return EscposPrinter(makers[kind](address), style)
    if kind == "none":
        return NoPrinter()
    raise ValueError(f"no such kind of printer: {kind!r}")
