"""The channels that are watched as readers see them: one line each, and one channel."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.channels.rendering import Card, Page, Row, card_message, list_message, title_of
from handlers.render.text.bars import Matches
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.languages import words_of
from storage.channels.watched import Watched
from storage.records import Channel
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("UTC"), NOW)
EN = words_of("en")
HARBOUR = Channel(
    id=7, channel_id=100, username="harbour", title="Harbour News", watched=True, added_at=NOW
)


def row(a_day: float = 3, *, last: datetime | None = NOW, **fields: Any) -> Row:
    channel = replace(HARBOUR, **fields)
    return Row(watched=Watched(channel=channel, last_post_at=last), a_day=a_day)


def card(shown: Row | None = None, **fields: Any) -> Card:
    given_: dict[str, Any] = {"follow": None, "muted": 0, "alerts": 0, "page": 2, **fields}
    return Card(row=shown or row(), **given_)


def pressed(message: Message) -> list[dict[str, str | None]]:
    return [{button.text: button.data for button in each} for each in message.keyboard]


@pytest.mark.parametrize(
    ("title", "username", "called"),
    [
        ("Harbour  News\n", "harbour", "Harbour News"),
        (None, "harbour", "@harbour"),
        (" \u202e ", "harbour", "@harbour"),
        ("x" * 200, None, "x" * 99 + "…"),
    ],
)
def test_what_a_channel_is_called(title: str | None, username: str | None, called: str) -> None:
    assert title_of(replace(HARBOUR, title=title, username=username)) == called


@pytest.mark.parametrize(
    ("shown", "entry"),
    [
        (row(3), "Harbour News @harbour\nlast post today 12:00 · 3 posts a day"),
        (row(1), "Harbour News @harbour\nlast post today 12:00 · 1 post a day"),
        (row(1.6), "Harbour News @harbour\nlast post today 12:00 · 2 posts a day"),
        (row(0.99), "Harbour News @harbour\nlast post today 12:00 · 7 posts a week"),
        (row(1 / 7), "Harbour News @harbour\nlast post today 12:00 · 1 post a week"),
        (row(0.01), "Harbour News @harbour\nlast post today 12:00 · 1 post a week"),
        (
            row(0, last=NOW - timedelta(days=9)),
            "Harbour News @harbour\nlast post 13 Nov · none in the last 7 days",
        ),
        (row(last=None), "Harbour News @harbour\nno posts yet"),
        (row(username=None), "Harbour News\nlast post today 12:00 · 3 posts a day"),
        (row(title=None), "@harbour\nlast post today 12:00 · 3 posts a day"),
    ],
)
def test_a_line_says_how_busy_a_channel_is(shown: Row, entry: str) -> None:
    assert card_message(card(shown), HERE, EN).text.text == entry


def test_a_channel_in_trouble_says_so() -> None:
    text = card_message(card(row(error="there is no such channel")), HERE, EN).text.text
    assert text.endswith("\n⚠️ there is no such channel")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"follow": "all"}, "🔔 You get all its posts."),
        ({"follow": "own"}, "🔔 You get its own posts, no forwards."),
        ({"follow": "all", "is_group": True}, "🔔 All its posts come here."),
        ({"muted": 1, "alerts": 1}, "🔇 Muted in 1 of 1 alert."),
        ({"muted": 2, "alerts": 5}, "🔇 Muted in 2 of 5 alerts."),
        ({"shown": row(official=True)}, "🏛 An official channel."),
        ({"shown": row(title="Ministry")}, "🏛 An official channel, by its title."),
    ],
)
def test_a_card_says_what_comes_of_a_channel(fields: dict[str, Any], line: str) -> None:
    lines = card_message(card(**fields), HERE, EN).text.text.split("\n")
    assert lines[2:] == [line]


def test_a_card_has_bars_and_what_was_removed_can_be_put_back() -> None:
    shown = card_message(card(matches=Matches((*[0] * 29, 3), 1000), unfollowed=5), HERE, EN)
    assert shown.text.text.split("\n")[2:4] == ["7 days: 3 posts", "······█"]
    assert pressed(shown)[0] == {"↩️ Undo": "cv|7|2|5"}


FOLLOWED = {
    "✓ 🔔 All posts": "cf|7|2|all",
    "🔔 No forwards": "cf|7|2|own",
    "🔕 Nothing": "cu|7|2",
}
NONE = {
    "🔔 All posts": "cf|7|2|all",
    "🔔 No forwards": "cf|7|2|own",
    "✓ 🔕 Nothing": "cu|7|2",
}
OWN = {"🔔 All posts": "cf|7|2|all", "✓ 🔔 No forwards": "cf|7|2|own"}
LATEST, BACK = {"📖 Latest posts": "cr|7", "🔗 Share": "ch|7"}, {"‹ Channels": "cl|2"}


@pytest.mark.parametrize(
    ("fields", "between"),
    [
        ({}, [NONE]),
        (
            {"follow": "all"},
            [FOLLOWED],
        ),
        (
            {"follow": "own"},
            [{**OWN, "🔕 Nothing": "cu|7|2"}],
        ),
        (
            {"follow": "all", "alerts": 2},
            [
                {
                    "✓ 🔔 All posts": "cf|7|2|all",
                    "🔔 No forwards": "cf|7|2|own",
                    "🔕 Nothing": "cu|7|2",
                },
                {"🔇 Mute": "cm|7|2"},
            ],
        ),
        (
            {"follow": "all", "alerts": 2, "muted": 1},
            [
                {
                    "✓ 🔔 All posts": "cf|7|2|all",
                    "🔔 No forwards": "cf|7|2|own",
                    "🔕 Nothing": "cu|7|2",
                },
                {"🔇 Mute": "cm|7|2", "🔊 Unmute": "cx|7|2"},
            ],
        ),
        (
            {"follow": "all", "alerts": 1, "muted": 1},
            [
                {
                    "✓ 🔔 All posts": "cf|7|2|all",
                    "🔔 No forwards": "cf|7|2|own",
                    "🔕 Nothing": "cu|7|2",
                },
                {"🔊 Unmute": "cx|7|2"},
            ],
        ),
        (
            {"follow": "all", "may_mark": True},
            [
                {
                    "✓ 🔔 All posts": "cf|7|2|all",
                    "🔔 No forwards": "cf|7|2|own",
                    "🔕 Nothing": "cu|7|2",
                },
                {"🏛 It is official": "co|7|2|1"},
            ],
        ),
        (
            {"follow": "all", "may_mark": True, "shown": row(official=True)},
            [
                {
                    "✓ 🔔 All posts": "cf|7|2|all",
                    "🔔 No forwards": "cf|7|2|own",
                    "🔕 Nothing": "cu|7|2",
                },
                {"🏛 It is not official": "co|7|2|0"},
            ],
        ),
    ],
)
def test_the_buttons_of_a_card(fields: dict[str, Any], between: list[dict[str, str]]) -> None:
    last = {**BACK, "✕ Remove": "cd|2|7"} if fields.get("may_mark") else BACK
    assert pressed(card_message(card(**fields), HERE, EN)) == [LATEST, *between, last]


def test_a_channel_that_is_not_found_yet_only_leads_back() -> None:
    unknown = row(channel_id=None, username=None, last=None)
    assert pressed(card_message(card(unknown), HERE, EN)) == [BACK]
    operators = card_message(card(unknown, may_mark=True), HERE, EN)
    assert pressed(operators) == [{**BACK, "✕ Remove": "cd|2|7"}]


@pytest.mark.parametrize(
    ("number", "total", "turning"),
    [
        (0, 2, []),
        (0, 9, [{"1 / 2": "-", "Next ›": "cl|1"}]),
        (1, 9, [{"‹ Prev": "cl|0", "2 / 2": "-"}]),
    ],
)
def test_a_page_of_the_list(number: int, total: int, turning: list[dict[str, str | None]]) -> None:
    page = Page(rows=[row(), row(id=8, title="x" * 60)], number=number, total=total)
    message = list_message(page, RichText("Reading."), HERE, EN)
    head, first, _ = message.text.text.split("\n\n")
    assert head.endswith(f"{total} channels\nReading.\nPress one to read it, or to get its posts.")
    assert first.startswith("Harbour News @harbour\n")
    assert pressed(message) == [
        {"Harbour News": f"cc|7|{number}"},
        {"x" * 39 + "…": f"cc|8|{number}"},
        *turning,
    ]
    assert "Reading" not in list_message(page, None, HERE, EN).text.text
