"""Every example of the protocol is written, or read, by the till exactly as it stands."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.errors import Rejected
from pos_app.domain.lease import Filling, Returning
from pos_app.domain.ledger import LedgerEntry, LedgerHead, canonical, time_text
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.sale import Sale, SaleLine
from pos_app.ports.platform import PrintedCard
from pos_app.wire.platform import lease_messages, messages
from pos_app.wire.platform.catalogue_messages import read_page
from pos_app.wire.platform.enrolment_code import EnrolmentCode
from tests.fakes.till_goods import code_product, top_up_product
from tests.wire.told import told_product

FOLDER = Path(__file__).parents[1] / "wire_examples"
Json = dict[str, Any]
CODE = EnrolmentCode("http://127.0.0.1:1", "key", "secret")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

# --- requests: the domain value that an example speaks of, said again ---


def enrol(told: Json) -> bytes:
    code = EnrolmentCode("http://127.0.0.1:1", "key", told["secret"])
    sign_key, seal_key = unpacked(told["sign_key"]), unpacked(told["seal_key"])
    till = messages.NewTill(told["till_name"], sign_key, seal_key, told["app_version"])
    return messages.enrolment_body(code, till)


def reserve(told: Json) -> bytes:
    lines = []
    for line in told["lines"]:
        product = replace(
            code_product(),
            id=line["product_id"],
            version=line["version"],
            wholesale=money(line["max_unit_cost"]),
        )
        fields = tuple(line["fields"].items())
        lines.append(SaleLine(line["line_id"], product, line["quantity"], product.price, fields))
    day = date.fromisoformat(told["business_date"])
    sale = Sale("sale", "CNY", tuple(lines), business_date=day, cashier_id=told["cashier"])
    head = LedgerHead(told["ledger"]["seq"], told["ledger"]["head"])
    return messages.reservation_body(told["epoch"], sale, head, told["approved_by"])


def confirm(told: Json) -> bytes:
    payments = [
        Payment(
            Tender(each["tender"]), money(each["amount"]), money(each["amount"]), Money(0), each["reference"]
        )
        for each in told["payments"]
    ]
    lines = [SaleLine(each["line_id"], code_product(), 1, money(each["amount"])) for each in told["retail"]]
    return messages.confirmation_body(
        told["epoch"], Sale("sale", "CNY", tuple(lines), payments=tuple(payments))
    )


def cancel(told: Json) -> bytes:
    return messages.cancellation_body(told["epoch"], told["reason"])


def acknowledge(told: Json) -> bytes:
    cards = [PrintedCard(each["card_id"], each["printed"] == "yes", each["copies"]) for each in told["cards"]]
    return messages.acknowledgement_body(told["epoch"], cards, told["receipt_hash"])


def push_ledger(told: Json) -> bytes:
    entries = [
        LedgerEntry(
            **{
                **each,
                "at": datetime.fromisoformat(each["at"]),
                "business_date": date.fromisoformat(each["business_date"]),
            }
        )
        for each in told["entries"]
    ]
    assert told["from_seq"] == entries[0].seq
    return messages.ledger_body(told["epoch"], entries)


def fill(told: Json) -> bytes:
    return lease_messages.filling_body(told["epoch"], Filling(1, tuple(told["plan"].items())))


def give_back(told: Json) -> bytes:
    proof = told["proof"]
    returning = Returning(1, tuple(told["card_ids"]), proof["seq"], proof["head"])
    return lease_messages.return_body(told["epoch"], returning)


SPOKEN: dict[str, Callable[[Json], bytes]] = {
    "secret": enrol,
    "ledger": reserve,
    "payments": confirm,
    "reason": cancel,
    "receipt_hash": acknowledge,
    "entries": push_ledger,
    "plan": fill,
    "proof": give_back,
}

# --- responses: read, and looked at ---


def problem(told: Json, raw: bytes) -> None:
    read = messages.rejection(messages.read_problem(raw))
    assert isinstance(read, Rejected)
    assert (read.code, read.effect, read.details.keys()) == (
        told["code"],
        told["effect"],
        told["details"].keys(),
    )


def enrolled(told: Json, raw: bytes) -> None:
    read = messages.read_enrolment(raw, CODE)
    assert (read.shop_id, read.till_id, read.epoch) == (told["shop"]["id"], told["till_id"], told["epoch"])


def catalogue(told: Json, raw: bytes) -> None:
    read = read_page(raw)
    assert [product.id for product in read.products] == [each["id"] for each in told["products"]]
    ignored = ("card_kind", "bans", "return_days")
    for product, each in zip(read.products, told["products"], strict=True):
        assert told_product(product, **{key: each[key] for key in ignored}) == each
    assert (list(read.removed), read.cursor) == (told["removed"], told["cursor"])
    assert (read.is_last, read.total) == (told["complete"], told["total"])


def account(told: Json, raw: bytes) -> None:
    read, wallet = messages.read_account(raw), told["wallet"]
    told_sums = (money(wallet["balance"]), money(wallet["held"]), money(wallet["credit_limit"]))
    assert (read.balance, read.held, read.credit_limit) == told_sums
    assert time_text(read.told_at) == told["server_time"]
    assert [(each.lease_id, each.state.value) for each in read.leases] == [
        (each["lease_id"], each["state"]) for each in told["leases"]
    ]


def delivered(told: Json, raw: bytes) -> None:
    read = messages.read_delivery(raw, told["sale_id"])
    assert [card.sealed for card in read.cards] == [unpacked(each["sealed"]) for each in told["cards"]]
    assert [card.payload.value for card in read.cards] == [each["kind"] for each in told["cards"]]
    assert [top_up.state.value for _, top_up in read.top_ups] == [each["state"] for each in told["top_ups"]]
    reveal_at = None if read.reveal_at is None else read.reveal_at.isoformat()
    assert (reveal_at, read.is_frozen) == (told.get("reveal_at"), told.get("frozen", False))


def whole_state(told: Json, raw: bytes) -> None:
    read = messages.read_top_ups(raw, told["sale_id"])
    assert [line_id for line_id, _ in read] == [each["line_id"] for each in told["top_ups"]]


def reserved(told: Json, raw: bytes) -> None:
    read = messages.read_reservation(raw, told["sale_id"])
    assert read.expires_at == datetime.fromisoformat(told["expires_at"])
    assert [list(line.masked) for line in read.lines] == [each["masked"] for each in told["lines"]]


def acked(told: Json, raw: bytes) -> None:
    read = messages.read_acked(raw)
    assert read.seq == told["acked_seq"]
    if "log" in told:
        assert read.point is not None
        assert json.loads(read.point.told) == told["log"]
        assert (read.point.seq, read.point.head) == (told["log"]["till"]["seq"], told["log"]["till"]["head"])


def events(told: Json, raw: bytes) -> None:
    read = messages.read_events(raw)
    assert [(each.seq, each.kind) for each in read.events] == [(e["seq"], e["kind"]) for e in told["events"]]
    assert [each.sale_id for each in read.events] == [e["body"].get("sale_id") for e in told["events"]]
    assert read.last_seq == told["last_seq"]


def done(told: Json, raw: bytes) -> None:
    messages.read_done(raw, told["sale_id"], told["state"])


def granted(told: Json, raw: bytes) -> None:
    read = lease_messages.read_grant(raw, told["lease_id"])
    assert (read.state.value, time_text(read.expires_at)) == (told["state"], told["expires_at"])
    assert (read.most, read.most_amount) == (told["caps"]["most"], money(told["caps"]["most_amount"]))
    for card, each in zip(read.cards, told["cards"], strict=True):
        assert (card.card_id, card.product_id, card.payload.value) == (
            each["card_id"],
            each["product_id"],
            each["kind"],
        )
        assert (card.face, card.sealed) == (money(each["face"]), unpacked(each["sealed"]))


def lease_state(told: Json, raw: bytes) -> None:
    assert lease_messages.read_state(raw, told["lease_id"]).value == told["state"]


def not_asked(told: Json, raw: bytes) -> None:
    """The shop's owner reads settled days, the till does not."""


