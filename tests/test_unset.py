"""The third value of a field."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable

import pytest
from pydantic import BaseModel, ValidationError

from stashsync.unset import UNSET, UnsetType, is_set


def test_there_is_one_unset_however_it_is_copied() -> None:
    """`is UNSET` works after copying and pickling."""
    assert UnsetType() is UNSET
    assert copy.copy(UNSET) is UNSET
    assert copy.deepcopy([UNSET])[0] is UNSET
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(UNSET, protocol)) is UNSET


def test_unset_is_false_and_its_repr_is_its_name() -> None:
    """It is no value, and not null either."""
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert UNSET != None  # noqa: E711  # that is the point


@pytest.mark.parametrize(
    ("use", "error"),
    [
        (lambda: UNSET.append(1), AttributeError),
        (lambda: list(UNSET), TypeError),
        (lambda: 1 in UNSET, TypeError),
        (lambda: len(UNSET), TypeError),
        (lambda: UNSET[0], TypeError),
        (lambda: UNSET.__setitem__("a", 1), TypeError),
        (lambda: UNSET > 1, TypeError),
        (lambda: sorted([1, UNSET]), TypeError),
    ],
)
def test_the_error_of_unset_used_as_a_value_explains_how_to_read_the_field(
    use: Callable[[], object], error: type[Exception]
) -> None:
    """Type checkers let it pass, so that loaded relations need no question first."""
    with pytest.raises(error, match=r"neither read nor set: `await store.populate"):
        use()
    assert not isinstance(UNSET, Iterable)


@pytest.mark.parametrize(
    ("value", "set_"), [(None, True), (False, True), ("", True), (UNSET, False)]
)
def test_null_and_empty_values_are_set(value: object, set_: bool) -> None:
    """Absent is not managed, null clears."""
    assert is_set(value) is set_


class Model(BaseModel):
    """A field of three states."""

    text: str | None | UnsetType = UNSET


def test_models_take_unset_and_nothing_like_it() -> None:
    """A model keeps the three apart."""
    assert Model().text is UNSET
    assert Model(text=None).text is None
    assert Model(text=UNSET).text is UNSET
    with pytest.raises(ValidationError):
        Model(text=0)  # type: ignore[arg-type]  # what is tested
