"""P7: a receipt's bytes beside bytes put together by hand, and its PDF beside the bare library."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pos_app.domain.money import Money  # noqa: E402
from pos_app.domain.receipt import CodeSlip, Header, SaleReceipt  # noqa: E402
from pos_app.printing import escpos  # noqa: E402
from pos_app.printing.layout import lay_out  # noqa: E402
from pos_app.printing.pdf import pdf_bytes  # noqa: E402
from pos_app.printing.rows import PAPER_80, Page, PairRow, QrRow, TextRow  # noqa: E402
from pos_app.printing.words import PaperWords, read_words  # noqa: E402
from tests.printing.samples import FONTS, code, sale  # noqa: E402

CENTER, LEFT, RULE, CUT = b"\x1ba\x01", b"\x1ba\x00", b"-" * 48 + b"\n", b"\n\x1bd\x06\x1dV\x01"
DOUBLE, PLAIN = b"\x1d!\x11\x1bE\x01", b"\x1d!\x00\x1bE\x00"
SALE, CODE = sale(), code()
ROUNDS = 7


def main() -> None:
    """Prints every ratio with both of its sides."""
    words = _words()
    escpos.warm_up()
    print("P7 receipt bytes, must be <= 10 x bytes by hand, aim 4 x")
    _compare("sale receipt", lambda: _ours(SALE, words), lambda: _by_hand(SALE, words), 500)
    _compare("code slip", lambda: _ours(CODE, words), lambda: _by_hand(CODE, words), 500)
    page = lay_out(CODE, words, PAPER_80)
    print("P7 PDF of a code slip, must be <= 1.2 x bare reportlab, the first in a process <= 1.3 x")
    _compare("next", lambda: pdf_bytes(page, FONTS), lambda: bare_pdf(page), 5)
    ours, bare = (median(_first(name) for _ in range(3)) for name in ("first_of_ours", "first_bare"))
    _print("first", ours, bare)
    cold, warm = _first("first_slip_cold"), _first("first_slip_warm")
    print(f"  first slip of a process: {cold * 1000:.0f} ms, after warm_up {warm * 1000:.2f} ms")


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
    parts += [_pair(words.received.format(tender=words.tender_cash), _yuan(receipt.received), 48)]
    parts += [_pair(words.change, _yuan(receipt.change), 48), RULE, CENTER, *_qr_by_hand(receipt.qr, 4)]
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


def first_slip_cold() -> None:
    _ours(CODE, _words())


def first_slip_warm() -> None:
    _ours(CODE, _words())


def _words() -> PaperWords:
    return read_words(json.loads((ROOT / "resources/words/receipt.zh.json").read_text(encoding="utf-8")))


def _compare(what: str, ours: Callable[[], bytes], floor: Callable[[], bytes], times: int) -> None:
    """Both sides in turn, so that a slow moment of the machine meets both; medians of several rounds."""
    ours()
    floor()
    rounds = [(_timed(ours, times), _timed(floor, times)) for _ in range(ROUNDS)]
    _print(what, median(pair[0] for pair in rounds), median(pair[1] for pair in rounds))


def _timed(make: Callable[[], bytes], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        make()
    return (time.perf_counter() - started) / times


def _first(name: str) -> float:
    """Seconds that the function takes as the first of its kind in a fresh process, its own imports included."""
    done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _print(what: str, ours: float, floor: float) -> None:
    print(f"  {what}: {ours * 1000:.3f} ms, floor {floor * 1000:.3f} ms, ratio {ours / floor:.2f}")


def _run_alone(name: str) -> None:
    if name.endswith("warm"):
        escpos.warm_up()
    print(_timed(globals()[name], 1))


if __name__ == "__main__":
    _run_alone(sys.argv[1]) if len(sys.argv) > 1 else main()
