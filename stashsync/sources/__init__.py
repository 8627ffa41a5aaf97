"""Other sources than a server into the manifests; nothing is sent to a server.

    found.FoundObject  one object of a source, as a manifest would have it

The package itself imports nothing, so that the commands' help starts fast.
"""
