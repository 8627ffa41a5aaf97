"""The cost of reading: rows become objects without a look at each value."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from stashsync.entities import Performer, PlainIdentityMap, decode_rows


def rows(count: int) -> bytes:
    """Return an answer with this many performers, as a first reading selects them."""
    return orjson.dumps(
        [
            {
                "id": str(n),
                "name": f"Ada Lund {n}",
                "disambiguation": "the photographer",
                "alias_list": ["A. L.", f"Ada {n}"],
                "urls": [f"https://a.example/{n}"],
                "gender": "FEMALE",
                "birthdate": "1990-05-05",
                "country": "NO",
                "eye_color": "green",
                "hair_color": "brown",
                "height_cm": 170,
                "details": "Harbours at night, and what is left of them in the morning.",
                "favorite": False,
                "ignore_auto_tag": False,
                "rating100": 40,
                "image_path": f"http://stash/performer/{n}/image?t=1",
                "stash_ids": [{"endpoint": "https://db.example", "stash_id": f"x{n}"}],
                "custom_fields": {},
                "tags": [{"id": str(n % 50), "name": f"Tag {n % 50}"}],
            }
            for n in range(count)
        ]
    )


class Counting:
    """Stands before a validator and counts what is asked of it."""

    def __init__(self, validator: Any) -> None:
        self._validator = validator
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self._validator, name)


@pytest.mark.fault("13 decoding")
def test_what_the_server_has_typed_is_not_validated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take ten times as long; `python -m benchmarks entities` measures the time."""
    Performer(name="Ada Lund")  # the first one makes the validator
    validator = Counting(Performer.__pydantic_validator__)
    monkeypatch.setattr(Performer, "__pydantic_validator__", validator)
    Performer(name="Mia Berg")
    assert validator.asked == 1
    decode_rows(Performer, orjson.loads(rows(2)), PlainIdentityMap())
    assert validator.asked == 1
