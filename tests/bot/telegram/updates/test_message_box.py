"""What a message box hands on where no difference is given."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon._updates.entitycache import EntityCache
from telethon._updates.messagebox import ENTRY_ACCOUNT, GapError
from telethon._updates.session import SessionState
from telethon.tl import types

from bot.telegram.updates.message_box import MOST_KEPT, KeepingBox

NOW = datetime(2026, 1, 2, tzinfo=UTC)
START = 10


def message(number: int) -> Any:
    return types.UpdateNewMessage(
        types.Message(id=number, peer_id=types.PeerUser(1), date=NOW, message=str(number)),
        pts=START + number,
        pts_count=1,
    )


class Loop:
    """Telethon's update loop, as far as the account's own messages go."""

    def __init__(self) -> None:
        self.box = KeepingBox(logging.getLogger("box"))
        state = SessionState(0, 0, 0, START, 0, int(NOW.timestamp()), 1, 0)
        self.box.load(state, [])
        self.cache = EntityCache()
        self.heard: list[int] = []

    def push(self, number: int) -> None:
        """One message comes in."""
        processed: list[Any] = []
        item = types.Updates([message(number)], [], [], NOW, 0)
        self.box.process_updates(item, self.cache, processed)
        self._hear(processed)

    def bridge(self, pts: int | None) -> None:
        """No difference is to be had, and the server stands at ``pts``, if it says so."""
        self.box.try_begin_get_diff(ENTRY_ACCOUNT, "a gap")
        state = None if pts is None else types.updates.State(pts, 0, NOW, 1, 0)
        updates, _, _ = self.box.apply_difference(self.box.bridge_account(state), self.cache)
        self._hear(updates)

    def _hear(self, updates: list[Any]) -> None:
        # Where there are no updates, Telethon hands on what they came in.
        self.heard += [one.message.id for one in updates if isinstance(one, types.UpdateNewMessage)]


@given(
    st.lists(st.integers(1, 30), max_size=60),
    st.lists(st.integers(0, 60), max_size=4),
    st.booleans(),
)
def test_all_that_comes_in_is_heard_once_in_whatever_order_and_with_whatever_missing(
    numbers: list[int], bridges: list[int], state_is_told: bool
) -> None:
    async def play() -> list[int]:
        loop = Loop()
        for place, number in enumerate(numbers):
            for _ in range(bridges.count(place)):
                loop.bridge(START + max(numbers[:place], default=0) if state_is_told else None)
            loop.push(number)
        loop.bridge(START + 30 if state_is_told else None)
        return loop.heard

    heard = asyncio.run(play())
    assert len(heard) == len(set(heard))
    assert set(heard) == set(numbers)


def test_what_goes_on_after_a_bridge_needs_no_difference() -> None:
    async def play() -> list[int]:
        loop = Loop()
        loop.push(3)
        loop.bridge(START + 5)
        for number in (6, 7):
            loop.push(number)
        return loop.heard

    assert asyncio.run(play()) == [3, 6, 7]


def test_what_was_heard_before_a_bridge_is_not_heard_again() -> None:
    async def play() -> list[int]:
        loop = Loop()
        for number in (1, 2):
            loop.push(number)
        loop.bridge(START + 5)
        for number in (1, 2, 4, 5, 4, 6):
            loop.push(number)
        return loop.heard

    assert asyncio.run(play()) == [1, 2, 4, 5, 6]


def test_what_was_heard_between_two_bridges_is_not_heard_again() -> None:
    async def play() -> list[int]:
        loop = Loop()
        loop.push(1)
        loop.bridge(START + 5)
        for number in (6, 7):
            loop.push(number)
        loop.bridge(START + 9)
        for number in (6, 7, 8, 7, 10):
            loop.push(number)
        return loop.heard

    assert asyncio.run(play()) == [1, 6, 7, 8, 10]


def test_so_much_is_kept_and_no_more() -> None:
    async def play() -> list[int]:
        loop = Loop()
        loop.box.try_begin_get_diff(ENTRY_ACCOUNT, "a gap")
        for number in range(2, MOST_KEPT + 100):
            loop.push(number)
        loop.bridge(None)
        return loop.heard

    assert len(asyncio.run(play())) == MOST_KEPT


def post(number: int, channel: int = 7) -> Any:
    peer = types.PeerChannel(channel)
    message = types.Message(id=number, peer_id=peer, date=NOW, message=str(number))
    return types.UpdateNewChannelMessage(message, pts=START + number, pts_count=1)


def test_what_a_channel_withheld_is_handed_on_in_order_with_whom_it_names() -> None:
    async def play() -> None:
        box = Loop().box
        harbour = types.Channel(id=7, title="Harbour", photo=None, date=NOW)
        ann = types.User(id=3)
        for number in (1, 4, 3):
            item = types.Updates([post(number)], [ann], [harbour], NOW, 0)
            box.process_updates(item, EntityCache(), [])
            box.try_begin_get_diff(7, "a gap")
        found = box.bridge_channel(7)
        assert [one.message.id for one in found.other_updates] == [3, 4]
        assert [one.pts for one in found.other_updates] == [0, 0]  # they count for themselves
        assert (found.pts, found.final, found.new_messages) == (START + 4, True, [])
        assert (found.chats, found.users) == ([harbour], [ann])
        again = box.bridge_channel(7)
        assert again.other_updates == []

    asyncio.run(play())


def test_what_a_difference_brought_is_not_handed_on_again() -> None:
    async def play() -> None:
        box = Loop().box
        for number in (1, 3):
            box.process_updates(types.Updates([post(number)], [], [], NOW, 0), EntityCache(), [])
            box.try_begin_get_diff(7, "a gap")
        box.settle(7)
        assert box.bridge_channel(7).other_updates == []
        assert set(box.abandon()) == {7}
        assert box.abandon() == []

    asyncio.run(play())


def test_what_came_behind_a_gap_between_containers_is_handed_on() -> None:
    """Containers are numbered too (``seq``). What was had before is not."""

    async def play() -> None:
        loop = Loop()
        typing = types.UpdateUserTyping(3, types.SendMessageTypingAction())
        ann, harbour = types.User(id=3), types.Channel(id=7, title="Harbour", photo=None, date=NOW)
        for seq, updates in (
            (5, [message(4), typing, post(2)]),
            (4, [message(2), message(-1)]),
            (0, [message(1)]),
        ):
            item = types.Updates(updates, [ann], [harbour], NOW, seq)
            with contextlib.suppress(GapError):
                loop.box.process_updates(item, loop.cache, [])
        found = loop.box.bridge_account(types.updates.State(START + 1, 0, NOW, 2, 0))
        told = [getattr(one, "message", None) for one in found.other_updates]
        assert [one and one.message for one in told] == [None, "2", "1", "2", "4"]
        assert isinstance(found.other_updates[1], types.UpdateNewChannelMessage)
        assert (found.state.pts, found.state.seq) == (START + 4, 5)
        assert (found.users, found.chats) == ([ann], [harbour])

    asyncio.run(play())


def test_what_the_account_did_itself_is_not_handed_on_as_what_came() -> None:
    async def play() -> None:
        loop = Loop()
        for item in (
            types.Updates([message(2)], [], [], NOW, 5),  # behind a gap between containers
            types.Updates([message(4)], [], [], NOW, 0),  # behind one of the account's own
        ):
            item._self_outgoing = True  # as Telethon marks the answers to its own calls
            for update in item.updates:
                update._self_outgoing = True
            with contextlib.suppress(GapError):
                loop.box.process_updates(item, loop.cache, [])
        assert loop.box.bridge_account(None).other_updates == []

    asyncio.run(play())


def test_where_the_account_stands_is_told_as_far_as_it_is_known() -> None:
    async def play() -> None:
        assert KeepingBox(logging.getLogger("box")).account_state is None
        assert Loop().box.account_state == (START, NOW, 0)
        box = KeepingBox(logging.getLogger("box"))
        box.load(SessionState(0, 0, 0, START, 5, int(NOW.timestamp()), 1, 0), [])
        assert box.account_state == (START, NOW, 5)

    asyncio.run(play())


def test_a_bridge_ends_at_the_later_of_the_servers_state_and_of_what_was_withheld() -> None:
    async def play() -> None:
        for told, expected in ((None, 14), (12, 14), (20, 20)):
            loop = Loop()
            loop.push(4)
            state = None if told is None else types.updates.State(told, 3, NOW, 9, 0)
            found = loop.box.bridge_account(state)
            assert found.state.pts == expected
            assert (found.state.qts, found.state.seq) == ((0, 1) if told is None else (3, 9))
            assert [one.message.id for one in found.other_updates] == [4]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("pts", "qts", "is_earlier", "expected"),
    [
        (START, 0, False, (START, 0)),
        (START - 1, 0, True, (START - 1, 0)),
        (START + 1, 0, False, (START, 0)),
        (START - 1, 5, True, (START - 1, 0)),
    ],
)
async def test_numbers_are_only_ever_lowered(
    pts: int, qts: int, is_earlier: bool, expected: tuple[int, int]
) -> None:
    box = Loop().box
    assert box.lower(pts, qts) is is_earlier
    assert box.account_state is not None
    assert (box.account_state[0], box.account_state[2]) == expected
