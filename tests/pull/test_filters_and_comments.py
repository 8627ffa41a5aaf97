"""The criteria of saved filters with comments on the objects that they name."""

from __future__ import annotations

from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled

TEXT = """\
tags: [Drone, Gone, New]
saved_filters:
  - name: One
    mode: SCENES
    object_filter:   # all
      tags:   # t
        value:
          items:
          - Drone   # dr
          # above gone
          - Gone   # go
          # above new
          - New
          depth: -1   # deep
        modifier: INCLUDES_ALL   # m
  - {name: Two, mode: SCENES, object_filter: {tags: [Drone,   # d
        Gone, # g
        New]}}  # two
"""
GONE = "{id: '2', label: Gone}"


def test_an_object_that_goes_takes_its_own_comments_alone(desk: Desk) -> None:
    """What is left is its id, at the end; others that are renamed at once keep theirs."""
    begin(desk, TEXT)
    desk.edit("tag", "Drone", name="Drone 2")
    desk.delete("tag", "Gone")
    assert pulled(desk) == (
        TEXT.replace("Drone", "Drone 2")
        .replace(", Gone, New]\n", ", New]\n", 1)
        .replace("          # above gone\n          - Gone   # go\n", "")
        .replace("          - New\n", f"          - New\n          - {GONE}\n")
        .replace("        Gone, # g\n        New]", f"        New, {GONE}]")
    )
