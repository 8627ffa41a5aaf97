"""Write what is accepted into the texts of the files.

    1. values     in place, at the nodes of their items
    2. new items  go below their parents, or to the end of a section
    3. places     items leave a list and join another, with their subtree and their comments
    4. removals   items go, with their own comments

Each step reads the text anew, so that its places are right for what the last one wrote. A list that
loses its last item goes, with its comments: so what is new in it comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from stashsync.errors import Mark, Problem
from stashsync.fields.names import trim
from stashsync.kinds import KINDS, Key
from stashsync.manifest.reuse import Shortened
from stashsync.manifest.source import FileRefused
from stashsync.pull.accepting import accept, expand
from stashsync.pull.differences import AcceptedChange
from stashsync.pull.excerpts import Excerpt, Topic, longest_word, may_name
from stashsync.pull.indenting import (
    add_section,
    append_items,
    has_comments,
    insert_items,
    shifted,
    wants_lines,
)
from stashsync.pull.placing import Place
from stashsync.pull.writing.anchors import is_dangling, pass_on, take_over
from stashsync.pull.writing.blocks import CHILDREN
from stashsync.pull.writing.edits import REMOVED, ManualStepError
from stashsync.pull.writing.outline import ItemNode, Outline, outline_of
from stashsync.pull.writing.splice import Splicer
from stashsync.pull.writing.unfolding import unfold, unfold_item
from stashsync.state import Resource, State


@dataclass
class ProjectTexts:
    """The texts of a project by file, changed step by step; what fails is in `manual_steps`."""

    files: dict[str, str]
    manual_steps: list[Problem] = field(default_factory=list)
    before: Mapping[str, str] = field(default_factory=dict)
    """The texts as they were, or the excerpts of them that are changed."""
    _excerpts: Mapping[str, Excerpt] = field(default_factory=dict)

    @classmethod
    def about(cls, texts: Mapping[str, str], state: State, topic: Topic | None) -> Self:
        """Return what has to be composed of texts for a change; all of them without a topic.

        `state` was read from these texts.
        """
        if topic is None:
            return cls(dict(texts), before=texts)
        excerpts = {file: Excerpt(text, topic, file, state) for file, text in texts.items()}
        before = {file: excerpt.text for file, excerpt in excerpts.items()}
        return cls(dict(before), before=before, _excerpts=excerpts)

    def line(self, resource: Resource) -> int:
        """Return the line (from 0) of an object in the text before it is changed."""
        excerpt, line = self._excerpts.get(resource.file), resource.line - 1
        return excerpt.line(line) if excerpt is not None else line

    @property
    def is_whole(self) -> bool:
        """Whether nothing that the excerpts leave out was changed."""
        try:
            self.whole()
        except ValueError:
            return False
        return True

    def whole(self) -> dict[str, str]:
        """Return the texts with everything that the excerpts leave out.

        Raises:
            ValueError: a change was about what is left out.
        """
        return {
            file: self._excerpts[file].restored(text) if file in self._excerpts else text
            for file, text in self.files.items()
        }

    @property
    def shortened(self) -> dict[str, Shortened]:
        """What the excerpts have become, and the lines that they leave out."""
        return {
            file: Shortened(self.files[file].encode(), excerpt.runs)
            for file, excerpt in self._excerpts.items()
            if excerpt.runs
        }

    def outline(self, file: str) -> Outline:
        """Return the items of a file as it is now.

        Raises:
            ManualStepError: what was written cannot be read.
        """
        try:
            return outline_of(self.files[file])
        except FileRefused as refused:
            raise ManualStepError(f"the text would not be valid: {refused.message}") from None

    def places(self, kind: str, key: Key) -> list[tuple[str, ItemNode]]:
        """Return every place of an object, with its file."""
        return [
            (file, item)
            for file in sorted(self.files)
            if may_name(self.files[file], [longest_word(key[0])])
            for item in self.outline(file).find(kind, key)
        ]

    def find(self, kind: str, key: Key) -> tuple[str, ItemNode] | None:
        """Return where an object is described, or else where it is named; and in which file."""
        return min(self.places(kind, key), key=lambda place: place[1].bare, default=None)

    def get(self, kind: str, key: Key) -> tuple[str, ItemNode]:
        """Return the same as `find`.

        Raises:
            ManualStepError: it is nowhere.
        """
        found = self.find(kind, key)
        if found is None:
            raise ManualStepError("it cannot be found in the text")
        return found

    @contextmanager
    def manual_if_refused(
        self, mark: Mark, what: str, undo: Callable[[], object] = lambda: None
    ) -> Generator[None]:
        """Undo what was done and make it a manual step, if something cannot be spliced."""
        try:
            yield
        except ManualStepError as error:
            undo()
            self.manual_steps.append(manual_step(what, str(error), mark))

    @contextmanager
    def splicer_of(self, file: str) -> Generator[Splicer]:
        """Splice one file, whose text is replaced at the end."""
        splicer = Splicer(self.outline(file))
        yield splicer
        self.files[file] = splicer.result()

    # -- 1. values ------------------------------------------------------------------------------

    def accept_values(self, changes: Sequence[AcceptedChange]) -> None:
        """Write accepted values where the old ones are written."""
        by_file: dict[str, list[AcceptedChange]] = {}
        for change in changes:
            by_file.setdefault(change.desired.file, []).append(change)
        for file, accepted in by_file.items():
            known = len(self.manual_steps)
            try:
                with self.splicer_of(file) as splicer:
                    for change in accepted:
                        self._accept(splicer, change)
            except ManualStepError:  # two overlap: the later one of them is left
                del self.manual_steps[known:]
                with self.splicer_of(file) as splicer:
                    for change in accepted:
                        self._accept(splicer, change, check=True)

    def _accept(self, splicer: Splicer, change: AcceptedChange, *, check: bool = False) -> None:
        desired = change.desired
        item = splicer.outline.at.get((self.line(desired), desired.column - 1))
        mark = splicer.mark()
        with self.manual_if_refused(desired.mark, desired.address, lambda: splicer.undo(mark)):
            if item is None or item.node.type == "alias":
                raise ManualStepError("it is written by way of an alias")
            accept(splicer, item, change)
            if check:
                splicer.ensure_apart()

    def rename_bare(self, renamed: Mapping[tuple[str, str], str]) -> None:
        """Rename bare names in `children`; `renamed` has new names by kind and folded old name."""
        words = [longest_word(name) for _, name in renamed]
        for file in sorted(self.files):
            if not may_name(self.files[file], words):
                continue  # composing is what takes its time
            with self.splicer_of(file) as splicer:
                for item in splicer.outline.items:
                    new = renamed.get((item.kind.name, item.key[0]))
                    if new is not None and item.bare and trim(item.node.value) != new:
                        splicer.set_name(item, new)

    # -- 3. places ------------------------------------------------------------------------------

    def move(self, place: Place, mark: Mark) -> None:
        """Take an item out of the lists of its lost parents, and put it to its new place."""
        kind, before = place.kind, dict(self.files)
        described = self.find(kind, place.key)
        name = described[1].name if described is not None else place.key[0]
        what = f'{kind} "{name}" moves'
        with self.manual_if_refused(mark, what, lambda: self.files.update(before)):
            self._move(place)
            still = dict(before)
            for remedy in (pass_on, take_over):  # it stands below aliases, or above anchors
                if not is_dangling(self.outline(self.get(kind, place.key)[0])):
                    break
                self.files.update(still)
                file, item = self.get(kind, place.key)
                with self.splicer_of(file) as splicer:
                    remedy(splicer, item.node)
                still = dict(self.files)
                self._move(place)
            if place.values:
                self.set_values(kind, place.key, place.values)

    def _move(self, place: Place) -> None:
        kind, bare = place.kind, None
        described = self.find(kind, place.key)
        for file, item in reversed(self.places(kind, place.key)):
            leaves = item.parent is not None and item.parent.key in place.lost
            if leaves and item.bare and described is not None and described[1] is not item:
                bare = self.cut(file, item)
        # The described one, or the only one, takes its text along if it is what leaves.
        file, item = self.get(kind, place.key)
        if item.parent is not None and item.parent.key in place.lost:
            self.paste(file, kind, place.below, self.cut(file, item))
        elif place.below is not None and bare is not None:
            self.paste(file, kind, place.below, bare)
        elif place.below is not None:
            if item.parent is not None:
                raise ManualStepError("it has no place of its own to leave")
            self.paste(file, kind, place.below, self.cut(file, item))

    def pass_on_anchors(self, file: str, item: ItemNode) -> bool:
        """Let aliases of what is in an item that goes have its values; tell if there are any."""
        with self.splicer_of(file) as splicer:
            return pass_on(splicer, item.node)

    def set_values(self, kind: str, key: Key, values: Mapping[str, Any]) -> None:
        """Set keys of an item, or remove those that are `REMOVED`.

        Raises:
            ManualStepError: one of them is written elsewhere.
        """
        file, item = self.get(kind, key)
        with self.splicer_of(file) as splicer:
            splicer.leave_if_shared(item.node)
            if item.node.type == "scalar":
                new = {name: value for name, value in values.items() if value is not REMOVED}
                if new:
                    expand(splicer, item, {"name": trim(item.node.value), **new})
                return
            for name, value in values.items():
                old = item.node.get(name)
                if isinstance(value, list) and old is not None and old.type == "list":
                    splicer.set_members(item.node, name, value, {})
                elif value is not REMOVED:
                    splicer.set_field(item, name, value)
                elif old is not None:
                    splicer.remove_entry(item.node, name)

    def cut(self, file: str, item: ItemNode) -> list[str]:
        """Take an item out; return its lines, with its dash at column 0."""
        container, owner = item.container, item.parent
        only = len(container.items) == 1 and owner is not None
        with self.splicer_of(file) as splicer:
            outline = splicer.outline
            if only and owner is not None:
                splicer.remove_entry(owner.node, CHILDREN)
            if container.flow:
                if not only:
                    others = [n for n in range(len(container.items)) if n != item.index]
                    splicer.set_flow_members(container, others, [])
                return splicer.member_lines(container, item.index)
            if not only:
                splicer.remove_members(container, [item.index])
            lines = splicer.block_lines(container, range(*outline.extent(container, item.index)))
            return [shifted(line, container.indent) for line in lines]

    def paste(self, file: str, kind: str, below: Key | None, lines: Sequence[str]) -> None:
        """Put an item at the end of the children of an object, or of the section in this file."""
        if below is None:
            self._append(file, kind, lines)
            return
        if wants_lines(lines):
            try:
                self._open_brackets(kind, below)
            except ManualStepError:
                if has_comments(lines):
                    raise
        file, item = self.get(kind, below)
        with self.splicer_of(file) as splicer:
            insert_items(splicer, item, lines)

    def _open_brackets(self, kind: str, key: Key) -> None:
        """Write the lists in brackets around an item as block lists, and items around it so, too.

        Raises:
            ManualStepError: that would not be the same.
        """
        while True:
            file, item = self.get(kind, key)
            chain = [item]
            while (around := chain[0].parent) is not None:
                chain.insert(0, around)
            closed = next((each for each in chain if each.container.flow), None)
            if closed is None:
                if item.node.flow and item.node.get(CHILDREN) is not None:
                    with self.splicer_of(file) as splicer:
                        unfold_item(splicer, item, [])
                return
            with self.splicer_of(file) as splicer:
                parent = closed.parent
                if parent is not None and parent.node.flow:
                    unfold_item(splicer, parent, [])
                else:
                    owner = splicer.outline.sections[kind][0] if parent is None else parent.node
                    if owner.flow:
                        raise ManualStepError("its comments do not fit into brackets")
                    unfold(splicer, owner, closed.container, [])

    def _append(self, file: str, kind: str, lines: Sequence[str]) -> None:
        """Put items at the end of a section, which is added where there is none."""
        self.files.setdefault(file, "")
        with self.splicer_of(file) as splicer:
            if kind in splicer.outline.sections:
                root, _, items = splicer.outline.sections[kind]
                append_items(splicer, root, items, lines)
            else:
                add_section(splicer, KINDS[kind].plural, lines)

    # -- 4. removals ----------------------------------------------------------------------------

    def remove(self, removed: Sequence[Resource]) -> None:
        """Take out every place of these objects, those that are nested deepest first."""
        for resource in sorted(
            removed, key=lambda resource: (-self._depth(resource), resource.key)
        ):
            with self.manual_if_refused(resource.mark, f"{resource.address} is gone"):
                self._remove(resource)

    def _depth(self, resource: Resource) -> int:
        """Return the number of items around that of an object."""
        found = self.find(resource.kind, resource.key)
        count, item = 0, found[1] if found else None
        while item is not None and item.parent is not None:
            count, item = count + 1, item.parent
        return count

    def _remove(self, resource: Resource) -> None:
        """Take out every place of an object, the one where it is described last."""
        while places := self.places(resource.kind, resource.key):
            file, item = max(places, key=lambda place: (place[1].bare, places.index(place)))
            if item.children:
                raise ManualStepError("others are still nested in it")
            if self.pass_on_anchors(file, item):
                continue
            if item.parent is not None or len(item.container.items) > 1:
                self.cut(file, item)
                continue
            with self.splicer_of(file) as splicer:
                splicer.clear_section(item.container)


def manual_step(what: str, why: str, mark: Mark) -> Problem:
    """Return what a person has to do themselves."""
    return Problem(f"{what}: this is a manual step ({why})", mark)
