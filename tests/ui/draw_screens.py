"""Draws every screen in both languages and all three looks into docs/screens, from a fake shop with believable goods."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.errors import Unreachable
from pos_app.domain.sale import TopUp, TopUpState
from pos_app.domain.staff import Person
from pos_app.ui import theme
from pos_app.ui.language import Languages
from pos_app.ui.theme import Look
from tests.fakes.till_shop import PINS, FakeShop, make_fake_shop
from tests.ui.screen_goods import many_products
from tests.ui.window import (
    BACKSPACE,
    ENTER,
    ESC,
    F9,
    FONTS,
    ROOT,
    OpenWindow,
    pictures,
    set_stock,
    virtual_printer,
)

OUT = ROOT / "docs" / "screens"
NAMES = {"cashier": "李娜", "supervisor": "张强", "owner": "王庆"}
SIZE = (1280, 800)
# The ones that README and docs show; the others are on their contact sheets.
LARGE_TOO = {
    "sign_in", "selling", "search", "payment_typed", "change", "top_up_read_back", "slip", "waiting",
    "sales_list", "todo_full", "day_today", "shift_compare",
}  # fmt: skip
DEFAULT = ("zh", Look.LIGHT)


def main(size: tuple[int, int] = SIZE, out: Path = OUT, only: str = "") -> None:
    """Everything, or the screens whose name begins with `only`."""
    drawn: dict[str, dict[tuple[str, Look], Image.Image]] = {}
    for look in Look:
        for language in ("zh", "en"):
            for name, picture in all_screens(language, look, size):
                if name.startswith(only):
                    drawn.setdefault(name, {})[language, look] = picture
    out.mkdir(parents=True, exist_ok=True)
    for name, those in drawn.items():
        _save(contact_sheet(name, those), out / f"{name}.png")
        if name in LARGE_TOO:
            _save(those[DEFAULT], out / f"{name}-full.png")
    print(f"{len(drawn)} screens lie in {out}")


def _save(picture: Image.Image, path: Path) -> None:
    """256 colours are enough for flat screens, at a third of the size."""
    picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def all_screens(language: str, look: Look, size: tuple[int, int]) -> Iterator[tuple[str, Image.Image]]:
    """Name and picture, first the selling, then the pages after the sale."""
    for name, widget in selling_screens(language, look, size):
        yield name, grab(widget)
    from tests.ui import screens_gateways, screens_money, screens_offline, screens_two

    for name, widget in screens_offline.screens(evening(language), language, look, size):
        yield name, grab(widget)
    for name, widget in screens_money.screens(language, look, size):
        yield name, grab(widget)

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, look)
    Languages(ROOT / "translations").switch(language)
    for name, widget in screens_two.screens(language, look, size):
        yield name, grab(widget)
    for name, widget in screens_gateways.screens(language, look, size):
        yield name, grab(widget)


def selling_screens(language: str, look: Look, size: tuple[int, int]) -> Iterator[tuple[str, QWidget]]:
    """One evening at the counter."""
    fake = evening(language)
    printer = fake.printer
    demo = tuple((NAMES[role], pin) for role, pin in PINS.items())
    window = OpenWindow(
        fake,
        language=language,
        look=look,
        demo_pins=demo,
        papers=pictures(printer),  # type: ignore[arg-type]
    )
    window.window.resize(*size)
    screen = window.window
    window.settle()
    yield "sign_in", screen
    window.type("000000")
    window.press(ENTER)
    yield "sign_in_wrong", screen
    window.sign_in()
    yield "open_shift", screen
    window.type("300")
    window.press(ENTER)
    beat(window)
    yield "selling_empty", screen
    for code in ("6900000000001", "2*6900000000007", "6900000000004"):
        window.scan(code)
        window.settle()
    yield "selling", screen
    window.scan("6900000000005")
    window.settle()
    yield "sold_out", screen
    window.type("hy" if language == "zh" else "mem")
    yield "search", screen
    window.press(ESC)
    window.type("13800138000")
    window.press(ENTER)
    yield "top_up", screen
    window.type("4")
    yield "top_up_read_back", screen
    window.press(ENTER)
    yield "selling_full", screen
    window.press(F9)
    yield "payment", screen
    window.type("100")
    window.press(ENTER)
    yield "payment_too_low", screen
    window.press(*[BACKSPACE] * 3)
    window.type("300")
    yield "payment_typed", screen
    window.press(ENTER)
    window.settle()
    yield "change", screen
    yield from after_the_sale(window, fake, screen)
    window.close()


def after_the_sale(window: OpenWindow, fake: FakeShop, screen: QWidget) -> Iterator[tuple[str, QWidget]]:
    """What may go wrong afterwards, and an account that has a form."""
    window.till.pick(next(p for p in many_products() if len(p.fields) > 1))
    window.settle()
    window.type("123456789")
    yield "top_up_form", screen
    window.press(ESC, ESC)
    window.scan("6900000000001")
    window.settle()
    window.press(F9)
    fake.platform.is_down = True
    window.press(ENTER)
    yield "waiting", screen
    fake.platform.is_down = False
    beat(window)
    fake.printer.run_out()  # type: ignore[attr-defined]
    window.scan("6900000000001")
    window.settle()
    window.press(F9, ENTER)
    yield "paper_out", screen
    fake.printer.load()  # type: ignore[attr-defined]
    window.pay.print_again()
    window.settle()
    yield "slip", screen
    window.scan("6900000000001")
    window.settle()
    fake.platform.fail_next("reserve", "before_effect", Unreachable("timeout"))
    window.press(F9)
    yield "platform_away", screen


def evening(language: str) -> FakeShop:
    """A shop that has what it needs, with people who have names."""
    goods = [replace(product, stock=None) for product in many_products()]
    fake = make_fake_shop(goods, stock=100, shift_open=False)
    with fake.till.open_books() as books:
        for person in books.staff.people():
            named: Person = replace(person, name=NAMES[person.role.value])
            books.staff.put(named)
        books.commit()
    fake.printer = virtual_printer(language)  # type: ignore[assignment]
    fake.restarted()
    set_stock(fake)
    fake.platform.script_top_up("13800138000", [TopUp(TopUpState.SUBMITTING)])
    return fake


def beat(window: OpenWindow) -> None:
    """One heartbeat, so that the status strip is fresh."""
    assert window.window.heartbeat is not None
    window.window.heartbeat.soon()
    seen: list[int] = []
    window.window.heartbeat.beaten.connect(lambda: seen.append(1))
    window.until(lambda: bool(seen))
    window.settle()
    set_stock(window.fake)
    window.till.refresh_tiles()
    window.settle()


def grab(widget: QWidget) -> Image.Image:
    """The widget as it stands on the screen."""
    for _ in range(3):
        QApplication.processEvents()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def contact_sheet(name: str, those: dict[tuple[str, Look], Image.Image]) -> Image.Image:
    """Two columns of languages, three rows of looks, each at half size with its name."""
    width, height = SIZE[0] // 2, SIZE[1] // 2
    gap, head = 16, 28
    sheet = Image.new("RGB", (2 * width + 3 * gap, 3 * (height + head) + gap), "#D5DAE1")
    ink = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(FONTS[1]), 15)
    for down, look in enumerate(Look):
        for across, language in enumerate(("zh", "en")):
            picture = those[language, look].resize((width, height), Image.Resampling.LANCZOS)
            left, top = gap + across * (width + gap), head + down * (height + head)
            ink.text((left, top - 23), f"{name}  {language}  {look.value}", fill="#14181F", font=font)
            sheet.paste(picture, (left, top))
    return sheet


if __name__ == "__main__":
    main(only=sys.argv[1] if len(sys.argv) > 1 else "")
