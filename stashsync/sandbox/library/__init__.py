"""The library of the sandbox: its objects, and the changes that a Stash server accepts.

State lies in SQLite, one transaction per operation. Columns, lists, links and their reading and
writing follow from the kinds' tables of fields. Written here are rules, each as observed of real
servers: what is refused and in which words, what is trimmed, what is removed with what.

    Library     mutate, query, resolve, prefetch, image, close; disk, seed_file, scan
    MediaFile   one invented file on the disk that scans read
    Row         one stored object
    Refusal     the error of an operation; Panic: one that a real server meets as a crash

    library, registry                        operations and output fields by GraphQL name
    tags, studios, …, merges                 the rules of a kind
    writing, media, naming, urls, …          creating, changing, removing; rules of several kinds
    outputs, resolvers                       output fields
    finds, kind_finds                        find queries
    filters, conditions, *criteria, missing  filters of find queries
    disk, scanning, files, auto_tagging      what a scan finds and brings in
    kinds, objects, lists, links             where a kind's fields are stored
    tables, layout, database                 tables, files, the connection
    rules, values, dates, gotime, ordering   releases; values as a Go server reads and prints them
"""

from stashsync.sandbox.library.disk import MediaFile
from stashsync.sandbox.library.images import DEFAULT_IMAGE
from stashsync.sandbox.library.kinds import IMAGE_COLUMNS
from stashsync.sandbox.library.library import Library
from stashsync.sandbox.library.refusals import NIL, Panic, Refusal
from stashsync.sandbox.library.rows import Address, Row

__all__ = [
    "DEFAULT_IMAGE",
    "IMAGE_COLUMNS",
    "NIL",
    "Address",
    "Library",
    "MediaFile",
    "Panic",
    "Refusal",
    "Row",
]
