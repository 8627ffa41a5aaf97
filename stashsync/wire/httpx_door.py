"""httpx, without its command line.

Importing httpx also imports `httpx._main` where click and rich are installed (they are: we need
them), and with it rich's and Pygments' syntax colouring. That is half of the import and nothing
here uses it. So that module is kept out while httpx loads; `httpx.main` still works, later.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_COMMAND_LINE = "httpx._main"


def _main(*args: Any, **kwargs: Any) -> Any:
    return importlib.import_module(_COMMAND_LINE).main(*args, **kwargs)


_keep_out = "httpx" not in sys.modules and _COMMAND_LINE not in sys.modules
if _keep_out:
    _stand_in = ModuleType(_COMMAND_LINE)
    _stand_in.main = _main  # type: ignore[attr-defined]  # a module made by hand
    sys.modules[_COMMAND_LINE] = _stand_in
try:
    import httpx
finally:
    if _keep_out:
        del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]
