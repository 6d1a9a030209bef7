"""Enrolment codes, right and wrong."""

import base64
import hashlib

import pytest

from pos_app.domain.errors import EnrolmentCodeWrong
from pos_app.wire.platform.enrolment_code import read_enrolment_code


def make(address: str = "http://127.0.0.1:8080", key: bytes = bytes(32), secret: bytes = bytes(16)) -> str:
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (address.encode(), key, secret)]
    return checked(".".join(["K1", *parts]))


def checked(body: str) -> str:
    return f"{body}.{hashlib.sha256(body.encode()).hexdigest()[:8]}"


def test_a_code_is_read_also_when_a_mail_broke_it() -> None:
    code = make(key=b"k" * 32, secret=b"s" * 16)
    read = read_enrolment_code(f"  {code[:30]}\n {code[30:]} ")
    assert read.address == "http://127.0.0.1:8080"
    assert base64.urlsafe_b64decode(read.platform_key + "=") == b"k" * 32
    assert base64.urlsafe_b64decode(read.secret + "==") == b"s" * 16
    assert read.secret not in repr(read)


@pytest.mark.parametrize("position", range(0, len(make()), 7))
def test_a_mistyped_letter_is_noticed(position: int) -> None:
    code = make()
    wrong = "x" if code[position] != "x" else "y"
    with pytest.raises(EnrolmentCodeWrong):
        read_enrolment_code(code[:position] + wrong + code[position + 1 :])


@pytest.mark.parametrize(
    "code",
    [
        "",
        ".",
        "K1.a.b.c",
        "6901234567892",
        "卡",
        make(key=bytes(31)),
        make(secret=bytes(15)),
        checked(make().rpartition(".")[0].replace("K1", "K2")),
        checked("K1.a.b"),
        checked("K1.!.?.*"),
    ],
)
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(EnrolmentCodeWrong):
        read_enrolment_code(code)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080",
        "http://localhost:1",
        "http://[::1]:8080",
        "http://192.168.1.5:8080",
        "http://10.0.0.1",
        "http://[fd00::1]:80",
        "https://platform.example",
        "https://platform.example:8443",
        "https://8.8.8.8",
    ],
)
def test_usable_addresses(address: str) -> None:
    assert read_enrolment_code(make(address)).address == address


@pytest.mark.parametrize(
    "address",
    [
        "http://8.8.8.8",
        "http://platform.example",
        "http://0.0.0.0:80",
        "https://",
        "ftp://127.0.0.1",
        "https://platform.example/",
        "https://platform.example/v1",
        "https://user:pass@platform.example",
        "https://platform.example?x=1",
        "https://Platform.example",
        "https://platform.example:99999",
        "127.0.0.1:8080",
        "http://[::1",
    ],
)
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(EnrolmentCodeWrong):
        read_enrolment_code(make(address))
