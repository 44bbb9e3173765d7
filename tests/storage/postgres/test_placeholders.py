"""Placeholders of one text for both engines, as PostgreSQL wants them."""

import pytest

from storage.postgres.placeholders import numbered


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT 1", "SELECT 1"),
        ("a = ? AND b IN (?, ?)", "a = $1 AND b IN ($2, $3)"),
        ("VALUES (?1, ?2), (?1, ?3)", "VALUES ($1, $2), ($1, $3)"),
        ("VALUES (?10, ?9)", "VALUES ($10, $9)"),
        ("a = '?' AND b = '?1' AND c = ?", "a = '?' AND b = '?1' AND c = $1"),
        ("a = '' AND b = ?", "a = '' AND b = $1"),
    ],
)
def test_placeholders_are_numbered_as_they_stand_or_as_they_say(sql: str, wanted: str) -> None:
    assert numbered(sql) == wanted
