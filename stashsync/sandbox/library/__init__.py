"""The library of the sandbox: what a Stash server knows and which changes it accepts.

State lies in SQLite, one transaction per operation. Every rule and message follows what was
observed of real servers, not what a client happens to need. All kinds are here: tags, studios,
performers; scenes with markers and history, galleries with chapters, images; groups; saved
filters; files and folders, which only a scan of an invented disk brings in.

    Library        the whole: mutate, query, resolve, prefetch, image, close; disk, seed_file, scan
    MediaFile      one invented file on that disk
    Row            one stored object
    Refusal        an operation's error, Panic: one that a real server meets as a crash

Where things are, from the face inwards:

    library                         what the protocol calls, by GraphQL names
    registry                        which names there are: files enter themselves
    tags, tag_merge, scenes, …      the operations of a kind, each as read → check → store
    media_parts, naming, urls, …    what several kinds have in common
    finds, *_finds                  the find queries: the machinery, the sorts of each kind
    filters, *_criteria             what they can be narrowed by: the machinery, the kinds
    conditions, missing             the criteria that all kinds are made of
    disk, scanning, files           what a scan finds, brings in and leaves
    kinds                           the columns, lists and links of every kind
    objects, lists, links, …        how one column, list or link is read and written
    tables, media_tables, database  what is stored, and the one connection to it
    rules, values, dates, ordering  what a release does; what a Go server reads and prints

A kind to come is a table, an entry in `kinds`, a file of operations that `library` imports, an
entry each in criteria and finds; where it is tagged or performed in, its links go into the merges.
"""

from stashsync.sandbox.library.disk import MediaFile
from stashsync.sandbox.library.images import DEFAULT_IMAGE
from stashsync.sandbox.library.kinds import IMAGE_COLUMNS
from stashsync.sandbox.library.library import Library
from stashsync.sandbox.library.refusals import Panic, Refusal
from stashsync.sandbox.library.rows import Address, Row

__all__ = [
    "DEFAULT_IMAGE",
    "IMAGE_COLUMNS",
    "Address",
    "Library",
    "MediaFile",
    "Panic",
    "Refusal",
    "Row",
]
