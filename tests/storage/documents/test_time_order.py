"""Scores of what is found, also of what spilled out of its second; see test_stretches.py."""

import pytest

from storage.connection import Connection
from storage.documents import time_order
from storage.documents.time_order import HIGHEST, Stretch
from storage.query.compiled import Compiled

GRAIN = Compiled("grain", exact=True)
COLUMNS = ("body", "title", "mark", "form", "attached")


@pytest.fixture
async def index(tx: Connection) -> Connection:
    """A document a column with ``grain`` there alone, and more without it; all of one length."""
    for number in range(20):
        words = ["grain" if number == at else f"other{number}" for at, _ in enumerate(COLUMNS)]
        await tx.execute(
            "INSERT INTO document_index (rowid, body, title, mark, form, attached)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (number + 1, *words),
        )
    return tx


async def scores(conn: Connection) -> list[float]:
    found = await time_order.fetch_scores(conn, Stretch(GRAIN, 0, HIGHEST), 10)
    by_id = {id: -score for id, score in found}
    return [by_id[at + 1] / by_id[1] for at, _ in enumerate(COLUMNS)]


async def test_a_word_in_the_title_counts_threefold_and_marks_nothing(index: Connection) -> None:
    ordinary = await scores(index)
    # Of a weight w in texts of one length BM25 makes 2.2 w / (w + 1.2).
    assert ordinary == pytest.approx([1.0, 2.2 * 3 / 4.2, 0.0, 1.0, 1.0])
    await index.execute("PRAGMA defer_foreign_keys = 1")  # They are of no documents.
    for number in range(1, 21):
        await index.execute(
            "INSERT INTO spilled (document_id, first_id) VALUES (?, ?)", (number, 0)
        )
    assert await scores(index) == pytest.approx(ordinary)
    await index.execute("DELETE FROM spilled")


async def test_the_newest_are_scored(index: Connection) -> None:
    for low, limit, ids in ((0, 2, [5, 4]), (0, 5, [5, 4, 3, 2, 1]), (4, 9, [5, 4])):
        stretch = Stretch(GRAIN, low, HIGHEST)
        found = await time_order.fetch_scores(index, stretch, limit)
        assert [id for id, _ in found] == ids
        assert await time_order.count(index, stretch, up_to=limit) == len(ids)
