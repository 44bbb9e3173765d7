"""What is known of a channel's pause is read once a post, and again after a while."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.signals.known_pauses import _KEPT, LATE, KnownPauses, find_state
from storage.channels import channels
from storage.document import Channel
from storage.structs import replace

HARBOUR = Channel(id=100, username="harbour", title="Harbour News")
LAST = datetime(2026, 11, 20, 8, 20, tzinfo=UTC)  # a Friday
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def watched(database, post_weeks):
    """A channel that posts by day, and is read at ``LAST``."""
    row = await post_weeks(HARBOUR, until=LAST, read_at=LAST)
    async with database.reader() as conn:
        return await channels.find_watched(conn, row)


@pytest.fixture
def forget(database):
    """Has the archive lose all but the last of a channel's posts, as retention may."""

    async def forgotten() -> None:
        async with database.transaction() as tx:
            await tx.execute(
                "DELETE FROM document WHERE message_id < (SELECT max(message_id) FROM document)"
            )

    return forgotten


async def test_a_pause_is_read_anew_after_six_hours_or_with_another_post(
    database, watched, forget, store, make_post
) -> None:
    known = KnownPauses()

    async def find(now: datetime):
        async with database.reader() as conn:
            return await known.find(conn, watched, now=now)

    first = await find(LAST)
    assert first.at is not None and first.at > LAST + timedelta(hours=6)
    assert first.usual == 3600
    await forget()
    assert await find(LAST + _KEPT - MOMENT) == first
    assert (await find(LAST + _KEPT)).at is None  # too little is left to know it
    await store(make_post(9000, "It goes on", published_at=f"{LAST + timedelta(hours=1):%FT%TZ}"))
    assert (await find(LAST + _KEPT)).last.message_id == 9000


@pytest.mark.parametrize(
    ("ago", "is_read"),
    [(timedelta(0), True), (LATE - MOMENT, True), (LATE, False), (None, False)],
)
async def test_of_a_channel_that_was_not_read_lately_nothing_is_expected(
    database, watched, ago, is_read
) -> None:
    channel = replace(watched, last_scan_at=None if ago is None else LAST - ago)
    async with database.reader() as conn:
        state = await find_state(conn, channel, now=LAST)
    assert (state.is_read, state.at is not None) == (is_read, is_read)
    assert state.usual == (3600 if is_read else 0)
