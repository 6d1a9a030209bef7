"""Writes each kind of receipt on paper of a width, in the words of a language: pure, and the same every time."""

from __future__ import annotations

from datetime import datetime, tzinfo

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
from pos_app.domain.shift import ShiftTotals
from pos_app.printing.charset import fitted
from pos_app.printing.rows import Align, Page, Paper, Size
from pos_app.printing.sheet import Sheet, money_text
from pos_app.printing.words import PaperWords

# A code's QR is the largest thing on its slip; the receipt's own is small, so that nobody takes one for the other.
CODE_QR_MM = {58: 30, 80: 36}
RECEIPT_QR_MM = 17
TEST_QR_MM = 22


def lay_out(receipt: Receipt, words: PaperWords, paper: Paper) -> Page:
    """The rows of a receipt; Unprintable when a code or a sum cannot be printed exactly."""
    sheet = Sheet(paper)
    if isinstance(receipt, SaleReceipt):
        _sale(sheet, receipt, words)
    elif isinstance(receipt, CodeSlip):
        _code(sheet, receipt, words, CODE_QR_MM[paper.width_mm])
    elif isinstance(receipt, TopUpSlip):
        _top_up(sheet, receipt, words)
    elif isinstance(receipt, BackSlip):
        _back(sheet, receipt, words)
    elif isinstance(receipt, ClosingSlip):
        _closing(sheet, receipt, words)
    else:
        _test(sheet, receipt, words)
    return sheet.page()


def account_text(account: str) -> str:
    """A mobile number as people say it (3-4-4); any other account as it is."""
    if len(account) == 11 and account.isdecimal() and account.startswith("1"):
        return f"{account[:3]} {account[3:7]} {account[7:]}"
    return account


def _sale(sheet: Sheet, receipt: SaleReceipt, words: PaperWords) -> None:
    _head(sheet, receipt.header, words.receipt_title, words)
    _facts(sheet, receipt.header, words)
    sheet.rule()
    for line in receipt.lines:
        _sale_line(sheet, line, words)
    sheet.rule()
    sheet.sum(words.total, receipt.total, Size.DOUBLE, bold=True)
    sheet.feed()
    for payment in receipt.payments:
        _payment(sheet, payment, words)
    sheet.rule()
    for payment in receipt.payments:
        if payment.tender is not Tender.CASH and payment.reference:
            said = words.order_number.format(tender=words.tender(payment.tender.value))
            sheet.text(said, Align.CENTER)
            sheet.bars(payment.reference)
            sheet.rule()
    _proof(sheet, receipt.qr, words)
    sheet.feed()
    sheet.text(words.not_returnable, Align.CENTER)
    sheet.text(words.thanks, Align.CENTER)


def _payment(sheet: Sheet, payment: Payment, words: PaperWords) -> None:
    """Only cash is handed over and back; a wallet pays its sum exactly."""
    tender = words.tender(payment.tender.value)
    if payment.tender is not Tender.CASH:
        sheet.sum(tender, payment.amount)
        return
    sheet.sum(words.received.format(tender=tender), payment.received)
    sheet.sum(words.change, payment.change, bold=True)


def _sale_line(sheet: Sheet, line: ReceiptLine, words: PaperWords) -> None:
    name = line.names.in_language(words.language)
    if line.quantity == 1:
        sheet.sum(name, line.total)
    else:
        said = words.quantity_price.format(quantity=line.quantity, price=money_text(line.price))
        sheet.text(name)
        sheet.sum(f"  {said}", line.total)
    if line.account:
        sheet.text(account_text(line.account), indent=2)


def _code(sheet: Sheet, slip: CodeSlip, words: PaperWords, qr_mm: int) -> None:
    _small_head(sheet, slip.header, None, words)
    sheet.title(slip.names.in_language(words.language), most_lines=3)
    sheet.title(words.face.format(money=money_text(slip.face)))
    if slip.part[1] > 1:
        sheet.text(words.part.format(n=slip.part[0], count=slip.part[1]), Align.CENTER)
    sheet.rule("=")
    sheet.text(words.scam_title, Align.CENTER, bold=True)
    sheet.text(words.scam_warning)
    sheet.rule()
    for label, code in ((words.card_number, slip.number), (words.pin, slip.pin), (words.link, slip.link)):
        if code:
            sheet.feed()
            sheet.code(label, code)
    if slip.image is None:
        sheet.qr(slip.qr, qr_mm)
    else:
        sheet.picture(slip.image, qr_mm)
    sheet.text(words.scan_code, Align.CENTER)
    sheet.feed()
    if slip.expires_at:
        sheet.fact(words.expires, _expiry_text(slip.expires_at, slip.header.at.tzinfo))
    instructions = slip.instructions.in_language(words.language)
    if instructions:
        sheet.text(words.how_to_use, bold=True)
        sheet.text(instructions)
    sheet.rule()
    _facts(sheet, slip.header, words)
    sheet.rule()
    sheet.text(words.not_returnable, Align.CENTER, bold=True)
    _copy_mark(sheet, slip.header, words)


