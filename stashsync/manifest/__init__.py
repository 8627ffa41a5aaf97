"""YAML text to the desired state.

    files ──read──▶ events ──▶ raw values with marks ──▶ resources per file ──link──▶ State
     (project)       (reader, events)                     (items)             (link, hierarchy)

`load` is the way in. Whatever is wrong, in whichever file, is reported in one `ManifestError`.
"""

from stashsync.manifest.loading import FOLDER, Desired, load
from stashsync.manifest.schema import json_schema

__all__ = ["FOLDER", "Desired", "json_schema", "load"]
