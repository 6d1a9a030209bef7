"""Suppliers' files as they come: any encoding, any separator, broken in every way; no row is lost."""

import codecs
import hashlib
import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from platform_server.domain.code_rows import ExpiryRule, FaultReason, judge, usual_layout
from platform_server.domain.errors import BadRequest
from platform_server.domain.goods import CardSecret, Payload
from platform_server.ports.code_files import FileRow
from platform_server.wire.files.lines import LONGEST
from platform_server.wire.files.reader import DiskCodeFiles
from tests.fakes.platform_world import START
from tests.server.test_code_rows import SHANGHAI

FILES = DiskCodeFiles()


def rows(path: Path, separator: str | None = None, cells: int = 2) -> list[FileRow]:
    return list(FILES.rows(FILES.look(str(path)), separator, cells))


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gb18030", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, mark: bytes, end: str) -> None:
    text = end.join(["卡号,密码", "N1,密一", "", "N2,P2"]) + end
    found = rows(written(tmp_path / "a.csv", mark + text.encode(encoding)))
    assert [row.cells for row in found] == [("卡号", "密码"), ("N1", "密一"), ("N2", "P2")]
    assert [row.line for row in found] == [1, 2, 4]


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (",", "comma"),
        (";", "semicolon"),
        ("\t", "tab"),
        ("|", "pipe"),
        ("，", "，"),
        ("----", "dashes"),
        ("   ", "blanks"),
        (" ", "blanks"),
    ],
)
def test_separators_are_found_out_or_said(tmp_path: Path, between: str, said: str) -> None:
    lines = [f"N-{i} x{between}P-{i}" for i in range(30)] if between not in (" ", "   ") else None
    lines = lines or [f"N-{i}{between}P-{i}" for i in range(30)]
    path = written(tmp_path / "a.txt", "\n".join([*lines[:20], "broken", *lines[20:]]))
    found = rows(path)
    assert found == rows(path, said)
    assert len(found) == 31
    assert [cell.strip() for cell in found[29].cells] == lines[28].split(between)


def test_a_single_blank_parts_nothing_where_one_cell_is_enough(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "ABCD EFGH\nIJKL MNOP\n")
    assert [row.cells for row in rows(path, cells=1)] == [("ABCD EFGH",), ("IJKL MNOP",)]
    assert [row.cells for row in rows(path, "none")] == [("ABCD EFGH",), ("IJKL MNOP",)]
    assert rows(written(tmp_path / "b.txt", '"ABCD EFGH"\n'), cells=1) == [FileRow(1, ("ABCD EFGH",))]
    with pytest.raises(BadRequest, match="separator"):
        rows(path, "several")


def test_quotes_cost_at_most_their_own_row(tmp_path: Path) -> None:
    text = '"N,1","P""1"\nN2,"P2\nN3,P3\nN4,P4"x\n"N5\r",P5\na\rb,"c"\n'
    found = rows(written(tmp_path / "a.csv", text), "comma")
    assert [row.cells for row in found] == [
        ("N,1", 'P"1'), ("N2", "P2"), ("N3", "P3"), ("N4", 'P4"x'), ("N5\r", "P5"), ("a\rb", '"c"')
    ]  # fmt: skip


def test_a_line_without_end_is_not_held(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "N1,P1\n" + "x" * (3 * LONGEST) + ",y\nN2,P2\n")
    found = rows(path, "comma")
    assert [row.line for row in found] == [1, 2, 3]
    assert len(found[1].cells[0]) == LONGEST + 1
    assert (
        judge(found[1].cells, usual_layout(Payload.PIN), ExpiryRule(START, SHANGHAI)) is FaultReason.TOO_LONG
    )
    quoted = written(tmp_path / "b.csv", 'N1,P1\n"' + "x" * (3 * LONGEST) + '",y\nN2,P2\n')
    assert len(rows(quoted, "comma")) == 3


def test_bytes_that_are_no_text_become_faults_not_losses(tmp_path: Path) -> None:
    found = rows(written(tmp_path / "a.csv", "密,N1\n".encode() + b"N2\xff,P2\nN3,P3\n"), "comma")
    assert len(found) == 3
    rule = ExpiryRule(START, SHANGHAI)
    judged = [judge(row.cells, usual_layout(Payload.NUMBER_PIN), rule) for row in found]
    assert judged[1:] == [FaultReason.UNREADABLE, CardSecret("N3", "P3")]
    assert rows(written(tmp_path / "b.csv", b"")) == []
    assert rows(written(tmp_path / "c.csv", b"\n \n\r\n")) == []


