"""What stretches of time hold, also of what spilled out of its second: as a sorted list says it."""

from collections.abc import Callable

import pytest

from storage import row_ids
from storage.connection import Connection
from storage.document import Document
from storage.documents import time_order
from storage.documents.time_order import HIGHEST, Stretch
from storage.query.compiled import EVERYTHING
from storage.query.reading.syntax import parse
from storage.query.words import analysis

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
async def spilled(tx: Connection, make_document: Callable[..., Document]) -> Connection:
    """Documents at these places; every second one has ``grain exports`` in a row."""
    for number, (row_id, first) in enumerate(PLACES):
        text = "exports of other grains" if number % 2 else "grain exports"
        document = make_document(text, message_id=number + 1)
        await tx.execute(
            "INSERT INTO document (id, doc_id, stored_at, changed_at, live, analysis, ranks, json)"
            " VALUES (?, ?, 0, 0, 1, 1, '{}', ?)",
            (row_id, f"tg:1/{number}", f'"{row_id}"'),
        )
        await tx.index.add([(row_id, analysis.analyse_document(document))])
        if first is not None:
            await tx.execute(
                "INSERT INTO spilled (document_id, first_id) VALUES (?, ?)", (row_id, first)
            )
    return tx


@pytest.mark.parametrize("text", ["", '"grain exports"', "grain -other", "nothing"])
@pytest.mark.parametrize("low", [0, 41 * PER, 42 * PER])
async def test_a_stretch_has_what_lies_between_its_ends_newest_first(
    spilled: Connection, text: str, low: int
) -> None:
    wanted = [row_id for row_id, _ in PLACES[:: 2 if text else 1] if text != "nothing"]
    root = parse(text).root if text else None
    asked = EVERYTHING if root is None else spilled.index.compile(root)
    for high in EDGES:
        stretch = Stretch(asked, low, high)
        among = [POSITIONS[one] for one in wanted if low <= POSITIONS[one][0]]
        expected = sorted((one for one in among if one < high), reverse=True)
        assert stretch.below(HIGHEST) == stretch
        assert Stretch(asked, low, HIGHEST).below(high) == stretch
        for limit in (1, 3, 99):
            found = await time_order.fetch_json(spilled, stretch, limit)
            assert [one.position for one in found] == expected[:limit]
            assert [one.id for one in found] == [row_id for _, row_id in expected[:limit]]
            assert all(one.value == f'"{one.id}"' for one in found)
            counted = await time_order.count(spilled, stretch, up_to=limit)
            assert counted == min(limit, len(expected))
            ids = await time_order.list_ids(spilled, stretch, limit)
            assert {*ids} <= {row_id for _, row_id in expected}
            assert len(ids) == counted
            if text:
                scored = await time_order.fetch_scores(spilled, stretch, limit)
                assert [id for id, _ in scored] == [id for _, id in expected[:limit]]
                assert all(score < 0 for _, score in scored)


async def test_a_document_stands_in_its_second_where_that_is_known(spilled: Connection) -> None:
    for row_id, position in POSITIONS.items():
        assert await time_order.find_position(spilled, row_id) == position
    assert await time_order.find_position(spilled, 41 * PER + 9) == (41 * PER, 41 * PER + 9)
