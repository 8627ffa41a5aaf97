"""Writes the tables of docs/manifest.md from the tables of the kinds.

Descriptions of fields come from the classes in `stashsync/kinds/`. `FORMS` describes what each
meaning accepts and how it compares, with examples. A meaning that is missing here is an error, and
the tests parse every example with its meaning.
"""

from __future__ import annotations

from typing import NamedTuple

from generated import DOCS, main, with_part

from stashsync.fields import (
    Choice,
    CustomFields,
    Date,
    FindFilter,
    Flag,
    Integer,
    JsonMap,
    Meaning,
    Memberships,
    Name,
    NameSet,
    Number,
    ObjectFilter,
    Picture,
    Ref,
    Refs,
    StashIds,
    Text,
    TextList,
)
from stashsync.kinds import KINDS, FieldSpec, Kind, release_text
from stashsync.kinds.capabilities import OLDEST

PAGE = DOCS / "manifest.md"


class Form(NamedTuple):
    """How a meaning is written and compared, in words."""

    word: str
    examples: tuple[str, ...]
    accepts: str
    compares: str
    clears: str


_BOTH = "`null`, `[]`"
FORMS: dict[type[Meaning], Form] = {
    Name: Form(
        "name",
        ("Wide shot", "No", "007", "12:30", "null", "2024-01-02", "'Rock: live'"),
        "any text that is not blank, as it is written",
        "exactly, after trimming",
        "cannot be cleared",
    ),
    Text: Form(
        "text",
        ("How it was filmed", "007", "|-\n  two\n  lines", "null"),
        "any text, as it is written",
        "exactly, after trimming; blank and null are the same",
        "`null`, `''`",
    ),
    Flag: Form(
        "flag",
        ("true", "false", "null"),
        "`true` or `false`, without quotes; `yes` and `on` are errors",
        "true or false; null is false",
        "`null`, which is `false`",
    ),
    Integer: Form(
        "whole number",
        ("12", "0", "null"),
        "digits without quotes, within the range of the field",
        "as numbers",
        "`null`",
    ),
    Number: Form("number", ("12", "12.5", "null"), "digits without quotes", "as numbers", "`null`"),
    Choice: Form("choice", ("null",), "one of the values of the field", "exactly", "`null`"),
    Date: Form(
        "date",
        ("1990-05-01", "1990-05", "1990", "null"),
        "a day, a month or a year; a month or a year needs Stash v0.30.0",
        "exactly: a month is not its first day",
        "`null`",
    ),
    Picture: Form(
        "image",
        ("images/ada.jpg", "https://northlight.example/logo.png", "null"),
        "a path below the project, or a URL that the server fetches",
        "a file by the MD5 of its bytes; a URL not at all (sent only where there is no image)",
        "`null`",
    ),
    NameSet: Form(
        "set of names",
        ("[Long shot, Establishing shot]", "{add: [NL Kids]}", "{remove: [Old]}", "[]", "null"),
        "a list, or `{add, remove}` for single members",
        "as sets, members exactly; order does not count",
        _BOTH,
    ),
    TextList: Form(
        "ordered list",
        ("[https://northlight.example]", "{add: [https://a.example]}", "[]", "null"),
        "a list, or `{add, remove}` for single members",
        "in order, repeats included",
        _BOTH,
    ),
    Ref: Form(
        "reference",
        ("Northlight Media", "null"),
        "the name of one object",
        "by the object, not by the text: ASCII case does not count",
        "`null`",
    ),
    Refs: Form(
        "references",
        ("[Travel, Food]", "{add: [Travel], remove: [Food]}", "[]", "null"),
        "a list of names, or `{add, remove}` for single members",
        "as sets of objects; order does not count",
        _BOTH,
    ),
    Memberships: Form(
        "members",
        (
            "[Walk, {group: Swim (2020), description: a day out}]",
            "{add: [Walk], remove: [Swim]}",
            "[]",
            "null",
        ),
        "a list of names or of `{group, description}`, or `{add, remove}` for single members",
        "in order, and by description where one is written",
        _BOTH,
    ),
    StashIds: Form(
        "ids by endpoint",
        (
            "{'https://stashdb.example/graphql': 3f1c2b1e-0000-4000-8000-000000000001}",
            "{'https://stashdb.example/graphql': [one, two]}",
            "{'https://stashdb.example/graphql': null}",
            "null",
        ),
        "a mapping from an endpoint to an id or a list of ids",
        "endpoint by endpoint; other endpoints stay",
        "`null` removes all, `null` for an endpoint its ids; `{}` changes nothing",
    ),
    CustomFields: Form(
        "values by name",
        ("{agency: North, since: 2019, active: true}", "{agency: null}", "null"),
        "a mapping from a name (at most 64 bytes) to a text, a number, or true or false",
        "key by key, as the server returns it (`true` is 1, `2.0` is 2); other keys stay",
        "`null` removes all, `null` for a key that key; `{}` changes nothing",
    ),
    FindFilter: Form(
        "find filter",
        ("{sort: date, direction: DESC, per_page: 40}", "{q: sea}", "null"),
        "a mapping of `q`, `sort`, `direction` (`ASC` or `DESC`), `per_page` and `page`",
        "as a whole; what is null or blank is as if it were left out",
        "`null`, `{}`",
    ),
    ObjectFilter: Form(
        "object filter",
        ("{tags: [Travel], organized: {value: 'true', modifier: EQUALS}}", "null"),
        "a mapping of criteria (see [saved filters](#saved-filters))",
        "as a whole, objects by their ids; the order of objects does not count",
        "`null`, `{}`",
    ),
    JsonMap: Form(
        "JSON",
        ("{display_mode: 1, zoom_index: 2}", "null"),
        "a mapping of anything; what is in quotes is text",
        "as a whole",
        "`null`, `{}`",
    ),
}


