"""An alert's card: each thing that is set in words, and buttons that set what they say."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.render.alerts.alert_page import (
    MUTES,
    NEW,
    Particulars,
    Shown,
    alert_list,
    alert_page,
    channels_page,
    how_page,
)
from handlers.render.text.bars import Matches
from handlers.render.text.dates import Here
from handlers.render.text.messages import Button, Message
from handlers.texts.languages import words_of
from storage.records import Alert, Mute, Subscriber
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("UTC"), NOW)
EN = words_of("en")
ALERT = Alert(id=7, chat_id=1, query="ferry", created_at=datetime(2026, 11, 3, tzinfo=UTC))
LATER = datetime(2026, 11, 22, 20, tzinfo=UTC)
TITLES = {1: "Harbour News", 2: "Quay", 3: "Grain Watch", 4: "Mill", 5: "Pier"}
ANN = Subscriber(chat_id=1, created_at=NOW)


def shown(asked: str = "ferry", rows: tuple[int, ...] = (), **fields: Any) -> Shown:
    alert = replace(ALERT, **{"query": asked, **fields})
    return Shown(alert=alert, asked=asked, rows=rows, titles=TITLES)


def page(*muted: Mute, chat: Subscriber | None = ANN, **fields: Any) -> Message:
    told = Particulars(muted=muted, chat=chat)
    return alert_page(shown(**fields), told, 2, here=HERE, words=EN)


def mute(number: int, channel: str = "") -> Mute:
    return Mute(alert_id=7, channel=channel or str(number), title=f"Pier {number} " + "x" * 40)


def pressed(message: Message) -> dict[str, str | None]:
    return {button.text: button.data for row in message.keyboard for button in row}


def lines(message: Message) -> list[str]:
    return message.text.text.split("\n")


def test_a_card_says_what_is_found_where_how_it_comes_and_to_whom() -> None:
    days = (*[0] * 23, 0, 1, 2, 8, 4, 0, 1)
    told = Particulars(matches=Matches(days, 1000), chat=ANN)
    assert lines(alert_page(shown(), told, 2, here=HERE, words=EN, head="Changed.")) == [
        "Changed.",
        "🔔 ferry",
        "▶️ On since 3 Nov",
        "7 days: 16 posts",
        "·▁▂█▄·▁",
        "30 days: 16 posts, most on 19 Nov",
        "·" * 23 + "·▁▂█▄·▁",
        "📡 all channels",
        "🕗 Sent at once, with a sound",
        "➡️ To you, here",
    ]


@pytest.mark.parametrize(
    ("fields", "place", "line"),
    [
        ({"asked": "f" * 600}, 0, "🔔 " + "f" * 499 + "…"),
        ({"asked": "", "rows": (1,)}, 0, "🔔 All posts"),
        ({"paused": True}, 1, "⏸ Paused: it tells nothing"),
        ({"paused": True, "snoozed_until": LATER}, 1, "⏸ Paused: it tells nothing"),
        ({"snoozed_until": LATER}, 1, "💤 Snoozed, back today 20:00"),
        ({"since": NOW}, 1, "▶️ On since today"),
        ({"rows": (1, 3)}, 2, "📡 Harbour News, Grain Watch"),
        ({"rows": (1, 2, 3, 4, 5)}, 2, "📡 Harbour News, Quay, Grain Watch and 2 more"),
        ({"rows": (9,)}, 2, "📡 its channels are not known any more"),
        ({"silent": True}, 3, "🕗 Sent at once, without a sound"),
        ({"every_minutes": 15}, 3, "🕗 Sent together, every 15 minutes, with a sound"),
        ({"every_minutes": 60}, 3, "🕗 Sent together, every hour, with a sound"),
        ({"every_minutes": 7}, 3, "🕗 Sent together, every 7 min, with a sound"),
        ({"hourly_limit": 5}, 4, "🔢 At most 5 an hour one by one, the rest together"),
    ],
)
def test_a_line_of_the_card(fields: dict[str, Any], place: int, line: str) -> None:
    assert lines(page(**fields))[place] == line


@pytest.mark.parametrize(
    ("chat", "topic", "line"),
    [
        ({"chat_id": -50, "name": "Desk"}, None, "➡️ To this group: Desk"),
        ({"chat_id": -1000000000050, "name": "Desk"}, None, "➡️ To this group: Desk"),
        ({"chat_id": -1000000000050, "name": "Desk", "topic": 4}, None, "➡️ To this group: Desk"),
        (
            {"chat_id": -1000000000050, "name": " ", "username": "desk"},
            None,
            "➡️ To this group: @desk",
        ),
        ({"chat_id": -50}, None, "➡️ To this group: -50"),
        (
            {"chat_id": -1000000000050, "name": "Desk", "topic": 4},
            9,
            "➡️ To a topic of this group: Desk",
        ),
        (
            {"chat_id": -1000000000050, "name": "Wire", "is_channel": True},
            None,
            "➡️ To this channel: Wire",
        ),
    ],
)
def test_where_it_goes(chat: dict[str, Any], topic: int | None, line: str) -> None:
    message = page(chat=Subscriber(created_at=NOW, **chat), topic=topic)
    assert lines(message)[-1] == line
    urls = [span.url for span in message.text.spans if span.url]
    assert urls == (["https://t.me/c/50/9"] if "topic" in line else [])


@pytest.mark.parametrize(
    ("urgent", "passes", "line"),
    [
        (False, True, "🌙 Waits in quiet hours (22:00–7:00)"),
        (True, False, "🌙 Waits in quiet hours (22:00–7:00)"),
        (True, True, "❗ Comes in quiet hours too (22:00–7:00)"),
    ],
)
def test_what_quiet_hours_do_to_it(urgent: bool, passes: bool, line: str) -> None:
    quiet = {"quiet_from": time(22), "quiet_until": time(7), "quiet_but_urgent": passes}
    chat = Subscriber(chat_id=1, created_at=NOW, **quiet)
    assert lines(page(chat=chat, urgent=urgent))[-2] == line


def test_each_button_of_the_card_says_what_it_does() -> None:
    assert pressed(page()) == {
        "✎ Query": "rn|alert|edit:7",
        "📡 Channels": "ak|7|2|0",
        "🕗 How it comes": "aw|7|2",
        "⏸ Pause": "as|7|2|p|1",
        "🔎 Latest matches": "av|7",
        "🔗 Share": "ha|7",
        "‹ Alerts": "al|2",
        "✕ Remove": "ar|7|2",
    }
    assert pressed(page(snoozed_until=LATER))["⏰ Wake up"] == "as|7|2|z|0"
    assert pressed(page(paused=True, snoozed_until=LATER))["▶️ Resume"] == "as|7|2|p|0"


def test_of_how_it_comes_the_present_choice_is_marked() -> None:
    assert pressed(how_page(shown(), ANN, 2, words=EN)) == {
        "✓ At once": "as|7|2|e|0",
        "Every 15 min": "as|7|2|e|15",
        "Every hour": "as|7|2|e|60",
        "Every 4 hours": "as|7|2|e|240",
        "✓ No limit": "as|7|2|l|0",
        "1 an hour": "as|7|2|l|1",
        "5 an hour": "as|7|2|l|5",
        "20 an hour": "as|7|2|l|20",
        "✓ With a sound": "as|7|2|s|0",
        "Silent": "as|7|2|s|1",
        "✓ Not urgent": "as|7|2|u|0",
        "Urgent": "as|7|2|u|1",
        "✓ Everything new": "as|7|2|o|0",
        "1️⃣ Once per event": "as|7|2|o|1",
        "‹ Back": "ap|7|2",
    }
    other = shown(every_minutes=60, hourly_limit=5, silent=True, urgent=True, once=True)
    marked = [text for text in pressed(how_page(other, ANN, 2, words=EN)) if "✓" in text]
    chosen = ["✓ Every hour", "✓ 5 an hour", "✓ Silent", "✓ Urgent", "✓ 1️⃣ Once per event"]
    assert marked == chosen


def test_channels_that_are_left_out_are_named_and_can_be_heard_again() -> None:
    message = page(*[mute(number) for number in range(1, 2 * MUTES + 3)])
    line = lines(message)[3]
    assert line.startswith(f"🔇 Without Pier 1 {'x' * 22}…, Pier 2")
    assert line.count("Pier") == 2 * MUTES
    buttons = [text for text in pressed(message) if "Unmute" in text]
    assert len(buttons) == MUTES
    assert pressed(message)[f"🔊 Unmute Pier 1 {'x' * 22}…"] == "au|7|2|1"


@pytest.mark.parametrize(("length", "fits"), [(57, True), (58, False)])
def test_a_name_that_no_button_holds_has_none(length: int, fits: bool) -> None:
    found = [text for text in pressed(page(mute(1, "c" * length))) if "Unmute" in text]
    assert bool(found) == fits


@pytest.mark.parametrize(
    ("how", "mark"),
    [
        ({}, "🔔"),
        ({"paused": True, "urgent": True}, "⏸"),
        ({"snoozed_until": NOW, "silent": True}, "💤"),
        ({"urgent": True, "silent": True}, "❗"),
        ({"silent": True}, "🔕"),
        ({"once": True}, "🔔1️⃣"),
    ],
)
def test_the_list_shows_the_state_of_each(how: dict[str, Any], mark: str) -> None:
    made = alert_list([shown(**how)], 0, EN)
    assert pressed(made) == {f"{mark} ferry": "ap|7|0"}


@pytest.mark.parametrize(
    ("asked", "rows", "label"),
    [
        ("ferry", (1, 2), "🔔 ferry · Harbour News, Quay"),
        ("", (1,), "🔔 Harbour News"),
        ("ferry", (9,), "🔔 ferry"),
        ("f" * 60, (1,), "🔔 " + "f" * 43 + "…"),
    ],
)
def test_the_list_names_the_channels_too(asked: str, rows: tuple[int, ...], label: str) -> None:
    assert [*pressed(alert_list([shown(asked, rows)], 0, EN))] == [label]


def test_the_list_is_paged_and_what_was_removed_can_be_put_back() -> None:
    many = [shown(f"word{number}", id=number) for number in range(1, 12)]
    made = alert_list(many, 7, EN, removed=shown("gone", id=99))
    assert pressed(made) == {
        "↩️ Undo": "az|99|1",
        "🔔 word9": "ap|9|1",
        "🔔 word10": "ap|10|1",
        "🔔 word11": "ap|11|1",
        "‹ Prev": "al|0",
        "2 / 2": "-",
    }
    assert lines(made)[:2] == ["Removed: gone", "Your alerts: 11"]
    last = alert_list([], 0, EN, removed=shown("gone", id=99))
    assert lines(last) == ["Removed: gone", "You have no alerts yet."]
    assert pressed(last)["↩️ Undo"] == "az|99|0"


def test_of_the_channels_those_that_are_chosen_are_marked() -> None:
    back = Button(text="Back", data="x")
    made = channels_page(shown(rows=(2,)), NEW, 0, back, EN)
    assert pressed(made) == {
        "All channels": "ac|7|n|0|0|0",
        "Grain Watch": "ac|7|n|3|1|0",
        "Harbour News": "ac|7|n|1|1|0",
        "Mill": "ac|7|n|4|1|0",
        "Pier": "ac|7|n|5|1|0",
        "✓ Quay": "ac|7|n|2|0|0",
        "Back": "x",
    }
    assert "✓ All channels" in pressed(channels_page(shown(), "3", 0, back, EN))
