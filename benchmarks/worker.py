"""One measurement: `python -m benchmarks.worker MODULE FUNCTION FOLDER SIZE`.

Writes the seconds that the function gives, and this process's peak memory, as JSON; both are of
another process where the function gives both.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.harness import Measured


def peak() -> float:
    """Return the most memory that this process, or one that it ran, had, in MB; 0 where unknown."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    status = Path("/proc/self/status")
    if status.exists():  # without what the starting process had
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                own = int(line.split()[1]) / 1024
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit)


def main() -> None:
    """Run the function that the arguments name."""
    module, function, folder, size = sys.argv[1:]
    found = getattr(import_module(module), function)(Path(folder), int(size))
    print(
        json.dumps(asdict(found if isinstance(found, Measured) else Measured(found or 0.0, peak())))
    )


if __name__ == "__main__":
    main()
