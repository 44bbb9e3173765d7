"""Scores of what is found, also of what spilled out of its second."""

import pytest

from storage import row_ids
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


# Seconds and row ids: (row id, first id of its second); several spilled, some into one another.
PER = row_ids.PER_SECOND
PLACES = [
    (40 * PER, None), (40 * PER + 255, None), (41 * PER, None), (41 * PER + 3, 40 * PER),
    (41 * PER + 4, 40 * PER), (42 * PER, 40 * PER), (42 * PER + 1, 41 * PER), (43 * PER, None),
    (45 * PER, 41 * PER), (46 * PER + 7, None),
]  # fmt: skip
POSITIONS = {
    row_id: (row_id - row_id % PER if first is None else first, row_id) for row_id, first in PLACES
}
EDGES = sorted({HIGHEST, (0, 0), *POSITIONS.values(), (41 * PER, 0), (44 * PER, 0)})


@pytest.fixture
async def spilled(tx: Connection) -> Connection:
    """Documents at these places; every second one has ``grain``."""
    for number, (row_id, first) in enumerate(PLACES):
        await tx.execute(
            "INSERT INTO document (id, doc_id, stored_at, changed_at, live, analysis, ranks, json)"
            " VALUES (?, ?, 0, 0, 1, 1, '{}', ?)",
            (row_id, f"tg:1/{number}", f'"{row_id}"'),
        )
        await tx.execute(
            "INSERT INTO document_index (rowid, body, title, mark, form, attached)"
            " VALUES (?, ?, '', '', '', '')",
            (row_id, "other" if number % 2 else "grain"),
        )
        if first is not None:
            await tx.execute(
                "INSERT INTO spilled (document_id, first_id) VALUES (?, ?)", (row_id, first)
            )
    return tx


@pytest.mark.parametrize("expression", ["", "grain", "nothing"])
@pytest.mark.parametrize("low", [0, 40 * PER, 41 * PER, 42 * PER, 47 * PER])
async def test_a_stretch_has_what_lies_between_its_ends_newest_first(
    spilled: Connection, expression: str, low: int
) -> None:
    wanted = [row_id for row_id, _ in PLACES[:: 2 if expression else 1] if expression != "nothing"]
    asked = Compiled(expression, exact=True)
    for high in EDGES:
        stretch = Stretch(asked, low, high)
        among = [POSITIONS[one] for one in wanted if low <= POSITIONS[one][0]]
        expected = sorted((one for one in among if one < high), reverse=True)
        assert stretch.below(HIGHEST) == stretch
        assert Stretch(asked, low, HIGHEST).below(high) == stretch
        for limit in (1, 2, 3, 99):
            found = await time_order.fetch_json(spilled, stretch, limit)
            assert [one.position for one in found] == expected[:limit]
            assert [one.id for one in found] == [row_id for _, row_id in expected[:limit]]
            assert all(one.value == f'"{one.id}"' for one in found)
            counted = await time_order.count(spilled, stretch, up_to=limit)
            assert counted == min(limit, len(expected))
            if expression:
                scored = await time_order.fetch_scores(spilled, stretch, limit)
                assert [id for id, _ in scored] == [id for _, id in expected[:limit]]
                assert all(score < 0 for _, score in scored)


async def test_a_document_stands_in_its_second_where_that_is_known(spilled: Connection) -> None:
    for row_id, position in POSITIONS.items():
        assert await time_order.find_position(spilled, row_id) == position
    assert await time_order.find_position(spilled, 41 * PER + 9) == (41 * PER, 41 * PER + 9)
