"""Keys, credentials and sessions (docs/stash-behaviour.md#access)."""

from __future__ import annotations

import pytest

from stashsync.sandbox import Sandbox
from stashsync.sandbox.auth import Accounts
from tests.sandbox.client import ask, post, request

COUNT = "{findTags {count}}"
CREDENTIALS = (
    'mutation {configureGeneral(input: {username: "ada", password: "secret words"}) {username}}'
)


def test_an_open_server_refuses_a_wrong_key_all_the_same(sandbox: Sandbox) -> None:
    """A stale key is refused even by an open server; an empty one counts as no key."""
    assert post(sandbox, COUNT).status_code == 200
    assert post(sandbox, COUNT, headers={"ApiKey": ""}).status_code == 200
    refused = post(sandbox, COUNT, headers={"ApiKey": "wrong"})
    assert (refused.status_code, refused.content) == (401, b"")


def test_a_key_needs_a_user_name(sandbox: Sandbox) -> None:
    """Without a user name, generating a key gives an empty text and no error."""
    assert ask(sandbox, "mutation {generateAPIKey(input: {})}") == {"data": {"generateAPIKey": ""}}


def test_with_credentials_every_request_needs_the_key(sandbox: Sandbox) -> None:
    """One document sets credentials and key; then each request needs it in a header or the URL."""
    answer = ask(sandbox, CREDENTIALS[:-1] + " generateAPIKey(input: {})}")
    key = answer["data"]["generateAPIKey"]
    refused = post(sandbox, COUNT)
    assert (refused.status_code, refused.content) == (401, b"")
    assert refused.headers["WWW-Authenticate"] == "FormBased"
    assert "Content-Type" not in refused.headers
    assert post(sandbox, "{zz}").status_code == 401
    assert post(sandbox, COUNT, headers={"Authorization": f"Bearer {key}"}).status_code == 401
    for header in ("ApiKey", "apikey"):
        assert post(sandbox, COUNT, headers={header: key}).status_code == 200
    body = {"query": "{configuration {general {apiKey username}}}"}
    response = request(sandbox, "POST", f"/graphql?apikey={key}", json=body)
    assert response.json()["data"]["configuration"]["general"] == {
        "apiKey": key,
        "username": "ada",
    }
    assert request(sandbox, "POST", "/graphql?apikey=wrong", json=body).status_code == 401
    assert request(sandbox, "GET", "/healthz").status_code == 200
    page = request(sandbox, "GET", "/tags")
    assert (page.status_code, page.headers["Location"]) == (302, "/login?returnURL=/tags")
    assert request(sandbox, "GET", "/tag/1/image").status_code == 401


def test_a_cleared_key_is_no_key(sandbox: Sandbox) -> None:
    """A key that was cleared is refused at once."""
    ask(sandbox, CREDENTIALS)
    session = sandbox_session(sandbox)
    made = post(sandbox, "mutation {generateAPIKey(input: {})}", headers=session).json()
    key = made["data"]["generateAPIKey"]
    clear = "mutation {generateAPIKey(input: {clear: true})}"
    assert post(sandbox, clear, headers={"ApiKey": key}).json() == {"data": {"generateAPIKey": ""}}
    assert post(sandbox, COUNT, headers={"ApiKey": key}).status_code == 401


def sandbox_session(sandbox: Sandbox) -> dict[str, str]:
    """Log in and return the header with the session."""
    form = {"username": "ada", "password": "secret words"}
    response = request(sandbox, "POST", "/login", data=form)
    assert (response.status_code, response.content) == (200, b"")
    return {"Cookie": f"session={response.cookies['session']}"}


def test_a_session_stands_for_the_key_but_not_for_a_wrong_one(sandbox: Sandbox) -> None:
    """A login sets a cookie for an hour; a wrong key is refused even with that cookie."""
    ask(sandbox, CREDENTIALS)
    wrong = request(sandbox, "POST", "/login", data={"username": "ada", "password": "guess"})
    assert (wrong.status_code, wrong.text) == (401, "Username or password is invalid\n")
    session = sandbox_session(sandbox)
    answer = post(sandbox, COUNT, headers=session)
    assert answer.status_code == 200
    assert "Max-Age=3600" in answer.headers["Set-Cookie"]
    assert post(sandbox, COUNT, headers={**session, "ApiKey": "wrong"}).status_code == 401
    request(sandbox, "GET", "/logout", headers=session)
    assert post(sandbox, COUNT, headers=session).status_code == 401


def test_a_sandbox_with_a_key_needs_it_from_the_start() -> None:
    """The sandbox gets an account, too, since a real server has no key without one."""
    with Sandbox(api_key="open sesame") as sandbox:
        assert post(sandbox, COUNT).status_code == 401
        assert post(sandbox, COUNT, headers={"ApiKey": "open sesame"}).status_code == 200


def test_a_session_ends_when_it_is_unused_for_its_time() -> None:
    """Each use of a session restarts its time."""
    now = 0.0
    accounts = Accounts(clock=lambda: now)
    accounts.set_credentials("ada", "secret")
    session = accounts.log_in("ada", "secret")
    now = 3000.0
    assert accounts.admits(None, session)
    now = 6000.0
    assert accounts.admits(None, session)
    now = 9700.0
    assert not accounts.admits(None, session)


@pytest.mark.parametrize(("username", "password"), [("", "secret"), ("ada", "")])
def test_half_an_account_leaves_the_server_open(username: str, password: str) -> None:
    """Credentials need both a user name and a password."""
    accounts = Accounts()
    accounts.set_credentials(username, password)
    assert accounts.admits(None, None)
    assert accounts.log_in(username, password) is None
