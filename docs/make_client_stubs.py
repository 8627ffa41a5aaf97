"""Writes the stubs of what the client makes when it runs, for type checkers and editors.

    stashsync/client/kinds.pyi    the mixins and result classes of all kinds

They have the signatures and docstrings of the running client.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generated import ROOT, main

from stashsync.client import kinds
from stashsync.client.found import result_class
from stashsync.kinds import ENTITIES, Kind

CLIENT = ROOT / "stashsync" / "client"
WIDTH = 100
MARK = "# Made by docs/make_client_stubs.py"


def kind_stubs() -> str:
    """Build the stub of `stashsync.client.kinds`."""
    tables = [ENTITIES[name] for name in kinds.NAMES]
    lines = [
        MARK,
        "",
        "from abc import ABCMeta",
        "from collections.abc import Mapping, Sequence",
        "from typing import Any, Final",
        "",
        "from stashsync.client.entities import EntitiesMixin",
        "from stashsync.client.found import Found",
        "from stashsync.entities import (",
        *(f"    {name}," for name in sorted(kind.type_name for kind in tables)),
        ")",
        "from stashsync.types.api import (",
        *(f"    {name}," for name in sorted({"FindFilterType"} | _filter_types(tables))),
        ")",
        "",
        "NAMES: Final[tuple[str, ...]]",
    ]
    for kind in tables:
        found = result_class(kind.name)
        filters = {f"{kind.snake_name}_filter": kind.filter_type, "filter_": "FindFilterType"}
        lines += [
            "",
            f"class {found.__name__}(Found[{kind.type_name}], frozen=True):",
            *_docstring(found.__doc__ or ""),
            "",
            "    @property",
            f"    def {kind.plural}(self) -> list[{kind.type_name}]:",
            *_docstring(vars(found)[kind.plural].__doc__, 8),
        ]
        mixin: Any = getattr(kinds, f"{kind.type_name}ClientMixin")
        lines += ["", f"class {mixin.__name__}(EntitiesMixin, metaclass=ABCMeta):"]
        lines += _docstring(mixin.__doc__)
        for function in vars(mixin).values():
            if inspect.isfunction(function):
                lines += ["", *_method(function, filters)]
    return "\n".join(lines) + "\n"


def _filter_types(tables: Iterable[Kind]) -> set[str]:
    """Return the typed dicts of the filters of kinds that have pages."""
    return {kind.filter_type for kind in tables if kind.updating is None or not kind.updating.whole}


def _method(function: Any, filters: Mapping[str, str]) -> Iterator[str]:
    signature = inspect.signature(function)
    texts = [_parameter(parameter, filters) for parameter in signature.parameters.values()]
    yield from call(f"    async def {function.__name__}(", texts, signature.return_annotation)
    yield from _docstring(function.__doc__, 8)


def _parameter(parameter: inspect.Parameter, filters: Mapping[str, str]) -> str:
    annotation = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
    if parameter.name in filters:
        annotation = f": {filters[parameter.name]} | None"
    default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
    return f"{parameter.name}{annotation}{default}"


def call(start: str, parameters: Iterable[str], result: str, end: str = ":") -> Iterator[str]:
    """Yield a signature in as many lines as ruff's format gives it."""
    texts = list(parameters)
    line = f"{start}{', '.join(texts)}) -> {result}{end}"
    indent = " " * (len(start) - len(start.lstrip()))
    if len(line) <= WIDTH:
        yield line
    elif len(inner := f"{indent}    {', '.join(texts)}") <= WIDTH:
        yield from (start, inner, f"{indent}) -> {result}{end}")
    else:
        yield from (
            start,
            *(f"{indent}    {text}," for text in texts),
            f"{indent}) -> {result}{end}",
        )


def _docstring(text: str, indent: int = 4) -> list[str]:
    """Return a docstring with its paragraphs filled to the width of a line."""
    parts = text.split("\n\n")
    filled = [_filled(part, WIDTH - indent) for part in parts]
    end = "\n" if len(parts) > 1 else ""
    return textwrap.indent('"""' + "\n\n".join(filled) + f'{end}"""', " " * indent).splitlines()


def _filled(part: str, width: int) -> str:
    if "\n    " not in part:
        return textwrap.fill(part, width, break_long_words=False, break_on_hyphens=False)
    title, *entries = part.split("\n    ")
    joined = "\n".join(entries).replace("\n    ", " ").splitlines()
    options = {"initial_indent": " " * 4, "subsequent_indent": " " * 8}
    return "\n".join([title, *(textwrap.fill(paragraph, width, **options) for paragraph in joined)])


def pages() -> dict[Path, str]:
    """Return the files of this script."""
    return {CLIENT / "kinds.pyi": kind_stubs()}


if __name__ == "__main__":
    main(pages())
