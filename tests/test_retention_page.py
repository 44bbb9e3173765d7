"""The page on what is kept names every table, and what it says of settings is so."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.sqlite import migrate

PAGE = Path(__file__).parents[1] / "docs" / "retention.md"


def tables() -> set[str]:
    """The tables of the schema; those that the index is made of count as one."""
    with closing(sqlite3.connect(":memory:")) as db:
        for migration in migrate.list_migrations():
            for statement in migrate.statements(migration.sql):
                db.execute(statement)
        rows = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    names = {name for (name,) in rows if not name.startswith("sqlite_")}
    return {name for name in names if not name.startswith("document_index_")} | {"schema_migration"}


def test_every_table_stands_on_the_page_with_what_bounds_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    listed = text.partition("<!-- tables -->")[2].partition("<!-- /tables -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", listed, re.MULTILINE)
    names = [name for name, _, _ in rows]
    assert names == sorted(tables()), "say in docs/retention.md what bounds it"
    assert all(held and bound for _, held, bound in rows)
