"""Whether what was changed in a post is news."""

import pytest

from handlers.alerts.changes import is_news
from storage.document import Document, Link, Source

PAGE = "https://example.org/a"


def post(text: str, url: str | None = None) -> Document:
    return Document(
        kind="post",
        doc_id="tg:1/1",
        source=Source(type="telethon"),
        title=text,
        links=(Link(text="here", url=url),) if url else (),
        content_hash="0" * 16,
    )


@pytest.mark.parametrize(
    ("old", "new", "news"),
    [
        (post("We agree"), post("We do not agree"), True),
        (post("up 4.5"), post("up 45"), True),
        (post("-7 degrees"), post("7 degrees"), True),
        (post("🔴 Alert"), post("🟢 Alert"), True),
        (post("“We  agree” – now"), post('"We agree" - now'), False),
        (post("Sailing 🚢"), post("Sailing ⛵"), False),
        (post("see", PAGE), post("see", f"{PAGE}/?utm_source=tg"), False),
        (post("see", PAGE), post("see", f"{PAGE}?id=2"), True),
        (post("see", PAGE), post("see", "https://example.org/b"), True),
        (post("see", "http://[bad"), post("see", "http://[worse"), True),
    ],
)
def test_typography_ornament_and_tracking_are_no_news(
    old: Document, new: Document, news: bool
) -> None:
    assert is_news(old, new) is news
