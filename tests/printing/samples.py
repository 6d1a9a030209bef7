"""One receipt of every kind, with the names, accounts and codes that a real shop has."""

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from pos_app.domain.catalogue import Names
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.receipt import (
    BackSlip,
    ClosingSlip,
    CodeSlip,
    Header,
    Receipt,
    ReceiptLine,
    SaleReceipt,
    TestSlip,
    TopUpSlip,
)
from pos_app.domain.sale import TopUpState
from pos_app.domain.shift import Closing, Shift, ShiftTotals, TenderTotals
from pos_app.printing.picture import PaperFonts

ROOT = Path(__file__).parent.parent.parent
FONTS = PaperFonts(
    ROOT / "resources/fonts/NotoSansSC-Regular.ttf", ROOT / "resources/fonts/NotoSansSC-Bold.ttf"
)
CHINA = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 22, 14, 5, 33, tzinfo=CHINA)
SHOP = "星河数码便利店"
CARD = Names("星海乐园 游戏点卡 100元", "Starsea Park game card 100")
LINK = "https://redeem.example.com/starsea/card?n=8842013377120945&p=QJ7KM2XWAB93TD5H"


def signed(fields: str) -> str:
    """A signed receipt as long as real ones are; its signature holds for nothing."""
    shop, till, entry = ("AZNvPnwqe0SdHgxaj2suc" + end for end in "AQg")
    cards, kid, signature = "kn4U-YOqq74", "NHUPmL1Z", "g5kiGtPtT1V4K4-2vwQ_" * 4 + "cp3bQA"
    return f"K1.{shop}.{till}.{fields}.{entry}.{cards}.{kid}.{signature}"


def header(copy: int = 1, number: str | None = "T1-000123") -> Header:
    return Header(SHOP, "1号收银台", "王小明", AT, number, copy)


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def sale(copy: int = 1) -> SaleReceipt:
    lines = (
        ReceiptLine(CARD, 2, yuan(9850), yuan(19700), None),
        ReceiptLine(
            Names(
                "云朵视频 年度会员（手机、平板、电脑通用）",
                "Cloudlet Video membership, one year, all devices",
            ),
            1,
            yuan(19800),
            yuan(19800),
            None,
        ),
        ReceiptLine(Names("手机话费 50元", "Mobile top-up 50"), 1, yuan(4990), yuan(4990), "13800138000"),
    )
    qr = signed("000123.20261122T060533Z.S.CNY.44490.4.9123456789")
    return SaleReceipt(header(copy), lines, yuan(44490), (cash(44490, 50000),), qr)


def cash(amount: int, received: int) -> Payment:
    return Payment(Tender.CASH, yuan(amount), yuan(received), yuan(received - amount))


def by_wallet(tender: Tender, amount: int, number: str) -> Payment:
    return Payment(tender, yuan(amount), yuan(amount), yuan(0), number)


def sale_by_wallet() -> SaleReceipt:
    payment = by_wallet(Tender.ALIPAY, 44490, "0T1261122000C7QXZ")
    return dataclasses.replace(sale(), payments=(payment,))


def sale_split() -> SaleReceipt:
    """Two wallets and cash, each for a part."""
    wechat = by_wallet(Tender.WECHAT, 20000, "0T1261122000A9WM3")
    ecny = by_wallet(Tender.ECNY, 20000, "0T1261122000B1K7H")
    return dataclasses.replace(sale(), payments=(wechat, ecny, cash(4490, 5000)))


def code(copy: int = 1) -> CodeSlip:
    """Number and PIN, with a link in its QR."""
    return CodeSlip(
        header=header(copy),
        names=CARD,
        face=yuan(10000),
        number="8842 0133 7712 0945",
        pin="QJ7K M2XW AB93 TD5H",
        link=None,
        expires_at="2028-12-31",
        instructions=Names(
            "打开 starsea.example.com，登录后选择“充值中心”，输入卡号和密码即可到账。",
            "Open starsea.example.com, sign in, choose “Top up” and enter number and PIN.",
        ),
        qr=LINK,
        part=(1, 2),
    )


