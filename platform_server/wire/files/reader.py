"""Suppliers' files of codes: text with cells, or a workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from platform_server.domain.errors import BadRequest
from platform_server.ports.code_files import FileForm, FileRow
from platform_server.wire.files.cells import splitter
from platform_server.wire.files.lines import look, read_lines
from platform_server.wire.files.sheets import sheet_rows

_WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_SAMPLE = 200  # lines that tell what stands between cells


class DiskCodeFiles:
    """Implements ports.code_files.CodeFiles."""

    def look(self, path: str) -> FileForm:
        place = Path(path)
        if not place.is_file():
            raise BadRequest.at("file", f"{place.name} is not there")
        with place.open("rb") as file:
            start = file.read(4)
            if start == _OLD_WORKBOOK:
                raise BadRequest.at("file", "is of an old kind; save it as .xlsx or CSV")
            if start == _WORKBOOK:
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").digest()
                return FileForm(path, place.name, digest, "xlsx")
        text = look(place)
        return FileForm(path, place.name, text.digest, "text", text.encoding, text.newline)

    def rows(self, form: FileForm, separator: str | None, cells: int) -> Iterator[FileRow]:
        if form.kind == "xlsx":
            return (FileRow(line, found) for line, found in sheet_rows(Path(form.path)))
        return _text_rows(form, separator, cells)


def _text_rows(form: FileForm, separator: str | None, cells: int) -> Iterator[FileRow]:
    lines = read_lines(Path(form.path), form.encoding, form.newline)
    first = list(islice(lines, _SAMPLE))
    split = splitter(separator, [line for _, line in first], cells)
    for number, line in chain(first, lines):
        yield FileRow(number, tuple(split(line)))
