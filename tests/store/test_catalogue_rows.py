"""What the file keeps of the catalogue: shared texts once, unchanged pages untouched, the index in one piece."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pos_app.domain.catalogue import CataloguePage, Names, Product
from pos_app.domain.money import Money
from pos_app.store.product_rows import ProductPacker
from tests.fakes.till_goods import code_product, top_up_product
from tests.store.till_world import NOON, World, open_file


def test_equal_products_have_equal_digests_and_any_change_another() -> None:
    product = top_up_product(1)
    changed = (
        replace(product, id="other"),
        replace(product, barcode="4006381333931"),
        replace(product, names=Names("新", "New")),
        replace(product, price=Money(1)),
        replace(product, price=replace(product.price, currency="USD")),
        replace(product, stock=0),
        replace(product, fields=()),
        replace(product, instructions=Names("新", "New")),
        replace(product, version=product.version + 1),
    )
    pack = ProductPacker()
    assert ProductPacker()(product) == pack(replace(product))
    assert len({pack(each).digest for each in (product, *changed)}) == len(changed) + 1


def test_shared_texts_lie_once_and_go_with_the_last_product(tmp_path: Path) -> None:
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    world.stock(*(code_product(number) for number in range(1, 9)), top_up_product(9))
    assert _count(world, "product_traits") == 2
    world.stock(code_product(1))
    assert [_count(world, name) for name in ("product_traits", "product_marks", "products")] == [1, 1, 1]
    assert world.read(lambda opened: opened.catalogue.product(code_product(1).id)) == code_product(1)
    books.close()


def test_an_unchanged_page_writes_no_product(tmp_path: Path) -> None:
    books = open_file(tmp_path)
    goods: tuple[Product, ...] = tuple(code_product(number) for number in range(1, 9))

    def put(opened: Any) -> int:
        before = opened._connection.run("SELECT total_changes()").scalar()
        opened.catalogue.apply(CataloguePage(goods, (), "c", True, len(goods)), NOON, False)
        return int(opened._connection.run("SELECT total_changes()").scalar() - before)

    world = World(books.open_books, books.open_to_read)
    assert world.write(put) > len(goods)
    assert world.write(put) == 1  # where the sync stands
    books.close()


def test_a_first_full_sync_leaves_the_index_in_one_piece(tmp_path: Path) -> None:
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    for number in range(1, 7):
        page = CataloguePage((code_product(number),), (), str(number), number == 6, 6)
        world.write(lambda opened, page=page: opened.catalogue.apply(page, NOON, True))  # type: ignore[misc]
    assert _count(world, "(SELECT DISTINCT segid FROM product_index_idx)") == 1
    books.close()


def _count(world: World, table: str) -> int:
    asked = f"SELECT count(*) FROM {table}"
    return int(world.read(lambda opened: opened._connection.run(asked).scalar()))
