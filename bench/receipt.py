"""P7: a receipt's bytes beside bytes put together by hand, and its PDF beside the bare library."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable

from bench.measure import ROOT, Promise, Timings, show, side_by_side
from pos_app.domain.money import Money
from pos_app.domain.receipt import CodeSlip, Header, SaleReceipt
from pos_app.printing import escpos
from pos_app.printing.layout import lay_out
from pos_app.printing.pdf import pdf_bytes
from pos_app.printing.rows import PAPER_80, Page, PairRow, QrRow, TextRow
from pos_app.printing.words import PaperWords, read_words
from tests.printing.samples import FONTS, code, sale

BYTES: dict[str, SaleReceipt | CodeSlip] = {"sale receipt": sale(), "code slip": code()}
NEXT_PDF = Promise("P7 PDF of a code slip, next", must=1.2, aim=1.2)
FIRST_PDF = Promise("P7 PDF of a code slip, first in a process", must=1.3, aim=1.3)
TURNS, PDF_TURNS, PROCESSES = 3_000, 40, 5
CENTER, LEFT, RULE, CUT = b"\x1ba\x01", b"\x1ba\x00", b"-" * 48 + b"\n", b"\n\x1bd\x06\x1dV\x01"
DOUBLE, PLAIN = b"\x1d!\x11\x1bE\x01", b"\x1d!\x00\x1bE\x00"
CODE = code()


def main() -> int:
    """Prints every ratio; 1 when one that must be kept is not."""
    words = _words()
    escpos.warm_up()
    kept = [_bytes_are_quick(name, words) for name in BYTES]
    page = lay_out(CODE, words, PAPER_80)
    bare_pdf(page), pdf_bytes(page, FONTS)
    kept.append(
        show(
            NEXT_PDF,
            *side_by_side(PDF_TURNS, lambda _: bare_pdf(page), lambda _: pdf_bytes(page, FONTS)),
            (0.5,),
        )
    )
    bare, ours = (
        Timings(tuple(_alone(name) for _ in range(PROCESSES))) for name in ("first_bare", "first_of_ours")
    )
    kept.append(show(FIRST_PDF, bare, ours, (0.5,)))
    cold, warm = _alone("first_slip"), _alone("first_slip_warm")
    print(f"first slip of a process: {cold * 1000:.0f} ms, after warm_up {warm * 1000:.1f} ms")
    return 0 if all(kept) else 1


def _bytes_are_quick(name: str, words: PaperWords) -> bool:
    receipt = BYTES[name]
    assert _by_hand(receipt, words).count(b"\x1d(k") == _ours(receipt, words).count(b"\x1d(k")
    floor, ours = side_by_side(TURNS, lambda _: _by_hand(receipt, words), lambda _: _ours(receipt, words))
    return show(Promise(f"P7 bytes of a {name}, by hand", must=10, aim=4), floor, ours, (0.5,))


def _ours(receipt: SaleReceipt | CodeSlip, words: PaperWords) -> bytes:
    return escpos.page_bytes(lay_out(receipt, words, PAPER_80))


def _by_hand(receipt: SaleReceipt | CodeSlip, words: PaperWords) -> bytes:
    """The same slip as a programmer in a hurry writes it: no wrapping, no replacement, no check, one paper only."""
    return (
        _sale_by_hand(receipt, words) if isinstance(receipt, SaleReceipt) else _code_by_hand(receipt, words)
    )


def _sale_by_hand(receipt: SaleReceipt, words: PaperWords) -> bytes:
    parts = [
        b"\x1b@\x1c&",
        DOUBLE,
        CENTER,
        _gbk(receipt.header.shop),
        b"\n",
        PLAIN,
        _gbk(words.receipt_title),
    ]
    parts += [b"\n\n", LEFT, *_facts_by_hand(receipt.header, words), RULE]
    for line in receipt.lines:
        parts += [_pair(line.names.zh, _yuan(line.total), 48)]
        if line.quantity != 1:
            parts += [
                _gbk(words.quantity_price.format(quantity=line.quantity, price=_yuan(line.price))),
                b"\n",
            ]
        if line.account:
            parts += [_gbk(line.account), b"\n"]
    parts += [RULE, DOUBLE, _pair(words.total, _yuan(receipt.total), 24), PLAIN]
    (cash,) = receipt.payments
    parts += [_pair(words.received.format(tender=words.tender_cash), _yuan(cash.received), 48)]
    parts += [_pair(words.change, _yuan(cash.change), 48), RULE, CENTER, *_qr_by_hand(receipt.qr, 4)]
    parts += [_gbk(words.receipt_qr), b"\n\n", _gbk(words.not_returnable), b"\n", _gbk(words.thanks), CUT]
    return b"".join(parts)


def _code_by_hand(slip: CodeSlip, words: PaperWords) -> bytes:
    parts = [b"\x1b@\x1c&", CENTER, _gbk(slip.header.shop), b"\n", RULE, DOUBLE, _gbk(slip.names.zh), b"\n"]
    parts += [_gbk(words.face.format(money=_yuan(slip.face))), b"\n", PLAIN]
    parts += [
        _gbk(words.part.format(n=slip.part[0], count=slip.part[1])),
        b"\n",
        RULE,
        _gbk(words.scam_title),
    ]
    parts += [
        b"\n",
        LEFT,
        _gbk(words.scam_warning),
        b"\n",
        RULE,
        CENTER,
        b"\n",
        _gbk(words.card_number),
        b"\n",
    ]
    parts += [
        DOUBLE,
        _gbk(slip.number or ""),
        PLAIN,
        b"\n\n",
        _gbk(words.pin),
        b"\n",
        DOUBLE,
        _gbk(slip.pin or ""),
    ]
    parts += [PLAIN, b"\n", *_qr_by_hand(slip.qr, 7), _gbk(words.scan_code), b"\n\n", LEFT]
    parts += [_pair(words.expires, slip.expires_at or "", 48), _gbk(words.how_to_use), b"\n"]
    parts += [_gbk(slip.instructions.zh), b"\n", RULE, *_facts_by_hand(slip.header, words), RULE, CENTER]
    return b"".join((*parts, _gbk(words.not_returnable), CUT))


def _facts_by_hand(header: Header, words: PaperWords) -> list[bytes]:
    return [
        _pair(words.number, header.number or "", 48),
        _pair(words.time, header.at.strftime("%Y-%m-%d %H:%M"), 48),
        _pair(words.till, header.till, 48),
        _pair(words.cashier, header.cashier, 48),
    ]


def _pair(left: str, right: str, width: int) -> bytes:
    first, second = left.encode("gbk"), right.encode("gbk")
    return first + b" " * (width - len(first) - len(second)) + second + b"\n"


def _gbk(text: str) -> bytes:
    return text.encode("gbk")


def _yuan(money: Money) -> str:
    return f"\uffe5{money.minor // 100}.{money.minor % 100:02}"


def _qr_by_hand(payload: str, dots: int) -> tuple[bytes, ...]:
    data = payload.encode()
    head = b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C%c\x1d(k\x03\x001E1\x1d(k" % dots
    return (head, (len(data) + 3).to_bytes(2, "little"), b"1P0", data, b"\x1d(k\x03\x001Q0\n")


def bare_pdf(page: Page) -> bytes:
    """The same texts and the same QR by the bare library, each text drawn where it comes."""
    import qrcode
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    if "bare" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("bare", str(FONTS.regular)))
        pdfmetrics.registerFont(TTFont("bare-bold", str(FONTS.bold)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(226, 600), pageCompression=1)
    y = 590
    for row in page.rows:
        y -= 10
        if isinstance(row, TextRow | PairRow):
            canvas.setFont("bare-bold" if row.bold else "bare", 8 * row.size.tall)
            canvas.drawString(10, y, row.text if isinstance(row, TextRow) else row.left)
        if isinstance(row, PairRow):
            canvas.drawRightString(216, y, row.right)
        elif isinstance(row, QrRow):
            code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
            code.add_data(row.payload)
            code.make(fit=True)
            path = canvas.beginPath()
            for number, line in enumerate(code.get_matrix()):
                for start, dark in enumerate(line):
                    if dark:
                        path.rect(60 + 2.5 * start, y - 2.5 * number, 2.5, 2.5)
            canvas.drawPath(path, stroke=0, fill=1)
            y -= 100
    canvas.save()
    return buffer.getvalue()


def first_of_ours() -> None:
    pdf_bytes(lay_out(CODE, _words(), PAPER_80), FONTS)


def first_bare() -> None:
    bare_pdf(lay_out(CODE, _words(), PAPER_80))


def first_slip() -> None:
    _ours(CODE, _words())


FIRSTS: dict[str, Callable[[], None]] = {
    "first_of_ours": first_of_ours,
    "first_bare": first_bare,
    "first_slip": first_slip,
    "first_slip_warm": first_slip,
}


def alone(name: str) -> None:
    """Says how many seconds that first took in this process, its own imports included."""
    if name.endswith("warm"):
        escpos.warm_up()
    begin = time.perf_counter()
    FIRSTS[name]()
    print(time.perf_counter() - begin)


def _alone(name: str) -> float:
    program = f"from bench.receipt import alone; alone({name!r})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _words() -> PaperWords:
    return read_words(json.loads((ROOT / "resources/words/receipt.zh.json").read_text(encoding="utf-8")))
