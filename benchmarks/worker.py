"""One measurement: `python -m benchmarks.worker MODULE FUNCTION FOLDER SIZE`.

Writes the seconds that the function gives, and this process's peak memory, as JSON.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path


def peak() -> float:
    """The most memory that this process had, in MB; 0 where the system doesn't tell."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Run the function that the arguments name."""
    module, function, folder, size = sys.argv[1:]
    seconds = getattr(import_module(module), function)(Path(folder), int(size))
    print(json.dumps({"seconds": seconds or 0.0, "peak": peak()}))


if __name__ == "__main__":
    main()
