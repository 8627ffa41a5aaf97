"""Our reader, with both of its parsers, is compared with ruamel.yaml on difficult YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError, YAMLStreamError
from ruamel.yaml.resolver import BaseResolver

from stashsync.manifest.events import BOM
from stashsync.manifest.reader import read_values
from stashsync.manifest.source import FileRefused, Source

CORPUS = Path(__file__).parent / "corpus"
DOCUMENTS = sorted(path.name for path in CORPUS.glob("*.yaml"))

EXCEPTIONS: dict[str, str] = {
    "complex_key": "we refuse keys that are no text",
    "set_tag": "we refuse tags: the field decides what a value is",
    "int_tag": "we refuse tags: the field decides what a value is",
    "self_alias": "we refuse a value that contains itself",
    "line_separator": "1.1 breaks the line here, 1.2 does not: we refuse it raw",
    "line_separator_quoted": "1.1 breaks the line here, 1.2 does not: we refuse it raw",
    "paragraph_separator": "1.1 breaks the line here, 1.2 does not: we refuse it raw",
    "next_line": "1.1 breaks the line here, 1.2 does not: we refuse it raw",
    "bom_inside": "libyaml leaves it out at the begin of a line: we refuse it raw",
    "surrogate_escape": "ruamel.yaml makes half characters of it, which no UTF-8 can hold",
    "tab_after_colon": "1.2 allows it, as libyaml does; ruamel.yaml refuses it",
    "tab_before_comment": "1.2 allows it, as libyaml does; ruamel.yaml refuses it",
    "tab_in_text": "1.2 allows it, as libyaml does; ruamel.yaml refuses it",
    "tab_in_block_scalar": "libyaml takes the tab at the begin of the text for indentation",
    "tilde_keys": "libyaml refuses an empty key in a block mapping",
}
"""Documents on which our reader and ruamel.yaml differ, and why that is right or harmless."""

PURE_EXCEPTIONS: dict[str, str] = {
    "flow_urls": "it refuses '?' inside a plain text in a flow list",
    "tab_after_colon": "it refuses tabs between tokens",
    "tab_before_comment": "it refuses tabs between tokens",
    "tab_in_flow": "it refuses tabs between tokens",
    "tab_in_text": "it refuses tabs in plain text",
    "tab_in_block_scalar": "it takes what libyaml refuses",
}
"""Documents on which PyYAML's own parser differs from libyaml."""


class Nothing:
    """The value of a document that is refused."""

    def __repr__(self) -> str:
        return "refused"


REFUSED = Nothing()


def ours(data: bytes, *, pure: bool = False) -> Any:
    """Return what our reader makes of a file; REFUSED if it reports any problem."""
    problems: list[object] = []
    try:
        values = read_values(
            Source("corpus.yaml", data.removeprefix(BOM)), problems.append, pure=pure
        )
    except FileRefused:
        return REFUSED
    return REFUSED if problems else plain(values)


def theirs(data: bytes) -> Any:
    """Return what ruamel.yaml makes of a file as YAML 1.2, with every scalar as text."""
    yaml = ruamel.yaml.YAML(typ="safe", pure=True)
    yaml.Resolver = TextResolver
    yaml.allow_duplicate_keys = False
    try:
        return plain(list(yaml.load_all(data.decode("utf-8"))))
    except (YAMLError, YAMLStreamError, UnicodeDecodeError, ValueError):
        return REFUSED
    except RecursionError:
        return "a value that contains itself"


class TextResolver(ruamel.yaml.resolver.VersionedResolver):
    """A resolver that gives a type to the merge key only."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = BaseResolver.resolve(self, kind, value, implicit)
        if kind is ruamel.yaml.nodes.ScalarNode and value == "<<" and implicit[0]:
            return ruamel.yaml.tag.Tag(suffix="tag:yaml.org,2002:merge")
        return tag


def plain(value: Any) -> Any:
    """Return a value with plain dicts, lists and strings in place of their subclasses."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return str(value)


@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_readers_give_the_same_value_or_both_refuse(name: str) -> None:
    """Every document on which the readers differ is listed with its reason."""
    data = (CORPUS / name).read_bytes()
    same = ours(data) == theirs(data)
    assert same == (name.removesuffix(".yaml") not in EXCEPTIONS), (ours(data), theirs(data))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_parser_written_in_python_gives_the_same_value(name: str) -> None:
    """Without libyaml no value is read differently; at most more documents are refused."""
    data = (CORPUS / name).read_bytes()
    same = ours(data) == ours(data, pure=True)
    assert same == (name.removesuffix(".yaml") not in PURE_EXCEPTIONS)


PIECES = st.one_of(
    st.sampled_from("a'\"[]{},#!|>\té\u2028~%@\\=0\ufeff\n"),
    st.sampled_from(["tags:", "- ", ": ", " #", "&x ", "*x", "!!str ", "|-\n", "<<: ", "? "]),
    st.sampled_from(["  ", "    ", "\\u12", "\r\n", "---\n", "...\n"]),
)


@settings(max_examples=500, deadline=None)
@given(pieces=st.lists(PIECES, max_size=25))
def test_the_two_parsers_never_read_one_text_as_two_values(pieces: list[str]) -> None:
    """Two parsers that both accept a text agree, and neither raises anything but a refusal."""
    data = "".join(pieces).encode()
    quick, other = ours(data), ours(data, pure=True)
    assert quick == other or REFUSED in (quick, other)
