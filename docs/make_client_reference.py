"""Writes docs/client/reference.md and docs/client/fields.md: every public name of the client.

    reference.md    what can be imported and called: signatures and summaries of docstrings
    fields.md       what objects have: fields, relations by id, helpers

All texts come from the code; only their order is written here.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, get_origin

import client_face as face
from generated import DOCS, main

import stashsync
from stashsync import entities, errors, unset
from stashsync.entities import Entity, Record
from stashsync.kinds import registry, release_text
from stashsync.kinds.capabilities import OLDEST
from stashsync.kinds.field_spec import FieldSpec
from stashsync.kinds.helpers import Hierarchy
from stashsync.wire.subscriptions import Subscription

REFERENCE = DOCS / "client" / "reference.md"
FIELDS = DOCS / "client" / "fields.md"
WIDTH = 100
ABOUT_CALLS = """\
The [guide](guide.md) explains these names. `help(name)` in Python shows the whole docstring of
each, with the exceptions it raises. [Another page](fields.md) lists the fields of objects."""
ABOUT_FIELDS = """\
Each field may also be `UNSET`: it was neither set nor read. The column "saved by" means:

| saved by | |
|---|---|
| save | the object's own `save`; only for new or only for known objects where noted |
| bulk update | a bulk update of the objects at the other end, which `save` also sends |
| other end | the `save` of the objects at the other end |
| | the field is read-only |

