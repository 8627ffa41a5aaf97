"""Lookups of texts, flags and choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from stashsync.errors import StashFilterError
from stashsync.fields.names import has_wildcards
from stashsync.store.criteria_values import members, null_lookups, nullness, plain, truth

_NONE, _SOME = nullness({"value": ""})
_EMPTY, _FULL = nullness({})


def same_letters(text: str) -> str:
    """Return a regular expression for `text` as the server compares names: ASCII case aside.

    Written for Go's RE2, which has no flag that folds ASCII alone.
    """
    return "".join(
        f"[{char.lower()}{char.upper()}]" if char.isascii() and char.isalpha() else re.escape(char)
        for char in text
    )


def equal(text: str) -> dict[str, Any]:
    """Return the criterion for texts equal to `text`, ASCII case aside, without wildcards."""
    if has_wildcards(text):
        return {"value": f"^{same_letters(text)}$", "modifier": "MATCHES_REGEX"}
    return {"value": text, "modifier": "EQUALS"}


def _text(value: Any) -> str:
    value = plain(value)
    if not isinstance(value, str):
        raise StashFilterError(f"wants a text, not {value!r}")
    return value


def _exact(value: Any) -> list[Any]:
    return [_NONE] if value is None else [equal(_text(value))]


def _differs(value: Any) -> list[Any]:
    return [_SOME] if value is None else [_negated(equal(_text(value)))]


def _contains(value: Any) -> list[Any]:
    text = _text(value)
    if not text.strip():
        raise StashFilterError("wants a text with something in it")
    if has_wildcards(text) or '"' in text:
        return [{"value": same_letters(text), "modifier": "MATCHES_REGEX"}]
    # Several words would each do for the server; in quotes they are one phrase.
    return [{"value": f'"{text}"' if len(text.split()) > 1 or text != text.strip() else text,
             "modifier": "INCLUDES"}]  # fmt: skip


def _excludes(value: Any) -> list[Any]:
    return [_negated(criterion) for criterion in _contains(value)]


def _one_of(value: Any) -> list[Any]:
    texts = [_text(member) for member in members(value)]
    if not texts:
        return [_NONE, _SOME]  # no object is both
    if len(texts) == 1:
        return [equal(texts[0])]
    pattern = "|".join(same_letters(text) for text in dict.fromkeys(texts))
    return [{"value": f"^(?:{pattern})$", "modifier": "MATCHES_REGEX"}]


def _none_of(value: Any) -> list[Any]:
    return [_negated(criterion) for criterion in _one_of(value)] if members(value) else []


_OPPOSITES = {
    "EQUALS": "NOT_EQUALS",
    "INCLUDES": "EXCLUDES",
    "MATCHES_REGEX": "NOT_MATCHES_REGEX",
}


def _negated(criterion: dict[str, Any]) -> dict[str, Any]:
    return {**criterion, "modifier": _OPPOSITES[criterion["modifier"]]}


def _pattern(modifier: str, around: str = "{}") -> Callable[[Any], list[Any]]:
    return lambda value: [{"value": around.format(_text(value)), "modifier": modifier}]


def _at(around: str) -> Callable[[Any], list[Any]]:
    return lambda value: [
        {"value": around.format(same_letters(_text(value))), "modifier": "MATCHES_REGEX"}
    ]


TEXTS = {
    "exact": _exact,
    "iexact": _exact,  # the server knows no other
    "ne": _differs,
    "not": _differs,
    "contains": _contains,
    "icontains": _contains,
    "includes": _contains,
    "excludes": _excludes,
    "startswith": _at("^{}"),
    "endswith": _at("{}$"),
    "regex": _pattern("MATCHES_REGEX"),
    "iregex": _pattern("MATCHES_REGEX", "(?i){}"),
    "not_regex": _pattern("NOT_MATCHES_REGEX"),
    "in": _one_of,
    "not_in": _none_of,
    **null_lookups(_NONE, _SOME),
}

FLAGS = {
    "exact": lambda value: [truth(value)],
    "ne": lambda value: [not truth(value)],
    "not": lambda value: [not truth(value)],
}


def _word(value: Any) -> list[Any]:
    # `has_markers` and `has_chapters` are flags that the server takes as words.
    return [str(value).lower() if isinstance(value, bool) else _text(value)]


WORDS = {"exact": _word}


def _choice(modifier: str, on_none: dict[str, Any]) -> Callable[[Any], list[Any]]:
    return lambda value: (
        [on_none] if value is None else [{"value": _text(value), "modifier": modifier}]
    )


def _choices(modifier: str, key: str) -> Callable[[Any], list[Any]]:
    def lookup(value: Any) -> list[Any]:
        if value is None:
            return [_EMPTY if modifier == "INCLUDES" else _FULL]
        given = _listed(value)
        if not given:
            return [_EMPTY, _FULL] if modifier == "INCLUDES" else []
        return [{key: given, "modifier": modifier}]

    return lookup


def _listed(value: Any) -> list[str]:
    """Return the texts of a list; a text alone is a list of one."""
    return [_text(value)] if isinstance(plain(value), str) else [_text(o) for o in members(value)]


GENDERS = {
    "exact": _choice("EQUALS", _EMPTY),
    "ne": _choice("NOT_EQUALS", _FULL),
    "not": _choice("NOT_EQUALS", _FULL),
    **dict.fromkeys(("in", "includes"), _choices("INCLUDES", "value_list")),
    **dict.fromkeys(("not_in", "excludes"), _choices("EXCLUDES", "value_list")),
    **null_lookups(_EMPTY, _FULL),
}

RESOLUTIONS = {
    "exact": lambda value: [{"value": _text(value), "modifier": "EQUALS"}],
    "ne": lambda value: [{"value": _text(value), "modifier": "NOT_EQUALS"}],
    "not": lambda value: [{"value": _text(value), "modifier": "NOT_EQUALS"}],
    "gt": lambda value: [{"value": _text(value), "modifier": "GREATER_THAN"}],
    "lt": lambda value: [{"value": _text(value), "modifier": "LESS_THAN"}],
}


CIRCUMCISED = {
    **dict.fromkeys(("exact", "in", "includes"), _choices("INCLUDES", "value")),
    **dict.fromkeys(("ne", "not", "not_in", "excludes"), _choices("EXCLUDES", "value")),
    **null_lookups(_EMPTY, _FULL),
}


def _orientation(value: Any) -> list[Any]:
    given = _listed(value)
    if not given:
        raise StashFilterError("wants at least one orientation")
    return [{"value": given}]


ORIENTATIONS = {"exact": _orientation, "in": _orientation}
DUPLICATES = {"exact": lambda value: [{"duplicated": truth(value)}]}
DUPLICATE_HASHES = {"exact": lambda value: [{"phash": truth(value)}]}
PHASHES = {
    "exact": _choice("EQUALS", _NONE),
    "ne": _choice("NOT_EQUALS", _SOME),
    "not": _choice("NOT_EQUALS", _SOME),
    **null_lookups(_NONE, _SOME),
}
