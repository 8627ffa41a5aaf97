"""The nodes of a text: whether there are any."""

from __future__ import annotations

import pytest

from stashsync.manifest.nodes import is_blank
from stashsync.manifest.source import FileRefused


@pytest.mark.parametrize("text", ["", "\n", "# tags:\n#   - Travel\n", "---\n...\n---\n", "''\n"])
def test_a_text_without_content_is_blank(text: str) -> None:
    """Comments, marks of documents and an empty text are none."""
    assert is_blank(text)


@pytest.mark.parametrize("text", ["tags:\n", "- a\n", "---\n---\nx\n", "[]\n", "*a\n", "tags: [\n"])
def test_a_text_with_content_is_not(text: str) -> None:
    """It is read to its first content: what is wrong behind that is not seen."""
    assert not is_blank(text)


def test_what_cannot_be_read_has_no_answer() -> None:
    """A refusal, as wherever such a text is read."""
    with pytest.raises(FileRefused):
        is_blank("%YAML 9.9 9\n")
