"""Who is quoted in the latest posts, to be chosen, and to be found by a name that is misspelled."""

from typing import Any

import pytest

SAID = [
    "«Порт закрыт до утра», — сказала Ольга Марлина.",
    "“The port is closed until the morning”, said Olga Marlin.",
    "Суда выйдут в море утром, заявил Олег Зорин.",
    "Nobody says anything here.",
]


@pytest.fixture
async def quoted(store: Any, make_post: Any) -> None:
    """Two who are quoted, one of them twice, in two alphabets."""
    await store(*(make_post(n, text) for n, text in enumerate(SAID, 1)))


def labels(message: Any) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def test_a_bare_quotes_offers_who_is_quoted(ann: Any, quoted: None) -> None:
    (question,) = await ann.say("/quotes")
    assert labels(question) == ["Olga Marlin", "Олег Зорин", "✕ Cancel"]
    (found,) = (await ann.press(question.keyboard, "Olga")).reply
    assert "2 results" in found.text.text


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("Marlni", ["💬 Olga Marlin"]),
        ("Марлныа", ["💬 Olga Marlin"]),
        ("Зорен", ["💬 Олег Зорин"]),
        ("Zeppelin", ["💬 Olga Marlin", "💬 Олег Зорин"]),
    ],
)
async def test_a_name_of_nobody_offers_those_like_it(
    ann: Any, quoted: None, asked: str, offered: list[str]
) -> None:
    (message,) = await ann.say(f"/quotes {asked}")
    assert "Nothing found" in message.text.text
    assert "Who is quoted, among others:" in message.text.text
    assert [label for label in labels(message) if label.startswith("💬")] == offered


async def test_where_nobody_is_quoted_nobody_is_offered(ann: Any) -> None:
    (question,) = await ann.say("/quotes")
    assert labels(question) == ["✕ Cancel"]
    assert "among others" not in await ann.read("/quotes Marlin")
