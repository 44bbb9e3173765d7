"""What a person may write for a channel."""

import pytest

from bot.watching.resolve import Reference, UnresolvedError, parse_reference


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
