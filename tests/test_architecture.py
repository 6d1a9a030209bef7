"""The house rules that a machine can check, each with a planted sin that it must catch."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSES = ("pos_app", "platform_server", "practice")
SOURCES = sorted(
    path.relative_to(ROOT).as_posix() for house in HOUSES for path in (ROOT / house).rglob("*.py")
)

MOST_LINES_OF_A_FILE = 400
# One file, because whoever checks our receipts copies it as it is (docs/receipt-format.md).
LONGER_FILES = {"pos_app/verify.py": 700}
MOST_LINES_OF_A_FUNCTION = 60
MOST_PARAMETERS = 6

# Where anything that nobody foresaw is met, so that it is met once.
CATCH_ALL = {"pos_app/ui/jobs.py", "platform_server/routes/guard.py"}

# ui/jobs.py alone makes threads; the others only guard something that its lanes share.
KNOWS_THREADS = {
    "pos_app/ui/jobs.py": "the lanes",
    "pos_app/store/keys.py": "asks the keyring aside, for a desktop prompt may hang",
    "pos_app/store/gateway_keys.py": "the lock that keeps a rotated key when two lanes speak to one gateway",
    "pos_app/store/engine.py": "the lock that makes one writer of several lanes",
    "pos_app/wire/embedded.py": "reads the pipe of the platform it started, which Windows cannot wait for",
}

# The adapters of the clock and the ids: everybody else is handed one, so that a day can be simulated.
KNOWS_TIME_AND_CHANCE = {"pos_app/wire/system_clock.py", "platform_server/wire/world.py"}

Rule = Callable[[str, str], Iterator[str]]


def file_is_short(path: str, source: str) -> Iterator[str]:
    lines = source.count("\n")
    if lines > LONGER_FILES.get(path, MOST_LINES_OF_A_FILE):
        yield f"has {lines} lines: make it a folder of the same name"


def functions_are_short(path: str, source: str) -> Iterator[str]:
    """A migration is a frozen list of steps, and may be as long as they are."""
    for function in _functions(source):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > MOST_LINES_OF_A_FUNCTION and "/migrations/" not in path:
            yield f"line {function.lineno}: {function.name} has {lines} lines"


def parameters_are_few(path: str, source: str) -> Iterator[str]:
    """A route's parameters are the request's own, named by the protocol."""
    for function in _functions(source):
        if path.startswith("platform_server/routes/") and function.decorator_list:
            continue
        given = function.args
        names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        count = len([name for name in names if name not in ("self", "cls")])
        if count > MOST_PARAMETERS:
            yield f"line {function.lineno}: {function.name} takes {count} parameters"


def name_says_something(path: str, source: str) -> Iterator[str]:
    if re.search(r"(^|[/_])(utils?|misc|common|helpers?|managers?)([/_.]|$)", path):
        yield "has a name that says nothing: a room is a noun, a verb or a material"


def module_opens_with_a_sentence(path: str, source: str) -> Iterator[str]:
    docstring = ast.get_docstring(ast.parse(source)) or ""
    if source.strip() and not docstring.split("\n\n")[0].rstrip().endswith((".", ":", "?")):
        yield "does not open with a docstring whose first paragraph is a sentence"


def catches_what_it_knows(path: str, source: str) -> Iterator[str]:
    """A handler that only cleans up and lets the exception fly on hides nothing."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler) or path in CATCH_ALL:
            continue
        caught = {"BaseException"} if node.type is None else _names(node.type)
        last = node.body[-1]
        flies_on = isinstance(last, ast.Raise) and last.exc is None
        if caught & {"Exception", "BaseException"} and not flies_on:
            yield f"line {node.lineno}: catches everything"


def only_jobs_knows_threads(path: str, source: str) -> Iterator[str]:
    if not path.startswith("pos_app/") or path in KNOWS_THREADS:
        return
    tree = ast.parse(source)
    found = {name.split(".")[0] for name in _imports(tree)} & {
        "threading",
        "concurrent",
        "_thread",
        "multiprocessing",
    }
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {
        "QThread",
        "QThreadPool",
    }
    found |= {name.split(".")[-1] for name in _imports(tree)} & {"QThread", "QThreadPool", "QRunnable"}
    for name in sorted(found):
        yield f"knows {name}: only pos_app/ui/jobs.py does"


