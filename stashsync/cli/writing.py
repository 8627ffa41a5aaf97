"""Show what files are to be, ask, and write them: all or none, and only over what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from stashsync.cli.diffs import unified_diff
from stashsync.cli.files import write_all
from stashsync.cli.output import talk
from stashsync.cli.prompt import ask
from stashsync.errors import DeclinedError, StashConfigurationError
from stashsync.manifest.project import find_files
from stashsync.render.phrases import counted
from stashsync.render.safe import inert
from stashsync.render.style import Style

QUESTION: Final = """\

Do you want to write these files?
  Only 'yes' will be accepted to approve.

  Enter a value: """
ADD_SETTINGS: Final = (
    "`stashsync init` adds the settings, and the schema that the files name for editors."
)
LONG: Final = 200
"""Lines of a new file from which only their number is shown."""


class FilesMoved(Exception):
    """Files that are not as they were read any more."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(files)
        self.files = files


def write_if_approved(
    root: Path,
    folder: str,
    files: Mapping[str, bytes],
    read: Mapping[str, bytes],
    *,
    what: str,
    asks: bool,
    still: Callable[[], None] = lambda: None,
) -> None:
    """Ask, if the person is to be asked, and write all files below `root`.

    `read` are all manifests in `folder`, as they were read. `still` raises where what is written
    does not hold any more; it is called after the answer.

    Raises:
        StashError: the answer was no, or a file cannot be written; none was.
        FilesMoved: a manifest is new, or not as it was `read` any more; none was written.
    """
    known = {*read, *_manifests(root, folder)}
    for name in files:
        if name not in known and (root / name).exists():
            raise StashConfigurationError(
                f"{name} is there already, and it is not read as a manifest",
                hint="It may be a link to another one. Move it away; nothing was written.",
            )
    if asks and not ask(QUESTION):
        raise DeclinedError(f"{what} cancelled.", hint="Nothing was written.")
    still()
    there = {name: root / name for name in (*files, *read)} | _manifests(root, folder)
    moved = [name for name, path in sorted(there.items()) if _content(path) != read.get(name)]
    if moved:
        raise FilesMoved(moved)
    write_all(root, files)
    talk(f"Wrote {counted(len(files), 'file')}.")


def _manifests(root: Path, folder: str) -> dict[str, Path]:
    """Return where the manifests are, by the names that they are shown with."""
    return {name: Path(path) for name, path in find_files(root, folder, lambda _: None)}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def diff_text(root: Path, files: Mapping[str, bytes], style: Style) -> str:
    """Render a unified diff of what will be written, inert and in colour."""
    out: list[str] = []
    for name, content in files.items():
        path = root / name
        before = path.read_bytes().decode("utf-8-sig").splitlines() if path.exists() else []
        after = content.decode("utf-8-sig").splitlines()
        if not before and len(after) > LONG:
            out.append(f"+++ {inert(name)} (new, {len(after):,} lines)")
            continue
        source = f"a/{name}" if before else "/dev/null"
        for line in unified_diff(before, after, source, f"b/{name}"):
            colour = {"+": style.create, "-": style.destroy}.get(line[:1], "")
            shown = line[:1] + inert(line[1:])
            out.append(f"{colour}{shown}{style.reset}" if colour else shown)
    return "\n".join(out) + "\n"
