"""Every code block of the five texts runs, and does what the text describes.

    pytest tests/spec --stash-url http://localhost:9999 --stash-api-key KEY

runs them on a server too: one that may be thrown away, whatever is on it.
"""

from __future__ import annotations

import inspect
import re

import pytest

from stashsync.store import StashEntityStore
from tests.spec import architecture, batches, entity_store, unset, usage
from tests.spec.blocks import BLOCKS, LEFT_OUT, Block, read
from tests.support.cascade import quietly
from tests.support.real import Server

TEXTS = (usage.TEXT, entity_store.TEXT, architecture.TEXT, unset.TEXT, batches.TEXT)

CODE = re.compile(
    r"""\s*(?:
        >>>\ | (?:from|import)\ stash | (?:async|await|try:|except\ |while\ |break$|pass$)
      | [a-z_][\w.,\[\]]*(?:,\ \w+)?\ \+?=\ | print\(
      | (?:if|elif|for|else)\b.*:$ | (?:store|scene|tag|client|result|scene\d)\.\w+
      | (?:class|def)\ .*:$ | return\ (?!type|value) | find\(Scene | \w+\(Scene | assert\
    )""",
    re.VERBOSE,
)


@pytest.mark.row("A8")
@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_does_what_its_text_describes(block: Block) -> None:
    """Only the package's name is changed."""
    with quietly():
        block.play()


@pytest.mark.row("A8")
@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_does_the_same_on_a_server(block: Block, server: Server) -> None:
    """The one of `--stash-url`, whatever is there already.

    Blocks see only what they make, and it is destroyed after them. What may change: ids count on,
    scans add what is new in the library, and two images get a studio and their own one back.
    """
    with quietly():
        block.play(server.transport())


@pytest.mark.parametrize("text", TEXTS)
def test_no_block_is_left_out(text: str) -> None:
    """Every line that looks like code is in a block, or named with the reason."""
    covered = {
        line
        for block in BLOCKS
        if block.text == text
        for line in range(block.first, block.last + 1)
    }
    for (name, first, last), reason in LEFT_OUT.items():
        assert reason
        if name == text:
            covered |= set(range(first, last + 1))
    missing = {
        number: line
        for number, line in enumerate(read(text), 1)
        if number not in covered and CODE.match(line)
    }
    assert missing == {}


@pytest.mark.row("D2", "D4", "D5", "D6", "D7", "D8", "D9", "D13", "D24", "D25", "D26")
def test_every_documented_method_has_the_parameters_of_its_page() -> None:
    """Names and order; names that begin with `_` and defaults are in the tests of the store."""
    documented = entity_store.signatures()
    assert len(documented) > 15
    for method, parameters in documented.items():
        function = getattr(StashEntityStore, method)
        ours = [
            (
                "**"
                if parameter.kind is parameter.VAR_KEYWORD
                else "*"
                if parameter.kind is parameter.VAR_POSITIONAL
                else ""
            )
            + parameter.name
            for parameter in inspect.signature(function).parameters.values()
        ]
        assert [our.lstrip("*") for our in ours if our != "self"] == [
            parameter.lstrip("*") for parameter in parameters
        ], method
