"""Helpers that the tests of several packages share: servers, libraries and projects.

servers        a sandbox in this process, a client of it, plans and runs on it; wire taps
scripts        scripts that run on a sandbox, and a record of what they send
served         applications that take the place of a server
real           the server of `--stash-url`
own_ground     a separate view of a server in use; built on `apart` and `meaning`
data           the recordings and taxonomies of `tests/data`
replay         plays a recorded story against a server
introspection  the introspection of six recorded releases
libraries      fills a sandbox from plain data, and returns its content as plain data
projects       writes manifests to a folder, every text exactly as given
taxonomy       the taxonomies of `tests/data` as manifests and as libraries
pairs          random pairs of a library and manifests
hostile        names that must pass through everything unharmed
cascade        silences warnings that a test expects
docs_tools     the scripts that generate pages of docs/
"""
