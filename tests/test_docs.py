"""The papers say what is so: every room, link, path, command, test and decision that they name is there."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSES = ("pos_app", "platform_server", "practice")
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *(ROOT / "practice").glob("*.md"),
        *(ROOT / "bench").glob("*.md"),
    ]
)
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]

NOT_YET = "not yet"
LONGEST_DECISION = 60

# What a page may name in backticks although it is no file of this tree: it appears when a program runs.
MADE_BY_A_RUN = re.compile(
    r"(receipt-|window-|summary\.json|till\.jsonl|crash\.txt|till/|platform/|out/|dist/|build/|\.venv|DIR|DATA|OUT)"
)
SUFFIXES = r"py|md|json|toml|lock|ts|qm|png|spec|svg|ttf|txt|pdf"

# Classes of the two domains that are parts of a noun, not nouns that people of the trade say.
PARTS_OF_A_NOUN = set(
    re.findall(
        r"\w+",
        """
        ActionHead CardFacts CardRecord ChainedAction Claimed SoldIn StepDone TraceEvent
        AttemptKind BatchKey Binding BoxedCard Brand Caller CardLabel CataloguePage Category Choice Column
        Answers Band Cooling DayFigures EntryKind DeletedCards EventKind ExpiryRule Fault FaultReason FieldOption
        FieldSpec Fingerprints FirstHigh Header HeldCard Hours ImportFault ImportReport JournalHead
        JudgedLine KeyHolder Layout LedgerEntry LedgerHead Limits MaxFace MessageKind Minors MovedMoney Names
        NumberedEvent PaperKind Payload PerSale PhoneNumber Place Posting PriceBreak PriceRule PricedGoods
        Purpose RealName ReceiptLine ReservedLine SaleSearch SaleSummary SettledLine SettlementFile
        SettlementSeal SignatureJudge SignedPoint TreeEdge TreeNode
        Shape Share ShelfItem ShelfRow ShiftTotals SoldLine SoldOffline StepCall Strange SupplierAnswer
        Take Taken TillLine TillStatus Turn VaultCard Velocity WantedLine
        BackupKind BillKind FieldKind RefundAnswer
        Noun OperatorRole Row RowPage ShopDay Wanted
        """,
    )
)

Check = Callable[[Path, str], Iterator[str]]


# --- house.md ---


def rooms_of_the_tree() -> set[str]:
    """Every module on the ground floor of a house, every folder of a house, every folder of this repository."""
    rooms: set[str] = set()
    for place in (Path(each) for each in tree() if (ROOT / each).is_file()):
        if place.parts[0] in HOUSES:
            rooms.update(f"{folder.as_posix()}/" for folder in place.parents if folder.parts)
            if len(place.parts) == 2 and place.suffix == ".py" and place.name != "__init__.py":
                rooms.add(place.as_posix())
        elif len(place.parts) > 1 and not place.parts[0].startswith("."):
            rooms.add(f"{place.parts[0]}/")
    return rooms


def rooms_of_the_table() -> dict[str, str]:
    """What docs/house.md says of each room."""
    rows = rows_of(DOCS / "house.md", "## Rooms")
    return {row[0].strip("`"): row[1] for row in rows}


def test_the_table_of_rooms_names_every_room() -> None:
    known = rooms_of_the_table()
    assert not [room for room in sorted(rooms_of_the_tree()) if room not in known]


def test_no_room_of_the_table_is_missing_from_the_tree() -> None:
    tree = rooms_of_the_tree()
    told = rooms_of_the_table().items()
    assert not [room for room, says in told if room not in tree and not says.startswith(NOT_YET)]
    assert not [room for room, says in told if room in tree and says.startswith(NOT_YET)], "it is built now"


def test_every_room_has_its_sentence() -> None:
    assert not [room for room, says in rooms_of_the_table().items() if not says.endswith(".")]


# --- Links, paths and commands ---


def links_lead_somewhere(page: Path, text: str) -> Iterator[str]:
    """A picture of the window is drawn by `dev.py screens`, so it is missed only where there is something to draw it."""
    draws = (ROOT / "tests" / "ui" / "draw_screens.py").exists()
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = page.parent / path if path else page
        if not goal.exists() and (draws or "screens/" not in path):
            yield f"links to {target}"
        elif anchor and goal.suffix == ".md" and anchor not in anchors(goal.read_text(encoding="utf-8")):
            yield f"links to {target}: no such heading"


def paths_exist(page: Path, text: str) -> Iterator[str]:
    for span in spans(text):
        said = span.split("::")[0].split(" ")[0].rstrip(".,:;")
        is_path = re.fullmatch(rf"[\w.@*/-]+(/|/[\w*.-]+|\.({SUFFIXES}))", said)
        is_module = re.fullmatch(rf"({'|'.join(HOUSES)})(\.\w+)+(\.\*)?", said)
        if said.startswith("/") or "://" in said or MADE_BY_A_RUN.match(said):
            continue
        if is_module and not said.endswith((".py", ".md")):
            if not exists_in_tree(said.removesuffix(".*").replace(".", "/")):
                yield f"names the module {said}"
        elif is_path and not (exists_in_tree(said) or (page.parent / said).exists()):
            yield f"names the path {said}"


def commands_exist(page: Path, text: str) -> Iterator[str]:
    for command in commands(text):
        verb = re.search(r"\bdev\.py ([a-z]\w*)", command)
        if verb and verb.group(1) not in door_verbs():
            yield f"says dev.py {verb.group(1)}"
        module = re.search(r"-m ([A-Za-z_]\w*)(?: ([a-z]+(?:\|[a-z]+)*))?", command)
        if module is None:
            continue
        name, words = module.groups()
        if importlib.util.find_spec(name) is None:
            yield f"says python -m {name}"
        elif name in HOUSES:
            known = help_of(name)
            unknown = [word for word in (words or "").split("|") if word and word not in known]
            yield from (f"says python -m {name} {word}" for word in unknown)


def no_place_is_named(page: Path, text: str) -> Iterator[str]:
    """Neither this machine's folders nor a package index nor notes that lie outside this repository."""
    place = r"(?<![\w.:/~])/(root|home|work|opt|usr|var|tmp|etc|mnt|Users)/|\b[A-Z]:\\|pypi\.org|pythonhosted|\.\./shared"
    for line in text.splitlines():
        if re.search(place, line):
            yield f"names a place: {line.strip()}"


