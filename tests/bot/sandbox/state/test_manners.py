"""What a server may do differently: short histories, hidden posts, a network that has died."""

import asyncio
from typing import Any

import pytest
from telethon.tl import functions, types


def ask(harbour: Any, watcher: Any, **window: int) -> Any:
    number = harbour.world.views.access_hash(watcher, harbour.id)
    fields = {"offset_id": 0, "add_offset": 0, "limit": 100, "max_id": 0, "min_id": 0, "hash": 0}
    peer = types.InputPeerChannel(harbour.id, number)
    return functions.messages.GetHistoryRequest(peer=peer, offset_date=None, **fields | window)


@pytest.fixture
async def watcher(sandbox: Any) -> Any:
    return sandbox.add_user("Watcher")


@pytest.fixture
async def harbour(sandbox: Any, watcher: Any) -> Any:
    made = sandbox.add_channel("Harbour", username="harbour", members=[watcher])
    for number in range(1, 11):
        await made.post(f"Post {number}")
    return made


async def test_histories_are_as_short_and_as_plain_as_wanted(
    sandbox: Any, sign_in: Any, watcher: Any, harbour: Any
) -> None:
    client = await sign_in(watcher)
    sandbox.manners.page = 3
    sandbox.manners.plain_history = True
    sandbox.manners.lists_usernames = True
    answer = await client(ask(harbour, watcher))
    assert [message.id for message in answer.messages] == [10, 9, 8]
    assert isinstance(answer, types.messages.Messages)
    assert answer.chats[0].username is None
    assert [item.username for item in answer.chats[0].usernames] == ["harbour"]


@pytest.mark.parametrize("shows_empty", [False, True])
async def test_hidden_posts_are_left_out_of_histories_alone(
    sandbox: Any, sign_in: Any, watcher: Any, harbour: Any, shows_empty: bool
) -> None:
    client = await sign_in(watcher)
    sandbox.manners.hidden.add(harbour.by_id[9])
    sandbox.manners.shows_empty = shows_empty
    answer = await client(ask(harbour, watcher, limit=3))
    shown = [item.id for item in answer.messages if isinstance(item, types.Message)]
    empty = [item.id for item in answer.messages if isinstance(item, types.MessageEmpty)]
    assert (shown, empty) == ([10, 8], [9] if shows_empty else [])


async def test_a_dead_network_says_nothing_until_another_connection_is_made(
    sandbox: Any, sign_in: Any, watcher: Any, harbour: Any
) -> None:
    client = await sign_in(watcher)
    calls = sandbox.count_calls("messages.getHistory")
    sandbox.silence()
    waiting = asyncio.ensure_future(client(ask(harbour, watcher)))
    sandbox.end_silence()
    other = await sign_in(watcher)
    assert len((await other(ask(harbour, watcher))).messages) == 10
    assert sandbox.count_calls("messages.getHistory") == calls + 1
    assert sandbox.is_online(watcher)
    waiting.cancel()