def pin_code() -> CodeSlip:
    """A software key: long, in dashes of its own."""
    return CodeSlip(
        header=header(),
        names=Names("文书办公套件 家庭版 永久授权（1台电脑）", "Scrivo Office Home, one PC, for ever"),
        face=yuan(39900),
        number=None,
        pin="V7K2M-QX94B-T3HWD-8RN6C-YJ5PF",
        link=None,
        expires_at=None,
        instructions=Names(
            "在软件中选择“激活”，输入密钥。", "Choose “Activate” in the program and enter the key."
        ),
        qr="V7K2M-QX94B-T3HWD-8RN6C-YJ5PF",
        part=(1, 1),
    )


def link_code() -> CodeSlip:
    return CodeSlip(
        header=header(),
        names=Names("音符音乐 季卡", "Quaver Music, three months"),
        face=yuan(4500),
        number=None,
        pin=None,
        link=LINK,
        expires_at="2027-06-30T16:00:00Z",
        instructions=Names("", ""),
        qr=LINK,
        part=(2, 2),
    )


def top_up(state: TopUpState = TopUpState.OK) -> TopUpSlip:
    return TopUpSlip(
        header(),
        Names("手机话费 50元", "Mobile top-up 50"),
        yuan(5000),
        "13800138000",
        state,
        "P20261122-77120",
    )


def closing(counted: int = 185410, open_items: int = 1) -> ClosingSlip:
    shift = Shift(
        "s1", "c1", "王小明", datetime(2026, 11, 22, 0, 1, tzinfo=UTC), yuan(50000), date(2026, 11, 22)
    )
    totals = ShiftTotals(
        sales=48,
        takings=yuan(1284060),
        cash_taken=yuan(152360),
        cash_refunded=yuan(4990),
        moved_in=yuan(10000),
        moved_out=yuan(20000),
        open_items=open_items,
        open_money=yuan(4990 * open_items),
    )
    expected = totals.expected_cash(shift.opening_cash)
    closed_at = datetime(2026, 11, 22, 13, 58, tzinfo=UTC)
    return ClosingSlip(
        header(number=None),
        Closing(shift, totals, expected, yuan(counted), "李静", closed_at),
        signed("Z000041.20261122T135800Z.Z.CNY.0.0.9123456789"),
    )


def back(is_whole: bool = False) -> BackSlip:
    kind, minor = ("V", 44490) if is_whole else ("R", 4990)
    qr = signed(f"000123-1.20261122T070533Z.{kind}.CNY.{minor}.1.9123456789")
    return BackSlip(header(), "000123-1", is_whole, yuan(minor), qr)


def closing_wallets() -> ClosingSlip:
    """Electronic money in three ways, some of it back, one payment that nobody knows of yet."""
    slip = closing()
    by_tender = (
        TenderTotals(Tender.WECHAT, 31, yuan(842150), 2, yuan(9980)),
        TenderTotals(Tender.ALIPAY, 12, yuan(299540), 0, yuan(0)),
        TenderTotals(Tender.ECNY, 0, yuan(0), 1, yuan(4990)),
    )
    totals = dataclasses.replace(
        slip.closing.totals, by_tender=by_tender, checking=1, checking_money=yuan(10000)
    )
    return dataclasses.replace(slip, closing=dataclasses.replace(slip.closing, totals=totals))


def test_slip() -> TestSlip:
    return TestSlip(header(number=None), "HARBOUR")


SAMPLES: dict[str, Receipt] = {
    "sale": sale(),
    "sale_copy": sale(copy=2),
    "sale_by_wallet": sale_by_wallet(),
    "sale_split": sale_split(),
    "code": code(),
    "code_copy": code(copy=2),
    "code_pin": pin_code(),
    "code_link": link_code(),
    "top_up_new": top_up(TopUpState.NEW),
    "top_up_accepted": top_up(TopUpState.ACCEPTED),
    "top_up_unknown": top_up(TopUpState.UNKNOWN),
    "top_up_ok": top_up(TopUpState.OK),
    "top_up_failed": top_up(TopUpState.FAILED_FINAL),
    "back_part": back(),
    "back_whole": back(is_whole=True),
    "closing": closing(),
    "closing_wallets": closing_wallets(),
    "closing_even": closing(187370, open_items=0),
    "test": test_slip(),
}


def changed(slip: CodeSlip, **changes: Any) -> CodeSlip:
    return dataclasses.replace(slip, **changes)
