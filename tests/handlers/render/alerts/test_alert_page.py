"""The page of one alert: each thing that is set in words, and buttons that set what they say."""

import dataclasses
import itertools
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.render.alerts.alert_page import MUTES, alert_page
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.records import Alert, Mute

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("UTC"), NOW)
EN = words_of("en")
ALERT = Alert(id=7, chat_id=1, query="ferry", created_at=NOW)
LATER = datetime(2026, 11, 22, 20, tzinfo=UTC)


def page(*muted: Mute, **fields: Any) -> Message:
    return alert_page(dataclasses.replace(ALERT, **fields), muted, 2, here=HERE, words=EN)


def mute(number: int, channel: str = "") -> Mute:
    return Mute(alert_id=7, channel=channel or str(number), title=f"Pier {number} " + "x" * 40)


def pressed(message: Message) -> dict[str, str | None]:
    return {button.text: button.data for row in message.keyboard for button in row}


def test_all_that_is_set_is_said() -> None:
    assert page().text.text == (
        "ferry\n\n"
        "State: on\n"
        "Not urgent: waits for the end of quiet hours\n"
        "Comes with a sound\n"
        "Sent at once\n"
        "No limit an hour\n"
        "Tells of everything new"
    )


@pytest.mark.parametrize(
    ("fields", "place", "line"),
    [
        ({"query": "f" * 600}, 0, "f" * 499 + "…"),
        ({"paused": True}, 2, "State: paused"),
        ({"paused": True, "snoozed_until": LATER}, 2, "State: paused"),
        ({"snoozed_until": LATER}, 2, "State: snoozed, back today 20:00"),
        ({"urgent": True}, 3, "Urgent: comes in quiet hours too where /quiet says so"),
        ({"silent": True}, 4, "Comes without a sound"),
        ({"every_minutes": 15}, 5, "Sent together, every 15 minutes"),
        ({"every_minutes": 60}, 5, "Sent together, every hour"),
        ({"every_minutes": 7}, 5, "Sent together, every 7 min"),
        ({"hourly_limit": 5}, 6, "At most 5 an hour one by one, the rest together"),
    ],
)
def test_a_line_of_the_page(fields: dict[str, Any], place: int, line: str) -> None:
    assert page(**fields).text.text.split("\n")[place] == line
    assert len(page(**fields).text.text.split("\n")) == 8


def test_each_button_sets_what_it_says() -> None:
    assert pressed(page()) == {
        "⏸ Pause": "as|7|2|p|1",
        "Urgent": "as|7|2|u|1",
        "Silent": "as|7|2|s|1",
        "Sent at once ›": "as|7|2|e|15",
        "No limit an hour ›": "as|7|2|l|1",
        "1️⃣ Once per event": "as|7|2|o|1",
        "‹ Back": "al|2",
        "✕ Remove": "aq|7|2",
        "🔗 Share": "ha|7",
    }
    found = pressed(page(paused=True, snoozed_until=LATER, urgent=True, silent=True, once=True))
    assert found["▶️ Resume"] == "as|7|2|p|0"
    assert found["⏰ Wake up"] == "as|7|2|z|0"
    assert found["✓ Urgent"] == "as|7|2|u|0"
    assert found["✓ Silent"] == "as|7|2|s|0"
    assert found["✓ 1️⃣ Once per event"] == "as|7|2|o|0"


@pytest.mark.parametrize(
    ("field", "what", "steps"),
    [
        ("every_minutes", "e", [None, 15, 60, 240, None]),
        ("hourly_limit", "l", [None, 1, 5, 20, None]),
    ],
)
def test_a_press_sets_the_next_choice(field: str, what: str, steps: list[int | None]) -> None:
    for now, following in itertools.pairwise(steps):
        assert f"as|7|2|{what}|{following or 0}" in pressed(page(**{field: now})).values()
    assert f"as|7|2|{what}|{steps[1]}" in pressed(page(**{field: 7})).values()


def test_channels_that_are_left_out_are_named_and_can_be_heard_again() -> None:
    muted = [mute(number) for number in range(1, 2 * MUTES + 3)]
    message = page(*muted)
    line = message.text.text.split("\n")[-1]
    assert line.startswith(f"Muted channels: Pier 1 {'x' * 22}…, Pier 2")
    assert line.count("Pier") == 2 * MUTES
    buttons = [text for text in pressed(message) if text.startswith("Unmute")]
    assert len(buttons) == MUTES
    assert pressed(message)[f"Unmute Pier 1 {'x' * 22}…"] == "au|7|2|1"


@pytest.mark.parametrize(("length", "fits"), [(57, True), (58, False)])
def test_a_name_that_no_button_holds_has_none(length: int, fits: bool) -> None:
    found = [text for text in pressed(page(mute(1, "c" * length))) if text.startswith("Unmute")]
    assert bool(found) == fits
