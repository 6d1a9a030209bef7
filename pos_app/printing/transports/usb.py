"""A printer on USB, spoken to without a driver (libusb); untried on Windows, where it needs the WinUSB driver."""

from __future__ import annotations

import contextlib
from typing import Any

from pos_app.domain.errors import PaperTrouble
from pos_app.printing.transports.transport import trouble

PRINTER_CLASS = 7
WRITE_TIMEOUT_MS = 8000
CHUNK = 4096
GET_PORT_STATUS = (0xA1, 1)  # request type and request of the USB printer class, 4.2.2
PAPER_EMPTY, SELECTED, NO_ERROR = 0x20, 0x10, 0x08


class UsbTransport:
    """`address` is `vendor:product` in hexadecimal, or nothing for the first printer found."""

    def __init__(self, address: str = "") -> None:
        self._address = address
        self._device: Any = None
        self._interface = 0
        self._out: Any = None
        self._in: Any = None

    @property
    def device(self) -> str:
        return f"USB {self._address}".strip()

    @property
    def can_answer(self) -> bool:
        return self._in is not None

    def open(self) -> None:
        import usb.core

        try:
            self._device = self._found()
            if self._device is None:
                raise PaperTrouble(cause="not_found", device=self.device, sent=False)
            self._claim()
        except usb.core.NoBackendError as error:
            raise PaperTrouble(cause="broken", device=self.device, sent=False) from error
        except usb.core.USBError as error:
            self.close()
            raise trouble(error, self.device, sent=False) from error
        except PaperTrouble:
            self.close()
            raise

    def write(self, data: bytes) -> None:
        import usb.core

        try:
            for start in range(0, len(data), CHUNK):
                self._out.write(data[start : start + CHUNK], WRITE_TIMEOUT_MS)
        except usb.core.USBError as error:
            found = trouble(error, self.device, sent=True)
            if found.cause == "not_found":
                found.cause = "offline"  # it was there a moment ago
            raise found from error

    def read(self, timeout_s: float) -> bytes:
        import usb.core

        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(64, int(timeout_s * 1000)))
        except usb.core.USBError:
            return b""

    def state(self) -> str | None:
        import usb.core

        request_type, request = GET_PORT_STATUS
        try:
            answer = self._device.ctrl_transfer(request_type, request, 0, self._interface, 1, 500)
        except usb.core.USBError:
            return None
        return port_state(answer[0]) if len(answer) else None

    def close(self) -> None:
        if self._device is None:
            return
        import usb.core
        import usb.util

        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)
        self._device = self._out = self._in = None

    def _found(self) -> Any:
        import usb.core

        if not self._address:
            return usb.core.find(custom_match=_is_printer)
        vendor, _, product = self._address.partition(":")
        try:
            return usb.core.find(idVendor=int(vendor, 16), idProduct=int(product, 16))
        except ValueError:
            return None

    def _claim(self) -> None:
        """Takes the printer's interface from the system's own driver, which would not let us read the status."""
        import usb.util

        interface = next((each for each in _interfaces(self._device)), None)
        if interface is None:
            raise PaperTrouble(cause="not_found", device=self.device, sent=False)
        self._interface = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):
            if self._device.is_kernel_driver_active(self._interface):
                self._device.detach_kernel_driver(self._interface)
        usb.util.claim_interface(self._device, self._interface)
        for endpoint in interface:
            is_in = usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN
            self._in, self._out = (endpoint, self._out) if is_in else (self._in, endpoint)
        if self._out is None:
            raise PaperTrouble(cause="broken", device=self.device, sent=False)


def port_state(bits: int) -> str | None:
    """The status byte of a parallel or USB printer port as a cause."""
    if bits & PAPER_EMPTY:
        return "paper_out"
    if not bits & SELECTED:
        return "offline"
    return None if bits & NO_ERROR else "cover_open"


def _is_printer(device: Any) -> bool:
    return any(True for _ in _interfaces(device))


def _interfaces(device: Any) -> Any:
    return (
        interface
        for configuration in device
        for interface in configuration
        if interface.bInterfaceClass == PRINTER_CLASS
    )
