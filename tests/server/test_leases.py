"""Leases: granted within caps, sold by the till's ledger, given back on proof, fenced by a new epoch."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.days import BusinessDays
from platform_server.domain.errors import (
    BadRequest,
    EpochFenced,
    Expired,
    Forbidden,
    KeyReused,
    LimitPassed,
    NotFound,
    ProductOff,
    Refused,
    Revoked,
    SoldOut,
    WalletEmpty,
)
from platform_server.domain.goods import CodeLotDraft
from platform_server.domain.leases import lease_facts
from platform_server.domain.ledger import LedgerHead
from platform_server.domain.money import Money
from platform_server.domain.policies import read_policy
from platform_server.domain.reservation import Caller
from platform_server.domain.settlement_file import read_file
from platform_server.domain.tills import Shop, Till
from platform_server.flows.compare_settlement import CompareSettlement
from platform_server.flows.keep_policies import KeepPolicies
from platform_server.flows.put_products import PutProducts, TakeOffProducts
from platform_server.flows.settle import MakeSettlement
from platform_server.flows.trace_card import TraceCard
from platform_server.flows.withdraw import RevokeTill
from platform_server.wire.documents import DocumentSigner
from tests.fakes.platform_goods import CARD, OTHER, PROVENANCE, TOP_UP, lot, product
from tests.server.after_sales import Desk
from tests.server.conftest import Counter
from tests.server.leasing import BY, HOUSE, Leasing, ids

pytestmark = pytest.mark.anyio


@pytest.fixture
async def till(counter: Counter) -> Leasing:
    await counter.open()
    return Leasing(counter)


def opened(till: Leasing, card: Any) -> bytes:
    """As the till opens it: the binding names the lease in place of sale and line."""
    parts = ["pos-code-1", "shop", "till", str(till.epoch), "lease", card.card_id, card.product_id]
    parts += [str(card.face.minor), card.face.currency]
    info = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    return suite.decrypt(card.sealed, till.counter.seal_key, info)


async def test_cards_are_pulled_ahead_and_held_for(till: Leasing) -> None:
    granted = await till.grant(count=2)
    assert (granted.state.value, len(granted.sealed)) == ("OPEN", 2)
    assert [b"CANARY0000000" in opened(till, card) for card in granted.sealed] == [True, True]
    assert await till.counter.wallet() == (1_000_000, 19_000)
    assert await till.counter.stock() == 3
    assert [await till.card_state(card_id) for card_id in ids(granted)] == ["LEASED", "LEASED"]
    again = await till.grant(count=2)
    assert (again.is_replay, ids(again)) == (True, ids(granted))
    with pytest.raises(KeyReused):
        await till.grant(count=3)
    assert await till.counter.wallet() == (1_000_000, 19_000)


async def test_a_plan_is_filled_up(till: Leasing) -> None:
    first = ids(await till.grant(count=2))
    more = await till.grant(attempt=2, count=3)
    assert set(first) < set(ids(more))
    assert len(more.sealed) == 3
    till.sell(first[0], "sale")
    await till.push()
    assert len(ids(await till.grant(attempt=3, count=3))) == 3
    assert len(ids(await till.grant(attempt=4, count=1))) == 3  # nothing is taken away
    assert await till.counter.stock() == 1
    none = await till.grant("none", plan={CARD: 0})
    assert (none.cards, none.state.value) == ((), "OPEN")


async def test_a_sale_in_the_ledger_takes_the_money(till: Leasing) -> None:
    first, second = ids(await till.grant(count=2))
    till.sell(first, "sale")
    await till.push()
    await till.push()  # a repeat of what is held
    assert await till.states() == {first: "SOLD", second: "LEASED"}
    assert await till.card_state(first) == "DELIVERED"
    assert await till.counter.wallet() == (990_500, 9_500)
    assert await Desk(till.counter).postings("lease_sale") == [
        ("wallet:shop", -9_500),
        ("platform:sales", 9_500),
    ]
    till.sell(first, "sale", kind="lease_sold")  # said once more by a later entry
    await till.push(2)
    assert await till.incidents() == []
    assert ids(await till.grant(count=2)) == [second]


async def test_what_is_odd_opens_an_incident_and_blocks_nothing(till: Leasing) -> None:
    first, second, third = ids(await till.grant(count=3))
    await till.return_now(third)  # entry 1
    till.sell(first, "sale")
    till.sell(first, "another")  # 3
    till.sell(third, "sale-3")  # 4
    till.sell("nobody", "sale-4")  # 5
    till.sell(second, "sale-5", lease="never")  # 6
    till.delete(second)
    till.sell(second, "sale-6")  # 8
    till.write("lease_sold", {"lines": [{"leased": [{"lease_id": "lease", "card_id": first}]}]})  # 9: no sale
    till.write("lease_returned", {"lease_id": "lease", "card_ids": ["nobody"]})  # 10
    till.write("lease_returned", {"lease_id": "never", "card_ids": [first]})  # 11
    till.write("sale_paid", {"sale_id": "plain", "lines": [{"line_id": "1"}, "?"]})
    till.write("sale_paid", {"sale_id": "plain"})
    till.delete(first)  # too late: it is sold
    twice = [{"lease_id": "lease", "card_id": first}] * 2
    till.write("lease_sold", {"sale_id": "sale", "lines": [{"line_id": "1", "leased": twice}]})  # 15
    till.write("lease_returned", {"lease_id": "lease\x00", "card_ids": [first]})  # 16: no database takes it
    till.write("lease_returned", {"lease_id": "lease", "card_ids": [first] * 1001})  # 17
    assert (await till.push()).seq == 17
    assert await till.incidents() == [
        "lease_sold_twice",
        "lease_sold_returned",
        "lease_unknown",
        "lease_unknown",
        "lease_sold_deleted",
        "lease_unreadable",
        "lease_unknown",
        "lease_unknown",
        "lease_sold_twice",
        "lease_unreadable",
        "lease_unreadable",
    ]
    assert await till.states() == {first: "SOLD", second: "SOLD", third: "RETURNED"}
    assert await till.card_state(third) == "QUARANTINED"  # it was still on the shelf
    assert await till.counter.stock() == 2


async def test_a_returned_card_that_was_sold_again_stays_with_its_customer(till: Leasing) -> None:
    (card,) = ids(await till.grant())
    await till.return_now(card)
    assert await till.counter.stock() == 5
    sold = await Desk(till.counter).sell("online", 5)
    assert card in sold
    till.sell(card, "late")
    await till.push()
    assert await till.incidents() == ["lease_sold_returned"]
    assert await till.card_state(card) == "DELIVERED"


async def test_a_return_needs_its_proof(till: Leasing) -> None:
    first, second = ids(await till.grant(count=2))
    till.write("noted", {})
    await till.push()

    async def refused(*cards: str, proof: LedgerHead | None = None) -> Any:
        with pytest.raises(Forbidden) as no:
            await till.give_back(*cards, proof=proof)
        return no.value.details["state"]

    assert await refused(first) == "UNPROVEN"  # nothing says that it was deleted
    till.delete(first)
    assert await refused(first) == "UNPROVEN"  # and nobody has heard of it
    await till.push()
    assert await refused(first, proof=LedgerHead(2, "0" * 32)) == "UNPROVEN"
    assert await refused(first, second) == "UNPROVEN"
    assert await till.states() == {first: "LEASED", second: "LEASED"}
    assert ids(await till.grant(count=2)) == [second]  # what was deleted is not given again
    done = await till.give_back(first)
    assert (done.is_replay, done.state.value) == (False, "OPEN")
    assert (await till.give_back(first)).is_replay
    assert not (await till.give_back(first, attempt=2)).is_replay  # nothing is left to do
    assert await till.counter.wallet() == (1_000_000, 9_500)
    with pytest.raises(KeyReused):
        await till.give_back(second)
    with pytest.raises(NotFound):
        await till.give_back(second, "nobody", attempt=3)
    with pytest.raises(NotFound):
        await till.give_back(second, lease="never", attempt=3)
    till.sell(second, "sale")
    till.delete(second)
    await till.push()
    with pytest.raises(Forbidden) as no:
        await till.give_back(second, attempt=3)
    assert no.value.details == {"state": "SOLD", "card_id": second}


async def test_an_expired_lease_keeps_its_cards(till: Leasing) -> None:
    first, second, third = ids(await till.grant(count=3))
    till.counter.clock.pass_by(hours=24)
    assert await till.counter.sweep() == 0
    assert await till.states() == {first: "LEASED", second: "LEASED", third: "LEASED"}
    late = await till.grant(count=3)
    assert (late.is_replay, late.state.value, late.sealed) == (True, "EXPIRED", ())
    with pytest.raises(Expired):
        await till.grant(attempt=2, count=4)
    till.sell(first, "in-time", at=till.counter.clock.now() - timedelta(hours=1))
    till.sell(second, "too-late")
    await till.push()
    assert await till.incidents() == ["lease_sold_late"]
    assert (await till.return_now(third)).state.value == "SETTLED"
    assert await till.counter.wallet() == (981_000, 0)
    assert await till.read.of_till(till.caller) == ()


async def test_a_new_epoch_puts_everything_away_that_is_not_proved(till: Leasing) -> None:
    first, second, third = ids(await till.grant(count=3))
    till.sell(first, "sale")
    till.delete(second)
    await till.push()
    await till.renew()
    assert await till.states() == {first: "SOLD", second: "QUARANTINED", third: "QUARANTINED"}
    assert await till.counter.wallet() == (990_500, 19_000)
    with pytest.raises(EpochFenced):
        await till.grant("new", epoch=2)
    with pytest.raises(Forbidden) as no:
        await till.grant(attempt=2, count=1)
    assert no.value.details == {"state": "FENCED"}
    assert (await till.grant(body=str([(CARD, 3)]), count=1)).sealed == ()
    await till.give_back(second)  # the old ledger proves it
    till.sell(third, "old-sale")
    await till.push()
    assert await till.states() == {first: "SOLD", second: "RETURNED", third: "SOLD"}
    assert await till.counter.wallet() == (981_000, 0)
    assert len(ids(await till.grant("new", count=2))) == 2
    told = await Desk(till.counter).actions()
    assert told == [("leases_fenced", "till")]
    await till.renew()
    await till.renew()  # with nothing at the till there is nothing to tell
    assert (await Desk(till.counter).actions()).count(("leases_fenced", "till")) == 2


async def test_a_withdrawn_till_gets_nothing_and_keeps_nothing(till: Leasing) -> None:
    (card,) = ids(await till.grant())
    await RevokeTill(till.counter.open_books, till.counter.clock)("shop", "TILL", BY)
    assert await till.card_state(card) == "QUARANTINED"
    with pytest.raises(Revoked):
        await till.grant("new")


async def test_caps_of_value_number_and_face(till: Leasing) -> None:
    async def refused(**other: Any) -> tuple[str, Any]:
        with pytest.raises(LimitPassed) as no:
            await till.grant(**other)
        details = no.value.details
        return details["rule"], details["most"] if details["most_amount"] is None else details[
            "most_amount"
        ].minor

    assert await refused(count=6) == ("lease_codes", 5)
    till.house = replace(HOUSE, most_amount=Money(19_999, "CNY"))
    assert await refused(count=2) == ("lease_amount", 19_999)
    till.house = replace(HOUSE, most_face=Money(9_999, "CNY"))
    assert await refused() == ("lease_face", 9_999)
    till.house = HOUSE
    first = ids(await till.grant(count=3))
    assert await refused(lease="second", count=3) == ("lease_codes", 5)  # all leases of the till count
    till.sell(first[0], "sale")
    await till.push()
    assert len(ids(await till.grant("second", count=2))) == 2  # what is sold is not out any more


async def put_policy(counter: Counter, policy_id: str, kind: str = "lease", **told: Any) -> None:
    money = {
        "most_amount": {"minor": 100_000, "currency": "CNY"},
        "most_face": {"minor": 50_000, "currency": "CNY"},
    }
    parameters = told.pop("parameters", None) or {"per": "till", "most": 2, "hours": 1, **money}
    policy = read_policy(
        {"id": policy_id, "scope": "platform", "kind": kind, "parameters": parameters, **told}
    )
    await KeepPolicies(counter.open_books, counter.clock).put([policy], Authority("test", "a limit"))


async def test_caps_are_data(till: Leasing) -> None:
    counter = till.counter
    money = {
        "most_amount": {"minor": 100_000, "currency": "CNY"},
        "most_face": {"minor": 50_000, "currency": "CNY"},
    }
    await put_policy(counter, "a-till")
    await put_policy(counter, "b-till", parameters={"per": "till", "most": 3, "hours": 2, **money})
    await put_policy(counter, "foreign", scope="shop", subject="elsewhere")
    dollars = {name: {"minor": 1, "currency": "USD"} for name in money}
    await put_policy(counter, "dollars", parameters={"per": "till", "most": 0, "hours": 1, **dollars})
    with pytest.raises(LimitPassed) as no:
        await till.grant(count=3)
    assert no.value.details["most"] == 2  # the tighter of the two
    granted = await till.grant(count=2)
    assert granted.lease.expires_at - granted.lease.granted_at == timedelta(hours=1)
    mine = {"scope": "shop", "subject": "shop"}
    await put_policy(counter, "c-till", parameters={"per": "till", "most": 4, "hours": 5, **money}, **mine)
    shop = {"per": "shop", "most": 3, "hours": 3, **money}
    await put_policy(counter, "d-shop", parameters=shop, **mine)
    with pytest.raises(LimitPassed) as no:
        await till.grant("more", count=2)
    assert (no.value.details["rule"], no.value.details["most"]) == ("lease_shop_codes", 3)
    other = Caller("shop", "other")
    with pytest.raises(LimitPassed):
        await till.grant("theirs", count=2, caller=other)
    theirs = await till.grant("theirs", count=1, caller=other)
    assert theirs.lease.expires_at - theirs.lease.granted_at == timedelta(hours=3)
    for wrong in (
        {"scope": "brand", "subject": "star"},
        {"parameters": {**shop, "hours": 169}},
        {"parameters": {**shop, "most_face": {"minor": 1, "currency": "USD"}}},
    ):
        with pytest.raises(ValueError, match="wrong"):
            await put_policy(counter, "wrong", **wrong)


async def test_what_needs_the_platform_is_not_leased(till: Leasing) -> None:
    counter = till.counter
    put = PutProducts(counter.open_books, counter.clock)
    names = [f"019393a1-0000-7000-8000-0000000000d{n}" for n in range(5)]
    await put([product(names[0], leasable=False), product(names[1], risk_class="high")])
    await put([product(names[2], card_kind="loop"), product(names[3])])
    await TakeOffProducts(counter.open_books)([names[3]])

    async def reason(product_id: str) -> str:
        with pytest.raises(ProductOff) as no:
            await till.grant(plan={product_id: 1})
        details = no.value.details
        return f"{details['reason']} {details.get('rule', '')}".strip()

    assert [await reason(i) for i in names] == ["lease", "lease", "lease", "off", "off"]
    assert await reason(TOP_UP) == "lease"
    high = {"at_least": {"minor": 10_000, "currency": "CNY"}}
    hours = {"start": "23:00", "end": "06:00", "needs": None}
    rules: list[tuple[str, dict[str, Any], str]] = [
        ("cooling", {**high, "minutes": 30}, "cooling"),
        ("real_name", high, "real_name"),
        ("first_high", {**high, "needs": None}, "first_high"),
        ("hours", hours, "hours"),
    ]
    for kind, parameters, rule in rules:
        await put_policy(counter, kind, kind, parameters=parameters)
        assert await reason(CARD) == f"lease {rule}"
        await KeepPolicies(counter.open_books, counter.clock).switch(kind, False, Authority("test", "over"))
    await put_policy(
        counter, "rich", "hours", parameters={**hours, "at_least": {"minor": 10_001, "currency": "CNY"}}
    )
    beyond = {"at_least": {"minor": 10_001, "currency": "CNY"}, "needs": None}
    await put_policy(counter, "richer", "first_high", parameters=beyond)
    assert len(ids(await till.grant())) == 1


async def test_stock_and_wallet_bound_a_lease(till: Leasing) -> None:
    counter = till.counter
    till.house = replace(HOUSE, most=10)
    other = product(OTHER, wholesale=Money(900_000, "CNY"))
    await PutProducts(counter.open_books, counter.clock)([other])
    with pytest.raises(SoldOut):
        await till.grant(plan={OTHER: 1})
    await counter.import_codes([lot(2, OTHER, 50)])
    with pytest.raises(WalletEmpty) as no:
        await till.grant(plan={OTHER: 2})
    assert no.value.details["needed"] == Money(1_800_000, "CNY")
    assert await counter.stock(OTHER) == 2
    assert len(ids(await till.grant(count=7))) == 5  # what there is
    assert len(ids(await till.grant(attempt=2, count=8))) == 5
    with pytest.raises(SoldOut):
        await till.grant("empty")


async def test_who_has_no_wallet_or_no_shop_gets_nothing(till: Leasing) -> None:
    counter = till.counter
    async with counter.open_books() as books:
        await books.tills.add_shop(Shop("poor", "Poor", "CNY"))
        await books.tills.save(Till("poor-till", "poor", "P1", "P", 2, b"s" * 32, b"p" * 32))
        await books.tills.add_shop(Shop("far", "Far", "USD"))
        await books.tills.save(Till("far-till", "far", "F1", "F", 2, b"s" * 32, b"p" * 32))
        await books.commit()
    with pytest.raises(NotFound, match="wallet"):
        await till.grant(caller=Caller("poor", "poor-till"))
    with pytest.raises(BadRequest):
        await till.grant(caller=Caller("far", "far-till"))


async def test_a_kit_is_leased_whole(till: Leasing) -> None:
    counter = till.counter
    kit = "019393a1-0000-7000-8000-000000000001"
    await PutProducts(counter.open_books, counter.clock)([product(kit, card_kind="kit", parts=2)])
    kits = tuple(lot(2, start=start).cards for start in (700, 800))
    await counter.import_codes([CodeLotDraft(kit, "K", (), PROVENANCE, kits)])
    granted = await till.grant(plan={kit: 2})
    assert (len(granted.sealed), len(granted.cards)) == (4, 2)
    assert await counter.wallet() == (1_000_000, 19_000)
    first, second = (card.card_id for card in granted.cards)
    till.sell(first, "sale")
    await till.push()
    assert len((await till.grant(plan={kit: 2})).sealed) == 2
    await till.return_now(second)
    assert await counter.stock(kit) == 1


async def test_an_operator_decides_what_became_of_a_lost_till(till: Leasing) -> None:
    first, second, third, fourth = ids(await till.grant(count=4))
    lease, _ = await till.lease()
    settle = till.settle
    with pytest.raises(Forbidden):
        await settle.sold(BY, lease.id, [first])  # it may still be sold there
    assert await till.quarantine(BY, lease.id) == 4
    with pytest.raises(Forbidden):
        await till.quarantine(BY, lease.id)
    desk = Desk(till.counter)
    for door in (desk.release, desk.void):
        with pytest.raises(Forbidden, match="leased"):
            await door(first)
    with pytest.raises(BadRequest):
        await settle.unsold(BY, lease.id, " ")
    with pytest.raises(BadRequest, match="shows a code"):
        await settle.unsold(Authority("owner", "CANARY00000000 is whole"), lease.id, "S-1")
    assert await settle.unsold(BY, lease.id, "S-1", [first]) == 1
    assert await settle.sold(BY, lease.id, [second]) == 1
    for wrong, fault in (("nobody", NotFound), (first, Forbidden)):
        with pytest.raises(fault):
            await settle.sold(BY, lease.id, [wrong])
    till.sell(second, "sale")  # the ledger comes after all: now we know the sale
    till.sell(third, "other")
    await till.push()
    assert (await till.lease())[1][second].sale_id == "sale"
    assert await settle.sold(BY, lease.id) == 1
    assert await till.states() == {first: "RETURNED", second: "SOLD", third: "SOLD", fourth: "SOLD"}
    assert await till.counter.wallet() == (971_500, 0)
    assert await till.incidents() == []
    for flow in (till.quarantine(BY, "nothing"), settle.sold(BY, "nothing")):
        with pytest.raises(NotFound):
            await flow
    assert [what for what, _ in await desk.actions()] == [
        "lease_quarantined",
        "lease_card_freed",
        "card_voided",
        "lease_card_charged",
        "lease_card_charged",
    ]
    async with till.counter.peek_books() as books:
        card = await books.cards.find(first)
    assert card is not None
    assert card.boxed.held.state is CardState.VOID  # never used is not never seen: its slip may be out
    await till.counter.check()
    assert [view.state.value for view in await till.read.page("", 10)] == ["SETTLED"]
    assert await till.read.page(lease.id, 10) == ()


async def test_a_leased_card_has_its_history(till: Leasing) -> None:
    first, second = ids(await till.grant(count=2))
    till.sell(first, "sale")
    till.write("code_revealed", {"sale_id": "sale", "card_id": first, "copy": 1})
    await till.push()
    await till.return_now(second)
    trace = TraceCard(till.counter.peek_books, till.counter.vault)
    (told,) = await trace.by_card(first)
    assert [event.kind for event in told.events if event.source == "row"] == [
        "imported",
        "leased",
        "sold_offline",
    ]
    assert told.contradictions == ()
    (told,) = await trace.by_card(second)
    assert [event.kind for event in told.events if event.source == "row"] == [
        "imported",
        "leased",
        "lease_returned",
    ]
    assert told.contradictions == ()
    with pytest.raises(Forbidden) as no:
        await till.grant(attempt=2, count=2)
    assert no.value.details == {"state": "RETURNED"}  # what came back is never granted twice under one lease
    again = await till.grant("again", count=2)
    (told,) = await trace.by_card(ids(again)[0])
    assert "leased" in {event.kind for event in told.events}
    await till.quarantine(BY, again.lease.id)
    (told,) = await trace.by_card(ids(again)[0])
    assert "lease_quarantined" in {event.kind for event in told.events}


@pytest.mark.parametrize("counter", ["sqlite", "postgres"], indirect=True)
async def test_many_at_once_stay_within_the_caps(till: Leasing) -> None:
    await till.counter.import_codes([lot(20, start=100)])

    async def one(number: int) -> int:
        for _ in range(4):
            try:
                return len((await till.grant(f"lease-{number}", count=2)).sealed)
            except LimitPassed:
                return 0
            except Refused:
                raise
            except Exception as fault:  # two met: whoever lost wrote nothing
                if type(fault).__name__ != "Collided":
                    raise
        return 0

    assert sum(await asyncio.gather(*(one(number) for number in range(8)))) == 4


async def test_a_settled_day_names_the_cards_that_were_sold_offline(till: Leasing) -> None:
    counter = till.counter
    first, second = ids(await till.grant(count=2))
    paid = till.sell(first, "sale")
    line = {**paid["body"]["lines"][0], "cost_minor": 9_500}
    paid["body"] |= {"receipt_number": "T1-000007", "lines": [line]}
    till.write("sale_confirmed", {"sale_id": "sale"})  # another line of it was bought online
    await till.push()
    lease, _ = await till.lease()
    await till.quarantine(BY, lease.id)
    await till.settle.sold(BY, lease.id)
    counter.clock.pass_by(days=1)
    signer = DocumentSigner("platform-1", Ed25519PrivateKey.generate())
    make = MakeSettlement(counter.open_books, counter.clock, signer, BusinessDays("Asia/Shanghai"))
    written = await make("shop", date(2026, 11, 22))
    settlement = read_file(written).settlement
    told = sorted((each.kind, each.sale_id, each.line_id, each.receipt_number) for each in settlement.lines)
    assert told == [("lease_sale", "", "", ""), ("lease_sale", "sale", "1", "T1-000007")]
    assert settlement.charged == Money(19_000, "CNY")
    assert await CompareSettlement(counter.peek_books)([settlement]) == ()
    till.sell(second, "known-later")
    await till.push()
    assert (await till.lease())[1][second].sale_id == "known-later"
    assert await make("shop", date(2026, 11, 22)) == written


async def test_a_lease_steps_in_for_a_sale_that_was_paid(till: Leasing) -> None:
    """The platform stays away after payment: the till sells a leased card and cancels what it had bought (R12)."""
    counter = till.counter
    (card,) = ids(await till.grant())
    await counter.reserve("sale")
    await counter.confirm("sale")  # its answer is lost
    till.sell(card, "sale", kind="lease_sold")
    await till.push()
    await counter.cancel("sale")
    assert await till.card_state(card) == "DELIVERED"
    assert len(await Desk(counter).quarantine()) == 1
    assert await counter.wallet() == (990_500, 0)
    assert await till.incidents() == []


async def test_what_others_forgot_pays_for_a_lease(counter: Counter) -> None:
    await counter.open(money=20_000)
    await counter.reserve("forgotten", counter.line(quantity=2))
    counter.clock.pass_by(minutes=11)
    assert len(ids(await Leasing(counter).grant(count=2))) == 2


@pytest.mark.parametrize(
    ("at", "card"), [("2026-11-22T00:00:00", "b"), ("2026-11-22T00:00:00Z", ""), ("never", "b")]
)
def test_what_cannot_be_read_is_not_guessed(at: str, card: str) -> None:
    line = {"line_id": "1", "leased": [{"lease_id": "a", "card_id": card}]}
    entry = {
        "kind": "lease_sold",
        "seq": 1,
        "at": at,
        "body": {"sale_id": "s", "lines": [line]},
    }
    with pytest.raises(ValueError, match="leased"):
        lease_facts(entry)