CHECKS: list[Check] = [links_lead_somewhere, paths_exist, commands_exist, no_place_is_named]

SINS: list[tuple[Check, str]] = [
    (links_lead_somewhere, "[x](docs/nowhere.md)"),
    (links_lead_somewhere, "[x](docs/house.md#no-such-heading)"),
    (paths_exist, "see `pos_app/flows/no_such_flow.py`"),
    (paths_exist, "see `flows/no_such_flow.py`"),
    (paths_exist, "see `no_such_page.md`"),
    (paths_exist, "see `pos_app.flows.no_such_flow`"),
    (commands_exist, "type `python3 dev.py fly`"),
    (commands_exist, "```\npython3 dev.py fly\n```"),
    (commands_exist, "type `python -m no_such_program`"),
    (commands_exist, "type `python -m practice fly`"),
    (no_place_is_named, "it lies in /ro" + "ot/data"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_page(check: Check, page: Path) -> None:
    assert not list(check(page, page.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("check", "text"), SINS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_check_catches_a_sin(check: Check, text: str) -> None:
    assert list(check(ROOT / "README.md", text))


def test_both_readmes_lead_to_the_same_places_by_the_same_commands() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in READMES)
    assert re.findall(r"^python3 dev\.py .*?(?=\s*#|$)", english, re.MULTILINE) == re.findall(
        r"^python3 dev\.py .*?(?=\s*#|$)", chinese, re.MULTILINE
    )
    links = [
        set(re.findall(r"\]\(([^)\s]+)\)", text)) - {page.name for page in READMES}
        for text in (english, chinese)
    ]
    assert links[0] == links[1]


# --- Glossary ---


def test_every_noun_of_the_trade_stands_in_the_glossary() -> None:
    known = {word for row in rows_of(DOCS / "glossary.md", "") for word in re.findall(r"\w+", row[0])}
    assert not [
        name for name in nouns() if name not in known | PARTS_OF_A_NOUN and not name.endswith("State")
    ]


def test_the_list_of_what_is_no_noun_names_classes_that_exist() -> None:
    assert not sorted(PARTS_OF_A_NOUN - set(nouns()))


def test_every_term_has_its_chinese_and_its_meaning() -> None:
    rows = rows_of(DOCS / "glossary.md", "")
    assert len(rows) > 50
    assert not [row[0] for row in rows if not (re.search(r"[\u4e00-\u9fff]", row[1]) and row[2])]


# --- Decisions ---


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name.split("-")[0]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_why_and_what_it_costs_on_half_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name.split('-')[0]} ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE)[:3] == ["What", "Why", "What we gave up"]
    prose = [line for line in text.splitlines() if not line.startswith("|")]
    assert len(prose) <= LONGEST_DECISION


def test_every_dependency_has_its_reason_and_no_other_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = project["dependencies"] + [
        each for extra in project.get("optional-dependencies", {}).values() for each in extra
    ]
    declared = sorted(re.split(r"[^A-Za-z0-9-]", each)[0] for each in listed)
    reasons = {row[0].strip("`"): row[1] for row in rows_of(DECISIONS[1], "## What")}
    assert sorted(reasons) == declared
    assert not [name for name, reason in reasons.items() if not reason]


# --- Invariants and security ---


def test_every_invariant_recovery_row_and_requirement_is_there_once() -> None:
    invariants, security = DOCS / "invariants.md", DOCS / "security.md"
    for page, heading, letter, most in [
        (invariants, "## Invariants", "I", 24),
        (invariants, "## What a restart does", "R", 26),
        (security, "## Requirements", "S", 30),
    ]:
        found = [row[0] for row in rows_of(page, heading)]
        assert found == [f"{letter}{number}" for number in range(1, most + 1)]


@pytest.mark.parametrize("page", [DOCS / "invariants.md", DOCS / "security.md"], ids=lambda page: page.stem)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wrong = []
    for path, name in re.findall(r"`([\w/]+\.py)::(\w+)`", text):
        source = ROOT / path
        if not source.exists() or not re.search(rf"def {name}\b", source.read_text(encoding="utf-8")):
            wrong.append(f"{path}::{name}")
    assert not wrong


def test_an_invariant_without_a_test_says_so() -> None:
    rows = rows_of(DOCS / "invariants.md", "## Invariants")
    assert not [row[0] for row in rows if "::" not in row[3] and NOT_YET not in row[3]]


def test_a_requirement_is_done_somewhere_or_said_to_be_open() -> None:
    rows = rows_of(DOCS / "security.md", "## Requirements")
    assert not [row[0] for row in rows if not re.match(rf"(done|part|{NOT_YET}|not ours)\b.*", row[2])]
    assert not [row[0] for row in rows if row[2].startswith(("done", "part")) and "`" not in row[2]]


def test_the_sources_cite_only_pages_of_this_repository() -> None:
    """A rule by its number (I1, R2, S9) and a page by its name: both must be found by whoever has only this tree."""
    numbers = {row[0] for page, heading in CITED for row in rows_of(DOCS / page, heading)}
    wrong = []
    for path in [*sources(), ROOT / "dev.py", *(ROOT / "bench").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        cited = re.findall(r"\(([IRS]\d{1,2}(?:, [IRS]\d{1,2})*)\)", text)
        named = [each for group in cited for each in group.split(", ")]
        wrong += [f"{path.relative_to(ROOT)}: {each}" for each in named if each not in numbers]
        pages = re.findall(r"(?<![\w/-])((?:[\w-]+/)*[\w-]+\.md)\b", text)
        wrong += [f"{path.relative_to(ROOT)}: {each}" for each in pages if not exists_in_tree(each)]
    assert not wrong


CITED = [
    ("invariants.md", "## Invariants"),
    ("invariants.md", "## What a restart does"),
    ("security.md", "## Requirements"),
]


# --- Reading ---


def rows_of(page: Path, heading: str) -> list[list[str]]:
    """The rows of the tables below a heading, up to the next of its kind; without one, of the whole page."""
    text = page.read_text(encoding="utf-8")
    if heading:
        _, found, text = text.partition(f"\n{heading}\n")
        assert found, f"{page.name} has no {heading}"
        text = re.split(rf"^{heading.split(' ')[0]} ", text, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    is_rule = [set(line) <= set("|- :") for line in lines]
    return [
        row
        for place, row in enumerate(cells)
        if not is_rule[place] and not is_rule[min(place + 1, len(lines) - 1)]
    ]


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def spans(text: str) -> list[str]:
    """What stands in backticks, code blocks apart."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def commands(text: str) -> list[str]:
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) + re.findall(
        r"(?:^(?: {4}|\t).*\n?)+", text, re.MULTILINE
    )
    return spans(text) + [line for block in blocks for line in block.splitlines()]


def anchors(text: str) -> set[str]:
    """The anchors that a reader of Markdown gives to headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@cache
def tree() -> frozenset[str]:
    """Every file and folder of this repository; not what tools and runs leave lying about."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        place = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if not is_left_about(place / name)]
        found += [(place / name).as_posix() for name in [*folders, *files] if not is_left_about(place / name)]
    return frozenset(found)


def is_left_about(place: Path) -> bool:
    hidden = place.name.startswith(".") and place.name not in (".ci", ".gitignore")
    return hidden or place.name == "__pycache__" or place.as_posix() in ("out", "build", "dist")


def exists_in_tree(said: str) -> bool:
    """Whether a file or folder is called so; the end of its path is enough, and `*` stands for any name."""
    name = said.rstrip("/")
    pattern = re.compile(r"(.*/)?" + re.escape(name).replace(r"\*", "[^/]*") + r"(\.py)?")
    return any(pattern.fullmatch(path) for path in tree())


@cache
def door_verbs() -> frozenset[str]:
    said = subprocess.run(
        [sys.executable, "dev.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return frozenset(re.findall(r"dev\.py (\w+)", said.stdout))


@cache
def help_of(program: str) -> frozenset[str]:
    """The words of a program's help: its verbs are among them."""
    said = subprocess.run(
        [sys.executable, "-m", program, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return frozenset(re.findall(r"[a-z]+", said.stdout))


def sources() -> list[Path]:
    return sorted(path for house in HOUSES for path in (ROOT / house).rglob("*.py"))


def classes(pattern: str) -> list[str]:
    found = []
    for path in sorted(ROOT.glob(pattern)):
        tree_of_file = ast.parse(path.read_text(encoding="utf-8"))
        found += [node.name for node in tree_of_file.body if isinstance(node, ast.ClassDef)]
    return [name for name in found if not name.startswith("_")]


def nouns() -> list[str]:
    """The public classes of both domains; an error is a fact and no noun of the trade."""
    errors = set(classes("*/domain/errors.py"))
    return sorted({name for name in classes("*/domain/*.py") if name not in errors})
