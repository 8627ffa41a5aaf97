"""The benchmarks run, and their table has what was measured. The numbers are not checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import real
from benchmarks.bare import KEY_VARIABLE, Bare
from benchmarks.harness import HEADER, Case, Measured, Row, measure, table
from stashsync.sandbox import Sandbox, running

PACKAGES = (
    "loading",
    "planning",
    "ordering",
    "operations",
    "applying",
    "saving",
    "reading",
    "pulling",
)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_case_can_be_measured(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every benchmark runs at a small size and checks its own result."""
    module = import_module(f"benchmarks.bench_{package}")
    cases: Sequence[Case] = module.CASES
    small = tuple(replace(case, sizes=(100,), repeat=1) for case in cases)
    monkeypatch.setattr(module, "CASES", small)
    rows = list(measure(module.__name__, lambda _: None))
    assert [row.case for row in rows] == list(small)
    assert all(row.ours.seconds > 0 and row.floor.seconds > 0 for row in rows)


def test_the_table_marks_a_missed_goal() -> None:
    """Ratios, and goals at the size that they are set for."""
    case = Case("load", "ours", "floor", "drained", (10, 20), goal=2.0, goal_size=20)
    rows = [
        Row(case, 10, Measured(0.5, 30), Measured(0.1, 20)),
        Row(case, 20, Measured(3.0, 30), Measured(1.0, 20)),
        Row(case, 20, Measured(1.5, 0), Measured(1.0, 20)),
    ]
    head, line, *body = table(rows).splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")] == list(HEADER)
    assert set(line) == {"|", "-"}
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in body]
    assert cells[0] == [
        "load",
        "10",
        "500.0 ms",
        "30 MB",
        "100.0 ms",
        "20 MB",
        "drained",
        "5.00",
        "",
    ]
    assert cells[1][7:] == ["3.00", "≤ 2 missed"]
    assert cells[2][3] == ""
    assert cells[2][7:] == ["1.50", "≤ 2"]
    assert [row.reached for row in rows] == [True, False, True]


def test_the_table_marks_too_much_memory() -> None:
    """Beside a goal for the ratio, or alone."""
    case = Case("plan", "ours", "floor", "drained", (10,), goal=2.0, peaks={10: 40, 20: 1500})
    fast, floor = Measured(0.1, 41), Measured(0.1, 20)
    rows = [Row(case, 10, fast, floor), Row(case, 20, fast, floor), Row(case, 30, fast, floor)]
    goals = [line.strip("|").split("|")[-1].strip() for line in table(rows).splitlines()[2:]]
    assert goals == ["≤ 2, ≤ 40 MB missed", "≤ 2, ≤ 1,500 MB", "≤ 2"]
    assert [row.reached for row in rows] == [False, True, True]


def test_large_sizes_are_measured_on_request_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take many minutes."""
    module = import_module("benchmarks.bench_ordering")
    case = replace(module.CASES[0], sizes=(10,), large=(20,), repeat=1)
    monkeypatch.setattr(module, "CASES", (case,))
    normal, on_request = (
        [row.size for row in measure(module.__name__, lambda _: None, large=large)]
        for large in (False, True)
    )
    assert (normal, on_request) == ([10], [10, 20])


SMALL = real.Sizes(
    read=60, made=40, in_waves=20, updated=(30,), lines=(20,), rounds=1, rounds_of_many=1
)


def test_a_server_by_its_address_is_measured_and_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step runs against a sandbox on a port; what was made is gone, what was there is not."""
    monkeypatch.setenv(KEY_VARIABLE, "")  # so that it is as before, afterwards
    with Sandbox(api_key="key") as sandbox, running(sandbox) as url:
        sandbox.library.mutate("tagCreate", {"input": {"name": "Mine"}})
        rows, profile = real.measure(
            url, say=lambda _: None, api_key="key", beside_tags=True, sizes=SMALL
        )
        with Bare(url, tmp_path / "made") as server:
            assert server.send("{ allTags { name } }") == {"allTags": [{"name": "Mine"}]}
    assert [row.size for row in rows] == [20, 40, 60, 60, 60, 60, 60, 30, 30, 30]
    assert all(run.wall > 0 < run.client for row in rows for run in (row.ours, row.floor))
    assert all(sum(times) > 0 for times in profile.values())
    assert len(real.table(rows).splitlines()) == len(rows) + 2
    assert len(real.profile_table(profile).splitlines()) == len(profile) + 2


def test_a_server_that_is_in_use_is_not_measured() -> None:
    """The message has the way out, and nothing was made."""
    with Sandbox() as sandbox, running(sandbox) as url:
        sandbox.library.mutate("tagCreate", {"input": {"name": "Mine"}})
        with pytest.raises(real.RefusedError, match=r"has tags already.*--beside-tags"):
            real.measure(url, say=lambda _: None, sizes=SMALL)


def test_no_server_is_an_error_with_its_address() -> None:
    """Nothing is measured where nothing answers."""
    with pytest.raises(
        real.RefusedError, match=r"no Stash server answers at http://127\.0\.0\.1:9"
    ):
        real.measure("http://127.0.0.1:9", say=lambda _: None, sizes=SMALL)
