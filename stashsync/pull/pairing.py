"""A project's texts, what they mean once some are changed, and which objects are theirs.

Loading and pairing are what a pull spends its time on: the last answers are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from msgspec.structs import replace

from stashsync.engine.baseline import Baseline
from stashsync.kinds import KINDS, Capabilities, Key
from stashsync.manifest import Desired, load
from stashsync.manifest.events import BOM
from stashsync.manifest.reuse import Shortened
from stashsync.planner import Pair, Policy, pair_up
from stashsync.planner.context import PlanContext
from stashsync.state import Resource, State

Paired: TypeAlias = tuple[PlanContext, list[Pair]]


class Project:
    """The files of a project as they were loaded.

    Args:
        root: the project's folder.
        folder: the folder of the manifests, below it.
        desired: what was loaded.
        prepare: applied to every state that is loaded from changed texts (see `merge_lists`).
    """

    def __init__(
        self,
        root: Path,
        folder: str,
        desired: Desired,
        prepare: Callable[[State], object] = lambda _: None,
    ) -> None:
        self.folder, self.state = folder, desired.state
        self.root, self._prepare, self._parsed = root, prepare, desired.parsed
        self.images: Mapping[str, bytes] = {}
        """What changed texts may name beside the images that are there, by path."""
        self.bytes = {name: (root / name).read_bytes() for name in desired.files}
        """By file, as it was read."""
        self.texts = {
            name: data.removeprefix(BOM).decode("utf-8") for name, data in self.bytes.items()
        }
        """By file, without byte order marks."""
        self._last: tuple[dict[str, bytes], State] = ({}, self.state)

    def changed(self, texts: Mapping[str, str]) -> dict[str, bytes]:
        """Return the contents of the files that differ from what was loaded."""
        return {
            name: (BOM if self.bytes.get(name, b"").startswith(BOM) else b"") + text.encode()
            for name, text in texts.items()
            if text != self.texts.get(name)
        }

    def loaded(
        self,
        texts: Mapping[str, str],
        shortened: Mapping[str, Shortened] = MappingProxyType({}),
    ) -> State:
        """Return the desired state of the project with these texts.

        Only what changed is parsed; of a text that is there `shortened` too, only that.

        Raises:
            ManifestError: they cannot be read, or contradict each other.
        """
        changed = self.changed(texts)
        if changed and changed != self._last[0]:
            state = load(
                self.root,
                folder=self.folder,
                instead=changed,
                images=self.images,
                parsed=self._parsed,
                shortened=shortened,
            ).state
            self._prepare(state)
            self._last = (changed, state)
        return self._last[1] if changed else self.state


@dataclass
class Pairing:
    """Pairs desired states with what is observed, with the help of a baseline."""

    observed: State
    server: Capabilities
    baseline: Baseline | None
    policy: Policy
    _known: list[tuple[State, Paired]] = field(default_factory=list, init=False)

    def pairs(self, state: State) -> Paired:
        """Return the pairs of a desired state, including those that the policy leaves out."""
        for known, paired in self._known:
            if known is state:
                return paired
        recovered = recover_ids(state, self.observed, self.baseline)
        policy = replace(self.policy, lenient=True)
        paired = pair_up(recovered, self.observed, self.server, policy=policy)
        # The first is that of the files as they are, which is asked for between all others.
        self._known[1:] = [(state, paired)]
        return paired


def recover_ids(desired: State, observed: State, baseline: Baseline | None) -> State:
    """Add the ids that a baseline knows of objects that were renamed on the server.

    An `id:` that is not on the server any more is dropped: its object is gone.
    """
    if baseline is None and all(resource.id is None for resource in desired):
        return desired
    present = {(resource.kind, resource.id): resource for resource in observed}
    keys = {(resource.kind, resource.key) for resource in observed}
    declared = {(resource.kind, resource.key) for resource in desired}
    return State(
        {
            name: [_with_id(resource, present, keys, declared, baseline) for resource in resources]
            for name, resources in desired.resources.items()
        },
        desired.digest,
    )


def _with_id(
    desired: Resource,
    present: Mapping[tuple[str, str | None], Resource],
    keys: set[tuple[str, Key]],
    declared: set[tuple[str, Key]],
    baseline: Baseline | None,
) -> Resource:
    kind = desired.kind
    if desired.id is not None:
        return desired if (kind, desired.id) in present else replace(desired, id=None)
    if baseline is None:
        return desired
    former = [key for old in desired.renamed_from for key in KINDS[kind].keys_named(old)]
    ids = (baseline.ids.get((kind, key)) for key in [desired.key, *former])
    known = next((identifier for identifier in ids if identifier is not None), None)
    found = present.get((kind, known))
    if found is None or (kind, desired.key) in keys or (kind, found.key) in declared:
        return desired
    return replace(desired, id=known)
