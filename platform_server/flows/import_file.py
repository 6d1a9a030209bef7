"""Brings a supplier's file into the vault: each code once, wherever the import was cut off and however often it comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from platform_server.domain.canonical import binding
from platform_server.domain.cards import Batch, VaultCard
from platform_server.domain.code_rows import FaultReason
from platform_server.domain.errors import Busy, Collided, KeyChanged
from platform_server.domain.fingerprints import Fingerprints
from platform_server.domain.imports import CodeImport, ImportFault
from platform_server.flows.read_codes import CodeSource, ImportOrder, JudgedRows, ReadCodes
from platform_server.flows.shut_cards import ids_for, new_batch, shut_cards
from platform_server.ports.books import OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids

_READING = "1"  # grows when the same file would be read into other rows: it is another import then
_TRIES = 3
Tell = Callable[[CodeImport], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How it stands at the end; `was_finished` if the file had come before: then nothing was added now."""

    done: CodeImport
    was_finished: bool = False


@dataclass(frozen=True, slots=True)
class ImportFile:
    """Each piece of the file is one commit with its cards, its faults and how far the file is settled."""

    open_books: OpenBooks
    read: ReadCodes
    vault: Vault
    clock: Clock
    ids: Ids

    async def __call__(self, order: ImportOrder, tell: Tell) -> ImportOutcome:
        """`tell` is called after each piece.

        Raises NotFound, BadRequest, and Busy if another program imports the same file just now.
        """
        source = await self.read.look(order)
        for _ in range(_TRIES - 1):
            try:
                return await self._run(source, tell)
            except KeyChanged:  # keys are being rotated: what is committed stays, and it goes on from there
                self.vault.learn()
        return await self._run(source, tell)

    async def _run(self, source: CodeSource, tell: Tell) -> ImportOutcome:
        async with self.open_books() as books:
            kept = await books.imports.begin(self._draft(source))
            batch = None if kept.batch_id is None else await books.cards.batch(kept.batch_id)
            await books.commit()
        if kept.finished_at is not None:
            return ImportOutcome(kept, was_finished=True)
        with closing(self.read.rows(source, kept.last_row)) as pieces:
            while (piece := await self.read.apart(lambda: next(pieces, None))) is not None:
                kept, batch = await self._bring(source, piece, kept, batch)
                await tell(kept)
        async with self.open_books() as books:
            await books.imports.finish(kept.id, self.clock.now())
            await books.commit()
        return ImportOutcome(replace(kept, finished_at=self.clock.now()))

    async def _bring(
        self, source: CodeSource, piece: JudgedRows, kept: CodeImport, batch: Batch | None
    ) -> tuple[CodeImport, Batch | None]:
        async with self.read.peek_books() as books:
            known = await books.cards.known([mark for _, (mark, _) in piece.cards])
        found = replace(piece, faults=(*piece.faults, *_doubles(piece, known, kept.batch_id)))
        fresh = [marked for _, marked in piece.cards if marked[0] not in known]
        cards: tuple[VaultCard, ...] = ()
        if fresh:
            home = batch or self._new_batch(source)
            card_ids = ids_for(home, len(fresh), self.ids)
            cards = await self.read.apart(lambda: shut_cards(self.vault, home, fresh, card_ids))
            batch = replace(home, count=len(fresh))
        for _ in range(_TRIES - 1):
            try:
                return await self._write(found, kept, batch, cards), batch
            except Collided:  # somebody else writes the same rows: nothing of this piece was written
                continue
        return await self._write(found, kept, batch, cards), batch

    async def _write(
        self, piece: JudgedRows, kept: CodeImport, batch: Batch | None, cards: Sequence[VaultCard]
    ) -> CodeImport:
        async with self.open_books() as books:
            lost = await books.cards.add([batch], cards) if batch and cards else set()
            faults = [*piece.faults, *_doubles(piece, dict.fromkeys(lost, ""), None)]
            added = sum(card.is_unit and card.fingerprint not in lost for card in cards)
            after = kept.moved_on(piece.last_row, added, faults)
            after = replace(after, batch_id=batch.key.batch_id if batch else None)
            if not await books.imports.advance(kept, after, faults):
                raise Busy("Another program is importing this file; let it finish.")
            await books.commit()
        return after

    def _new_batch(self, source: CodeSource) -> Batch:
        came, order = source.provenance, source.order
        return new_batch(source.product, order.supplier_batch, came, self.vault, self.clock, self.ids)

    def _draft(self, source: CodeSource) -> CodeImport:
        order = source.order
        reading = binding(_READING, order.product_id, order.separator or "", str(order.zone), *order.columns)
        return CodeImport(
            id=self.ids.new_id(),
            mark=self.vault.mark("import", source.form.digest + reading),
            product_id=order.product_id,
            file_name=source.form.name,
            supplier_batch=order.supplier_batch,
            by=order.by,
            began_at=self.clock.now(),
        )


@dataclass(frozen=True, slots=True)
class TryFile:
    """The dry run: what an import would bring, and why the rest would not come; nothing is written."""

    read: ReadCodes

    async def __call__(
        self, order: ImportOrder, tell: Callable[[CodeImport, tuple[ImportFault, ...]], Awaitable[None]]
    ) -> CodeImport:
        """`tell` gets each piece's faults too: nobody keeps them. Raises NotFound and BadRequest."""
        source = await self.read.look(order)
        seen = Fingerprints()
        done = CodeImport(
            "", "", order.product_id, source.form.name, order.supplier_batch, order.by, self.read.clock.now()
        )
        with closing(self.read.rows(source)) as pieces:
            while (piece := await self.read.apart(lambda: next(pieces, None))) is not None:
                async with self.read.peek_books() as books:
                    known = dict(await books.cards.known([mark for _, (mark, _) in piece.cards]))
                again = {mark: "" for _, (mark, _) in piece.cards if not seen.add(mark)}
                faults = [*piece.faults, *_doubles(piece, {**known, **again}, "")]
                done = done.moved_on(piece.last_row, len(piece.cards) - len({**known, **again}), faults)
                await tell(done, tuple(faults))
        return done


def _doubles(piece: JudgedRows, known: Mapping[str, str], mine: str | None) -> list[ImportFault]:
    """`known` says in which batch a code is: in `mine` it came earlier in the same file."""
    found = []
    for line, (mark, _) in piece.cards:
        if mark in known:
            is_mine = known[mark] == mine
            found.append(ImportFault(line, FaultReason.IN_FILE if is_mine else FaultReason.IN_VAULT))
    return found
