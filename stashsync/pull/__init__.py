"""The library into the manifests: a first export, or what changed on the server since.

`first_export` makes new files; `update` changes the texts of those that are there. Neither writes
anything: both give the files as they are to be, and whoever calls them writes all or none.
"""

from stashsync.pull.adopting import Wanted, adopt, fields_to_compare
from stashsync.pull.differences import Difference
from stashsync.pull.first import fields_to_export, first_export
from stashsync.pull.update import Pulled, update
from stashsync.record import Side

__all__ = [
    "Difference",
    "Pulled",
    "Side",
    "Wanted",
    "adopt",
    "fields_to_compare",
    "fields_to_export",
    "first_export",
    "update",
]
