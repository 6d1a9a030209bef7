"""The file itself: opened, damaged, foreign, newer, locked, full, and killed in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlcipher3 import dbapi2

from pos_app.domain.catalogue import Payload
from pos_app.domain.errors import (
    AlreadyRunning,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseNewer,
    DiskTrouble,
    StoreTrouble,
)
from pos_app.domain.sale import SaleSearch
from pos_app.store import migrate, tables
from pos_app.store.books import BOOKS, TillBooks
from pos_app.store.engine import refuse_old_sqlite
from pos_app.store.lock import TillLock
from tests.fakes.till_goods import code_product
from tests.store.old_file import with_later_columns
from tests.store.till_world import DAY, KEY, NOON, OWNER, World, begun, card_of, open_file, paid

ROOT = Path(__file__).parent.parent.parent


def world_of(books: TillBooks) -> World:
    return World(books.open_books, books.open_to_read)


def filled(folder: Path, *, with_ledger: bool = True) -> None:
    """A file with a sale in it, closed."""
    books = open_file(folder)
    world = world_of(books).enrolled()
    world.stock(code_product())
    sale = paid(begun(), world.write(lambda books: books.sales.next_receipt_number()))
    world.put(sale)
    world.write(lambda books: books.cards.put(card_of(sale, "card-1")))
    if with_ledger:
        world.write(lambda books: books.ledger.append("sale_paid", NOON, DAY, {"sale_id": sale.id}))
    books.close()


def raw(folder: Path, key: bytes = KEY) -> dbapi2.Connection:
    connection = dbapi2.connect(str(folder / BOOKS), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def test_a_fresh_file_has_the_schema_of_the_tables(tmp_path: Path) -> None:
    """What the frozen steps make is what `tables.py` says, table by table, index by index."""
    open_file(tmp_path).close()
    memory = create_engine("sqlite://", module=dbapi2)
    expected = {}
    for table in tables.metadata.tables.values():
        expected[table.name] = str(CreateTable(table).compile(memory))
        expected.update((str(index.name), str(CreateIndex(index).compile(memory))) for index in table.indexes)
    for name in tables.SEARCH_INDEXES:
        expected[name] = tables.SEARCH_INDEX.format(name=name)
    with raw(tmp_path) as connection:
        found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    connection.close()
    made_by_fts = {name for name in found for index in tables.SEARCH_INDEXES if name.startswith(f"{index}_")}
    ours = {name: sql for name, sql in found.items() if name not in made_by_fts | {"alembic_version"}}
    assert {name: " ".join(sql.split()) for name, sql in ours.items()} == {
        name: " ".join(sql.split()) for name, sql in expected.items()
    }


def test_the_constant_names_the_newest_step() -> None:
    steps = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert steps.get_heads() == [migrate.HEAD]


def test_a_file_in_its_present_shape_opens_without_alembic(tmp_path: Path) -> None:
    open_file(tmp_path).close()
    script = f"""
        import sys
        from pathlib import Path
        from pos_app.store.books import TillBooks
        TillBooks(Path({str(tmp_path)!r}), bytes(range(32)), lambda at: at, signer=None).close()
        sys.exit([name for name in sys.modules if name in ("alembic", "pypinyin", "keyring")] != [])
    """
    assert (
        subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=False).returncode == 0
    )


def test_an_older_file_is_backed_up_and_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that rebuilds a parent table leaves what hangs below it in peace (foreign keys are off meanwhile)."""
    filled(tmp_path)
    head = migrate.HEAD
    steps = tmp_path / "steps"
    (steps / "versions").mkdir(parents=True)
    real = Path(migrate.__file__).parent / "migrations"
    (steps / "env.py").write_text((real / "env.py").read_text())
    for step in (real / "versions").glob("*.py"):
        (steps / "versions" / step.name).write_text(step.read_text())
    (steps / "versions" / "9001_more.py").write_text(
        textwrap.dedent(f"""
        from alembic import op
        import sqlalchemy as sa
        revision = "9001"
        down_revision = "{migrate.HEAD}"
        def upgrade():
            with op.batch_alter_table("sales", recreate="always") as batch:
                batch.add_column(sa.Column("note", sa.Text, nullable=True))
        """)
    )
    monkeypatch.setattr(migrate, "HEAD", "9001")
    monkeypatch.setattr(migrate, "STEPS", steps)
    books = open_file(tmp_path)
    with books.open_to_read() as found:
        assert found.cards.get("card-1").sealed == b"sealed"
        assert len(found.sales.search(_all())) == 1
    assert books.inspector.trouble() == []
    books.close()
    with raw(tmp_path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9001",)]
    connection.close()
    backups = list((tmp_path / "backups").iterdir())
    assert [path.name for path in backups] == [f"before-9001-from-{head}.db"]
    monkeypatch.undo()
    backups[0].rename(tmp_path / BOOKS)
    for rest in ("-wal", "-shm"):
        (tmp_path / f"{BOOKS}{rest}").unlink(missing_ok=True)
    restored = open_file(tmp_path)
    with restored.open_to_read() as found:
        assert found.staff.people() == (OWNER,)
    restored.close()


def test_a_file_of_before_picture_codes_takes_them_after_the_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = tmp_path / "steps"
    (steps / "versions").mkdir(parents=True)
    real = Path(migrate.__file__).parent / "migrations"
    for name in ("env.py", "versions/0001_first_books.py"):
        (steps / name).write_text((real / name).read_text())
    with monkeypatch.context() as before:
        before.setattr(migrate, "HEAD", "0001")
        before.setattr(migrate, "STEPS", steps)
        with with_later_columns(tmp_path):
            filled(tmp_path, with_ledger=False)  # its ledger had other columns
    books = open_file(tmp_path)
    assert books.inspector.trouble() == []
    with books.open_books() as found:
        card = found.cards.get("card-1")
        found.cards.put(replace(card, card_id="card-2", payload=Payload.IMAGE))
        found.commit()
    with books.open_to_read() as found:
        kept = [(card.card_id, card.payload, card.sealed) for card in found.cards.of_sale(card.sale_id)]
    assert kept == [("card-1", Payload.NUMBER_PIN, b"sealed"), ("card-2", Payload.IMAGE, b"sealed")]
    books.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    steps = tmp_path / "steps"
    (steps / "versions").mkdir(parents=True)
    real = Path(migrate.__file__).parent / "migrations"
    (steps / "env.py").write_text((real / "env.py").read_text())
    for step in (real / "versions").glob("*.py"):
        (steps / "versions" / step.name).write_text(step.read_text())
    (steps / "versions" / "9001_bad.py").write_text(
        f'from alembic import op\nrevision = "9001"\ndown_revision = "{migrate.HEAD}"\n'
        'def upgrade():\n    op.execute("DROP TABLE payments")\n    op.execute("NONSENSE")\n'
    )
    monkeypatch.setattr(migrate, "HEAD", "9001")
    monkeypatch.setattr(migrate, "STEPS", steps)
    with pytest.raises(Exception, match="syntax error"):
        open_file(tmp_path)
    monkeypatch.undo()
    books = open_file(tmp_path)
    assert len(books.inspector.trouble()) == 0
    with books.open_to_read() as found:
        assert found.sales.search(_all())[0].total.minor == 20_000
    books.close()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def _cut_in_the_middle(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def _noise(path: Path) -> None:
    path.write_bytes(os.urandom(40_960))


def _plain(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()


def _other_key(path: Path) -> None:
    path.unlink()
    open_file(path.parent, key=b"k" * 32).close()


def _other_program(path: Path) -> None:
    path.unlink()
    with raw(path.parent) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE other (x)")
    connection.close()


def _newer(path: Path) -> None:
    with raw(path.parent) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_empty, DatabaseDamaged),
        (_cut, DatabaseDamaged),
        (_cut_in_the_middle, DatabaseDamaged),
        (_noise, DatabaseForeign),
        (_plain, DatabaseForeign),
        (_other_key, DatabaseForeign),
        (_other_program, DatabaseForeign),
        (_newer, DatabaseNewer),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_alone(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[StoreTrouble]
) -> None:
    filled(tmp_path)
    path = tmp_path / BOOKS
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(error) as caught:
        open_file(tmp_path)
    assert caught.value.path == str(path)  # type: ignore[attr-defined]
    assert path.read_bytes() == before


def test_half_of_a_first_file_is_made_anew(tmp_path: Path) -> None:
    """The power went while the file was first made: the till starts as if it had never been."""
    for ending in ("", "-wal", "-journal"):
        (tmp_path / f"{BOOKS}.fresh{ending}").write_bytes(b"half" * 3000)
    books = open_file(tmp_path)
    world_of(books).put(begun())
    assert books.inspector.trouble() == []
    books.close()
    assert [path.name for path in tmp_path.iterdir()] == [BOOKS]


def test_a_changed_page_is_found(tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / BOOKS
    data = bytearray(path.read_bytes())
    for page in range(8, len(data) // 4096):
        data[page * 4096 + 100] ^= 1
    path.write_bytes(bytes(data))
    try:
        books = open_file(tmp_path)
    except StoreTrouble:
        return
    assert books.inspector.trouble() != []
    books.close()


def test_a_page_that_the_log_has_whole_is_sound(tmp_path: Path) -> None:
    """As the power leaves it when it goes while the log is brought back into the file."""
    filled(tmp_path)
    books = open_file(tmp_path)
    world_of(books).put(begun())
    wal = (tmp_path / f"{BOOKS}-wal").read_bytes()
    torn = bytearray((tmp_path / BOOKS).read_bytes())
    books.close()
    first = int.from_bytes(wal[32:36], "big")  # https://www.sqlite.org/fileformat2.html#walformat
    torn[(first - 1) * 4096 : first * 4096 - 512] = bytes(4096 - 512)
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / BOOKS).write_bytes(torn)
    (cut / f"{BOOKS}-wal").write_bytes(wal)
    again = open_file(cut)
    assert again.inspector.trouble() == []
    again.close()


def test_a_broken_chain_and_a_row_that_points_nowhere_are_found(tmp_path: Path) -> None:
    filled(tmp_path)
    books = open_file(tmp_path)
    assert books.inspector.trouble() == []
    with raw(tmp_path) as connection:
        connection.execute("UPDATE ledger SET prev = 'x'")
        connection.execute("DELETE FROM sales")
    connection.close()
    found = " ".join(books.inspector.trouble())
    books.close()
    assert "The ledger of epoch 1 is broken at entry 1." in found
    assert "points to a row of sales" in found


@pytest.mark.skipif(os.name == "nt", reason="folders are read-only in another way there")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        path = tmp_path / "none" / "deeper"
        with pytest.raises(DiskTrouble) as caught:
            open_file(path)
    else:
        tmp_path.chmod(0o500)
        with pytest.raises(DiskTrouble) as caught:
            open_file(tmp_path)
        tmp_path.chmod(0o700)
    assert caught.value.cause == "denied"


def test_a_full_disk_refuses_the_sale_and_keeps_the_rest(tmp_path: Path) -> None:
    filled(tmp_path)
    books = open_file(tmp_path)
    with books.open_books() as found:
        pages = found._connection.run("PRAGMA page_count").scalar()
        found._connection.run(f"PRAGMA max_page_count = {pages}")
    world = world_of(books)
    with pytest.raises(DiskTrouble) as caught:
        world.put(*(begun() for _ in range(200)))
    assert caught.value.cause == "full"
    assert len(world.read(lambda books: books.sales.search(_all()))) == 1
    with books.open_books() as found:
        found._connection.run("PRAGMA max_page_count = 1073741823")
    world.put(begun())
    books.close()


def test_after_an_error_of_the_disk_nothing_more_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path)
    books = open_file(tmp_path)
    world = world_of(books)
    connection_class = type(books._engine._ready_writer())
    real = connection_class.run

    def fail_to_commit(self: object, statement: str, *rest: object) -> object:
        if statement == "COMMIT":
            raise DiskTrouble(path="x", cause="broken")
        return real(self, statement, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(connection_class, "run", fail_to_commit)
    with pytest.raises(DiskTrouble):
        world.put(begun())
    monkeypatch.undo()
    with pytest.raises(DiskTrouble):
        world.put(begun())
    assert len(world.read(lambda books: books.sales.search(_all()))) == 1
    assert books.checkpoint() is False
    books.close()
    again = open_file(tmp_path)
    world_of(again).put(begun())
    again.close()


def test_every_connection_answers_as_asked(tmp_path: Path) -> None:
    books = open_file(tmp_path)
    for opened in (books.open_books, books.open_to_read):
        with opened() as found:
            ask = found._connection.run
            assert ask("PRAGMA journal_mode").scalar() == "wal"
            assert ask("PRAGMA synchronous").scalar() == 2
            assert ask("PRAGMA foreign_keys").scalar() == 1
            assert ask("PRAGMA secure_delete").scalar() == 1
    books.close()


def test_a_checkpoint_empties_the_log_unless_somebody_reads(tmp_path: Path) -> None:
    filled(tmp_path)
    books = open_file(tmp_path)
    world_of(books).put(begun())
    wal = tmp_path / f"{BOOKS}-wal"
    assert wal.stat().st_size > 0
    with books.open_to_read() as found:
        found.sales.open_sales()
        world_of(books).put(begun())
        assert books.checkpoint() is False
    assert books.checkpoint() is True
    assert wal.stat().st_size == 0
    with books.open_books() as found:
        found.sales.put(begun())
        found.commit()
    books.close()


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 44, 5), (3, 50, 6)])
def test_sqlite_with_the_wal_reset_bug_is_refused(version: tuple[int, int, int]) -> None:
    with pytest.raises(RuntimeError, match="WAL-reset"):
        refuse_old_sqlite(version)


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 44, 6), (3, 50, 7), (3, 60, 0)])
def test_sqlite_without_it_is_taken(version: tuple[int, int, int]) -> None:
    refuse_old_sqlite(version)


