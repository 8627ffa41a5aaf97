"""Requests in several threads share one connection to SQLite."""

from __future__ import annotations

import subprocess
import sys

READING = """
import threading
from stashsync.sandbox import Sandbox

database = Sandbox().library._db
for number in range(200):
    database.insert("tags", {"name": f"tag {number}", "created_at": "", "updated_at": ""})
by_name = "SELECT * FROM tags ORDER BY natural_key(name)"
settings = "SELECT * FROM plugin_settings WHERE plugin <> ?"
threads = [
    threading.Thread(target=lambda: [database.records(by_name) for _ in range(30)]),
    threading.Thread(target=lambda: [database.all(settings, ("x",)) for _ in range(5000)]),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_two_readings_at_once_do_not_wait_for_each_other() -> None:
    """One calls a Python function from SQLite while the other binds a parameter."""
    subprocess.run([sys.executable, "-c", READING], check=True, timeout=60)
