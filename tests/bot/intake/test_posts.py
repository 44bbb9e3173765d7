"""Posts on their way in: what each is called, and what is said of those that wait."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.intake.posts import Post, Refused, StoppedError, Unread, text_of
from storage.document import Document, Source
from storage.errors import StorageError
from storage.records import Channel

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
CHANNEL = Channel(id=1, channel_id=7, username="harbour", added_at=NOW)
UNKNOWN = Channel(id=2, username="harbour", added_at=NOW)


def message(number: int) -> Any:
    return types.Message(id=number, peer_id=types.PeerChannel(7), date=NOW, message="Hello")


def document(message_id: int | None, *album: int) -> Document:
    return Document(
        kind="post",
        doc_id="tg:7/9",
        source=Source(type="tme"),
        message_id=message_id,
        album_ids=album,
        content_hash="0" * 16,
    )


@pytest.mark.parametrize(
    ("post", "ids", "place"),
    [
        (Post(channel=CHANNEL, messages=(message(5), message(4))), (4, 5), "tg:7/4"),
        (Post(channel=UNKNOWN, messages=(message(5),)), (5,), "tg:@harbour/5"),
        (Post(channel=CHANNEL, messages=(object(),)), (), "tg:7/?"),  # type: ignore[arg-type]
        (Post(channel=CHANNEL, document=document(9)), (9,), "tg:7/9"),
        (Post(channel=CHANNEL, document=document(9, 9, 10)), (9, 10), "tg:7/9"),
        (Post(channel=CHANNEL, document=document(None)), (), "tg:7/9"),
        (
            Post(channel=CHANNEL, unread=Unread(ids=(3, 4), error=KeyError(), form="x", raw=b"")),
            (3, 4),
            "tg:7/3",
        ),
    ],
)
def test_each_post_has_its_numbers_and_its_place(
    post: Post, ids: tuple[int, ...], place: str
) -> None:
    assert (post.ids, post.place) == (ids, place)
    assert not (post.history or post.asked)
    assert (post.seen_at, post.problem) == (None, None)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (StorageError("the disk\nis full", where="x", hint="make room"), "the disk is full"),
        (ValueError("no\nsuch"), "ValueError: no such"),
        (StorageError("x" * 301), "x" * 300),
        (ValueError("x" * 400), f"ValueError: {'x' * 288}"),
    ],
)
def test_what_an_error_says_stands_in_one_line(error: Exception, text: str) -> None:
    assert text_of(error) == text


def test_what_waits_is_named_by_its_first_post() -> None:
    held = [
        Refused(
            post=Post(channel=CHANNEL, messages=(message(n), message(n + 1))), error=KeyError(n)
        )
        for n in (5, 8)
    ]
    error = StoppedError(held, stored=(), reached=4)
    assert str(error) == "tg:7/5: posts cannot be taken in: KeyError: 5; see `dateline problems`"
    assert (error.row, error.held, error.reached) == (1, frozenset({5, 6, 8, 9}), 4)
