"""Operators on every store: who comes in, the brake, sessions, and what their pages read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from platform_server.domain.actions import Authority
from platform_server.domain.errors import Forbidden, NotAdmitted, NotFound
from platform_server.domain.ledger import Strange
from platform_server.domain.money import Money
from platform_server.domain.operators import (
    IDLE,
    LONGEST_SESSION,
    ROLES,
    STEP_UP,
    STEP_UP_LASTS,
    OperatorRole,
    Right,
    is_good_password,
    login_name,
)
from platform_server.domain.overview import Noun, Wanted
from platform_server.flows.add_shop import AddShop
from platform_server.flows.browse import Browse, LookAt, ReadLabels, ReadProduct, TakeAGlance
from platform_server.flows.keep_operators import AddOperator, ChangeOperator, RenewOperator, SpeakTo
from platform_server.flows.note_action import NoteAction
from platform_server.flows.see_to_incident import SeeToIncident
from platform_server.flows.sign_in import (
    Admission,
    Attempt,
    ChangePassword,
    FindAdmission,
    SignIn,
    SignOut,
    StepUp,
    Vouch,
    hash_token,
)
from platform_server.store.sign_in import Argon2Passwords, ConsoleKeys, SealedCodes
from tests.fakes.platform_goods import CARD, SUPPLIER, TOP_UP
from tests.fakes.platform_world import START
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio
OWNER = Authority("lin", "test")
BROWSER = "a browser"
GOOD = "three quiet herons"


class QuickPasswords:
    """Argon2 has its own test; forty sign-ins need not take its time."""

    async def hash(self, password: str) -> str:
        return "hash of " + password

    async def is_right(self, password: str, known: str | None) -> bool:
        return known == "hash of " + password


@dataclass
class Desk:
    """The flows of one platform, and an authenticator."""

    counter: Counter

    def __post_init__(self) -> None:
        c = self.counter
        books, peek, clock, ids = c.open_books, c.peek_books, c.clock, c.ids
        self.codes, self.passwords = SealedCodes(ConsoleKeys.of(b"f" * 32).codes), QuickPasswords()
        made = (books, self.passwords, self.codes, clock, ids)
        self.add, self.renew, self.sign_in = AddOperator(*made), RenewOperator(*made), SignIn(*made)
        self.change = ChangeOperator(books, clock)
        self.find = FindAdmission(books, peek, clock)
        self.step_up, self.sign_out = StepUp(books, self.codes, clock), SignOut(books, clock)
        self.change_password = ChangePassword(books, self.passwords, clock)

    async def make(self, name: str = "lin", role: OperatorRole = OperatorRole.OWNER) -> pyotp.TOTP:
        """One whose first password was replaced; the clock moves on, so that the next code is fresh."""
        made = await self.add(Authority("setup", "test"), name, role)
        totp = pyotp.parse_uri(made.uri)
        assert isinstance(totp, pyotp.TOTP)
        admission = await self.come_in(totp, name, made.password)
        await self.change_password(admission, made.password, GOOD)
        await self.sign_out(admission)
        return totp

    async def come_in(self, totp: pyotp.TOTP, name: str = "lin", password: str = GOOD) -> Admission:
        token = await self.sign_in(Attempt(name, password, self.code(totp), BROWSER))
        admission = await self.find(token, BROWSER)
        assert admission is not None
        return admission

    async def session_of(self, admission: Admission) -> Any:
        async with self.counter.peek_books() as books:
            return await books.operators.find_session(admission.session.token_hash)

    def code(self, totp: pyotp.TOTP) -> str:
        self.counter.clock.pass_by(seconds=30)
        return totp.at(self.counter.clock.at)

    async def actions(self) -> list[str]:
        async with self.counter.peek_books() as books:
            return [each.action.what for each in reversed(await books.actions.latest(100))]

    async def rows(self, noun: Noun, **wanted: Any) -> list[str]:
        page = await Browse(self.counter.peek_books)(noun, Wanted(**wanted))
        assert page.total >= len(page.rows)
        return [row.id for row in page.rows]


@pytest.fixture
def desk(counter: Counter) -> Desk:
    return Desk(counter)


def test_every_role_has_exactly_these_rights() -> None:
    """The whole matrix, cell by cell, as a person would read it."""
    matrix = {
        "see_goods": "owner manager support auditor",
        "see_cards": "owner manager support auditor",
        "see_shops": "owner manager support auditor",
        "see_money": "owner manager support auditor",
        "see_sales": "owner manager support auditor",
        "see_incidents": "owner manager support auditor",
        "see_claims": "owner manager support auditor",
        "see_operators": "owner auditor",
        "see_actions": "owner manager auditor",
        "edit_goods": "owner manager",
        "import_codes": "owner manager",
        "open_shop": "owner manager",
        "enrol_till": "owner manager support",
        "revoke_till": "owner manager support",
        "book_money": "owner manager",
        "settle_top_up": "owner manager",
        "acknowledge_incident": "owner manager support",
        "ask_supplier": "owner manager support",
        "decide_claim": "owner manager",
        "keep_operators": "owner",
    }
    assert set(matrix) == {right.value for right in Right}
    for role in OperatorRole:
        for right in Right:
            assert (right in ROLES[role]) == (role.value in matrix[right.value].split()), (role, right)
    assert {Right.BOOK_MONEY, Right.IMPORT_CODES, Right.DECIDE_CLAIM, Right.KEEP_OPERATORS} <= STEP_UP


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("three quiet herons", True),
        ("short", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("lin lin lin lin 1234", False),
        ("x" * 300, False),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, is_good: bool) -> None:
    assert is_good_password(password, "lin") is is_good


def test_a_name_has_one_spelling() -> None:
    assert login_name("  \uff2c\uff49\uff2e ") == "lin"
    for bad in ("", "   ", "a\x00b", "x" * 41):
        with pytest.raises(ValueError, match="a name has"):
            login_name(bad)


async def test_in_and_out(desk: Desk) -> None:
    totp = await desk.make()
    admission = await desk.come_in(totp)
    assert admission.operator.may(Right.BOOK_MONEY)
    await desk.sign_out(admission)
    assert await desk.session_of(admission) is None
    what = ["add_operator_owner", "sign_in", "change_password", "sign_out", "sign_in", "sign_out"]
    assert await desk.actions() == what


async def test_the_first_password_allows_nothing_and_is_replaced(desk: Desk) -> None:
    made = await desk.add(OWNER, "Wei", OperatorRole.MANAGER)
    totp = pyotp.parse_uri(made.uri)
    assert isinstance(totp, pyotp.TOTP)
    admission = await desk.come_in(totp, "wei", made.password)
    assert not any(admission.operator.may(right) for right in Right)
    other = await desk.come_in(totp, "wei", made.password)
    with pytest.raises(ValueError, match="easy"):
        await desk.change_password(admission, made.password, "short")
    with pytest.raises(ValueError, match="easy"):
        await desk.change_password(admission, GOOD, GOOD)
    with pytest.raises(NotAdmitted):
        await desk.change_password(admission, "another one", GOOD)
    await desk.change_password(admission, made.password, GOOD)
    assert await desk.session_of(other) is None
    with pytest.raises(NotAdmitted):
        await desk.come_in(totp, "wei", made.password)


async def test_a_code_counts_once_and_only_around_its_time(desk: Desk) -> None:
    totp = await desk.make()
    code = desk.code(totp)
    await desk.sign_in(Attempt("lin", GOOD, code, BROWSER))
    with pytest.raises(NotAdmitted):
        await desk.sign_in(Attempt("lin", GOOD, code, BROWSER))
    for seconds, is_in in ((-30, False), (60, False), (30, True)):  # the step before is below the spent one
        wrong = totp.at(desk.counter.clock.at + timedelta(seconds=seconds))
        if is_in:
            assert await desk.sign_in(Attempt(" LIN ", GOOD, f"{wrong[:3]} {wrong[3:]}", BROWSER))
        else:
            with pytest.raises(NotAdmitted):
                await desk.sign_in(Attempt("lin", GOOD, wrong, BROWSER))


@pytest.mark.parametrize("name", ["lin", "nobody", ""])
async def test_the_brake_holds_and_doubles(desk: Desk, name: str) -> None:
    totp = await desk.make()
    for _ in range(5):
        with pytest.raises(NotAdmitted):
            await desk.sign_in(Attempt(name, "wrong", desk.code(totp), BROWSER))
    if name != "lin":  # somebody else's tries stop nobody
        assert await desk.come_in(totp)
        return
    with pytest.raises(NotAdmitted):  # within the first minute even the right ones are refused
        await desk.come_in(totp)
    desk.counter.clock.pass_by(minutes=1)
    with pytest.raises(NotAdmitted):
        await desk.sign_in(Attempt("lin", "wrong", "000000", BROWSER))
    desk.counter.clock.pass_by(seconds=70)
    with pytest.raises(NotAdmitted):
        await desk.come_in(totp)
    desk.counter.clock.pass_by(minutes=1)
    assert await desk.come_in(totp)


async def test_a_hundred_guesses_at_once_are_five(desk: Desk) -> None:
    await desk.make()

    async def guess(number: int) -> None:
        with pytest.raises(NotAdmitted):
            await desk.sign_in(Attempt("lin", f"guess {number}", "000000", BROWSER))

    await asyncio.gather(*(guess(number) for number in range(20)))
    async with desk.counter.peek_books() as books:
        (row,) = (await books.browse.page(Noun.OPERATORS, Wanted())).rows
        operator = await books.operators.find(row.id)
    assert operator.tries == 5
    assert operator.is_locked(desk.counter.clock.at)


async def test_a_session_ends_by_idleness_age_and_in_another_browser(desk: Desk) -> None:
    totp = await desk.make()
    clock = desk.counter.clock
    token = await desk.sign_in(Attempt("lin", GOOD, desk.code(totp), BROWSER))
    assert await desk.find(token, "another browser") is None
    assert await desk.find("another token", BROWSER) is None
    clock.pass_by(seconds=IDLE.total_seconds() - 1)
    assert await desk.find(token, BROWSER) is not None  # and this was a sign of life
    clock.pass_by(seconds=IDLE.total_seconds() - 1)
    assert await desk.find(token, BROWSER) is not None
    clock.pass_by(seconds=IDLE.total_seconds())
    assert await desk.find(token, BROWSER) is None
    token = await desk.sign_in(Attempt("lin", GOOD, desk.code(totp), BROWSER))
    for _ in range(int(LONGEST_SESSION / IDLE) * 2):
        clock.pass_by(seconds=IDLE.total_seconds() / 2)
        last = await desk.find(token, BROWSER)
    assert last is None
    clock.pass_by(hours=24)
    assert await desk.counter.sweep() >= 1
    async with desk.counter.peek_books() as books:
        assert await books.operators.find_session(hash_token(token)) is None


async def test_a_step_up_opens_a_short_window(desk: Desk) -> None:
    totp = await desk.make()
    token = await desk.sign_in(Attempt("lin", GOOD, desk.code(totp), BROWSER))
    admission = await desk.find(token, BROWSER)
    assert admission is not None
    assert not admission.session.is_stepped_up(desk.counter.clock.at)
    with pytest.raises(NotAdmitted):
        await desk.step_up(admission, "000000")
    code = desk.code(totp)
    await desk.step_up(admission, code)
    with pytest.raises(NotAdmitted):
        await desk.step_up(admission, code)
    stepped = await desk.find(token, BROWSER)
    assert stepped is not None
    assert stepped.session.is_stepped_up(desk.counter.clock.at)
    desk.counter.clock.pass_by(seconds=STEP_UP_LASTS.total_seconds())
    assert not stepped.session.is_stepped_up(desk.counter.clock.at)
    for _ in range(5):
        with pytest.raises(NotAdmitted):
            await desk.step_up(admission, "000000")
    with pytest.raises(NotAdmitted):  # the brake is the same as at the door
        await desk.step_up(admission, desk.code(totp))


async def test_a_second_person_vouches_with_all_that_proves_him(desk: Desk) -> None:
    totp = await desk.make("wei", OperatorRole.MANAGER)
    auditor = await desk.make("an", OperatorRole.AUDITOR)
    vouch = Vouch(desk.counter.open_books, desk.passwords, desk.codes, desk.counter.clock)
    code = desk.code(totp)
    assert await vouch(Attempt(" WEI", GOOD, code, BROWSER), Right.DECIDE_CLAIM) == "wei"
    for attempt in (
        Attempt("wei", GOOD, code, BROWSER),  # spent
        Attempt("wei", "wrong", desk.code(totp), BROWSER),
        Attempt("nobody", GOOD, desk.code(totp), BROWSER),
        Attempt("", GOOD, desk.code(totp), BROWSER),
        Attempt("an", GOOD, desk.code(auditor), BROWSER),  # has not the right himself
    ):
        with pytest.raises(NotAdmitted):
            await vouch(attempt, Right.DECIDE_CLAIM)
    assert (await desk.actions())[-2:] == ["vouch_refused", "vouch_refused"]
    for _ in range(5):
        with pytest.raises(NotAdmitted):
            await vouch(Attempt("wei", "wrong", "000000", BROWSER), Right.DECIDE_CLAIM)
    with pytest.raises(NotAdmitted):  # the brake is the same as at the door
        await vouch(Attempt("wei", GOOD, desk.code(totp), BROWSER), Right.DECIDE_CLAIM)


async def test_nobody_keeps_himself_and_one_owner_stays(desk: Desk) -> None:
    totp = await desk.make()
    with pytest.raises(Forbidden) as refused:
        await desk.change(Authority("LIN ", "x"), "lin", OperatorRole.AUDITOR, is_active=True)
    assert refused.value.details["state"] == "own_hand"
    with pytest.raises(Forbidden) as refused:
        await desk.renew(OWNER, "lin")
    for role, is_active in ((OperatorRole.MANAGER, True), (None, False)):
        with pytest.raises(Forbidden) as refused:
            await desk.change(Authority("wei", "x"), "lin", role, is_active=is_active)
        assert refused.value.details["state"] == "last_owner"
    with pytest.raises(Forbidden) as refused:
        await desk.add(OWNER, "LIN", OperatorRole.SUPPORT)
    assert refused.value.details["state"] == "name_taken"
    with pytest.raises(NotFound):
        await desk.change(OWNER, "nobody", OperatorRole.OWNER, is_active=True)
    await desk.make("wei", OperatorRole.OWNER)
    admission = await desk.come_in(totp)
    await desk.change(Authority("wei", "leaves"), "lin", None, is_active=False)
    assert await desk.session_of(admission) is None
    with pytest.raises(NotAdmitted):
        await desk.come_in(totp)
    with pytest.raises(NotAdmitted):
        await desk.step_up(replace(admission, operator=replace(admission.operator, name="gone")), "1")


async def test_a_session_of_one_who_left_counts_for_nothing(desk: Desk) -> None:
    totp = await desk.make()
    token = await desk.sign_in(Attempt("lin", GOOD, desk.code(totp), BROWSER))
    admission = await desk.find(token, BROWSER)
    assert admission is not None
    async with desk.counter.open_books() as books:
        await books.operators.save(replace(admission.operator, is_active=False))
        await books.commit()
    assert await desk.find(token, BROWSER) is None
    with pytest.raises(NotAdmitted):
        await desk.come_in(totp)


async def test_new_secrets_end_the_old_ones(desk: Desk) -> None:
    totp = await desk.make("wei", OperatorRole.SUPPORT)
    admission = await desk.come_in(totp, "wei")
    made = await desk.renew(OWNER, "wei")
    assert await desk.session_of(admission) is None
    with pytest.raises(NotAdmitted):
        await desk.come_in(totp, "wei")
    fresh = pyotp.parse_uri(made.uri)
    assert isinstance(fresh, pyotp.TOTP)
    assert (await desk.come_in(fresh, "wei", made.password)).operator.must_change


async def test_a_password_changed_meanwhile_is_not_changed_twice(desk: Desk) -> None:
    totp = await desk.make()
    admission = await desk.come_in(totp)
    hash_slowly = desk.passwords.hash

    async def meanwhile(password: str) -> str:
        desk.passwords.hash = hash_slowly  # type: ignore[method-assign]
        await desk.change_password(admission, GOOD, "another quiet heron")
        return await hash_slowly(password)

    desk.passwords.hash = meanwhile  # type: ignore[method-assign]
    with pytest.raises(NotAdmitted):
        await desk.change_password(admission, GOOD, "a third quiet heron")
    assert await desk.come_in(totp, password="another quiet heron")


async def test_each_speaks_their_language(desk: Desk) -> None:
    totp = await desk.make()
    speak = SpeakTo(desk.counter.open_books)
    await speak("lin", "en")
    await speak("nobody", "en")
    assert (await desk.come_in(totp)).operator.language == "en"
    with pytest.raises(ValueError, match="language"):
        await speak("lin", "xx")


async def test_lists_are_found_counted_and_narrowed(desk: Desk) -> None:
    counter = desk.counter
    await counter.open()
    await counter.reserve("s1", counter.line(), counter.line(TOP_UP, "2", max_unit_cost=Money(5_000, "CNY")))
    view = await counter.confirm("s1")
    rows = desk.rows
    assert await rows(Noun.PRODUCTS, text=CARD) == [CARD]
    assert set(await rows(Noun.PRODUCTS, state="ON")) == {CARD, TOP_UP}
    assert await rows(Noun.PRODUCTS, state="OUT") == []
    assert await rows(Noun.PRODUCTS, text="100%_") == []
    assert len(await rows(Noun.CARDS, state="AVAILABLE")) == 4
    assert len(await rows(Noun.CARDS, of=CARD)) == 5
    assert len(await rows(Noun.CARDS, of=CARD, skip=4)) == 1
    (batch,) = await rows(Noun.BATCHES, of=CARD)
    assert await rows(Noun.SUPPLIERS, text="doc-1", state="ACTIVE") == [SUPPLIER.id]
    assert await rows(Noun.SUPPLIERS, state="OFF") == []
    assert (await LookAt(counter.peek_books)(Noun.BATCHES, batch)).cells["left"] == 4
    assert await rows(Noun.SHOPS) == await rows(Noun.WALLETS) == ["shop"]
    assert await rows(Noun.SHOPS, of="shop") == []  # nothing owns a shop
    assert sorted(await rows(Noun.TILLS, of="shop")) == ["other", "till"]
    assert len(await rows(Noun.JOURNALS, text="first")) == 1
    (sale,) = await rows(Noun.SALES, text="s1")
    told = await LookAt(counter.peek_books)(Noun.SALES, sale)
    assert told.cells["pieces"] == 2
    assert told.cells["cost"] == view.reservation.cost
    (top_up,) = await rows(Noun.TOP_UPS, text="13800138000")
    assert (await LookAt(counter.peek_books)(Noun.TOP_UPS, top_up)).cells["state"] == "ACCEPTED"
    assert await rows(Noun.TOP_UPS, state="OK") == []
    with pytest.raises(NotFound):
        await LookAt(counter.peek_books)(Noun.SALES, "none")


async def test_no_cell_holds_a_secret(desk: Desk) -> None:
    counter = desk.counter
    await counter.open()
    await desk.make()
    async with counter.peek_books() as books:
        for noun in Noun:
            for row in (await books.browse.page(noun, Wanted())).rows:
                names = set(row.cells)
                assert not names & {"box", "fingerprint", "sign_key", "seal_key", "password_hash", "totp_box"}
                assert not [cell for cell in row.cells.values() if isinstance(cell, bytes)]


async def test_the_day_at_a_glance(desk: Desk) -> None:
    counter = desk.counter
    await counter.open(money=100_000, cards=2)
    await counter.reserve("s1")
    glance = TakeAGlance(counter.peek_books, counter.clock, START.tzinfo, 2, 200_000)  # type: ignore[arg-type]
    told = await glance()
    assert told.shops == ()
    await counter.confirm("s1")
    told = await glance()
    assert [(day.shop_id, day.sales) for day in told.shops] == [("shop", 1)]
    assert [row.id for row in told.low_products] == [CARD]
    assert [row.id for row in told.low_wallets] == ["shop"]
    assert (told.open_incidents, told.open_top_ups, told.manual_top_ups, told.sold_out) == (0, 0, 0, 0)


async def test_an_incident_is_seen_to_once(desk: Desk) -> None:
    counter = desk.counter
    await counter.open()
    async with counter.open_books() as books:
        await books.audit.open_incidents("shop", "till", [Strange("odd", 7, "very odd")], counter.clock.at)
        await books.commit()
    (incident,) = await desk.rows(Noun.INCIDENTS, state="OPEN", text="VERY")
    see = SeeToIncident(counter.open_books, counter.clock)
    await see(Authority("lin", "looked at it"), incident)
    for again in (incident, "till:odd:8", "nonsense", "till:odd:x"):
        with pytest.raises(Forbidden):
            await see(Authority("wei", "me too"), again)
    row = await LookAt(counter.peek_books)(Noun.INCIDENTS, incident)
    assert (row.cells["state"], row.cells["seen_by"], row.cells["note"]) == ("SEEN", "lin", "looked at it")
    assert await desk.rows(Noun.INCIDENTS, state="OPEN") == []


async def test_a_shop_is_added_and_a_deed_noted(desk: Desk) -> None:
    counter = desk.counter
    await counter.open()
    shop = await AddShop(counter.open_books, counter.clock, counter.ids)(OWNER, " Second ", "CNY")
    assert (await LookAt(counter.peek_books)(Noun.WALLETS, shop.id)).cells["available"] == Money(0, "CNY")
    for name, currency in (("", "CNY"), ("x" * 81, "CNY"), ("Third", "yuan")):
        with pytest.raises(ValueError, match=r"name|currency"):
            await AddShop(counter.open_books, counter.clock, counter.ids)(OWNER, name, currency)
    await NoteAction(counter.open_books, counter.clock)(OWNER, "book_money", "shop:shop", {"amount": "1"})
    assert (await desk.actions())[-2:] == ["add_shop", "book_money"]


async def test_labels_and_a_product_whole(desk: Desk) -> None:
    await desk.counter.open()
    brands, categories = await ReadLabels(desk.counter.peek_books)()
    item = await ReadProduct(desk.counter.peek_books)(CARD)
    assert item.product.brand in brands
    assert item.product.category in categories
    with pytest.raises(NotFound):
        await ReadProduct(desk.counter.peek_books)("none")


async def test_argon2_tells_right_from_wrong_and_nobody_from_somebody() -> None:
    passwords = Argon2Passwords()
    known = await passwords.hash(GOOD)
    assert known.startswith("$argon2id$")
    assert await passwords.is_right(GOOD, known)
    assert not await passwords.is_right(GOOD + " ", known)
    assert not await passwords.is_right("nobody", None)
    assert not await passwords.is_right(GOOD, "not a hash")


def test_a_sealed_secret_opens_for_its_operator_only() -> None:
    codes = SealedCodes(b"c" * 32)
    secret = codes.new_secret()
    box = codes.seal("one", secret)
    code = pyotp.TOTP(secret).at(START)
    assert codes.step_of("one", box, code, START) == int(START.timestamp()) // 30
    assert codes.step_of("two", box, code, START) is None
    assert secret.encode() not in box
    assert ConsoleKeys.of(b"r" * 32).codes != ConsoleKeys.of(b"r" * 32).cookies
