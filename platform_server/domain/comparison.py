"""Two tellings of one day: what the platform settled, and what the tills wrote into their own ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from platform_server.domain.canonical import read_plain_json
from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.settlement import SALE, SALE_BACK, SettledLine, Settlement, plain_receipt_number

TOP_UP_BACK = "top_up_back"
_KNOWN_TO_TILLS = (SALE, SALE_BACK, TOP_UP_BACK)


@dataclass(frozen=True, slots=True)
class TillLine:
    """One line of a paid sale in a till's ledger; `cost_minor` is that of the whole line.

    A leased one was settled card by card, from this very ledger.
    """

    day: date
    product_id: str
    quantity: int
    cost_minor: int
    receipt_number: str
    is_leased: bool = False


@dataclass(frozen=True, slots=True)
class TillStory:
    """What one till's ledger says of its sales, by sale id and line id."""

    lines: Mapping[str, Mapping[str, TillLine]] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    top_ups_failed: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    def receipt_number(self, sale_id: str) -> str:
        """Of a paid sale; empty when the ledger did not tell it yet."""
        return next((line.receipt_number for line in self.lines.get(sale_id, {}).values()), "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One line on which both sides do not agree; `what` is one sentence."""

    kind: str
    till_id: str
    sale_id: str
    line_id: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.sale_id} line {self.line_id} of till {self.till_id}: {self.what}"


def tells(text: bytes) -> bool:
    """Whether the canonical text of an entry can be one that `read_story` looks at: most are not worth reading."""
    return b'"kind":"sale_' in text or b'"kind":"top_up_ended"' in text


def read_story(entries: Iterable[Mapping[str, Any]]) -> TillStory:
    """From ledger entries in any order; what is no fact about a sale, or has not its form, is passed over."""
    lines: dict[str, Mapping[str, TillLine]] = {}
    said: dict[str, set[str]] = {"sale_confirmed": set(), "sale_failed": set(), "sale_cancelled": set()}
    top_ups_failed = {}
    for entry in entries:
        try:
            kind, body = entry["kind"], entry["body"]
            if kind == "sale_paid":
                lines[body["sale_id"]] = _paid_lines(entry)
            elif kind in said:
                said[kind].add(body["sale_id"])
            elif kind == "top_up_ended" and body["state"] == "FAILED_FINAL":
                top_ups_failed[body["sale_id"], body["line_id"]] = datetime.fromisoformat(entry["at"])
        except (KeyError, TypeError, ValueError):
            continue  # the comparison then says that the line is missing
    return TillStory(
        lines=lines,
        confirmed=frozenset(said["sale_confirmed"]),
        failed=frozenset(said["sale_failed"]),
        cancelled=frozenset(said["sale_cancelled"]),
        top_ups_failed=top_ups_failed,
    )


def read_ledger_file(raw: bytes) -> tuple[str, TillStory, tuple[str, ...]]:
    """Of one till, a line of JSON for each entry: its till id, its story, and where its chain does not hold.

    Raises ValueError for a file that holds no ledger or that of several tills.
    """
    try:
        entries = [read_plain_json(line) for line in raw.splitlines() if line.strip()]
        links = [LedgerEntry.of(entry) for entry in entries]
        (till_id,) = {str(entry["till"]) for entry in entries}
    except (ValueError, KeyError, TypeError) as fault:
        raise ValueError("this is no ledger of one till: a line of JSON for each of its entries") from fault
    faults = tuple(
        f"entry {link.seq} does not follow from the one before it: one of the two was altered"
        for before, link in pairwise(links)
        if (link.seq, link.prev) != (before.seq + 1, before.hash)
    )
    return till_id, read_story(entries), faults


def _paid_lines(entry: Mapping[str, Any]) -> Mapping[str, TillLine]:
    body = entry["body"]
    day = date.fromisoformat(entry["business_date"])
    number = plain_receipt_number(body["receipt_number"])
    return {
        line["line_id"]: TillLine(
            day,
            line["product_id"],
            _whole(line["quantity"]),
            _whole(line["cost_minor"]) * line["quantity"],
            number,
            is_leased=bool(line.get("leased")),
        )
        for line in body["lines"]
    }


def _whole(told: object) -> int:
    if type(told) is not int:
        raise TypeError("not a whole number")
    return told


def compare(settlements: Sequence[Settlement], stories: Mapping[str, TillStory]) -> tuple[Difference, ...]:
    """Every line that differs, in the order of the files, then of the ledgers.

    Lines of tills without a story are left out, and so is what tills know nothing of (claims).
    """
    settled: dict[tuple[str, str, str, str], SettledLine] = {}
    found: list[Difference | None] = []
    for line in (line for each in settlements for line in each.lines if line.kind in _KNOWN_TO_TILLS):
        if line.till_id in stories:
            again = line.key in settled
            found.append(_differs(line, "settled twice") if again else _judge(line, stories[line.till_id]))
        settled[line.key] = line
    for till_id, story in stories.items():
        found += _unsettled(till_id, story, settlements, settled)
    return tuple(difference for difference in found if difference is not None)


def _judge(line: SettledLine, story: TillStory) -> Difference | None:
    told = story.lines.get(line.sale_id, {}).get(line.line_id)
    if told is None:
        return _differs(line, "missing in the till's ledger")
    if line.kind == SALE and line.sale_id in story.failed:
        return _differs(line, "charged here, refused at the till")
    if line.kind == TOP_UP_BACK and (line.sale_id, line.line_id) not in story.top_ups_failed:
        return _differs(line, "returned here, the till's ledger knows of no failed top-up")
    if line.kind == SALE_BACK and line.sale_id not in story.cancelled | story.failed:
        return _differs(line, "returned here, the till's ledger knows of no cancel")
    pairs = (
        ("product", line.product_id, told.product_id),
        ("quantity", line.quantity, told.quantity),
        ("cost", line.cost.minor, told.cost_minor),
    )
    wrong = [
        f"{name} is {ours} here and {theirs} at the till" for name, ours, theirs in pairs if ours != theirs
    ]
    if line.kind == SALE and line.day != told.day:
        wrong.append(f"business date is {line.day} here and {told.day} at the till")
    return _differs(line, ", ".join(wrong)) if wrong else None


def _differs(line: SettledLine, what: str) -> Difference:
    return Difference(line.kind, line.till_id, line.sale_id, line.line_id, what)


def _unsettled(
    till_id: str,
    story: TillStory,
    settlements: Sequence[Settlement],
    settled: Mapping[tuple[str, str, str, str], SettledLine],
) -> Iterator[Difference]:
    """A return is wanted only where its sale is, for it may stand in a later file."""
    days = {each.day for each in settlements}
    for sale_id in sorted(story.confirmed & story.lines.keys()):
        for line_id, line in story.lines[sale_id].items():
            if line.day in days and not line.is_leased and (SALE, till_id, sale_id, line_id) not in settled:
                what = f"missing in the file; the till paid {line.cost_minor} for {line.quantity}"
                yield Difference(SALE, till_id, sale_id, line_id, what)
    for (sale_id, line_id), at in story.top_ups_failed.items():
        is_over = any(each.days.date_of(at) <= each.day for each in settlements)
        is_here = (SALE, till_id, sale_id, line_id) in settled
        if is_here and is_over and (TOP_UP_BACK, till_id, sale_id, line_id) not in settled:
            yield Difference(
                TOP_UP_BACK, till_id, sale_id, line_id, "missing in the file; the till heard that it failed"
            )
