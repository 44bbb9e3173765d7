"""Where buttons and stories lead."""

from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import links
from storage.document import Link

URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("button", "address"),
    [
        ({"url": URL}, URL),
        ({"type": {"url": URL}}, URL),
        ({"type": {"url": URL}, "url": "https://example.org/b"}, URL),
        ({"type": {"data": "x"}, "url": URL}, URL),
        ({"user_id": 42}, "tg://user?id=42"),
        ({"type": {"user_id": 42}}, "tg://user?id=42"),
        ({"text": "Press"}, None),
        ({"url": ""}, None),
    ],
)
def test_where_a_button_leads(button: dict[str, Any], address: str | None) -> None:
    assert links.target(Record(button)) == address


def test_buttons_that_open_an_address_in_reading_order() -> None:
    markup = {
        "rows": [
            {"buttons": [{"text": "One", "url": URL}, {"text": "Vote", "data": "x"}]},
            {"buttons": [{"url": f"{URL}2"}]},
            {},
        ]
    }
    assert list(links.of_buttons(Record(markup))) == [
        Link(text="One", url=URL),
        Link(text="", url=f"{URL}2"),
    ]
    assert list(links.of_buttons(None)) == []


def test_addresses_of_a_story() -> None:
    story = {
        "caption": "🚢 See here, it is bold",
        "entities": [
            {"_": "MessageEntityTextUrl", "offset": 7, "length": 4, "url": URL},
            {"_": "MessageEntityBold", "offset": 13, "length": 2},
        ],
        "media_areas": [{"url": f"{URL}2"}, {"emoji": "x"}],
    }
    assert list(links.of_story(Record(story))) == [
        Link(text="here", url=URL),
        Link(text="", url=f"{URL}2"),
    ]
    assert list(links.of_story(None)) == []
