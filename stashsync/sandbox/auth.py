"""Access: credentials, sessions and the API key (docs/stash-behaviour.md#access)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable

SESSION_SECONDS = 3600
"""How long a session lasts after it was last used."""


class Accounts:
    """The one account of a server; without credentials everything is open.

    Args:
        api_key: a key to begin with. It comes with an account, so that requests need it.
        clock: seconds that only grow.
    """

    def __init__(
        self, api_key: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.username = ""
        self.password = ""
        self.api_key = api_key or ""
        self.session_seconds = SESSION_SECONDS
        self._secret = secrets.token_bytes(32)
        self._sessions: dict[str, float] = {}
        self._clock = clock
        if api_key:
            self.set_credentials("stash", secrets.token_urlsafe())

    def set_credentials(self, username: str | None, password: str | None) -> None:
        """Change what is given; None keeps it, an empty text removes it."""
        if username is not None:
            self.username = username
        if password is not None:
            self.password = self._hash(password) if password else ""

    @property
    def needed(self) -> bool:
        """Whether requests need a key or a session."""
        return bool(self.username and self.password)

    def admits(self, key: str | None, session: str | None) -> bool:
        """Whether a request may pass.

        A wrong key is refused even where none is needed, and even beside a good session; an
        empty one counts as none.
        """
        if key:
            return bool(self.api_key) and hmac.compare_digest(key.encode(), self.api_key.encode())
        return not self.needed or self._renew(session)

    def log_in(self, username: str, password: str) -> str | None:
        """Return a new session, or None where name or password are wrong."""
        known = self.username.encode()
        good = hmac.compare_digest(username.encode(), known) and self._is_password(password)
        if not (self.needed and good):
            return None
        session = secrets.token_urlsafe()
        self._sessions[session] = self._clock() + self.session_seconds
        return session

    def log_out(self, session: str | None) -> None:
        """Forget a session."""
        self._sessions.pop(session or "", None)

    def generate_key(self, clear: bool) -> str:
        """Return a new key in place of the old one; empty when cleared, or without a user name."""
        self.api_key = "" if clear or not self.username else self._token()
        return self.api_key

    def _renew(self, session: str | None) -> bool:
        now = self._clock()
        if session is None or self._sessions.get(session, now) <= now:
            self.log_out(session)
            return False
        self._sessions[session] = now + self.session_seconds
        return True

    def _token(self) -> str:
        """Return a JSON web token (HS256) that does not expire; it is compared as plain text."""
        head = {"alg": "HS256", "typ": "JWT"}
        claims = {"uid": self.username, "sub": "APIKey", "iat": int(time.time())}
        body = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
        signature = hmac.new(self._secret, body.encode() + secrets.token_bytes(8), "sha256")
        return f"{body}.{_base64(signature.digest())}"

    def _hash(self, password: str) -> str:
        digest = hashlib.scrypt(password.encode(), salt=self._secret, n=2**10, r=8, p=1)
        return "scrypt:" + digest.hex()

    def _is_password(self, password: str) -> bool:
        return hmac.compare_digest(self.password, self._hash(password))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
