"""Checks signed receipts and ledgers by public keys alone: one file, to be copied, that needs Python 3.11 and `cryptography`.

`docs/receipt-format.md` says what is checked. Nothing here is imported from the till, and nothing is asked of a network.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST_PREV = "0" * 32
CLOCK_SLACK = timedelta(minutes=10)
MOST_SAID = 20
_B64 = "[A-Za-z0-9_-]"
_WHOLE = "(0|[1-9][0-9]*)"
_NUMBER = {"S": "[0-9]{6,}", "V": "[0-9]{6,}-[1-9][0-9]*", "R": "[0-9]{6,}-[1-9][0-9]*"}
_NUMBER |= {"T": "T[0-9]{6,}", "Z": "Z[0-9]{6,}"}
_TEXT = re.compile(
    rf"K1\.({_B64}{{22}})\.({_B64}{{22}})\.([0-9TZ-]+)\.([0-9]{{8}}T[0-9]{{6}}Z)\.([SVRTZ])\.([A-Z]{{3}})"
    rf"\.{_WHOLE}\.{_WHOLE}\.{_WHOLE}\.({_B64}{{22}})\.({_B64}{{11}})\.({_B64}{{8}})\.({_B64}{{86}})"
)
_POINT = '{"checkpoint":'
_ENTRY = {"till", "epoch", "seq", "prev", "at", "business_date", "kind", "body"}
_SIGNED = {"kid", "sig"}
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class Verdict(StrEnum):
    """What a thing turned out to be; `EXIT` says how grave that is."""

    GENUINE = "genuine"
    VOIDED = "voided"
    PART_BACK = "part_back"
    TRAINING = "training"
    ALTERED = "altered"
    UNKNOWN_TILL = "unknown_till"
    FENCED = "fenced"
    REVOKED = "revoked"
    TWICE = "twice"
    COPIED = "copied"
    NOT_IN_LEDGER = "not_in_ledger"
    WHOLE = "whole"  # a ledger that holds
    TAMPERED = "tampered"  # a ledger that does not


SENTENCES = {
    Verdict.GENUINE: "was signed by this till, and nothing speaks against it",
    Verdict.VOIDED: "is genuine, and all of its money was given back later",
    Verdict.PART_BACK: "is genuine, and a part of its money was given back later",
    Verdict.TRAINING: "is genuine, and from training: nothing was sold",
    Verdict.ALTERED: "was altered or made up: no key of this till signed it",
    Verdict.UNKNOWN_TILL: "names a shop, till or key that the keys file does not know",
    Verdict.FENCED: "is dated outside the time of its key",
    Verdict.REVOKED: "is signed by a key that was withdrawn, and no older checkpoint covers it",
    Verdict.TWICE: "has a number that stands on another genuine receipt too: two programs sign as one till",
    Verdict.COPIED: "is shown more than once: one of them is a copy",
    Verdict.NOT_IN_LEDGER: "is signed by this till and is not in its ledger: the ledger was cut, or this was never sold",
}
_KNOWN = (Verdict.VOIDED, Verdict.PART_BACK, Verdict.TRAINING)
EXIT = dict.fromkeys(Verdict, 1) | {Verdict.GENUINE: 0, Verdict.WHOLE: 0} | dict.fromkeys(_KNOWN, 3)
_GRAVEST_FIRST = (2, 1, 3, 0)


# --- bytes ---


def unpacked(text: str) -> bytes:
    """base64url without padding, in its one spelling; ValueError for another."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if packed(raw) != text:
        raise ValueError("not base64url")
    return raw


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def framed(*fields: str | bytes) -> bytes:
    raw = [each.encode() if isinstance(each, str) else each for each in fields]
    return b"".join(len(each).to_bytes(4, "big") + each for each in raw)


def compact_id(one: str) -> str:
    try:
        return packed(uuid.UUID(one).bytes)
    except ValueError:
        return packed(hashlib.sha256(one.encode()).digest()[:16])


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_json(text: str) -> Any:
    """JSON without fractions; ValueError for anything else."""
    return json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(f"{text} has no place here")


