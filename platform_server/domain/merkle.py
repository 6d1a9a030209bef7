"""A log that can only grow: the Merkle tree of RFC 6962, section 2.1, and its proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()
Span = tuple[int, int]  # leaves from the first number up to, but without, the second


def leaf_hash(data: bytes) -> bytes:
    """Of one leaf: SHA-256 over a zero byte and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Of two subtrees side by side: SHA-256 over a one byte and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A whole subtree of 2**level leaves, the `index`-th of its level from the left."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class TreeEdge:
    """All that is needed to grow a tree: how many leaves it has, and the roots of its whole subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        return join(self.peaks)

    def grown(self, leaves: Iterable[bytes]) -> tuple[TreeEdge, list[TreeNode]]:
        """With more leaf hashes on its right, and the subtrees above the leaves that became whole by them."""
        size, peaks, whole = self.size, list(self.peaks), []
        for leaf in leaves:
            made, level, index = leaf, 0, size
            while index % 2:
                made, level, index = node_hash(peaks.pop(), made), level + 1, index // 2
                whole.append(TreeNode(level, index, made))
            peaks.append(made)
            size += 1
        return TreeEdge(size, tuple(peaks)), whole


def join(peaks: Sequence[bytes]) -> bytes:
    """The hash of subtrees that stand side by side, largest first; EMPTY_ROOT of none."""
    if not peaks:
        return EMPTY_ROOT
    made = peaks[-1]
    for peak in reversed(peaks[:-1]):
        made = node_hash(peak, made)
    return made


def whole_subtrees(span: Span) -> list[Span]:
    """A span of a proof as the spans of its whole subtrees, largest first."""
    begin, end = span
    spans = []
    while begin < end:
        width = 1 << ((end - begin).bit_length() - 1)
        spans.append((begin, begin + width))
        begin += width
    return spans


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Whose hashes prove that leaf `index` is in the tree of `size` leaves, 0 <= index < size, from the leaf upwards."""
    begin, end, spans = 0, size, []
    while end - begin > 1:
        middle = begin + _half(end - begin)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((begin, middle))
            begin = middle
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """Whose hashes prove that the tree of `first` leaves is the beginning of that of `second`, 0 < first <= second."""
    begin, end, spans = 0, second, []
    while first < end:
        middle = begin + _half(end - begin)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((begin, middle))
            begin = middle
    return [*([(begin, end)] if begin else []), *spans[::-1]]


def _half(width: int) -> int:
    """The largest power of two below the width, which is at least 2."""
    return 1 << ((width - 1).bit_length() - 1)