def time_and_chance_are_handed_in(path: str, source: str) -> Iterator[str]:
    if path in KNOWS_TIME_AND_CHANCE or path.startswith("practice/"):
        return
    forbidden = r"(datetime|date)\.(now|utcnow|today)|time\.time(_ns)?|uuid\.?uuid[1-8]|uuid[1-8]|random\.\w+"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and re.fullmatch(rf"(\w+\.)?({forbidden})", ast.unparse(node.func)):
            yield f"line {node.lineno}: asks {ast.unparse(node.func)} itself instead of a port"


def source_is_ascii(path: str, source: str) -> Iterator[str]:
    """Chinese lives in translations, resources and sample data."""
    if "sample" in path:
        return
    for number, line in enumerate(source.splitlines(), 1):
        if not line.isascii():
            yield f"line {number}: not ASCII: {line.strip()!a}"


def names_no_place(path: str, source: str) -> Iterator[str]:
    """Neither this machine's folders nor a package index: both are the reader's own."""
    places = r"pypi\.org|pythonhosted\.org|pypi\.tuna|(?<![\w.])/(?:root|home|work|opt/pypi|Users)/\w"
    for number, line in enumerate(source.splitlines(), 1):
        if re.search(places, line):
            yield f"line {number}: names a place: {line.strip()}"


SINS: list[tuple[Rule, str, str]] = [
    (file_is_short, "pos_app/domain/sale.py", "x = 1\n" * 401),
    (functions_are_short, "pos_app/domain/sale.py", "def long():\n" + "    x = 1\n" * 60),
    (parameters_are_few, "pos_app/domain/sale.py", "def wide(self, a, b, c, *, d, e, f, g): ..."),
    (name_says_something, "pos_app/utils.py", ""),
    (name_says_something, "pos_app/ui/string_helpers.py", ""),
    (module_opens_with_a_sentence, "pos_app/domain/sale.py", "x = 1"),
    (module_opens_with_a_sentence, "pos_app/domain/sale.py", '"""Sale"""'),
    (catches_what_it_knows, "pos_app/flows/sell.py", "try: ...\nexcept (Exception, OSError): ..."),
    (catches_what_it_knows, "pos_app/flows/sell.py", "try: ...\nexcept: ..."),
    (only_jobs_knows_threads, "pos_app/ui/app.py", "from concurrent.futures import ThreadPoolExecutor"),
    (only_jobs_knows_threads, "pos_app/wire/http.py", "import threading"),
    (only_jobs_knows_threads, "pos_app/ui/app.py", "from PySide6.QtCore import QThread"),
    (time_and_chance_are_handed_in, "pos_app/flows/sell.py", "datetime.now(UTC)"),
    (time_and_chance_are_handed_in, "pos_app/flows/sell.py", "datetime.datetime.now(UTC)"),
    (time_and_chance_are_handed_in, "pos_app/flows/sell.py", "time.time()"),
    (time_and_chance_are_handed_in, "pos_app/flows/sell.py", "uuid4()"),
    (time_and_chance_are_handed_in, "pos_app/flows/sell.py", "random.choice([1])"),
    (source_is_ascii, "pos_app/flows/sell.py", "x = '\u5361'"),
    (names_no_place, "pos_app/flows/sell.py", "x = '/ro" + "ot/data'"),
    (names_no_place, "requirements.lock", "--index-url https://py" + "pi.org/simple"),
]
RULES = sorted({rule for rule, _, _ in SINS}, key=lambda rule: rule.__name__)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_house_rule(rule: Rule) -> None:
    broken = [f"{path}: {why}" for path in SOURCES for why in rule(path, _read(path))]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize(("rule", "path", "source"), SINS, ids=lambda value: getattr(value, "__name__", ""))
def test_house_rule_catches_a_sin(rule: Rule, path: str, source: str) -> None:
    assert list(rule(path, source))


def test_no_file_outside_the_houses_names_a_place() -> None:
    texts = [
        "dev.py",
        "build.spec",
        "pyproject.toml",
        "requirements.lock",
        "requirements-dev.lock",
        ".ci/run",
    ]
    texts += [path.relative_to(ROOT).as_posix() for path in (ROOT / "bench").glob("*.py")]
    assert not [f"{path}: {why}" for path in texts for why in names_no_place(path, _read(path))]


