"""WeChat Pay's bill of a day: a table whose values stand behind backticks, then one row of sums.

WeChat Pay V3, "format of the transaction bill" (pay.weixin.qq.com, bill-download/format-trade.html); V2 has the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pos_app.domain.errors import Unreachable
from pos_app.domain.gateway import Bill, BillKind, BillLine
from pos_app.domain.money import Money
from pos_app.wire.gateways.link import yuan

_TRANSACTION = "\u5fae\u4fe1\u8ba2\u5355\u53f7"
_NUMBER = "\u5546\u6237\u8ba2\u5355\u53f7"
_STATE = "\u4ea4\u6613\u72b6\u6001"
_REFUND = "\u5546\u6237\u9000\u6b3e\u5355\u53f7"
# Amount of the order and of the refund asked for; behind each, what older bills have in its place.
_ORDERED = ("\u8ba2\u5355\u91d1\u989d", "\u603b\u91d1\u989d", "\u5e94\u7ed3\u8ba2\u5355\u91d1\u989d")
_GIVEN_BACK = ("\u7533\u8bf7\u9000\u6b3e\u91d1\u989d", "\u9000\u6b3e\u91d1\u989d")
# A paid order that was reversed stands there twice under its number: paid, and given back (REVOKED).
_KINDS = {"SUCCESS": BillKind.PAID, "REFUND": BillKind.REFUND, "REVOKED": BillKind.REFUND}


def read_bill(day: date, raw: bytes) -> Bill:
    """Unreachable("not_ours") when it is no such table, is cut short, or a row cannot be read."""
    try:
        rows = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Unreachable("not_ours") from error
    heading = [cell.strip() for cell in rows[0].split(",")] if rows else []
    details = [row for row in rows[1:] if row.startswith("`")]
    sums_at = next((place for place, row in enumerate(rows[1:]) if row and not row.startswith("`")), None)
    is_table = {_TRANSACTION, _NUMBER, _STATE, _REFUND} <= set(heading)
    if not is_table or sums_at is None or len(details) != sums_at + 1:
        raise Unreachable("not_ours")
    lines = [_line(heading, row) for row in details[:sums_at]]
    return Bill(day, tuple(line for line in lines if line is not None), raw)


def _line(heading: list[str], row: str) -> BillLine | None:
    """None for what is neither paid nor given back. A name of goods may hold commas, but no comma and backtick."""
    cells = [cell.strip() for cell in row[1:].split(",`")]
    if len(cells) != len(heading):
        raise Unreachable("not_ours")
    found = dict(zip(heading, cells, strict=True))
    kind = _KINDS.get(found[_STATE])
    if kind is None:
        return None
    if kind is BillKind.PAID:
        return BillLine(kind, found[_NUMBER], _amount(found, _ORDERED), found[_TRANSACTION])
    amount = _amount(found, _GIVEN_BACK)
    if amount.is_zero:
        amount = _amount(found, _ORDERED)
    number = found[_REFUND] if found[_REFUND] != "0" else ""
    return BillLine(kind, found[_NUMBER], amount, found[_TRANSACTION], number)


def _amount(found: Mapping[str, str], names: tuple[str, ...]) -> Money:
    told = next((found[name] for name in names if name in found), "")
    amount = yuan(told)
    if amount is None:
        raise Unreachable("not_ours")
    return amount
