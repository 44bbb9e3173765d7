"""Emoji in lines of flattened pages: where a custom one may stand."""

import pytest

from handlers.normalize.post import emoji


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("🔹 One walks.", "🔹"),
        ("❗️Nobody was hurt", "❗️"),
        ("🧑‍🚀 In space", "🧑‍🚀"),
        ("🇷🇺 A flag opens a plain paragraph", None),
        ("1️⃣ First", "1️⃣"),
        ("© 2024", None),
        ("Words", None),
    ],
)
def test_the_whole_cluster_that_opens_a_line_is_its_marker(line: str, found: str | None) -> None:
    assert emoji.leading_cluster(line) == found


@pytest.mark.parametrize(
    ("line", "body", "head"),
    [
        ("🔹 One walks.", True, False),
        ("🔹One walks.", False, False),
        ("🔹", True, False),
        ("🇷🇺 One walks.", True, True),
        ("It burns🔦 still.", True, True),
        ("It burns 🔦 still.", False, True),
        ("It burns. 🔦", False, True),
        ("Two ⚡️⚡️walk.", False, False),
        ("Words alone", False, False),
    ],
)
def test_a_custom_emoji_has_a_space_after_it_and_in_bodies_none_before(
    line: str, body: bool, head: bool
) -> None:
    assert emoji.may_hold_custom(line, head=False) is body
    assert emoji.may_hold_custom(line, head=True) is head
