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
from stashsync.planner.changes import Matched, Merge, Update
from stashsync.render import values
from stashsync.render.phrases import few, orphans_text, with_details
from stashsync.render.safe import inert, quoted, turns_right_to_left
from stashsync.render.steps import ExtraStep
from stashsync.render.style import Style
from stashsync.render.view import AlikeChanges, Attribute, Entry, Item, Member

MEMBER_LIMIT: Final = 20
"""How many members of a list are shown."""

_SIGNS: Final = {"create": "+", "update": "~", "merge": "⇒", "delete": "-"}
WORDS: Final = {"create": "created", "update": "updated in-place", "delete": "destroyed"}
_AT: Final = " " * 6
"""Where the attributes of a block begin; their own members begin four further right."""


class Blocks:
    """Writes changes in one style. `full` hides and shortens nothing."""

    def __init__(self, style: Style, *, full: bool = False) -> None:
        self._style = style
        self._full = full
        self._width = 0 if full else values.WIDTH
        signs = {"+": style.create, "~": style.update, "-": style.destroy, "→": style.rename}
        signs["⇒"] = style.rename
        self._signs = {sign: f"{colour}{sign}{style.reset}" for sign, colour in signs.items()}
        self._signs[" "] = " "

    def item(self, item: Item) -> str:
        """Return the block of a change, or of several that are alike."""
        return self._group(item) if isinstance(item, AlikeChanges) else self._entry(item)

    def line(self, item: Item) -> str:
        """Return the same on one line."""
        return self._group_line(item) if isinstance(item, AlikeChanges) else self._entry_line(item)

    def _entry(self, entry: Entry) -> str:
        what = f"{entry.address} will be {WORDS.get(entry.action, '')}"
        if entry.action == "merge":
            what = f"{_gone(entry)} will be merged into {entry.address}"
        head = [self._title(what), *(f"  # ({note})" for note in notes(entry))]
        body = self._sources if entry.action == "merge" else self._body
        return "\n".join([*head, f"  # ({place(entry.mark)})", *body(entry, entry.address)])

    def _group(self, group: AlikeChanges) -> str:
        first = group.first
        name = f"{len(group.entries):,} {first.kind}s"
        head = [self._title(f"{name} will be {WORDS[first.action]}")]
        if first.action == "delete":
            head += [f"  # (each of them: {note})" for note in notes(first)]
            head.append(f"  # ({place(first.mark)})")
            head += [f"  #   {quoted(entry.label)}" for entry in group.entries]
        else:
            head += [
                f"  #   {quoted(entry.label)} ({place(entry.mark)})" for entry in group.entries
            ]
        return "\n".join([*head, *self._body(first, name, hidden=False)])

    def _entry_line(self, entry: Entry) -> str:
        named = entry.address
        if entry.action == "merge":
            named = f"{entry.kind} {few(entry.sources, quoted)} ⇒ {quoted(entry.label)}"
        elif entry.previous:
            named = f"{entry.kind} {quoted(entry.previous)} → {quoted(entry.label)}"
        sign = "→" if entry.previous else _SIGNS[entry.action]
        text = with_details(named, details(entry))
        return f"  {self._signs[sign]} {text}  ({place(entry.mark)})"

    def _group_line(self, group: AlikeChanges) -> str:
        first, count = group.first, len(group.entries)
        if first.action == "delete":
            found = [f"each {', '.join(details(first))}"] if details(first) else []
            where = place(first.mark)
        else:
            found = [f"{attribute.sign} {_brief(attribute)}" for attribute in first.attributes]
            where = f"{place(first.mark)} and {count - 1:,} more"
        text = with_details(f"{count:,} {first.kind}s", found)
        return f"  {self._signs[_SIGNS[first.action]]} {text}  ({where})"

    def _sources(self, entry: Entry, name: str) -> list[str]:
        """Return the objects that are merged into another, one a line."""
        sign = self._signs["⇒"]
        limit = len(entry.sources) if self._full else MEMBER_LIMIT
        found = [f"  {sign} {name} {{"]
        found += [f"{_AT}{sign} {quoted(source)}" for source in entry.sources[:limit]]
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
        width = max((len(attribute.name) for attribute in entry.attributes), default=0)
        for attribute in entry.attributes:
            found += self._attribute(attribute, width)
        if count:
            plural = "" if count == 1 else "s"
            dim, reset = self._style.dim, self._style.reset
            found.append(f"{_AT}  {dim}# ({count} unchanged attribute{plural} hidden){reset}")
        found.append("    }")
        return found

    def _attribute(self, attribute: Attribute, width: int) -> list[str]:
        start = f"{_AT}{self._signs[attribute.sign]} {attribute.name:<{width}} = "
        if attribute.shape == "scalar":
            return self._scalar(attribute, start)
        if attribute.shape == "image":
            arrow = self._arrow(
                attribute, values.image(attribute.before), values.image(attribute.after)
            )
            return [start + arrow]
        opening, closing = "{}" if attribute.shape == "map" else "[]"
        cleared = " -> null" if attribute.sign == "-" else ""
        return [start + opening, *self._members(attribute), f"{_AT}  {closing}{cleared}"]

    def _scalar(self, attribute: Attribute, start: str) -> list[str]:
        old, new = attribute.before, attribute.after
        if (isinstance(new, str) and "\n" in new) or (isinstance(old, str) and "\n" in old):
            return list(self._text(attribute, start))
        if attribute.sign == "+":
            return [start + values.shown(new, self._width)]
        before, after = values.pair(old, new, self._width)
        if turns_right_to_left(before) and turns_right_to_left(after):
            # A terminal would swap the two around the arrow.
            removed, added = self._signs["-"], self._signs["+"]
            return [start.rstrip(), f"{_AT}    {removed} {before}", f"{_AT}    {added} {after}"]
        return [start + self._arrow(attribute, before, after)]

    def _arrow(self, attribute: Attribute, before: str, after: str) -> str:
        if attribute.sign == "+":
            return after
        arrow = "→" if attribute.sign == "→" else "->"
        return f"{before} {arrow} {after}"

    def _text(self, attribute: Attribute, start: str) -> Iterator[str]:
        """Yield a text of several lines."""
        yield start + "<<-EOT"
        if attribute.before is None:
            limit = 0 if self._full else values.LINE_LIMIT
            yield from (
                f"{_AT}      {line}".rstrip() for line in values.new_lines(attribute.after, limit)
            )
        else:
            for sign, line in values.changed_lines(
                attribute.before, attribute.after, full=self._full
            ):
                yield f"{_AT}    {self._signs[sign]} {line}".rstrip()
        yield f"{_AT}  EOT{' -> null' if attribute.after is None else ''}"

    def _members(self, attribute: Attribute) -> list[str]:
        limit = len(attribute.members) if self._full else MEMBER_LIMIT
        signs = self._signs
        found = [
            f"{_AT}    {signs[member.sign]} {self._member(member)}"
            for member in attribute.members[:limit]
        ]
        hidden = len(attribute.members) - limit
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
    """Yield how an object was found, what a change affects beside it, and its further steps."""
    change = entry.change
    if entry.previous:
        yield f"renamed from {quoted(entry.previous)}"
    match change:
        case Update(matched=Matched.ID):
            yield f"matched by id {inert(change.id)}"
        case Update(matched=Matched.STASH_ID):
            yield "matched by a stash_id"
        case Update(matched=Matched.MEMORY):
            yield "renamed on the server since the last apply or pull; pull takes the server's name"
        case Update(matched=Matched.MERGE):
            yield "the first of those to be merged becomes it, as there is none yet"
        case Update(matched=Matched.AROUND_MERGE):
            yield "no manifest names it: the merge asks for this"
    if entry.users:
        what = "what bears it:" if entry.action == "merge" else "used by"
        yield f"{what} {', '.join(entry.users)}"
    if isinstance(change, Merge) and not change.native:
        yield f"this server has no merge of {entry.kind}s: all that is moved, then they are deleted"
    if entry.orphans:
        yield orphans_text(entry.orphans)
    yield from map(step_text, entry.steps)


