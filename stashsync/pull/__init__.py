"""The library into the manifests: a first export, or what changed on the server since.

    export.first_export        new files
    update.Update              changes in the texts of files that exist
    formatting.format_project  their canonical style
    writing                    what these share: all YAML that this package writes

They return the changed files, and the caller writes all of them or none. The package itself imports
nothing, so that `fmt` starts without what a pull needs.
"""