def forms_table() -> str:
    """Build the table of what each meaning accepts."""
    lines = [
        "| form | accepted | for example | compared | cleared by |",
        "|---|---|---|---|---|",
    ]
    used = {type(spec.meaning) for kind in KINDS.values() for spec in kind.fields.values()}
    for meaning in sorted(used, key=list(FORMS).index):
        form = FORMS[meaning]
        shown = [
            example
            for example in form.examples
            if "\n" not in example and example not in ("null", "[]")
        ]
        examples = ", ".join(f"`{example}`" for example in shown)
        lines.append(
            f"| {form.word} | {form.accepts} | {examples} | {form.compares} | {form.clears} |"
        )
    return "\n".join(lines)


def kind_tables() -> str:
    """Build a table of fields for every kind."""
    return "\n\n".join(_kind(kind) for kind in KINDS.values())


def _kind(kind: Kind) -> str:
    lines = [
        f"### {kind.plural}",
        "",
        kind.doc,
        "",
        f"Key: {_key(kind)}.",
        "",
        "| field | description | form | the server's field | since |",
        "|---|---|---|---|---|",
        *(_field(spec) for spec in kind.fields.values()),
    ]
    if kind.hierarchy is not None:
        what = f"The {kind.plural} below it, written out or named."
        lines.append(f"| `children` | {what} | list of items | — | {_since(OLDEST)} |")
    return "\n".join(lines)


def _key(kind: Kind) -> str:
    key = " and ".join(f"`{name}`" for name in kind.key_fields)
    if kind.shared_names:
        return f"{key}; names and aliases of all {kind.plural} share one namespace"
    return key


def _field(spec: FieldSpec) -> str:
    form = FORMS[type(spec.meaning)].word
    meaning = spec.meaning
    if isinstance(meaning, Choice):
        form = f"{form}: {', '.join(f'`{value}`' for value in meaning.values)}"
    elif isinstance(meaning, Integer) and meaning.minimum is not None:
        form = f"{form}, {meaning.minimum} to {meaning.maximum}"
    elif meaning.references():
        form = f"{form} to {KINDS[meaning.references() or ''].plural}"
    doc = spec.doc.replace("|", "\\|")
    server = f"`{spec.input}: {spec.update_type}`"
    required = " (required)" if spec.create_type.endswith("!") else ""
    return f"| `{spec.name}`{required} | {doc} | {form} | {server} | {_since(spec.since)} |"


def _since(release: tuple[int, int, int]) -> str:
    return release_text(release) if release > OLDEST else "all"


def pages() -> dict[object, str]:
    """Return the files of this script."""
    page = PAGE.read_text(encoding="utf-8")
    page = with_part(page, "forms", forms_table())
    return {PAGE: with_part(page, "kinds", kind_tables())}


if __name__ == "__main__":
    main(pages())
