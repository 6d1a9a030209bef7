"""What an operator types about money, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platform_server.app import logs
from platform_server.app.cli import main
from platform_server.domain.settlement_file import read_file
from platform_server.wire.documents import is_signed
from tests.fakes.platform_ledger import TillLedger
from tests.fakes.platform_till import unb64

Type = Callable[..., tuple[int, str]]
WHY = ("--reason", "agreed")
EXAMPLES = Path(__file__).parents[1] / "wire_examples"


@pytest.fixture
def type_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Runs a command on a platform of its own: the exit code, and all that it said."""
    monkeypatch.setattr(logs, "start_logs", lambda *_, **__: None)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        places = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
        code = main([*words, *([] if words[:2] == ("settlement", "verify") else places)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_wallet_from_the_command_line(type_in: Type, tmp_path: Path) -> None:
    assert type_in("wallet", "limit", "--minor", "1", "--reason", "x")[1] == "There is no such shop.\n"
    assert type_in("credit", "--minor", "5000", "--reference", "bank 1")[0] == 0
    booking = ("--reference", "bank 2", "--reason", "paid", "--actor", "ann")
    for _ in range(2):
        assert type_in("wallet", "credit", "--minor", "700", *booking)[1].startswith("balance 5700 CNY")
    for _ in range(2):
        assert type_in("wallet", "debit", "--minor", "200", *booking)[1].startswith("balance 5500 CNY")
    assert type_in("wallet", "limit", "--minor", "900", "--reason", "good")[1].startswith("credit limit 900")
    code, said = type_in("wallet", "debit", "--minor", "6401", "--reference", "r", "--reason", "x")
    assert (code, said) == (1, "The wallet does not have it.\n")
    today = datetime.now(UTC).date()
    span = ("--from", str(today - timedelta(days=1)), "--to", str(today + timedelta(days=1)))
    _, said = type_in("wallet", "statement", *span)
    rows = said.splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == ["opening", "funding", "funding", "debit", "closing"]
    assert ",0,200,5500,ann,paid" in rows[4]
    assert type_in("wallet", "statement", *span, "--out", "s.csv")[1] == (
        "3 movements, closing balance 5500: s.csv\n"
    )
    assert (tmp_path / "s.csv").read_text("utf-8") == said


def test_prices_from_the_command_line(type_in: Type, tmp_path: Path) -> None:
    type_in("credit", "--minor", "1", "--reference", "r")
    breaks = [{"from": 1, "rate_bp": 9_700}, {"from": 10, "minor": 950}]
    document = {"rules": [{"scope": "brand", "subject": "star", "breaks": breaks}]}
    (tmp_path / "gold.json").write_text(json.dumps(document), "utf-8")
    assert type_in("prices", "put", "gold", "gold.json", *WHY) == (0, "price tier gold has 1 rules\n")
    assert type_in("prices", "list")[1] == "gold: 1 rules\n  brand star: 1+ 9700 bp, 10+ 950\n"
    assert type_in("prices", "assign", "gold", *WHY)[1].endswith("pays the prices of gold\n")
    assert type_in("prices", "assign", *WHY)[1].endswith("pays list prices\n")
    assert type_in("prices", "assign", "silver", *WHY) == (1, "No price tier is called silver.\n")
    (tmp_path / "gold.json").write_text('{"rules": [{"scope": "all"}]}', "utf-8")
    assert type_in("prices", "put", "gold", "gold.json", *WHY) == (1, "Rule 1 has no breaks.\n")


def test_settlements_from_the_command_line(type_in: Type, tmp_path: Path) -> None:
    type_in("credit", "--minor", "1", "--reference", "r")
    code, said = type_in("settlement", "make", "--date", "2020-01-02")
    assert (code, said.splitlines()[0]) == (
        0,
        "settlement-2020-01-02.csv: 0 lines, charged 0, returned 0 CNY",
    )
    key = said.split()[-1]
    file = "settlement-2020-01-02.csv"
    raw = (tmp_path / file).read_bytes()
    assert type_in("settlement", "make", "--date", "2020-01-02", "--out", "again.csv")[0] == 0
    assert (tmp_path / "again.csv").read_bytes() == raw
    code, said = type_in("settlement", "verify", file, "--key", key)
    assert (code, said[:5]) == (0, "true:")
    assert (
        type_in("settlement", "verify", file, "--key", "A" * 43)[1]
        == "the signature is not that of this key\n"
    )
    assert type_in("settlement", "compare", "--file", file) == (0, "0 lines compared, 0 differ\n")
    code, said = type_in("settlement", "make", "--date", "2999-01-01")
    assert (code, said) == (1, "The business date 2999-01-01 is not over.\n")
    (tmp_path / file).write_bytes(raw.replace(b"total,due,0,0", b"total,due,0,1"))
    code, said = type_in("settlement", "verify", file, "--key", key)
    assert (code, len(said.splitlines())) == (1, 2)
    assert type_in("settlement", "compare", "--file", file)[0] == 1


def test_a_file_beside_the_ledgers_that_tills_wrote(type_in: Type, tmp_path: Path) -> None:
    told = json.loads((EXAMPLES / "settlement.response.json").read_text("utf-8"))
    file = read_file(told["file"].encode())
    (line,) = file.settlement.lines
    (tmp_path / "day.csv").write_text(told["file"], "utf-8", newline="\n")
    ledger = TillLedger(line.till_id)
    ledger.write("signed_in", {"person_id": "p"})
    sold = {"line_id": "1", "product_id": line.product_id, "quantity": 2, "cost_minor": 9_500}
    ledger.write("sale_paid", {"sale_id": line.sale_id, "receipt_number": "T1-000001", "lines": [sold]})
    ledger.write("sale_confirmed", {"sale_id": line.sale_id})
    (tmp_path / "till.jsonl").write_bytes(ledger.lines)
    compare = ("settlement", "compare", "--file", "day.csv", "--till-ledger")
    assert type_in(*compare, "till.jsonl") == (0, "1 lines compared, 0 differ\n")
    (tmp_path / "till.jsonl").write_bytes(ledger.lines.replace(b'"cost_minor":9500', b'"cost_minor":9400'))
    code, said = type_in(*compare, "till.jsonl")
    assert code == 1
    assert said.splitlines() == [
        "till.jsonl: entry 3 does not follow from the one before it: one of the two was altered",
        f"sale {line.sale_id} line 1 of till {line.till_id}: cost is 19000 here and 18800 at the till",
        "1 lines compared, 1 differ",
    ]
    other = TillLedger("other")
    other.day = str(file.settlement.day)
    for number in range(60):
        other.write("sale_paid", {"sale_id": f"s{number}", "receipt_number": "", "lines": [sold]})
        other.write("sale_confirmed", {"sale_id": f"s{number}"})
    (tmp_path / "till.jsonl").write_bytes(other.lines)
    code, said = type_in(*compare, "till.jsonl")
    rows = said.splitlines()
    assert (code, rows[0]) == (1, f"not compared, for their ledgers are not here: tills {line.till_id}")
    assert (len(rows), rows[-2]) == (53, "and 10 more")


def test_the_published_file_is_true_for_the_published_key() -> None:
    """The test vector of docs/settlement.md."""
    page = (EXAMPLES.parents[1] / "docs" / "settlement.md").read_text("utf-8")
    (key,) = [word.strip("`.,;") for word in page.split() if len(word.strip("`.,;")) == 43]
    file = read_file(json.loads((EXAMPLES / "settlement.response.json").read_text("utf-8"))["file"].encode())
    assert is_signed(file.message, file.signature, unb64(key))
