"""Bytes for the printer, read back by the virtual one: the same text, and every QR read by an independent reader."""

import io
import logging
import subprocess
import sys

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pos_app.printing import escpos
from pos_app.printing.bars import bars_size
from pos_app.printing.charset import Unprintable
from pos_app.printing.decoder import CutHere, Fed, PrintedBars, PrintedLine, PrintedPicture, read_bytes
from pos_app.printing.layout import lay_out
from pos_app.printing.pdf import pdf_bytes
from pos_app.printing.picture import EDGE, MARGIN, draw
from pos_app.printing.rows import PAPER_58, PAPER_80, BarRow, CutRow, Page, Paper, QrRow
from pos_app.printing.words import PaperWords
from tests.printing.conftest import LANGUAGES, words_of
from tests.printing.samples import FONTS, ROOT, SAMPLES, code, sale, sale_by_wallet

PAPERS = (PAPER_58, PAPER_80)
on_both_papers = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.width_mm))
of_every_kind = pytest.mark.parametrize("name", SAMPLES)


def codes_in(picture: Image.Image) -> list[tuple[str, str]]:
    found = zxingcpp.read_barcodes(picture)
    return sorted((each.text, "".join(filter(str.isalnum, str(each.format))).lower()) for each in found)


def codes_on(page: Page) -> list[tuple[str, str]]:
    kinds = {QrRow: "qrcode", BarRow: "code128"}
    return sorted((row.payload, kinds[type(row)]) for row in page.rows if isinstance(row, QrRow | BarRow))


@pytest.mark.parametrize("language", LANGUAGES)
@on_both_papers
@of_every_kind
def test_what_is_printed_is_what_was_laid_out(name: str, paper: Paper, language: str) -> None:
    page = lay_out(SAMPLES[name], words_of(language), paper)
    printed = read_bytes(escpos.page_bytes(page), paper.columns)
    assert printed.text == page.text()
    assert printed.qrs == tuple(row.payload for row in page.rows if isinstance(row, QrRow))
    assert (printed.cuts, printed.drawer_kicks, printed.unknown) == (1, 0, ())


@on_both_papers
@of_every_kind
def test_every_code_is_read_back_from_the_paper(name: str, paper: Paper, words: PaperWords) -> None:
    page = lay_out(SAMPLES[name], words, paper)
    wanted = codes_on(page)
    native = draw(read_bytes(escpos.page_bytes(page), paper.columns), FONTS)
    drawn = draw(read_bytes(escpos.page_bytes(page, native_qr=False), paper.columns), FONTS)
    document = pypdfium2.PdfDocument(pdf_bytes(page, FONTS))
    assert len(document) == 1
    for picture in (native, drawn, document[0].render(scale=3).to_pil().convert("L")):
        assert codes_in(picture) == wanted


def test_a_barcode_lies_along_the_narrow_paper_and_across_the_wide_one(words: PaperWords) -> None:
    number = "0T1261122000C7QXZ"
    for paper, is_flat in ((PAPER_58, False), (PAPER_80, True)):
        page = lay_out(sale_by_wallet(), words, paper)
        printed = read_bytes(escpos.page_bytes(page), paper.columns)
        bars = [mark for mark in printed.marks if isinstance(mark, PrintedBars)]
        assert [(each.payload, each.dots) for each in bars] == ([(number, 2)] if is_flat else [])
        wide, high = bars_size(BarRow(number), paper)
        assert (wide > high, max(wide, high)) == (is_flat, 444)
        assert wide <= paper.dots
        assert number in page.text()


@pytest.mark.parametrize("payload", ["A{B}~ z", "0", "T1-000123"])
def test_a_barcode_says_all_of_ascii(payload: str) -> None:
    page = Page(PAPER_58, (BarRow(payload), CutRow()))
    for native in (True, False):
        printed = read_bytes(escpos.page_bytes(page, native_qr=native), PAPER_58.columns)
        assert codes_in(draw(printed, FONTS)) == [(payload, "code128")]


@pytest.mark.parametrize("payload", ["", "\u4e2d", "a\nb", "\x7f"])
def test_what_no_barcode_says_is_not_printed(payload: str) -> None:
    with pytest.raises(Unprintable):
        escpos.page_bytes(Page(PAPER_58, (BarRow(payload),)))


def test_the_picture_is_as_wide_as_the_paper(words: PaperWords) -> None:
    for paper in PAPERS:
        printed = read_bytes(escpos.page_bytes(lay_out(sale(), words, paper)), paper.columns)
        picture = draw(printed, FONTS)
        assert picture.width == paper.dots + 2 * MARGIN
        assert picture.height > 2 * EDGE
        edges = [
            picture.crop((0, 0, MARGIN, picture.height)),
            picture.crop((picture.width - MARGIN, 0, *picture.size)),
        ]
        assert all(edge.getextrema() == (255, 255) for edge in edges)


