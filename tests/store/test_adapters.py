"""The vault, the PINs, the number plan and the exporter."""

from __future__ import annotations

import base64
import csv
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from pos_app.domain.card_code import Binding, CardSecret
from pos_app.domain.catalogue import Names
from pos_app.domain.errors import CodeSealBroken, DiskTrouble, FieldInvalid
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.report import DayFigures, DayReport, Share
from pos_app.store.exporter import FileExporter, neutral
from pos_app.store.number_plan import LibraryNumberPlan
from pos_app.store.pins import Argon2Pins
from pos_app.store.vault import HpkeVault
from tests.store.till_world import DAY

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
BINDING = Binding("shop", "till", 1, "sale", "line", "card", "product", Money(5_000))
WORDS = Path(__file__).parent.parent.parent / "resources" / "words"


def seal(key: X25519PrivateKey, text: Any, binding: Binding = BINDING) -> bytes:
    raw = text if isinstance(text, bytes) else json.dumps(text).encode()
    return SUITE.encrypt(raw, key.public_key(), binding.encode())


def test_a_sealed_code_opens_for_its_binding_alone() -> None:
    key = X25519PrivateKey.generate()
    text = {"number": "12", "pin": "34", "link": None, "image": None, "expires_at": "2027-01-01"}
    vault, sealed = HpkeVault(key), seal(key, text)
    secret = vault.open(sealed, BINDING)
    assert (secret.number, secret.pin, secret.link, secret.expires_at) == ("12", "34", None, "2027-01-01")
    others: dict[str, Any] = {"epoch": 2, "face": Money(5_001)}
    for name in (field.name for field in fields(Binding)):
        changed: Any = {name: others.get(name, "other")}
        wrong = replace(BINDING, **changed)
        with pytest.raises(CodeSealBroken):
            vault.open(sealed, wrong)
    for spoiled in (b"", sealed[:-1], sealed[:20], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(CodeSealBroken):
            vault.open(spoiled, BINDING)
    with pytest.raises(CodeSealBroken):
        HpkeVault(X25519PrivateKey.generate()).open(sealed, BINDING)


@pytest.mark.parametrize("text", [b"no json 1234", b"\xff", [1], "text", {"number": 12}, {"pin": ["34"]}])
def test_what_is_sealed_but_no_code_is_refused_and_not_shown(text: Any) -> None:
    key = X25519PrivateKey.generate()
    with pytest.raises(CodeSealBroken) as caught:
        HpkeVault(key).open(seal(key, text), BINDING)
    assert caught.value.card_id == "card"
    assert caught.value.__cause__ is None
    assert "1234" not in repr(caught.value)


def test_a_code_without_all_parts() -> None:
    key = X25519PrivateKey.generate()
    assert HpkeVault(key).open(seal(key, {"link": "https://x"}), BINDING) == CardSecret(
        None, None, "https://x", None
    )


def test_a_code_that_is_a_picture() -> None:
    key = X25519PrivateKey.generate()
    text = base64.b64encode(b"\x89PNG picture").decode()
    opened = HpkeVault(key).open(seal(key, {"image": f"{text[:8]}\n{text[8:]}"}), BINDING)
    assert opened == CardSecret(None, None, None, None, b"\x89PNG picture")
    for wrong in ("no base64! 1234", 5):
        with pytest.raises(CodeSealBroken) as caught:
            HpkeVault(key).open(seal(key, {"image": wrong}), BINDING)
        assert "1234" not in repr(caught.value)


def test_pins_need_the_pepper() -> None:
    pins = Argon2Pins(b"p" * 32)
    hashed = pins.hash("135790")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != pins.hash("135790")
    assert pins.matches(hashed, "135790")
    assert not pins.matches(hashed, "135791")
    assert not pins.matches(hashed, "")
    assert not Argon2Pins(b"q" * 32).matches(hashed, "135790")
    assert not pins.matches("no hash", "135790")


@pytest.mark.parametrize(
    ("digits", "carrier", "place"),
    [
        ("13800138000", "mobile", "Beijing"),
        ("13012345678", "unicom", "Chongqing"),
        ("18912345678", "telecom", "Changzhou, Jiangsu"),
        ("19212345678", "broadnet", ""),
    ],
)
def test_numbers_have_a_carrier_and_a_place(digits: str, carrier: str, place: str) -> None:
    number = LibraryNumberPlan().check(digits)
    assert (number.digits, number.carrier, number.place_en) == (digits, carrier, place)
    assert bool(number.place_zh) == bool(place)


@pytest.mark.parametrize(
    "digits",
    ["", "1380013800", "138001380000", "01012345678", "12345678901", "1380013800x", "+8613800138", "１" * 11],
)
def test_numbers_that_there_cannot_be(digits: str) -> None:
    with pytest.raises(FieldInvalid):
        LibraryNumberPlan().check(digits)


def report() -> DayReport:
    evil = Names("=HYPERLINK(1)", "=HYPERLINK(1)")
    shares = (
        Share("p1", Names("星河点券", "Galaxy, points"), 3, Money(30_050), Money(-150)),
        Share("p2", evil, -1, Money(-5), Money(0)),
    )
    tenders = (Share("cash", Names("cash", "cash"), 2, Money(30_045), Money(-150)),)
    people = (Share("bo", Names("@bo", "@bo"), 2, Money(30_045), Money(-150)),)
    figures = DayFigures(2, Money(30_045), Money(-150), Money(5))
    before = DayFigures(0, Money(0), Money(0), Money(0))
    hours = tuple(Money(30_045 if hour == 12 else 0) for hour in range(24))
    return DayReport(DAY, figures, before, hours, shares, tenders, people)


def test_a_day_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    FileExporter(WORDS).write_day(report(), path, "zh_CN")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert ["营业额", "300.45", "0.00"] in rows
    assert ["12:00", "300.45"] in rows
    assert ["星河点券", "3", "300.50", "-1.50"] in rows
    assert ["'=HYPERLINK(1)", "-1", "-0.05", "0.00"] in rows
    assert ["现金", "2", "300.45", "-1.50"] in rows
    assert ["'@bo", "2", "300.45", "-1.50"] in rows
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


def test_a_day_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    FileExporter(WORDS).write_day(report(), path, "en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Figures", "Hours", "Products", "Tenders", "Cashiers"]
    products = [[cell.value for cell in row] for row in book["Products"].iter_rows()]
    assert products == [
        ["Name", "Number", "Takings", "Margin"],
        ["Galaxy, points", 3, 300.5, -1.5],
        ["'=HYPERLINK(1)", -1, -0.05, 0],
    ]
    assert [cell.value for cell in book["Figures"]["A"]][1:] == [
        "Sales",
        "Takings",
        "Margin",
        "Refunds",
        "Average sale",
    ]
    assert book["Figures"]["B3"].number_format == "#,##0.00"
    book.close()
    assert [path.name for path in tmp_path.iterdir()] == ["day.xlsx"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_place_that_cannot_be_written_to(tmp_path: Path, ending: str) -> None:
    with pytest.raises(DiskTrouble):
        FileExporter(WORDS).write_day(report(), tmp_path / "none" / f"day.{ending}", "en")
    taken = tmp_path / f"day.{ending}"
    taken.mkdir()
    with pytest.raises(DiskTrouble):
        FileExporter(WORDS).write_day(report(), taken, "en")
    assert [path.name for path in tmp_path.iterdir()] == [taken.name]


def test_both_languages_have_every_word() -> None:
    zh, en = (
        json.loads((WORDS / f"report.{name}.json").read_text(encoding="utf-8")) for name in ("zh", "en")
    )
    assert zh.keys() == en.keys()
    assert {f"tender_{each.value}" for each in Tender} <= zh.keys()


def test_formulas_are_text() -> None:
    assert [neutral(text) for text in ("=1", "+1", "-1", "@x", "\tx", "x=1", "")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "x=1",
        "",
    ]
