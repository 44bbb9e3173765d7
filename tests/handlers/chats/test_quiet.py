"""Quiet hours are asked for with the usual ones, and with their end where there are some."""

from typing import Any


def labels(message: Any) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def test_an_end_of_quiet_hours_is_offered_where_there_are_some(ann: Any) -> None:
    (asked,) = await ann.say("/quiet")
    assert "Off" not in labels(asked)
    assert "22:00–7:00" in labels(asked)
    await ann.press(asked.keyboard, "22:00–7:00")
    (asked,) = await ann.say("/quiet")
    assert asked.text.text.startswith("Quiet hours: 22:00–7:00")
    assert "Off" in labels(asked)
    await ann.press(asked.keyboard, "Off")
    assert (await ann.read("/quiet")).startswith("Quiet hours: none")
