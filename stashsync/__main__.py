"""`python -m stashsync`: the command line."""

import sys

from stashsync.cli import main

sys.exit(main())
