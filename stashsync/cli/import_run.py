"""Carry out an import: read the source and the manifests, merge, show, ask, write."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from stashsync.cli.output import result, stderr_style, stdout_style, talk
from stashsync.cli.session import Session
from stashsync.cli.writing import ADD_SETTINGS, FilesMoved, diff_text, write_if_approved
from stashsync.config import SETTINGS_FILE
from stashsync.kinds import KINDS
from stashsync.manifest import load
from stashsync.pull.pairing import Project
from stashsync.render.documents import ImportDocument
from stashsync.render.json import document_text
from stashsync.render.phrases import counted
from stashsync.render.problems import problem_text
from stashsync.render.progress import working
from stashsync.render.safe import inert
from stashsync.render.style import Style
from stashsync.sources.document import import_document
from stashsync.sources.found import FoundObject, LeftOut
from stashsync.sources.merging import Merged, merge

MOVED: Final = "\nChanged meanwhile: {files}. This is the import by now:\n"
SHOWN: Final = 20
"""How many lines there are at most of what is not written."""
NOTHING: Final = "No changes. Your manifests have everything of {source}{but}.\n"


class ImportRun(Struct, frozen=True):
    """One import. With `json` the standard output has the document for programs and nothing else.

    `source` is for people, `into` the file that new objects go to, `update` the fields in which
    the source's value counts, and `left` what was left out when it was read.
    """

    session: Session
    source: str
    into: str
    update: Collection[str] = ()
    asks: bool = True
    dry_run: bool = False
    json: bool = False
    left: Sequence[LeftOut] = ()

    def run(self, found: Sequence[FoundObject]) -> int:
        """Import; return the exit code. Begins anew where files changed before they were written.

        Raises:
            StashError: nothing was written.
        """
        while True:
            try:
                return self._once(found)
            except FilesMoved as moved:
                talk(MOVED.format(files=", ".join(map(inert, moved.files))))

    def _once(self, found: Sequence[FoundObject]) -> int:
        session = self.session
        folder = session.settings.manifests
        with working("Merging …", sys.stderr):
            # As they are written: `lists:` in the settings is about what a server has besides.
            desired = load(session.root, folder=folder, may_be_empty=True)
            project = Project(session.root, folder, desired)
            merged = merge(found, project, self.into, self.update)
            merged = replace(merged, left_out=[*self.left, *merged.left_out])
        images = {
            name: data
            for name, data in merged.images.items()
            if not (session.root / name).is_file()  # its name tells what is in it
        }
        files = {**merged.pulled.files, **images}
        present = [name for name in files if (session.root / name).exists()]
        document = import_document(self.source, merged, present)
        self._report(document, merged)
        if files:
            self._show(diff_text(session.root, merged.pulled.files, self._style), images)
            self._write(document, files, project.bytes)
        elif not merged.pulled.manual_steps:
            but = " that was not left out" if merged.left_out else ""
            source = "the standard input" if self.source == "-" else self.source
            self._show(NOTHING.format(source=inert(source), but=but))
        if self.json:
            result(document_text(document), machine=True)
        return int(bool(merged.pulled.manual_steps))

    def _write(
        self, document: ImportDocument, files: Mapping[str, bytes], read: Mapping[str, bytes]
    ) -> None:
        talk(_summary(document))
        if self.dry_run:
            talk("Nothing was written.")
            return
        root, folder = self.session.root, self.session.settings.manifests
        write_if_approved(root, folder, files, read, what="Import", asks=self.asks)
        document.written = True
        talk("Nothing was sent: see `stashsync plan`.")
        if not (self.session.root / SETTINGS_FILE).is_file():
            talk(ADD_SETTINGS)

    # -- what is shown --------------------------------------------------------------------------

    @property
    def _style(self) -> Style:
        color = self.session.options.color
        return stderr_style(color) if self.json else stdout_style(color)

    def _show(self, text: str, images: Mapping[str, bytes] | None = None) -> None:
        """Show what will be written, to people and to the person who is asked."""
        new = (images or {}).items()
        whole = "".join([text, *(f"+++ {name} (new, {len(data):,} bytes)\n" for name, data in new)])
        if not self.json:
            result(whole)
        elif self.asks and not self.dry_run:
            talk(whole.rstrip("\n"))

    def _report(self, document: ImportDocument, merged: Merged) -> None:
        """Report what is not written, and why."""
        lines = [f"Not written: {inert(note)}" for note in document.not_written]
        lines += [f"Left out: {inert(str(left))}" for left in merged.left_out]
        for line in lines[:SHOWN]:
            talk(line)
        if len(lines) > SHOWN:
            talk(f"… and {len(lines) - SHOWN:,} more; `--dry-run --format json` has them all.")
        style = stderr_style(self.session.options.color)
        for step in merged.pulled.manual_steps:
            talk(problem_text(step, word="Manual step", colour=style.warning, style=style))


def _summary(document: ImportDocument) -> str:
    """Return how many objects are new and how many get something that they lacked."""
    new = Counter(each.kind for each in document.added)
    parts = [counted(new[kind], kind) for kind in KINDS if new[kind]]
    changed = len({(each.kind, each.name) for each in document.changes})
    new_text = f"{' and '.join(filter(None, [', '.join(parts[:-1]), *parts[-1:]]))} to add"
    left = f", {counted(len(document.left_out), 'thing')} left out" if document.left_out else ""
    there = ""
    if document.matched:
        there = f"; {document.matched:,} were there, of which {changed:,} get what they lack"
    return f"\n{new_text if parts else 'Nothing to add'}{there}{left}."
