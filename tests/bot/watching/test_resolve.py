"""What a person may write for a channel."""

from typing import Any

import pytest
from telethon.tl import types

from bot.watching.resolve import (
    FoundChannel,
    Reference,
    UnresolvedError,
    _found,
    find_joined,
    parse_reference,
)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("@harbour_news", Reference("name", "harbour_news")),
        ("harbour_news", Reference("name", "harbour_news")),
        ("https://t.me/harbour_news", Reference("name", "harbour_news")),
        ("t.me/harbour_news/1042", Reference("name", "harbour_news")),
        ("https://t.me/s/harbour_news?before=40", Reference("name", "harbour_news")),
        ("https://telegram.me/harbour_news/", Reference("name", "harbour_news")),
        ("-1001234567890", Reference("id", "1234567890")),
        ("1234567890", Reference("id", "1234567890")),
        ("https://t.me/c/1234567890/77", Reference("id", "1234567890")),
        ("1001234567890", Reference("id", "1234567890")),
        ("tg://resolve?domain=harbour_news&post=7", Reference("name", "harbour_news")),
        ("tg:resolve?domain=harbour_news", Reference("name", "harbour_news")),
        ("tg://join?invite=AbC_def-1", Reference("invite", "AbC_def-1")),
        ("tg://privatepost?channel=1234567890&post=7", Reference("id", "1234567890")),
        ("https://harbour-news.t.me/42", Reference("name", "harbour_news")),
        ("https://t.me/+AbC_def-1", Reference("invite", "AbC_def-1")),
        ("t.me/joinchat/AbCdef1", Reference("invite", "AbCdef1")),
    ],
)
def test_reference_is_understood(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a b",
        "0",
        "9" * 19,
        "tg://resolve?phone=1",
        "tg://join",
        "www.t.me",
        "@имя",
        "https://example.org/x",
        "@1abc",
        "'; --",
    ],
)
def test_what_names_no_channel_is_said_to(text: str) -> None:
    with pytest.raises(UnresolvedError, match="is no channel's name"):
        parse_reference(text)


def channel(**fields: Any) -> types.Channel:
    given: dict[str, Any] = {
        "id": 7,
        "title": "Harbour",
        "photo": types.ChatPhotoEmpty(),
        "date": None,
        "access_hash": 9,
        "username": "Harbour_News",
        **fields,
    }
    return types.Channel(**given)


@pytest.mark.parametrize(
    ("entity", "joined", "expected"),
    [
        (channel(), True, True),
        (channel(), False, False),
        (channel(left=True), True, False),
        (channel(min=True), True, None),
        (channel(access_hash=None), True, None),
        (types.ChannelForbidden(id=7, access_hash=9, title="Harbour"), True, None),
        (None, True, None),
    ],
)
def test_what_is_seen_of_a_channel_and_whether_its_posts_come(
    entity: object, joined: bool, expected: bool | None
) -> None:
    found = _found(entity, joined=joined)
    if expected is None:
        assert found is None
    else:
        assert found == FoundChannel(
            channel_id=7, access_hash=9, username="Harbour_News", title="Harbour", joined=expected
        )


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        (Reference("name", "harbour_news"), 7),
        (Reference("name", "HARBOUR_NEWS"), 7),
        (Reference("name", "harbour"), None),
        (Reference("id", "8"), 8),
        (Reference("id", "9"), None),
    ],
)
def test_a_joined_channel_is_found_by_its_name_in_any_case_or_its_id(
    reference: Reference, number: int | None
) -> None:
    joined = {
        8: FoundChannel(channel_id=8, access_hash=1, username=None, title="Nameless", joined=True),
        7: FoundChannel(
            channel_id=7, access_hash=1, username="Harbour_News", title="H", joined=True
        ),
    }
    found = find_joined(reference, joined)
    assert (found and found.channel_id) == number
