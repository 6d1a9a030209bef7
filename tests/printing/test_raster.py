"""A code that is a picture comes out of every printer so that a phone reads it."""

import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from pos_app.printing import escpos
from pos_app.printing.charset import Unprintable
from pos_app.printing.decoder import PrintedPicture, read_bytes
from pos_app.printing.layout import lay_out
from pos_app.printing.pdf import pdf_bytes
from pos_app.printing.picture import draw
from pos_app.printing.raster import dots_of_picture
from pos_app.printing.rows import PAPER_58, PAPER_80, Paper, PictureRow, QrRow
from pos_app.printing.words import PaperWords
from tests.fakes.till_goods import qr_picture
from tests.printing.samples import FONTS, changed, code

TEXT = "https://redeem.example/PICTURE-QJ7K"
on_both_papers = pytest.mark.parametrize("paper", [PAPER_58, PAPER_80], ids=lambda paper: str(paper.width_mm))


def png(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def found_in(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@on_both_papers
def test_it_is_read_from_paper_and_from_the_pdf(paper: Paper, words: PaperWords) -> None:
    slip = changed(code(), number=None, pin=None, qr="", image=qr_picture(TEXT))
    page = lay_out(slip, words, paper)
    assert not [row for row in page.rows if isinstance(row, QrRow)]
    printed = read_bytes(escpos.page_bytes(page), paper.columns)
    assert printed.text == page.text()
    assert (printed.unknown, printed.cuts) == ((), 1)
    assert len([mark for mark in printed.marks if isinstance(mark, PrintedPicture)]) == 1
    assert found_in(draw(printed, FONTS)) == [TEXT]
    document = pypdfium2.PdfDocument(pdf_bytes(page, FONTS))
    assert found_in(document[0].render(scale=3).to_pil().convert("L")) == [TEXT]
    assert "QJ7K" not in repr(page) + repr(page.rows)


@on_both_papers
def test_a_large_one_is_shrunk_to_the_paper_and_what_shines_through_is_white(paper: Paper) -> None:
    large = Image.open(io.BytesIO(qr_picture(TEXT))).convert("L").resize((1_500, 1_500))
    dots = dots_of_picture(PictureRow(png(large), 30), paper)
    assert (dots.width, dots.height) == (paper.dots, paper.dots)
    assert found_in(dots.convert("L")) == [TEXT]
    clear = dots_of_picture(PictureRow(png(Image.new("RGBA", (8, 4), (0, 0, 0, 0))), 1), paper)
    assert (clear.size, clear.getextrema()) == ((8, 4), (255, 255))


@pytest.mark.parametrize(
    "wrong",
    [b"", b"GIF89a", qr_picture("x")[:60], png(Image.new("1", (2_001, 1)))],
    ids=["empty", "foreign", "torn", "large"],
)
def test_what_is_no_picture_is_not_printed(wrong: bytes) -> None:
    with pytest.raises(Unprintable):
        dots_of_picture(PictureRow(wrong, 30), PAPER_58)
