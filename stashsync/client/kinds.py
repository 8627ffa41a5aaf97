"""A mixin and a result class for each kind, made from its table and the functions of `methods`.

`kinds.pyi` shows the same to type checkers and editors; `python3 dev.py docs` writes it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from string import Template
from typing import Any, Final

from stashsync import entities
from stashsync.client.entities import EntitiesMixin
from stashsync.client.found import result_class
from stashsync.client.methods import METHODS, Method
from stashsync.kinds import ENTITIES, Kind
from stashsync.kinds.wire_names import snake_case

NAMES: Final = (
    "scene",
    "performer",
    "studio",
    "tag",
    "gallery",
    "image",
    "group",
    "sceneMarker",
    "saved_filter",
)
"""The kinds that a query finds, in the order of the reference."""


def mixin_of(name: str) -> type[EntitiesMixin]:
    """Make the mixin of a kind: every method that its table allows."""
    kind = ENTITIES[name]
    words = words_of(kind)
    namespace: dict[str, Any] = {"__module__": __name__, "__doc__": f"{_title(words['nouns'])}."}
    for each in METHODS:
        if each.when(kind):
            called = Template(each.name).substitute(words)
            namespace[called] = _bound(each, called, kind, words)
    return type(f"{kind.type_name}ClientMixin", (EntitiesMixin,), namespace)


def words_of(kind: Kind) -> dict[str, str]:
    """Return what the names and texts of `methods` say of a kind."""
    mutations = kind.mutations
    ids = '"ids": [...]' if mutations.destroy_argument == "ids" else '"id": "456"'
    option = "".join(f', "{option}": True' for option in mutations.destroy_options[:1])
    return {
        "name": kind.snake_name,
        "names": kind.plural,
        "noun": kind.snake_name.replace("_", " "),
        "nouns": kind.plural.replace("_", " "),
        "type": kind.type_name,
        "destroy_example": f"{{{ids}{option}}}",
        "merge": snake_case(mutations.merge),
        "united": " and ".join(sorted(mutations.merge_unites)).replace("_", " "),
    }


def _bound(each: Method, called: str, kind: Kind, words: Mapping[str, str]) -> Callable[..., Any]:
    """Return a function of `methods` as a method of a kind, with the signature that it has then."""
    run: Callable[..., Awaitable[Any]] = each.run
    signature = _signature(run, words, f"Find{kind.type_plural}Result")

    async def method(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        client, *values = bound.args
        return await run(client, getattr(entities, kind.type_name), *values)

    method.__name__ = called
    method.__qualname__ = f"{kind.type_name}ClientMixin.{called}"
    doc = Template(inspect.cleandoc(run.__doc__ or "")).substitute(words)
    method.__doc__ = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", doc)
    method.__signature__ = signature  # type: ignore[attr-defined]  # `inspect` asks for it
    return method


def _signature(run: Callable[..., Any], words: Mapping[str, str], result: str) -> inspect.Signature:
    """Return the signature of a method of a kind: without the model, in the kind's words."""
    written = inspect.signature(run)

    def filled(annotation: str) -> str:
        return re.sub(r"\bT\b", words["type"], annotation.replace("Found[T]", result))

    client, _, *given = written.parameters.values()
    return written.replace(
        parameters=[
            client.replace(name="self", annotation=inspect.Parameter.empty),
            *(
                parameter.replace(
                    name=re.sub(r"^entity(?=_|$)", words["name"], parameter.name),
                    annotation=filled(parameter.annotation),
                )
                for parameter in given
            ),
        ],
        return_annotation=filled(written.return_annotation),
    )


def _title(text: str) -> str:
    return text[0].upper() + text[1:]


for _name in NAMES:
    globals()[f"{ENTITIES[_name].type_name}ClientMixin"] = mixin_of(_name)
    globals()[f"Find{ENTITIES[_name].type_plural}Result"] = result_class(_name)
