"""Plans, runs and problems with pseudonyms in place of all content of a library.

A plan shows a private taxonomy; where others may read a report, they see that a tag moves, not
which. The same text has the same pseudonym under the same key, in every format and every run:

    tag "tag-7c09e1d2b350" will be updated in-place: aliases +1   (manifests/file-51b0aa73f0c2.yaml)

Kinds, fields, actions, lines, numbers of changes and ids stay. Names, values, parts of paths and
messages of the server are hidden. Pseudonyms are keyed digests (BLAKE2b): without the key, no name
can be found by trying names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar, assert_never

from msgspec import structs
from msgspec.structs import replace

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem, Problems
from stashsync.fields import ObjectFilter, Value
from stashsync.fields.object_filter import CRITERIA, FORM
from stashsync.kinds import KINDS
from stashsync.outcomes import Outcome
from stashsync.planner.changes import Change, Create, Delete, FieldChange, Merge, Update
from stashsync.planner.plan import External, Operation, Plan
from stashsync.render.labels import label_after

HIDDEN: Final = "(the server's words are hidden)"
_KEPT: Final = frozenset({"manifests", "stashsync.yaml", "stashsync.yml", ""})
_QUOTED: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”")
_PSEUDONYM: Final = re.compile(r"[a-z_]+-[0-9a-f]{12}")
_Problems = TypeVar("_Problems", bound=Problems)


class Redactor:
    """Makes pseudonyms under one key, which is any bytes; the same key makes the same ones."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(key, digest_size=32).digest()
        self._fields = {name for kind in KINDS.values() for name in kind.fields}
        self._kinds = {*KINDS, *(kind.plural for kind in KINDS.values())}

    def name(self, word: str, text: str) -> str:
        """Return the pseudonym of a text: `word` and twelve hexadecimal digits."""
        data = f"{word}\0{text}".encode("utf-8", "surrogatepass")
        return f"{word}-{hashlib.blake2b(data, key=self._key, digest_size=6).hexdigest()}"

    def plan(self, plan: Plan) -> Plan:
        """Return the plan under pseudonyms; it cannot be applied."""
        known = _names(plan)
        return structs.replace(
            plan,
            changes=tuple(self._change(change) for change in plan.changes),
            operations=tuple(self._operation(plan, operation) for operation in plan.operations),
            labels={
                kind: {token: self.name(kind, label) for token, label in labels.items()}
                for kind, labels in plan.labels.items()
            },
            externals=tuple(self._external(external) for external in plan.externals),
            warnings=tuple(self.problem(problem, known) for problem in plan.warnings),
            refusals=tuple(self.problem(problem, known) for problem in plan.refusals),
            source=structs.replace(
                plan.source,
                identity=self.name("server", plan.source.identity),
                digest=self.name("manifests", plan.source.digest),
            ),
        )

    def report(self, report: Report) -> Report:
        """Return the report of a run under pseudonyms."""
        return replace(
            report,
            plan=self.plan(report.plan),
            outcomes=[self._outcome(outcome) for outcome in report.outcomes],
            stopped=HIDDEN if report.stopped else "",
        )

    def error(self, error: _Problems) -> _Problems:
        """Return the same type of error with redacted problems."""
        problems = [self.problem(problem) for problem in error.problems]
        return type(error)(problems, where=error.where)

    def problem(self, problem: Problem, known: Mapping[str, str] | None = None) -> Problem:
        """Return a problem without its source line; `known` has the kinds of names in it."""
        hint = None if problem.hint is None else self.words(problem.hint, known)
        return Problem(self.words(problem.message, known), self.mark(problem.mark), hint)

    def words(self, text: str, known: Mapping[str, str] | None = None) -> str:
        """Replace known names, and everything quoted, in a message."""
        for name in sorted(known or (), key=len, reverse=True):
            if name in text:
                text = text.replace(name, self.name((known or {})[name], name))
        return _QUOTED.sub(self._quoted, text)

    def mark(self, mark: Mark | None) -> Mark | None:
        """Return a place with its line, and of its path what every project has."""
        return None if mark is None else self._mark(mark)

    def _mark(self, mark: Mark) -> Mark:
        return Mark("/".join(map(self._part, mark.file.split("/"))), mark.line, mark.column)

    def _part(self, part: str) -> str:
        stem, dot, end = part.partition(".")
        if part in _KEPT or stem in self._kinds:
            return part
        return f"{self.name('file', stem)}{dot}{end if end in ('yaml', 'yml') else ''}"

    def _quoted(self, found: re.Match[str]) -> str:
        quote, inside, end = found[0][0], found[0][1:-1], found[0][-1]
        known = inside in self._fields or inside in self._kinds or inside.startswith("--")
        if known or _PSEUDONYM.fullmatch(inside):
            return found[0]
        return f"{quote}{self.name('text', inside)}{end}"

    # -- changes --------------------------------------------------------------------------------

    def _change(self, change: Change) -> Change:
        kind = change.kind
        label = self.name(kind, change.label)
        hidden: dict[str, Any] = {"label": label, "mark": self.mark(change.mark)}
        match change:
            case Create(values=values):
                hidden["values"] = {**self._values(kind, values), "name": label}
            case Update():
                hidden["changes"] = self._changes(change)
                hidden["kept"] = self._values(kind, change.kept)
                if "name" in change.kept:
                    hidden["kept"]["name"] = self.name(kind, change.kept["name"])
            case Merge(sources=sources):
                hidden["sources"] = tuple((token, self.name(kind, name)) for token, name in sources)
            case Delete(blockers=blockers):
                hidden["blockers"] = tuple(self.name("blocker", blocker) for blocker in blockers)
            case _:
                assert_never(change)
        return structs.replace(change, **hidden)

    def _changes(self, change: Update) -> dict[str, FieldChange]:
        kind = change.kind
        found = {
            name: FieldChange(
                self._value(kind, name, edit.before), self._value(kind, name, edit.after)
            )
            for name, edit in change.changes.items()
        }
        if change.renames:
            after = self.name(kind, label_after(change))
            found["name"] = FieldChange(self.name(kind, change.label), after)
        return found

    def _values(self, kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: self._value(kind, name, value) for name, value in values.items()}

    def _value(self, kind: str, field: str, value: Value) -> Value:
        spec = KINDS[kind].fields[field]
        if spec.form == "memberships":
            return [[token, self._hidden(text)] for token, text in value or ()]
        if value is None or isinstance(value, bool) or spec.meaning.references():
            return value  # tokens are ids; their names are in the labels
        if isinstance(spec.meaning, ObjectFilter):
            return self._criteria(value)
        is_name = field == "name" or spec is KINDS[kind].aliases
        return self._hidden(value, kind if is_name else "text")

    def _hidden(self, value: Any, word: str = "text") -> Any:
        """Return a value of the same shape with pseudonyms for its texts."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return {self._key_of(key): self._hidden(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._hidden(inner, word) for inner in value]
        return self.name(word, str(value))

    def _criteria(self, value: Any, key: str = "") -> Any:
        """Return criteria with pseudonyms for texts, but for the words that all filters have."""
        if isinstance(value, Mapping):
            return {
                name if name in CRITERIA or name in FORM else self.name("key", name): (
                    self._criteria(inner, name)
                )
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._criteria(inner, key) for inner in value]
        return value if key in ("id", "modifier") else self._hidden(value)

    def _key_of(self, key: str) -> str:
        fixed = ("endpoint", "stash_id", "url", "file", "etag")
        return key if key in fixed else self.name("key", key)

    def _operation(self, plan: Plan, operation: Operation) -> Operation:
        kind = plan.changes[operation.change].kind
        detour, undo = self._values(kind, operation.detour), self._values(kind, operation.undo)
        return structs.replace(operation, detour=detour, undo=undo)

    def _external(self, external: External) -> External:
        marks = tuple(map(self._mark, external.marks))
        return structs.replace(external, name=self.name(external.kind, external.name), marks=marks)

    def _outcome(self, outcome: Outcome) -> Outcome:
        return replace(outcome, message=HIDDEN if outcome.message else "")


def _names(plan: Plan) -> dict[str, str]:
    """Return every name in the plan, and the kind that it is a name of."""
    found: dict[str, str] = {}
    for kind, labels in plan.labels.items():
        found.update(dict.fromkeys(_worth_hiding(labels.values()), kind))
    for change in plan.changes:
        mine = [change.label]
        if isinstance(change, Merge):
            mine += [label for _, label in change.sources]
        found.update(dict.fromkeys(_worth_hiding(mine), change.kind))
    return found


def _worth_hiding(labels: Iterable[str]) -> list[str]:
    """Leave out names of one character, which are in every word; quoted ones are found anyway."""
    return [label for label in labels if len(label) > 1]
