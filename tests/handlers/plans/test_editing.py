"""What is typed to change a plan."""

from typing import Any

import pytest

from storage.connection import Database
from storage.subscribers import plans

GONE = "This digest was removed before."


@pytest.fixture
async def plan(ann: Any, database: Database) -> Any:
    """Ann's plan, as it is kept."""
    await ann.say("/digest daily 8")

    async def kept() -> Any:
        async with database.reader() as conn:
            (found,) = await plans.list_plans(conn, ann.chat_id)
        return found

    return kept


@pytest.mark.parametrize("id", ["x", "²", "１", "9" * 18, "9" * 19, "9" * 200, "-1", "1.0", "0"])
async def test_no_number_of_a_plan_is_none_of_the_chats(ann: Any, plan: Any, id: str) -> None:
    before = await plan()
    assert await ann.read(f"/digest name {id} Mine") == GONE
    assert await ann.read(f"/digest name {id}") == GONE
    assert await plan() == before


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        ("name {id} The  ferry\n of Marby", "name", "The ferry of Marby"),
        ("name {id} " + "x" * 200, "name", "x" * 60),
        ("name {id} none", "name", ""),
        ("name {id} «NONE».", "name", ""),
        ("query {id} oil  OR gas", "query", "oil OR gas"),
        ("query {id} all", "query", ""),
        ("time {id} 9, 21:30", "times", "daily 09:00, 21:30"),
    ],
)
async def test_a_part_of_a_plan_is_written(
    ann: Any, plan: Any, written: str, field: str, value: str
) -> None:
    id = (await plan()).id
    (said,) = await ann.say("/digest " + written.format(id=id))
    assert said.text.text.startswith("Changed.\n📰 ")
    assert getattr(await plan(), field) == value


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ('query {id} "oil', "^"),
        ("query {id} oil before:2026-11-01", "before:"),
        ("time {id} whenever", "I can't read a time of day"),
    ],
)
async def test_what_can_not_be_kept_changes_nothing(
    ann: Any, plan: Any, written: str, answer: str
) -> None:
    before = await plan()
    assert answer in await ann.read("/digest " + written.format(id=before.id))
    assert await plan() == before


@pytest.mark.parametrize(
    ("part", "question"),
    [("name", "call"), ("query", "Which words"), ("time", "When shall it come?")],
)
async def test_a_part_without_a_value_is_asked_for(
    ann: Any, plan: Any, part: str, question: str
) -> None:
    id = (await plan()).id
    asked = await ann.read(f"/digest {part} {id}  ")
    assert asked.startswith("📰 All posts\n") and question in asked
    await ann.say({"name": "Ferry", "query": "ferry", "time": "21:30"}[part])
    changed = await plan()
    assert "Ferry" in (changed.name, changed.query.title()) or changed.times == "daily 21:30"
