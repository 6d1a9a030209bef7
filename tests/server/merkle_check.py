"""Checks proofs as RFC 9162 writes it down (2.1.3.2 and 2.1.4.2), apart from the code that makes them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    if index >= size:
        return False
    fn, sn, made = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            made = _node(step, made)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            made = _node(made, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and made == root


def is_consistent(first: int, second: int, path: Sequence[bytes], old: bytes, new: bytes) -> bool:
    if first == second or first == 0:
        return not path and (first == 0 or old == new)
    steps = [old, *path] if first & (first - 1) == 0 else list(path)
    fn, sn = first - 1, second - 1
    while fn % 2:
        fn, sn = fn >> 1, sn >> 1
    if not steps:
        return False
    before = after = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            before, after = _node(step, before), _node(step, after)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            after = _node(after, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and (before, after) == (old, new)
