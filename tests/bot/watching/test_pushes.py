"""Pushes: stored at once, in order; where something is missing before one, a scan is asked for."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from telethon import events
from telethon.tl import types

from bot.sandbox.state import media
from bot.watching import pushes
from bot.watching.pushes import Watch
from bot.watching.watchlist import Watchlist
from storage.records import Channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HARBOUR = 7
ROW = 3


def message(id: int, grouped_id: int | None = None, text: str = "x") -> types.Message:
    peer = types.PeerChannel(HARBOUR)
    return types.Message(id=id, peer_id=peer, date=NOW, message=text, grouped_id=grouped_id)


def new(id: int, pts: int, count: int = 1, grouped_id: int | None = None) -> Any:
    return types.UpdateNewChannelMessage(message(id, grouped_id), pts, count)


def edit(id: int, pts: int, count: int = 1) -> Any:
    return types.UpdateEditChannelMessage(message(id), pts, count)


@pytest.mark.parametrize(
    ("update", "shows_gap"),
    [
        pytest.param(new(11, 101), False, id="the next one"),
        pytest.param(new(12, 101), True, id="by its id: 11 is missing"),
        pytest.param(new(11, 102), True, id="by the count: something came before it"),
        pytest.param(new(11, 103, 3), False, id="a count of several"),
        pytest.param(new(9, 100), False, id="one that was seen"),
        pytest.param(new(11, 0), False, id="made of a difference: no count"),
        pytest.param(edit(4, 101), False, id="an edit"),
        pytest.param(edit(40, 101), False, id="an edit's id says nothing"),
        pytest.param(edit(4, 105), True, id="an edit, and something before it"),
        pytest.param(types.UpdateDeleteChannelMessages(HARBOUR, [1, 2], 102, 2), False, id="gone"),
        pytest.param(types.UpdateDeleteChannelMessages(HARBOUR, [1], 102, 1), True, id="gone, gap"),
        pytest.param(types.UpdateChannelTooLong(HARBOUR), True, id="too much was missed"),
    ],
)
def test_a_push_shows_whether_something_before_it_is_missing(update: Any, shows_gap: bool) -> None:
    watchlist = Watchlist()
    channel = Channel(id=ROW, channel_id=HARBOUR, added_at=NOW, last_scan_at=NOW, cursor=10)
    watchlist.put(channel)
    watchlist.reached(ROW, 10, 100)
    watch = Watch(None, watchlist, None, None, None, None)  # type: ignore[arg-type]
    assert watch._shows_gap(channel, update) is shows_gap


def test_before_the_first_scan_nothing_shows_a_gap() -> None:
    watchlist = Watchlist()
    channel = Channel(id=ROW, channel_id=HARBOUR, added_at=NOW)
    watchlist.put(channel)
    watch = Watch(None, watchlist, None, None, None, None)  # type: ignore[arg-type]
    assert not watch._shows_gap(channel, new(50, 900))


@pytest.mark.parametrize(
    ("groups", "joined"),
    [
        pytest.param((None, None), (False, False), id="posts"),
        pytest.param((5, 5, 5), (False, True, True), id="an album"),
        pytest.param((5, 6), (False, False), id="two albums"),
        pytest.param((5, None, 5), (False, False, False), id="another post ends an album"),
    ],
)
def test_parts_of_one_album_join_the_first(
    groups: tuple[int | None, ...], joined: tuple[bool, ...]
) -> None:
    stream = pushes._Stream()
    result = []
    for number, group in enumerate(groups, 1):
        update = new(number, number, grouped_id=group)
        result.append(pushes._joins(stream, update))
        if stream.album is not None and not result[-1]:
            stream.album.updates.append(update)
    assert tuple(result) == joined


async def test_an_album_is_whole_once_nothing_comes_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pushes, "ALBUM_WAIT", 0.05)
    album = pushes._Album([new(3, 3), new(1, 1)])
    gathering = asyncio.create_task(album.gathered())
    await asyncio.sleep(0)
    album.updates.append(new(2, 2))
    assert not gathering.done()
    assert [update.message.id for update in await gathering] == [1, 2, 3]
    assert album.over.is_set()


async def test_an_album_is_whole_as_soon_as_another_post_follows() -> None:
    album = pushes._Album([new(2, 2), new(1, 1)])
    gathering = asyncio.create_task(album.gathered())
    await asyncio.sleep(0)
    album.over.set()
    found = await asyncio.wait_for(gathering, pushes.ALBUM_WAIT / 2)
    assert [update.message.id for update in found] == [1, 2]


@pytest.mark.parametrize(("pts", "known"), [(5, 5), (0, 0), (-1, 0), (None, 0)])
def test_the_state_of_a_channel_is_what_an_update_says(pts: Any, known: int) -> None:
    assert pushes._pts(new(1, pts)) == known


class Scans:
    """The scans that were asked for, each done at once."""

    def __init__(self) -> None:
        self.asked: list[int | None] = []

    def __call__(self, channel: Channel) -> "asyncio.Future[None]":
        self.asked.append(channel.channel_id)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


def open_watch(ground: Any) -> Scans:
    """Take pushes; gives what is asked for meanwhile."""
    asked = Scans()
    parts = (ground.watchlist, ground.intake, ground.gate, asked, ground.history)
    Watch(ground.client, *parts).open()
    return asked


@pytest.fixture
async def scans(ground: Any) -> Scans:
    """Harbour is watched, and its pushes are taken."""
    await ground.harbour.post("Before")
    await ground.watch()
    return open_watch(ground)


async def test_a_pushed_post_is_stored_and_the_cursor_stays(ground: Any, scans: Scans) -> None:
    before = await ground.row()
    posts = [await ground.harbour.post(text) for text in ("One", "Two")]
    await ground.wait_texts("One", "Two")
    assert (await ground.row()).cursor == before.cursor
    assert ground.watchlist.reach(before.id).message_id == posts[-1].id
    assert scans.asked == []


async def test_an_edit_and_a_deletion_are_taken_in_their_order(ground: Any, scans: Scans) -> None:
    one = await ground.harbour.post("One")
    two = await ground.harbour.post("Two")
    await one.edit("One, mended")
    await two.delete()
    await ground.wait_texts("One, mended")


async def test_an_album_is_one_document(ground: Any, scans: Scans) -> None:
    photos = [media.photo(), media.photo()]
    await ground.harbour.post_album(photos, "Two views")
    await ground.harbour.post("After")
    await ground.wait_texts("Two views", "After")


async def test_a_push_that_shows_a_gap_has_the_channel_scanned(ground: Any, listen: Any) -> None:
    pushed = listen(ground.client, events.NewMessage())
    await ground.watch()
    await ground.harbour.post("Missed")
    await pushed.next()
    scans = open_watch(ground)
    await ground.harbour.post("Heard")
    await ground.wait_texts("Heard")
    assert scans.asked == [ground.harbour.id]


async def test_what_is_not_watched_is_not_stored(ground: Any, scans: Scans) -> None:
    other = ground.sandbox.add_channel("Other", username="other", members=[ground.watcher])
    await other.post("Nobody asked for this")
    await ground.harbour.post("One")
    await ground.wait_texts("One")
    assert await ground.texts(other) == []
