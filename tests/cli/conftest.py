"""A small project for every test of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.project import Project
from tests.support.hooks import Webhook, webhook

TAGS = """\
tags:
  - name: Camera
    children:
      - name: Wide shot
        renamed_from: Wide angle
      - Drone
  - name: Travel
"""


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    """Make a project with four tags and an empty server."""
    found = Project(tmp_path, monkeypatch, capsys)
    found.write("stashsync.yaml", "manifests: manifests\n")
    found.write("manifests/tags.yaml", TAGS)
    return found


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """Serve a webhook."""
    with webhook() as found:
        yield found
