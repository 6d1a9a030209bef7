"""Pictures as codes: what an image payload may be, judged by its header, since nothing here draws."""

from __future__ import annotations

import base64
import binascii
import struct

MOST_BYTES = 64 * 1024
MOST_SIDE = 2_000
_MAGIC = b"\x89PNG\r\n\x1a\n"


def picture_bytes(text: str) -> bytes:
    """The PNG of an image payload in base64 (blanks and line ends do not count). Raises ValueError, never with the text."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a picture is a PNG in base64") from None
    if len(raw) > MOST_BYTES:
        raise ValueError(f"a picture has at most {MOST_BYTES} bytes")
    if not raw.startswith(_MAGIC) or raw[12:16] != b"IHDR" or len(raw) < 57:
        raise ValueError("a picture is a PNG in base64")
    width, height = struct.unpack(">II", raw[16:24])
    if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
        raise ValueError(f"a picture has 1 to {MOST_SIDE} dots a side")
    return raw
