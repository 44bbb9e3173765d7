"""One text for both engines: every statement of ``storage/`` is one of PostgreSQL's too."""

import re

import asyncpg
import pytest
from statements import Statement, list_statements

from storage.postgres.placeholders import numbered

STATEMENTS = list_statements()


async def test_postgresql_understands_every_statement(postgres_url: str) -> None:
    refused = []
    conn = await asyncpg.connect(postgres_url)
    try:
        for one in STATEMENTS:
            try:
                await conn.prepare(numbered(one.sql))
            except asyncpg.PostgresError as error:
                refused.append(f"{one.place}: {error}\n{one.sql}")
    finally:
        await conn.close()
    assert not refused, "\n".join(refused)
    assert len(STATEMENTS) > 400


@pytest.mark.parametrize("one", [one for one in STATEMENTS if "FROM (" in one.sql])
def test_what_is_selected_from_a_selection_gives_it_a_name(one: Statement) -> None:
    """PostgreSQL 15 wants one, later ones do not."""
    for found in re.finditer(r"(FROM|JOIN) \(", one.sql):
        assert re.match(r"\s*AS\s", one.sql[_end(one.sql, found.end()) :]), one


def _end(sql: str, start: int) -> int:
    """Behind the bracket that closes what begins at ``start``."""
    depth, at = 1, start
    while depth:
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        at += 1
    return at
