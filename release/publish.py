"""Builds a release: wheel, source archive, their hashes, and its part of the changelog.

    python3 dev.py release --repository https://github.com/OWNER/stashsync

Everything is put into `dist/`. Nothing is uploaded, tagged or committed. The tree has to be clean,
and CHANGELOG.md has to have a section of this version with a date.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
HASHES, NOTES = "SHA256SUMS", "NOTES.md"


def main(arguments: list[str]) -> int:
    """Build a release and return the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py release", description=__doc__.split("\n")[0])
    parser.add_argument("--repository", required=True, help="where the code is published")
    parser.add_argument(
        "--trial", action="store_true", help="build although the tree or the changelog is not ready"
    )
    given = parser.parse_args(arguments)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = project["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    faults = [] if given.trial else [*faults_of(changelog, version), *_faults_of_tree()]
    if faults:
        print(*(f"error: {fault}" for fault in faults), sep="\n", file=sys.stderr)
        return 1
    shutil.rmtree(DIST, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT)],
        check=True,
        env=os.environ | {"STASHSYNC_REPOSITORY": given.repository},
    )
    built = sorted(DIST.iterdir())
    (DIST / NOTES).write_text(notes_of(changelog, version), "utf-8")
    (DIST / HASHES).write_text("".join(map(hash_line, built)), "utf-8")
    print(*(path.relative_to(ROOT) for path in sorted(DIST.iterdir())), sep="\n")
    return 0


def faults_of(changelog: str, version: str) -> list[str]:
    """Return what keeps this version from being released, as far as the changelog shows."""
    heading = re.search(rf"^## {re.escape(version)} \((.*)\)$", changelog, re.MULTILINE)
    if heading is None:
        return [f"CHANGELOG.md has no section `## {version} (YYYY-MM-DD)`"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", heading[1]):
        return [f"CHANGELOG.md has {heading[1]!r} where the date of {version} belongs"]
    return []


def notes_of(changelog: str, version: str) -> str:
    """Return what the changelog has below the heading of a version."""
    found = re.search(
        rf"^## {re.escape(version)} [^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    return found[1].strip() + "\n" if found else ""


def hash_line(path: Path) -> str:
    """Return the line of a file as `sha256sum --check` reads it."""
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"


def _faults_of_tree() -> list[str]:
    status = ["git", "status", "--porcelain"]
    changed = subprocess.run(status, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return ["there are changes that are not committed"] if changed else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
