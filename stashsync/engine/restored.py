"""The values that objects get back when a run is taken back, as they are found. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Final

from stashsync.engine.earlier import Earlier
from stashsync.engine.following import Following
from stashsync.engine.history import History, Identity
from stashsync.errors import Problem
from stashsync.fields import Value

SINCE: Final = "changed since the run"


@dataclass
class Restored:
    """The values that objects get back.

    Args:
        history: what the run did.
        earlier: what earlier undoes of it did.
        following: what follows the ids of objects that were made again.
        stuck: fields of objects that cannot be given back.
    """

    history: History
    earlier: Earlier
    following: Following
    _: KW_ONLY
    stuck: frozenset[tuple[Identity, str]] = frozenset()
    warnings: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.history.look.now
        self.back: dict[Identity, dict[str, Value]] = {}
        """The fields that change, by object, with their former values."""
        self.again: dict[Identity, dict[str, Value]] = {}
        """The removed objects that are made again, with all their values."""
        self.former: dict[Identity, dict[str, Value]] = {}
        """The former values of fields that earlier undoes gave back, or of what they made again."""
        self.since: set[tuple[Identity, str]] = set()
        """The fields that the run wrote and another client changed since."""
        self.leaves_some = False
        """Whether something is left that a later undo can give back."""

    @cached_property
    def merged(self) -> Mapping[Identity, str]:
        """What the run merged into what is there; an earlier undo may have made it again."""
        remade = {me: self.history.not_merged.get(me, "") for me in self.earlier.remade}
        found = {**self.history.removed, **remade}
        return {me: into for me, into in found.items() if (me[0], into) in self.now}

    def value(self, me: Identity, name: str) -> Value:
        """Return the value of a field as it is once the run is undone, as far as that is known."""
        back = self.back.get(me, {})
        return back[name] if name in back else self.current(me, name)

    def current(self, me: Identity, name: str) -> Value:
        """Return the value of a field; a filter names what was made again by its new id."""
        return self.following.field(me[0], name, self.now[me].values.get(name))

    def give(self, me: Identity, name: str, value: Value) -> None:
        """Give a field of an object a value."""
        self.back.setdefault(me, {})[name] = value

    def is_open(self, me: Identity, name: str) -> bool:
        """Whether an object is there, and the run still has a say in a field of it."""
        return me in self.now and not {(me, name)} & (self.since | self.stuck)

    def warn(self, text: str) -> None:
        """Report what is not taken back."""
        self.warnings.append(Problem(text))

    def address(self, me: Identity) -> str:
        """Return the address of an object, whether it is there or not."""
        return self.now[me].address if me in self.now else f"{me[0]} {me[1]}"