def test_the_pdf_holds_the_text_and_the_shipped_font(words: PaperWords) -> None:
    page = lay_out(code(), words, PAPER_80)
    document = pypdfium2.PdfDocument(pdf_bytes(page, FONTS))
    text = document[0].get_textpage().get_text_range()
    assert "QJ7K M2XW AB93 TD5H" in text
    assert "￥100.00" in text
    assert words.scam_title.split()[1] in text
    assert document[0].get_width() == pytest.approx(80 * 72 / 25.4, abs=0.1)
    assert pdf_bytes(page, FONTS) == pdf_bytes(page, FONTS)


def test_the_slip_begins_with_a_reset_and_chinese_mode(words: PaperWords) -> None:
    assert escpos.page_bytes(lay_out(sale(), words, PAPER_58)).startswith(b"\x1b@\x1c&")


def test_money_and_punctuation_are_the_bytes_of_gbk(words: PaperWords) -> None:
    data = escpos.page_bytes(lay_out(sale(), words, PAPER_58))
    assert b"\xa3\xa4444.90" in data
    assert b"?" not in data


def test_without_a_knife_the_paper_is_only_fed(words: PaperWords) -> None:
    printed = read_bytes(escpos.page_bytes(lay_out(sale(), words, PAPER_58), cuts=False), 32)
    assert printed.cuts == 0
    assert printed.text.endswith("\n\n\n\n")


@pytest.mark.parametrize(("pin", "which"), [(2, 0), (5, 1)])
def test_drawer(pin: int, which: int) -> None:
    assert escpos.drawer_bytes(pin)[:3] == bytes((0x1B, 0x70, which))
    assert read_bytes(escpos.drawer_bytes(pin), 32).drawer_kicks == 1


def test_python_escpos_leaves_no_handler_and_no_folder_behind(tmp_path) -> None:  # type: ignore[no-untyped-def]
    program = (
        "import logging, sys; sys.path.insert(0, sys.argv[1]); from pos_app.printing import escpos; "
        "assert 'escpos' not in sys.modules; escpos.warm_up(); assert 'escpos' in sys.modules; "
        "assert logging.getLogger().handlers == []"
    )
    environment = {"TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "PATH": ""}
    subprocess.run([sys.executable, "-c", program, str(ROOT)], env=environment, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_our_own_log_handlers_stay() -> None:
    before = list(logging.getLogger().handlers)
    escpos.warm_up()
    assert logging.getLogger().handlers == before


# --- The other end of the paper: anybody's bytes ---


def test_the_decoder_follows_the_commands_of_other_programs() -> None:
    data = (
        b"\x1b@\x1ba\x01\x1b!\x38Hi\x1b!\x00\n"  # ESC ! : bold, double
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0"
        b"\x1ba\x00left\tright\r\n\x1bd\x02\x1bJ\x10\x1bE\x01B\x1bE\x00\n"
        b"\x1c.\xb3\n\x1c&\xd6\xd0\n\x1c!\x0c\xce\xc4\x1c!\x00\n"
        b"\x1dh\x50\x1dw\x02\x1dk\x02123456789012\x00\x1dkI\x04{BAB"
        b"\x1b*\x21\x02\x00abcdef\x1bD\x08\x10\x00\x1d(L\x02\x0002"
        b"\x10\x04\x01\x10\x14\x01\x00\x05\x1b2\x1b3\x40tall\n\x1bp\x00\x19\x19\x1bi\x1dVA\x03\x1dV\x00"
    )
    printed = read_bytes(data, 32)
    assert printed.unknown == ()
    assert printed.qrs == ("abc",)
    assert (printed.cuts, printed.drawer_kicks) == (3, 1)
    lines = [mark.text for mark in printed.marks if isinstance(mark, PrintedLine)]
    assert lines == ["Hi", "left    right", "B", "│", "中", "文", "tall"]
    assert [mark.dots for mark in printed.marks if isinstance(mark, Fed)] == [60, 16]
    assert isinstance(printed.marks[-1], CutHere)
    assert draw(printed, FONTS).width == 384 + 2 * MARGIN


def test_four_bytes_where_two_belong_are_seen() -> None:
    printed = read_bytes("¥98.50\n".encode("gb18030"), 32)
    assert printed.unknown != ()


def test_a_line_that_is_too_long_goes_on_in_the_next() -> None:
    assert read_bytes(b"x" * 40 + b"\n", 32).text == "x" * 32 + "\n" + "x" * 8


@given(st.binary(max_size=400))
def test_the_decoder_takes_any_bytes(data: bytes) -> None:
    printed = read_bytes(data, 32)
    assert isinstance(printed.text, str)


@given(
    st.lists(
        st.sampled_from(
            [b"\x1b", b"\x1d", b"\x1c", b"(k", b"v0", b"1P0", b"1Q0", b"1C", b"\x03\x00", b"\xff"]
        )
    )
)
def test_the_decoder_takes_torn_commands_and_the_picture_can_be_drawn(parts: list[bytes]) -> None:
    printed = read_bytes(b"".join(parts), 32)
    if not any(isinstance(mark, PrintedPicture) for mark in printed.marks):
        with io.BytesIO() as file:
            draw(printed, FONTS).save(file, "PNG")
