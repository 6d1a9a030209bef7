"""Electronic money in words: the wallets, how a payment stands, why one did not come, and what to do now."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import Standing, Way
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import Wallet

translate = QCoreApplication.translate

# What gateways answer, by what a cashier can do about it. WeChat V2/V3, Alipay sub_code, Shouqianba and Lakala codes.
REFRESH, POOR, OTHER, TWICE = "refresh", "poor", "other", "twice"
_CAUSES = {
    REFRESH: (
        "AUTHCODEEXPIRE", "AUTH_CODE_ERROR", "AUTH_CODE_INVALID", "AUTH_CODE_EXPIRED", "ACQ.PAYMENT_AUTH_CODE_INVALID",
        "AUTHCODE_EXPIRE", "EXPIRED_BARCODE", "INVALID_BARCODE", "ACQ.SOUNDWAVE_PARSER_FAIL",
    ),
    POOR: (
        "NOTENOUGH", "NOT_ENOUGH", "ACQ.BUYER_BALANCE_NOT_ENOUGH", "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
        "ACQ.PULL_MOBILE_CASHIER_FAIL", "INSUFFICIENT_FUND", "BALANCE_NOT_ENOUGH",
    ),
    OTHER: (
        "NOTSUPORTCARD", "BUYER_MISMATCH", "ACQ.PAYMENT_FAIL", "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", "PAYERROR",
        "ACQ.PAYMENT_REQUEST_HAS_RISK", "ACQ.BUYER_ENABLE_STATUS_FORBID", "ACQ.TOTAL_FEE_EXCEED", "RULE_LIMIT",
        "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT", "TRADE_FAILED", "PAY_FAIL", "PAY_CANCELED", "REVOKED", "CLOSED",
    ),
    TWICE: ("ORDERPAID", "ACQ.TRADE_HAS_SUCCESS"),
}  # fmt: skip
_CAUSE_OF = {code: cause for cause, codes in _CAUSES.items() for code in codes}


def wallet_name(wallet: Wallet) -> str:
    return {
        Wallet.WECHAT: translate("Payments", "WeChat Pay"),
        Wallet.ALIPAY: translate("Payments", "Alipay"),
        Wallet.UNIONPAY: translate("Payments", "UnionPay"),
        Wallet.ECNY: translate("Payments", "e-CNY"),
    }[wallet]


def tender_name(tender: Tender) -> str:
    """The wallet, or cash."""
    return translate("Payments", "Cash") if tender is Tender.CASH else wallet_name(Wallet(tender.value))


def head(attempt: Attempt | None) -> tuple[str, str, str]:
    """How it stands, as icon, tone and a few words; None is one that is just being sent."""
    if attempt is None:
        return "wait", "accent", translate("Payments", "Sending it")
    if attempt.state is AttemptState.REVERSING:
        return "wait", "warn", translate("Payments", "Being undone, please wait")
    if attempt.way is Way.SHOWN and attempt.standing in (None, Standing.PROCESSING, Standing.ABSENT):
        return "phone", "accent", translate("Payments", "The customer scans this code")
    if attempt.standing is Standing.WAITING:
        return "phone", "accent", translate("Payments", "The customer types the password")
    if attempt.standing is None or attempt.tries > 1:
        return "wait", "warn", translate("Payments", "No clear answer yet, being checked")
    return "wait", "accent", translate("Payments", "Being processed")


def advice(attempt: Attempt | None) -> str:
    """What is being done and what the cashier must not do, in one or two sentences."""
    if attempt is None:
        return ""
    if attempt.state is AttemptState.REVERSING:
        return translate(
            "Payments",
            "Nothing is handed over for it, and what was charged goes back by itself. You can serve the next customer.",
        )
    if attempt.way is Way.SHOWN:
        return translate("Payments", "It is paid only when this page says so, not when the phone does.")
    if attempt.standing is Standing.WAITING:
        return translate("Payments", "Please wait for the customer. Do not charge again.")
    return translate("Payments", "The till asks by itself. Do not charge again and take no cash for it.")


def ending(attempt: Attempt) -> tuple[str, str]:
    """How it ended without money, as tone and sentence: what happened, what is safe, what to do."""
    if attempt.state is AttemptState.PAID:
        return "ok", translate("Payments", "This part is paid. The rest is still due.")
    if attempt.state in (AttemptState.REVERSED, AttemptState.REFUNDED):
        return "info", translate(
            "Payments", "The payment was undone: nothing is charged. Scan a new code, or take cash."
        )
    if attempt.reason.startswith("SETUP"):
        return "danger", translate(
            "Payments", "This till is not set up rightly for that wallet. Nothing was charged; take cash."
        )
    said = {
        REFRESH: translate(
            "Payments", "The code has run out or was used. Ask the customer to open a new one and scan it."
        ),
        POOR: translate(
            "Payments",
            "There is not enough money in that wallet. Nothing was charged; another way to pay, please.",
        ),
        OTHER: translate("Payments", "The wallet refused. Nothing was charged; another way to pay, please."),
        TWICE: translate("Payments", "That order is paid already. Look under To do before you charge again."),
    }.get(_CAUSE_OF.get(attempt.reason.split(" ")[0], ""))
    if said is not None:
        return "danger", said
    if not attempt.was_sent:
        return "danger", translate(
            "Payments", "There is no way to the wallet now. Nothing was charged; take cash."
        )
    text = translate(
        "Payments", "The wallet said no ({code}). Nothing was charged; another way to pay, please."
    )
    return "danger", text.format(code=attempt.reason or "?")
