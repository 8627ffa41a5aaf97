"""Which format goes where."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from stashsync.cli.files import write_file
from stashsync.cli.output import Outputs
from stashsync.errors import StashConfigurationError

FMT, OUT = "formats", "outputs"
WRITERS = {"text": lambda style: "text\n", "json": lambda style: "{}\n"}


@pytest.mark.parametrize(
    ("order", "formats", "files", "stdout"),
    [
        ([], [], {}, "text\n"),
        ([FMT], ["json"], {}, "{}\n"),
        ([FMT, OUT], ["json"], {"1": "{}\n"}, ""),
        ([OUT, FMT], ["json"], {"1": "{}\n"}, ""),
        ([OUT], [], {"1": "text\n"}, ""),
        ([FMT, FMT, OUT], ["text", "json"], {"1": "{}\n"}, "text\n"),
        ([FMT, OUT, FMT], ["text", "json"], {"1": "text\n"}, "{}\n"),
        ([FMT, OUT, FMT, OUT], ["text", "json"], {"1": "text\n", "2": "{}\n"}, ""),
    ],
)
def test_an_output_belongs_to_the_format_before_it(
    order: list[str],
    formats: list[str],
    files: dict[str, str],
    stdout: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The order of the command line decides which format goes to which file."""
    monkeypatch.chdir(tmp_path)
    outputs = [str(number + 1) for number in range(order.count(OUT))]
    Outputs(formats, outputs, order=order).write(WRITERS)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == files
    assert capsys.readouterr().out == stdout


def test_options_from_the_environment_are_paired_in_turn() -> None:
    """There is no order between two variables."""
    outputs = Outputs(["json", "text"], ["file"], order=[])
    assert outputs.has("text")
    assert not outputs.has("json")


@pytest.mark.parametrize(
    ("order", "formats"),
    [([FMT, FMT], ["text", "json"]), ([FMT, OUT, OUT], ["text"]), ([OUT, OUT], [])],
)
def test_options_that_do_not_fit_together_are_wrong_usage(
    order: list[str], formats: list[str]
) -> None:
    """Two formats in one stream are unreadable; an output without a format is a mistake."""
    with pytest.raises(click.UsageError):
        Outputs(formats, ["a", "b"][: order.count(OUT)], order=order)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A reader never sees half of it; a link stays a link; rights are the usual ones."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    link.symlink_to(real)
    write_file(link, b"new")
    assert real.read_text() == "new"
    assert link.is_symlink()
    mask = os.umask(0)
    os.umask(mask)
    assert real.stat().st_mode & 0o777 == 0o666 & ~mask
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["link", "real"]
    with pytest.raises(StashConfigurationError, match="cannot write"):
        write_file(tmp_path / "no" / "file", b"")