# The first of these fields that an answer has says what it answers.
HEARD: dict[str, Callable[[Json, bytes], None]] = {
    "code": problem,
    "sha256": not_asked,
    "shop": enrolled,
    "products": catalogue,
    "wallet": account,
    "caps": granted,
    "lease_id": lease_state,
    "acked_seq": acked,
    "events": events,
    "cards": delivered,
    "top_ups": whole_state,
    "lines": reserved,
    "sale_id": done,
}


def money(told: Json) -> Money:
    return Money(told["minor"], told["currency"])


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Calls of the protocol that this till does not make: another system of the shop may.
NOT_SPOKEN = {"key", "callback", "log", "log-inclusion", "log-consistency"}
# The platform's door for claims is open; the till knocks when it has a page for after-sales.
NOT_YET_SPOKEN = ("claim.",)


def examples(ending: str) -> list[Any]:
    """The published ones and our own: (name, JSON)."""
    published = {
        path.name: json.loads(path.read_text("utf-8"))
        for path in sorted(FOLDER.glob(f"*.{ending}.json"))
        if path.name.split(".")[0] not in NOT_SPOKEN
        if not path.name.startswith(NOT_YET_SPOKEN)
    }
    own = OWN_REQUESTS if ending == "request" else OWN_RESPONSES
    return [pytest.param(told, id=name) for name, told in {**own, **published}.items()]


