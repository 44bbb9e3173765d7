"""A review as messages: what Telegram takes, whatever the posts say."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.answers.review_pages import ShownReview, named_posts, review_page
from handlers.render.text.dates import Here
from handlers.render.text.messages import DATA_BYTES, MESSAGE_SPANS, MESSAGE_UNITS
from handlers.render.text.rich import utf16_length
from handlers.reviews.review import Changed, Deleted, Name, Repeated, Review, Silent, Term
from handlers.texts.languages import words_of
from storage.document import Channel, Document, Source

UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("Europe/Berlin"), UNTIL)
AT = "2026-11-21T10:00:00+00:00"


def document(number: int, title: str = "The old ferry has run aground again") -> Document:
    return Document(
        kind="post",
        doc_id=f"p{number}",
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour", title=f"Port {number}"),
        message_id=number,
        published_at=f"{UNTIL - timedelta(days=2) + timedelta(minutes=number):%FT%TZ}",
        title=title,
        content_hash=f"{number:016x}",
    )


def shown(text: str = "Lisvik", count: int = 1, title: str | None = None) -> ShownReview:
    many = range(count)
    review = Review(
        posts=100,
        channels=4,
        compared=True,
        rising=tuple(
            Term(words=(text, "ferry"), posts=9, channels=4, before=0.4, doc_id="p1") for _ in many
        ),
        falling=tuple(
            Term(words=("crane",), posts=1, channels=3, before=12.6, doc_id="p2") for _ in many
        ),
        names=tuple(Name(name=text, posts=3, channels=2, doc_id="p3") for _ in many),
        repeated=tuple(Repeated(doc_id="p4", posts=5, channels=5) for _ in many),
        changed=tuple(
            Changed(doc_id="p5", old=f"{text} 40 people", new=f"{text} 45 people", at=AT)
            for _ in many
        ),
        changes=7,
        deleted=tuple(Deleted(doc_id="p6", at=AT, others=2) for _ in many),
        deletions=1,
        silent=tuple(Silent(last="p7", before=30.2, is_read=False) for _ in many),
    )
    known = [document(n, title or "The old ferry has run aground again") for n in range(1, 8)]
    return ShownReview(
        token="a" * 18,
        since=UNTIL - timedelta(days=7),
        until=UNTIL,
        review=review,
        documents={one.doc_id: one for one in known},
        query=text,
    )


def test_every_entry_says_who_and_leads_there() -> None:
    message = review_page(shown(), 0, HERE, words_of("en"))
    head = "The old ferry has run aground again"
    assert message.text.text.split("\n\n") == [
        "🗓 15 Nov 13:00 – 22 Nov 13:00\n🔎 Lisvik\n100 posts · 4 channels",
        "📈 Rose · in brackets: in as long a time before\n"
        "• Lisvik, ferry – 9 posts, 4 channels (before <1)",
        "📉 Fell · in brackets: in as long a time before\n• crane – 1 post (before 13)",
        "🆕 New names · in no earlier post\n"
        "• Lisvik – 3 posts, 2 channels, first: Port 3 20 Nov 13:03",
        f"🔁 Repeated most · in the same words\n• {head} – 5 channels, first: Port 4 20 Nov 13:04",
        "✏️ 7 statements changed after publication\n"
        "• Port 5 20 Nov 13:05 → 21 Nov 11:00: Lisvik 40 45 people",
        "🗑 1 post deleted after publication\n"
        f"• Port 6 20 Nov 13:06: {head} · gone by 21 Nov 11:00 · 2 channels still tell it",
        "🔇 Fell silent\n• Port 7 – last post 20 Nov 13:07 (before 30) · could not be read",
    ]
    links = {span.url for span in message.text.spans if span.url}
    assert links == {f"https://t.me/harbour/{n}" for n in range(1, 8)}
    assert message.keyboard == ()


def test_what_is_long_is_cut() -> None:
    page = review_page(shown("x" * 900, title="y" * 900), 0, HERE, words_of("en")).text.text
    cut = [(found[0][0], len(found[0])) for found in re.finditer("[xy]{9,}…", page)]
    query, term, name, repeated, changed, deleted = (80, 100, 40, 160, 500, 160)
    assert cut == [
        *(("x", query), ("x", term), ("x", name)),
        *(("y", repeated), ("x", changed), ("y", deleted)),
    ]


def test_it_names_the_posts_that_it_needs() -> None:
    assert named_posts(shown().review) == {f"p{n}" for n in range(1, 8)}


@pytest.mark.slow
def test_pages_hold_every_entry_once_each_below_its_heading() -> None:
    review = shown(count=20)
    pages = [review_page(review, n, HERE, words_of("en")).text.text for n in range(9)]
    count = pages.index(pages[-1]) + 1
    assert count > 1
    for entry in ("(before <1)", "(before 13)", "3 posts, 2", "40 45", "gone by", "last post"):
        assert sum(page.count(entry) for page in pages[:count]) == 20
    for page in pages[:count]:
        assert page.split("\n\n")[1][0] in "📈📉🆕🔁✏🗑🔇"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_entry_whose_post_is_gone_is_left_out(language: str) -> None:
    empty = ShownReview(
        token="t", since=UNTIL, until=UNTIL, review=shown().review, documents={}, query=None
    )
    text = review_page(empty, 0, HERE, words_of(language)).text.text
    assert "🆕" not in text
    assert "📈" in text


HOSTILE = st.text(st.sampled_from("aб \n\u202e\u2066<>&[](){}*_`|/🗞🇺🇳\u0301"), max_size=900)


@given(text=HOSTILE, title=HOSTILE, count=st.integers(1, 12), page=st.integers(0, 9))
def test_whatever_posts_say_telegram_takes_the_page(
    text: str, title: str, count: int, page: int
) -> None:
    message = review_page(shown(text, count, title), page, HERE, words_of("en"))
    assert utf16_length(message.text.text) <= MESSAGE_UNITS
    assert len(message.text.spans) <= MESSAGE_SPANS
    for row in message.keyboard:
        assert all(len((button.data or "").encode()) <= DATA_BYTES for button in row)