Helpers take effect when they are called, and `await` is optional. It is required where their
relation is not loaded. Without a client that could load it, they raise `LookupError`."""
MADE_BY_CALLS = (Subscription, Hierarchy, face.Found)
"""Classes that only the library creates, so that their constructors are not shown."""
MARK = "<!-- made by docs/make_client_reference.py -->"


def reference() -> str:
    """Build the page of names that can be imported and called."""
    lines = [
        "# Every public name of the client",
        "",
        MARK,
        "",
        ABOUT_CALLS,
        "",
        "## `from stashsync import …`",
        "",
        "| name | from | description |",
        "|---|---|---|",
    ]
    for home, names in stashsync._HOMES.items():
        lines += [f"| `{name}` | `{home}` | {_line(stashsync, name)} |" for name in names]
    further = sorted({*entities.__all__} - {*stashsync.__all__})
    lines += ["", "## `from stashsync.entities import …`, besides", ""]
    lines += ["| name | description |", "|---|---|"]
    lines += [f"| `{name}` | {_line(entities, name)} |" for name in further]
    lines += ["", "## Connecting", *_block([stashsync.StashContext])]
    lines += ["", "## The client", "", "`StashClient` has these base classes."]
    for owner in face.CLIENT:
        if list(face.members(owner)):
            lines += ["", f"### {owner.__name__}", "", f"In `{owner.__module__}`. {_doc(owner)}"]
            lines += _block([owner])
    lines += [
        "",
        "## The store",
        "",
        "`T` is a class of objects, such as `Scene`.",
        "",
    ]
    lines += [
        "`Ttl` is `timedelta | int | None`; an int counts seconds. `Predicate[T]` is a function"
    ]
    lines += ["that takes an object and returns a truth value.", *_block(face.STORE)]
    lines += ["", "## What every object has", *_block([Entity, Record])]
    lines += ["", "Of the class:", "", *_class_values()]
    lines += ["", "## Results"]
    for result in face.RESULTS:
        lines += ["", f"### {result.__name__}", "", f"In `{result.__module__}`. {_doc(result)}"]
        lines += _block([result])
    lines += [
        "",
        "`find_…s` returns one of these, with the objects under the name of their kind:",
        "",
    ]
    lines += ["| result | has | in |", "|---|---|---|"]
    for name, class_ in sorted(
        {found.__name__: found for found in face.Found.__subclasses__()}.items()
    ):
        (has,) = [found.name for found in face.members(class_) if found.name != name]
        lines.append(f"| `{name}` | `.{has}` | `{class_.__module__}` |")
    lines += ["", "## Errors", "", "| exception | base | description |", "|---|---|---|"]
    for name, error in vars(errors).items():
        if isinstance(error, type) and issubclass(error, errors.StashError):
            bases = ", ".join(f"`{base.__name__}`" for base in error.__bases__)
            lines.append(f"| `{name}` | {bases} | {_line(errors, name)} |")
    return "\n".join(lines) + "\n"


def fields() -> str:
    """Build the page of the fields of objects."""
    lines = [
        "# What objects have",
        "",
        MARK,
        "",
        ABOUT_FIELDS,
    ]
    for title, models in (
        ("Objects", [record for record in face.RECORDS if issubclass(record, Entity)]),
        ("Parts of objects", [record for record in face.RECORDS if not issubclass(record, Entity)]),
    ):
        lines += ["", f"## {title}"]
        for model in models:
            lines += [
                "",
                f"### {model.__name__}",
                "",
                f"In `{model.kind().declaration.__module__}`. {_doc(model)}",
                "",
            ]
            lines += ["| field | description | type | saved by | since |", "|---|---|---|---|---|"]
            specs = model.kind().all_fields
            lines += [_field(model, specs[name]) for name in face.fields_of(model)]
            lines += _block([model])
    return "\n".join(lines) + "\n"


def _field(model: type[Record], spec: FieldSpec) -> str:
    doc = (spec.doc or "").replace("\n", " ").replace("|", "\\|")
    since = release_text(spec.since) if spec.since > OLDEST else ""
    kind = face.type_of(model, spec.name).replace("|", "\\|")
    return f"| `{spec.name}` | {doc} | `{kind}` | {_saved(model, spec)} | {since} |"


def _saved(model: type[Record], spec: FieldSpec) -> str:
    if not issubclass(model, Entity):
        return "save" if spec.settable and spec.form != "nested" else ""
    relation = model.__relationships__.get(spec.name)
    if spec.settable:
        if spec.creates and spec.updates:
            return "save"
        return "save, new objects" if spec.creates else "save, known objects"
    if relation is None or not relation.editable:
        return ""
    return "bulk update" if relation.saved_here else "other end"


def _class_values() -> Iterator[str]:
    yield from ("| name | description |", "|---|---|")
    docs = _value_docs(inspect.getsource(face.Tracked))
    for member in face.members(face.Tracked):
        if docs.get(member.name):
            yield f"| `{member.name}` | {docs[member.name]} |"


def _value_docs(source: str) -> dict[str, str]:
    """Map the values of a class or a module to the docstrings below them."""
    bodies = [
        node.body for node in ast.walk(ast.parse(textwrap.dedent(source))) if hasattr(node, "body")
    ]
    bodies += [node.orelse for node in ast.walk(ast.parse(source)) if isinstance(node, ast.If)]
    found = dict[str, str]()
    for statement, text in (
        pair for body in bodies if isinstance(body, list) for pair in pairwise(body)
    ):
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            target = (
                statement.targets[0]
                if isinstance(statement, ast.Assign)
                else getattr(statement, "target", None)
            )
            if isinstance(target, ast.Name):
                found[target.id] = inspect.cleandoc(str(text.value.value)).replace("\n", " ")
    return found


def _block(owners: Iterable[type[Any]]) -> list[str]:
    """Show the members of these classes as Python would declare them."""
    shown = list[str]()
    for member in {
        member.name: member for owner in owners for member in face.members(owner)
    }.values():
        if not member.name.startswith("__") and not (
            member.owner in MADE_BY_CALLS and _is_class(member)
        ):
            shown += [*([""] if member.doc and shown else []), *_member(member)]
    return ["", "```py", *shown, "```"] if shown else []


def _is_class(member: face.Member) -> bool:
    return member.name == member.owner.__name__


def _member(member: face.Member) -> Iterator[str]:
    first = _first(member.doc)
    if first:
        yield from (f"# {line}" for line in textwrap.wrap(first, WIDTH - 2))
    if member.of_class and member.calls:
        yield "@classmethod"
    name = "StashClient" if member.name == "Core" else member.name
    for call in member.calls:
        yield from _call(name, call)
    if not member.calls:
        value = f" = {getattr(member.owner, member.name)!r}" if member.name.isupper() else ""
        yield f"{member.name}: {member.type}{value}" if member.type else f"{member.name}{value}"


def _call(name: str, call: Callable[..., Any]) -> Iterator[str]:
    signature = inspect.signature(call)
    given = list(signature.parameters.values())[1:]  # without self, or the class
    texts = list[str]()
    for parameter in given:
        starred = any(text.startswith("*") for text in texts)
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            texts.append("*")
        texts.append(_parameter(parameter))
    word = "async def" if inspect.iscoroutinefunction(call) else "def"  # not of async generators
    gives = "" if call.__name__ == "__init__" else f" -> {signature.return_annotation}"
    line = f"{word} {name}({', '.join(texts)}){gives}"
    if len(line) <= WIDTH:
        yield line
    else:
        yield f"{word} {name}("
        yield from (f"    {text}," for text in texts)
        yield f"){gives}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    text = f"{stars}{parameter.name}: {parameter.annotation}"
    if parameter.default is parameter.empty:
        return text
    default = parameter.default
    if default is ...:
        return f"{text} = ..."
    shown = str(default) if isinstance(default, Enum) and not isinstance(default, str) else None
    return f"{text} = {shown or repr(getattr(default, 'value', default))}"


def _doc(owner: type[Any]) -> str:
    return _first(inspect.cleandoc(owner.__doc__ or ""))


def _first(doc: str) -> str:
    """Return the first paragraph of a docstring as one line, without citations."""
    text = doc.partition("\n\n")[0].replace("\n", " ")
    return re.sub(r"\s*\(docs/[\w/-]+\.md(#[\w-]+)?\)", "", text)


def _line(home: ModuleType, name: str) -> str:
    """Return the summary of a name for a cell of a table."""
    value = getattr(home, name)
    if isinstance(value, type) or inspect.isfunction(value):
        text = _doc(value)  # type: ignore[arg-type]  # functions have texts, too
    elif get_origin(value) is not None:
        text = f"`{value}`"
    else:
        places = [sys.modules[stashsync._HOME_OF.get(name, home.__name__)], unset, registry]
        text = next(found[name] for found in map(_docs_of, places) if name in found)
    return text.replace("|", "\\|")


def _docs_of(module: ModuleType) -> dict[str, str]:
    return _value_docs(inspect.getsource(module))


def pages() -> dict[Path, str]:
    """Return the files of this script."""
    return {REFERENCE: reference(), FIELDS: fields()}


if __name__ == "__main__":
    main(pages())
