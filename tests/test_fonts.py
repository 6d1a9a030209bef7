"""The shipped fonts draw what tills write, on the screen and on paper."""

from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent.parent / "resources" / "fonts"
FILES = sorted(FONTS.glob("*.ttf"))


def gb2312() -> set[str]:
    pairs = (bytes([lead, trail]) for lead in range(0xA1, 0xF8) for trail in range(0xA1, 0xFF))
    return {character for pair in pairs if len(character := pair.decode("gb2312", "ignore")) == 1}


def test_there_is_a_regular_and_a_bold_font_with_their_licence() -> None:
    assert [file.name for file in FILES] == ["NotoSansSC-Bold.ttf", "NotoSansSC-Regular.ttf"]
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_font_covers_what_tills_write(file: Path) -> None:
    covered = TTFont(file.stem, str(file)).face.charToGlyph
    wanted = gb2312() | set(
        "\uffe5\xa5\u20ac\u201c\u201d\uff0c\u3002\uff1a\uff08\uff09\u3010\u3011\u2026\u2014"
    )
    assert len([character for character in wanted if "\u4e00" <= character <= "\u9fff"]) == 6763
    assert not [character for character in sorted(wanted) if ord(character) not in covered]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_qt_takes_the_font(file: Path, qapp: Any) -> None:
    from PySide6.QtGui import QFontDatabase, QRawFont

    assert "Noto Sans SC" in QFontDatabase.families()
    assert QRawFont(str(file), 16).supportsCharacter(ord("\u5361"))
