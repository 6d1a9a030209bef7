"""A printer that understands ESC/POS: sends it slips, asks how it is, and says what really went wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pos_app.domain.errors import PaperTrouble
from pos_app.domain.receipt import Receipt
from pos_app.printing import escpos
from pos_app.printing.charset import Unprintable
from pos_app.printing.layout import lay_out
from pos_app.printing.rows import PAPER_80, Page, Paper
from pos_app.printing.transports.transport import Transport
from pos_app.printing.words import PaperWords

ANSWER_TIMEOUT_S = 0.3  # a printer that speaks at all answers a real-time question at once
FINISH_TIMEOUT_S = 5.0  # how long a slip may take to come out before we stop waiting for the printer's word

# DLE EOT n: which question, which bits of the answer, and what they mean (ESC/POS, real-time status).
QUESTIONS = (
    (4, 0x60, "paper_out"),
    (2, 0x20, "paper_out"),
    (2, 0x04, "cover_open"),
    (2, 0x40, "broken"),
    (1, 0x08, "offline"),
)
ASK_WHEN_DONE = b"\x1dr\x01"  # GS r 1 is answered in its turn, so after everything before it is on paper
PAPER_END = 0x0C
# Bits that tell the two kinds of answer apart, as mask and value.
AT_ONCE, IN_TURN = (0x93, 0x12), (0x90, 0x00)


@dataclass(frozen=True, slots=True)
class Style:
    """How a shop's slips look, and what its printer can do."""

    words: PaperWords
    paper: Paper = PAPER_80
    native_qr: bool = True
    cuts: bool = True
    drawer_pin: int = 2


class EscposPrinter:
    """Any printer that understands ESC/POS, at the end of any transport."""

    def __init__(self, transport: Transport, style: Style) -> None:
        self._transport = transport
        self._style = style
        self._tells_when_done = True  # until it was once asked in vain
        self._heard = bytearray()

    def print(self, receipt: Receipt) -> None:
        self.print_page(self._page(receipt))

    def print_page(self, page: Page) -> None:
        """A slip that was laid out before."""
        try:
            data = escpos.page_bytes(page, self._style.native_qr, self._style.cuts)
        except Unprintable as error:
            raise self._trouble("broken", sent=False) from error
        self._send(data)

    def open_drawer(self) -> None:
        """Asks nothing first: a drawer opens without paper."""
        try:
            self._transport.open()
            self._transport.write(escpos.drawer_bytes(self._style.drawer_pin))
        finally:
            self._transport.close()

    def _page(self, receipt: Receipt) -> Page:
        try:
            return lay_out(receipt, self._style.words, self._style.paper)
        except Unprintable as error:
            raise self._trouble("broken", sent=False) from error

    def _send(self, data: bytes) -> None:
        self._heard.clear()
        try:
            self._transport.open()
            speaks = self._is_ready()
            self._transport.write(data)
            self._see_it_out(speaks)
        finally:
            self._transport.close()

    def _is_ready(self) -> bool:
        """Whether the printer speaks; questions may have left when this fails, but nothing of the slip."""
        try:
            return self._check(sent=False)
        except PaperTrouble as trouble:
            trouble.sent = False
            raise

    def _see_it_out(self, speaks: bool) -> None:
        """Bytes taken are not paper: waits until the slip is out, and says what stopped it if it is not."""
        if not speaks:
            self._check_port(sent=True)
            return
        if self._tells_when_done:
            self._transport.write(ASK_WHEN_DONE)
        deadline = time.monotonic() + (FINISH_TIMEOUT_S if self._tells_when_done else 0)
        while time.monotonic() < deadline:
            done = self._hear(IN_TURN, ANSWER_TIMEOUT_S)
            if done is not None:
                if done & PAPER_END:
                    raise self._trouble("paper_out", sent=True)
                return
            self._check_again()
        self._check_again()
        self._tells_when_done = False  # healthy, but it does not know the question

    def _check_again(self) -> None:
        if not self._check(sent=True):
            raise self._trouble("offline", sent=True)

    def _check(self, sent: bool) -> bool:
        """PaperTrouble when the port or the printer complains; whether the printer spoke at all."""
        self._check_port(sent)
        if not self._transport.can_answer:
            return False
        answers: dict[int, int] = {}
        for question, bits, cause in QUESTIONS:
            if question not in answers:
                self._transport.write(b"\x10\x04" + bytes((question,)))
                answer = self._hear(AT_ONCE, ANSWER_TIMEOUT_S)
                if answer is None:
                    return False
                answers[question] = answer
            if answers[question] & bits:
                raise self._trouble(cause, sent)
        return True

    def _check_port(self, sent: bool) -> None:
        cause = self._transport.state()
        if cause is not None:
            raise self._trouble(cause, sent)

    def _hear(self, kind: tuple[int, int], timeout_s: float) -> int | None:
        """The next answer of that kind; the other kind waits to be asked for."""
        mask, value = kind
        deadline = time.monotonic() + timeout_s
        while True:
            for index, byte in enumerate(self._heard):
                if byte & mask == value:
                    del self._heard[index]
                    return byte
            left = deadline - time.monotonic()
            said = self._transport.read(left) if left > 0 else b""
            if not said:
                return None
            self._heard += said

    def _trouble(self, cause: str, sent: bool) -> PaperTrouble:
        return PaperTrouble(cause=cause, device=self._transport.device, sent=sent)
