"""Whatever stands in the tables of one engine stands in those of the other, and comes back."""

import asyncio
import contextlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import former_rows
import postgresql
import transferred
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storage.transfer.comparing import canonical
from storage.transfer.tables import OF_PROCESSES

EXAMPLES = 3
"""Each makes three databases."""

WHOLE = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
BY_TYPE = {"INTEGER": WHOLE, "TEXT": TEXT, "BLOB": st.binary(max_size=20)}
VALUES = st.none() | WHOLE | TEXT | st.binary(max_size=8) | st.floats(allow_nan=False)
SPECIAL = {
    ("delivery", "state"): st.sampled_from(former_rows.STATES),
    ("delivery", "random_id"): st.integers(1, 2**63 - 1),
    # Its table keeps no more than its last ten thousand.
    ("alert_change", "id"): st.integers(1, 9_000),
    ("document", "json"): st.builds(
        lambda title, user: json.dumps({"title": title, "forwarded_from": {"user_id": user}}),
        TEXT,
        st.none() | WHOLE,
    ),
}


def fill(db: sqlite3.Connection, data: st.DataObject) -> None:
    """Put some rows into each table, of those that it takes."""
    db.execute("PRAGMA foreign_keys = 1")
    for table in _parents_first(db):
        columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
        strategies = {name: _strategy(table, *column) for _, name, *column in _named(columns)}
        for _, _, parent, here, there, *_ in db.execute(f'PRAGMA foreign_key_list("{table}")'):
            keys = db.execute(f'SELECT "{there}" FROM "{parent}"').fetchall()  # noqa: S608
            strategies[here] = st.sampled_from([key for (key,) in keys] or [None])
        for row in data.draw(st.lists(st.fixed_dictionaries(strategies), max_size=4), table):
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join("?" * len(row))
            sql = f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608
            with contextlib.suppress(sqlite3.IntegrityError):
                db.execute(sql, tuple(row.values()))


def _named(columns: Sequence[Any]) -> list[tuple[int, str, str, str, int, int]]:
    return [(place, name, name, type, notnull, pk) for place, name, type, notnull, _, pk in columns]


def _strategy(table: str, name: str, type: str, notnull: int, pk: int) -> st.SearchStrategy[Any]:
    strategy = SPECIAL.get((table, name), BY_TYPE[type])
    return strategy if notnull or pk else st.none() | strategy


def _parents_first(db: sqlite3.Connection) -> list[str]:
    left = [table for table in former_rows.list_tables(db) if table not in OF_PROCESSES]
    ordered: list[str] = []
    while left:
        for table in [*left]:
            parents = {row[2] for row in db.execute(f'PRAGMA foreign_key_list("{table}")')}
            if parents <= {*ordered, table}:
                ordered.append(table)
                left.remove(table)
    return ordered


@settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_any_rows_come_over_and_back(
    data: st.DataObject, ready_database: Path, tmp_path: Path, postgres_server: str
) -> None:
    old, back = tmp_path / "old.db", tmp_path / "back.db"
    for path in tmp_path.glob("*.db*"):
        path.unlink()
    shutil.copy(ready_database, old)
    postgresql.empty(postgres_server)
    with closing(sqlite3.connect(old)) as db, db:
        fill(db, data)
    held = transferred.read_file(old)
    asyncio.run(transferred.carry(f"sqlite:///{old}", postgres_server))
    assert asyncio.run(transferred.read_server(postgres_server, old)) == held
    asyncio.run(transferred.carry(postgres_server, f"sqlite:///{back}"))
    assert transferred.read_file(back) == held


@given(one=st.lists(st.tuples(VALUES, VALUES)), other=st.lists(st.tuples(VALUES, VALUES)))
def test_rows_have_the_same_bytes_only_where_they_are_the_same(
    one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]
) -> None:
    assert (canonical(one) == canonical(other)) == (repr(one) == repr(other))


def test_what_is_cut_at_another_place_has_other_bytes() -> None:
    rows = [[("ab", "c")], [("a", "bc")], [("ab",), ("c",)], [(b"ab", b"c")], [(1, 23)], [(12, 3)]]
    assert len({canonical(row) for row in rows}) == len(rows)
