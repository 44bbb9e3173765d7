"""A press in the menu of settings sets what it names, and nothing else."""

from dataclasses import asdict
from datetime import time
from typing import Any

import pytest

from handlers.render.answers.settings import BURSTS
from storage.connection import Database
from storage.subscribers import subscribers


async def settings_of(database: Database, chat_id: int) -> dict[str, Any]:
    async with database.reader() as conn:
        return asdict(await subscribers.get_subscriber(conn, chat_id))


@pytest.mark.parametrize(
    ("data", "changed"),
    [
        ("st|l|ru", {"language": "ru"}),
        ("st|l|en", {"language": "en"}),
        ("st|z|Asia/Tokyo", {"timezone": "Asia/Tokyo"}),
        ("st|q|22:00-07:30", {"quiet_from": time(22), "quiet_until": time(7, 30)}),
        ("st|q|off", {}),
        ("st|u|1", {"quiet_but_urgent": True}),
        ("st|u|0", {"quiet_but_urgent": False}),
        *((f"st|b|{count}", {"burst_after": count}) for count in (0, *BURSTS)),
        ("st|p|08:00 Asia/Tokyo", {"timezone": "Asia/Tokyo"}),
        ("st|d|08:00", {}),
        ("st|d|off", {}),
    ],
)
async def test_a_press_sets_what_it_names(
    ann: Any, database: Database, data: str, changed: dict[str, Any]
) -> None:
    await ann.say("/start")
    before = await settings_of(database, ann.chat_id)
    result = await ann.press_data(data)
    assert result.edit is not None
    after = await settings_of(database, ann.chat_id)
    assert after == before | changed
