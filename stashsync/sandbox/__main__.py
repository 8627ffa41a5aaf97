"""`python -m stashsync.sandbox`: a sandbox on a loopback port."""

from __future__ import annotations

import argparse
import sys

from stashsync.sandbox import RELEASES, Sandbox, serve
from stashsync.sandbox.system import STATUSES


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m stashsync.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=9999, help="0 takes a free one (default 9999)")
    parser.add_argument("--db", metavar="FILE", help="keep the library in FILE")
    parser.add_argument("--release", choices=list(RELEASES), default="0.30.1")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--api-key", metavar="KEY", help="require KEY of every request")
    parser.add_argument("--status", choices=STATUSES, default="OK", help="what it waits for")
    args = parser.parse_args(argv)
    with Sandbox(
        args.db,
        release=args.release,
        api_key=args.api_key,
        latency=args.latency,
        status=args.status,
    ) as sandbox:
        try:
            serve(sandbox, args.port, on_ready=_tell)
        except OSError as error:
            sys.stderr.write(f"cannot serve on port {args.port}: {error}\n")
            return 1
        except KeyboardInterrupt:
            pass
    return 0


def _tell(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
