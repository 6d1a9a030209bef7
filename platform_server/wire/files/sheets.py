"""The first sheet of a workbook (.xlsx) as rows of text; a workbook is a stranger's, so what it may cost is bounded."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from platform_server.domain.errors import BadRequest

_LARGEST = 2 << 30  # bytes when unpacked: a million rows are a tenth of it
_MOST_ROWS, _MOST_CELLS = 1 << 20, 32  # the first is a workbook's own limit
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number; longer ones have lost their end
# What openpyxl lets fly for a file that is broken or no workbook at all.
_TROUBLES = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    ArithmeticError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)


def sheet_rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Number and cells of each row that is not blank. Raises BadRequest for what is no whole workbook."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                    raise BadRequest.at("file", "the workbook is too large when unpacked; split it")
            yield from _rows(load_workbook(file, read_only=True, data_only=True, keep_links=False))
        except _TROUBLES as trouble:
            kind = type(trouble.__cause__ or trouble.__context__ or trouble).__name__
            sentence = f"is no whole workbook ({kind}); save it again as .xlsx or CSV"
            raise BadRequest.at("file", sentence) from None


def _rows(book: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    rows = sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_CELLS, values_only=True)
    for number, row in enumerate(rows, start=1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, tuple(cells)


def _text(value: Any) -> str:
    """As it stands in the sheet; a number that has lost digits is written so that it is seen."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= _EXACT:
        return f"{value:.14E}"
    return str(value)