def step_text(step: ExtraStep) -> str:
    """Explain why a change takes a further step: what gives way, and to which objects."""
    others = few([f"{kind} {quoted(name)}" for kind, name in step.for_whom])
    if step.what == "name":
        why = f": {few(step.given, quoted)} is in the way of {others}" if others else ""
        return f"for a moment it is called {quoted(step.taken)}{why}"
    if step.what == "aliases":
        verb = "is" if len(step.given) == 1 else "are"
        why = f", which {verb} in the way of {others}" if others else ""
        return f"it gives up {few(step.given, quoted)} first{why}"
    if step.what == "kept":
        return "what the merge would lose is written first"
    if step.what == "back":
        return "it loses a parent for a moment, as a loop is taken apart"
    return f"it moves in a step of its own{f', before {others}' if others else ''}"


def details(entry: Entry) -> Sequence[str]:
    """Return what a change does, or to what, in a few characters each."""
    if entry.action == "update":
        return [_brief(attribute) for attribute in entry.attributes]
    return [*entry.users, *([orphans_text(entry.orphans)] if entry.orphans else [])]


def _brief(attribute: Attribute) -> str:
    """Return a field in a few characters: `description`, `aliases +2 -1`, nothing for the name."""
    if attribute.sign == "→":
        return ""
    counts = {sign: sum(1 for member in attribute.members if member.sign == sign) for sign in "+-~"}
    return " ".join(
        [attribute.name, *(f"{sign}{count}" for sign, count in counts.items() if count)]
    )


def _gone(entry: Entry) -> str:
    """Name the object that is gone after a merge, or count them."""
    if len(entry.sources) == 1:
        return f"{entry.kind} {quoted(entry.sources[0])}"
    return f"{len(entry.sources):,} {entry.kind}s"


def place(mark: Mark | None) -> str:
    """Return the manifest and the line that a change comes from."""
    if mark is None:
        return "prune: no manifest names it"
    return f"{_file(mark.file)}:{mark.line}" if mark.line else _file(mark.file)


_file = lru_cache(maxsize=1024)(inert)
