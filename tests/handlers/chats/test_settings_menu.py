"""A press in the menu of settings sets what it names, and nothing else."""

from datetime import time
from typing import Any

import pytest
from msgspec.structs import asdict

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


def marked(keyboard: Any) -> list[str]:
    return [b.text for row in keyboard for b in row if b.text.startswith("✓")]


@pytest.mark.parametrize(
    ("menu", "press", "before", "after"),
    [
        ("l", "st|l|ru", ["✓ English"], ["✓ русский"]),
        ("z", "st|z|Asia/Tokyo", ["✓ UTC"], ["✓ Asia"]),
        ("q", "st|q|23:00-08:00", ["✓ Off", "✓ Urgent ones wait too"],
         ["✓ 23:00–8:00", "✓ Urgent ones wait too"]),
        ("q", "st|q|21:00-08:00", ["✓ Off", "✓ Urgent ones wait too"],
         ["✓ Urgent ones wait too"]),
        ("q", "st|u|1", ["✓ Off", "✓ Urgent ones wait too"],
         ["✓ Off", "✓ Urgent ones come through"]),
        ("b", "st|b|10", ["✓ List after 3 a minute"], ["✓ List after 10 a minute"]),
        ("b", "st|b|0", ["✓ List after 3 a minute"], ["✓ Each by itself, always"]),
    ],
)  # fmt: skip
async def test_of_each_choice_the_present_value_is_marked(
    ann: Any, menu: str, press: str, before: list[str], after: list[str]
) -> None:
    await ann.say("/start")
    assert marked((await ann.press_data(f"sm|{menu}")).keyboard) == before
    await ann.press_data(press)
    assert marked((await ann.press_data(f"sm|{menu}")).keyboard) == after


async def test_the_present_zone_is_marked_among_the_places_and_where_it_is_asked_for(
    ann: Any,
) -> None:
    await ann.say("/settings timezone Asia/Tokyo")
    assert marked((await ann.say("/timezone"))[0].keyboard) == ["✓ Asia"]
    assert marked((await ann.say("/language"))[0].keyboard) == ["✓ English"]
    found: list[str] = []
    for page in range(9):
        found += marked((await ann.press_data(f"sm|z||as|{page}")).keyboard)
    assert set(found) == {"✓ Tokyo 21:00"}
