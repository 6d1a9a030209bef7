"""Alipay's bill of a day: a zip of GBK tables, of which the one with the single payments is read.

Alipay open platform, alipay.data.dataservice.bill.downloadurl.query with bill_type "trade".
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from datetime import date

from pos_app.domain.errors import Unreachable
from pos_app.domain.gateway import Bill, BillKind, BillLine
from pos_app.wire.gateways.link import yuan

_MOST_BYTES = 64 * 1024 * 1024
_TRADE = "\u652f\u4ed8\u5b9d\u4ea4\u6613\u53f7"  # Alipay's number
_NUMBER = "\u5546\u6237\u8ba2\u5355\u53f7"  # our number
_KIND = "\u4e1a\u52a1\u7c7b\u578b"  # what it was
_AMOUNT = "\u8ba2\u5355\u91d1\u989d"  # amount of the order, negative for a refund
_REFUND = "\u9000\u6b3e\u6279\u6b21\u53f7/\u8bf7\u6c42\u53f7"  # the refund's number
_KINDS = {"\u4ea4\u6613": BillKind.PAID, "\u9000\u6b3e": BillKind.REFUND}


def read_bill(day: date, raw: bytes) -> Bill:
    """Unreachable("not_ours") when it is no zip, is cut short, or holds no table of single payments."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parcel:
            texts = [_unpacked(parcel, entry) for entry in parcel.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise Unreachable("not_ours") from error
    for text in texts:
        rows = _rows(text)
        if rows and {_TRADE, _NUMBER, _KIND, _AMOUNT} <= set(rows[0]):
            return Bill(day, tuple(line for row in rows[1:] for line in _lines(rows[0], row)), raw)
    raise Unreachable("not_ours")


def _unpacked(parcel: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    with parcel.open(entry) as packed:
        text = packed.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise Unreachable("not_ours")
    return text.decode("gb18030", errors="replace")


def _rows(text: str) -> list[list[str]]:
    """The rows without comments, cells without blanks; a heading without its unit."""
    told = [line for line in text.lstrip("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    rows = [[cell.strip() for cell in row] for row in csv.reader(told)]
    return [[_heading(cell) for cell in rows[0]], *rows[1:]] if rows else []


def _heading(text: str) -> str:
    return text.replace("\uff08", "(").split("(")[0]


def _lines(heading: list[str], cells: list[str]) -> list[BillLine]:
    """Unreachable for a row that cannot be read: a bill with a hole would accuse the honest."""
    row = dict(zip(heading, cells, strict=False))
    kind = _KINDS.get(row.get(_KIND, ""))
    if kind is None:
        return []  # fees and transfers are no payments of a customer
    amount = yuan(row.get(_AMOUNT, ""))
    if amount is None:
        raise Unreachable("not_ours")
    refund = row.get(_REFUND, "") if kind is BillKind.REFUND else ""
    return [BillLine(kind, row[_NUMBER], amount, row[_TRADE], refund)]
