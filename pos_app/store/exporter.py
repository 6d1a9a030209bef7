"""A day's report as a file that a spreadsheet opens, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from pos_app.domain.money import EXPONENTS, Money
from pos_app.domain.report import DayFigures, DayReport, Share
from pos_app.store.trouble import trouble_with_file

_Cell = str | int | Money
_Sheet = tuple[str, list[list[_Cell]]]

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class FileExporter:
    """Implements `ports/exporter.Exporter`; `words` is the folder of `report.<language>.json`."""

    def __init__(self, words: Path) -> None:
        self._words = words

    def write_day(self, report: DayReport, path: Path, language: str) -> None:
        tongue = "zh" if language.startswith("zh") else "en"
        words = json.loads((self._words / f"report.{tongue}.json").read_text(encoding="utf-8"))
        sheets = _sheets(report, words, tongue)
        half = path.with_name(path.name + ".half")
        try:
            if path.suffix.lower() == ".csv":
                # The mark at the beginning tells Excel that this is UTF-8.
                with half.open("w", encoding="utf-8-sig", newline="") as file:
                    _write_csv(file, sheets)
            else:
                _write_xlsx(half, sheets)
            with half.open("rb+") as written:
                os.fsync(written.fileno())
            half.replace(path)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise trouble_with_file(error, path) from error


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _sheets(report: DayReport, words: Mapping[str, str], language: str) -> list[_Sheet]:
    named = [words["name"], words["number"], words["takings"], words["margin"]]
    tables = (("products", report.by_product), ("tenders", report.by_tender), ("cashiers", report.by_cashier))
    hours: list[list[_Cell]] = [[words["hour"], words["takings"]]]
    hours += [[f"{hour:02d}:00", taken] for hour, taken in enumerate(report.by_hour)]
    sheets: list[_Sheet] = [(words["figures"], _figures(report, words)), (words["hours"], hours)]
    for key, shares in tables:
        sheets.append((words[key], [[*named], *_rows(shares, words, language)]))  # reads down
    return sheets


def _figures(report: DayReport, words: Mapping[str, str]) -> list[list[_Cell]]:
    def column(figures: DayFigures) -> list[_Cell]:
        return [figures.sales, figures.takings, figures.margin, figures.refunds, figures.average]

    labels = [words[key] for key in ("sales", "takings", "margin", "refunds", "average")]
    rows = zip(labels, column(report.figures), column(report.week_before), strict=True)
    return [["", report.day.isoformat(), words["week_before"]], *([*row] for row in rows)]


def _rows(shares: Sequence[Share], words: Mapping[str, str], language: str) -> list[list[_Cell]]:
    return [
        [
            words.get(f"tender_{share.key}", share.names.in_language(language)),
            share.number,
            share.takings,
            share.margin,
        ]
        for share in shares
    ]


def _write_csv(file: TextIO, sheets: Sequence[_Sheet]) -> None:
    writer = csv.writer(file)
    for place, (title, rows) in enumerate(sheets):
        if place:
            writer.writerow([])
        writer.writerow([neutral(title)])
        for row in rows:
            writer.writerow([_plain(cell) for cell in row])


def _plain(cell: _Cell) -> str | int:
    if isinstance(cell, Money):
        return cell.plain()
    return neutral(cell) if isinstance(cell, str) else cell


def _write_xlsx(path: Path, sheets: Sequence[_Sheet]) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    formats = {
        places: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
        for places in {2, *EXPONENTS.values()}
    }
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 3, 14)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, Money):
                    # A spreadsheet knows only binary fractions; what is written is the figure as people read it.
                    sheet.write_number(y, x, float(cell.plain()), formats[EXPONENTS.get(cell.currency, 2)])
                elif isinstance(cell, int):
                    sheet.write_number(y, x, cell)
                else:
                    sheet.write_string(y, x, neutral(cell), bold if y == 0 else None)
    try:
        book.close()
    except FileCreateError as error:
        raise (
            error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error))
        ) from error
