"""What the tests of several rooms share: servers to talk to, libraries to start from, projects.

servers    a sandbox in-process, a client of it, plans and runs over it; wire taps
libraries  a sandbox filled from plain data, and its contents as plain data again
projects   manifests written to a folder, every text exactly as given
taxonomy   the concepts of ../shared/data as manifests and as libraries
hostile    names that must survive every path
"""
