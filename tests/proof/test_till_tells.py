"""What a till's own commands write is what the verifier takes: its ledger and its public keys, from real books."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.bootstrap.wiring import House, assemble
from pos_app.domain.ledger import canonical
from pos_app.domain.signature import packed
from pos_app.places import places
from pos_app.store.books import TillBooks
from pos_app.store.keys import load_keys
from pos_app.store.signer import TillSigner
from pos_app.verify import EXIT, Keys, main, verify
from tests.fakes.till_platform import RENEWAL_CODE
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.fakes.till_shop import _world as world_of
from tests.flows.selling import sold
from tests.proof.stage import PLATFORM, Stage, keys_file

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Real books, with two sales in them, pushed to a platform that knows no log."""
    where = places(tmp_path / "data", tmp_path / "keys")
    where.prepare()
    keys = load_keys(where.till, where.keys, use_keyring=False)
    books = TillBooks(where.till, keys.database_key, lambda at: at, signer=TillSigner(keys.sign_key))
    fake: FakeShop = make_fake_shop(till=books)  # type: ignore[arg-type]  # the same two doors
    with books.open_books() as opened:
        key = packed(PLATFORM.public_key().public_bytes_raw())
        opened.till.enrol(replace(opened.till.enrolment(), platform_key=key))
        opened.commit()
    fake.shop = assemble(world_of(fake), House())
    sold(fake, codes=1)
    sold(fake, codes=2)
    books.close()
    return tmp_path


def till(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    where = ("--data", str(folder / "data"), "--keys", str(folder / "keys"))
    command = [sys.executable, "-m", "pos_app", *words, *where]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_tills_ledger_and_keys_are_what_a_verifier_needs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, keys = folder / "ledger.jsonl", folder / "public.json"
    told = till(folder, "ledger", "--out", str(ledger))
    assert told.returncode == 0, told.stderr
    assert told.stdout == f"{len(ledger.read_text().splitlines())} lines are in {ledger}.\n"
    told = till(folder, "keys")
    keys.write_text(told.stdout)
    assert "PRIVATE" not in told.stdout
    secret = json.loads(next((folder / "keys").glob("*.json")).read_text())
    assert not [name for name, value in secret.items() if value in told.stdout]
    entries = [json.loads(line) for line in ledger.read_text().splitlines()]
    receipts = [each["body"]["text"] for each in entries if each["kind"] == "receipt_signed"]
    assert len(receipts) == 2
    assert main(["--keys", str(keys), str(ledger), *receipts]) == 0
    said = capsys.readouterr().out
    assert (said.count("genuine: "), said.count("is whole: ")) == (2, 1)
    doctor = till(folder, "doctor")
    assert "signatures too" in doctor.stdout


def test_without_books_or_a_file_it_says_so(folder: Path) -> None:
    assert till(folder, "ledger").returncode == 2
    nowhere = till(folder / "none", "keys")
    assert (nowhere.returncode, "no books" in nowhere.stderr) == (2, True)
    unwritable = till(folder, "ledger", "--out", str(folder / "none" / "ledger.jsonl"))
    assert unwritable.returncode == 2


def test_the_ledger_of_a_till_that_began_anew_is_whole() -> None:
    """An old copy was put back: what the platform held is in the ledger again, and numbers and turnover go on."""
    fake = make_fake_shop(stock=50)
    sold(fake)
    old = fake.till.pages.copy()
    sold(fake)
    sold(fake, codes=1)
    fake.shop.push_outbox()
    fake.till.pages = old.copy()
    fake.restarted().take_up()
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    sold(fake)
    entries = tuple(fake.till.pages.ledger.values())
    lines = tuple(
        canonical(each.as_wire()).decode() for each in sorted(entries, key=lambda e: (e.epoch, e.seq))
    )
    texts = {number: each.text for number, each in fake.till.pages.signed.items()}
    stage = Stage(lines, texts, entries, fake)
    findings = verify(Keys(keys_file(stage)), texts.values(), {"ledger.jsonl": lines})
    assert [each.sentence for each in findings if EXIT[each.verdict]] == []
    assert len(findings) == len(texts) + 1 == 5
    assert "turnover 70000 in minor units" in findings[-1].sentence
