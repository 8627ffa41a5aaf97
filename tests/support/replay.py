"""Plays a recorded story against a server and lists the differences.

`tests/data/README.md` describes the format of a story, the masks and how answers are compared.
"""

from __future__ import annotations

import datetime
import hashlib
import http.client
import json
import re
import time
import urllib.parse
from pathlib import Path
from typing import Any

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_RECENT = datetime.timedelta(hours=36)
_LATER_SECONDS = 1.9
_MASKED_KEYS = {
    **dict.fromkeys(
        (
            *("databasePath", "configPath", "workingDir", "homeDir", "configFilePath"),
            *("generatedPath", "ffmpegPath", "ffprobePath"),
        ),
        "<path>",
    ),
    "os": "<os>",
    "build_time": "<build>",
    "hash": "<build>",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
_CONTAINS = "contains:"


def play(path: Path, base: str) -> dict[str, list[str]]:
    """Play the story of a file; return the differences of each step that has any."""
    story = json.loads(path.read_text(encoding="utf-8"))
    player = _Player(base, clock=bool(story.get("clock")))
    steps = {step["name"]: _compare(step["response"], player.send(step)) for step in story["steps"]}
    assert len(steps) == len(story["steps"]), "two steps of one name"
    return {name: differences for name, differences in steps.items() if differences}


class _Player:
    """Sends the steps of one story to one server."""

    def __init__(self, base: str, *, clock: bool) -> None:
        self.base = base.rstrip("/")
        self.clock = clock
        self.cookies: dict[str, str] = {}
        self.captured: dict[str, str] = {}

    def send(self, step: dict[str, Any]) -> dict[str, Any]:
        """Send one step; return the masked answer in the form of a story."""
        time.sleep(step.get("wait", 0))
        method, path, content, headers = self._request(step)
        address = urllib.parse.urlsplit(self.base)
        assert address.hostname is not None
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        try:
            connection.request(method, address.path + path, content, headers)
            answer = connection.getresponse()
            received = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        content_type = answer.headers.get("Content-Type") or ""
        body = _decoded(received, _media_type(content_type))
        self._capture(step.get("capture") or {}, body)
        kept = {name: answer.headers.get(name) for name in step.get("keep_headers") or []}
        return {
            "status": answer.status,
            "content_type": content_type,
            "headers": self._masked(kept),
            "body": self._masked(body),
        }

    def _request(self, step: dict[str, Any]) -> tuple[str, str, bytes | None, dict[str, str]]:
        request, headers = step["request"], dict(_HEADERS)
        content: bytes | None
        if request.keys() & {"method", "path", "body"}:
            text = request.get("body")
            content = None if text is None else self._filled(text).encode()
            if content is None:
                del headers["Content-Type"]
        else:
            content = json.dumps(self._filled(request), ensure_ascii=False).encode()
        for name, value in (step.get("headers") or {}).items():
            headers.pop(name, None)
            if value is not None:
                headers[name] = self._filled(value)
        if step.get("cookies") and self.cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        return request.get("method", "POST"), request.get("path", "/graphql"), content, headers

    def _capture(self, wanted: dict[str, list[Any]], body: Any) -> None:
        for name, path in wanted.items():
            value = body
            for key in path:
                value = value[key] if value and isinstance(value, dict | list) else None
            if value and isinstance(value, str):
                self.captured[name] = value

    def _filled(self, value: Any) -> Any:
        """Replace each `{{name}}` by the captured value."""
        if isinstance(value, dict):
            return {key: self._filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        if isinstance(value, str):
            for name, text in self.captured.items():
                value = value.replace("{{" + name + "}}", text)
        return value

    def _masked(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            masked = {name: self._masked(inner, name) for name, inner in value.items()}
            if self.clock and _is_later(value.get("created_at"), value.get("updated_at")):
                masked["updated_at"] = "<later>"
            return masked
        if isinstance(value, list):
            return [self._masked(inner, key) for inner in value]
        return self._masked_text(value, key) if isinstance(value, str) else value

    def _masked_text(self, text: str, key: str) -> str:
        if key in _MASKED_KEYS:
            return _MASKED_KEYS[key]
        for name, captured in self.captured.items():
            if text == captured:
                return f"<captured:{name}>"
        moment = _time(text)
        if moment is not None and abs(datetime.datetime.now(datetime.UTC) - moment) < _RECENT:
            return "<time>"
        return re.sub(r"([?&]t=)\d+", r"\1<t>", text.replace(self.base, "<base>"))


def _time(value: object) -> datetime.datetime | None:
    if not isinstance(value, str) or not _TIME.match(value):
        return None
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


def _is_later(created: object, updated: object) -> bool:
    first, second = _time(created), _time(updated)
    if first is None or second is None:
        return False
    return (second - first).total_seconds() >= _LATER_SECONDS


def _decoded(content: bytes, media_type: str) -> Any:
    if media_type.endswith("json"):
        try:
            return json.loads(content)
        except ValueError:
            return content.decode("utf-8", "replace")
    if not content or not media_type or media_type.startswith("text/"):
        return content.decode("utf-8", "replace")
    return "md5:" + hashlib.md5(content).hexdigest()


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _compare(expected: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    """Return the differences between a recorded and a received answer."""
    found = _differences(expected["status"], actual["status"], "status")
    found += _differences(
        _media_type(expected["content_type"]), _media_type(actual["content_type"]), "content type"
    )
    if expected.get("headers"):
        found += _differences(expected["headers"], actual["headers"], "headers")
    wanted, body = expected["body"], actual["body"]
    if not isinstance(wanted, dict) or not isinstance(body, dict):
        return found + ([] if _same_text(wanted, body) else [f"body: {body!r}, not {wanted!r}"])
    found += _differences(wanted.get("data", "<absent>"), body.get("data", "<absent>"), "data")
    theirs, ours = _errors(wanted), _errors(body)
    if len(theirs) != len(ours) or not all(
        path == our_path and _same_text(message, our_message)
        for (path, message), (our_path, our_message) in zip(theirs, ours, strict=True)
    ):
        found.append(f"errors: {ours!r}, not {theirs!r}")
    return found


def _differences(expected: Any, actual: Any, where: str) -> list[str]:
    """Return the differences of two JSON values: 1 equals 1.0, but true is not 1."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = [f"{where}.{key}: unexpected" for key in actual.keys() - expected.keys()]
        for key, value in expected.items():
            found += _differences(value, actual.get(key, "<absent>"), f"{where}.{key}")
        return found
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [
            difference for i, pair in pairs for difference in _differences(*pair, f"{where}[{i}]")
        ]
    numbers = all(type(item) in (int, float) for item in (expected, actual))
    if (numbers or type(expected) is type(actual)) and expected == actual:
        return []
    return [f"{where}: {actual!r}, not {expected!r}"]


def _same_text(expected: Any, actual: Any) -> bool:
    if isinstance(expected, str) and expected.startswith(_CONTAINS):
        return isinstance(actual, str) and expected.removeprefix(_CONTAINS) in actual
    return bool(expected == actual)


def _errors(body: dict[str, Any]) -> list[tuple[list[Any], Any]]:
    """Return the errors of an answer as pairs of path and message, sorted by path."""
    pairs = [(item.get("path") or [], item.get("message")) for item in body.get("errors") or []]
    return sorted(pairs, key=lambda pair: json.dumps(pair[0]))