def holds(key: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    try:
        key.verify(unpacked(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


# --- keys ---


@dataclass(frozen=True)
class Key:
    """A public key of a till, and the time in which it signs."""

    public: Ed25519PublicKey
    begins: datetime | None
    ends: datetime | None
    revoked: datetime | None

    def covers(self, at: datetime) -> bool:
        is_late = self.ends is not None and at > self.ends + CLOCK_SLACK
        return not is_late and (self.begins is None or at >= self.begins - CLOCK_SLACK)


class Keys:
    """The keys file (section 4); ValueError and KeyError when it is none."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._tills: dict[tuple[str, str, str], list[Key]] = {}
        self._shops: dict[str, str] = {}
        self._platform: dict[tuple[str, str], Ed25519PublicKey] = {}
        for shop in told["shops"]:
            name = compact_id(shop["shop"])
            for till in shop["tills"]:
                self._shops[compact_id(till["till"])] = name
                for each in till["keys"]:
                    self._add(name, compact_id(till["till"]), each)
            for each in shop.get("platform_keys", ()):
                self._platform[name, each["keyid"]] = _public(each["key"])

    def _add(self, shop: str, till: str, told: Mapping[str, Any]) -> None:
        raw = unpacked(told["key"])
        if packed(hashlib.sha256(raw).digest())[:8] != told["kid"]:
            raise ValueError(f"the kid {told['kid']} is not that of its key")
        times = (_time(told.get(name)) for name in ("from", "until", "revoked_at"))
        key = Key(Ed25519PublicKey.from_public_bytes(raw), *times)
        self._tills.setdefault((shop, till, told["kid"]), []).append(key)

    def of(self, shop: str, till: str, kid: str) -> Sequence[Key]:
        """All times of that key; by compact ids."""
        return self._tills.get((shop, till, kid), ())

    def shop_of(self, till: str) -> str:
        return self._shops.get(till, "")

    def platform(self, shop: str, keyid: str) -> Ed25519PublicKey | None:
        return self._platform.get((shop, keyid))


def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(unpacked(text))


# --- receipts ---


@dataclass(frozen=True)
class Receipt:
    """The fields of a text of the right form (section 1)."""

    text: str
    shop: str
    till: str
    number: str
    at: datetime
    type: str
    currency: str
    minor: int
    quantity: int
    turnover: int
    entry: str  # hex
    kid: str

    @classmethod
    def read(cls, text: str) -> Receipt:
        """ValueError for a text of another form."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("no receipt")
        shop, till, number, at, kind, currency, minor, quantity, turnover, entry, cards, kid, sig = (
            found.groups()
        )
        for each in (shop, till, cards, sig):
            unpacked(each)
        if re.fullmatch(_NUMBER[kind], number) is None or (kind == "Z" and (minor, quantity) != ("0", "0")):
            raise ValueError("no receipt")
        when = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        sums = (int(minor), int(quantity), int(turnover))
        return cls(text, shop, till, number, when, kind, currency, *sums, unpacked(entry).hex(), kid)

    @property
    def of_sale(self) -> str:
        """The number of the sale that it speaks of."""
        return self.number.partition("-")[0]

    def is_signed(self, keys: Sequence[Key]) -> bool:
        before, _, signature = self.text.rpartition(".")
        message = framed("pos-receipt-1", before)
        return any(holds(key.public, signature, message) for key in keys)


# --- the log (RFC 6962, 2.1) ---


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `leaf` is number `index` of the `size` leaves under `root` (RFC 9162, 2.1.3.2)."""
    first, last, found = index, size - 1, leaf
    if not 0 <= first <= last:
        return False
    for other in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = _node(other, found)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            found = _node(found, other)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


def is_continued(before: tuple[int, bytes], after: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether the log of (size, root) `before` is the beginning of that `after` (RFC 9162, 2.1.4.2)."""
    (first, first_root), (second, second_root) = before, after
    if first == 0 or first >= second:
        return not path and (first == 0 or before == after)
    nodes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    first, second = first - 1, second - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    if not nodes:
        return False
    one = two = nodes[0]
    for other in nodes[1:]:
        if second == 0:
            return False
        if first & 1 or first == second:
            one, two = _node(other, one), _node(other, two)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            two = _node(two, other)
        first, second = first >> 1, second >> 1
    return second == 0 and (one, two) == (first_root, second_root)


# --- ledgers ---


@dataclass
class Ledger:
    """A till's ledger line by line, and what is wrong with it, in sentences (section 3)."""

    keys: Keys
    name: str
    till: str = ""
    shop: str = ""
    entries: int = 0
    wrong: list[str] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    back: dict[str, int] = field(default_factory=dict)  # by the number of the sale, in minor units
    turnover: int = 0
    covered: dict[tuple[int, int], datetime] = field(default_factory=dict)  # points of the log, and when
    _digests: dict[tuple[int, int], str] = field(default_factory=dict)
    _leaves: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)  # of the entries that receipts name
    _facts: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)  # their kind and body
    _head: tuple[int, int, str] = (0, 0, FIRST_PREV)
    is_signed: bool = False  # once an entry was, every later one must be
    _ends: dict[int, int] = field(default_factory=dict)  # of epochs, as the one after each names them
    _last_sale: int = 0
    _zeros: int = 0
    _withdrawn: dict[tuple[int, int], datetime] = field(
        default_factory=dict
    )  # signed by a key that was revoked
    _signed_for: dict[str, int] = field(default_factory=dict)  # papers about each sale

    def take(self, where: str, line: str) -> None:
        """One line; whatever is wrong with it is said, and the next one is read all the same."""
        try:
            told = read_json(line)
            if not isinstance(told, dict) or canonical(told) != line.encode():
                self._say(where, "is not canonical JSON")
            elif "checkpoint" in told:
                self.take_checkpoint(where, told)
            else:
                self._entry(where, told, line.encode())
        except _UNREADABLE as error:
            self._say(where, f"cannot be read ({type(error).__name__})")

    def _say(self, where: str, what: str) -> None:
        self.wrong.append(f"{where} {what}.")

    def _entry(self, where: str, told: dict[str, Any], raw: bytes) -> None:
        names = told.keys() - _SIGNED
        if names != _ENTRY or len(told.keys() & _SIGNED) == 1 or not _is_typed(told):
            self._say(where, "is not an entry of a ledger")
            return
        self.till = self.till or told["till"]
        self.shop = self.shop or self.keys.shop_of(compact_id(self.till))
        if told["till"] != self.till:
            self._say(where, "is of another till")
        place, digest = (told["epoch"], told["seq"]), hashlib.sha256(raw).hexdigest()[:32]
        self._link(where, told)
        self._signature(where, told)
        self._head = (*place, digest)
        self.entries += 1
        self._digests[place], self._leaves[place] = digest, leaf_hash(raw)
        self._places[digest], self._facts[digest] = place, (told["kind"], told["body"])
        self._story(where, told["kind"], told["body"])

    def _link(self, where: str, told: Mapping[str, Any]) -> None:
        epoch, seq, head = self._head
        if told["epoch"] > epoch:
            self._begin(where, told, epoch)
            epoch, seq, head = told["epoch"], 0, FIRST_PREV
        if (told["epoch"], told["seq"]) != (epoch, seq + 1):
            self._say(where, f"is number {told['seq']} of epoch {told['epoch']} after {seq} of {epoch}")
        elif told["prev"] != head:
            self._say(where, "does not follow from the entry before it")

    def _begin(self, where: str, told: Mapping[str, Any], former: int) -> None:
        """A new epoch names the end of the one before it, which may have more entries by now, never fewer."""
        before = told["body"].get("before")
        if former and before is None and "sig" in told:
            self._say(where, f"does not say where epoch {former} ended")
        if before is None:
            return
        epoch, seq = before["epoch"], before["seq"]
        if self._digests.get((epoch, seq)) != before["head"]:
            self._say(where, f"shows that epoch {epoch} was cut or changed at number {seq}")
        self._ends[epoch] = seq

    def _signature(self, where: str, told: dict[str, Any]) -> None:
        if "sig" not in told:
            if self.is_signed or told["kind"] == "receipt_signed":
                self._say(where, "is not signed")
            return
        self.is_signed = True
        keys = self.keys.of(self.shop, compact_id(self.till), told["kid"])
        message = framed("pos-entry-1", canonical({name: told[name] for name in told if name != "sig"}))
        if not keys:
            self._say(where, f"is signed by a key {told['kid']} that is not this till's")
        elif not any(holds(key.public, told["sig"], message) for key in keys):
            self._say(where, "is not what its key signed")
        withdrawn = [key.revoked for key in keys if key.revoked is not None]
        if keys and len(withdrawn) == len(keys):
            self._withdrawn[told["epoch"], told["seq"]] = min(withdrawn)

    def _story(self, where: str, kind: str, body: Mapping[str, Any]) -> None:
        if kind == "sale_paid":
            number = int(str(body["receipt_number"]).rpartition("-")[2])
            if number != self._last_sale + 1:
                self._say(where, f"has receipt number {number} after {self._last_sale}")
            self._last_sale = number
        elif kind == "receipt_signed":
            self._receipt(where, body)

    def _receipt(self, where: str, body: Mapping[str, Any]) -> None:
        receipt = Receipt.read(body["text"])
        keys = self.keys.of(receipt.shop, receipt.till, receipt.kid)
        if receipt.till != compact_id(self.till) or not receipt.is_signed(keys):
            self._say(where, "holds a receipt that this till did not sign")
            return
        said = (receipt.number, receipt.type, receipt.turnover)
        if said != (body["number"], body["type"], body["turnover_minor"]) or receipt.number in self.receipts:
            self._say(where, f"says something else than its receipt {receipt.number}, or repeats it")
        self.turnover += receipt.minor if receipt.type == "S" else 0
        if receipt.turnover != self.turnover:
            self._say(
                where, f"has turnover {receipt.turnover} where the sales before it make {self.turnover}"
            )
        self.turnover = receipt.turnover
        self.receipts[receipt.number] = receipt
        kind, fact = self._facts.get(receipt.entry, ("", {}))
        if not self._fits(receipt, body["subject"], kind, fact):
            self._say(where, f"has a receipt {receipt.number} that does not fit the entry it names")

    def _fits(self, receipt: Receipt, subject: str, kind: str, fact: Mapping[str, Any]) -> bool:
        if receipt.type == "Z":
            self._zeros += 1
            is_next = receipt.number == f"Z{self._zeros:06d}"
            return kind == "shift_closed" and fact["shift_id"] == subject and is_next
        if receipt.type == "T" or fact.get("sale_id") != subject:
            return receipt.type == "T"
        if receipt.type == "S":
            pieces = sum(line["quantity"] for line in fact["lines"])
            told = (fact["receipt_number"].rpartition("-")[2], fact["total_minor"], fact["currency"], pieces)
            said = (receipt.number, receipt.minor, receipt.currency, receipt.quantity)
            return kind == "sale_paid" and told == said
        count = self._signed_for.get(subject, 0) + 1
        self._signed_for[subject] = count
        self.back[receipt.of_sale] = self.back.get(receipt.of_sale, 0) + receipt.minor
        sale = self.receipts.get(receipt.of_sale)
        is_within = sale is None or self.back[receipt.of_sale] <= sale.minor
        is_counted = receipt.number == f"{receipt.of_sale}-{count}"
        return (
            kind == "money_given_back" and fact["amount_minor"] == receipt.minor and is_counted and is_within
        )

    def take_checkpoint(self, where: str, told: Mapping[str, Any]) -> None:
        """A point of the platform's log, after the entries that it speaks of (section 3, 6)."""
        point = told["checkpoint"]
        if not _is_point(self.keys, point):
            self._say(where, "is a checkpoint that the platform did not sign")
            return
        till = point["till"]
        if till["till_id"] == self.till:
            place = (till["epoch"], till["seq"])
            if till["seq"] and self._digests.get(place) != till["head"]:
                said = "cut before" if place > self._head[:2] else "changed at"
                self._say(where, f"shows that the ledger was {said} number {place[1]} of epoch {place[0]}")
            at = _time(point["at"])
            if at is not None:
                self.covered[place] = min(at, self.covered.get(place, at))
        if not self._is_proved(point, told):
            self._say(where, "has a proof that does not hold")

    def _is_proved(self, point: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
        root, is_good = bytes.fromhex(point["root"]), True
        proof = told.get("inclusion")
        if proof is not None:
            leaf = self._leaves.get((proof["epoch"], proof["seq"]), b"")
            path = [bytes.fromhex(each) for each in proof["path"]]
            is_good = is_included(leaf, proof["index"], point["size"], path, root)
        proof = told.get("consistency")
        if proof is not None:
            before = proof["from"]
            path = [bytes.fromhex(each) for each in proof["path"]]
            sizes = (before["size"], bytes.fromhex(before["root"])), (point["size"], root)
            is_good = is_good and _is_point(self.keys, before) and before["shop_id"] == point["shop_id"]
            is_good = is_good and is_continued(*sizes, path)
        return is_good

    def faults(self) -> list[str]:
        """All that is wrong, once every line was taken."""
        wrong = list(self.wrong)
        if not self.is_signed:
            wrong.append(f"{self.name}: nothing in it is signed.")
        for place, moment in self._withdrawn.items():
            if not self._is_covered(place, moment):
                wrong.append(
                    f"{self.name}: from number {place[1]} of epoch {place[0]} on its key was withdrawn."
                )
                break
        return wrong

    def covers(self, receipt: Receipt, before: datetime) -> bool:
        """A checkpoint from before that moment stands at or after the entry that this receipt names."""
        place = self._places.get(receipt.entry)
        return place is not None and self._is_covered(place, before)

    def _is_covered(self, place: tuple[int, int], before: datetime) -> bool:
        """A point of that epoch, or of a later one whose first entry names the end of this one."""
        is_named = place[1] <= self._ends.get(place[0], 0)
        return any(
            at < before and ((epoch == place[0] and last >= place[1]) or (epoch > place[0] and is_named))
            for (epoch, last), at in self.covered.items()
        )


def _is_typed(told: Mapping[str, Any]) -> bool:
    whole = all(type(told[name]) is int and told[name] > 0 for name in ("epoch", "seq"))
    words = _ENTRY - {"epoch", "seq", "body"} | told.keys() & _SIGNED
    return whole and isinstance(told["body"], dict) and all(isinstance(told[name], str) for name in words)


def _is_point(keys: Keys, point: Mapping[str, Any]) -> bool:
    """Whether a platform of that shop signed it (`docs/protocol.md`, the log)."""
    till, key = point["till"], keys.platform(compact_id(point["shop_id"]), point["keyid"])
    fields = [point["shop_id"], point["size"], point["root"]]
    fields += [till["till_id"], till["epoch"], till["seq"], till["head"], point["at"]]
    message = framed("pos-log-1", *(str(each) for each in fields))
    return key is not None and holds(key, point["signature"], message)


# --- everything together ---


@dataclass(frozen=True)
class Finding:
    """One thing that was shown, and what it is."""

    thing: str
    verdict: Verdict
    sentence: str


def verify(keys: Keys, texts: Iterable[str], files: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Judges receipts beside each other and beside the ledgers that are shown with them; `files` are lines by name."""
    shown, ledgers, loose = list(texts), [], []
    for name, lines in files.items():
        if not any(line.startswith("{") for line in lines):
            shown += [line.strip() for line in lines if line.strip()]
            continue
        numbered = [(f"{name}: line {number}", line) for number, line in enumerate(lines, 1)]
        points = [each for each in numbered if each[1].startswith(_POINT)]
        if len(points) == len([line for line in lines if line]):
            loose += points
            continue
        ledger = Ledger(keys, name)
        for where, line in [each for each in numbered if not each[1].startswith(_POINT)] + points:
            ledger.take(where, line)
        ledgers.append(ledger)
    if loose and not ledgers:
        ledgers.append(Ledger(keys, "checkpoints", is_signed=True))
    for ledger in ledgers:
        for where, line in loose:
            ledger.take(where, line)
    by_till = {compact_id(ledger.till): ledger for ledger in ledgers}
    findings = [_judge(keys, text, shown, by_till) for text in shown]
    lost = [each.thing for each in findings if each.verdict is Verdict.NOT_IN_LEDGER]
    return findings + [_whole(ledger, lost) for ledger in ledgers]


def _judge(keys: Keys, text: str, shown: Sequence[str], ledgers: Mapping[str, Ledger]) -> Finding:
    try:
        receipt = Receipt.read(text)
    except ValueError:
        return _found("this text", Verdict.ALTERED)
    thing, owned = f"receipt {receipt.number}", keys.of(receipt.shop, receipt.till, receipt.kid)
    if not owned:
        return _found(thing, Verdict.UNKNOWN_TILL)
    if not receipt.is_signed(owned):
        return _found(thing, Verdict.ALTERED)
    ledger = ledgers.get(receipt.till)
    withdrawn = [key.revoked for key in owned if key.revoked is not None]
    if len(withdrawn) == len(owned) and not (ledger and ledger.covers(receipt, min(withdrawn))):
        return _found(thing, Verdict.REVOKED)
    if not any(key.covers(receipt.at) for key in owned):
        return _found(thing, Verdict.FENCED)
    others = _others(keys, receipt, shown)
    kept = ledger.receipts.get(receipt.number) if ledger else None
    if any(each.number == receipt.number for each in others) or (kept and kept.text != text):
        return _found(thing, Verdict.TWICE)
    if ledger and kept is None:
        return _found(thing, Verdict.NOT_IN_LEDGER)
    if shown.count(text) > 1:
        return _found(thing, Verdict.COPIED)
    back = sum(each.minor for each in others if each.type in "VR" and each.of_sale == receipt.number)
    back = max(back, ledger.back.get(receipt.number, 0) if ledger else 0)
    return _found(thing, _standing(receipt, back))


def _others(keys: Keys, receipt: Receipt, shown: Sequence[str]) -> list[Receipt]:
    """The other genuine receipts of that till among those that are shown."""
    found = []
    for text in set(shown) - {receipt.text}:
        try:
            other = Receipt.read(text)
        except ValueError:
            continue
        if other.till == receipt.till and other.is_signed(keys.of(other.shop, other.till, other.kid)):
            found.append(other)
    return found


def _standing(receipt: Receipt, back: int) -> Verdict:
    if receipt.type == "T":
        return Verdict.TRAINING
    if receipt.type == "S" and back:
        return Verdict.VOIDED if back >= receipt.minor else Verdict.PART_BACK
    return Verdict.GENUINE


def _found(thing: str, verdict: Verdict) -> Finding:
    return Finding(thing, verdict, f"{thing} {SENTENCES[verdict]}.")


def _whole(ledger: Ledger, lost: Sequence[str]) -> Finding:
    wrong = ledger.faults()
    if lost:
        wrong.append(f"{ledger.name}: it does not hold {', '.join(lost)}: it was cut.")
    if wrong:
        more = [f"... and {len(wrong) - MOST_SAID} more."] if len(wrong) > MOST_SAID else []
        return Finding(ledger.name, Verdict.TAMPERED, "\n".join(wrong[:MOST_SAID] + more))
    said = f"{ledger.entries} entries, {len(ledger.receipts)} receipts, {len(ledger.covered)} checkpoints"
    sums = f"turnover {ledger.turnover} in minor units"
    return Finding(ledger.name, Verdict.WHOLE, f"{ledger.name} is whole: {said}, {sums}.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one sentence for each thing; the exit code is the gravest of them, 2 when nothing could be judged."""
    parser = argparse.ArgumentParser(prog="verify", description="Check signed receipts and ledgers.")
    parser.add_argument(
        "--keys", type=Path, required=True, metavar="FILE", help="the public keys of the shop"
    )
    parser.add_argument("things", nargs="+", metavar="THING", help="a receipt's text, or a file")
    chosen = parser.parse_args(arguments)
    try:
        keys = Keys(read_json(chosen.keys.read_text(encoding="utf-8")))
        texts = [thing for thing in chosen.things if thing.startswith("K1.")]
        paths = [Path(thing) for thing in chosen.things if not thing.startswith("K1.")]
        files = {path.name: read_lines(path.read_bytes()) for path in paths}
    except (OSError, *_UNREADABLE) as error:
        sys.stderr.write(f"This cannot be read: {error}\n")
        return 2
    findings = verify(keys, texts, files)
    for finding in findings:
        sys.stdout.write(f"{finding.verdict.value}: {finding.sentence}\n")
    codes = {EXIT[finding.verdict] for finding in findings}
    return next((code for code in _GRAVEST_FIRST if code in codes), 2)


def read_lines(raw: bytes) -> list[str]:
    """A file's lines; what is no UTF-8, and an end without a line feed, stay visible so that they are found."""
    text = raw.decode("utf-8", errors="surrogateescape")
    return text.removesuffix("\n").split("\n") if text.endswith("\n") else [*text.split("\n"), ""]


if __name__ == "__main__":
    sys.exit(main())
