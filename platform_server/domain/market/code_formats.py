"""Writes card numbers and PINs the way their brands print them, from a serial number that never repeats."""

from dataclasses import dataclass
from hashlib import blake2b

DIGITS = "0123456789"
CLEAR_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O, 1 I L and U: read aloud and typed by hand

SERIAL_BITS = 32
_SERIALS = 1 << SERIAL_BITS


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """How one kind of number looks; no two formats are equally long, so their codes cannot meet."""

    alphabet: str
    body_length: int
    prefix: str = ""
    has_check: bool = False
    group: int = 0

    def write(self, value: int) -> str:
        """The code for a value below `capacity`; different values give different codes."""
        body = f"{value:0{self.body_length}d}" if self.alphabet == DIGITS else self._spell(value)
        text = self.prefix + body
        if self.has_check:
            text += check_character(text, self.alphabet)
        if self.group:
            text = "-".join(text[at : at + self.group] for at in range(0, len(text), self.group))
        return text

    @property
    def capacity(self) -> int:
        """How many codes the format can write."""
        return int(len(self.alphabet) ** self.body_length)

    def _spell(self, value: int) -> str:
        alphabet, base = self.alphabet, len(self.alphabet)
        letters = []
        for _ in range(self.body_length):
            value, rest = divmod(value, base)
            letters.append(alphabet[rest])
        return "".join(letters)


def check_character(text: str, alphabet: str) -> str:
    """The Luhn check over any alphabet: it catches each single slip and nearly every swap of neighbours."""
    base = len(alphabet)
    total = 0
    for place, letter in enumerate(reversed(text)):
        weighted = alphabet.index(letter) * (1 if place % 2 else 2)
        total += weighted // base + weighted % base
    return alphabet[-total % base]


class CodeSource:
    """Turns serials into values that look random, depend on the seed and are never equal."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._key = blake2b(f"{purpose}:{seed}".encode(), digest_size=32).digest()
        self._mask = int.from_bytes(self._key[:4], "big")

    def code(self, form: CodeFormat, serial: int) -> str:
        """The code of one card; `serial` counts all cards of the market."""
        digest = blake2b(serial.to_bytes(4, "big"), digest_size=24, key=self._key).digest()
        room = form.capacity >> SERIAL_BITS
        # the low 32 bits are a permutation of the serial, so nothing above them can make two codes equal
        return form.write((int.from_bytes(digest, "big") % room << SERIAL_BITS) | self._scatter(serial))

    def _scatter(self, serial: int) -> int:
        # every step can be undone (xor, xor-shift, odd factor), hence no two serials end alike
        mixed = serial ^ self._mask
        mixed ^= mixed >> 16
        mixed = mixed * 0x85EBCA6B % _SERIALS
        mixed ^= mixed >> 13
        mixed = mixed * 0xC2B2AE35 % _SERIALS
        return mixed ^ mixed >> 16


# Numbers. None begins like a bank card.
NUMBER_12 = CodeFormat(CLEAR_LETTERS, 9, prefix="GC", has_check=True)
NUMBER_16 = CodeFormat(DIGITS, 13, prefix="88", has_check=True)
NUMBER_17 = CodeFormat(DIGITS, 15, prefix="09")
NUMBER_19 = CodeFormat(DIGITS, 16, prefix="23", has_check=True)
NUMBER_20 = CodeFormat(DIGITS, 18, prefix="10")
# PINs.
PIN_11 = CodeFormat(DIGITS, 11)
PIN_13 = CodeFormat(CLEAR_LETTERS, 13)
PIN_14 = CodeFormat(DIGITS, 14)
PIN_15 = CodeFormat(CLEAR_LETTERS, 14, has_check=True)
PIN_18 = CodeFormat(DIGITS, 18)
PIN_25 = CodeFormat(CLEAR_LETTERS, 25, group=5)
# The last part of a link.
TOKEN_22 = CodeFormat(CLEAR_LETTERS, 22)
