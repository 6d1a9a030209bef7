"""WeChat Pay's bill, line by line, and what is none."""

from datetime import date

import pytest

from pos_app.domain.errors import Unreachable
from pos_app.domain.gateway import BillKind, BillLine
from pos_app.domain.money import Money
from pos_app.wire.gateways.wechat.bill import read_bill

DAY = date(2026, 11, 21)
HEADING = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n"
    "`4,`25.00,`12.50,`0.00,`0.15,`37.50,`15.00\n"
)


def row(
    number: str, state: str, ordered: str, given_back: str = "0.00", refund: str = "0", goods: str = "点卡"
) -> str:
    cells = (
        f"2026-11-21 10:00:00,wx8,1900000109,0,till-1,4200{number},{number},oUp,MICROPAY,{state},OTHERS,CNY,"
        f"{ordered},0.00,0,{refund},{given_back},0.00,,,GOODS,Li,0.08,0.60%,{ordered},{given_back},"
    ).split(",")
    return ",".join("`" + cell for cell in cells).replace("GOODS", goods)


ROWS = [
    row("T1K7Q2X8M4", "SUCCESS", "12.50", goods="Steam, 50, 点卡"),
    row("T1K7Q2X8M4", "REFUND", "0.00", "2.50", "T1K7Q2X8M4R1"),
    row("T1REVERSED", "SUCCESS", "12.50"),
    row("T1REVERSED", "REVOKED", "12.50"),
    row("T1REVERSED2", "REVOKED", "0.00", "12.50", "50300"),
]


def table(*rows: str, sums: str = SUMS, heading: str = HEADING) -> bytes:
    return ("\ufeff" + "\r\n".join([heading, *rows, sums])).encode()


def test_lines_of_payments_refunds_and_reversals() -> None:
    raw = table(*ROWS)
    bill = read_bill(DAY, raw)
    assert (bill.day, bill.raw) == (DAY, raw)
    assert bill.lines == (
        BillLine(BillKind.PAID, "T1K7Q2X8M4", Money(1250), "4200T1K7Q2X8M4"),
        BillLine(BillKind.REFUND, "T1K7Q2X8M4", Money(250), "4200T1K7Q2X8M4", "T1K7Q2X8M4R1"),
        BillLine(BillKind.PAID, "T1REVERSED", Money(1250), "4200T1REVERSED"),
        BillLine(BillKind.REFUND, "T1REVERSED", Money(1250), "4200T1REVERSED"),
        BillLine(BillKind.REFUND, "T1REVERSED2", Money(1250), "4200T1REVERSED2", "50300"),
    )


def test_an_older_bill_has_other_names_for_the_amounts() -> None:
    heading = "交易时间,微信订单号,商户订单号,交易状态,总金额,商户退款单号,退款金额"
    raw = table("`x,`42,`T1,`SUCCESS,`1.00,`0,`0.00", "`x,`42,`T1,`REFUND,`1.00,`R1,`0.40", heading=heading)
    assert [line.amount for line in read_bill(DAY, raw).lines] == [Money(100), Money(40)]


def test_a_day_without_a_payment() -> None:
    assert read_bill(DAY, table()).lines == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>busy</html>",
        "\u4e2d".encode("gbk"),
        table(*ROWS, sums=""),
        table(*ROWS, sums=SUMS.split("\n")[0]),
        table(*ROWS)[:-200],
        table(ROWS[0].rsplit(",`", 1)[0]),
        table(row("T1", "SUCCESS", "12.5O")),
        table(row("T1", "REFUND", "0.00", "x", "R1")),
        table(heading=HEADING.replace("商户订单号", "别的")),
    ],
)
def test_no_bill(raw: bytes) -> None:
    with pytest.raises(Unreachable) as caught:
        read_bill(DAY, raw)
    assert caught.value.cause == "not_ours"


def test_what_is_neither_paid_nor_given_back_does_not_count() -> None:
    assert read_bill(DAY, table(row("T1", "PROCESSING", "1.00"))).lines == ()
