"""What a newcomer is told of the channels that are watched."""

import pytest

from handlers.render.answers import welcome
from handlers.render.answers.welcome import Offer
from handlers.render.text.rich import RichText
from handlers.texts.languages import words_of

EN = words_of("en")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("", "📡 No channel is watched yet."),
        ("A", "📡 1 channel: A"),
        ("ABC", "📡 3 channels: A, B, C"),
        ("ABCD", "📡 4 channels: A, B, C and 1 more"),
        ("ABCDEFGHI", "📡 9 channels: A, B, C and 6 more"),
    ],
)
def test_three_channels_are_named_and_the_rest_is_a_number(names: str, told: str) -> None:
    assert welcome._watched(Offer(names=tuple(names)), EN).text == told


def test_how_far_they_are_read_stands_below() -> None:
    line = welcome._watched(Offer(names=("A",), progress=RichText("half of it")), EN).text
    assert line == "📡 1 channel: A\n⏳ half of it"


@pytest.mark.parametrize(
    ("alerts", "digests", "what"),
    [
        (0, 0, None),
        (1, 0, "1 alert"),
        (0, 2, "2 digests"),
        (3, 1, "3 alerts and 1 digest"),
    ],
)
def test_what_goes_on_after_a_stop_is_counted(alerts: int, digests: int, what: str | None) -> None:
    line = welcome.woken_line(alerts, digests, EN).text
    if what is None:
        assert not any(sign.isdigit() for sign in line)
    else:
        assert what in line
