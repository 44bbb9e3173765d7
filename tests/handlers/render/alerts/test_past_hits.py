"""What an alert would have told of, and what it can be narrowed to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.render.alerts.past_hits import CHANNELS, Sample, narrowing_message
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.records import Alert

EN = words_of("en")
ALERT = Alert(id=7, chat_id=1, query="ferry", created_at=datetime(2026, 11, 22, tzinfo=UTC))


def shown(channels: tuple[tuple[str, str], ...] = (), **fields: Any) -> Message:
    given_: dict[str, Any] = {"languages": (), "forwards": False, **fields}
    return narrowing_message(ALERT, Sample(channels=channels, **given_), EN)


def labels(message: Message) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


NONE = labels(shown())


def offered(message: Message) -> list[str]:
    """What is offered beside the buttons that always stand there."""
    return [label for label in labels(message) if label not in NONE]


def piers(count: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"pier{n}", f"Pier {n}") for n in range(count))


@pytest.mark.parametrize("count", [0, 1, 2, CHANNELS, CHANNELS + 2])
def test_channels_are_offered_where_there_are_several(count: int) -> None:
    titles = [title for _, title in piers(min(count, CHANNELS))]
    assert offered(shown(piers(count))) == (titles if count > 1 else [])


@pytest.mark.parametrize(
    ("languages", "names"),
    [
        (("en",), []),
        (("en", "ru"), ["English", "Russian"]),
        (("en", "xx"), ["English"]),
        ((), []),
    ],
)
def test_languages_are_offered_where_there_are_several(
    languages: tuple[str, ...], names: list[str]
) -> None:
    assert offered(shown(languages=languages)) == names


def test_forwards_can_be_left_out_where_there_are_some() -> None:
    assert len(offered(shown(forwards=True))) == 1
    assert all(len(row) <= 2 for row in shown(piers(3), forwards=True).keyboard)


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_name_that_no_button_holds_is_not_offered(extra: int) -> None:
    (known,) = [
        button.data
        for row in shown((("a", "Pier A"), ("b", "Pier B"))).keyboard
        for button in row
        if button.text == "Pier A"
    ]
    assert known is not None
    name = "x" * (64 - len(known) + 1 + extra)
    assert offered(shown(((name, "Long"), ("b", "Pier B")))) == [
        *(["Long"] if extra <= 0 else []),
        "Pier B",
    ]


def test_where_nothing_is_offered_that_is_said() -> None:
    assert "no suggestion yet how to narrow ferry.\nSend /alert" in shown().text.text
    assert "Narrow ferry to:\nOr send /alert" in shown(forwards=True).text.text