A_SUM = {"minor": 9500, "currency": "CNY"}
AT = "2026-11-22T04:00:00.123456Z"
OWN_REQUESTS: dict[str, Json] = {
    "own-enrol": {
        "secret": "c2VjcmV0",
        "till_name": "收银台",
        "sign_key": "A" * 43,
        "seal_key": "A" * 43,
        "app_version": "1.0",
    },
    "own-reserve": {
        "epoch": 1,
        "business_date": "2026-11-22",
        "lines": [
            {
                "line_id": "l1",
                "product_id": "p1",
                "quantity": 2,
                "version": 3,
                "max_unit_cost": A_SUM,
                "fields": {"phone": "13800138000"},
            }
        ],
        "customer_token": None,
        "answers": None,
        "cashier": "c1",
        "approved_by": None,
        "ledger": {"seq": 0, "head": "0" * 32},
        "channel": "counter",
    },
    "own-confirm": {
        "epoch": 1,
        "payments": [{"tender": "cash", "amount": A_SUM, "reference": None}],
        "retail": [{"line_id": "l1", "amount": A_SUM}],
    },
    "own-ledger": {
        "epoch": 1,
        "from_seq": 1,
        "entries": [
            {
                "till": "t",
                "epoch": 1,
                "seq": 1,
                "prev": "0" * 32,
                "at": AT,
                "business_date": "2026-11-22",
                "kind": "sale_paid",
                "body": {"name": "卡", "lines": []},
            }
        ],
    },
}
OWN_RESPONSES: dict[str, Json] = {
    "own-catalogue": {
        "products": [told_product(code_product()), told_product(top_up_product())],
        "removed": ["gone"],
        "cursor": "c",
        "complete": False,
        "total": 9,
        "server_time": AT,
    },
    "own-cooling": {
        "sale_id": "s",
        "state": "SOLD",
        "cards": [],
        "top_ups": [],
        "server_time": AT,
        "reveal_at": "2026-11-22T04:30:00.123456+00:00",
        "frozen": True,
    },
    "own-sale": {
        "sale_id": "s",
        "state": "SOLD",
        "lines": [],
        "top_ups": [{"line_id": "l", "state": "MANUAL", "reference": "r", "reason": "said nothing"}],
        "expires_at": AT,
        "server_time": AT,
    },
}


@pytest.mark.parametrize("told", examples("request"))
def test_a_request_is_said_as_the_example_says_it(told: Json) -> None:
    (say,) = [say for field, say in SPOKEN.items() if field in told]
    assert say(told) == canonical(told)


@pytest.mark.parametrize("told", examples("response"))
def test_a_response_is_read_as_the_example_says_it(told: Json) -> None:
    read = next(read for field, read in HEARD.items() if field in told)
    read(told, json.dumps(told).encode())
    read({**told}, json.dumps({**told, "added_in_2030": {"x": [1]}}).encode())
