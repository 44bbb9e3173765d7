"""Connections that end, and a server that comes back."""

import asyncio
import socket
import struct
from typing import Any
from zlib import crc32

import pytest
from telethon import TelegramClient, errors, events
from telethon.crypto import rsa
from telethon.network import (
    ConnectionTcpAbridged,
    ConnectionTcpFull,
    ConnectionTcpIntermediate,
    ConnectionTcpObfuscated,
)
from telethon.sessions import MemorySession
from telethon.tl import functions

from bot.sandbox import server
from bot.sandbox.server import Sandbox


@pytest.mark.parametrize(
    "connection",
    [
        ConnectionTcpFull,
        ConnectionTcpAbridged,
        ConnectionTcpIntermediate,
        ConnectionTcpObfuscated,
    ],
)
async def test_every_transport_is_understood(
    sandbox: Sandbox, sign_in: Any, connection: Any
) -> None:
    ann = sandbox.add_user("Ann", username="ann")
    news = sandbox.add_channel("News", username="news")
    for number in range(100):
        await news.post(f"{number} " + "snow " * 50)

    client = await sign_in(ann, connection=connection)

    assert (await client.get_me()).username == "ann"
    assert len(await client.get_messages("news", limit=100)) == 100


async def test_a_stopped_server_comes_back_with_all_it_knew(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news", members=[ann])
    client = await sign_in(ann)
    await client.get_dialogs()
    inbox = listen(client, events.NewMessage)
    port = sandbox.port

    await sandbox.stop_serving()
    assert not sandbox.is_online(ann)
    await news.post("missed")
    await sandbox.serve_again()
    await sandbox.wait_online(ann)
    await news.post("heard")

    assert sandbox.port == port
    assert {(await inbox.next()).raw_text, (await inbox.next()).raw_text} == {"missed", "heard"}


async def test_a_dropped_client_comes_back_by_itself(sandbox: Sandbox, sign_in: Any) -> None:
    ann, bob = sandbox.add_user("Ann"), sandbox.add_user("Bob")
    client, _ = await sign_in(ann), await sign_in(bob)

    sandbox.drop_connections(ann)
    assert not sandbox.is_online(ann)
    assert sandbox.is_online(bob)
    await sandbox.wait_online(ann)

    assert (await client.get_me()).id == ann.id


async def test_refused_connections_keep_newcomers_out_only(
    sandbox: Sandbox, sign_in: Any, new_client: Any
) -> None:
    inside = await sign_in(sandbox.add_user("Ann"))
    sandbox.refuse_connections()
    newcomer = new_client(connection_retries=1, retry_delay=0)

    with pytest.raises(ConnectionError):
        await newcomer.connect()
    assert await inside.get_me() is not None
    await sandbox.accept_connections()

    await newcomer.connect()


async def test_reset_connections_are_cut_at_once(sandbox: Sandbox, new_client: Any) -> None:
    sandbox.reset_connections = True
    client = new_client(connection_retries=1, retry_delay=0)

    # Telethon takes an end of the stream for no network error while it makes its key.
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await client.connect()

    sandbox.reset_connections = False
    await client.connect()


async def test_a_key_that_the_server_does_not_know_is_refused(
    sandbox: Sandbox, sign_in: Any
) -> None:
    client = await sign_in(sandbox.add_user("Ann"), auto_reconnect=False)
    sandbox._world.auth_keys.clear()

    with pytest.raises(errors.AuthKeyNotFound):
        await client(functions.updates.GetStateRequest())


def full_frame(packet: bytes) -> bytes:
    """Wraps a packet as the default transport does."""
    frame = struct.pack("<ii", len(packet) + 12, 0) + packet
    return frame + struct.pack("<I", crc32(frame))


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"x" * 64,
        struct.pack("<ii", 1 << 30, 0),
        struct.pack("<ii", 40, 0) + bytes(32),
        full_frame(bytes(40)),
        full_frame(bytes(20) + b"\7" * 40),
        full_frame(bytes(8) + b"\7"),
        full_frame(b"\1" * 100),
        b"\xef\x01\0\0\0\0",
        b"\xee" * 4 + struct.pack("<i", 120) + b"\1" * 120,
    ],
)
async def test_rubbish_closes_the_connection_and_harms_nobody(
    sandbox: Sandbox, sign_in: Any, rubbish: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
    writer.write(rubbish)
    try:
        async with asyncio.timeout(60):
            while await reader.read(1024):
                pass
    except ConnectionResetError:
        pass
    finally:
        writer.close()

    assert await (await sign_in(sandbox.add_user("Ann"))).get_me() is not None


@pytest.mark.end_to_end
async def test_the_port_is_closed_at_the_end() -> None:
    async with Sandbox.start() as sandbox:
        port = sandbox.port

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_pings_are_answered(sandbox: Sandbox, sign_in: Any) -> None:
    client = await sign_in(sandbox.add_user("Ann"))

    pong = await client(functions.PingRequest(77))
    delayed = await client(functions.PingDelayDisconnectRequest(78, 75))
    salts = await client(functions.GetFutureSaltsRequest(1))

    assert (pong.ping_id, delayed.ping_id, len(salts.salts)) == (77, 78, 1)


async def test_many_calls_at_once_are_all_answered(sandbox: Sandbox, sign_in: Any) -> None:
    client = await sign_in(sandbox.add_user("Ann"))

    states = await asyncio.gather(
        *(client(functions.updates.GetStateRequest()) for _ in range(300))
    )

    assert len(states) == 300
    found = await client([functions.updates.GetStateRequest()] * 2)
    assert len(found) == 2


async def test_answers_that_are_there_together_come_in_few_packets(
    sandbox: Sandbox, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await sign_in(sandbox.add_user("Ann"))
    packets = []
    decrypt = client._sender._state.decrypt_message_data
    monkeypatch.setattr(
        client._sender._state,
        "decrypt_message_data",
        lambda body: packets.append(body) or decrypt(body),
    )

    await asyncio.gather(*(client(functions.updates.GetStateRequest()) for _ in range(250)))

    assert len(packets) < 25


async def test_calls_can_be_waited_for(sandbox: Sandbox, sign_in: Any) -> None:
    ann = sandbox.add_user("Ann")
    client = await sign_in(ann)
    waiting = asyncio.create_task(
        sandbox.wait_for_call(
            "contacts.resolveUsername",
            account=ann,
            matching=lambda request: request.username == "nobody",
        )
    )

    with pytest.raises(errors.UsernameNotOccupiedError):
        await client(functions.contacts.ResolveUsernameRequest("nobody"))
    call = await waiting

    assert (call.outcome, call.account) == ("USERNAME_NOT_OCCUPIED", ann)
    with pytest.raises(TimeoutError, match=r"call 2 of contacts\.resolveUsername"):
        await sandbox.wait_for_call("contacts.resolveUsername", count=2, timeout=0.05)


@pytest.mark.end_to_end
async def test_a_mistake_of_the_sandbox_itself_is_raised_at_its_end() -> None:
    with pytest.raises(ExceptionGroup, match="the sandbox failed"):
        async with Sandbox.start() as sandbox:
            rsa.add_key(sandbox.public_key, old=False)
            news = sandbox.add_channel("News", username="news")
            await news.post("Snow", media="no media at all")
            bot = sandbox.add_bot("dateline_bot", token="1:secret")
            session = MemorySession()
            session.set_dc(2, "127.0.0.1", sandbox.port)
            client = TelegramClient(
                session, 1, "hash", request_retries=0, raise_last_call_error=True
            )
            await client.connect()
            await client.sign_in(bot_token="1:secret")
            news.add_member(bot)
            with pytest.raises(errors.RPCError, match="SANDBOX_FAILURE"):
                await client.get_messages("news", ids=1)
            await client.disconnect()


async def test_small_packets_are_sent_at_once() -> None:
    accepted: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    class Accepting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.set_result(transport.get_extra_info("socket"))

    place = server._place_at(0)
    serving = await asyncio.get_running_loop().create_server(Accepting, sock=place)
    async with serving:
        _, writer = await asyncio.open_connection(*place.getsockname())
        there = await accepted
        assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()
