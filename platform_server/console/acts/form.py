"""What an act is made of, and how what was typed becomes values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from platform_server.console.desk import Desk
from platform_server.console.uploads import Upload
from platform_server.domain.actions import Authority
from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun, Row

NO_REASON = "-"  # where none was asked for
_LONGEST = 200
_LONGEST_AREA = 4_000


class FormFault(Exception):
    """What was typed cannot be taken; `faults` are keys of sentences by field."""

    def __init__(self, *, said: str = "", **faults: str) -> None:
        """`said` is the rule's own sentence, in English, where there is one."""
        super().__init__(", ".join(faults))
        self.faults: Mapping[str, str] = faults
        self.said = said


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type: `kind` is text, area, money, whole, date, choice, pick (a choice that
    the act suggests), label (free text with suggestions) or file.
    """

    key: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What comes of an act: a sentence with its facts; `secrets` are shown once and kept nowhere, `qr` beside them.

    `report` is told line by line, on a page of its own.
    """

    sentence: str
    facts: Mapping[str, str]
    secrets: Mapping[str, str] | None = None
    qr: str | None = None
    report: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Doing:
    """One act as it is being done: `row` is what it is done to, None for one that needs nothing."""

    desk: Desk
    authority: Authority
    row: Row | None
    values: Mapping[str, str]
    language: str
    uploads: Mapping[str, Upload]

    @property
    def subject(self) -> str:
        """The id of the row."""
        return "" if self.row is None else self.row.id

    def told(self, cell: str) -> str:
        """A cell of the row as text; empty without one."""
        return "" if self.row is None else str(self.row.cells.get(cell, ""))


Do = Callable[[Doing], Awaitable[Told]]
Fill = Callable[[Desk, Row | None], Awaitable[Mapping[str, str]]]
Suggest = Callable[[Desk], Awaitable[Mapping[str, tuple[tuple[str, str], ...]]]]  # values with their names


@dataclass(frozen=True, slots=True)
class Act:
    """`noun` is what it is done to or made of; `is_noted` says that its flow keeps no record of people itself,
    `takes_second` that a second person may put a name to it.

    `fits` says whether it makes sense for a row; `fill` gives the fields their first values, `suggest` their choices.
    """

    key: str
    right: Right
    noun: Noun
    do: Do
    fields: tuple[Field, ...] = ()
    has_subject: bool = True
    is_noted: bool = False
    needs_reason: bool = True
    takes_second: bool = False
    fits: Callable[[Row], bool] = lambda row: True
    fill: Fill | None = None
    suggest: Suggest | None = None

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """With the reason, which every act is asked for."""
        return (*self.fields, Field("reason", is_required=self.needs_reason))


def read_fields(act: Act, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without blanks around it. Raises FormFault naming every field that is missing or too long."""
    values = {field.key: typed.get(field.key, "").strip() for field in act.all_fields}
    faults = {field.key: _fault(field, values[field.key]) for field in act.all_fields}
    found = {key: fault for key, fault in faults.items() if fault is not None}
    if found:
        raise FormFault(**found)
    return values


def _fault(field: Field, value: str) -> str | None:
    most = _LONGEST_AREA if field.kind == "area" else _LONGEST
    if not value:
        return "fault.missing" if field.is_required else None
    if len(value) > most or not all(each.isprintable() or each in "\r\n" for each in value):
        return "fault.odd"
    if field.kind == "choice" and value not in field.choices:
        return "fault.odd"
    is_whole = value.isascii() and value.isdecimal() and len(value) < 9
    return "fault.whole" if field.kind == "whole" and not is_whole else None