def workbook(path: Path, table: list[list[Any]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("codes")
    for row in table:
        sheet.append(row)
    book.create_sheet("other").append(["not", "this"])
    book.save(path)
    return path


def test_a_workbook_is_read_by_its_first_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.bin",
        [
            ["卡号", "密码", "有效期"],
            ["N1", "P1", datetime(2027, 12, 31)],
            [],
            [880000000001, 12.5, datetime(2027, 12, 31, 8, 30)],
            [1234567890123456, True, None],
            ["N4", "P4", datetime(2027, 12, 31).date(), *[""] * 40],
        ],
    )
    assert rows(path) == [
        FileRow(1, ("卡号", "密码", "有效期")),
        FileRow(2, ("N1", "P1", "2027-12-31")),
        FileRow(4, ("880000000001", "12.5", "2027-12-31 08:30:00")),
        FileRow(5, ("1.23456789012346E+15", "True")),
        FileRow(6, ("N4", "P4", "2027-12-31")),
    ]
    form = FILES.look(str(path))
    assert (form.kind, form.name, form.digest) == (
        "xlsx",
        "a.bin",
        hashlib.sha256(path.read_bytes()).digest(),
    )
    rule = ExpiryRule(START, SHANGHAI)
    assert judge(rows(path)[3].cells, usual_layout(Payload.NUMBER_PIN), rule) is FaultReason.ROUNDED


def test_a_long_number_that_a_spreadsheet_wrote_is_seen_to_be_cut(tmp_path: Path) -> None:
    path = altered(workbook(tmp_path / "a.xlsx", [["N1", 12.5]]), "<v>12.5</v>", "<v>1.5E1</v>")
    assert rows(path) == [FileRow(1, ("N1", "15"))]
    path = altered(workbook(tmp_path / "a.xlsx", [["N1", 12.5]]), "<v>12.5</v>", "<v>1.23456789012346E19</v>")
    assert rows(path) == [FileRow(1, ("N1", "1.23456789012346E+19"))]


def altered(path: Path, before: str, after: str) -> Path:
    """The same workbook with another first sheet."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                assert before in content
                content = content.replace(before, after)
            new.writestr(name, content)
    return path


def test_what_is_no_workbook_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequest, match="not there"):
        FILES.look(str(tmp_path / "none.csv"))
    with pytest.raises(BadRequest, match="old kind"):
        FILES.look(str(written(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600)))
    good = workbook(tmp_path / "good.xlsx", [["N1", "P1"]] * 3).read_bytes()
    for cut in (50, len(good) // 2, len(good) - 30):
        with pytest.raises(BadRequest, match="no whole workbook"):
            rows(written(tmp_path / "cut.xlsx", good[:cut]))
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(BadRequest, match="no whole workbook"):
        rows(tmp_path / "other.xlsx")
    monkeypatch.setattr("platform_server.wire.files.sheets._LARGEST", 1000)
    with pytest.raises(BadRequest, match="too large"):
        rows(tmp_path / "good.xlsx")


def test_a_workbook_cannot_make_us_expand_its_entities(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["N1", "P1"]])
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    altered(altered(path, "<worksheet", bomb), "<sheetData>", "<sheetData>&b;")
    with pytest.raises(BadRequest, match="no whole workbook"):
        rows(path)


LOOSE = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEPARATORS = st.sampled_from([None, "comma", "tab", "dashes", "blanks", "none"])


@LOOSE
@given(content=st.binary(max_size=400), separator=SEPARATORS, cells=st.integers(1, 2))
def test_no_bytes_break_the_reader(tmp_path: Path, content: bytes, separator: str | None, cells: int) -> None:
    path = written(tmp_path / "any", content)
    try:
        found = rows(path, separator, cells)
    except BadRequest:
        assert content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
        return
    assert found == rows(path, separator, cells)
    assert [row.line for row in found] == sorted({row.line for row in found})


LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\ufeff"), max_size=30),
    max_size=40,
)


@LOOSE
@given(
    lines=LINES, separator=SEPARATORS, encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
)
def test_no_row_is_lost(tmp_path: Path, lines: list[str], separator: str | None, encoding: str) -> None:
    path = written(tmp_path / "any", "\n".join(lines).encode(encoding))
    wanted = [number for number, line in enumerate(lines, 1) if line and not line.isspace()]
    is_misread = encoding == "gb18030"  # where it is valid UTF-8 too, characters differ, lines do not
    if not is_misread and path.read_bytes()[:4] not in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        assert [row.line for row in rows(path, separator)] == wanted
