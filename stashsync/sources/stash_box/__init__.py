"""A stash-box: a database of tags, studios and performers that several Stash servers share.

    rows        what its API answers with, and the queries for that
    reading     page after page of them, in the time that a public server bears
    kept_pages  pages on the disk, until what they are for is written
    objects     rows as a manifest would have them

Facts about the API are from the public source of stash-box.
"""
