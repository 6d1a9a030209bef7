"""What every kind of books promises of the catalogue: pages, barcodes, words and ranking."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.catalogue import Brand, CataloguePage, CatalogueState, Category, Names, Product
from pos_app.domain.money import Money
from tests.fakes.till_goods import GAMES, PHONE, code_product, top_up_product
from tests.store.till_world import NOON, World, begun, named, paid

GALAXY = Brand("galaxy", Names("星河", "Galaxy"))
TENCENT = Brand("tx", Names("腾讯", "Tencent"))
SHELF = (
    named(1, "星河 点券 100", "Galaxy Points 100", brand=GALAXY, face=Money(10_000)),
    named(2, "星河 点券 50", "Galaxy Points 50", brand=GALAXY, face=Money(5_000)),
    named(3, "腾讯Q币 30元", "Tencent Q Coins 30", brand=TENCENT, face=Money(3_000)),
    named(4, "重庆加油卡 1000", "Fuel Card 1000", brand=TENCENT, face=Money(100_000)),
    named(5, "河南话费礼包", "Gift of Talk 49.90", brand=GALAXY, face=Money(4_990), category=PHONE),
    replace(top_up_product(6), names=Names("移动话费 50 元", "Mobile top-up 50")),
)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("星河", [1, 2, 5]),
        ("河", [5, 1, 2]),
        ("话费", [5, 6]),
        ("hf", [5, 6]),
        ("xh", [1, 2, 5]),
        ("xh 100", [1]),
        ("xh100", [1]),
        ("星河100", [1]),
        ("100", [1, 4]),
        ("dq", [1, 2]),
        ("h", [5, 1, 2, 6]),
        ("xinghe", [1, 2, 5]),
        ("xinghedianquan", [1, 2]),
        ("dianquan", [1, 2]),
        ("cq", [4]),
        ("galaxy 50", [2]),
        ("GALA", [1, 2, 5]),
        ("coins", [3]),
        ("q币", [3]),
        ("txqb", [3]),
        ("１００", [1, 4]),
        ("49.90", [5]),
        ("讯币", []),
        ("%", []),
        ("'", []),
        ('"', []),
        ("* OR", []),
        ("galaxy NOT points", []),
        ("zh:星河", []),
        ("^", []),
        ("(", []),
        ("x" * 500, []),
        ("星" * 500, []),
    ],
)
def test_words_find_products(world: World, words: str, numbers: list[int]) -> None:
    world.stock(*SHELF)
    found = world.read(lambda books: books.catalogue.find(words, None, 50))
    assert [int(product.id.rpartition("-")[2]) for product in found] == numbers


def test_nothing_typed_is_the_shelf_by_how_often_it_sells(world: World) -> None:
    world.stock(*SHELF)
    assert world.read(lambda books: books.catalogue.find(" ", None, 50)) == SHELF
    world.put(paid(begun((SHELF[2], 1), (SHELF[1], 2)), "T1-000001"))
    assert world.read(lambda books: books.catalogue.find("", None, 3)) == (SHELF[1], SHELF[2], SHELF[0])
    assert world.read(lambda books: books.catalogue.find("", PHONE.id, 3)) == SHELF[4:]
    assert world.read(lambda books: books.catalogue.find("", "none", 3)) == ()
    assert world.read(lambda books: books.catalogue.find("", None, 0)) == ()


def test_what_sells_here_stands_before_what_does_not_and_sold_out_last(world: World) -> None:
    many = [named(number, f"星河 {number}", f"Galaxy {number}", brand=GALAXY) for number in range(1, 41)]
    many[0] = replace(many[0], stock=0)
    world.stock(*many)
    assert world.read(lambda books: books.catalogue.find("星河", None, 50))[-1] == many[0]
    world.put(paid(begun((many[30], 3), (many[35], 5)), "T1-000001"))
    for words in ("星河", "xh", "galaxy", "h", "河", "g"):
        found = world.read(lambda books, words=words: books.catalogue.find(words, None, 5))  # type: ignore[misc]
        assert found[:2] == (many[35], many[30]), words
        assert len(set(found)) == 5
    assert world.read(lambda books: books.catalogue.find("星河", GAMES.id, 1)) == (many[35],)
    assert world.read(lambda books: books.catalogue.find("星河", PHONE.id, 5)) == ()


def test_a_name_that_begins_so_stands_before_what_sells(world: World) -> None:
    many = [named(number, f"充值 河 {number}", f"Top {number}", brand=GALAXY) for number in range(1, 20)]
    begins = named(50, "河马卡", "Hippo Card")
    world.stock(*many, begins)
    world.put(paid(begun((many[3], 9)), "T1-000001"))
    for most in (3, 50):
        found = world.read(lambda books, most=most: books.catalogue.find("河", None, most))  # type: ignore[misc]
        assert found[:2] == (begins, many[3])


def test_barcodes_are_exact(world: World) -> None:
    world.stock(*SHELF)
    barcode = SHELF[0].barcode
    assert barcode is not None
    assert world.read(lambda books: books.catalogue.by_barcode(barcode)) == SHELF[0]
    for wrong in (barcode[:-1], barcode[1:], f"{barcode}0", "", "%", f" {barcode}"):
        assert world.read(lambda books, wrong=wrong: books.catalogue.by_barcode(wrong)) is None  # type: ignore[misc]


def test_top_ups_of_a_carrier_by_face_value(world: World) -> None:
    unicom = Brand("china-unicom", Names("中国联通", "China Unicom"))
    big, small = top_up_product(1, face=10_000), top_up_product(2, face=3_000)
    other = replace(top_up_product(3, face=2_000), brand=unicom)
    world.stock(big, small, other, code_product(4))

    def offers(carrier: str | None, most: int = 9) -> tuple[Product, ...]:
        found: tuple[Product, ...] = world.read(
            lambda books: books.catalogue.top_ups_for_phone(carrier, most)
        )
        return found

    assert offers("mobile") == (small, big)
    assert offers("unicom") == (other,)
    assert offers(None) == (other, small, big)
    assert offers(None, 1) == (other,)
    assert offers("broadnet") == ()


def test_a_full_sync_takes_away_what_it_did_not_name(world: World) -> None:
    assert world.read(lambda books: books.catalogue.state()) == CatalogueState(0, 0, None, None)
    world.stock(*SHELF)
    late = NOON + timedelta(hours=1)
    first, second = SHELF[:2], SHELF[2:4]
    world.write(lambda books: books.catalogue.apply(CataloguePage(first, (), "p1", False, 4), late, True))
    assert world.read(lambda books: books.catalogue.state()) == CatalogueState(6, 4, "p1", NOON)
    world.write(lambda books: books.catalogue.put_product(SHELF[4]))
    world.write(lambda books: books.catalogue.apply(CataloguePage(second, (), "p2", True, 4), late, True))
    assert world.read(lambda books: books.catalogue.state()) == CatalogueState(4, 4, "p2", late)
    assert world.read(lambda books: books.catalogue.find("", None, 50)) == SHELF[:4]
    assert world.read(lambda books: books.catalogue.find("话费", None, 50)) == ()
    assert world.read(lambda books: books.catalogue.product(SHELF[5].id)) is None
    assert world.read(lambda books: books.catalogue.categories()) == (GAMES,)


def test_a_full_sync_that_was_begun_anew_forgets_what_it_named_before(world: World) -> None:
    world.write(lambda books: books.catalogue.apply(CataloguePage(SHELF[:3], (), "p1", False, 3), NOON, True))
    world.write(lambda books: books.catalogue.apply(CataloguePage(SHELF[:1], (), "p1", False, 2), NOON, True))
    world.write(lambda books: books.catalogue.apply(CataloguePage(SHELF[4:5], (), "p2", True, 2), NOON, True))
    assert world.read(lambda books: books.catalogue.find("", None, 50)) == (SHELF[0], SHELF[4])


def test_a_delta_changes_what_it_names_and_nothing_else(world: World) -> None:
    world.stock(*SHELF)
    world.put(paid(begun((SHELF[0], 1)), "T1-000001"))
    moved = replace(
        SHELF[0],
        names=Names("月河 点券 100", "Lunar Points 100"),
        category=Category("moon", Names("月", "Moon")),
        price=Money(9_900),
    )
    cheaper = replace(SHELF[1], price=Money(4_900), stock=3)
    new = named(9, "新品", "Brand new")
    page = CataloguePage((moved, cheaper, new), (SHELF[2].id, "unknown"), "c2", True, 6)
    world.write(lambda books: books.catalogue.apply(page, NOON, False))

    def found(words: str) -> list[Product]:
        return list(world.read(lambda books: books.catalogue.find(words, None, 50)))

    assert found("yuehe") == found("lunar") == [moved]
    assert found("月河") == [moved]
    assert found("xhdq") == [cheaper]
    assert found("xp") == [new]
    assert found("coins") == []
    assert world.read(lambda books: books.catalogue.product(SHELF[1].id)) == cheaper
    assert moved.category in world.read(lambda books: books.catalogue.categories())


def test_a_product_that_comes_back_is_still_often_sold(world: World) -> None:
    world.stock(*SHELF)
    world.put(paid(begun((SHELF[1], 7)), "T1-000001"))
    world.stock(*SHELF[2:])
    world.stock(*SHELF)
    found = world.read(lambda books: books.catalogue.find("xh", None, 1))
    assert found == (SHELF[1],)
