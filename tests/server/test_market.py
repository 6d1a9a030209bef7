"""The sample market is a believable assortment, and the same one for the same seed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from platform_server.domain.goods import CardSecret, CodeLotDraft, Names, Payload, ProductKind
from platform_server.domain.market import Market, make_market
from platform_server.domain.market.assortment import articles
from platform_server.domain.market.code_formats import CLEAR_LETTERS, DIGITS, CodeFormat, check_character
from platform_server.domain.market.ean13 import check_digit, in_store_barcode
from platform_server.domain.market.lots import LOT_SIZE
from platform_server.domain.market.sample import brands, more_brands, terms
from platform_server.domain.market.sample.ranges import CATEGORIES
from platform_server.domain.market.stock import FEW, is_low, is_sold_out, spread

FORMATS = [
    form
    for each in vars(terms).values()
    if isinstance(each, terms.Terms)
    for form in (each.number, each.pin)
    if form is not None
]


@pytest.fixture(scope="module")
def market() -> Market:
    return make_market(seed=1)


@pytest.fixture(scope="module")
def lots(market: Market) -> list[CodeLotDraft]:
    return list(market.lots)


@pytest.fixture(scope="module")
def largest() -> Market:
    return make_market(seed=1, products=100_000, codes=1_000_000)


def test_the_market_is_wide_enough(market: Market) -> None:
    assert len(market.products) >= 400
    assert len({product.brand.id for product in market.products}) >= 40
    assert [category.id for category in CATEGORIES] == [
        "games",
        "phone",
        "video-music",
        "shopping-gift",
        "fuel",
        "software",
        "virtual-items",
    ]
    counts = Counter(product.category for product in market.products)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 30
    assert {product.kind for product in market.products} == set(ProductKind)
    assert {product.payload for product in market.products} == {
        Payload.NUMBER_PIN,
        Payload.PIN,
        Payload.LINK,
        None,
    }


def test_the_standard_market_holds_only_written_brands(market: Market) -> None:
    written = {offer.brand.id for offer in brands.brand_ranges()}
    assert {product.brand.id for product in market.products} == written
    assert not written & {offer.brand.id for offer in more_brands.more_ranges()}


def test_a_handful_of_products_already_shows_every_category() -> None:
    few = make_market(seed=1, products=7, codes=0).products
    assert [product.category for product in few] == list(CATEGORIES)


@pytest.mark.parametrize("which", ["market", "largest"])
def test_nothing_is_there_twice(which: str, request: pytest.FixtureRequest) -> None:
    products = request.getfixturevalue(which).products
    for what in (
        {product.id for product in products},
        {product.barcode for product in products},
        {(product.names.zh, product.face.minor) for product in products},
        {(product.names.en, product.face.minor) for product in products},
    ):
        assert len(what) == len(products)
    names_of_brand = {product.brand.id: product.brand.names for product in products}
    for chosen in ("zh", "en"):
        assert len({getattr(names, chosen) for names in names_of_brand.values()}) == len(names_of_brand)


def test_barcodes_are_in_store_ean13(largest: Market) -> None:
    for product in largest.products:
        assert product.barcode is not None
        assert re.fullmatch(r"2[0-9]{12}", product.barcode)
        digits = [int(digit) for digit in product.barcode]
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_the_check_digit_is_the_published_one() -> None:
    # GS1 General Specifications 7.9.1 calculates this digit over 629104150021
    assert check_digit("629104150021") == "3"


@pytest.mark.parametrize(("shelf", "number"), [(-1, 0), (10, 0), (0, -1), (0, 10**10)])
def test_a_barcode_outside_the_shelves_is_refused(shelf: int, number: int) -> None:
    with pytest.raises(ValueError, match="one digit"):
        in_store_barcode(shelf, number)


def test_ids_are_uuid7_and_sort_in_the_order_of_the_market(largest: Market) -> None:
    ids = [product.id for product in largest.products]
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(pattern.fullmatch(each) for each in ids)
    assert ids == sorted(ids)


def test_prices_are_in_order(largest: Market) -> None:
    for product in largest.products:
        face, wholesale, retail = product.face.minor, product.wholesale.minor, product.suggested_retail.minor
        assert 0.92 * face - 1 <= wholesale <= 0.995 * face, product
        assert wholesale <= retail <= 1.05 * face, product
        assert retail % 10 == 0
        assert {product.face.currency, product.wholesale.currency, product.suggested_retail.currency} == {
            "CNY"
        }


def test_phone_top_ups_are_those_of_the_carriers(market: Market) -> None:
    faces: dict[str, set[int]] = {}
    for product in market.products:
        if product.fields and product.fields[0].validator == "phone_cn":
            assert product.category.id == "phone"
            assert [field.key for field in product.fields] == ["phone"]
            faces.setdefault(product.brand.id, set()).add(product.face.minor // 100)
    assert set(faces) == {"mobile", "unicom", "telecom", "broadnet"}
    assert all(each == {10, 20, 30, 50, 100, 200, 300, 500} for each in faces.values())


def test_a_top_up_asks_for_an_account_and_never_for_a_secret(largest: Market) -> None:
    for product in largest.products:
        if product.kind is ProductKind.CODE:
            assert product.fields == ()
            continue
        assert product.qr is None
        assert not product.leasable
        assert (product.limits.min, product.limits.max) == (1, 1)
        assert product.fields[0].key in ("phone", "account")
        assert product.fields[0].validator is not None
    words = " ".join(
        text
        for field in {field for product in largest.products for field in product.fields}
        for text in (field.key, field.kind, field.label.en, field.label.zh)
    )
    assert not re.search("pass|secret|pin\\b|密|口令", words, re.IGNORECASE)


def test_every_word_is_there_in_both_languages(largest: Market) -> None:
    spoken: set[Names] = set()
    for product in largest.products:
        spoken |= {product.names, product.instructions, product.brand.names, product.category.names}
        for field in product.fields:
            spoken |= {field.label, *(option.label for option in field.options)}
    for names in spoken:
        assert re.search("[\u4e00-\u9fff]", names.zh), names
        assert names.en.isascii(), names
        assert names.en.strip() == names.en, names
        assert names.en, names


def test_redeem_links_lead_nowhere_real_and_hold_what_the_card_has(largest: Market) -> None:
    links = {product.qr: product for product in largest.products}
    assert None in links
    for link, product in links.items():
        if link is None:
            continue
        assert re.match(r"https://redeem\.example/[a-z-]+\?", link)
        assert "{pin}" in link
        assert ("{number}" in link) == (product.payload is Payload.NUMBER_PIN)


def test_risk_grows_with_the_face_and_the_risky_is_not_leased(market: Market) -> None:
    for product in market.products:
        assert (product.risk_class == "high") == (product.face.minor >= 50_000)
        assert not (product.leasable and product.risk_class == "high")
    assert {product.risk_class for product in market.products} == {"low", "normal", "high"}
    assert {product.return_rule for product in market.products} == {"never", "unused_proven"}
    assert any(product.validity_days for product in market.products)
    assert any(product.limits.step > 1 for product in market.products)


def test_the_same_seed_makes_the_same_market(market: Market, lots: list[CodeLotDraft]) -> None:
    again = make_market(seed=1)
    assert again.products == market.products
    assert list(again.lots) == lots
    assert list(market.lots) == lots


def test_another_seed_makes_other_codes_and_ids_for_the_same_goods(
    market: Market, lots: list[CodeLotDraft]
) -> None:
    other = make_market(seed=2)
    assert [product.names for product in other.products] == [product.names for product in market.products]
    assert [product.barcode for product in other.products] == [product.barcode for product in market.products]
    assert not {product.id for product in other.products} & {product.id for product in market.products}
    assert not secrets(list(other.lots)) & secrets(lots)


def test_a_larger_market_begins_with_the_smaller_one(market: Market, largest: Market) -> None:
    assert largest.products[: len(market.products)] == market.products


def test_codes_are_as_many_as_asked_and_all_different(lots: list[CodeLotDraft]) -> None:
    cards = [card for lot in lots for card in lot.cards]
    assert len(cards) == 20_000
    texts = [text for card in cards for text in (card.number, card.pin, card.link) if text]
    assert len(texts) == len(set(texts))


def test_cards_hold_what_their_product_says(market: Market, lots: list[CodeLotDraft]) -> None:
    products = {product.id: product for product in market.products}
    for lot in lots:
        product = products[lot.product_id]
        for card in lot.cards:
            assert held(card) == product.payload, product
            assert card.image is None
            assert card.expires_at is None
            if card.link:
                assert re.fullmatch(rf"https://redeem\.example/{product.brand.id}/[2-9A-Z]{{22}}", card.link)


def test_lots_are_small_and_have_a_batch_of_their_own(lots: list[CodeLotDraft]) -> None:
    assert max(len(lot.cards) for lot in lots) == LOT_SIZE
    assert len({lot.supplier_batch for lot in lots}) == len(lots)


def test_popular_goods_have_many_codes_few_have_few_and_some_none(
    market: Market, lots: list[CodeLotDraft]
) -> None:
    held_by: Counter[str] = Counter()
    for lot in lots:
        held_by[lot.product_id] += len(lot.cards)
    stock = [held_by[product.id] for product in market.products if product.kind is ProductKind.CODE]
    sold_out = [place for place, count in enumerate(stock) if count == 0]
    assert sold_out == [place for place in range(len(stock)) if is_sold_out(place)]
    assert 3 <= len(sold_out) <= 20
    assert 3 <= stock.count(FEW) <= 30
    assert min(count for count in stock if count) == FEW
    assert stock[0] == max(stock)


@pytest.mark.parametrize(
    ("codes", "products"), [(0, 5), (1, 5), (14, 5), (15, 5), (1_000, 100), (999_983, 93)]
)
def test_the_spread_adds_up(codes: int, products: int) -> None:
    counts = spread(codes, products)
    assert sum(counts) == codes
    assert min(counts) >= 0
    served = [count for place, count in enumerate(counts) if not is_sold_out(place)]
    assert min(served) >= min(FEW, codes // len(served))
    assert all(count <= FEW for place, count in enumerate(counts) if is_low(place))


def test_nothing_to_serve_gets_nothing() -> None:
    assert spread(10, 0) == []


def test_with_a_day_of_delivery_cards_expire_as_their_product_says() -> None:
    delivered_at = datetime(2026, 11, 22, tzinfo=UTC)
    dated = make_market(seed=1, products=60, codes=300, delivered_at=delivered_at)
    products = {product.id: product for product in dated.products}
    seen = set()
    for lot in dated.lots:
        days = products[lot.product_id].validity_days
        expected = None if days is None else delivered_at + timedelta(days=days)
        assert {card.expires_at for card in lot.cards} == {expected}
        seen.add(days)
    assert None in seen
    assert len(seen) > 1


def test_a_million_codes_are_made_only_when_read(largest: Market) -> None:
    first = list(islice(largest.lots, 3))
    assert [len(lot.cards) for lot in first] == [LOT_SIZE] * 3
    assert not isinstance(largest.lots, tuple | list)


def test_no_two_formats_are_equally_long() -> None:
    lengths = {form: len(form.write(0)) for form in FORMATS}
    assert len(set(lengths.values())) == len(lengths)
    for form in FORMATS:
        assert len(form.write(form.capacity - 1)) == lengths[form]
        assert form.capacity >= 1 << 32  # room for a serial, or codes would meet


def test_formats_write_what_is_read_without_doubt() -> None:
    assert not set(CLEAR_LETTERS) & set("0O1ILU")
    grouped = CodeFormat(CLEAR_LETTERS, 6, group=3)
    assert grouped.write(0) == "222-222"
    assert grouped.write(1) != grouped.write(30)


@pytest.mark.parametrize("alphabet", [DIGITS, CLEAR_LETTERS])
def test_the_check_character_catches_every_single_slip(alphabet: str) -> None:
    text = alphabet[3:9]
    right = check_character(text, alphabet)
    for place, letter in enumerate(text):
        for slip in set(alphabet) - {letter}:
            assert check_character(text[:place] + slip + text[place + 1 :], alphabet) != right


def test_the_check_over_digits_is_luhn() -> None:
    # 79927398713 is the number that the literature on Luhn's check works out
    assert check_character("7992739871", DIGITS) == "3"


@pytest.mark.parametrize(("products", "codes"), [(0, 0), (-1, 0), (100_001, 0), (1, -1), (1, 1 << 32)])
def test_a_market_that_cannot_be_made_is_refused(products: int, codes: int) -> None:
    with pytest.raises(ValueError, match="a market has"):
        make_market(seed=1, products=products, codes=codes)


def test_more_than_can_be_invented_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        articles(10**6)


@pytest.mark.parametrize("products", [1, 2, 25])
def test_a_small_market_still_gives_out_every_code(products: int) -> None:
    small = make_market(seed=1, products=products, codes=1_001)
    assert sum(len(lot.cards) for lot in small.lots) == 1_001


def held(card: CardSecret) -> Payload:
    if card.link:
        assert (card.number, card.pin) == (None, None)
        return Payload.LINK
    assert card.pin
    return Payload.NUMBER_PIN if card.number else Payload.PIN


def secrets(lots: list[CodeLotDraft]) -> set[str]:
    return {text for lot in lots for card in lot.cards for text in (card.number, card.pin, card.link) if text}
