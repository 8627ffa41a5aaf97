"""Rename, move, delete and merge objects in the manifests; nothing is sent to a server.

    naming.subject     which declared object a command means
    goal.Goal          what the manifests are to declare afterwards
    items              the keys of an item that say so: renamed_from, state, merge
    verbs.Refactoring  writes it, as `pull` writes, and reads it again

The package itself imports nothing, so that the commands' help starts fast.
"""
