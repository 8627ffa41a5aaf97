"""Builds the site from README, docs/ and the other pages, into `build/site`.

    python3 dev.py site [--repository https://github.com/OWNER/stashsync]

The pages are written for the repository: their links lead to files. Here they are copied, and a
link to what is no page leads to the repository, or is left out where its address is not given.
Zensical then builds them, and fails where a link or an anchor leads nowhere. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PAGES = BUILD / "pages"
CONFIG = ROOT / "release" / "mkdocs.yml"
_FENCE = re.compile(r"^(```.*?^```[^\n]*$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:|#)([^)#\s]*)(#[^)\s]*)?\)"
)


def main(arguments: list[str]) -> int:
    """Build the site and return the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py site", description=__doc__.split("\n")[0])
    parser.add_argument("--repository", default="", help="where links to code lead")
    given = parser.parse_args(arguments)
    shutil.rmtree(PAGES, ignore_errors=True)
    for source, target in pages().items():
        (PAGES / target).parent.mkdir(parents=True, exist_ok=True)
        if source.endswith(".md"):
            text = (ROOT / source).read_text("utf-8")
            (PAGES / target).write_text(moved(text, source, pages(), given.repository), "utf-8")
        else:
            shutil.copyfile(ROOT / source, PAGES / target)
    shutil.copyfile(CONFIG, BUILD / CONFIG.name)
    build = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.call([*build, "-f", CONFIG.name], cwd=BUILD)


def pages() -> dict[str, str]:
    """Return the path in the site of each page, by its path in the repository."""
    found = {"README.md": "index.md", "CHANGELOG.md": "CHANGELOG.md"}
    found["CONTRIBUTING.md"] = "CONTRIBUTING.md"
    for path in sorted((ROOT / "docs").rglob("*")):
        if path.suffix in {".md", ".svg", ".json"}:
            inside = path.relative_to(ROOT / "docs").as_posix()
            found[f"docs/{inside}"] = inside
    return found


def moved(text: str, source: str, staged: dict[str, str], repository: str) -> str:
    """Return the text of the page at `source` with links that hold in the site.

    Args:
        text: Markdown.
        source: its path in the repository.
        staged: the path in the site of each page, by its path in the repository.
        repository: the address that links to other files lead to; empty for none.
    """
    here = posixpath.dirname(staged[source])

    def link(found: re.Match[str]) -> str:
        image, words, path, anchor = found.groups()
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if meant not in staged and f"{meant}/README.md" in staged:
            meant = f"{meant}/README.md"
        if meant in staged:
            target = posixpath.relpath(staged[meant], here or ".")
            return f"{image}[{words}]({target}{anchor or ''})"
        return f"[{words}]({repository}/blob/main/{meant})" if repository else words

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
