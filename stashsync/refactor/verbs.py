"""The commands: each decides what the manifests are to declare, writes it, and reads it again.

goal ─▶ texts ─▶ read again: is it the goal? ─▶ the next command, or the files
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stashsync.errors import StashIntegrationError
from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS, FieldSpec, Key
from stashsync.pull.adding import add_items
from stashsync.pull.differences import AcceptedChange, ListChange
from stashsync.pull.excerpts import Topic
from stashsync.pull.new_items import file_for
from stashsync.pull.references import replace_references
from stashsync.pull.rewrite import ProjectTexts
from stashsync.refactor.goal import Goal
from stashsync.refactor.items import (
    KEEP_OLD_NAME,
    absent_content,
    write_absent,
    write_former_names,
    write_id,
)
from stashsync.refactor.naming import (
    declared,
    is_referred_to,
    require,
    subject,
    values_of_name,
)
from stashsync.refactor.places import (
    NewParents,
    Reparenting,
    ancestors,
    children_of,
    parents,
    removed_with,
)
from stashsync.refactor.servers import former_keys, tell_apart
from stashsync.refactor.writing import ManifestWriter, again_in_full
from stashsync.state import Resource


class Refactoring(ManifestWriter):
    """The commands of a project, one after the other; see `ManifestWriter`."""

    # -- mv -------------------------------------------------------------------------------------

    @again_in_full
    def rename(self, kind: str, old: str, new: str, *, keep_old_name: bool = False) -> None:
        """Give an object another name, in its item and wherever others refer to it.

        Raises:
            StashIntegrationError: no manifest has the old name, or one has the new one, or the
                old one cannot be kept, or objects change places whose ids are not known.
            RefactoringError: a place cannot be changed.
        """
        if keep_old_name:
            require(kind, KEEP_OLD_NAME)
        if declared(self.state, kind, old) is None and is_referred_to(self.state, kind, old):
            self._declare(kind, trim(old))
        resource = subject(self.state, kind, old)
        values = values_of_name(resource, new)
        after = {**resource.values, **values}
        label, key = KINDS[kind].label(after), KINDS[kind].key(after)
        self._refuse_taken(resource, label, key)
        gone, come = self._former_names(resource, label, key)
        name: str = values.pop("name")
        change = AcceptedChange(resource, resource, name, values)
        swapped = _swapped_alias(resource, name)
        if swapped is not None:
            spec, alias = swapped
            change.lists[spec.name] = ListChange(renamed={alias: resource.name})
            after[spec.name] = _renamed_members(after[spec.name], alias, resource.name)
        left = tuple(old for old in resource.renamed_from if resource.text_of(old) != gone)
        former = (*left, come) if come is not None else left
        keep = bool(former) and (keep_old_name or resource.keep_old_name)
        goal = Goal(self.state)
        alone = self._is_alone(resource)
        taken = any(each.key[0] == key[0] for each in self.state.of(kind) if each is not resource)
        names = self._references_to(resource, label, label if taken else name)
        for (_, text), new_text in names.items():
            goal.replace_references(kind, text, new_text)
        goal.change(resource, renamed_from=former, keep_old_name=keep)
        goal.set_values(resource, **after)
        ids = tell_apart(self.servers, self.state, goal, resource, key)
        others = [each for each in self.state.of(kind) if each.key in ids and each is not resource]
        about = self._about(resource, *others, names=[label, name])
        with self._writing(goal, about, {(kind, key): resource.key}) as texts:
            texts.accept_values([change])
            if alone:
                texts.rename_bare({(kind, resource.key[0]): name})
            replace_references(texts, names)
            for each, identifier in ids.items():
                write_id(texts, kind, each, identifier)
            if key in ids:
                return
            if gone is not None or come is not None:
                write_former_names(texts, kind, key, gone, come)
            if keep and not resource.keep_old_name:
                texts.set_values(kind, key, {KEEP_OLD_NAME: True})

    def _declare(self, kind: str, name: str) -> None:
        """Add the item of an object that others refer to."""
        goal = Goal(self.state)
        key = KINDS[kind].key({"name": name})
        goal.objects[kind, key] = Resource(kind, key, {"name": name})
        with self._writing(goal, Topic()) as texts:
            add_items(texts, {(kind, None, file_for(self.project, kind, name)): [name]})
        self.notes.append(f'No manifest declared "{name}"; the server has to have it.')

    def _refuse_taken(self, resource: Resource, label: str, key: Key) -> None:
        if label == resource.label:
            raise StashIntegrationError(f"{resource.address} has that name already")
        for other in self.state.of(resource.kind):
            if other.key == key and other is not resource:
                raise StashIntegrationError(
                    f"{other.address} is declared already ({other.mark})",
                    hint="To make one of the two: stashsync merge "
                    f'"{resource.kind}:{resource.label}" "{other.label}".',
                )

    def _former_names(
        self, resource: Resource, label: str, key: Key
    ) -> tuple[str | None, str | None]:
        """Return what goes from `renamed_from` and what comes into it.

        A rename that is taken back leaves nothing, unless a server is known to have the name.
        """
        former = map(resource.text_of, resource.renamed_from)
        gone = next((old for old in former if fold(old) == fold(label)), None)
        if key == resource.key:
            return gone, None
        known = self._known_names(resource)
        applied = any(fold(name) == fold(resource.label) for name in known)
        if gone is not None and not applied:
            self.notes.append(
                f'The rename to "{resource.label}" is taken back. If a server has that name '
                f"already, add `renamed_from: {resource.label}`."
            )
            return gone, None
        others = (each for each in self.state.of(resource.kind) if each is not resource)
        if known and not applied and any(resource.key in former_keys(each) for each in others):
            return gone, None  # on the server this name is that of another
        return gone, resource.label

    @again_in_full
    def move(self, kind: str, name: str, under: str | None, leaving: Sequence[str] = ()) -> None:
        """Place an object below another, or below none; of several parents, it leaves `leaving`.

        Raises:
            StashIntegrationError: its kind has no hierarchy, or it is not clear which to leave.
            RefactoringError: its item cannot be moved.
        """
        require(kind, "children")
        resource = subject(self.state, kind, name)
        now = {fold(each): each for each in parents(resource)}
        gained = [] if under is None else [self._name_of(kind, under)]
        lost = {fold(trim(each)) for each in leaving} or set(now)
        for each in leaving:
            if fold(trim(each)) not in now:
                raise StashIntegrationError(f'{resource.address} is not below "{each}"')
        if len(now) > 1 and not leaving:
            listed = " ".join(f'--from "{each}"' for each in now.values())
            raise StashIntegrationError(
                f"{resource.address} has several parents",
                hint=f"Say which of them it leaves, once or more: {listed}.",
            )
        lost -= {fold(each) for each in gained}
        if not lost and all(fold(each) in now for each in gained):
            raise StashIntegrationError(f"{resource.address} is there already")
        new = [each for each in gained if fold(each) not in now]
        goal = Goal(self.state)
        with self._writing(goal, self._about(resource, names=gained)) as texts:
            moves = [NewParents(resource, lost, new)]
            Reparenting(self.state, texts, kind).apply(moves, goal, texts)

    def _name_of(self, kind: str, name: str) -> str:
        """Return the name of an object as it is declared, or as it is given."""
        found = declared(self.state, kind, name)
        if found is None:
            self.notes.append(f'No manifest declares "{name}"; the server has to have it.')
            return trim(name)
        return found.name

    # -- rm -------------------------------------------------------------------------------------

    @again_in_full
    def remove(
        self, kind: str, name: str, *, children_to: str | None = None, recursive: bool = False
    ) -> None:
        """Declare an object absent; what is below it goes to its parents or to `children_to`.

        Raises:
            StashIntegrationError: the name is not clear, or it is to be deleted already, or there
                are no children.
            RefactoringError: a place cannot be changed.
        """
        if children_to is not None:
            require(kind, "children")
        if declared(self.state, kind, name) is None:
            self._declare(kind, trim(name))
        resource = subject(self.state, kind, name)
        if recursive:
            for below in reversed(list(removed_with(self.state, resource))):
                self._remove(subject(self.state, kind, below.label), [])
            resource = subject(self.state, kind, name)
        above = parents(resource) if not recursive else []
        self._remove(resource, [self._name_of(kind, children_to)] if children_to else above)

    def _remove(self, resource: Resource, heirs: Sequence[str]) -> None:
        kind, key = resource.kind, resource.key
        (name,) = self._names_on_server(resource)[:1]
        values = {
            field: value
            for field, value in resource.values.items()
            if field in KINDS[kind].key_fields
        }
        content = absent_content(kind, values, resource.id)
        renamed = values_of_name(resource, name) if name != resource.label else {}
        goal = Goal(self.state)
        with self._writing(goal, self._about(resource, names=[name, *heirs])) as texts:
            self._reparent(resource, dict.fromkeys(self._children(resource), heirs), goal, texts)
            self._replace(resource, None, goal, texts)
            goal.change(
                resource,
                values={**values, **renamed},
                renamed_from=(),
                keep_old_name=False,
                merge=(),
                absent=True,
            )
            write_absent(texts, kind, key, content)
            if renamed:
                texts.set_values(kind, key, renamed)

    def _children(self, resource: Resource) -> list[Resource]:
        return children_of(self.state, resource)

    def _reparent(
        self,
        parent: Resource,
        heirs: Mapping[Resource, Sequence[str]],
        goal: Goal,
        texts: ProjectTexts,
    ) -> None:
        """Give the children of an object that goes other parents, by child."""
        moves = [
            NewParents(child, {parent.key[0]}, [name for name in names if name != child.name])
            for child, names in heirs.items()
        ]
        if moves:
            Reparenting(self.state, texts, parent.kind).apply(moves, goal, texts)

    def _replace(
        self, resource: Resource, new: str | None, goal: Goal, texts: ProjectTexts
    ) -> None:
        """Let everything that refers to an object refer to another, or to none."""
        names = self._references_to(resource, new, new)
        for (kind, text), name in names.items():
            goal.replace_references(kind, text, name)
        replace_references(texts, names)

    def _references_to(
        self, resource: Resource, label: str | None, name: str | None
    ) -> dict[tuple[str, str], str | None]:
        """Return what references to an object become: by what tells it from namesakes, and bare."""
        found = {(resource.kind, fold(resource.label)): label}
        if self._is_alone(resource):
            found[resource.kind, resource.key[0]] = name
        return found

    def _is_alone(self, resource: Resource) -> bool:
        """Whether a reference by its name means this object and no namesake."""
        same = [each for each in self.state.of(resource.kind) if each.key[0] == resource.key[0]]
        return len(same) == 1

    def _names_on_server(self, resource: Resource) -> list[str]:
        """Return the names by which a server may have an object; the first is the likeliest."""
        known = self._known_names(resource) if resource.renamed_from else []
        if not known and resource.renamed_from:
            self.notes.append(
                f'If the rename to "{resource.label}" was never applied, the server has it as '
                f"{' or '.join(map(resource.text_of, resource.renamed_from))}."
            )
        return known or [resource.label]

    def _known_names(self, resource: Resource) -> list[str]:
        """Return the names by which servers are known to have an object, each once."""
        kind = resource.kind
        names: dict[str, None] = {}
        for server in self.servers:
            identifier = server.meant(self.state.of(kind)).get(resource.key)
            if identifier is not None:
                names[server.label(kind, identifier)] = None
        return list(names)

    # -- merge ----------------------------------------------------------------------------------

    @again_in_full
    def merge(self, kind: str, sources: Sequence[str], into: str) -> None:
        """Merge objects into another: references, children and lists are that one's then.

        Raises:
            StashIntegrationError: a name is not clear, or such objects cannot be merged.
            RefactoringError: a place cannot be changed.
        """
        require(kind, "merge")
        for name in sources:
            destination = subject(self.state, kind, into)
            source = declared(self.state, kind, name)
            if source is destination or fold(trim(name)) in _texts(destination):
                raise StashIntegrationError(
                    f'"{name}" is merged into {destination.address} already'
                )
            if source is None:
                self.notes.append(f'No manifest declares "{name}"; the server has to have it.')
                key = KINDS[kind].key({"name": trim(name)})
                self._merge(Resource(kind, key, {"name": trim(name)}), destination)
            else:
                self._merge(subject(self.state, kind, name), destination)

    def _merge(self, source: Resource, into: Resource) -> None:
        kind = source.kind
        above = ancestors(self.state, into)
        is_below = into.key in ancestors(self.state, source)
        heirs = {
            child: parents(source) if child.key in above else [into.name]
            for child in self._children(source)
        }
        merged = (*into.merge, *self._names_on_server(source), *source.merge)
        is_declared = bool(source.file)
        goal = Goal(self.state)
        about = self._about(source, into)
        with self._writing(goal, about, merged={(kind, source.key[0]): into.key[0]}) as texts:
            self._reparent(source, heirs, goal, texts)
            if is_declared:
                texts.remove([source])  # it passes its anchors on to what refers to it
                self._replace(source, into.name, goal, texts)
                goal.drop(source)
            else:
                goal.replace_references(kind, source.key[0], into.name)
                replace_references(texts, {(kind, source.key[0]): into.name})
            united = _united(goal.objects[kind, into.key], source)
            spec = KINDS[kind].hierarchy
            if spec is not None and spec.name not in into.values and is_below:
                united[spec.name] = spec.meaning.empty  # else it would get what is below it
            goal.change(into, merge=merged)
            goal.set_values(into, **united)
            names = list(map(into.text_of, merged))
            texts.set_values(kind, into.key, {**united, "merge": names})


def _texts(resource: Resource) -> set[str]:
    """Return the folded texts of what is merged into an object."""
    return {fold(resource.text_of(name)) for name in resource.merge}


def _swapped_alias(resource: Resource, name: str) -> tuple[FieldSpec, str] | None:
    """Return the alias that is to be the name: the old name takes its place among the aliases."""
    spec = KINDS[resource.kind].aliases
    value = resource.values.get(spec.name) if spec is not None else None
    members = value.get("add", ()) if isinstance(value, dict) else value or ()
    found = next((alias for alias in members if fold(alias) == fold(name)), None)
    return (spec, found) if spec is not None and found is not None else None


def _renamed_members(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {part: _renamed_members(members, old, new) for part, members in value.items()}
    return sorted({new if member == old else member for member in value})


def _united(into: Resource, source: Resource) -> dict[str, Any]:
    """Return the lists that the destination writes out, with the members of the source.

    What it does not mention, the server unites (docs/manifest.md#merging-and-deleting).
    """
    kind, found = KINDS[into.kind], {}
    for name, spec in kind.fields.items():
        mine, other = into.values.get(name), source.values.get(name)
        if spec is kind.hierarchy or not isinstance(mine, list) or not other:
            continue
        members = other.get("add") if isinstance(other, dict) else other
        if not isinstance(members, list):
            continue
        fix = fold if spec.meaning.references() else str
        present = {fix(member) for member in mine} | {fold(into.name)}
        more = [member for member in members if fix(member) not in present]
        if more:
            found[name] = [*mine, *more]
    return found
