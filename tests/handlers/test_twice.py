"""What is removed by two at once, or by a tap too many, can be put back all the same."""

import dataclasses
from typing import Any

import pytest

from storage.channels import channels


def buttons(keyboard: Any) -> dict[str, str]:
    return {button.text: button.data for row in keyboard for button in row if button.data}


async def opened(ann: Any, *steps: str) -> Any:
    """The keyboard below the last message of commands, and of buttons pressed below it."""
    keyboard: Any = ()
    for step in steps:
        if step.startswith("/"):
            keyboard = (await ann.say(step))[0].keyboard
        else:
            pressed = await ann.press(keyboard, step)
            keyboard = pressed.edit.keyboard if pressed.edit else pressed.reply[0].keyboard
    return keyboard


@pytest.fixture
async def kept(ann: Any, store: Any, make_post: Any, database: Any, now: Any) -> Any:
    """Ann has one of each, and posts that are found."""
    ann.services = dataclasses.replace(ann.services, feeds_url="http://feeds.example")
    await store(make_post(1, "Oil price falls"), make_post(2, "Oil price rises"))
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=100, username="harbour", now=now)
    await ann.say("/save https://t.me/harbour/1 Desk")
    await ann.say("/save https://t.me/harbour/2 Desk")
    return ann


@pytest.mark.parametrize(
    ("steps", "removes", "others"),
    [
        (
            ("/alert oil", "/alerts", "oil"),
            "Remove",
            ("Pause", "Query", "Channels", "How it comes"),
        ),
        (("/alert oil",), "Remove", ("Keep", "Narrow")),
        (("/digest daily 08:00", "/digest", "All posts"), "Remove", ("Pause",)),
        (("/collections", "Desk"), "Remove", ("Text",)),
        (("/collections", "Desk"), "✕ 1", ()),
        (("/silence @harbour", "/silence", "🔇"), "Remove", ()),
        (("/surge oil", "/surge", "📈"), "Remove", ()),
        (("/feed oil", "/feed"), "Remove", ()),
        (("/share oil", "/links"), "Remove", ()),
        (("/share oil",), "Remove", ()),
    ],
)
async def test_undo_outlives_another_press(
    kept: Any, steps: tuple[str, ...], removes: str, others: tuple[str, ...]
) -> None:
    keyboard = await opened(kept, *steps)
    removed = (await kept.press(keyboard, removes)).edit
    assert "↩️ Undo" in buttons(removed.keyboard)
    for label in (removes, *others):
        again = await kept.press(keyboard, label)
        shown = again.edit.keyboard if again.edit else again.keyboard
        assert shown is None or "↩️ Undo" in buttons(shown), label
    assert (await kept.press(removed.keyboard, "Undo")).edit
