"""Makes the card codes lot by lot while they are asked for, so that a million of them never lie in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from platform_server.domain.goods import CardSecret, CodeLotDraft, Payload
from platform_server.domain.market.code_formats import CodeSource
from platform_server.domain.market.sample.supplier import provenance
from platform_server.domain.market.sample.terms import Terms

LOT_SIZE = 500


@dataclass(frozen=True, slots=True)
class Supply:
    """How many cards of one product the market holds."""

    product_id: str
    brand_id: str
    article: int
    terms: Terms
    cards: int


@dataclass(frozen=True)
class Lots:
    """All lots of the market; may be walked through again and again and gives the same lots each time."""

    seed: int
    supplies: Sequence[Supply]
    delivered_at: datetime | None

    def __iter__(self) -> Iterator[CodeLotDraft]:
        press = _Press(CodeSource(self.seed, "number"), CodeSource(self.seed, "pin"), self.delivered_at)
        serial = 0
        for supply in self.supplies:
            for lot, start in enumerate(range(0, supply.cards, LOT_SIZE), start=1):
                size = min(LOT_SIZE, supply.cards - start)
                cards = tuple(press.card(supply, serial + place) for place in range(size))
                serial += size
                batch = f"{supply.brand_id}-{supply.article:06d}-{lot:03d}".upper()
                yield CodeLotDraft(supply.product_id, batch, cards, provenance(batch))


@dataclass(frozen=True)
class _Press:
    numbers: CodeSource
    pins: CodeSource
    delivered_at: datetime | None

    def card(self, supply: Supply, serial: int) -> CardSecret:
        terms = supply.terms
        number = self.numbers.code(terms.number, serial) if terms.number else None
        pin = self.pins.code(terms.pin, serial) if terms.pin else None
        if terms.payload is Payload.LINK:
            link = f"https://redeem.example/{supply.brand_id}/{pin}"
            return CardSecret(link=link, expires_at=self._expiry(terms))
        return CardSecret(number=number, pin=pin, expires_at=self._expiry(terms))

    def _expiry(self, terms: Terms) -> datetime | None:
        if self.delivered_at is None or terms.validity_days is None:
            return None
        return self.delivered_at + timedelta(days=terms.validity_days)
