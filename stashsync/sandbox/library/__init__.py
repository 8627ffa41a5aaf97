"""The library of the sandbox: what a Stash server knows and which changes it accepts.

State lies in SQLite, one transaction per operation. Every rule and message follows what was
observed of real servers, not what a client happens to need. Tags, studios and performers are
here; scenes, galleries, images, groups, markers and saved filters are not, so everything that
counts or relates to those is empty.

    Library        the whole: mutate, query, resolve, prefetch, image, close
    Row            one stored object
    Refusal        an operation's error, Panic: one that a real server meets as a crash
"""

from stashsync.sandbox.library.library import Library
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.rows import Row

__all__ = ["Library", "Panic", "Refusal", "Row"]
