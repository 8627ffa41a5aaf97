"""What stands in front of Stash and wants people to sign in is called that, and not Stash."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from stashsync.errors import StashAuthenticationError, StashServerError
from stashsync.wire.settings import ApiKey
from tests.wire.fakes import scripted

KEY = ApiKey("letters", "the file key.txt")
FORM = '<!doctype html><title>{}</title><form method=post><input name="p" type="password"></form>'
PORTAL = httpx.Response(200, html=FORM.format("Portal of the Example House"))
OAUTH = httpx.Response(403, html="<html><title>Sign&nbsp;in &ndash; Gate</title><a href=/start>")
EDGE = httpx.Response(200, html="<html><title>Log in ・ Edge Access</title><div id=app></div>")


def to(address: str, status: int = 302) -> httpx.Response:
    """Return a redirect."""
    return httpx.Response(status, headers={"Location": address})


def challenged(challenge: str, **content: str) -> httpx.Response:
    """Return a 401 with a challenge."""
    return httpx.Response(401, headers={"WWW-Authenticate": challenge}, **content)


def failure(response: httpx.Response, url: str = "https://stash.example") -> StashServerError:
    """Send a query with a key, and return the error."""
    transport, _ = scripted(response, api_key=KEY, url=url)
    with pytest.raises(StashServerError) as caught:
        asyncio.run(transport.send("{ a }"))
    assert "letters" not in str(caught.value) + caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (PORTAL, 'answered with a page to sign in ("Portal of the Example House")'),
        (EDGE, 'answered with a page to sign in ("Log in ・ Edge Access")'),
        (OAUTH, 'lets nothing through (403) ("Sign in – Gate")'),
        (httpx.Response(401, html=FORM.format("Gate")), 'sign-in of its own (401) ("Gate")'),
        (httpx.Response(401, json={"error": "unauthorized"}), "wants a sign-in of its own (401)"),
        (challenged("Bearer"), "a proxy in front of https://stash.example wants a sign-in"),
        (to("https://auth.example/?rd=t0ken"), "a page to sign in: https://auth.example/"),
        (to("https://x.example/cdn-cgi/access/login/stash?kid=t0ken"), "cdn-cgi/access/login"),
        (to("/oauth2/start?rd=t0ken", 307), "a page to sign in: /oauth2/start"),
        (to("/sign-in", 303), "a page to sign in: /sign-in"),
    ],
)
def test_a_sign_on_page_is_called_one(response: httpx.Response, words: str) -> None:
    """Whatever its status is: HTML with 200, a redirect, 401 or 403. Its tokens stay out."""
    error = failure(response)
    assert words in error.message
    assert "does not go through it" in error.hint
    assert "API key" not in error.message
    assert "t0ken" not in error.message


def test_a_password_of_a_proxy_is_asked_for_and_belongs_into_the_address() -> None:
    """Basic authentication is what stashsync can do; a refusal of it is called that."""
    error = failure(challenged('Basic realm="Example Gate"'))
    assert isinstance(error, StashAuthenticationError)
    assert '(it calls itself "Example Gate")' in error.message
    assert "https://user:password@host" in error.hint
    error = failure(challenged("Basic"), url="https://ada:word@stash.example")
    assert "refused the user and password" in error.hint
    assert "word" not in error.message


@pytest.mark.parametrize(
    "response",
    [
        challenged("FormBased"),
        httpx.Response(401),
        httpx.Response(403, text="You have attempted to access Stash over the internet"),
    ],
)
def test_the_refusals_of_stash_itself_are_not_taken_for_a_proxy_s(response: httpx.Response) -> None:
    """Its 401 and 403 are about its own key and its tripwire."""
    assert "proxy" not in failure(response).message


def test_the_login_of_stash_itself_means_that_the_address_is_wrong() -> None:
    """Only what is not the API is sent to the login page."""
    error = failure(to("/login?returnURL=%2Fstash%2Fgraphql"))
    assert "is not the API: Stash asks for its own login there" in error.message


def test_a_web_page_without_a_sign_in_stays_the_web_page() -> None:
    """Stash's own start page, for one."""
    error = failure(httpx.Response(200, html="<html><title>Stash</title><body>login</body>"))
    assert "this is the web page, not the API" in error.message
