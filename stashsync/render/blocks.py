"""One change as a block of text, the way Terraform writes a resource.

# tag "Wide shot" will be updated in-place
# (renamed from "Wide angle")
# (manifests/tags.yaml:12)
~ tag "Wide shot" {
    → name        = "Wide angle" → "Wide shot"
    ~ aliases     = [
        + "Long shot",
        - "Far shot",
      ]
      # (3 unchanged attributes hidden)
  }
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from stashsync.errors import Mark
from stashsync.planner.changes import Matched
from stashsync.render import values
from stashsync.render.safe import inert, quoted, turns_right_to_left
from stashsync.render.steps import Step
from stashsync.render.style import Style
from stashsync.render.view import Attribute, Entry, Group, Member

MEMBER_LIMIT: Final = 20
"""How many members of a list are shown."""

_SIGNS: Final = {"create": "+", "update": "~", "merge": "⇒", "delete": "-"}
_WORDS: Final = {"create": "created", "update": "updated in-place", "delete": "destroyed"}
_FEW: Final = 3
"""How many names a sentence has."""
_AT: Final = " " * 6
"""Where the attributes of a block begin; their own members begin four further right."""


class Blocks:
    """Writes blocks in one style. `full` hides and shortens nothing."""

    def __init__(self, style: Style, *, full: bool = False) -> None:
        self._style = style
        self._full = full
        self._width = 0 if full else values.WIDTH
        signs = {"+": style.create, "~": style.update, "-": style.destroy, "→": style.rename}
        signs["⇒"] = style.rename
        self._signs = {sign: f"{colour}{sign}{style.reset}" for sign, colour in signs.items()}
        self._signs[" "] = " "

    def entry(self, entry: Entry) -> str:
        """The block of one change."""
        name = f"{entry.kind} {quoted(entry.label)}"
        what = f"{name} will be {_WORDS.get(entry.action, '')}"
        if entry.action == "merge":
            what = f"{_gone(entry)} will be merged into {name}"
        head = [self._title(what)]
        head += [f"  # ({note})" for note in notes(entry)]
        head.append(f"  # ({place(entry.mark)})")
        if entry.action == "merge":
            return "\n".join([*head, *self._sources(entry, name)])
        return "\n".join([*head, *self._body(entry, name)])

    def group(self, group: Group) -> str:
        """The block of several changes that are alike."""
        count = len(group.entries)
        name = f"{count:,} {group.first.kind}s"
        head = [self._title(f"{name} will be {_WORDS[group.first.action]}")]
        if group.first.action == "delete":
            head += [f"  # (each of them: {note})" for note in notes(group.first)]
            head.append(f"  # ({place(group.first.mark)})")
            head += [f"  #   {quoted(one.label)}" for one in group.entries]
            return "\n".join([*head, f"  {self._signs['-']} {name}"])
        head += [f"  #   {quoted(one.label)} ({place(one.mark)})" for one in group.entries]
        return "\n".join([*head, *self._body(group.first, name, hidden=False)])

    def line(self, entry: Entry) -> str:
        """One change on one line."""
        sign = "→" if entry.previous else _SIGNS[entry.action]
        named = f"{entry.kind} {quoted(entry.label)}"
        if entry.action in ("merge", "delete"):
            if entry.action == "merge":
                named = f"{entry.kind} {_listed(entry.sources)} ⇒ {quoted(entry.label)}"
            told = f": {', '.join(entry.users)}" if entry.users else ""
            return f"  {self._signs[sign]} {named}{told}  ({place(entry.mark)})"
        if entry.previous:
            named = f"{entry.kind} {quoted(entry.previous)} → {quoted(entry.label)}"
        parts = [] if entry.action == "create" else [brief(one) for one in entry.attributes]
        what = f": {', '.join(part for part in parts if part)}" if any(parts) else ""
        return f"  {self._signs[sign]} {named}{what}  ({place(entry.mark)})"

    def group_line(self, group: Group) -> str:
        """Several changes that are alike on one line."""
        what = ", ".join(f"{one.sign} {brief(one)}" for one in group.first.attributes)
        count = len(group.entries)
        if group.first.action == "delete":
            told = f": each {', '.join(group.first.users)}" if group.first.users else ""
            where = place(group.first.mark)
            return f"  {self._signs['-']} {count:,} {group.first.kind}s{told}  ({where})"
        places = f"{place(group.first.mark)} and {count - 1:,} more"
        return f"  {self._signs['~']} {count:,} {group.first.kind}s: {what}  ({places})"

    def _sources(self, entry: Entry, name: str) -> list[str]:
        """What goes into an object, one by one."""
        sign = self._signs["⇒"]
        limit = len(entry.sources) if self._full else MEMBER_LIMIT
        found = [f"  {sign} {name} {{"]
        found += [f"{_AT}{sign} {quoted(one)}" for one in entry.sources[:limit]]
        hidden = len(entry.sources) - limit
        if hidden > 0:
            found.append(f"{_AT}  # ({hidden:,} more hidden; --full shows them)")
        return [*found, "    }"]

    def _title(self, text: str) -> str:
        return f"{self._style.bold}  # {text}{self._style.reset}"

    def _body(self, entry: Entry, name: str, *, hidden: bool = True) -> list[str]:
        opening = f"  {self._signs[_SIGNS[entry.action]]} {name} {{"
        count = entry.unchanged if hidden else 0
        if entry.action == "delete":
            return [opening.removesuffix(" {")]
        if not entry.attributes and not count:
            return [opening + "}"]
        found = [opening]
        width = max((len(one.name) for one in entry.attributes), default=0)
        for one in entry.attributes:
            found += self._attribute(one, width)
        if count:
            plural = "" if count == 1 else "s"
            dim, reset = self._style.dim, self._style.reset
            found.append(f"{_AT}  {dim}# ({count} unchanged attribute{plural} hidden){reset}")
        found.append("    }")
        return found

    def _attribute(self, one: Attribute, width: int) -> list[str]:
        start = f"{_AT}{self._signs[one.sign]} {one.name:<{width}} = "
        if one.shape == "scalar":
            return self._scalar(one, start)
        if one.shape == "image":
            arrow = self._arrow(one, values.image(one.before), values.image(one.after))
            return [start + arrow]
        opening, closing = "{}" if one.shape == "map" else "[]"
        cleared = " -> null" if one.sign == "-" else ""
        return [start + opening, *self._members(one), f"{_AT}  {closing}{cleared}"]

    def _scalar(self, one: Attribute, start: str) -> list[str]:
        old, new = one.before, one.after
        if (isinstance(new, str) and "\n" in new) or (isinstance(old, str) and "\n" in old):
            return list(self._text(one, start))
        if one.sign == "+":
            return [start + values.shown(new, self._width)]
        before, after = values.pair(old, new, self._width)
        if turns_right_to_left(before) and turns_right_to_left(after):
            # A terminal would swap the two around the arrow.
            removed, added = self._signs["-"], self._signs["+"]
            return [start.rstrip(), f"{_AT}    {removed} {before}", f"{_AT}    {added} {after}"]
        return [start + self._arrow(one, before, after)]

    def _arrow(self, one: Attribute, before: str, after: str) -> str:
        if one.sign == "+":
            return after
        arrow = "→" if one.sign == "→" else "->"
        return f"{before} {arrow} {after}"

    def _text(self, one: Attribute, start: str) -> Iterator[str]:
        """A text of several lines, as lines."""
        yield start + "<<-EOT"
        if one.before is None:
            limit = 0 if self._full else values.LINE_LIMIT
            yield from (
                f"{_AT}      {line}".rstrip() for line in values.new_lines(one.after, limit)
            )
        else:
            for sign, line in values.changed_lines(one.before, one.after, full=self._full):
                yield f"{_AT}    {self._signs[sign]} {line}".rstrip()
        yield f"{_AT}  EOT{' -> null' if one.after is None else ''}"

    def _members(self, one: Attribute) -> list[str]:
        limit = len(one.members) if self._full else MEMBER_LIMIT
        signs = self._signs
        found = [
            f"{_AT}    {signs[member.sign]} {self._member(member)}"
            for member in one.members[:limit]
        ]
        hidden = len(one.members) - limit
        if hidden > 0:
            found.append(f"{_AT}      # ({hidden:,} more hidden; --full shows them)")
        return found

    def _member(self, member: Member) -> str:
        value = member.before if member.sign == "-" else member.after
        text = values.shown(value, self._width)
        if member.sign == "~":
            text = " -> ".join(values.pair(member.before, member.after, self._width))
        return f"{text}," if member.key is None else f"{quoted(member.key)} = {text}"


def notes(entry: Entry) -> Iterator[str]:
    """What is worth saying about how an object was found, what it takes along, and its steps."""
    if entry.previous:
        yield f"renamed from {quoted(entry.previous)}"
    if entry.matched in (Matched.ID, Matched.STASH_ID):
        told = f"id {inert(entry.id or '')}" if entry.matched is Matched.ID else "a stash_id"
        yield f"matched by {told}"
    if entry.matched is Matched.MERGE:
        yield "the first of those to be merged becomes it, as there is none yet"
    if entry.matched is Matched.AROUND_MERGE:
        yield "no manifest names it: the merge asks for this"
    if entry.users and entry.action == "merge":
        yield f"what bears it: {', '.join(entry.users)}"
    elif entry.users:
        yield f"used by {', '.join(entry.users)}"
    if not entry.native:
        yield f"this server has no merge of {entry.kind}s: all that is moved, then they are deleted"
    if entry.orphans:
        loses = "loses this parent" if entry.orphans == 1 else "lose this parent"
        yield f"{entry.orphans:,} {'child' if entry.orphans == 1 else 'children'} {loses}"
    for step in entry.steps:
        yield step_text(step)


def step_text(step: Step) -> str:
    """Why a change takes a further step: what gives way, and to whom."""
    whom = [f"{kind} {quoted(name)}" for kind, name in step.for_whom[:_FEW]]
    more = len(step.for_whom) - _FEW
    rest = f" and {more:,} more" if more > 0 else ""
    others = f"{', '.join(whom)}{rest}"
    if step.what == "name":
        why = f": {_listed(step.given)} is in the way of {others}" if others else ""
        return f"for a moment it is called {quoted(step.taken)}{why}"
    if step.what == "aliases":
        verb = "is" if len(step.given) == 1 else "are"
        why = f", which {verb} in the way of {others}" if others else ""
        return f"it gives up {_listed(step.given)} first{why}"
    if step.what == "kept":
        return "what the merge would lose is written first"
    return f"it moves in a step of its own{f', before {others}' if others else ''}"


def _listed(names: Sequence[str]) -> str:
    """A few names, and how many more."""
    more = len(names) - _FEW
    few = ", ".join(quoted(one) for one in names[:_FEW])
    return f"{few} and {more:,} more" if more > 0 else few


def _gone(entry: Entry) -> str:
    """What is gone after a merge: the one, or how many."""
    if len(entry.sources) == 1:
        return f"{entry.kind} {quoted(entry.sources[0])}"
    return f"{len(entry.sources):,} {entry.kind}s"


def place(mark: Mark | None) -> str:
    """The manifest and the line that a change comes from."""
    if mark is None:
        return "prune: no manifest names it"
    return f"{_file(mark.file)}:{mark.line}" if mark.line else _file(mark.file)


_file = lru_cache(maxsize=1024)(inert)


def brief(one: Attribute) -> str:
    """A field in a few characters: `description`, `aliases +2 -1`. Nothing for the name."""
    if one.sign == "→":
        return ""
    counts = {sign: sum(1 for member in one.members if member.sign == sign) for sign in "+-~"}
    return " ".join([one.name, *(f"{sign}{count}" for sign, count in counts.items() if count)])
