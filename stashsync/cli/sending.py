"""Send a notification by Apprise, which knows the services. It is an extra, and slow to import.

An address is a secret: it holds tokens, and Apprise's own messages may have parts of it. So none
of them is passed on. What is reported of a failure is the service, where its address came from,
and the few facts that are known to be harmless.
"""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stashsync.errors import StashConfigurationError
from stashsync.render.safe import inert

if TYPE_CHECKING:
    from stashsync.keys import Key
    from stashsync.render.notices import Notice

INSTALL: Final = "Install it: pip install 'stashsync[notify]'."
_STATUS: Final = re.compile(r"\berror[ =:]+(\d{3})\b")
_SILENT: Final = re.compile(r"connection error|timed? ?out", re.IGNORECASE)


class Attachment(NamedTuple):
    """A report to attach: the name of its file, and its text."""

    name: str
    text: str


class Delivery(NamedTuple):
    """What became of a notification at one address: `fault` is empty where it was delivered."""

    service: str
    source: str
    fault: str = ""
    hint: str = ""

    @property
    def where(self) -> str:
        """The service and where its address came from: `Discord (the variable CHAT)`."""
        return (
            f"{self.service} ({self.source})" if self.service else f"the address in {self.source}"
        )


def require_apprise() -> None:
    """Make sure that notifications can be sent.

    Raises:
        StashConfigurationError: Apprise is not installed.
    """
    if find_spec("apprise") is None:
        raise StashConfigurationError("notifications need the package Apprise", hint=INSTALL)


def send(
    addresses: Sequence[Key], notice: Notice, link: str = "", attached: Attachment | None = None
) -> Iterator[Delivery]:
    """Send a notice to every address, one by one, and yield what became of each.

    Raises:
        StashConfigurationError: Apprise is not installed, or the file of the attachment cannot be
            written.
    """
    require_apprise()
    with _quiet(), _file_of(attached) as files:
        for address in addresses:
            try:
                found = _deliver(address, notice, link, files)
            except Exception as error:  # of a service's own code: no end of a command
                found = Delivery("", address.source, f"Apprise failed with {type(error).__name__}")
            yield found


@contextmanager
def _file_of(attached: Attachment | None) -> Generator[list[str]]:
    """Write what is attached to a file that only its owner can read, for a while."""
    if attached is None:
        yield []
        return
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stashsync-"))
            path = Path(folder) / attached.name
            path.write_text(attached.text, "utf-8", "surrogatepass")
        except OSError as error:
            raise StashConfigurationError(
                f"the report cannot be attached: {error.strerror}",
                hint="It is written to the folder for temporary files (TMPDIR).",
            ) from error
        yield [str(path)]


def _deliver(address: Key, notice: Notice, link: str, files: list[str]) -> Delivery:
    from apprise import Apprise, AppriseAsset

    if not address.value:
        return Delivery("", address.source, "it is not set")
    asset = AppriseAsset(app_id="stashsync", app_desc="stashsync", app_url="", async_mode=False)
    service: Any = Apprise.instantiate(address.value, asset=asset)
    if service is None:
        return Delivery(
            "",
            address.source,
            "it is no address that Apprise knows",
            "Its page has the addresses of all services: https://github.com/caronc/apprise/wiki",
        )
    sender, name = Apprise(asset=asset), inert(str(service.service_name))
    sender.add(service)
    with _overheard() as heard:
        sent = sender.notify(
            body=notice.body(link),
            title=notice.title,
            notify_type=notice.severity.value,
            body_format="text",
            attach=files or None,
        )
    return Delivery(name, address.source) if sent else Delivery(name, address.source, _why(heard))


def _why(messages: Sequence[str]) -> str:
    """Return why a notification was not delivered, in none of the service's own words."""
    for message in messages:
        status = _STATUS.search(message)
        if status is not None:
            return f"the service answered with status {status[1]}"
    if any(map(_SILENT.search, messages)):
        return "the service does not answer"
    return "Apprise could not deliver it"


@contextmanager
def _overheard() -> Generator[list[str]]:
    """Collect Apprise's own messages."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    logger, collector = logging.getLogger("apprise"), Collector(logging.WARNING)
    logger.addHandler(collector)
    try:
        yield found
    finally:
        logger.removeHandler(collector)


@contextmanager
def _quiet() -> Generator[None]:
    """Keep Apprise, and the library below it, from writing to the standard error."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    before = [(logger.propagate, list(logger.handlers)) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [logging.NullHandler()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers
