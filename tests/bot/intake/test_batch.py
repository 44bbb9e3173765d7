"""What of the jobs goes into a commit, and what came of each."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.intake import batch
from bot.intake.batch import Job, Part, cut, part_of
from bot.intake.posts import Advance, Deletion, Post, Refused, Unread
from storage.document import Document, Source
from storage.records import Channel, Stored

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HARBOUR = Channel(id=1, channel_id=7, username="harbour", title="Harbour", added_at=NOW)
DOCUMENT = Document(
    kind="post", doc_id="tg:7/5", source=Source(type="tme"), content_hash="0" * 16, title="Fog"
)


def post(text: str = "Ice", **fields: Any) -> Post:
    message = types.Message(id=5, peer_id=types.PeerChannel(7), date=NOW, message=text)
    return Post(channel=HARBOUR, **{"messages": (message,), **fields})


async def job(*posts: Post, **fields: Any) -> Job:
    done: asyncio.Future[list[Stored]] = asyncio.get_running_loop().create_future()
    return Job(posts=posts, done=done, **{"deletion": None, "advance": None, **fields})


async def test_each_post_is_read_by_itself_and_what_cannot_be_is_refused() -> None:
    error = ValueError("cut off")
    unread = Unread(ids=(6,), error=error, form="tl", raw=b"")
    broken = post(messages=(), unread=unread, problem=31)
    given = post(messages=(), document=DOCUMENT, history=True, problem=32)
    deletion, advance = (
        Deletion(id=1, channel_id=7, message_ids=(1,)),
        Advance(id=1, message_id=5, scanned_at=NOW),
    )
    part = part_of(await job(post(), broken, given, deletion=deletion, advance=advance))
    assert [(one.post, one.document.title, one.history) for one in part.read] == [
        (post(), "Ice", False),
        (given, "Fog", True),
    ]
    read = part.read[0].document.channel
    assert read is not None
    assert (read.id, read.username, read.title) == (7, "harbour", "Harbour")
    assert part.refused == [Refused(post=broken, error=error)]
    assert (part.deletion, part.advance, part.problems) == (deletion, advance, {31, 32})


@pytest.mark.parametrize(("row", "rows"), [(2, {1, 2}), (None, {1})])
async def test_of_whose_channels_a_job_is(row: int | None, rows: set[int]) -> None:
    deletion = Deletion(id=row, channel_id=7, message_ids=(1,))
    advance = Advance(id=1, message_id=5, scanned_at=NOW)
    made = await job(post(problem=31), deletion=deletion, advance=advance)
    assert made.rows() == part_of(made).rows() == rows


async def test_no_memory_says_nothing_against_a_post(monkeypatch: pytest.MonkeyPatch) -> None:
    unread = Unread(ids=(6,), error=MemoryError(), form="tl", raw=b"")
    with pytest.raises(MemoryError):
        part_of(await job(post(messages=(), unread=unread)))


@pytest.mark.parametrize(
    ("fields", "is_wanting"),
    [
        ({}, False),
        ({"refused": [Refused(post=post(), error=ValueError())]}, True),
        ({"deletion": Deletion(id=1, channel_id=7, message_ids=(1,))}, True),
        ({"advance": Advance(id=1, message_id=5, scanned_at=NOW)}, True),
        ({"problems": frozenset({3})}, True),
    ],
)
def test_there_may_be_something_to_write_beside_the_posts(
    fields: dict[str, Any], is_wanting: bool
) -> None:
    assert Part(**fields).is_wanting is is_wanting


def test_the_outcomes_are_shared_out_in_their_order() -> None:
    read = batch.Read(post(), DOCUMENT)
    parts = [Part(read=[read] * count) for count in (2, 0, 1)]
    outcomes: list[Any] = ["a", "b", "c"]
    assert cut(outcomes, parts) == [["a", "b"], [], ["c"]]
