"""The console by HTTP: who may see and do what, what is refused at the door, what every page is made of."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pyotp
import pytest

from platform_server.app.console_wiring import operator_flows, with_console
from platform_server.app.places import Places
from platform_server.app.wiring import Platform, World, build_web, open_platform
from platform_server.console.acts.form import Act
from platform_server.console.acts.page import ACTS
from platform_server.console.pages import PAGES
from platform_server.console.wording import Words, ago, figure, masked_account, money_text, read_money
from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.claims import Claim, ClaimReason
from platform_server.domain.ledger import Strange
from platform_server.domain.money import Money
from platform_server.domain.operators import ROLES, STEP_UP, OperatorRole
from platform_server.domain.overview import Noun, Wanted
from platform_server.domain.reservation import Caller, Reservation, ReservationState, ReservedLine
from platform_server.domain.top_up import TopUp, TopUpState
from platform_server.settings import Settings
from platform_server.wire.world import MachineIds
from tests.fakes.platform_goods import CARD, SUPPLIER, TOP_UP, lot, product, top_up
from tests.fakes.platform_world import START, HandClock, ToldSupplier
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio
HOST = "http://127.0.0.1:8080"
WORDS = Path(__file__).parents[2] / "resources" / "words"
GOOD = "three quiet herons"


class Links(HTMLParser):
    """What a page would load, and where it leads; and whether it holds a script or a style of its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.sins: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction", "srcset", "poster") and value is not None:
                self.addresses.append(value)
            if name.startswith("on") or name == "style":
                self.sins.append(f"{tag} {name}")
        if tag in ("script", "style", "iframe", "object", "embed"):
            self.sins.append(tag)


@dataclass
class Visitor:
    """A browser of one operator."""

    client: httpx2.AsyncClient
    clock: HandClock
    totp: pyotp.TOTP
    headers: dict[str, str] = field(default_factory=lambda: {"origin": HOST})

    def code(self) -> str:
        self.clock.pass_by(seconds=30)
        return self.totp.at(self.clock.at)

    async def get(self, path: str) -> httpx2.Response:
        return await self.client.get(HOST + path)

    async def post(self, path: str, page: str | None = None, **form: str) -> httpx2.Response:
        """As the form of that page would: with its token, from its origin."""
        text = (await self.get(page or path)).text
        token = re.search(r'name="csrftoken" value="([^"]+)"', text)
        if token is not None:
            form["csrftoken"] = token.group(1)
        return await self.client.post(HOST + path, data=form, headers=self.headers)

    async def sign_in(self, name: str, password: str = GOOD) -> httpx2.Response:
        return await self.post("/admin/login", name=name, password=password, code=self.code())


@dataclass
class Console:
    platform: Platform
    clock: HandClock
    app: Any
    stack: AsyncExitStack

    async def visitor(self, role: OperatorRole, name: str = "") -> Visitor:
        """Signed in, the first password replaced."""
        name = name or role.value
        made = await operator_flows(self.platform).add(Authority("setup", "test"), name, role)
        totp = pyotp.parse_uri(made.uri)
        assert isinstance(totp, pyotp.TOTP)
        visitor = Visitor(await self.client(), self.clock, totp)
        assert (await visitor.sign_in(name, made.password)).status_code == 303
        done = await visitor.post("/admin/password", present=made.password, wanted=GOOD, again=GOOD)
        assert done.status_code == 303
        return visitor

    async def client(self) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app)
        return await self.stack.enter_async_context(httpx2.AsyncClient(transport=transport))

    async def first(self, noun: Noun) -> str:
        async with self.platform.store.peek_books() as books:
            rows = (await books.browse.page(noun, Wanted())).rows
        return str(rows[0].id) if rows else ""


@pytest.fixture
async def console(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Console]:
    """On SQLite, or on what a test asks for."""
    is_postgres = getattr(request, "param", "sqlite") == "postgres"
    url = request.getfixturevalue("postgres_url") if is_postgres else None
    clock = HandClock()
    world = World(Settings(), clock, MachineIds(), ToldSupplier())
    places = Places.of(tmp_path / "data", tmp_path / "keys", url)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(open_platform(places, world))
        shop, _ = await platform.open_shop("Shop", "CNY")
        await platform.credit_wallet(shop.id, Money(1_000_000, "CNY"), "first")
        await platform.put_suppliers([SUPPLIER])
        await platform.put_products([product(), top_up()])
        await platform.import_codes([lot(3)])
        app = with_console(build_web(platform), platform, HOST)
        yield Console(platform, clock, app, stack)


