"""Each known fault of other libraries makes a test fail that is marked with it."""

from __future__ import annotations

import pytest

from tests.faults import client, entities, store, wire
from tests.faults.sabotage import Saboteur, named_tests, run
from tests.support.docs_tools import tool

SABOTEURS = [*entities.SABOTEURS, *store.SABOTEURS, *client.SABOTEURS, *wire.SABOTEURS]


@pytest.mark.parametrize("saboteur", SABOTEURS, ids=str)
def test_a_fault_that_comes_back_is_noticed(
    saboteur: Saboteur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An assertion of at least one test that is marked with the fault fails."""
    saboteur.bring_back(monkeypatch)
    witness = run(named_tests()[saboteur.fault])
    monkeypatch.undo()
    if not witness.bites and witness.skipped and not witness.passed and not witness.accidents:
        pytest.skip("its tests need what is not here")
    assert witness.bites, (
        f"no test notices; passed: {witness.passed}, accidents: {witness.accidents}"
    )


def test_every_fault_has_a_saboteur() -> None:
    """No saboteur is of an unknown fault."""
    assert {saboteur.fault for saboteur in SABOTEURS} == set(tool("make_checklist").FAULTS)
