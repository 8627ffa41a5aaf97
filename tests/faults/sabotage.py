"""Saboteurs, and the results of tests under each of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.docs_tools import tool

ROOT = Path(__file__).parents[2]

BITES = (AssertionError, pytest.fail.Exception)
"""Errors by which a test fails. Any other error is an accident on the way."""


@dataclass(frozen=True)
class Saboteur:
    """Introduces the fault `fault` of `docs/make_checklist.py` at one place of the package."""

    fault: str
    words: str
    bring_back: Callable[[pytest.MonkeyPatch], None]

    def __str__(self) -> str:
        return f"{self.fault}: {self.words}"


Decorated = Callable[[pytest.MonkeyPatch], None]


def saboteurs() -> tuple[list[Saboteur], Callable[[str, str], Callable[[Decorated], Decorated]]]:
    """Return an empty list, and a decorator that puts functions into it as saboteurs."""
    every: list[Saboteur] = []

    def brings_back(fault: str, words: str) -> Callable[[Decorated], Decorated]:
        def note(function: Decorated) -> Decorated:
            every.append(Saboteur(fault, words, function))
            return function

        return note

    return every, brings_back


@dataclass(eq=False)  # pytest puts plugins into sets
class Witness:
    """A pytest plugin that records how each test ended, and stops after the first failure.

    With `patiently` all tests are run.
    """

    patiently: bool = False
    passed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    bites: list[str] = field(default_factory=list)
    accidents: list[str] = field(default_factory=list)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.tbstyle = "native"  # the reports are not read, and long ones take long

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, Any]:
        report = yield
        raised = call.excinfo.value if call.excinfo else None
        if isinstance(raised, pytest.skip.Exception):
            self.skipped.append(item.nodeid)
        elif isinstance(raised, BITES):
            self.bites.append(item.nodeid)
            if not self.patiently:
                item.session.shouldstop = "it bites"
        elif raised is not None:
            self.accidents.append(f"{item.nodeid}: {raised!r}")
        elif call.when == "call":
            self.passed.append(item.nodeid)
        return report


@cache
def named_tests() -> dict[str, list[str]]:
    """Return the tests of each fault, as the page of the checklist names them."""
    found: dict[str, list[str]] = {}
    for place, _, faults in tool("make_checklist").tests():
        for fault in faults:
            found.setdefault(fault, []).append(place)
    return found


def run(tests: Iterable[str], *, patiently: bool = False) -> Witness:
    """Run these tests (`path::name`, every case of each) in this process."""
    witness = Witness(patiently)
    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "-s", "-o", "addopts="]
    code = pytest.main(
        [*quiet, f"--rootdir={ROOT}", *(str(ROOT / test) for test in tests)], plugins=[witness]
    )
    usable = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
    assert code in usable, f"pytest itself failed: {code!r}"
    return witness
