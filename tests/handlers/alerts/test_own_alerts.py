"""A button of an alert changes that alert, of its own chat, and nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from storage.connection import Database
from storage.records import Alert
from storage.structs import replace
from storage.subscribers import alerts, mutes

Listed = Callable[[], Awaitable[dict[int, Alert]]]


@pytest.fixture
async def three(ann: Any, database: Database) -> Listed:
    """Somebody else's alert (1), and two of Ann's (2, 3), whose chat is 1."""
    bob = replace(ann, chat_id=2, sender_id=2, name="Bob")
    await bob.say("/alert crane")
    for query in ("oil", "gas"):
        await ann.say(f"/alert {query}")

    async def listed() -> dict[int, Alert]:
        async with database.reader() as conn:
            found = [*await alerts.list_alerts(conn, 2), *await alerts.list_alerts(conn, 1)]
        return {one.id: one for one in found}

    assert sorted(await listed()) == [1, 2, 3]
    return listed


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        ("as|2|0|p|1", "paused", True),
        ("as|2|0|u|1", "urgent", True),
        ("as|2|0|s|1", "silent", True),
        ("as|2|0|o|1", "once", True),
        ("as|2|0|e|15", "every_minutes", 15),
        ("as|2|0|l|5", "hourly_limit", 5),
    ],
)
async def test_a_button_sets_one_thing_of_one_alert(
    ann: Any, three: Listed, data: str, field: str, value: object
) -> None:
    before = await three()
    await ann.press_data(data)
    after = await three()
    assert after.pop(2) == replace(before.pop(2), **{field: value})
    assert after == before


@pytest.mark.parametrize("data", ["ar|2|0", "aq|2|0", "xq||2", "xs||2", "pd|2"])
async def test_a_button_removes_one_alert(ann: Any, three: Listed, data: str) -> None:
    before = await three()
    await ann.press_data(data)
    del before[2]
    assert await three() == before


async def test_alerts_of_one_message_are_snoozed_and_muted_together(
    ann: Any, three: Listed, database: Database, store: Any, make_post: Any
) -> None:
    await store(make_post(5, "oil"))
    await ann.press_data("zs|1|tg:100/5|2")
    assert [one.snoozed_until is not None for one in (await three()).values()] == [
        False,
        True,
        False,
    ]
    await ann.press_data("mu|tg:100/5|2|3")
    async with database.reader() as conn:
        assert await mutes.list_muting(conn, "100", [1, 2, 3]) == {2, 3}


@pytest.mark.parametrize(
    "data",
    [
        "as|1|0|p|1",
        "as|1|0|u|1",
        "ar|1|0",
        "xs||1",
        "pd|1",
        "zs|1||1",
        "mu|tg:100/5|1",
        "ap|1|0",
        "aq|1|0",
        "xq||1",
        "zq||1",
        "ha|1",
        "pn|1",
        "pb|1",
        "aw|1|0",
        "av|1",
        "ak|1|n|0",
        "ak|1|0|0",
        "ac|1|n|1|1|0",
        "rn|alert|edit:1",
        "so|1|c|100",
    ],
)
async def test_nobody_presses_buttons_of_anothers_alert(
    ann: Any, three: Listed, database: Database, store: Any, make_post: Any, data: str
) -> None:
    await store(make_post(5, "crane"))
    before = await three()
    result = await ann.press_data(data)
    assert "crane" not in str(result)
    assert await three() == before
    async with database.reader() as conn:
        assert await mutes.list_muting(conn, "100", [1, 2, 3]) == set()


@pytest.mark.parametrize("data", ["az|1|0", "xu||1", "pu|1"])
async def test_nobody_puts_back_anothers_alert(ann: Any, three: Listed, data: str) -> None:
    bob = replace(ann, chat_id=2, sender_id=2, name="Bob")
    await bob.press_data("ar|1|0")
    result = await ann.press_data(data)
    assert "crane" not in str(result)
    assert sorted(await three()) == [2, 3]
    await bob.press_data(data)
    assert sorted(await three()) == [1, 2, 3]
