"""The watched channels as the running process knows them."""

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

from bot.watching.history import Item
from bot.watching.watchlist import Watchlist
from storage.records import Channel

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


def channel(row: int = 1, **fields: Any) -> Channel:
    return Channel(id=row, channel_id=fields.pop("channel_id", row + 100), added_at=NOW, **fields)


def listed(*channels: Channel) -> Watchlist:
    watchlist = Watchlist()
    for one in channels:
        watchlist.put(one)
    return watchlist


def test_a_channel_is_found_by_its_number_and_by_its_row() -> None:
    first, unknown = channel(1), channel(2, channel_id=None)
    watchlist = listed(first, unknown)
    assert len(watchlist) == 2
    assert watchlist.list_all() == [first, unknown]
    assert (watchlist.find(101), watchlist.get(1), watchlist.get(2)) == (first, first, unknown)
    assert (watchlist.find(1), watchlist.get(101)) == (None, None)


def test_what_is_dropped_is_forgotten_and_told() -> None:
    watchlist = listed(channel(1, last_scan_at=NOW, cursor=9), channel(2))
    dropped: list[int] = []
    watchlist.on_dropped = dropped.append
    watchlist.stored(1, [item(5)])
    for row in (1, 7):
        watchlist.drop(row)
    assert (watchlist.find(101), watchlist.get(1), watchlist.reach(1)) == (None, None, None)
    assert not watchlist.is_stored(1, item(5))
    assert (dropped, len(watchlist)) == ([1, 7], 1)


def test_the_first_scan_sets_the_floor_and_no_scan_moves_the_cursor_back() -> None:
    watchlist = listed(channel(1))
    assert watchlist.reach(1) is None
    watchlist.reached(1, 50, 5)
    assert watchlist.reach(1) is None
    watchlist.scanned(1, 40, NOW, pts=3)
    first = watchlist.get(1)
    assert first is not None
    assert (first.cursor, first.floor, first.last_scan_at) == (40, 40, NOW)
    watchlist.scanned(1, 30, NOW)
    watchlist.scanned(1, 60, NOW, pts=4)
    later = watchlist.get(1)
    assert later is not None
    assert (later.cursor, later.floor) == (60, 40)
    reach = watchlist.reach(1)
    assert reach is not None
    assert (reach.message_id, reach.pts) == (60, 4)
    watchlist.reached(1, 55, 9)
    assert (reach.message_id, reach.pts) == (60, 9)
    watchlist.reached(1, 61, 8)
    assert (reach.message_id, reach.pts) == (61, 9)
    watchlist.scanned(9, 1, NOW)
    assert watchlist.get(9) is None


def test_what_is_known_better_keeps_how_far_it_was_seen() -> None:
    watchlist = listed(channel(1, last_scan_at=NOW, cursor=9))
    watchlist.reached(1, 20, 2)
    watchlist.put(channel(1, last_scan_at=NOW, cursor=9, title="Harbour"))
    reach = watchlist.reach(1)
    assert reach is not None and reach.message_id == 20


def item(number: int, state: object = "as it is", *, is_partial: bool = False) -> Item:
    message = types.Message(
        id=number,
        peer_id=types.PeerChannel(101),
        date=NOW,
        message="",
        rich_message=types.RichMessage([], [], [], part=True) if is_partial else None,
    )
    return Item(ids=(number, number + 1), state=state, messages=(message,))


def test_a_post_is_stored_as_it_is_until_it_changes_or_is_deleted() -> None:
    watchlist = listed(channel(1))
    assert not watchlist.is_stored(1, item(5))
    watchlist.stored(1, [item(5), item(7), item(9, is_partial=True)])
    assert watchlist.is_stored(1, item(5))
    assert not watchlist.is_stored(1, item(5, "edited"))
    assert not watchlist.is_stored(2, item(5))
    assert not watchlist.is_stored(1, item(9))
    watchlist.deleted(1, [8, 99])
    assert (watchlist.is_stored(1, item(5)), watchlist.is_stored(1, item(7))) == (True, False)
    watchlist.stored(1, [item(5, is_partial=True)])
    assert not watchlist.is_stored(1, item(5))


def test_the_last_four_hundred_are_remembered() -> None:
    watchlist = listed(channel(1))
    watchlist.stored(1, [item(2 * number) for number in range(400)])
    watchlist.stored(1, [item(0)])
    assert watchlist.is_stored(1, item(2))
    watchlist.stored(1, [item(800)])
    assert not watchlist.is_stored(1, item(2))
    assert watchlist.is_stored(1, item(0))
    assert watchlist.is_stored(1, item(4))