def _top_up(sheet: Sheet, slip: TopUpSlip, words: PaperWords) -> None:
    _small_head(sheet, slip.header, words.top_up_title, words)
    sheet.title(slip.names.in_language(words.language), most_lines=3)
    sheet.title(words.face.format(money=money_text(slip.face)))
    sheet.feed()
    sheet.code(words.account, fitted(account_text(slip.account)))
    sheet.rule("=")
    state, note = _top_up_words(slip.state, words)
    if slip.state is TopUpState.FAILED_FINAL:
        sheet.band(state)
    else:
        sheet.title(state)
    sheet.text(note)
    sheet.rule()
    if slip.reference:
        sheet.fact(words.reference, slip.reference)
    _facts(sheet, slip.header, words)


def _top_up_words(state: TopUpState, words: PaperWords) -> tuple[str, str]:
    """What is known of a top-up and what to do; nothing is called done before it is."""
    on_its_way = (words.state_on_its_way, words.state_on_its_way_note)
    return {
        TopUpState.NEW: (words.state_new, words.state_new_note),
        TopUpState.ACCEPTED: on_its_way,
        TopUpState.SUBMITTING: on_its_way,
        TopUpState.UNKNOWN: (words.state_unknown, words.state_unknown_note),
        TopUpState.MANUAL: (words.state_unknown, words.state_unknown_note),
        TopUpState.OK: (words.state_ok, words.state_ok_note),
        TopUpState.FAILED_FINAL: (words.state_failed, words.state_failed_note),
    }[state]


def _back(sheet: Sheet, slip: BackSlip, words: PaperWords) -> None:
    _head(sheet, slip.header, words.back_title, words)
    _facts(sheet, slip.header, words)
    sheet.fact(words.back_number, slip.number)
    sheet.rule()
    sheet.sum(words.back_whole if slip.is_whole else words.back_part, slip.amount, Size.DOUBLE, bold=True)
    sheet.rule()
    _proof(sheet, slip.qr, words)
    _copy_mark(sheet, slip.header, words)


def _proof(sheet: Sheet, text: str, words: PaperWords) -> None:
    """The signed receipt: smaller than any code's QR, and it says what it is."""
    sheet.qr(text, RECEIPT_QR_MM)
    sheet.text(words.receipt_qr, Align.CENTER)


def _closing(sheet: Sheet, slip: ClosingSlip, words: PaperWords) -> None:
    closing, totals, zone = slip.closing, slip.closing.totals, slip.header.at.tzinfo
    _head(sheet, slip.header, words.closing_title, words)
    sheet.fact(words.business_date, closing.shift.business_date.isoformat())
    sheet.fact(words.till, slip.header.till)
    opened, closed = _time_text(closing.shift.opened_at, zone), _time_text(closing.closed_at, zone)
    sheet.fact(words.opened, f"{opened} {closing.shift.opened_by_name}")
    sheet.fact(words.closed, f"{closed} {closing.closed_by_name}")
    sheet.rule()
    sheet.pair(words.sales, str(totals.sales))
    sheet.sum(words.takings, totals.takings, bold=True)
    sheet.rule()
    sheet.sum(words.opening_cash, closing.shift.opening_cash)
    sheet.sum(f"+ {words.cash_taken}", totals.cash_taken)
    sheet.sum(f"- {words.cash_refunded}", totals.cash_refunded)
    sheet.sum(f"+ {words.moved_in}", totals.moved_in)
    sheet.sum(f"- {words.moved_out}", totals.moved_out)
    sheet.rule()
    sheet.sum(words.expected, closing.expected, bold=True)
    sheet.sum(words.counted, closing.counted, bold=True)
    sheet.feed()
    _difference(sheet, slip, words)
    _electronic(sheet, totals, words)
    if totals.open_items:
        sheet.rule("=")
        sheet.pair(words.open_items, str(totals.open_items), bold=True)
        sheet.sum(words.open_money, totals.open_money, bold=True)
        sheet.text(words.open_note)
    if totals.unsent:
        sheet.rule("=")
        sheet.pair(words.unsent, str(totals.unsent), bold=True)
        sheet.text(words.unsent_note)
    if slip.qr:
        sheet.rule()
        _proof(sheet, slip.qr, words)
    sheet.rule("=")
    for signer in (words.signed_by, words.taken_over_by):
        sheet.feed()
        sheet.pair(signer, "_" * 16)
    _copy_mark(sheet, slip.header, words)


