"""The second parser of YAML: whatever it cannot read is refused, never an internal error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
import ruamel.yaml

from stashsync.manifest.nodes import compose_again
from stashsync.manifest.source import FileRefused


class Unable(ruamel.yaml.YAML):
    """A parser that meets comments where it cannot keep them, as releases before 0.19 do."""

    def parse(self, stream: Any) -> Iterator[NoReturn]:
        """Raise at the first event."""
        raise NotImplementedError("overlap in comment")
        yield


def test_comments_that_the_parser_cannot_keep_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pull leaves such a file to a person, and goes on with the others."""
    monkeypatch.setattr(ruamel.yaml, "YAML", Unable)
    with pytest.raises(FileRefused, match="overlap in comment"):
        compose_again("tags: [A]\n")
