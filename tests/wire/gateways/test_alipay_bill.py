"""Alipay's bill: fetched by a signed address, unpacked, read line by line."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import BillKind, BillLine
from pos_app.domain.money import Money
from pos_app.wire.gateways.alipay.bill import read_bill
from tests.fakes.scripted_wallets import AlipaySide, said
from tests.wire.gateways.test_alipay import SIDE, cause, gateway

DAY = date(2026, 11, 21)
WHERE = "alipay.data.dataservice.bill.downloadurl.query"
HEADING = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
    "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,"
    "商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
COMMENTS = ["#支付宝业务明细查询", "#账号：[20881234567890120156]", "#------------业务明细列表------------"]
SUMS = "#门店汇总\r\n门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）\r\n合计,,2,1,10.00\r\n"


def row(number: str, kind: str, amount: str, refund: str = "", goods: str = "点卡") -> str:
    times = "2026-11-21 10:00:00,2026-11-21 10:00:30"
    return (
        f"2026112122001{number}\t,{number}\t,{kind},{goods},{times},,,Li,till-1,buy***@x.cn,{amount},{amount},"
        f"0.00,0.00,0.00,0.00,0.00,,0.00,0.00,{refund}\t,-0.08,0.00,"
    )


def table(*rows: str) -> str:
    return (
        "\r\n".join([*COMMENTS, HEADING, *rows, "#------业务明细列表结束------", "#交易合计：2笔"]) + "\r\n"
    )


def packed(*texts: tuple[str, str]) -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, text in texts:
            parcel.writestr(name, text.encode("gbk"))
    return told.getvalue()


RAW = packed(
    ("20881234_20261121_业务明细(汇总).csv", SUMS),
    (
        "20881234_20261121_业务明细.csv",
        table(
            row("T1K7Q2X8M4", "交易", "12.50", goods='"点卡, 50 元"'),
            row("T1K7Q2X8M4", "退款", "-2.50", "T1K7Q2X8M4R1"),
            row("", "交易", "3.00"),
            row("T1X", "转账", "9.00"),
        ),
    ),
)


def test_lines_of_payments_and_refunds() -> None:
    bill = read_bill(DAY, RAW)
    assert (bill.day, bill.raw) == (DAY, RAW)
    assert bill.lines == (
        BillLine(BillKind.PAID, "T1K7Q2X8M4", Money(1250), "2026112122001T1K7Q2X8M4"),
        BillLine(BillKind.REFUND, "T1K7Q2X8M4", Money(250), "2026112122001T1K7Q2X8M4", "T1K7Q2X8M4R1"),
        BillLine(BillKind.PAID, "", Money(300), "2026112122001"),
    )


def test_a_day_without_a_payment() -> None:
    assert read_bill(DAY, packed(("a.csv", table()))).lines == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        RAW[: len(RAW) // 2],
        packed(("a.csv", SUMS)),
        packed(("a.csv", "")),
        packed(),
        packed(("a.csv", table(row("T1", "交易", "12.5O")))),
        packed(("a.csv", table(row("T1", "交易", "")))),
    ],
)
def test_no_bill(raw: bytes) -> None:
    with pytest.raises(Unreachable) as caught:
        read_bill(DAY, raw)
    assert caught.value.cause == "not_ours"


def test_a_bill_whose_bytes_were_damaged() -> None:
    damaged = bytearray(RAW)
    damaged[RAW.index(b"PK\x03\x04", 10) + 90] ^= 0xFF
    with pytest.raises(Unreachable):
        read_bill(DAY, bytes(damaged))


def test_the_bill_is_fetched_from_where_the_signed_answer_says() -> None:
    address = (
        "http://dwbillcenter.alipay.com/downloadBillFile.resource?bizType=trade&fileId=%2ftrade%2Fa.zip&n=账"
    )
    where = SIDE.answer(WHERE, {"code": "10000", "bill_download_url": address})
    client, sender = gateway(where, said(200, RAW))
    bill = client.bill(DAY)
    assert bill is not None
    assert len(bill.lines) == 3
    assert sender.sent[1].method == "GET"
    plain = "http://dwbillcenter.alipay.com/downloadBillFile.resource?bizType=trade&fileId=%2Ftrade%2Fa.zip&n=%E8%B4%A6"
    assert sender.sent[1].url == plain


@pytest.mark.parametrize("sub_code", ["BILL_NOT_EXIST", "NO_BILL_DATA", "isp.bill_not_exist"])
def test_the_bill_is_not_ready(sub_code: str) -> None:
    client, _ = gateway(SIDE.answer(WHERE, {"code": "40004", "sub_code": sub_code}))
    assert client.bill(DAY) is None


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([SIDE.answer(WHERE, {"code": "20000"})], "server_trouble"),
        ([SIDE.answer(WHERE, {"code": "10000"})], "server_trouble"),
        ([AlipaySide(certificate_number="x").answer(WHERE, {"sub_code": "BILL_NOT_EXIST"})], "signature"),
        ([SIDE.answer(WHERE, {"code": "10000", "bill_download_url": "ftp://x/"})], "not_ours"),
        (
            [SIDE.answer(WHERE, {"code": "10000", "bill_download_url": "https://x/a"}), said(404, RAW)],
            "not_ours",
        ),
        (
            [SIDE.answer(WHERE, {"code": "10000", "bill_download_url": "https://x/a"}), said(500, RAW)],
            "server_trouble",
        ),
    ],
)
def test_no_bill_today(replies: Sequence[object], expected: str) -> None:
    client, _ = gateway(*replies)  # type: ignore[arg-type]
    assert cause(lambda: client.bill(DAY)) == expected


def test_a_shop_without_the_right_to_bills() -> None:
    client, _ = gateway(SIDE.answer(WHERE, {"code": "40006", "sub_code": "isv.insufficient-isv-permissions"}))
    with pytest.raises(GatewaySetupWrong):
        client.bill(DAY)