def _electronic(sheet: Sheet, totals: ShiftTotals, words: PaperWords) -> None:
    """What each wallet brought and got back, and what nobody knows yet; none of it is in the drawer."""
    if not totals.by_tender and not totals.checking:
        return
    sheet.rule()
    sheet.text(words.electronic, bold=True)
    for each in totals.by_tender:
        name = words.tender(each.tender.value)
        if each.payments:
            sheet.sum(f"+ {words.electronic_taken.format(tender=name, n=each.payments)}", each.taken)
        if each.refunds:
            sheet.sum(f"- {words.electronic_back.format(tender=name, n=each.refunds)}", each.given_back)
    if totals.checking and totals.checking_money is not None:
        sheet.pair(words.checking, str(totals.checking), bold=True)
        sheet.sum(words.checking_money, totals.checking_money, bold=True)


def _difference(sheet: Sheet, slip: ClosingSlip, words: PaperWords) -> None:
    """Over or short is said in a word; the sum beside it needs no sign."""
    difference = slip.closing.difference
    if difference.is_zero:
        sheet.sum(words.difference_even, difference, Size.DOUBLE, bold=True)
    elif difference.minor > 0:
        sheet.sum(words.difference_over, difference, Size.DOUBLE, bold=True)
    else:
        sheet.sum(words.difference_short, difference * -1, Size.DOUBLE, bold=True)


def _test(sheet: Sheet, slip: TestSlip, words: PaperWords) -> None:
    _head(sheet, slip.header, words.test_title, words)
    sheet.rule("=")
    sheet.text(words.test_note, Align.CENTER)
    sheet.code("", slip.word)
    sheet.qr(slip.word, TEST_QR_MM)
    sheet.text(words.test_qr, Align.CENTER)
    sheet.rule("=")
    sheet.text(words.test_sample)
    _facts(sheet, slip.header, words)


def _head(sheet: Sheet, header: Header, title: str, words: PaperWords) -> None:
    """Who speaks, what this is, and whether it was said before."""
    sheet.title(header.shop)
    sheet.text(title, Align.CENTER)
    _copy_mark(sheet, header, words)
    sheet.feed()


def _small_head(sheet: Sheet, header: Header, title: str | None, words: PaperWords) -> None:
    """The shop in plain type, so that the goods are the largest thing on their slip."""
    sheet.text(header.shop, Align.CENTER, bold=True)
    if title:
        sheet.text(title, Align.CENTER)
    _copy_mark(sheet, header, words)
    sheet.rule("=")


def _copy_mark(sheet: Sheet, header: Header, words: PaperWords) -> None:
    """Stands at both ends of a slip, so that half a slip still says it."""
    if header.copy >= 2:
        sheet.feed()
        sheet.band(words.copy_mark.format(n=header.copy))


def _facts(sheet: Sheet, header: Header, words: PaperWords) -> None:
    if header.number:
        sheet.fact(words.number, header.number)
    sheet.fact(words.time, _time_text(header.at, header.at.tzinfo))
    sheet.fact(words.till, header.till)
    sheet.fact(words.cashier, header.cashier)


def _time_text(at: datetime, zone: tzinfo | None) -> str:
    local = at.astimezone(zone) if zone and at.tzinfo else at
    return local.strftime("%Y-%m-%d %H:%M")


def _expiry_text(expires_at: str, zone: tzinfo | None) -> str:
    """A date as it is; an instant in the shop's time; anything else as the supplier wrote it."""
    if len(expires_at) <= len("2026-01-01"):
        return expires_at
    try:
        return _time_text(datetime.fromisoformat(expires_at), zone)
    except ValueError:
        return expires_at
