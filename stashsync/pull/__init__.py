"""The library into the manifests: a first export, or what changed on the server since.

`first.first_export` makes new files; `update.update` changes the texts of those that are there;
`formatting.format_project` changes their style alone. None of them writes anything: they give the
files as they are to be, and whoever calls them writes all or none. `writing` has what they share:
all YAML that this package makes. The package loads nothing by itself, so that `fmt` does not wait
for what a pull needs.
"""
