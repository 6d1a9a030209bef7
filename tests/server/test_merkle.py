"""The tree of RFC 6962 against the known answers of Certificate Transparency, and its proofs against a second reader."""

from hypothesis import given
from hypothesis import strategies as st

from platform_server.domain.merkle import (
    EMPTY_ROOT,
    Span,
    TreeEdge,
    consistency_spans,
    inclusion_spans,
    join,
    leaf_hash,
    whole_subtrees,
)
from tests.server.merkle_check import is_consistent, is_included

# The leaves and answers of the reference implementation's own tests.
DATA = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
H01, H23 = ROOTS[1], "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
H4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
H67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
H45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {
    (0, 1): [],
    (0, 8): [L1, H23, H4567],
    (5, 8): [L4, H67, ROOTS[3]],
    (2, 3): [H01],
    (1, 5): [ROOTS[0], H23, L4],
}
CONSISTENCY = {(1, 1): [], (1, 8): [L1, H23, H4567], (6, 8): [H45, H67, ROOTS[3]], (2, 5): [H23, L4]}
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]


def tree(leaves: list[bytes], span: Span) -> bytes:
    begin, end = span
    return TreeEdge().grown(leaves[begin:end])[0].root


def test_roots_are_those_of_the_known_answers() -> None:
    assert TreeEdge().root == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    edge = TreeEdge()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        edge, _ = edge.grown([leaf])
        assert edge.root.hex() == root


def test_proofs_are_those_of_the_known_answers() -> None:
    for (index, size), path in INCLUSION.items():
        assert [tree(LEAVES, span).hex() for span in inclusion_spans(index, size)] == path
    for (first, second), path in CONSISTENCY.items():
        spans = consistency_spans(first, second) if first < second else []
        assert [tree(LEAVES, span).hex() for span in spans] == path


@given(st.integers(1, 300), st.data())
def test_every_proof_convinces_and_no_other_does(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    root = tree(leaves, (0, size))
    index = data.draw(st.integers(0, size - 1))
    path = [tree(leaves, span) for span in inclusion_spans(index, size)]
    assert is_included(leaves[index], index, size, path, root)
    assert not is_included(leaf_hash(b"another"), index, size, path, root)
    first = data.draw(st.integers(1, size))
    old = tree(leaves, (0, first))
    grown = [tree(leaves, span) for span in consistency_spans(first, size)] if first < size else []
    assert is_consistent(first, size, grown, old, root)
    if first < size:
        changed = [*leaves[:first][:-1], leaf_hash(b"another")]
        assert not is_consistent(first, size, grown, tree(changed, (0, first)), root)


@given(st.integers(1, 600), st.integers(0, 599))
def test_a_tree_is_the_same_however_it_grew_and_knows_its_whole_subtrees(size: int, cut: int) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    at_once, whole = TreeEdge().grown(leaves)
    half, first = TreeEdge().grown(leaves[:cut])
    in_parts, second = half.grown(leaves[cut:])
    assert (in_parts, [*first, *second]) == (at_once, whole)
    known = {(node.level, node.index): node.hash for node in whole}
    assert len(known) == len(whole) == size - len(at_once.peaks)
    for begin, end in whole_subtrees((0, size)):
        level = (end - begin).bit_length() - 1
        assert begin % (end - begin) == 0
        assert known.get((level, begin >> level), leaves[begin]) == tree(leaves, (begin, end))
    assert join(at_once.peaks) == at_once.root
