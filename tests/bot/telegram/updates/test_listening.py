"""What a client counts as handled, and which calls it lets go of; nothing is connected."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telethon.errors import AuthKeyUnregisteredError, FloodWaitError, RPCError
from telethon.network.requeststate import RequestState
from telethon.tl import types
from telethon.tl.functions.messages import SendMediaRequest, SendMessageRequest
from telethon.tl.functions.updates import GetStateRequest

from bot.settings import Settings
from bot.telegram import clients
from bot.telegram.clients import Client
from bot.telegram.updates.unheard import Unheard

TEXT = SendMessageRequest(types.InputPeerSelf(), "Ice")
MEDIA = SendMediaRequest(types.InputPeerSelf(), types.InputMediaEmpty(), "")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    settings = Settings(api_id=1, api_hash="0" * 32, data_dir=tmp_path)
    async with clients.opened(settings, "user") as opened:
        yield opened


def pending(client: Client, *requests: Any) -> list[Any]:
    """Calls that wait for their answers, as Telethon keeps them."""
    states = [RequestState(request) for request in requests]
    client._sender._pending_state.update(enumerate(states))
    return states


async def test_what_is_held_is_not_settled_until_it_is_let_go_as_often(client: Client) -> None:
    assert client.is_settled()
    client.hold()
    client.hold()
    client.let_go()
    assert not client.is_settled()
    client.let_go()
    assert client.is_settled()


async def test_messages_under_way_are_given_back_and_questions_are_asked_again(
    client: Client,
) -> None:
    requests = (TEXT, MEDIA, GetStateRequest(), Unheard(TEXT), Unheard(GetStateRequest()))
    text, media, question, unheard, plain = pending(client, *requests)
    media.future.cancel()
    client.give_back_sending(client.session.dc_id + 1)  # For a file: it is another connection.
    assert text.request in [one.request for one in client._sender._pending_state.values()]
    client.give_back_sending(client.session.dc_id)
    assert list(client._sender._pending_state.values()) == [question, plain]
    assert not question.future.done()
    assert media.future.cancelled()
    for sent in (text, unheard):
        with pytest.raises(ConnectionError, match="the connection broke"):
            await sent.future


async def test_calls_that_nobody_waits_for_are_forgotten(client: Client) -> None:
    one, two, three = pending(client, TEXT, GetStateRequest(), MEDIA)
    two.future.cancel()
    three.future.set_result(None)
    client.drop_cancelled()
    assert list(client._sender._pending_state.values()) == [one, three]


@pytest.mark.parametrize(
    ("out", "is_read"),
    [(False, True), (True, False)],
)
async def test_messages_of_others_are_read(client: Client, out: bool, is_read: bool) -> None:
    message = types.Message(id=3, peer_id=types.PeerChannel(7), date=None, message="Ice", out=out)
    update = types.UpdateNewChannelMessage(message=message, pts=1, pts_count=1)
    assert (client.read_message(update) is message) is is_read
    assert client.read_message(types.UpdateConfig()) is None


@pytest.mark.slow
async def test_an_update_is_let_go_even_where_it_cannot_be_read(client: Client) -> None:
    client.hold()
    broken: Any = object()
    await client._dispatch_update(broken)
    assert client.is_settled()


async def test_updates_wait_until_it_begins_and_again_when_it_ceases(client: Client) -> None:
    waiting = asyncio.ensure_future(client._wait_for_handlers(None))
    await asyncio.sleep(0)
    assert not waiting.done()
    client.begin()
    await asyncio.wait_for(waiting, 120)
    client.cease()
    again = asyncio.ensure_future(client._wait_for_handlers(None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_only_an_ended_login_ends_a_client(client: Client) -> None:
    for error in (FloodWaitError(None, 3), RPCError(None, "FROZEN_METHOD_INVALID", 420)):
        client.note(error)
    assert client.fatal_error() is None
    assert client.freezing.is_met.is_set()
    ended = AuthKeyUnregisteredError(None)
    client.note(ended)
    assert client.fatal_error() is ended
    assert await asyncio.wait_for(client.wait_ended(), 30) == "AUTH_KEY_UNREGISTERED"
    assert (client.stands(), client.answers()) == (False, False)


async def test_what_ends_telethons_own_loop_is_fatal_too(client: Client) -> None:
    error = client._updates_error = ValueError("no")
    assert client.fatal_error() is error


async def test_a_method_may_be_called_again_whose_wait_is_forgotten(client: Client) -> None:
    client._flood_waited_requests[TEXT.CONSTRUCTOR_ID] = 9e9
    client.forget_waits()
    assert client._flood_waited_requests == {}


async def test_a_session_that_was_never_signed_in_says_so(client: Client) -> None:
    assert not client.was_signed_in()