async def _something_of_everything(console: Console) -> None:
    """One row for every act."""
    import tests.fakes.platform_till as tills

    shop, _ = await console.platform.open_shop("Shop", "CNY")
    client = await console.client()
    code = await console.platform.enrolment_code(HOST, "Front")
    sent: list[httpx2.Request] = []

    def keep(method: str, url: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        sent.append(httpx2.Request(method, url, headers=dict(headers), content=body))
        raise StopIteration

    till = tills.FakeTill(keep, code, now=lambda: console.clock.at.timestamp())
    with pytest.raises(StopIteration):
        till.enrol("Front")
    assert (await client.send(sent[0])).status_code == 201
    async with console.platform.store.open_books() as books:
        (enrolled,) = await books.tills.of_shop(shop.id)
        caller = Caller(shop.id, enrolled.id)
        await _one_for_a_person(books, caller, console.clock.at)
        strange = [Strange("ledger_foreign_till", 1, "names another till")]
        await books.audit.open_incidents(shop.id, enrolled.id, strange, console.clock.at)
        await books.commit()
    await _claim(console, caller)


async def _claim(console: Console, caller: Caller) -> None:
    """A card that was sold, printed, and does not work."""
    store, platform = console.platform.store, console.platform
    counter = Counter(store.open_books, store.peek_books, caller=caller)
    counter.clock, counter.ids = console.clock, platform.world.ids  # type: ignore[assignment]
    await counter.reserve("a claimed sale", epoch=1)
    card = (await store_cards(console, "a claimed sale", caller))[0]
    claimed = Claim(
        id=platform.world.ids.new_id(),
        shop_id=caller.shop_id,
        till_id=caller.till_id,
        sale_id="a claimed sale",
        attempt=1,
        reservation_id=card[0],
        line_id="1",
        card_id=card[1],
        reason=ClaimReason.CODE_INVALID,
        evidence=(),
        cost=Money(9_500, "CNY"),
        opened_by=f"till:{caller.till_id}",
        opened_at=console.clock.at,
        due_at=console.clock.at,
    )
    async with store.open_books() as books:
        sale = await books.reservations.by_id(card[0])
        assert sale is not None
        await books.wallets.release(caller.shop_id, sale.held)
        nothing = Money(0, "CNY")
        await books.reservations.save(replace(sale, state=ReservationState.DELIVERED, held=nothing))
        await books.cards.mark(sale.id, CardState.RESERVED, CardState.DELIVERED)
        await books.claims.add(claimed)
        await books.commit()


async def store_cards(console: Console, sale: str, caller: Caller) -> list[tuple[str, str]]:
    """Which cards a sale holds, with its own id."""
    async with console.platform.store.peek_books() as books:
        found = await books.reservations.find(caller.till_id, sale)
        assert found is not None
        return [(found.id, card.card_id) for card in await books.cards.held(found.id)]


async def _one_for_a_person(books: Any, caller: Caller, at: datetime) -> None:
    """A sold top-up whose supplier stays silent for good."""
    face, cost, nothing = Money(5_000, "CNY"), Money(4_950, "CNY"), Money(0, "CNY")
    line = ReservedLine("1", TOP_UP, 1, cost, True, {"phone": "13800138000"})
    names = ("019393a1-0000-7000-8000-00000000aaaa", caller.shop_id, caller.till_id, "a sale")
    sold = ReservationState.SOLD
    sale = Reservation(*names, sold, 1, 1, "2026-11-22", (line,), nothing, at, at)
    await books.reservations.add(sale)
    top_up_id = "019393a1-0000-7000-8000-00000000bbbb"
    order = (top_up_id, sale.id, caller.shop_id, "1", TOP_UP, "13800138000", face, cost)
    await books.top_ups.add([TopUp(*order, TopUpState.MANUAL, "TU1", at, at)])


@pytest.mark.parametrize("role", list(OperatorRole))
async def test_each_role_sees_and_does_exactly_what_it_may(console: Console, role: OperatorRole) -> None:
    await _something_of_everything(console)
    await console.visitor(OperatorRole.OWNER, "another")
    visitor = await console.visitor(role)
    home = (await visitor.get("/admin/")).text
    for noun, page in PAGES.items():
        answer = await visitor.get(f"/admin/{noun.value}/list")
        may_see = page.right in ROLES[role]
        assert answer.status_code == (200 if may_see else 403), (role, noun)
        assert (f"/admin/{noun.value}/list" in home) == may_see
        row_id = await console.first(noun)
        if row_id:
            answer = await visitor.get(f"/admin/{noun.value}/detail?pk={row_id}")
            assert answer.status_code == (200 if may_see else 403), (role, noun)
    for act in ACTS.values():
        path = await _path(console, act)
        may_do = act.right in ROLES[role]
        answer = await visitor.get(path)
        assert answer.status_code == ((409 if act.key == "put_on" else 200) if may_do else 403), (
            role,
            act.key,
        )
        answer = await visitor.post(path, "/admin/")
        expected = (409 if act.key == "put_on" else 422) if may_do else 403
        if act.key == "ask_top_up" and may_do:
            expected = 303  # it needs nothing but the press of the button
        assert answer.status_code == expected, (role, act.key, answer.text[:200])
        if expected == 422:
            assert (act.right in STEP_UP) == ('id="one_time_code"' in answer.text), act.key


async def _path(console: Console, act: Act) -> str:
    row_id = CARD if act.noun is Noun.PRODUCTS else await console.first(act.noun)
    return f"/admin/do/{act.key}" + (f"?id={row_id}" if act.has_subject else "")


async def test_nobody_gets_anywhere_without_signing_in(console: Console) -> None:
    client = await console.client()
    for path in (
        "/admin/",
        "/admin/cards/list",
        "/admin/do/book_money?id=x",
        "/admin/password",
        "/admin/none",
    ):
        answer = await client.get(HOST + path)
        assert answer.status_code == 303
        assert "/admin/login" in answer.headers["location"]
    assert (await client.get(HOST + "/admin")).headers["location"] == "/admin/"
    assert (await client.get(HOST + "/admin/static/console.css")).status_code == 200
    assert (await client.get(HOST + "/admin/static/../house.py")).status_code in (303, 404)


async def test_the_doors_of_the_tills_stand_as_before(console: Console) -> None:
    client = await console.client()
    assert (await client.get(HOST + "/health")).json() == {"status": "ok"}
    assert (await client.get(HOST + "/v1/account")).status_code == 401
    assert (await client.get(HOST + "/administration")).status_code == 404


async def test_a_form_from_elsewhere_changes_nothing(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    path = f"/admin/do/take_off?id={CARD}"
    good = {"reason": "test"}
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {},
        {"origin": HOST, "sec-fetch-site": "cross-site"},
        {"referer": "http://127.0.0.1:8081/admin/"},
    ):
        visitor.headers = headers
        assert (await visitor.post(path, **good)).status_code == 403, headers
    visitor.headers = {"origin": HOST}
    answer = await visitor.client.post(HOST + path, data=good, headers=visitor.headers)
    assert answer.status_code == 403  # without the token of the form
    answer = await visitor.client.post(
        HOST + path, data={**good, "csrftoken": "x.y"}, headers=visitor.headers
    )
    assert answer.status_code == 403
    item = (await console.platform.store.peek_books().__aenter__()).goods
    assert (await item.find({CARD}))[CARD].is_on_sale
    assert (await visitor.post(path, **good)).status_code == 303


async def test_only_forms_of_the_library_that_we_built_can_write(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    for path in (
        "/admin/products/create",
        f"/admin/products/edit?pk={CARD}",
        f"/admin/_api/products/row-action?pk={CARD}&name=delete",
        f"/admin/_api/products/action?pks={CARD}&name=delete",
        f"/admin/_api/products/action?pks={CARD}&name=export",
        f"/admin/_api/products/inline-edit?pk={CARD}&field=name",
        "/admin/products/import",
    ):
        answer = await visitor.post(path, "/admin/")
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
    assert (await visitor.get("/admin/products/create")).status_code == 403


async def test_a_stolen_session_is_of_little_use(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    cookies = dict(visitor.client.cookies)
    thief = await console.client()

    async def tries(cookie: str, agent: str) -> int:
        headers = {"cookie": f"console={cookie}", "user-agent": agent}
        return (await thief.get(HOST + "/admin/products/list", headers=headers)).status_code

    own_agent = visitor.client.headers["user-agent"]
    assert await tries(cookies["console"], own_agent) == 200
    assert await tries(cookies["console"], "another") == 303
    assert await tries(cookies["console"][:-2] + "xx", own_agent) == 303
    page = (await visitor.get("/admin/do/book_money?id=" + await console.first(Noun.WALLETS))).text
    assert 'id="one_time_code"' in page  # money asks again
    await visitor.post("/admin/logout", "/admin/")
    assert await tries(cookies["console"], own_agent) == 303


async def test_cookies_and_headers_are_strict(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    answer = await visitor.sign_in("owner")
    for cookie in answer.headers.get_list("set-cookie"):
        assert "httponly" in cookie.lower(), cookie
        assert "samesite=strict" in cookie.lower(), cookie
        assert "Path=/admin" in cookie, cookie
    answer = await visitor.get("/admin/")
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_guessing_is_slowed_at_the_door(console: Console) -> None:
    await console.visitor(OperatorRole.OWNER)
    guesser = Visitor(await console.client(), console.clock, pyotp.TOTP(pyotp.random_base32()))
    told = {(await _guess(guesser, name)).status_code for name in ("owner", "nobody") * 4}
    assert told == {401}
    while (answer := await _guess(guesser, "nobody")).status_code == 401:
        pass
    assert answer.status_code == 429
    console.clock.pass_by(seconds=4)
    assert (await _guess(guesser, "nobody")).status_code == 401


async def _guess(guesser: Visitor, name: str) -> httpx2.Response:
    return await guesser.post("/admin/login", name=name, password="wrong", code="123456")


async def test_what_is_too_large_is_refused_unread(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    headers = {"origin": HOST, "content-length": str(1 << 40)}
    answer = await visitor.client.post(HOST + "/admin/do/add_product", content=b"x", headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("console", ["sqlite", "postgres"], indirect=True)
async def test_every_page_is_our_own_in_both_languages(console: Console) -> None:
    await _something_of_everything(console)
    visitor = await console.visitor(OperatorRole.OWNER)
    await console.visitor(OperatorRole.SUPPORT)
    paths = ["/admin/", "/admin/password", "/admin/none/list"]
    for noun in PAGES:
        paths += [f"/admin/{noun.value}/list", f"/admin/{noun.value}/list?q=zzz"]
        row_id = await console.first(noun)
        paths += [f"/admin/{noun.value}/detail?pk={row_id}"] if row_id else []
    paths += [await _path(console, act) for act in ACTS.values()]
    for language in ("zh", "en"):
        assert (await visitor.post("/admin/language", "/admin/", language=language)).status_code == 303
        for path in paths:
            answer = await visitor.get(path)
            assert answer.status_code in (200, 404, 409), path
            page = Links(answer.text)
            assert page.sins == [], path
            for address in page.addresses:
                parts = urlsplit(address)
                own = (parts.scheme in ("", "data") and parts.netloc == "") or address.startswith(HOST + "/")
                assert own, (path, address)
            keys = re.findall(
                r">\s*((?:noun|column|state|act|why|do|field|about|none|what)\.\w+)", answer.text
            )
            assert not keys, (path, keys)
            has_chinese = bool(re.search(r"[\u4e00-\u9fff]", re.sub(r"<button.*?</button>", "", answer.text)))
            assert has_chinese or language == "en", path
    css = (Path(__file__).parents[2] / "platform_server/console/static/console.css").read_text("utf-8")
    assert not re.search(r'url\((?!"/admin/)', css)
    assert "@import" not in css


async def test_what_somebody_typed_is_text_and_nothing_else(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    evil = "<script>alert(1)</script>'\"{{7*7}}"
    done = await visitor.post("/admin/do/add_shop", name=evil, currency="CNY", reason=evil)
    assert done.status_code == 303
    for path in (
        "/admin/shops/list",
        "/admin/actions/list",
        f"/admin/shops/list?q={evil}&of={evil}&state={evil}",
    ):
        text = (await visitor.get(path)).text
        assert "<script" not in text
        assert "7*7" not in text.replace("{{7*7}}", "") or "49" not in text
    assert (await visitor.get("/admin/shops/list?q=' OR 1=1 --")).status_code == 200
    assert (await visitor.get("/admin/shops/list?page=999999999999999999999")).status_code == 200
    assert (await visitor.get("/admin/shops/list?page_size=100000")).status_code == 400
    assert (await visitor.get("/admin/shops/detail?pk=' OR '1'='1")).status_code == 404


async def test_money_is_booked_once_with_a_fresh_code_and_on_record(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.MANAGER)
    path = "/admin/do/book_money?id=" + await console.first(Noun.WALLETS)
    form = {"amount": "12.50", "reference": "R-1", "reason": "came in"}
    answer = await visitor.post(path, **form, one_time_code="000000")
    assert answer.status_code == 422
    for amount in ("0", "-5", "1.234", "1e9", "\u0661", "999999999999999", "a"):
        answer = await visitor.post(path, **{**form, "amount": amount}, one_time_code=visitor.code())
        assert answer.status_code == 422, amount
    answer = await visitor.post(path, **form)
    assert answer.status_code == 303
    assert (await visitor.post(path, **form)).status_code == 422  # the same reference again
    async with console.platform.store.peek_books() as books:
        wallet = await books.wallets.find(await console.first(Noun.WALLETS))
        told = [each.action for each in await books.actions.latest(3)]
        assert await books.actions.verify() is None
    assert wallet is not None
    assert wallet.balance == Money(1_001_250, "CNY")
    assert [(each.actor, each.what) for each in told[:2]] == [
        ("manager", "book_money_refused"),
        ("manager", "wallet_credited"),
    ]
    assert told[1].reason == "came in"
    assert told[1].detail == {"minor": 1_250, "currency": "CNY", "reference": "R-1"}


async def test_money_is_taken_out_and_credit_given(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    shop = await console.first(Noun.WALLETS)
    form = {"amount": "20000", "reference": "OUT-1", "reason": "paid back"}
    path = f"/admin/do/take_money?id={shop}"
    assert (
        await visitor.post(path, **form, one_time_code=visitor.code())
    ).status_code == 422  # it has 10,000
    assert (await visitor.post(path, **{**form, "amount": "10000"})).status_code == 303
    assert (await visitor.post(path, **{**form, "amount": "1"})).status_code == 422  # the same reference
    path = f"/admin/do/set_credit?id={shop}"
    assert (await visitor.post(path, amount="500", reason="trusted")).status_code == 303
    async with console.platform.store.peek_books() as books:
        wallet = await books.wallets.find(shop)
    assert wallet is not None
    assert (wallet.balance.minor, wallet.credit_limit.minor) == (0, 50_000)


async def test_a_supplier_is_put_on_file_and_its_goods_follow(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.MANAGER)
    form = {
        "name_zh": "\u65b0\u661f",
        "name_en": "New star",
        "document": "A-1",
        "granted_by": "Star Inc",
        "valid_from": "2026-01-01",
        "valid_until": "2027-01-01",
    }
    assert (
        await visitor.post("/admin/do/add_supplier", **{**form, "valid_until": "soon"})
    ).status_code == 422
    assert (
        await visitor.post("/admin/do/add_supplier", **{**form, "valid_until": "2025-01-01"})
    ).status_code == 422
    assert (await visitor.post("/admin/do/add_supplier", **form)).status_code == 303
    made = next(each for each in await console.platform.list_suppliers() if each.names.en == "New star")
    assert (await visitor.get(f"/admin/suppliers/detail?pk={made.id}")).status_code == 200
    path = f"/admin/do/edit_supplier?id={made.id}"
    assert "A-1" in (await visitor.get(path)).text
    assert (await visitor.post(path, **form, trade="OFF", reason="stopped")).status_code == 303
    assert not next(each for each in await console.platform.list_suppliers() if each.id == made.id).is_active
    page = (await visitor.get("/admin/do/add_product")).text
    assert made.id not in page
    assert SUPPLIER.id in page


async def test_a_product_is_made_changed_and_taken_off(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    form = {
        "sold_as": "pin",
        "name_zh": "\u5361",
        "name_en": "Card",
        "brand": "Star",
        "category": "New",
        "face": "50",
        "wholesale": "45.5",
        "retail": "49",
        "currency": "CNY",
        "limit_max": "5",
        "return_rule": "never",
        "risk_class": "low",
        "supplier": SUPPLIER.id,
        "goods_class": "game_card",
    }
    assert (await visitor.post("/admin/do/add_product", **{**form, "face": "0"})).status_code == 422
    assert (await visitor.post("/admin/do/add_product", **{**form, "limit_max": "0"})).status_code == 422
    assert (await visitor.post("/admin/do/add_product", **{**form, "sold_as": "loop"})).status_code == 422
    assert (await visitor.post("/admin/do/add_product", **{**form, "name_zh": "a\x00"})).status_code == 422
    assert (await visitor.post("/admin/do/add_product", **form)).status_code == 303
    made = {"sold_as": "top_up_phone", "name_en": "Airtime"}
    assert (await visitor.post("/admin/do/add_product", **{**form, **made})).status_code == 303
    async with console.platform.store.peek_books() as books:
        rows = (await books.browse.page(Noun.PRODUCTS, Wanted(text="Card"))).rows
        item = (await books.goods.find({rows[0].id}))[rows[0].id]
    assert item.product.brand.id == "star"
    assert item.product.wholesale == Money(4_550, "CNY")
    path = f"/admin/do/edit_product?id={CARD}"
    changed = {**form, "face": "100.00", "wholesale": "90"}
    assert (await visitor.post(path, **{**changed, "face": "60"})).status_code == 422  # it has cards of 100
    assert (await visitor.post(path, **changed)).status_code == 303
    assert (await visitor.post(f"/admin/do/take_off?id={CARD}", reason="gone")).status_code == 303
    assert (await visitor.post(path, **{**changed, "wholesale": "91"})).status_code == 303
    item = await _item(console)
    assert (item.product.wholesale, item.is_on_sale) == (Money(9_100, "CNY"), False)
    assert (await visitor.post(f"/admin/do/put_on?id={CARD}", reason="back")).status_code == 303
    assert (await _item(console)).is_on_sale


async def _item(console: Console) -> Any:
    async with console.platform.store.peek_books() as books:
        return (await books.goods.find({CARD}))[CARD]


async def test_operators_are_made_and_shown_their_secrets_once(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.OWNER)
    form = {"name": "wei", "role": "support", "reason": "new"}
    answer = await visitor.post("/admin/do/add_operator", **form, one_time_code=visitor.code())
    assert answer.status_code == 200
    password = re.search(r'id="first_password">([^<]+)<', answer.text)
    assert password
    assert (await visitor.post("/admin/do/add_operator", **form)).status_code == 422  # the name is taken
    assert (await visitor.post("/admin/do/add_operator", **{**form, "name": "x" * 41})).status_code == 422
    operator = await _operator(console, "wei")
    path = f"/admin/do/change_operator?id={operator}"
    assert (await visitor.post(path, role="manager", leave="ACTIVE", reason="grows")).status_code == 303
    own = f"/admin/do/change_operator?id={await _operator(console, 'owner')}"
    assert (await visitor.post(own, role="auditor", leave="OFF", reason="x")).status_code == 422
    answer = await visitor.post(f"/admin/do/renew_operator?id={operator}", reason="lost it")
    assert answer.status_code == 200
    assert password.group(1) not in answer.text
    async with console.platform.store.peek_books() as books:
        kept = json.dumps([str(each) for each in await books.actions.latest(100)])
    assert "otpauth" not in kept
    assert password.group(1) not in kept


async def test_a_file_of_codes_is_tried_then_brought_and_nothing_of_it_shows(console: Console) -> None:
    visitor = await console.visitor(OperatorRole.MANAGER)
    path = f"/admin/do/import_codes?id={CARD}"
    lines = [f"NEWCARD{i:06d},SECRETPIN{i:05d}" for i in range(40)]
    text = "\n".join(["number,pin", *lines, lines[0], "ONLYNUMBER,", "N00000000001,CANARY00000001"])

    async def send(way: str, content: bytes, name: str = "../../e vil.csv", **other: str) -> httpx2.Response:
        token = re.search(r'name="csrftoken" value="([^"]+)"', (await visitor.get(path)).text)
        assert token
        form = {
            "csrftoken": token.group(1),
            "way": way,
            "supplier_batch": "B-7",
            "delivery": "INV-1",
            **other,
        }
        files = {"file": (name, content, "text/csv")}
        return await visitor.client.post(HOST + path, data=form, files=files, headers=visitor.headers)

    assert (await send("try", text.encode())).status_code == 422  # a fresh code is asked for
    tried = await send("try", text.encode(), one_time_code=visitor.code())
    assert "40" in tried.text
    assert (await _stock(console)) == 3
    done = await send("bring", text.encode())
    assert done.status_code == 200
    assert (await _stock(console)) == 43
    again = await send("bring", text.encode())
    assert (await _stock(console)) == 43
    for page in (tried.text, done.text, again.text, (await visitor.get("/admin/imports/list")).text):
        assert "SECRETPIN" not in page
        assert "NEWCARD" not in page
    assert (await send("bring", b"PK\x03\x04 no workbook", "a.xlsx")).status_code == 422
    assert (await send("bring", b"", "")).status_code == 422
    assert not left_in_memory()
    row = await console.first(Noun.IMPORTS)
    detail = (await visitor.get(f"/admin/imports/detail?pk={row}")).text
    assert "B-7" in detail
    assert ".." not in detail
    auditor = await console.visitor(OperatorRole.AUDITOR)
    assert (await auditor.get(path)).status_code == 403


def left_in_memory() -> list[Path]:
    """What the folder for uploads would leave, on systems that have a disk in memory."""
    return list(Path("/dev/shm").glob("pos-import-*"))


async def _stock(console: Console) -> int:
    return int((await _item(console)).stock)


async def test_a_claim_needs_proof_or_a_second_person_and_gives_its_money_back(console: Console) -> None:
    await _something_of_everything(console)
    visitor = await console.visitor(OperatorRole.MANAGER)
    second = await console.visitor(OperatorRole.OWNER, "second")
    weak = await console.visitor(OperatorRole.SUPPORT, "weak")
    row = await console.first(Noun.CLAIMS)
    asked = await weak.post(f"/admin/do/ask_supplier?id={row}", reason="asked by phone")
    assert asked.status_code == 303
    path = f"/admin/do/approve_claim?id={row}"
    form = {"gives": "refund", "reason": "tried it on the phone"}
    alone = await visitor.post(path, **form, one_time_code=visitor.code())
    assert alone.status_code == 422
    for name, who, password in (
        ("second", second, "wrong wrong wrong"),
        ("weak", weak, GOOD),
        ("nobody", second, GOOD),
        ("manager", visitor, GOOD),
    ):
        told = {"second_name": name, "second_password": password, "second_code": who.code()}
        answer = await visitor.post(path, **form, **told)
        assert answer.status_code == 422, name
        assert GOOD not in answer.text
    told = {"second_name": " Second", "second_password": GOOD, "second_code": second.code()}
    assert (await visitor.post(path, **form, **told)).status_code == 303
    assert (await visitor.get(path)).status_code == 409
    async with console.platform.store.peek_books() as books:
        claim = await books.claims.find(row)
        actions = [each.action for each in await books.actions.latest(4)]
        wallet = await books.wallets.find(await console.first(Noun.WALLETS))
    assert claim is not None
    assert claim.decision is not None
    assert (claim.decision.by, claim.decision.authoriser) == ("manager", "second")
    assert {"claim_approved", "card_voided"} <= {each.what for each in actions}
    assert wallet is not None
    assert wallet.balance.minor == 1_009_500
    assert "second" in (await visitor.get(f"/admin/claims/detail?pk={row}")).text


@pytest.mark.parametrize(("outcome", "state"), [("succeeded", "OK"), ("failed", "FAILED_FINAL")])
async def test_a_top_up_is_asked_about_and_decided(console: Console, outcome: str, state: str) -> None:
    await _something_of_everything(console)
    visitor = await console.visitor(OperatorRole.MANAGER)
    row = await console.first(Noun.TOP_UPS)
    assert (await visitor.post(f"/admin/do/ask_top_up?id={row}")).status_code == 303
    path = f"/admin/do/settle_top_up?id={row}"
    form = {"outcome": outcome, "reason": "the supplier says so"}
    assert (await visitor.post(path, **form)).status_code == 422
    assert (await visitor.post(path, **form, one_time_code=visitor.code())).status_code == 303
    assert (await visitor.get(path)).status_code == 409
    async with console.platform.store.peek_books() as books:
        told = await books.browse.one(Noun.TOP_UPS, row)
        wallet = await books.wallets.find(await console.first(Noun.SHOPS))
        (action,) = await books.actions.latest(1)
    assert told is not None
    assert told.cells["state"] == state
    assert wallet is not None
    assert wallet.balance.minor == 1_000_000 + (4_950 if outcome == "failed" else 0)
    assert (action.action.actor, action.action.what) == ("manager", "top_up_settled")


async def _operator(console: Console, name: str) -> str:
    async with console.platform.store.peek_books() as books:
        return str((await books.browse.page(Noun.OPERATORS, Wanted(text=name))).rows[0].id)


async def test_a_till_is_enrolled_anew_and_stopped(console: Console) -> None:
    await _something_of_everything(console)
    visitor = await console.visitor(OperatorRole.SUPPORT)
    till = await console.first(Noun.TILLS)
    shop = await console.first(Noun.SHOPS)
    code = visitor.code()
    answer = await visitor.post(f"/admin/do/enrol_till?id={shop}", till_name="Back", one_time_code=code)
    assert re.search(r'id="enrolment_code">K1\.', answer.text)
    answer = await visitor.post(f"/admin/do/renew_till?id={till}", reason="new machine")
    assert re.search(r'id="enrolment_code">K1\.', answer.text)
    assert (await visitor.post(f"/admin/do/revoke_till?id={till}", reason="stolen")).status_code == 303
    assert (await visitor.get(f"/admin/do/revoke_till?id={till}")).status_code == 409
    incident = await console.first(Noun.INCIDENTS)
    path = f"/admin/do/acknowledge_incident?id={incident}"
    assert (await visitor.post(path, reason="seen")).status_code == 303
    assert (await visitor.get("/admin/do/none")).status_code == 404
    assert (await visitor.get("/admin/do")).status_code == 404
    assert (await visitor.get("/admin/do/revoke_till?id=none")).status_code == 404


def test_both_languages_say_the_same_things() -> None:
    words = Words.of(WORDS)
    assert set(words.by_language["zh"]) == set(words.by_language["en"])
    for key in words.by_language["zh"]:
        facts = [set(re.findall(r"{(\w+)}", words.by_language[each][key])) for each in ("zh", "en")]
        assert facts[0] == facts[1], key
    for act in ACTS.values():
        for kind in ("act", "do", "why", "done", "what"):
            assert words.has("zh", f"{kind}.{act.key}"), f"{kind}.{act.key}"
        for each in act.all_fields:
            assert words.has("zh", f"field.{each.key}"), each.key
            assert all(words.has("zh", f"{each.key}.{choice}") for choice in each.choices), each.key
    for noun, page in PAGES.items():
        for kind in ("noun", "about", "search", "none"):
            assert words.has("zh", f"{kind}.{noun.value}"), f"{kind}.{noun.value}"
        assert all(words.has("zh", f"column.{column}") for column in page.columns), noun
        assert all(words.has("zh", f"state.{state}") for state in page.states), noun


def test_figures() -> None:
    assert figure(Money(1_234_567, "CNY")) == "12,345.67"
    assert figure(Money(1_234, "JPY")) == "1,234"
    assert money_text(Money(-5, "CNY")) == "-\u00a50.05"
    assert money_text(Money(5, "XAF")) == "XAF 0.05"
    assert read_money(" 1,250.5 ", "CNY") == Money(125_050, "CNY")
    assert read_money("12", "JPY") == Money(12, "JPY")
    for odd in ("", ".", "1.", "1.2.3", "1.5", "-1", "\u0663"):
        with pytest.raises(ValueError, match="amount"):
            read_money(odd, "JPY")
    with pytest.raises(ValueError, match="large"):
        read_money("9" * 13, "CNY")
    assert masked_account("13800138000") == "138****8000"
    assert masked_account("abc") == "a***"
    words = Words.of(WORDS)
    assert ago(START, START, words, "en") == "just now"
    clock = HandClock()
    clock.pass_by(minutes=5)
    assert ago(START, clock.at, words, "en") == "5 min ago"
    clock.pass_by(hours=1)
    assert ago(START, clock.at, words, "en") is None
