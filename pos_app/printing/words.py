"""The words on paper in one language, read from data and complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class PaperWords:
    """Every word that a slip can say; those with braces are filled in by the layout."""

    language: str
    # heads and feet
    receipt_title: str
    top_up_title: str
    closing_title: str
    test_title: str
    copy_mark: str
    number: str
    time: str
    till: str
    cashier: str
    not_returnable: str
    thanks: str
    # sale receipt
    quantity_price: str
    total: str
    received: str
    change: str
    tender_cash: str
    tender_wechat: str
    tender_alipay: str
    tender_unionpay: str
    tender_ecny: str
    order_number: str
    receipt_qr: str
    # code slip
    face: str
    part: str
    card_number: str
    pin: str
    link: str
    scan_code: str
    expires: str
    how_to_use: str
    scam_title: str
    scam_warning: str
    # top-up slip
    account: str
    reference: str
    state_new: str
    state_new_note: str
    state_on_its_way: str
    state_on_its_way_note: str
    state_unknown: str
    state_unknown_note: str
    state_ok: str
    state_ok_note: str
    state_failed: str
    state_failed_note: str
    # money back
    back_title: str
    back_number: str
    back_whole: str
    back_part: str
    # closing slip
    business_date: str
    opened: str
    closed: str
    sales: str
    takings: str
    opening_cash: str
    cash_taken: str
    cash_refunded: str
    moved_in: str
    moved_out: str
    expected: str
    counted: str
    difference_even: str
    difference_over: str
    difference_short: str
    electronic: str
    electronic_taken: str
    electronic_back: str
    checking: str
    checking_money: str
    open_items: str
    unsent: str
    unsent_note: str
    open_money: str
    open_note: str
    signed_by: str
    taken_over_by: str
    # test slip
    test_note: str
    test_qr: str
    test_sample: str

    def tender(self, tender: str) -> str:
        """The word for a way to pay; one that has no word yet says its own name."""
        return {
            "cash": self.tender_cash,
            "wechat": self.tender_wechat,
            "alipay": self.tender_alipay,
            "unionpay": self.tender_unionpay,
            "ecny": self.tender_ecny,
        }.get(tender, tender)


def read_words(data: Mapping[str, str]) -> PaperWords:
    """The words of one language; ValueError names what is missing or unknown."""
    known = {field.name for field in fields(PaperWords)}
    missing, unknown = sorted(known - data.keys()), sorted(data.keys() - known)
    if missing or unknown:
        raise ValueError(f"words on paper: missing {missing}, unknown {unknown}")
    return PaperWords(**data)
