"""Cards: what is said of one entry of a list, its buttons, and the way back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.render.text import cards
from handlers.render.text.cards import Card
from handlers.render.text.messages import Button, Message
from handlers.texts.languages import words_of
from storage.records import Subscriber

EN = words_of("en")
BACK = Button(text="‹ Back", data="back")
GROUP = -1_000_000_000_050


def labels(message: Message) -> list[list[tuple[str, str | None]]]:
    return [[(button.text, button.data) for button in row] for row in message.keyboard]


def test_empty_lines_and_rows_are_left_out() -> None:
    row = (Button(text="One", data="1"),)
    card = Card(title="Ferry", lines=("", "a line", ""), rows=((), row, ()), back=BACK)
    shown = card.message(EN)
    assert shown.text.text == "Ferry\na line"
    assert labels(shown) == [[("One", "1")], [("‹ Back", "back")]]
    whole = Card(title="Ferry", lines=(), rows=(), back=BACK, remove="rm", head="Done.")
    shown = whole.message(EN)
    assert shown.text.text == "Done.\nFerry"
    assert labels(shown) == [[("‹ Back", "back"), (cards.remove_button("rm", EN).text, "rm")]]


def test_what_is_removed_is_named_and_put_back() -> None:
    assert cards.remove_button("rm", EN).data == "rm"
    assert "Ferry" in cards.remove_button("rm", EN, "Ferry").text
    assert "Ferry" not in cards.remove_button("rm", EN).text
    long = cards.remove_button("rm", EN, "Ferry" * 30).text
    assert len(long) == cards.LABEL_UNITS and long.endswith("…")
    ((undo,),) = cards.undo_row("back|1", EN)
    assert undo.data == "back|1"
    assert "Ferry" in cards.removed_line("Ferry", EN).text


@pytest.mark.parametrize(
    ("held", "others", "told"),
    [
        ((), (), "all"),
        ((1,), (), "A"),
        ((1, 2, 3), (), "A, B, C"),
        ((1, 2, 3), ("D",), "A, B, C and 1 more"),
        ((1, 2, 3), ("D", "E"), "A, B, C and 2 more"),
        ((1, 9), (), "A"),  # one that is not known
        ((), ("D",), "D"),
        ((9,), (), "none"),
    ],
)
def test_channels_are_named_as_far_as_they_are_known(
    held: tuple[int, ...], others: tuple[str, ...], told: str
) -> None:
    line = cards.channels_line(held, {1: "A", 2: "B", 3: "C"}, EN, others).text
    said = cards.card_words("en")
    expected = {"all": said.all_channels, "none": said.no_channels}.get(told, told)
    assert line == said.held_to.format(channels=expected)


def chat(**fields: Any) -> Subscriber:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Subscriber(**{"chat_id": GROUP, "active": True, "created_at": now, **fields})


@pytest.mark.parametrize(
    ("given", "told", "name"),
    [
        ({"chat_id": 1, "name": "Ann"}, "goes_private", ""),
        ({"name": "Desk"}, "goes_group", "Desk"),
        ({"name": " ", "username": "desk"}, "goes_group", "@desk"),
        ({"name": None}, "goes_group", str(GROUP)),
        ({"name": "Desk", "is_channel": True}, "goes_channel", "Desk"),
        ({"name": "Desk", "in": 7}, "goes_topic", "Desk"),
        ({"name": "Desk", "in": 7, "is_channel": True}, "goes_channel", "Desk"),
        ({"name": "Desk", "in": 7, "chat_id": -50}, "goes_group", "Desk"),
    ],
)
def test_it_is_said_where_something_goes(given: dict[str, Any], told: str, name: str) -> None:
    fields = dict(given)
    topic = fields.pop("in", None)
    line = cards.goes_line(chat(**fields), topic, EN)
    assert line.text == getattr(cards.card_words("en"), told).format(name=name)
    if told == "goes_topic":
        assert "https://t.me/c/50/7" in repr(line)
    assert cards.goes_line(None, topic, EN).text == cards.card_words("en").goes_private


def test_a_row_marks_what_is_set() -> None:
    row = cards.setting_row([("On", "a|1", True), ("Off", "a|0", False)])
    assert [(one.text, one.data) for one in row] == [("✓ On", "a|1"), ("Off", "a|0")]


def picker(known: list[tuple[int, str]], held: set[int], page: int = 0) -> Message:
    return cards.channel_picker(
        ["Head"],
        known,
        held,
        page,
        pressed=lambda row, is_in, page: f"p|{row}|{is_in}|{page}",
        turning=("t", (5,)),
        back=BACK,
        words=EN,
    )


def test_channels_are_chosen_by_name_and_those_chosen_are_marked() -> None:
    shown = picker([(1, "quay"), (2, "Harbour"), (4, "pier"), (3, "Pier")], {2})
    first, *rows, last = labels(shown)
    assert first == [(cards.card_words("en").choose_all, "p|0|0|0")]
    assert rows == [
        [("✓ Harbour", "p|2|0|0")],
        [("Pier", "p|3|1|0")],
        [("pier", "p|4|1|0")],
        [("quay", "p|1|1|0")],
    ]
    assert last == [("‹ Back", "back")]
    assert shown.text.text == f"Head\n{cards.card_words('en').choose_channels}"
    assert labels(picker([(1, "quay")], set()))[0][0][0].startswith("✓ ")


def test_channels_stand_on_pages_and_none_is_said() -> None:
    many = [(n, f"c{n:02}") for n in range(10)]
    rows = labels(picker(many, set(), 1))
    assert rows[0][0][1] == "p|0|0|1"
    assert [row[0][1] for row in rows[1:3]] == ["p|8|1|1", "p|9|1|1"]
    assert rows[3][0][1] == "t|5|0"
    none = picker([], set())
    assert none.text.text == f"Head\n{cards.card_words('en').none_watched}"
    assert len(none.keyboard) == 2
