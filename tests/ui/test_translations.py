"""Every word of the screen is there in Chinese, and the compiled file says what its source says."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.ui.window import ROOT

SOURCE = ROOT / "translations" / "pos_zh_CN.ts"


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / f"pyside6-{name}")


def messages(path: Path) -> dict[tuple[str, str], str]:
    """Chinese by context and English; empty where it is missing or unfinished."""
    found = {}
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            target = message.find("translation")
            is_done = target is not None and target.get("type") != "unfinished"
            found[name, message.findtext("source") or ""] = (
                (target.text or "") if is_done and target is not None else ""
            )
    return found


def test_nothing_is_left_untranslated(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    fresh.write_bytes(SOURCE.read_bytes())
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pos_app" / "ui").rglob("*.py"))
    command = [
        tool("lupdate"),
        *files,
        "-ts",
        str(fresh),
        "-source-language",
        "en",
        "-target-language",
        "zh_CN",
    ]
    subprocess.run(
        [*command, "-no-obsolete", "-locations", "none"], cwd=ROOT, check=True, capture_output=True
    )
    wanted, held = messages(fresh), messages(SOURCE)
    assert [key for key, chinese in wanted.items() if not chinese] == []
    assert sorted(set(held) - set(wanted)) == [], "no longer said on any screen"


def test_the_compiled_file_is_up_to_date(tmp_path: Path) -> None:
    compiled = tmp_path / "fresh.qm"
    subprocess.run([tool("lrelease"), str(SOURCE), "-qm", str(compiled)], check=True, capture_output=True)
    assert compiled.read_bytes() == SOURCE.with_suffix(".qm").read_bytes()


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    for (_, english), chinese in messages(SOURCE).items():
        places = re.findall(r"\{(\w+)\}", english)
        assert sorted(places) == sorted(re.findall(r"\{(\w+)\}", chinese)), english
