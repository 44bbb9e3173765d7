"""Links of posts, as apps copy them and as people write them."""

import pytest

from handlers.sources.post_links import find_link


@pytest.mark.parametrize(
    ("text", "doc_id"),
    [
        ("https://t.me/harbour/12", "tg:@harbour/12"),
        ("t.me/harbour/12", "tg:@harbour/12"),
        ("http://www.t.me/Harbour/12/", "tg:@Harbour/12"),
        ("https://telegram.me/harbour/12?single", "tg:@harbour/12"),
        ("https://telegram.dog/harbour/12?comment=99", "tg:@harbour/12"),
        ("https://t.me/s/harbour/12", "tg:@harbour/12"),
        ("https://t.me/harbour/3/12?thread=3", "tg:@harbour/12"),
        ("https://t.me/c/1700000001/12", "tg:1700000001/12"),
        ("https://t.me/c/1700000001/3/12", "tg:1700000001/12"),
        ("https://harbour-news.t.me/12", "tg:@harbour_news/12"),
        ("tg://resolve?domain=harbour&post=12&single", "tg:@harbour/12"),
        ("tg:resolve?domain=harbour&post=12", "tg:@harbour/12"),
        ("tg://privatepost?channel=1700000001&post=12", "tg:1700000001/12"),
        ("look: <https://t.me/harbour/12>, and t.me/harbour/13", "tg:@harbour/12"),
        ("почему «t.me/harbour/12»?", "tg:@harbour/12"),
        ("(t.me/harbour/12).", "tg:@harbour/12"),
        ("https://t.me/harbour", None),
        ("https://t.me/+abcdef/12", None),
        ("https://t.me/c/12", None),
        ("t.me/harbour/0", None),
        ("t.me/harbour/12345678901234567890", None),
        ("t.me/harbour/x", None),
        ("tg://resolve?domain=harbour", None),
        ("tg://resolve?domain=%00&post=1", None),
        ("tg://join?invite=abc&post=1", None),
        ("https://example.org/harbour/12", None),
        ("https://t.me.example.org/harbour/12", None),
        ("", None),
        ("12", None),
    ],
)
def test_links(text: str, doc_id: str | None) -> None:
    found = find_link(text)
    assert (found.doc_id if found else None) == doc_id
