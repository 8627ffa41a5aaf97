"""The server's address in any form."""

from __future__ import annotations

import pytest

from stashsync.errors import StashConfigurationError
from stashsync.wire.url import parse_endpoint, redact


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://localhost:9999", "http://localhost:9999"),
        ("http://localhost:9999/", "http://localhost:9999"),
        ("http://localhost:9999/graphql", "http://localhost:9999"),
        ("http://localhost:9999/graphql/", "http://localhost:9999"),
        ("  http://localhost:9999//  ", "http://localhost:9999"),
        ("localhost:9999", "http://localhost:9999"),
        ("localhost", "http://localhost"),
        ("192.168.1.5:9999/graphql", "http://192.168.1.5:9999"),
        ("HTTPS://Media.Example/stash", "https://media.example/stash"),
        ("https://media.example/stash/graphql", "https://media.example/stash"),
        ("media.example/a/b/graphql/", "http://media.example/a/b"),
        ("http://[::1]:9999/", "http://[::1]:9999"),
        ("[::1]:9999", "http://[::1]:9999"),
        ("http://[fe80::1%eth0]:9999", "http://[fe80::1%eth0]:9999"),
        ("bücher.example", "http://bücher.example"),
        ("my_nas:9999", "http://my_nas:9999"),
        ("https://media.example/graphql/graphql", "https://media.example/graphql"),
    ],
)
def test_every_usual_form_of_an_address_names_the_same_api(text: str, base: str) -> None:
    """The address may have the API's path, a slash, a prefix or a scheme, or none of these."""
    endpoint = parse_endpoint(text)
    assert (endpoint.base, endpoint.graphql) == (base, f"{base}/graphql")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("ftp://media.example", "only http"),
        ("file:///etc/hosts", "only http"),
        ("ws://media.example", "subscriptions"),
        ("http://", "host is missing"),
        ("http:///graphql", "host is missing"),
        (":9999", "host is missing"),
        ("http://media.example:", "port is missing"),
        ("http://media.example:0", "port"),
        ("http://media.example:99999", "port"),
        ("http://media.example:port", "port"),
        ("::1", "port"),
        ("http://[::1", "host"),
        ("http://[::1]x:99", "host"),
        ('http://a"b', "host"),
        ("http://a%41", "host"),
        ("http://a\\b", "host"),
        ("http://two words", "space"),
        ("http://media\x1b[31m.example", "control"),
        ("http://media.example/tags?sort=name", "question mark"),
        ("http://media.example/#top", "#"),
    ],
)
def test_what_is_no_address_gets_a_reason_and_a_hint(text: str, word: str) -> None:
    """An error has what is wrong with the address, and an example."""
    with pytest.raises(StashConfigurationError, match=word) as caught:
        parse_endpoint(text)
    assert caught.value.hint


def test_secrets_of_an_address_are_used_but_never_shown() -> None:
    """User, password and key are taken out of the address, and out of every text about it."""
    endpoint = parse_endpoint("https://ada:pass%20word@media.example/stash?apikey=abc.def")
    assert endpoint.user == ("ada", "pass word")
    assert endpoint.api_key == "abc.def"
    shown = f"{endpoint} {endpoint!r}"
    assert "ada" not in shown
    assert "pass" not in shown
    assert "abc" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "ftp://ada:secret@media.example?apikey=secret",
        "http://ada:secret@media.example/?apikey=secret#x",
        "ada:secret@media.example/?other=1&ApiKey=secret",
        "http://ada:secret@media.example:port",
        "http://ada:secret/secret@media.example",
        "ada:secret@",
    ],
)
def test_not_even_a_broken_address_shows_its_secrets(text: str) -> None:
    """The message repeats the address, but not what is secret in it."""
    with pytest.raises(StashConfigurationError) as caught:
        parse_endpoint(text)
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_any_text_can_be_freed_of_secrets() -> None:
    """Addresses inside other messages lose theirs too."""
    text = "GET https://ada:secret@media.example/x?apikey=secret&y=1 failed"
    assert redact(text) == "GET https://…@media.example/x?apikey=…&y=1 failed"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/tag/1/image?t=5", "https://media.example/stash/tag/1/image?t=5"),
        ("tag/1/image", "https://media.example/stash/tag/1/image"),
        ("/stash/tag/1/image", "https://media.example/stash/tag/1/image"),
        ("http://elsewhere.example:1/stash/tag/1/image?t=5",
         "https://media.example/stash/tag/1/image?t=5"),
        ("//elsewhere.example/tag/1/image", "https://media.example/stash/tag/1/image"),
        ("/stashes/1", "https://media.example/stash/stashes/1"),
    ],
)  # fmt: skip
def test_a_path_stays_on_the_server_whatever_host_it_names(path: str, url: str) -> None:
    """The key goes with every request, so no answer may send it elsewhere."""
    assert parse_endpoint("https://media.example/stash").at(path) == url
