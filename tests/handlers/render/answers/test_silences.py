"""Silences as they are told, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.render.answers import silences as shown
from handlers.render.answers.silences import State
from handlers.render.text.bars import Matches
from handlers.render.text.dates import here_in
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.records import Channel, Subscriber

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EN = words_of("en")
HERE = here_in("UTC", NOON)
HOUR = timedelta(hours=1)
LIST = ("‹ All silences", "rn|silence")


def channel(**fields: Any) -> Channel:
    given = {"id": 7, "channel_id": 100, "username": "harbour", "title": "Harbour News"}
    return Channel(**{**given, "added_at": NOON, **fields})


def buttons(message: Message) -> list[list[tuple[str, str | None]]]:
    return [[(one.text, one.data or one.url) for one in row] for row in message.keyboard]


@pytest.mark.parametrize(
    ("fields", "name", "leads"),
    [
        ({}, "Harbour News", True),
        ({"title": None}, "@harbour", True),
        ({"title": "  ", "username": None}, "100", False),
        ({"title": None, "username": None, "channel_id": None, "reference": "+abc"}, "+abc", False),
        ({"title": "Harbour \n\u202eNews", "username": None}, "Harbour", False),
    ],
)
def test_a_channel_is_called_by_its_title_name_or_number(
    fields: dict[str, Any], name: str, leads: bool
) -> None:
    found = shown.name_of(channel(**fields))
    assert found.text.startswith(name)
    assert "\n" not in found.text
    assert ("https://t.me/harbour" in repr(found)) is leads


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"is_read": False, "at": NOON}, "It can't be read at present."),
        ({"at": None}, "Its pauses are not known well enough yet"),
        ({"at": NOON}, "It has been silent for unusually long."),
        ({"at": NOON - HOUR}, "It has been silent for unusually long."),
        ({"at": NOON + HOUR}, "If it posts nothing more, that is said today 13:00."),
    ],
)
def test_what_is_to_be_expected(fields: dict[str, Any], line: str) -> None:
    state = State(channel=channel(), **fields)
    assert shown.state_line(state, HERE, EN).startswith(line)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "1 hour"),
        (3599, "1 hour"),
        (2 * 3600 - 1, "1 hour"),
        (2 * 3600, "2 hours"),
        (2 * 86400 - 1, "47 hours"),
        (2 * 86400, "2 days"),
        (3 * 86400 - 1, "2 days"),
        (3 * 86400, "3 days"),
    ],
)
def test_spans_are_hours_and_from_two_days_on_days(seconds: int, told: str) -> None:
    assert shown.span(seconds, EN) == told


def test_a_page_of_the_list_has_a_line_and_a_button_for_each() -> None:
    states = [State(channel=channel(id=n, title=f"C{n}"), is_read=False) for n in range(1, 31)]
    message = shown.silence_list(page_of(states, 1), 30, HERE, EN)
    lines = message.text.text.split("\n")
    assert lines[0] == "Channels whose silence is told here: 30"
    assert lines[2:] == [f"C{n}: It can't be read at present." for n in range(9, 17)]
    assert buttons(message)[0] == [("🔇 C9", "yc|1|9")]
    turns = [("‹ Prev", "yl|0"), ("2 / 4", "-"), ("Next ›", "yl|2")]
    assert buttons(message)[8:] == [turns]
    none = shown.silence_list(page_of([], 0), 0, HERE, EN)
    assert none.text.text.endswith("in eight weeks:\n/silence @example_mfa")
    assert none.keyboard == ()


def test_what_was_asked_for_is_said_with_a_way_back() -> None:
    state = State(channel=channel(), at=NOON)
    heads = {
        True: "When Harbour News falls silent, I'll say so here.",
        False: "I already say here when Harbour News falls silent.",
    }
    for is_new, head in heads.items():
        made = shown.silence_made(state, HERE, EN, is_new=is_new)
        assert made.text.text == f"{head}\nIt has been silent for unusually long."
        assert buttons(made) == [[("✕ Remove", "rn|silence|off #7"), LIST]]
    removed = shown.silence_removed(channel(), EN, was_told=True)
    assert removed.text.text == "The silence of Harbour News is told here no more."
    assert buttons(removed) == [[("↩️ Undo", "yu|0|7"), LIST]]
    never = shown.silence_removed(channel(), EN, was_told=False)
    assert never.text.text == "The silence of Harbour News is not told here."
    assert buttons(never) == [[LIST]]


@pytest.mark.parametrize(
    ("usual", "line"),
    [
        (3599, ""),
        (3600, "\nAt this time of the week its pauses take 1 hour at most, but for the rarest."),
        (7200, "\nAt this time of the week its pauses take 2 hours at most, but for the rarest."),
    ],
)
def test_a_silence_leads_to_the_last_post(usual: int, line: str) -> None:
    told = shown.silence_told(channel(), NOON - 7 * HOUR, 55, usual, HERE, EN)
    head = "🔇 Harbour News is silent: its last post came today 5:00, 7 hours ago."
    assert told.text.text == head + line
    assert buttons(told) == [
        [("Last post", "https://t.me/harbour/55"), ("✕ Remove", "rn|silence|off #7")]
    ]
    private = channel(username=None)
    told = shown.silence_told(private, NOON - 7 * HOUR, 55, usual, HERE, EN)
    assert buttons(told)[0][0] == ("Last post", "https://t.me/c/100/55")


def test_what_could_not_be_read_is_no_silence() -> None:
    told = shown.not_read_told(channel(), NOON - 7 * HOUR, HERE, EN)
    assert told.text.text == (
        "⚠️ Harbour News could not be read since today 5:00. Whether it is silent is not known."
    )
    assert buttons(told) == [[("✕ Remove", "rn|silence|off #7")]]


def test_a_card_tells_all_and_leads_on_and_back() -> None:
    told = shown.Particulars(
        matches=Matches((1,) * 30, 1000), topic=5, chat=Subscriber(chat_id=1, created_at=NOON)
    )
    for usual, lines in ((3599, 0), (3600, 1)):
        state = State(channel=channel(), at=NOON, usual=usual)
        card = shown.silence_card(state, told, 3, HERE, EN)
        text = card.text.text.split("\n")
        assert (text[0], text[1], text[-1]) == (
            "🔇 Harbour News",
            "7 days: 7 posts",
            "➡️ To you, here",
        )
        assert sum(line.startswith("At this time of the week its pauses") for line in text) == lines
        assert "🕗 It has been silent for unusually long." in text
        assert buttons(card) == [
            [("📖 Latest posts", "cr|7"), ("📡 The channel", "cc|7|0")],
            [("‹ All silences", "yl|3"), ("✕ Remove", "yr|3|7")],
        ]
    bare = shown.silence_card(State(channel=channel()), shown.Particulars(), 0, HERE, EN)
    assert "7 days" not in bare.text.text
