"""A project and a source beside it: merge, look at the files, merge again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from stashsync.manifest import Desired, load
from stashsync.pull.pairing import Project
from stashsync.pull.writing.comments import comment_spans
from stashsync.pull.writing.outline import outline_of
from stashsync.sources.found import FoundObject
from stashsync.sources.merging import Merged, merge
from stashsync.state import State

INTO = "manifests/imported.yaml"


@dataclass
class Bench:
    """A folder with manifests."""

    root: Path

    def write(self, text: str, name: str = "tags.yaml") -> None:
        """Write a manifest."""
        path = self.root / "manifests" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    def read(self, name: str = "tags.yaml") -> str:
        """Read a manifest."""
        return (self.root / "manifests" / name).read_text("utf-8")

    def load(self) -> Desired:
        """Load the manifests as `validate` does: every fault fails."""
        return load(self.root)

    def state(self) -> State:
        """Return what the manifests declare, which may be nothing."""
        return load(self.root, may_be_empty=True).state

    def comments(self) -> Counter[str]:
        """Count the comments of all manifests."""
        texts = [path.read_text("utf-8") for path in (self.root / "manifests").glob("*.yaml")]
        return Counter(
            text[start:end] for text in texts for start, end in comment_spans(outline_of(text))
        )

    def merge(self, *found: FoundObject, update: Collection[str] = ()) -> Merged:
        """Merge objects and write the files; the result is valid, and stays as it is."""
        merged = self._merge(found, update)
        for name, data in merged.files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if merged.files:
            self.load()
        again = self._merge(found, update)
        assert not again.pulled.files
        assert not again.pulled.added
        return merged

    def _merge(self, found: Collection[FoundObject], update: Collection[str]) -> Merged:
        project = Project(self.root, "manifests", load(self.root, may_be_empty=True))
        return merge(found, project, INTO, update)


def tag(name: str, place: str = "a.csv:2", **values: object) -> FoundObject:
    """Return a tag of a source."""
    return FoundObject("tag", name, values, place)


def left(merged: Merged) -> list[str]:
    """Return what was left out, as sentences."""
    assert not merged.pulled.manual_steps
    return [str(each) for each in merged.left_out]
