"""The bill of a day as WeChat Pay hands it out: CSV with a backtick before every value and sums in the last two rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from practice.gateways.bank import BEIJING, Bank
from practice.gateways.told import Movement
from practice.gateways.wechat.keys import Merchant

READY_AFTER = timedelta(hours=9)
# The columns as shops find them in their bills (WeChat Pay, "trade bill", type ALL).
_COLUMNS = (
    "\u4ea4\u6613\u65f6\u95f4",
    "\u516c\u4f17\u8d26\u53f7ID",
    "\u5546\u6237\u53f7",
    "\u7279\u7ea6\u5546\u6237\u53f7",
    "\u8bbe\u5907\u53f7",
    "\u5fae\u4fe1\u8ba2\u5355\u53f7",
    "\u5546\u6237\u8ba2\u5355\u53f7",
    "\u7528\u6237\u6807\u8bc6",
    "\u4ea4\u6613\u7c7b\u578b",
    "\u4ea4\u6613\u72b6\u6001",
    "\u4ed8\u6b3e\u94f6\u884c",
    "\u8d27\u5e01\u79cd\u7c7b",
    "\u5e94\u7ed3\u8ba2\u5355\u91d1\u989d",
    "\u4ee3\u91d1\u5238\u91d1\u989d",
    "\u5fae\u4fe1\u9000\u6b3e\u5355\u53f7",
    "\u5546\u6237\u9000\u6b3e\u5355\u53f7",
    "\u9000\u6b3e\u91d1\u989d",
    "\u5145\u503c\u5238\u9000\u6b3e\u91d1\u989d",
    "\u9000\u6b3e\u7c7b\u578b",
    "\u9000\u6b3e\u72b6\u6001",
    "\u5546\u54c1\u540d\u79f0",
    "\u5546\u6237\u6570\u636e\u5305",
    "\u624b\u7eed\u8d39",
    "\u8d39\u7387",
    "\u8ba2\u5355\u91d1\u989d",
    "\u7533\u8bf7\u9000\u6b3e\u91d1\u989d",
    "\u8d39\u7387\u5907\u6ce8",
)
_SUMS = (
    "\u603b\u4ea4\u6613\u5355\u6570",
    "\u5e94\u7ed3\u8ba2\u5355\u603b\u91d1\u989d",
    "\u9000\u6b3e\u603b\u91d1\u989d",
    "\u5145\u503c\u5238\u9000\u6b3e\u603b\u91d1\u989d",
    "\u624b\u7eed\u8d39\u603b\u91d1\u989d",
    "\u8ba2\u5355\u603b\u91d1\u989d",
    "\u7533\u8bf7\u9000\u6b3e\u603b\u91d1\u989d",
)
# with a comma, as goods have them
_GOODS = "\u7ec3\u4e60\u5546\u54c1, 50 \u5143"


class Readiness(StrEnum):
    READY = "ready"
    NOT_OVER = "not_over"
    IN_THE_MAKING = "in_the_making"
    EMPTY = "empty"  # nothing moved: there is no bill at all


@dataclass(frozen=True, slots=True)
class Names:
    """WeChat Pay's own number of an order, and how its customer paid."""

    transaction_id: str
    trade_type: str


def readiness(bank: Bank, day: date) -> Readiness:
    """Whether the bill of that day can be had: the next day from nine o'clock on, if anything moved."""
    if day >= bank.today():
        return Readiness.NOT_OVER
    ready = datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1) + READY_AFTER
    if bank.catch_up() < ready.timestamp():
        return Readiness.IN_THE_MAKING
    return Readiness.READY if bank.bill(day) else Readiness.EMPTY


def bill_csv(movements: Iterable[Movement], merchant: Merchant, names: Mapping[str, Names]) -> bytes:
    """The bill in UTF-8 with a byte order mark; amounts in yuan."""
    moved = tuple(movements)
    paid = sum(each.amount for each in moved if not each.is_refund)
    back = sum(each.amount for each in moved if each.is_refund)
    sums = [str(len(moved)), _yuan(paid), _yuan(back), "0.00", "0.00000", _yuan(paid), _yuan(back)]
    lines = [",".join(_COLUMNS)]
    lines += [_ticked(_row(each, merchant, names[each.number])) for each in moved]
    lines += [",".join(_SUMS), _ticked(sums)]
    return ("\ufeff" + "".join(f"{line}\r\n" for line in lines)).encode()


def _row(moved: Movement, merchant: Merchant, names: Names) -> list[str]:
    amount = _yuan(moved.amount)
    paid, back = ("0.00", amount) if moved.is_refund else (amount, "0.00")
    state, refund_id, refund_number = "SUCCESS", "0", "0"
    if moved.is_refund:
        # what a reversal gave back bears the number of its order
        state = "REFUND" if moved.refund_number else "REVOKED"
        refund_id, refund_number = f"5030{moved.bank_number[1:]:0>24}", moved.refund_number or moved.number
    at = datetime.fromtimestamp(moved.at, BEIJING)
    return [
        f"{at:%Y-%m-%d %H:%M:%S}",
        merchant.appid,
        merchant.mchid,
        "0",
        "",
        names.transaction_id,
        moved.number,
        "oPractice",
        names.trade_type,
        state,
        "OTHERS",
        "CNY",
        paid,
        "0.00",
        refund_id,
        refund_number,
        back,
        "0.00",
        "ORIGINAL" if moved.is_refund else "",
        "SUCCESS" if moved.is_refund else "",
        _GOODS,
        "",
        "0.00000",
        "0.60%",
        paid,
        back,
        "",
    ]


def _ticked(values: Iterable[str]) -> str:
    return ",".join(f"`{value}" for value in values)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
