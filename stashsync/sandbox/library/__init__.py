"""The library of the sandbox: what a Stash server knows and which changes it accepts.

State lies in SQLite, one transaction per operation. Every rule and message follows what was
observed of real servers, not what a client happens to need. Tags, studios and performers are
here; scenes, galleries, images, groups, markers and saved filters are not, so everything that
counts or relates to those is empty.

    Library        the whole: mutate, query, resolve, prefetch, image, close
    Row            one stored object
    Refusal        an operation's error, Panic: one that a real server meets as a crash

Where things are, from the face inwards:

    library                         what the protocol calls, by GraphQL names
    registry                        which names there are: files enter themselves
    tags, tag_merge, studios, …     the operations of a kind, each as read → check → store
    naming, hierarchy, urls         rules that several operations share
    finds, filters, *conditions     the find queries
    kinds                           the columns, lists and links of every kind
    objects, lists, links, …        how one column, list or link is read and written
    tables, database                what is stored, and the one connection to it
    rules, values, dates, ordering  what a release does; what a Go server reads and prints

A kind to come is a table, an entry in `kinds`, a file of operations that `library` imports, an
entry each in `finds` and `filters`; where it is tagged or performed in, its links go into the
merges and take the place of the counts that are always 0.
"""

from stashsync.sandbox.library.library import Library
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.rows import Row

__all__ = ["Library", "Panic", "Refusal", "Row"]
