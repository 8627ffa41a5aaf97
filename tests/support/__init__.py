"""What the tests of several packages share: servers to talk to, libraries to start from, projects.

servers        a sandbox in-process, a client of it, plans and runs over it; wire taps
scripts        stories of scripts on a sandbox, and a record of what they send
served         applications that stand where a server is expected
real           the server of `--stash-url`
own_ground     a separate view of a server that others use too; `apart` and `meaning` make it
data           the recordings and taxonomies of `tests/data`
replay         plays a recorded story against a server
introspection  the introspection of six recorded releases
libraries      a sandbox filled from plain data, and its contents as plain data again
projects       manifests written to a folder, every text exactly as given
taxonomy       the taxonomies of `tests/data` as manifests and as libraries
pairs          random pairs of a library and of manifests
hostile        names that must survive every path
cascade        warnings that a test expects; `docs_tools` the scripts that make the pages
"""
