"""A project's texts, and what they say once some of them are changed.

Loading and pairing are what a pull waits for: the answer to the same question is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from stashsync.engine.baseline import Baseline
from stashsync.kinds import Capabilities
from stashsync.manifest import Desired, load
from stashsync.manifest.events import BOM
from stashsync.planner import Pair, Policy, pair_up
from stashsync.planner.context import Context
from stashsync.pull.adopting import adopt
from stashsync.state import State

Paired: TypeAlias = tuple[Context, list[Pair]]


class Project:
    """The files of a project as they were loaded. `texts` are without byte order marks."""

    def __init__(
        self, root: Path, folder: str, desired: Desired, prepare: Callable[[State], object]
    ) -> None:
        self._root, self._folder, self._prepare = root, folder, prepare
        self.state = desired.state
        self._bytes = {name: (root / name).read_bytes() for name in desired.files}
        self.texts = {
            name: data.removeprefix(BOM).decode("utf-8") for name, data in self._bytes.items()
        }
        self._last: tuple[dict[str, bytes], State] = ({}, self.state)

    def changed(self, texts: Mapping[str, str]) -> dict[str, bytes]:
        """The contents of the files that are no longer what they were."""
        return {
            name: self._encoded(name, text)
            for name, text in texts.items()
            if text != self.texts.get(name)
        }

    def loaded(self, texts: Mapping[str, str]) -> State:
        """What the project says with these texts.

        Raises:
            ManifestError: they cannot be read, or contradict each other.
        """
        changed = self.changed(texts)
        if not changed:
            return self.state
        if changed != self._last[0]:
            state = load(self._root, folder=self._folder, instead=changed).state
            self._prepare(state)
            self._last = (changed, state)
        return self._last[1]

    def _encoded(self, name: str, text: str) -> bytes:
        bom = self._bytes.get(name, b"").startswith(BOM)
        return (BOM if bom else b"") + text.encode("utf-8")


@dataclass
class Pairing:
    """Finds who is who, with what a baseline knows; the last two answers are kept."""

    observed: State
    server: Capabilities
    baseline: Baseline | None
    policy: Policy
    _known: list[tuple[State, Paired]] = field(default_factory=list, init=False)

    def pairs(self, state: State) -> Paired:
        """The pairs of a desired state, those that the policy leaves out among them."""
        for known, paired in self._known:
            if known is state:
                return paired
        adopted = adopt(state, self.observed, self.baseline)
        policy = replace(self.policy, lenient=True)
        paired = pair_up(adopted, self.observed, self.server, policy=policy)
        # The first is what the files say, which is asked for between all others.
        self._known[1:] = [(state, paired)]
        return paired
