"""The bill of a day as Alipay hands it out: a zip with two CSV files in GBK, their names in GBK as well."""

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from practice.gateways.alipay.words import write_timestamp, yuan_of
from practice.gateways.bank import BEIJING
from practice.gateways.told import Movement

_ACCOUNT = "20880000000000010156"
# The columns as shops find them in their bills; the till of a shop reads some by these names.
_COLUMNS = (
    "\u652f\u4ed8\u5b9d\u4ea4\u6613\u53f7",
    "\u5546\u6237\u8ba2\u5355\u53f7",
    "\u4e1a\u52a1\u7c7b\u578b",
    "\u5546\u54c1\u540d\u79f0",
    "\u521b\u5efa\u65f6\u95f4",
    "\u5b8c\u6210\u65f6\u95f4",
    "\u95e8\u5e97\u7f16\u53f7",
    "\u95e8\u5e97\u540d\u79f0",
    "\u64cd\u4f5c\u5458",
    "\u7ec8\u7aef\u53f7",
    "\u5bf9\u65b9\u8d26\u6237",
    "\u8ba2\u5355\u91d1\u989d\uff08\u5143\uff09",
    "\u5546\u5bb6\u5b9e\u6536\uff08\u5143\uff09",
    "\u652f\u4ed8\u5b9d\u7ea2\u5305\uff08\u5143\uff09",
    "\u96c6\u5206\u5b9d\uff08\u5143\uff09",
    "\u652f\u4ed8\u5b9d\u4f18\u60e0\uff08\u5143\uff09",
    "\u5546\u5bb6\u4f18\u60e0\uff08\u5143\uff09",
    "\u5238\u6838\u9500\u91d1\u989d\uff08\u5143\uff09",
    "\u5238\u540d\u79f0",
    "\u5546\u5bb6\u7ea2\u5305\u6d88\u8d39\u91d1\u989d\uff08\u5143\uff09",
    "\u5361\u6d88\u8d39\u91d1\u989d\uff08\u5143\uff09",
    "\u9000\u6b3e\u6279\u6b21\u53f7/\u8bf7\u6c42\u53f7",
    "\u670d\u52a1\u8d39\uff08\u5143\uff09",
    "\u5206\u6da6\uff08\u5143\uff09",
    "\u5907\u6ce8",
)
_TRADE, _REFUND = "\u4ea4\u6613", "\u9000\u6b3e"
_GOODS = "\u7ec3\u4e60\u5546\u54c1"
_RULE = "#" + "-" * 41
_DETAIL, _SUMMARY = "\u4e1a\u52a1\u660e\u7ec6", "\u4e1a\u52a1\u660e\u7ec6(\u6c47\u603b)"


def bill_zip(day: date, movements: Iterable[Movement], trade_no: dict[str, str], made_at: float) -> bytes:
    """The zip of one day of Beijing; `trade_no` is Alipay's number of each order."""
    rows = [_row(each, trade_no[each.number]) for each in movements]
    exported = datetime.fromtimestamp(made_at, BEIJING)
    head = [
        "#\u652f\u4ed8\u5b9d\u4e1a\u52a1\u660e\u7ec6\u67e5\u8be2",
        f"#\u8d26\u53f7\uff1a[{_ACCOUNT}]",
        (
            f"#\u8d77\u59cb\u65e5\u671f\uff1a[{_day(day)} 00:00:00]"
            f"   \u7ec8\u6b62\u65e5\u671f\uff1a[{_day(day + timedelta(days=1))} 00:00:00]"
        ),
    ]
    ending = [f"#\u5bfc\u51fa\u65f6\u95f4\uff1a[{_day(exported)} {exported:%H:%M:%S}]"]
    listing = [f"{_RULE}\u4e1a\u52a1\u660e\u7ec6\u5217\u8868{'-' * 40}", ",".join(_COLUMNS), *rows]
    listing.append(f"{_RULE}\u4e1a\u52a1\u660e\u7ec6\u5217\u8868\u7ed3\u675f{'-' * 36}")
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        start = f"{_ACCOUNT}_{day:%Y%m%d}_"
        packed.writestr(_NameInGbk(f"{start}{_DETAIL}.csv"), _text([*head, *listing, *ending]))
        packed.writestr(_NameInGbk(f"{start}{_SUMMARY}.csv"), _text([*head, *ending]))
    return out.getvalue()


class _NameInGbk(ZipInfo):
    """An entry whose name is written in GBK without saying so, as Alipay's are."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits


def _day(day: date) -> str:
    return f"{day.year}\u5e74{day.month:02d}\u6708{day.day:02d}\u65e5"


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("gbk")


def _row(moved: Movement, trade_no: str) -> str:
    fen = -moved.amount if moved.is_refund else moved.amount
    # a refund without a number of the shop's bears that of its order
    refund_number = (moved.refund_number or moved.number) if moved.is_refund else ""
    cells = [
        f"{trade_no}\t",
        f"{moved.number}\t",
        f"{_REFUND if moved.is_refund else _TRADE}\t",
        _GOODS,
        write_timestamp(moved.at),
        write_timestamp(moved.at),
        *(["\t"] * 4),
        "pra***@example.com\t",
        *([yuan_of(fen)] * 2),
        *(["0.00"] * 5),
        "",
        "0.00\t",
        "0.00",
        f"{refund_number}\t",
        *(["0.00"] * 2),
        "",
    ]
    return ",".join(cells)