def test_the_lists_of_exceptions_name_files_that_exist() -> None:
    excepted = CATCH_ALL | set(KNOWS_THREADS) | KNOWS_TIME_AND_CHANCE
    assert not [path for path in sorted(excepted) if not (ROOT / path).exists()]


# Sins against the contracts of pyproject.toml: the file, what it holds, and what the linter must say.
TRESPASSES = [
    ("pos_app/domain/planted.py", "from pos_app import ui", "pos_app.domain.planted -> pos_app.ui"),
    ("pos_app/utils.py", "", "utils"),
    ("platform_server/helpers.py", "", "helpers"),
    ("pos_app/flows/planted_sql.py", "import sqlalchemy", "pos_app.flows.planted_sql -> sqlalchemy"),
    ("pos_app/flows/planted_http.py", "import requests", "pos_app.flows.planted_http -> requests"),
    ("pos_app/flows/planted_thread.py", "import threading", "pos_app.flows.planted_thread -> threading"),
    ("pos_app/wire/planted.py", "import requests", "pos_app.wire.planted"),
    (
        "pos_app/wire/gateways/lakala/planted.py",
        "from pos_app.wire.gateways import shouqianba",
        "pos_app.wire.gateways.lakala.planted -> pos_app.wire.gateways.shouqianba",
    ),
    ("pos_app/ui/planted/__init__.py", "", ""),
    (
        "pos_app/ui/planted/presenter.py",
        "from PySide6 import QtCore",
        "pos_app.ui.planted.presenter -> PySide6",
    ),
    ("pos_app/ui/planted_flow.py", "from pos_app import flows", "pos_app.ui.planted_flow"),
    ("pos_app/ui/planted_store.py", "from pos_app import store", "pos_app.ui.planted_store -> pos_app.store"),
    ("pos_app/printing/planted.py", "from PySide6 import QtGui", "pos_app.printing.planted"),
    ("pos_app/store/planted.py", "from pos_app import ui", "pos_app.store.planted"),
    ("pos_app/domain/planted_a.py", "from pos_app.domain import planted_b", "planted_a"),
    ("pos_app/domain/planted_b.py", "from pos_app.domain import planted_a", "planted_b"),
    ("platform_server/flows/planted.py", "import sqlalchemy", "platform_server.flows.planted -> sqlalchemy"),
    (
        "platform_server/flows/planted_web.py",
        "import fastapi",
        "platform_server.flows.planted_web -> fastapi",
    ),
    (
        "platform_server/console/planted.py",
        "import sqlalchemy",
        "platform_server.console.planted -> sqlalchemy",
    ),
    (
        "platform_server/console/planted_vault.py",
        "from platform_server.ports.vault import Vault",
        "platform_server.console.planted_vault -> platform_server.ports.vault",
    ),
    (
        "platform_server/console/planted_store.py",
        "from platform_server.store import books",
        "platform_server.console.planted_store -> platform_server.store",
    ),
    ("platform_server/store/planted.py", "import starlette", "platform_server.store.planted"),
    ("platform_server/domain/planted.py", "import pos_app", "platform_server.domain.planted -> pos_app"),
    ("practice/planted.py", "import platform_server", "practice.planted -> platform_server"),
]


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the houses with every sin planted at once."""
    copy = tmp_path_factory.mktemp("houses")
    for house in HOUSES:
        shutil.copytree(ROOT / house, copy / house, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, source, _ in TRESPASSES:
        planted = copy / path
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text(f'"""Planted."""\n{source}\n', encoding="utf-8")
    lint = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"
    environment = {**os.environ, "PYTHONPATH": str(copy), "NO_COLOR": "1", "COLUMNS": "500"}
    done = subprocess.run(
        [sys.executable, "-c", lint, "--no-cache"],
        cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if "Analyzed" not in done.stdout:
        pytest.fail("the linter could not do its work: " + (done.stdout[-200:] + done.stderr).strip())
    return done.stdout


@pytest.mark.parametrize(("path", "source", "said"), TRESPASSES, ids=lambda value: str(value)[:40])
def test_linter_catches_a_trespass(verdict: str, path: str, source: str, said: str) -> None:
    assert said in verdict, f"not said: {said}"


def test_every_contract_is_broken_by_some_trespass(verdict: str) -> None:
    assert not re.findall(r"^.* KEPT$", verdict, re.MULTILINE)


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
