"""A fault of syntax is explained from the text, independently of the parser that found it."""

from __future__ import annotations

import pytest

from stashsync.fields.raw import unpack
from stashsync.manifest.reader import read_values
from stashsync.manifest.source import FileRefused, Source

FAULTS: list[tuple[str, str, tuple[int, int]]] = [
    ("\tkey: a", "a tab is used for indentation", (1, 1)),
    ("tags:\n\t- a", "a tab is used for indentation", (2, 1)),
    ("tags:\n  - name: @a", "a text cannot begin with '@' unless it is quoted", (2, 11)),
    ("a: %b", "a text cannot begin with '%' unless it is quoted", (1, 4)),
    ("a: b: c", "a ': ' is not expected here", (1, 5)),
    ("- a: - b", "a list item is not expected here", (1, 6)),
    ("a: 'b\nc: d\n", "this quote is never closed", (1, 4)),
    ('a: "b\n---\nc', "this quote is not closed before the document ends", (1, 4)),
    ("a: [b, c\nd: e", "this list is not closed properly: ',' or ']' is missing", (1, 4)),
    ("a: {b: c\nd: e", "this mapping is not closed properly: ',' or '}' is missing", (1, 4)),
    ("a: b\n  c: d", "a ': ' is not expected here", (2, 4)),
    ("a:\n  - b\n c: d", "this line does not fit the ones above", (3, 2)),
    ("a:\n    b: c\n  d: e", "this line does not fit the ones above", (3, 3)),
    ("- a\nb: c", "this line does not fit the ones above", (2, 1)),
    ("a: 'b' c", "something stands after the end of the value", (1, 8)),
    ("key\nb: c", "a ': ' is not expected here", (2, 2)),
    ('a: "\\q"', "\\q is not an escape that YAML knows", (1, 5)),
    ('a: "\\u12"', "an escape that stands for no character", (1, 7)),
    ('a: "\\U00110000"', "an escape that stands for no character", (1, 7)),
    ("a: & b", "a name is wanted after '&'", (1, 4)),
    ("a: *", "a name is wanted after '*'", (1, 4)),
    ("- *\n", "a name is wanted after '*'", (1, 3)),
    ("a: !x!y b", "a tag that is not declared", (1, 4)),
    ("a: !e!y", "a tag that is not declared", (1, 4)),
    ("a: ]", "a value is wanted here", (1, 4)),
    ("a: }", "a value is wanted here", (1, 4)),
    ("a: [b]]", "something stands after the end of the value", (1, 7)),
    ("%YAML 2.0\n---\na", "this YAML version is not supported", (1, 1)),
    ("a: | b\n c", "nothing may follow '|' or '>' on its line", (1, 6)),
    ("a: |9x\n", "nothing may follow '|' or '>' on its line", (1, 6)),
    ("a: {b, c: d, , }", "a value is wanted here", (1, 14)),
    ("%TAG ! \n---\na", "this YAML directive is not supported", (1, 8)),
    ("a: !<b c", "this tag ends wrongly", (1, 4)),
    ("a: b\n%YAML 1.2\n", "this line does not fit the ones above", (3, 1)),
    ("a: &a &b c", "something stands after the end of the value", (1, 7)),
    ("a: 'b\n", "this quote is never closed", (1, 4)),
    ("a: |\n\tb\n", "a tab is used for indentation", (2, 1)),
    ("{a: b}}", "something stands after the end of the value", (1, 7)),
    ("'a' 'b'", "something stands after the end of the value", (1, 5)),
    ("a: 'b': c", "a ': ' is not expected here", (1, 7)),
    ("- - a\n - b", "this line does not fit the ones above", (2, 2)),
    ("a: |-x", "nothing may follow '|' or '>' on its line", (1, 6)),
    ("@a", "a text cannot begin with '@' unless it is quoted", (1, 1)),
    ("`x", "a text cannot begin with '`' unless it is quoted", (1, 1)),
    ("a:\n  b: c\n   d: e", "a ': ' is not expected here", (3, 5)),
    ("a b:\n c\nd", "a key without ': ' after it", (3, 1)),
    ("a: |\n   b\n  c\n d: e", "this line does not fit the ones above", (3, 3)),
    ("---\na: b\n--- c: d", "a ': ' is not expected here", (3, 6)),
    ("a: b\n...x", "a key without ': ' after it", (2, 1)),
    ("a: |0\n b", "nothing may follow '|' or '>' on its line", (1, 5)),
    ("k: [a\n", "this list is not closed properly: ',' or ']' is missing", (1, 4)),
    ("k: {a\n", "this mapping is not closed properly: ',' or '}' is missing", (1, 4)),
    ("k: [a, {b: c]}", "this mapping is not closed properly: ',' or '}' is missing", (1, 8)),
    ("- [\n", "the text ends where a value is wanted", (2, 1)),
    ("a: 'x", "this quote is never closed", (1, 4)),
    ('a: "x\\x"', "an escape that stands for no character", (1, 8)),
    ('a: "\\xZZ"', "an escape that stands for no character", (1, 7)),
    ("a: b\n\tc: d", "a tab is used for indentation", (2, 1)),
    ("a: b\n \tc: d", "a tab is used for indentation", (2, 2)),
    ("a: b\n- c", "this line does not fit the ones above", (2, 1)),
    ("a: [\n]\nb", "a key without ': ' after it", (3, 1)),
    ("'a\n'b: c", "something stands after the end of the value", (2, 2)),
]
"""Texts, the message for each, and its line and column, which count from 1."""


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])
@pytest.mark.parametrize(("text", "message", "place"), FAULTS, ids=[repr(row[0]) for row in FAULTS])
def test_both_parsers_lead_to_the_same_explanation(
    text: str, message: str, place: tuple[int, int], pure: bool
) -> None:
    """Nothing depends on a parser's own messages, which change between releases."""
    with pytest.raises(FileRefused) as caught:
        read_values(Source("all.yaml", text.encode()), pytest.fail, pure=pure)
    line, column = unpack(caught.value.place)
    assert (caught.value.message, (line + 1, column + 1)) == (message, place)
    assert caught.value.hint
