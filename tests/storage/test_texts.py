"""What is no text for one of the engines is held by both alike."""

import pytest

from storage import facts
from storage.connection import Connection, Database

HELD = {
    "a\0b": "a\ufffdb",
    "\0": "\ufffd",
    "\ud83d \udc00": "\ufffd \ufffd",
    "ё\ud83d\ude00\0": "ё\ufffd\ufffd\ufffd",
    "\uffff\ufffe\U0010ffff": "\uffff\ufffe\U0010ffff",
    "\x01\x1a\x1f\x7f\x85\u2028": "\x01\x1a\x1f\x7f\x85\u2028",
    "\\u0000 \\0 ''": "\\u0000 \\0 ''",
    "": "",
    "x" * 65_536: "x" * 65_536,
}


@pytest.mark.parametrize("text", HELD, ids=ascii)
async def test_a_text_is_held_and_found_by_itself(tx: Connection, text: str) -> None:
    await facts.set_value(tx, f"1 {text}"[:2_000], text)
    assert await facts.find_value(tx, f"1 {text}"[:2_000]) == HELD[text]
    row = await tx.fetch_one("SELECT value FROM fact WHERE value = ?", (text,))
    assert row is not None
    assert row["value"] == HELD[text]


class Named(str):
    """A text of a kind of its own, as an enumeration's names are."""

    __slots__ = ()


@pytest.mark.parametrize("text", HELD, ids=ascii)
async def test_whatever_kind_of_text_it_is(tx: Connection, text: str) -> None:
    await facts.set_value(tx, Named("a"), Named(text))
    assert await facts.find_value(tx, "a") == HELD[text]


async def test_so_are_many_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute_many(
            "INSERT INTO fact (name, value) VALUES (?, ?)",
            ((f"text {place}", text) for place, text in enumerate(HELD)),
        )
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT value FROM fact WHERE name LIKE ? ORDER BY name", ("text %",)
        )
    assert [row["value"] for row in rows] == list(HELD.values())
