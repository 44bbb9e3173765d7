"""What a server says below all messages, that it is asked too often for instance, and broken frames
end a connection, and no client."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from telethon import events

from bot import settings
from bot.demo import process
from bot.sandbox.protocol.handshake import Handshake
from bot.sandbox.server import Sandbox
from bot.telegram import clients, signin
from bot.telegram.clients import NotReachedError

PATIENCE = 60.0
Say: TypeAlias = Callable[[Any], None]


def raw(data: bytes, *, cut: bool = False) -> Say:
    """Bytes as they are, and the end of the connection behind them."""

    def say(connection: Any) -> None:
        connection._transport.write(data)
        if cut:
            connection.close()

    return say


def packet(code: int) -> Say:
    return lambda connection: connection.send(struct.pack("<i", -code))


class Place:
    """A bot on the sandbox to which Ann writes."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
        self.chat = sandbox.add_user("Ann").chat_with(self.bot)
        (folder / "none.env").touch()
        environment = process.environment_for(sandbox, self.bot, folder, "")
        self.settings = settings.load(environment, folder / "none.env")

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[tuple[Any, "asyncio.Queue[str]"]]:
        heard: asyncio.Queue[str] = asyncio.Queue()

        async def hear(event: Any) -> None:
            await heard.put(event.raw_text)

        async with signin.signed_in_bot(self.settings, clients.connect_patiently) as client:
            client.add_event_handler(hear, events.NewMessage(incoming=True))
            client.begin()
            keeping = asyncio.create_task(client.keep_alive())
            await self.sandbox.wait_online(self.bot)
            try:
                yield client, heard
            finally:
                keeping.cancel()


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    return Place(sandbox, tmp_path)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(raw(struct.pack("<iii", -429, -429, -429)), id="too often"),
        pytest.param(raw(struct.pack("<iii", -404, -404, -404)), id="no such key, unframed"),
        pytest.param(packet(429), id="too often, in a packet"),
        pytest.param(packet(444), id="no such data centre"),
        pytest.param(packet(1), id="something new"),
        pytest.param(raw(struct.pack("<ii", 5, 0)), id="too short"),
        pytest.param(raw(struct.pack("<iiii", 16, 0, 7, 7)), id="a wrong checksum"),
        pytest.param(raw(struct.pack("<ii", 100, 0) + b"xyz", cut=True), id="half a frame"),
    ],
)
async def test_what_is_no_message_ends_a_connection_and_no_client(place: Place, said: Say) -> None:
    async with place.listening() as (client, heard), asyncio.timeout(PATIENCE):
        for connection in list(place.sandbox._gateway._sessions):
            said(connection)
        # What is under way just then is lost with the connection, and had by the difference.
        await place.chat.send("after it")
        assert await heard.get() == "after it"
        assert client.fatal_error() is None
        assert client.stands()
        client._updates_error = ConnectionError("this login has ended")
        assert not client.stands() and not client.answers()
        client._updates_error = None


@pytest.mark.parametrize("code", [404, 429])
async def test_who_is_refused_while_a_key_is_made_tries_again(
    place: Place, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    answer, refused = Handshake.answer, []

    def refuse_once(shake: Handshake, given: bytes) -> bytes:
        if refused:
            return answer(shake, given)
        refused.append(given)
        return struct.pack("<i", -code)

    monkeypatch.setattr(Handshake, "answer", refuse_once)
    async with place.listening() as (_, heard), asyncio.timeout(PATIENCE):
        await place.chat.send("after it")
        assert await heard.get() == "after it"
    assert refused


@pytest.mark.parametrize(
    ("code", "reason"), [(404, r"the connection is refused \(code 404\)"), (429, "no connection")]
)
async def test_who_tries_once_is_told_that_it_was_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    monkeypatch.setattr(Handshake, "answer", lambda *_: struct.pack("<i", -code))
    async with clients.opened(place.settings, "bot") as client:
        with pytest.raises(NotReachedError, match=f"cannot connect to .*: {reason}"):
            await clients.connect(client)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("FLOOD_WAIT_77", 77.0), (f"FLOOD_WAIT_{2**50}", 7 * 86400.0), ("FLOOD", 30.0)],
)
async def test_who_is_asked_to_wait_at_the_connection_waits_as_at_any_call(
    place: Place, name: str, seconds: float
) -> None:
    place.sandbox.faults.fail("help.getConfig", name, code=420)
    async with clients.opened(place.settings, "bot") as client:
        with pytest.raises(NotReachedError) as caught:
            await clients.connect(client)
    assert caught.value.seconds == seconds
