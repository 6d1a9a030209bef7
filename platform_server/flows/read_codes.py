"""Reads a supplier's file and judges its rows; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from platform_server.domain.code_rows import (
    ExpiryRule,
    FaultReason,
    Layout,
    header_layout,
    is_header,
    judge,
    named_layout,
    needed_columns,
    usual_layout,
)
from platform_server.domain.errors import BadRequest
from platform_server.domain.goods import CardSecret, Payload, Product, Provenance
from platform_server.domain.imports import ImportFault
from platform_server.flows.import_codes import code_product
from platform_server.flows.keep_suppliers import check_suppliers
from platform_server.flows.shut_cards import Marked
from platform_server.ports.books import OpenBooks
from platform_server.ports.code_files import CodeFiles, FileForm, FileRow
from platform_server.ports.world import Apart, Clock


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What an operator asks for; empty `columns` and no `separator` are found out, `zone` is that of the dates.

    `reference` is that of the invoice or delivery note. No supplier is the product's, no `received_at` is now.
    """

    path: str
    product_id: str
    by: str
    zone: tzinfo
    supplier_batch: str
    reference: str
    supplier_id: str | None = None
    received_at: datetime | None = None
    columns: tuple[str, ...] = ()
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedRows:
    """Some rows in order: `last_row` is the line of the last one, `cards` have theirs too."""

    last_row: int
    cards: tuple[tuple[int, Marked], ...]
    faults: tuple[ImportFault, ...]


@dataclass(frozen=True, slots=True)
class CodeSource:
    """A file that was found to be readable, for a product that has codes; `has_header` if its first row is none."""

    order: ImportOrder
    product: Product
    form: FileForm
    layout: Layout
    has_header: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """`fingerprint` is the vault's, `at_once` how many rows are judged in one go."""

    peek_books: OpenBooks
    files: CodeFiles
    fingerprint: Callable[[CardSecret], str]
    clock: Clock
    apart: Apart
    at_once: int

    async def look(self, order: ImportOrder) -> CodeSource:
        """Raises NotFound for a product without codes, BadRequest for a file or columns that cannot be read.

        Also Forbidden for a supplier without a valid authorisation.
        """
        now = self.clock.now()
        async with self.peek_books() as books:
            items = await books.goods.find({order.product_id})
            product, payload = code_product(items, order.product_id)
            if product.card_kind == "kit" or payload is Payload.IMAGE:
                raise BadRequest.at(
                    "product", "kits and pictures do not come in rows; bring them with goods codes"
                )
            supplier_id = order.supplier_id or product.supplier_id
            await check_suppliers(books, {supplier_id}, now.date())
        if not order.supplier_batch.strip() or not order.reference.strip():
            raise BadRequest.at(
                "batch", "names the supplier's batch and the invoice or delivery note it came with"
            )
        came = Provenance(supplier_id, order.reference, order.received_at or now)
        return await self.apart(lambda: self._open(order, product, payload, came))

    def rows(self, source: CodeSource, after: int = 0) -> Generator[JudgedRows, None, None]:
        """What comes after a line, judged piece by piece: ask for each piece apart, for it takes its time."""
        rows = self._rows(source.form, source.order, source.layout.payload)
        if source.has_header:
            next(rows, None)
        rule = ExpiryRule(self.clock.now(), source.order.zone)
        left = (row for row in rows if row.line > after)
        while piece := list(islice(left, self.at_once)):
            yield self._judge(piece, source.layout, rule)

    def _open(
        self, order: ImportOrder, product: Product, payload: Payload, provenance: Provenance
    ) -> CodeSource:
        form = self.files.look(order.path)
        first = next(self._rows(form, order, payload), None)
        has_header = first is not None and is_header(first.cells)
        if order.columns:
            layout = named_layout(payload, order.columns)
        elif first is not None and has_header:
            layout = header_layout(payload, first.cells)
        else:
            layout = usual_layout(payload)
        return CodeSource(order, product, form, layout, has_header, provenance)

    def _rows(self, form: FileForm, order: ImportOrder, payload: Payload) -> Iterator[FileRow]:
        return self.files.rows(form, order.separator, len(needed_columns(payload)))

    def _judge(self, rows: Sequence[FileRow], layout: Layout, rule: ExpiryRule) -> JudgedRows:
        cards: dict[str, tuple[int, Marked]] = {}
        faults = []
        for row in rows:
            found = judge(row.cells, layout, rule)
            if isinstance(found, FaultReason):
                faults.append(ImportFault(row.line, found))
                continue
            mark = self.fingerprint(found)
            if mark in cards:
                faults.append(ImportFault(row.line, FaultReason.IN_FILE))
            else:
                cards[mark] = (row.line, (mark, found))
        return JudgedRows(rows[-1].line, tuple(cards.values()), tuple(faults))
