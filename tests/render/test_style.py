"""Output is coloured only on a terminal, unless the user decides otherwise."""

from __future__ import annotations

import io

import pytest

from stashsync.render.style import COLOUR, PLAIN, choose


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Pretend to be a terminal."""
        return True


@pytest.mark.parametrize(
    ("terminal", "environ", "flag", "coloured"),
    [
        (True, {}, None, True),
        (False, {}, None, False),
        (True, {"NO_COLOR": "1"}, None, False),
        (True, {"NO_COLOR": ""}, None, True),
        (True, {"TERM": "dumb"}, None, False),
        (False, {"FORCE_COLOR": "1"}, None, True),
        (True, {"FORCE_COLOR": "0"}, None, False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, None, False),
        (True, {"NO_COLOR": "1"}, True, True),
        (True, {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_flag_beats_environment_beats_terminal(
    terminal: bool, environ: dict[str, str], flag: bool | None, coloured: bool
) -> None:
    """The flag wins over NO_COLOR, that over FORCE_COLOR, and that over the terminal."""
    stream = Terminal() if terminal else io.StringIO()
    assert choose(stream, environ, flag) == (COLOUR if coloured else PLAIN)


def test_a_closed_stream_is_no_terminal() -> None:
    """Python may be started with its standard error closed."""
    stream = io.StringIO()
    stream.close()
    assert choose(stream, {}) == PLAIN
