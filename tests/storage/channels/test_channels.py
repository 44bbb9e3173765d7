"""The list of channels: names and numbers, what is watched, and how far it is read."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.channels import backfills, channels, references
from storage.connection import Connection
from storage.errors import NotFoundError
from storage.records import Backfill, Channel
from storage.structs import replace

HOUR = timedelta(hours=1)


async def test_a_channel_is_found_by_its_number_and_its_name(tx: Connection, now: datetime) -> None:
    added = await channels.add_channel(
        tx, channel_id=77, username="Harbour", title="Harbour News", access_hash=9, now=now
    )
    other = await channels.add_channel(tx, channel_id=78, username="mill", now=now)
    assert (added.channel_id, added.username, added.title) == (77, "Harbour", "Harbour News")
    assert (added.watched, added.added_at, added.cursor) == (True, now, 0)
    assert await channels.find_channel(tx, channel_id=77) == added
    assert await channels.find_channel(tx, username="@hARBOUR") == added
    assert await channels.get_channel(tx, added.id) == added
    assert await channels.find_channel(tx, channel_id=79) is None
    with pytest.raises(NotFoundError) as caught:
        await channels.get_channel(tx, 99)
    assert str(caught.value) == "channel 99: there is no such channel"
    with pytest.raises(NotFoundError) as caught:
        await channels.add_channel(tx, title="Nameless", now=now)
    assert str(caught.value) == "channel: a channel needs a number or a user name"
    assert await channels.list_channels(tx) == [added, other]


async def test_what_is_new_about_a_channel_is_taken_and_the_rest_stays(
    tx: Connection, now: datetime
) -> None:
    first = await channels.add_channel(tx, username="harbour", title="Harbour", now=now)
    named = await channels.add_channel(tx, channel_id=77, username="harbour", now=now + HOUR)
    assert (named.id, named.channel_id, named.title) == (first.id, 77, "Harbour")
    assert named.added_at == now
    renamed = await channels.add_channel(tx, channel_id=77, username="port", now=now)
    assert (renamed.id, renamed.username) == (first.id, "port")
    assert await channels.find_channel(tx, username="harbour") is None


async def test_a_name_that_another_number_has_taken_is_its_own(
    tx: Connection, now: datetime
) -> None:
    former = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    taken = await channels.add_channel(tx, channel_id=78, username="Harbour", now=now)
    assert taken.id != former.id
    assert (await channels.get_channel(tx, former.id)).username is None
    back = await channels.update_channel(tx, former.id, username="harbour")
    assert back.username == "harbour"
    assert (await channels.get_channel(tx, taken.id)).username is None
    # What is said of a channel by both takes the name from the other and leaves that one there.
    for _ in range(2):
        said = await channels.add_channel(tx, channel_id=78, username="harbour", now=now)
        assert (said.id, said.username) == (taken.id, "harbour")
    assert [one.id for one in await channels.list_channels(tx)] == [former.id, taken.id]
    with pytest.raises(TypeError, match="cursor"):
        await channels.update_channel(tx, former.id, cursor=5)


async def test_two_rows_of_one_channel_become_one_that_keeps_what_was_read(
    tx: Connection, now: datetime
) -> None:
    numbered = await channels.add_channel(
        tx, channel_id=77, title="Harbour", watched=False, now=now
    )
    named = await channels.add_channel(tx, username="harbour", now=now + HOUR)
    await references.bind(tx, "@harbour", named.id)
    await backfills.ask_for(tx, named.id, now=now)
    await channels.begin_watching(tx, named.id, 40, now)
    await channels.advance_cursor(tx, named.id, 50, now)
    left = await channels.number_channel(tx, named.id, 77)
    assert (left.id, left.channel_id, left.username) == (numbered.id, 77, "harbour")
    assert (left.title, left.watched, left.added_at) == ("Harbour", True, now + HOUR)
    assert (left.cursor, left.floor, left.last_scan_at) == (50, 40, now)
    assert [one.channel for one in await backfills.list_backfills(tx)] == [left.id]
    bound = await references.find_bound(tx, "harbour")
    assert bound == left
    assert await channels.list_channels(tx, watched=None) == [left]


async def test_what_both_rows_have_read_is_not_set_back(tx: Connection, now: datetime) -> None:
    numbered = await channels.add_channel(tx, channel_id=77, now=now)
    await channels.begin_watching(tx, numbered.id, 60, now)
    named = await channels.add_channel(tx, username="harbour", now=now)
    await channels.begin_watching(tx, named.id, 40, now + HOUR)
    left = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    assert (left.id, left.cursor, left.floor, left.last_scan_at) == (numbered.id, 60, 60, now)
    assert await channels.list_channels(tx, watched=None) == [left]
    alone = await channels.add_channel(tx, username="mill", now=now)
    assert (await channels.number_channel(tx, alone.id, 78)).id == alone.id
    assert (await channels.number_channel(tx, alone.id, 78)).channel_id == 78


async def test_a_cursor_never_goes_back_and_only_a_watched_channel_is_read(
    tx: Connection, now: datetime
) -> None:
    row = (await channels.add_channel(tx, channel_id=77, now=now)).id
    other = (await channels.add_channel(tx, channel_id=78, now=now)).id
    await channels.update_channel(tx, row, error="it was private")
    await channels.begin_watching(tx, row, 40, now)
    begun = await channels.get_channel(tx, row)
    assert (begun.cursor, begun.floor, begun.last_scan_at, begun.error) == (40, 40, now, None)
    await channels.begin_watching(tx, row, 90, now + HOUR)
    assert await channels.get_channel(tx, row) == begun
    await channels.update_channel(tx, row, error="it was private again")
    await channels.advance_cursor(tx, row, 50, now + HOUR, gaps=1, posts=3)
    assert (await channels.get_channel(tx, row)).error is None
    await channels.advance_cursor(tx, row, 45, now + 2 * HOUR, gaps=2, posts=4)
    read = await channels.get_channel(tx, row)
    assert (read.cursor, read.floor, read.last_scan_at) == (50, 40, now + 2 * HOUR)
    assert (read.gaps_filled, read.posts_filled) == (3, 7)
    assert (await channels.get_channel(tx, other)).last_scan_at is None
    await channels.remove_channel(tx, row)
    await channels.advance_cursor(tx, row, 99, now)
    await channels.begin_watching(tx, row, 99, now)
    assert (await channels.get_channel(tx, row)).cursor == 50


async def test_a_channel_that_was_removed_begins_anew_when_it_is_watched_again(
    tx: Connection, now: datetime
) -> None:
    added = await channels.add_channel(tx, channel_id=77, username="Harbour", now=now)
    kept = await channels.add_channel(tx, channel_id=78, now=now)
    await channels.begin_watching(tx, added.id, 40, now)
    await channels.update_channel(tx, added.id, error="it is private")
    assert await channels.remove_channel(tx, added.id)
    assert not await channels.remove_channel(tx, added.id)
    assert (await channels.get_channel(tx, added.id)).error is None
    for known in ({"id": added.id}, {"username": "@harbour"}, {"channel_id": 77}):
        assert await channels.was_removed(tx, **known)  # type: ignore[arg-type]
    assert not await channels.was_removed(tx, id=kept.id, channel_id=78, username="mill")
    assert await channels.list_channels(tx) == [kept]
    assert [one.id for one in await channels.list_channels(tx, watched=False)] == [added.id]
    assert len(await channels.list_channels(tx, watched=None)) == 2
    assert await channels.find_watched(tx, added.id) is None
    assert await channels.find_watched(tx, kept.id) == kept
    seen = await channels.add_channel(tx, channel_id=77, watched=False, now=now + HOUR)
    assert not seen.watched
    again = await channels.watch_channel(tx, added.id, now=now + HOUR)
    assert (again.watched, again.added_at, again.last_scan_at) == (True, now + HOUR, None)
    assert not await channels.was_removed(tx, id=added.id)
    assert (await channels.watch_channel(tx, kept.id, now=now + HOUR)).added_at == now
    assert await channels.remove_channel(tx, added.id)
    assert await channels.restore_channel(tx, added.id, last_scan_at=now)
    assert not await channels.was_removed(tx, id=added.id)


async def test_a_link_waits_until_it_is_known_where_it_leads(tx: Connection, now: datetime) -> None:
    waiting = await channels.add_reference(tx, "https://t.me/+abc", now=now)
    assert await channels.add_reference(tx, "https://t.me/+abc", now=now + HOUR) == waiting
    other = await channels.add_reference(tx, "https://t.me/+def", now=now)
    await channels.remove_channel(tx, other.id)
    assert await channels.was_removed(tx, reference="https://t.me/+def")
    assert (await channels.add_reference(tx, "https://t.me/+def", now=now)).watched
    known = await channels.update_channel(tx, other.id, channel_id=78)
    for row in (waiting, known):
        await channels.drop_reference(tx, row.id)
    assert await channels.list_channels(tx, watched=None) == [known]


async def test_changes_of_the_list_are_counted(tx: Connection) -> None:
    assert await channels.count_changes(tx) == 0
    await channels.note_change(tx)
    await channels.note_change(tx)
    assert await channels.count_changes(tx) == 2


async def test_a_name_means_what_it_meant_when_it_was_bound(tx: Connection, now: datetime) -> None:
    first = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    second = await channels.add_channel(tx, channel_id=78, username="mill", now=now)
    await references.bind(tx, "@Harbour", first.id)
    await references.bind(tx, "mill", second.id)
    assert await references.find_bound(tx, "HARBOUR") == first
    assert await references.find_bound(tx, "port") is None
    await references.bind(tx, "harbour", second.id)
    assert await references.list_bound(tx) == {"harbour": second, "mill": second}
    await channels.remove_channel(tx, second.id)
    assert await references.list_bound(tx) == {}
    assert (await references.find_bound(tx, "mill")) is not None


async def test_a_channel_comes_back_with_all_that_is_known_of_it(
    tx: Connection, now: datetime
) -> None:
    row = (await channels.add_channel(tx, username="@Harbour", now=now)).id
    other = await channels.add_channel(tx, username="mill", now=now)
    given: dict[str, Any] = {
        "channel_id": 77,
        "username": "Port",
        "title": "Harbour News",
        "access_hash": 9,
        "error": "it is private",
        "reference": "https://t.me/+abc",
        "source": "preview",
    }
    plain = Channel(id=row, added_at=now, username="@Harbour")
    assert await channels.find_channel(tx, username="harbour") == plain
    for name, value in given.items():
        plain = replace(plain, **{name: value})
        assert await channels.update_channel(tx, row, **{name: value}) == plain
    assert await channels.find_channel(tx, username="harbour") is None
    for official in (True, False, None):
        found = await channels.set_official(tx, row, official)
        assert (found, found.official) == (replace(plain, official=official), official)
    await channels.begin_watching(tx, row, 40, now)
    await channels.advance_cursor(tx, row, 50, now + HOUR)
    read = {"cursor": 50, "floor": 40, "last_scan_at": now + HOUR, "error": None}
    assert await channels.get_channel(tx, row) == replace(plain, **read)
    await channels.advance_cursor(tx, row, 51, now + HOUR, gaps=2, posts=3)
    filled = {**read, "cursor": 51, "gaps_filled": 2, "posts_filled": 3}
    assert await channels.list_channels(tx) == [replace(plain, **filled), other]


async def test_what_the_operator_says_of_channels_is_listed_by_their_numbers_and_names(
    tx: Connection, now: datetime
) -> None:
    both = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    numbered = await channels.add_channel(tx, channel_id=78, now=now)
    named = await channels.add_channel(tx, username="mill", now=now)
    await channels.add_channel(tx, channel_id=79, username="mine", now=now)
    assert await channels.list_official(tx) == {}
    for row, official in ((both, True), (numbered, False), (named, True)):
        await channels.set_official(tx, row.id, official)
    said = {"77": True, "harbour": True, "78": False, "mill": True}
    assert await channels.list_official(tx) == said
    await channels.set_official(tx, both.id, None)
    assert await channels.list_official(tx) == {"78": False, "mill": True}


async def test_recent_posts_are_read_of_what_was_never_watched_before(
    tx: Connection, now: datetime
) -> None:
    new = (await channels.add_channel(tx, channel_id=77, now=now)).id
    unwatched = (await channels.add_channel(tx, channel_id=78, watched=False, now=now)).id
    known = (await channels.add_channel(tx, channel_id=79, now=now)).id
    empty = (await channels.add_channel(tx, channel_id=81, now=now)).id
    await channels.begin_watching(tx, known, 30, now)
    await channels.begin_watching(tx, empty, 0, now)
    await backfills.drop_recent(tx)
    await channels.remove_channel(tx, known)
    await channels.watch_channel(tx, known, now=now + HOUR)
    asked = (await channels.add_channel(tx, channel_id=80, now=now)).id
    before = await backfills.ask_for(tx, asked, limit=5, now=now)
    for row in (new, unwatched, known, asked, empty, new):
        await channels.begin_watching(tx, row, 40, now + HOUR)
    begun = Backfill(channel=new, last_id=40, asked_at=now, newest_first=True)
    assert await backfills.list_backfills(tx) == [begun, before]
    assert (await channels.get_channel(tx, unwatched)).last_scan_at is None
    again = await channels.get_channel(tx, known)
    assert (again.cursor, again.floor, again.last_scan_at) == (40, 40, now + HOUR)


@pytest.mark.parametrize(
    ("kept", "other", "username", "title"),
    [
        (("harbour", "Harbour"), ("port", "Port"), "port", "Port"),
        (("harbour", "Harbour"), ("port", None), "port", "Harbour"),
        ((None, None), ("port", None), "port", None),
        (("harbour", None), (None, "Port"), "harbour", "Port"),
    ],
)
async def test_of_two_rows_of_one_channel_the_latest_names_are_kept(
    tx: Connection,
    now: datetime,
    kept: tuple[str | None, str | None],
    other: tuple[str | None, str | None],
    username: str | None,
    title: str | None,
) -> None:
    numbered = await channels.add_channel(
        tx, channel_id=77, username=kept[0], title=kept[1], watched=False, now=now
    )
    waiting = await channels.add_reference(tx, "https://t.me/+abc", now=now + HOUR)
    await channels.update_channel(tx, waiting.id, username=other[0], title=other[1])
    await channels.remove_channel(tx, waiting.id)
    left = await channels.number_channel(tx, waiting.id, 77)
    assert (left.id, left.username, left.title) == (numbered.id, username, title)
    assert (left.watched, left.added_at, left.last_scan_at) == (False, now, None)
    assert await channels.list_channels(tx, watched=None) == [left]


async def test_what_is_given_of_a_known_channel_watches_it_only_where_that_is_asked(
    tx: Connection, now: datetime
) -> None:
    row = (await channels.add_channel(tx, channel_id=77, access_hash=9, now=now)).id
    await channels.remove_channel(tx, row)
    seen = await channels.add_channel(
        tx, channel_id=77, title="Harbour", watched=False, now=now + HOUR
    )
    assert (seen.title, seen.access_hash, seen.watched) == ("Harbour", 9, False)
    assert await channels.was_removed(tx, id=row)
    for reference in (None, "https://t.me/+abc"):
        assert not await channels.was_removed(tx, reference=reference)
    again = await channels.add_channel(tx, channel_id=77, access_hash=10, now=now + HOUR)
    assert (again.watched, again.added_at, again.access_hash) == (True, now + HOUR, 10)
    assert not await channels.was_removed(tx, id=row)
    assert await channels.find_watched(tx, row) == again
    with pytest.raises(NotFoundError, match="channel 99"):
        await channels.update_channel(tx, 99, title="Mill")


@pytest.mark.parametrize(
    ("cursor", "floor", "is_read"), [(0, 0, True), (5, 0, False), (0, 5, False), (5, 5, False)]
)
async def test_of_a_channel_that_was_read_before_no_recent_posts_are_read(
    tx: Connection, now: datetime, cursor: int, floor: int, is_read: bool
) -> None:
    row = (await channels.add_channel(tx, channel_id=77, now=now)).id
    await tx.execute("UPDATE channel SET cursor = ?, floor = ?", (cursor, floor))
    await channels.begin_watching(tx, row, 40, now)
    begun = Backfill(channel=row, last_id=40, asked_at=now, newest_first=True)
    assert await backfills.list_backfills(tx) == [begun] * is_read
    found = await channels.get_channel(tx, row)
    assert (found.cursor, found.floor, found.last_scan_at) == (40, 40, now)
