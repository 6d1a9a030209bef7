"""Builds what takes in the tills' ledgers, and what tells and proves the log over them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.flows.accept_ledger import AcceptLedger
from platform_server.flows.read_ledger import ReadLedger
from platform_server.flows.read_log import ProveEntry, ProveGrowth, TellLog
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock, Ids
from platform_server.routes.ledger import LedgerFlows
from platform_server.routes.signing import PLATFORM_KEYID
from platform_server.wire.documents import DocumentSigner, is_signed

_MOST_ENTRIES = 500  # docs/protocol.md 5: in one push, and in one page back


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Everything of this wing that can be done to an open platform."""

    open_books: OpenBooks
    peek_books: OpenBooks
    clock: Clock
    ids: Ids
    platform_key: Ed25519PrivateKey = field(repr=False)

    @property
    def doors(self) -> LedgerFlows:
        """What tills ask."""
        signer = DocumentSigner(PLATFORM_KEYID, self.platform_key)
        return LedgerFlows(
            accept=AcceptLedger(self.open_books, self.clock, self.ids, signer, is_signed),
            read=ReadLedger(self.peek_books, _MOST_ENTRIES),
            tell_log=TellLog(self.peek_books, self.clock, signer),
            prove_entry=ProveEntry(self.peek_books),
            prove_growth=ProveGrowth(self.peek_books),
            clock=self.clock,
        )