def test_nothing_in_the_files_can_be_read(tmp_path: Path) -> None:
    books = open_file(tmp_path)
    world = world_of(books).enrolled()
    world.stock(code_product())
    sale = paid(begun(), "T1-000001")
    world.put(sale)
    migrate.back_up(books._engine, tmp_path / "backups", "test")
    seen = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(seen) > 200_000
    for secret in (
        b"SQLite format",
        b"CREATE TABLE",
        b"T1-000001",
        sale.id.encode(),
        b"Steam",
        "蒸汽".encode(),  # nothing shorter: three bytes turn up in any cipher text by chance
    ):
        assert secret not in seen, secret
    books.close()


def test_one_till_a_folder(tmp_path: Path) -> None:
    script = f"""
        import sys, time
        from pathlib import Path
        from pos_app.store.lock import TillLock
        lock = TillLock(Path({str(tmp_path)!r}))
        print("held", flush=True)
        time.sleep(60)
    """
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning):
            TillLock(tmp_path)
        other.kill()
    lock = TillLock(tmp_path)
    with pytest.raises(AlreadyRunning):
        TillLock(tmp_path)
    lock.release()
    lock.release()
    TillLock(tmp_path).release()
    with pytest.raises(DiskTrouble):
        TillLock(tmp_path / "lock" / "deeper")


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_killed_in_the_middle_of_a_transaction(tmp_path: Path) -> None:
    """Whatever was said to be committed is there; whatever was not is not."""
    filled(tmp_path)
    script = f"""
        from pathlib import Path
        from tests.store.till_world import begun, open_file, paid
        books = open_file(Path({str(tmp_path)!r}))
        number = 1
        while True:
            with books.open_books() as opened:
                number += 1
                sale = paid(begun(), opened.sales.next_receipt_number())
                opened.sales.put(sale)
                opened.commit()
            print(sale.receipt_number, flush=True)
            with books.open_books() as opened:
                for _ in range(3):
                    opened.sales.put(begun())
    """
    said: list[str] = []
    for moment in range(4):
        program = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TILL_WORLD_IDS": str(1_000 * (moment + 1))},
        )
        with program:
            assert program.stdout is not None
            said += [program.stdout.readline().strip() for _ in range(3 + 5 * moment)]
            program.send_signal(signal.SIGKILL)
            said += [line.strip() for line in program.stdout if line.endswith("\n")]
    books = open_file(tmp_path)
    assert books.inspector.trouble() == []
    with books.open_to_read() as found:
        rows = found.sales.search(_all(10_000))
        numbers = {row.receipt_number for row in rows}
        takings = found.reports.day(DAY).figures.takings
    books.close()
    assert set(said) <= numbers
    assert None not in numbers
    assert sum(row.total.minor for row in rows) == takings.minor
    assert len(numbers - set(said)) <= 1 + 4  # committed, but killed before it could be said


def _all(most: int = 200) -> SaleSearch:
    return SaleSearch(most=most)
