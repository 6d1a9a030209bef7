"""What a Chinese printer can carry, what is replaced by rule, and what is rather not printed at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.printing.charset import Unprintable, columns, encoded, exact, fitted


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("￥12.50", "￥12.50"),
        ("¥12.50", "￥12.50"),
        ("，。、（）“充值”…《》·", "，。、（）“充值”…《》·"),
        ("陶喆 镕 〇", "陶喆 镕 〇"),
        ("𠮷野家", "吉野家"),
        ("㐂", "喜"),
        ("Pokémon Größe naïve", "Pokemon Grosse naive"),
        ("e\u0301clair", "eclair"),
        ("“Quoted” – it’s…", '"Quoted" - it\'s...'),
        ("5 € £ ®", "5 EUR GBP (R)"),
        ("①②㈱Ⅷ", "①②㈱Ⅷ"),
        ("\U0001f3ae游戏\ufe0f\u200d", "?游戏"),
        ("tab\tline\nnbsp\xa0end", "tab line nbsp end"),
        ("ﬁ ｶ", "fi カ"),
        ("\x1b@\x00\x1d", "@"),
        ("\ud800", ""),
    ],
)
def test_names_are_fitted(written: str, printed: str) -> None:
    assert fitted(written) == printed


@pytest.mark.parametrize("code", ["ABCD-1234", "￥12.50", "测试 A1"])
def test_codes_and_sums_pass_unchanged(code: str) -> None:
    assert exact(code) == code


@pytest.mark.parametrize("code", ["AB\u200bCD", "¥12.50", "𠮷", "A\x1bB", "é€"])
def test_codes_and_sums_are_refused_rather_than_changed(code: str) -> None:
    with pytest.raises(Unprintable):
        exact(code)


def test_the_refusal_does_not_repeat_the_code() -> None:
    with pytest.raises(Unprintable) as caught:
        exact("SECRET\u200b")
    assert "SECRET" not in str(caught.value)


@given(st.text())
def test_whatever_is_fitted_can_be_printed_and_measured(text: str) -> None:
    """Two bytes are two columns: the encoder and the ruler agree, for every text there is."""
    said = fitted(text)
    assert len(encoded(said)) == columns(said)
    assert all(byte >= 0x20 for byte in encoded(said))
    assert fitted(said) == said
