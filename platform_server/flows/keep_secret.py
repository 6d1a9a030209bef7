"""Refuses words that show a code: people type what does not work, and nothing that is kept may hold it (I20)."""

from __future__ import annotations

from collections.abc import Iterable

from platform_server.domain.cards import BoxedCard, shows_code
from platform_server.domain.errors import BadRequest
from platform_server.ports.vault import Vault


def check_words(vault: Vault, cards: Iterable[BoxedCard], where: str, *texts: str) -> None:
    """Raises BadRequest at `where` if a text holds the code of one of the cards, in whatever spelling."""
    for card in cards:
        secret = vault.open(card.batch_key, card.label, card.box)
        if any(shows_code(text, secret) for text in texts):
            raise BadRequest.at(where, "shows a code; leave it out, the platform knows it")
