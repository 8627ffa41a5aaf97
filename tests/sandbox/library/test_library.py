"""The library as a whole: files, threads, releases and prefetching."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from stashsync.sandbox.library import Library, Panic, Refusal, Row
from stashsync.sandbox.library.layout import DatabaseLayout
from stashsync.sandbox.library.tables import LAYOUT
from stashsync.sandbox.library.values import local_time
from tests.sandbox.library.desk import PNG, Desk


def test_a_file_keeps_everything_and_the_ids_go_on(tmp_path: Path) -> None:
    path = str(tmp_path / "stash.sqlite")
    desk = Desk(path)
    desk.tag("Camera", "Gone", aliases=None, image=PNG)
    desk.do("tagDestroy", id="2")
    desk.library.close()
    desk = Desk(path)
    assert desk.get("tag", 1)["name"] == "Camera"
    assert desk.library.image("tag", 1) is not None
    assert desk.tag("Next") == 3


def test_a_file_of_something_else_is_not_opened(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE tags (id INTEGER)")
    text = tmp_path / "text"
    text.write_text("no database, but long enough to be looked at twice " * 20)
    for path in (other, text, tmp_path / "no folder" / "x"):
        with pytest.raises(ValueError, match="is not a library of the sandbox"):
            Library(str(path))


def test_a_file_of_a_newer_layout_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "later.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match=r"layout 99, .* use a newer version, or"):
        Library(str(path))


def test_a_file_locked_by_another_process_refuses_the_operation(tmp_path: Path) -> None:
    path = str(tmp_path / "stash.sqlite")
    desk = Desk(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    message = "beginning transaction: database is locked"
    assert desk.refusal("tagCreate", name="Camera") == message
    other.execute("ROLLBACK")
    other.close()
    assert desk.tag("Camera") == 1


def test_threads_take_turns(desk: Desk) -> None:
    def work(start: int) -> None:
        for number in range(start, start + 50):
            desk.tag(f"Tag {number}", aliases=[f"alias {number}"])
            desk.rows("findTags")

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 50, 100, 150)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.found("findTags") == list(range(1, 201))


def test_unknown_names_are_key_errors(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.do("tagFly")
    with pytest.raises(KeyError):
        desk.library.query("findWings", {})
    row = desk.do("tagCreate", name="Camera")
    with pytest.raises(KeyError):
        desk.of(row, "wings")


def test_an_unknown_release_is_refused() -> None:
    with pytest.raises(ValueError, match="new"):
        Library(release="new")


def test_a_crash_is_a_refusal_with_its_cause() -> None:
    panic = Panic("boom")
    assert isinstance(panic, Refusal)
    assert panic.message == "Internal system error. Error <boom>"
    assert Refusal("no", ("input", 0)).path == ("input", 0)


def test_columns_are_in_the_row_and_the_rest_is_asked_for(desk: Desk) -> None:
    row = desk.do("tagCreate", name="Camera")
    assert isinstance(row, Row)
    assert (row.type, row["id"], desk.of(row, "name")) == ("Tag", 1, "Camera")
    assert "aliases" not in row


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        *(("tag", field) for field in ("aliases", "parents", "children", "parent_count")),
        *(("tag", field) for field in ("stash_ids", "custom_fields", "performer_count")),
        *(("studio", field) for field in ("parent_studio", "child_studios", "tags", "urls", "url")),
        *(("performer", field) for field in ("alias_list", "tags", "urls", "custom_fields")),
    ],
)
def test_fetching_ahead_takes_the_same_few_queries_for_any_number_of_rows(
    desk: Desk, kind: str, field: str
) -> None:
    more = {"parent_ids": ["1"]} if kind == "tag" else {}
    for number in range(30):
        desk.create(kind, f"{kind} {number}", **(more if number else {}))
    rows = desk.rows(f"find{kind.title()}s", filter={"per_page": -1, "sort": "id"})
    alone = [desk.value(kind, row["id"], field) for row in rows]
    statements: list[str] = []
    desk.library._db._connection.set_trace_callback(statements.append)
    desk.library.prefetch(rows, field)
    asked = len(statements)
    values = [desk.of(row, field) for row in rows]
    assert 1 <= asked == len(statements) <= 2
    names = [
        [item["name"] if isinstance(item, Row) else item for item in value]
        if isinstance(value, list)
        else value["name"]
        if isinstance(value, Row)
        else value
        for value in values
    ]
    assert names == alone


def test_times_are_in_the_zone_of_the_server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    local_time.cache_clear()
    try:
        row = desk.do("tagCreate", name="Camera")
        assert row["created_at"] == row["updated_at"] == "2026-03-04T00:06:07-05:00"
    finally:
        monkeypatch.undo()
        time.tzset()
        local_time.cache_clear()


def test_ten_thousand_tags_take_seconds(desk: Desk) -> None:
    """Looking up a name uses an index; scanning the table each time would take minutes."""
    for number in range(10_000):
        desk.library.mutate("tagCreate", {"input": {"name": f"Tag {number}", "aliases": []}})
    assert desk.library.query("findTags", {"filter": {"per_page": 0}})["count"] == 10_000


LAYOUTS = Path(__file__).parent / "layouts"
OLDER = {1: ("1.sql",), 2: ("1.sql", "2-media.sql")}
"""Statements that create the files of older layouts."""


@pytest.mark.parametrize("number", OLDER)
def test_a_file_of_an_older_layout_is_brought_up_to_date(tmp_path: Path, number: int) -> None:
    """The content stays, and everything works that works in a new file."""
    path = tmp_path / "old.sqlite"
    made = "".join((LAYOUTS / name).read_text(encoding="utf-8") for name in OLDER[number])
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"{made} PRAGMA user_version = {number};")
        connection.execute(
            "INSERT INTO tags (name, created_at, updated_at) VALUES "
            "('Camera', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')"
        )
        connection.commit()
    for _ in range(2):
        desk = Desk(str(path))
        assert desk.get("tag", 1)["name"] == "Camera"
        desk.do("sceneCreate", title="Walk", tag_ids=["1"])
        desk.library.close()
    assert Desk(str(path)).value("tag", 1, "scene_count") == 2
    assert tables_of(path) == tables_of(None)


def tables_of(path: Path | None) -> dict[str, set[str]]:
    """Return the columns of every table and view of a file, or of a new library."""
    with closing(sqlite3.connect(path or ":memory:")) as connection:
        if path is None:
            connection.deserialize(LAYOUT.empty)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
        return {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            for name in names
            if not name.startswith(("sqlite_", "index_"))
        }


def test_tables_columns_and_indexes_that_are_new_are_added(tmp_path: Path) -> None:
    """A new column that must not be null has no value in existing rows."""
    path = str(tmp_path / "grown.sqlite")
    older = DatabaseLayout(
        1, "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);CREATE VIEW v AS SELECT x FROM a;"
    )
    newer = DatabaseLayout(
        2,
        "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, y INTEGER NOT NULL DEFAULT 3,"
        " z INTEGER NOT NULL REFERENCES a(id) ON DELETE CASCADE, w TEXT NOT NULL);"
        "CREATE INDEX i ON a (y); CREATE TABLE b (id INTEGER PRIMARY KEY);"
        "CREATE VIEW v AS SELECT x, y FROM a;",
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        older.apply(connection, path)
        connection.execute("INSERT INTO a (x) VALUES ('kept')")
        for _ in range(2):
            newer.apply(connection, path)
            assert connection.execute("SELECT * FROM a").fetchall() == [(1, "kept", 3, None, None)]
        assert connection.execute("SELECT * FROM v").fetchall() == [("kept", 3)]
        assert connection.execute("SELECT COUNT(*) FROM b").fetchall() == [(0,)]
        assert connection.execute("PRAGMA index_list(a)").fetchall()
        with pytest.raises(ValueError, match=r"has layout 2, .* use a newer version"):
            older.apply(connection, path)
