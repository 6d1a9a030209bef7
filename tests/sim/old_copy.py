"""An old copy of a till's files is put back: who does it, how the till is freed, and what nobody can hold against it then."""

from __future__ import annotations

from contextlib import suppress

from pos_app.domain.errors import NoSuchSale, PosError
from tests.sim.fate import Fate
from tests.sim.people import Crew, Interrupted
from tests.sim.platform_side import ADDRESS, SimPlatform
from tests.sim.referee import Referee

MOST_TRIES = 60
_FORKED = "KEY_REUSED"  # said of a ledger that is not the one that the platform holds


class OldCopies:
    """Copies now and then, puts one back once; both while the program is closed."""

    def __init__(self, fate: Fate, platform: SimPlatform, referee: Referee) -> None:
        self.fate, self.platform, self.referee = fate, platform, referee

    def maybe(self, crew: Crew) -> None:
        if (
            not crew.till.copy.exists()
            and not crew.is_restored
            and self.fate.likely(self.fate.rates.get("copy", 0.0))
        ):
            crew.till.copy_files()
            crew.copied_at = self.fate.at
            crew.start_again()
        elif crew.till.copy.exists() and self.fate.strikes("till: old copy put back"):
            self._put_back(crew)
        if self.must_begin_anew(crew):
            self.begin_anew(crew)

    def _put_back(self, crew: Crew) -> None:
        crew.till.put_copy_back()
        crew.is_restored = True
        crew.till.start()
        self._forget(crew)
        crew.start_again()
        if self.must_begin_anew(crew):
            self.fate.reached["R16 an old copy is locked"] += 1

    def must_begin_anew(self, crew: Crew) -> bool:
        """Locked by its anchor, or told by the platform that its ledger is another one."""
        with crew.till.books.open_to_read() as books:
            refusal = books.ledger.refusal()
            return books.till.rolled_back() is not None or (refusal is not None and refusal.code == _FORKED)

    def begin_anew(self, crew: Crew) -> None:
        """The owner asks the platform for a code and types it in, as often as it takes."""
        code = ""
        for _ in range(MOST_TRIES):
            self.fate.passes(20)
            if not self.platform.is_reachable():
                continue
            code = code if self.fate.likely(0.5) and code else self._code(crew)
            with suppress(PosError, Interrupted):
                crew.do("wire", crew.shop.begin_anew, code, f"T{crew.number + 1}")
            if not self.must_begin_anew(crew):
                self.fate.reached["R16 a new epoch"] += 1
                return

    def _code(self, crew: Crew) -> str:
        name = f"T{crew.number + 1}"
        made: str = self.platform.ask(
            self.platform.platform.enrolment_code(ADDRESS, name, f"T{crew.number + 1}")
        )
        return made

    def _forget(self, crew: Crew) -> None:
        """What a screen said since the copy was made, and the customers of that time: these books know nothing of them."""
        for purchase in self.referee.purchases:
            purchase.is_out_of_sight |= purchase.till == crew.number and purchase.touched_at >= crew.copied_at
        for key in [key for key in self.referee.told if key[0] == crew.number]:
            try:
                sale = crew.sale(key[1])
            except NoSuchSale:
                del self.referee.told[key]
                continue
            facts = self.referee.told[key]
            if sale.receipt_number != facts.get("paid") or sale.is_open:
                del self.referee.told[key]
