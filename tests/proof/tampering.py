"""Ways to tamper with a ledger's file, from one byte to a whole chain made anew by somebody without the till's key."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.ledger import FIRST_PREV, canonical
from pos_app.domain.signature import framed, kid_of, packed

Lines = list[str]
_THIEF = Ed25519PrivateKey.from_private_bytes(bytes([77]) * 32)


@dataclass(frozen=True)
class Tampering:
    """What was done, and the file after it."""

    how: str
    raw: bytes


def tamper(lines: tuple[str, ...], chance: random.Random) -> Tampering:
    """The same file with one thing done to it; never the same bytes."""
    whole = ("\n".join(lines) + "\n").encode()
    while True:
        way = chance.choice(WAYS)
        raw = way(list(lines), chance)
        if raw != whole:
            return Tampering(way.__name__.strip("_"), raw)


def _byte_changed(lines: Lines, chance: random.Random) -> bytes:
    raw = bytearray(_joined(lines))
    raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def _bit_flipped(lines: Lines, chance: random.Random) -> bytes:
    raw = bytearray(_joined(lines))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def _byte_added(lines: Lines, chance: random.Random) -> bytes:
    raw = bytearray(_joined(lines))
    raw.insert(chance.randrange(len(raw) + 1), chance.choice(b' \t\n\r0"}a\x00\xff'))
    return bytes(raw)


def _bytes_lost(lines: Lines, chance: random.Random) -> bytes:
    raw = _joined(lines)
    begin = chance.randrange(len(raw))
    return raw[:begin] + raw[begin + chance.randint(1, 600) :]


def _file_cut(lines: Lines, chance: random.Random) -> bytes:
    raw = _joined(lines)
    return raw[: chance.randrange(len(raw))]


def _tail_cut(lines: Lines, chance: random.Random) -> bytes:
    """At the end of a line: what is left is a good ledger."""
    return _joined(lines[: chance.randrange(1, len(lines))])


def _head_cut(lines: Lines, chance: random.Random) -> bytes:
    return _joined(lines[chance.randrange(1, len(lines)) :])


def _line_lost(lines: Lines, chance: random.Random) -> bytes:
    del lines[chance.randrange(len(lines))]
    return _joined(lines)


def _line_twice(lines: Lines, chance: random.Random) -> bytes:
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return _joined(lines)


def _lines_swapped(lines: Lines, chance: random.Random) -> bytes:
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return _joined(lines)


def _lines_shuffled(lines: Lines, chance: random.Random) -> bytes:
    chance.shuffle(lines)
    return _joined(lines)


def _value_changed(lines: Lines, chance: random.Random) -> bytes:
    """Well-formed JSON, one value of one entry other than it was."""
    number = chance.randrange(len(lines))
    lines[number] = _text(_with_another_value(json.loads(lines[number]), chance))
    return _joined(lines)


def _signature_moved(lines: Lines, chance: random.Random) -> bytes:
    one, other = (json.loads(line) for line in chance.sample(lines, 2))
    number = lines.index(_text(one))
    lines[number] = _text({**one, "sig": other["sig"]})
    return _joined(lines)


def _signature_dropped(lines: Lines, chance: random.Random) -> bytes:
    number = chance.randrange(len(lines))
    entry = json.loads(lines[number])
    del entry["sig"], entry["kid"]
    lines[number] = _text(entry)
    return _joined(lines)


def _chained_anew(lines: Lines, chance: random.Random) -> bytes:
    """A value changed or an entry dropped, every hash after it made right, signatures as they were."""
    return _joined(relinked(_forged(lines, chance), lambda entry: entry))


def _unsigned_anew(lines: Lines, chance: random.Random) -> bytes:
    """The same, and no entry claims to be signed any more, from the forged one or from the beginning on."""
    begin = chance.choice((0, chance.randrange(len(lines))))

    def bare(entry: dict[str, Any]) -> dict[str, Any]:
        names = entry.keys() - ({"kid", "sig"} if entry["seq"] > begin else set())
        return {name: entry[name] for name in names}

    return _joined(relinked(_forged(lines, chance), bare))


def _signed_anew(lines: Lines, chance: random.Random) -> bytes:
    """The same, signed by a key of the thief's own, under its own name or under the till's."""
    name = chance.choice((kid_of(_THIEF.public_key().public_bytes_raw()), None))

    def sign(entry: dict[str, Any]) -> dict[str, Any]:
        facts = {**entry, "kid": name or entry["kid"]}
        del facts["sig"]
        return {**facts, "sig": packed(_THIEF.sign(framed("pos-entry-1", canonical(facts))))}

    return _joined(relinked(_forged(lines, chance), sign))


def _forged(lines: Lines, chance: random.Random) -> list[dict[str, Any]]:
    entries = [json.loads(line) for line in lines]
    number = chance.randrange(len(entries))
    if chance.random() < 0.5:
        del entries[number]
    else:
        entries[number] = _with_another_value(entries[number], chance)
    return entries


def relinked(entries: list[dict[str, Any]], finish: Callable[[dict[str, Any]], dict[str, Any]]) -> list[str]:
    made, seq, head, epoch = [], 0, FIRST_PREV, 0
    for entry in entries:
        if entry["epoch"] != epoch:
            seq, head, epoch = 0, FIRST_PREV, entry["epoch"]
        seq += 1
        text = _text(finish({**entry, "seq": seq, "prev": head}))
        head = hashlib.sha256(text.encode()).hexdigest()[:32]
        made.append(text)
    return made


def _with_another_value(entry: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    owner = entry["body"] if chance.random() < 0.6 and entry["body"] else entry
    name = chance.choice(sorted(owner))
    value = owner[name]
    other: Any = f"{value}0"
    if isinstance(value, bool | None):
        other = not value
    elif isinstance(value, int):
        other = value + chance.choice((-1, 1, 100))
    elif isinstance(value, list):
        other = value[1:] or [1]
    elif isinstance(value, dict):
        other = {**value, "more": 1}
    owner[name] = other
    return entry


def _text(entry: dict[str, Any]) -> str:
    return canonical(entry).decode()


def _joined(lines: Lines) -> bytes:
    return ("\n".join(lines) + "\n").encode() if lines else b""


WAYS = (
    _byte_changed,
    _bit_flipped,
    _byte_added,
    _bytes_lost,
    _file_cut,
    _tail_cut,
    _head_cut,
    _line_lost,
    _line_twice,
    _lines_swapped,
    _lines_shuffled,
    _value_changed,
    _signature_moved,
    _signature_dropped,
    _chained_anew,
    _unsigned_anew,
    _signed_anew,
)
