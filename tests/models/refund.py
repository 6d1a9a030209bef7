"""Money back, or another card, for a code that was revealed: the code is void at its supplier first, or two people answer for it.

It follows `docs/protocol.md` 5 (claims), `platform_server/flows/open_claim.py`, `platform_server/flows/decide_claim.py`
and `pos_app/flows/give_back.py`. The customer has the code in hand and may use it at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.models.explore import Model, Mutant

UNDECIDED = ("open", "asked")
ATTEMPTS = ("first", "second")


class Case(NamedTuple):
    """A delivered card and what is claimed of it. `code` is its life at the supplier: unused, used, void.

    `proof` is the supplier's word that it is void; `wallet` and `customer` count what went back to each; `fresh` are
    cards given in its place, `handed` those that the till printed, `override` that two people answer for it.
    """

    code: str = "unused"
    card: str = "delivered"
    sent: frozenset[str] = frozenset()
    claims: tuple[tuple[str, str], ...] = ()
    asked: bool = False
    proof: bool = False
    wallet: int = 0
    customer: int = 0
    fresh: int = 0
    handed: int = 0
    told: bool = False
    override: bool = False

    def claim(self, name: str, state: str) -> Case:
        return self._replace(claims=tuple(sorted({**dict(self.claims), name: state}.items())))

    def state_of(self, name: str) -> str:
        return dict(self.claims).get(name, "none")


class Refund:
    """The rules, but for the one that is `broken`; `outcome` is what an approval gives: refund or reissue."""

    def __init__(self, outcome: str, broken: str = "") -> None:
        self.outcome, self.broken = outcome, broken

    def moves(self, case: Case) -> Iterator[tuple[str, Case]]:
        if case.code == "unused":
            yield "the customer uses the code", case._replace(code="used")
        for name in ATTEMPTS:
            yield from self._claim(case, name)
        if case.asked and case.code == "unused":
            void = case._replace(code="void", proof=True)
            if self.broken == "unused is proof enough":
                void = case._replace(proof=True)
            yield "the supplier makes it void and says so", void
        yield from self._till(case)

    def _claim(self, case: Case, name: str) -> Iterator[tuple[str, Case]]:
        state = case.state_of(name)
        before = ATTEMPTS[: ATTEMPTS.index(name)]
        may_claim = (
            all(case.state_of(each) == "denied" for each in before) or self.broken == "claimed twice at once"
        )
        if name not in case.sent and may_claim:
            yield f"the {name} claim is sent", case._replace(sent=case.sent | {name})
        if name in case.sent and state == "none":
            is_live = any(told in UNDECIDED or told == "approved" for _, told in case.claims)
            if case.card == "delivered" and (not is_live or self.broken == "claimed twice at once"):
                yield f"the {name} claim is open", case.claim(name, "open")
        if state == "open":
            yield f"the supplier is asked for the {name}", case.claim(name, "asked")._replace(asked=True)
        if state in UNDECIDED:
            yield from self._decided(case, name)
        if state == "approved" and self.broken == "a repeated approval gives once more":
            yield f"the {name} is approved again", self._given(case)

    def _decided(self, case: Case, name: str) -> Iterator[tuple[str, Case]]:
        yield f"the {name} claim is denied", case.claim(name, "denied")
        is_grounded = case.proof or self.broken == "approved without ground"
        is_whole = case.card == "delivered" or self.broken == "claimed twice at once"
        if is_grounded and is_whole:
            yield f"the {name} is approved on the supplier's proof", self._given(case.claim(name, "approved"))
        if is_whole:
            by_two = case.claim(name, "approved")._replace(override=True)
            yield f"the {name} is approved by two people", self._given(by_two)

    def _given(self, case: Case) -> Case:
        """The card is void in the same commit as what is given for it."""
        card = {"another card without a void one": "delivered", "the void card goes on the shelf": "shelf"}
        given = case._replace(card=card.get(self.broken, "void"), told=True)
        if self.outcome == "reissue":
            given = given._replace(fresh=case.fresh + 1)
        if self.outcome == "refund" or self.broken == "another card and the money too":
            given = given._replace(wallet=case.wallet + 1)
        return given

    def _till(self, case: Case) -> Iterator[tuple[str, Case]]:
        """It gives the customer what the platform gave, or what a supervisor answers for."""
        if self.outcome == "reissue":
            if case.handed < case.fresh:
                yield "the till prints the new card", case._replace(handed=case.handed + 1)
            return
        if case.customer == 0 and case.told:
            yield "the customer has his money", case._replace(customer=1)
        if case.customer == 0 and not case.override:
            yield "a supervisor gives the money back", case._replace(customer=1, override=True)
        if case.customer == 0 and self.broken == "money back before the code is void":
            yield "the money is given back at once", case._replace(customer=1)
        if case.customer == 1 and self.broken == "money back without a number":
            yield "restart: the money is given back again", case._replace(customer=2)

    def breach(self, case: Case) -> str:
        is_void = case.code == "void"
        rules = (
            ("I1 a revealed code is on the shelf", case.card != "shelf"),
            ("I9 more than its price went back", case.wallet <= 1 and case.customer <= 1),
            ("I9 two cards in its place", case.fresh <= 1),
            ("I9 money and a card for one code", not (case.fresh and (case.wallet or case.customer))),
            (
                "I9 given for a code that still works",
                is_void or case.override or not (case.wallet or case.fresh),
            ),
            ("I9 paid back for a code that still works", is_void or case.override or not case.customer),
            (
                "I9 something was given, and the card is not void",
                case.card == "void" or not (case.wallet or case.fresh),
            ),
        )
        return next((words for words, is_so in rules if not is_so), "")

    def is_settled(self, case: Case) -> bool:
        """No claim is undecided, and what was granted is in the customer's hand."""
        is_open = any(state in UNDECIDED for _, state in case.claims)
        is_owed = case.told and not (case.customer or case.handed)
        return not is_open and not is_owed and case.sent == {name for name, _ in case.claims}


def _model(name: str, outcome: str, broken: str) -> Model:
    rules = Refund(outcome, broken)
    return Model(name, Case(), rules.moves, rules.breach, rules.is_settled)


def refund(broken: str = "") -> Model:
    """Money back after the code was seen."""
    return _model("refund after reveal", "refund", broken)


def reissue(broken: str = "") -> Model:
    """Another card in place of one that was seen."""
    return _model("reissue", "reissue", broken)


MUTANTS = (
    Mutant("money back before the code is void", ("I9",), refund),
    Mutant("unused is proof enough", ("I9",), refund),
    Mutant("approved without ground", ("I9",), refund),
    Mutant("claimed twice at once", ("I9",), refund),
    Mutant("money back without a number", ("I9",), refund),
    Mutant("the void card goes on the shelf", ("I1",), refund),
    Mutant("another card without a void one", ("I9",), reissue),
    Mutant("a repeated approval gives once more", ("I9",), reissue),
    Mutant("another card and the money too", ("I9",), reissue),
)
