"""The sides of opposites that a text is on."""

import pytest

from handlers.stories import tokens
from handlers.stories.leads import sides


def read(text: str) -> set[sides.Side]:
    return {side for side in sides.read(text, tokens.read(text)) if isinstance(side[0], str)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up by 12%", {("by or to 12", 0), ("unit of 12", "share")}),
        ("up to 12 points", {("by or to 12", 1), ("unit of 12", "points")}),
        ("с 12 до 15", {("by or to 12", 2), ("by or to 15", 1)}),
        ("12 процентов", {("unit of 12", "share")}),
        ("12 boats", set()),
        ("crown 81 ▲, mark ▼", {("sign of 81", "▲"), ("sign of mark", "▼")}),
        ("▲ 81", set()),
        ("", set()),
    ],
)
def test_what_figures_and_signs_say(text: str, expected: set[sides.Side]) -> None:
    assert read(text) == expected


def test_opposites_are_sides_too() -> None:
    opened, shut = (sides.read(text, tokens.read(text)) for text in ("порт открыт", "порт закрыт"))
    assert opened and shut and opened.isdisjoint(shut)
    assert {pair for pair, _ in opened} == {pair for pair, _ in shut}
