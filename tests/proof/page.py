"""Puts what the campaigns printed into docs/proof.md, each between its marks; what was not run stays as it was."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "proof.md"
_MARKS = "<!-- prove {name} -->"
_END = "<!-- end -->"


def tell(name: str, text: str) -> None:
    """Print the result of a campaign, and lay it down for the page: the long forms only, `POS_PROVE` names where."""
    print(f"\n{text}")
    folder = os.environ.get("POS_PROVE")
    if folder:
        path = Path(folder) / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text.strip()}\n\nRun on {machine()}, at {_commit()}.\n", encoding="utf-8")


def machine() -> str:
    """What it ran on, in a few words that name nobody."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "no commit"


def filled(page: str, results: dict[str, str]) -> str:
    """The page with each result between its marks. KeyError for a result that the page has no place for."""
    for name, text in results.items():
        mark = _MARKS.format(name=name)
        if mark not in page:
            raise KeyError(name)
        place = re.compile(re.escape(mark) + r".*?" + re.escape(_END), re.DOTALL)
        page = place.sub(_between(mark, text), page)
    return page


def _between(mark: str, text: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{mark}\n\n{text.strip()}\n\n{_END}"


def main() -> None:
    """All that lies in `POS_PROVE`."""
    folder = Path(os.environ["POS_PROVE"])
    results = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    print(f"docs/proof.md: {', '.join(results)}")


if __name__ == "__main__":
    main()
