"""Finding out whether a message is out: among those of its chat, on the sandbox."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent
from telethon import utils
from telethon.tl import types

from bot.delivering import recall
from bot.delivering.recall import Recall
from bot.sandbox.server import Sandbox
from bot.telegram import clients, outgoing
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText
from storage import database
from storage.connection import Database
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload, ListPayload, TextPayload
from storage.records import Delivery, DeliveryKind

NOW = datetime.now(UTC)
CHANNEL = -1_000_000_000_042


def row(kind: DeliveryKind = "answer", payload: Any = None, **fields: Any) -> Delivery:
    return Delivery(
        id=fields.pop("id", 7),
        chat_id=fields.pop("chat_id", 501),
        kind=kind,
        key="key",
        random_id=9,
        payload=payload or TextPayload(text="Hello"),
        priority=1,
        due_at=NOW,
        state="queued",
        attempts=1,
        created_at=NOW,
        **fields,
    )


def sent(text: str | None, *data: str, ago: float = 0.0, header: Any = None) -> Any:
    """A message of ours with a button for each of these."""
    keyboard = tuple((Button(text="x", data=one),) for one in data)
    return types.Message(
        id=1,
        peer_id=types.PeerUser(501),
        date=NOW - timedelta(seconds=ago),
        message=text,
        reply_to=header,
        reply_markup=outgoing.markup(keyboard),
    )


def wanted(text: str) -> Any:
    return outgoing.send_request(outgoing.peer(501, 1), Message(RichText(text)), 9)


def alert_row(**fields: Any) -> Delivery:
    return row("alert", AlertPayload(doc_id="tg:7/1"), **fields)


ALERT = alert_row()
LIST = row("bundle", ListPayload(posts=()))


@pytest.mark.parametrize(
    ("message", "text", "told", "is_same"),
    [
        (sent("Hello"), "Hello", row(), True),
        (sent(" Hello\n"), "Hello", row(), True),
        (sent("Hello", ago=59), "Hello", row(), True),
        (sent("Hello", ago=61), "Hello", row(), False),
        (sent("Hallo"), "Hello", row(), False),
        (sent(None), "Hello", row(), False),
        (sent("Ferry\nlate"), "Ferry\nlater", ALERT, False),
        (sent("Ferry\nlate", "xq|tg:7/1|7"), "Ferry\nlater", ALERT, True),
        (sent("Ferry\nlate", "xq|tg:7/2|7"), "Ferry\nlater", ALERT, False),
        (sent("Boat\nlate", "xq|tg:7/1|7"), "Ferry\nlater", ALERT, False),
        (sent("3 posts\na", "bp|7|1"), "3 posts\nb", LIST, True),
        (sent("3 posts\na", "bo|7|1"), "3 posts\nb", LIST, True),
        (sent("3 posts\na", "bp|8|7"), "3 posts\nb", LIST, False),
        (sent("3 posts\na", "sp|7|1"), "3 posts\nb", LIST, False),
    ],
)
def test_a_message_is_known_by_its_text_or_by_its_title_and_buttons(
    message: Any, text: str, told: Delivery, is_same: bool
) -> None:
    assert recall._is_same(message, wanted(text), told) is is_same


@pytest.mark.parametrize(
    ("header", "topic"),
    [
        (None, None),
        (types.MessageReplyHeader(reply_to_msg_id=5), None),
        (types.MessageReplyHeader(forum_topic=True, reply_to_msg_id=1), None),
        (types.MessageReplyHeader(forum_topic=True, reply_to_msg_id=12), 12),
        (types.MessageReplyHeader(forum_topic=True, reply_to_msg_id=5, reply_to_top_id=12), 12),
    ],
)
def test_the_same_message_in_another_topic_is_another(header: Any, topic: int | None) -> None:
    for message, told, text in (
        (sent("Hello", header=header), row, "Hello"),
        (sent("Ferry\nlate", "xq|tg:7/1|7", header=header), alert_row, "Ferry\nlater"),
    ):
        for wished in (None, 12, 13):
            given = told(topic=wished)
            assert recall._is_same(message, wanted(text), given) is (wished == topic)


def test_private_chats_are_numbered_together_and_each_channel_by_itself() -> None:
    assert {recall._numbered_with(chat) for chat in (501, 502, -42)} == {0}
    assert recall._numbered_with(CHANNEL) == CHANNEL
    together = recall._chats_with(501)
    assert all(chat in together for chat in (501, -42, 1)) and CHANNEL not in together
    assert list(recall._chats_with(CHANNEL)) == [CHANNEL]


class Office:
    """A bot that has written to Ann before; what follows is sent past the outbox."""

    def __init__(self, db: Database, client: Any, chat: Any, sandbox: Sandbox) -> None:
        self.db = db
        self.client = client
        self.chat = chat
        self.sandbox = sandbox
        self.recall = Recall(db, client)
        self._random_id = 100

    def request(self, text: str) -> Any:
        self._random_id += 1
        to = outgoing.peer(
            self.chat.user.id,
            self.sandbox.access_hash(self.chat.bot, self.chat.user.id),
        )
        return outgoing.send_request(to, Message(RichText(text)), self._random_id)

    async def send(self, text: str) -> int:
        number = outgoing.sent_id(await clients.call(self.client, self.request(text)))
        assert number is not None
        return number

    async def find(self, text: str, *, id: int = 7, tried: bool = True) -> int | None:
        told = row(chat_id=self.chat.user.id, id=id, tried_at=NOW if tried else None)
        return await self.recall.find(told, self.request(text))

    def asked(self) -> int:
        return self.sandbox.count_calls("messages.getMessages")

    async def note_sent(
        self, number: int | None, *, before: float, chat_id: int | None = None
    ) -> None:
        """A row is known to have become that message, so long before now."""
        key = f"before:{number}"
        chat = chat_id or self.chat.user.id
        new = new_rows.alert(chat, key, AlertPayload(doc_id=key), now=NOW)
        async with self.db.transaction() as tx:
            await queueing.add_deliveries(tx, [new])
            made = await outbox.find_delivery(tx, key)
            assert made is not None
            await mark_sent(tx, made.id, number, NOW - timedelta(seconds=before))


@pytest.fixture
async def office(sandbox: Sandbox, serve_as: Any, database_url: str) -> AsyncIterator[Office]:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    chat = sandbox.add_user("Ann", username="ann").chat_with(bot)
    client = await serve_as(bot)
    client.begin()
    await chat.start()
    db = await database.open_database(database_url)
    made = Office(db, client, chat, sandbox)
    yield made
    await db.close()


async def test_what_was_never_tried_or_has_nothing_before_it_is_not_looked_for(
    office: Office,
) -> None:
    await office.send("Hello")
    assert await office.find("Hello") is None
    await office.note_sent(await office.send("Before"), before=60)
    assert await office.find("Hello", tried=False) is None
    assert office.asked() == 0


async def test_a_message_that_is_out_is_found_once(office: Office) -> None:
    await office.note_sent(await office.send("Before"), before=60)
    first, second = await office.send("Hello"), await office.send("Hello")
    assert await office.find("Hello", id=1) == first
    assert await office.find("Hello", id=2) == second
    assert await office.find("Hello", id=3) is None
    assert office.asked() == 2  # The second call finds no more.
    third = await office.send("Hello")
    assert await office.find("Hello", id=3) is None
    office.recall.lost(office.chat.user.id)
    assert await office.find("Hello", id=3) == third


async def test_what_is_known_to_be_another_rows_is_not_taken(office: Office) -> None:
    await office.note_sent(await office.send("Before"), before=60)
    first, second, third = [await office.send("Hello") for _ in range(3)]
    office.recall.note(office.chat.user.id, first)
    office.recall.note(office.chat.user.id, None)
    office.recall.note(office.chat.user.id + 1, third)
    await office.note_sent(second, before=-60)
    assert await office.find("Hello") == third


async def test_a_look_that_the_network_cuts_off_is_made_again_twice(office: Office) -> None:
    await office.note_sent(await office.send("Before"), before=60)
    await office.send("Hello")
    office.sandbox.faults.fail("messages.getMessages", "CHAT_ID_INVALID")
    assert await office.find("Hello") is None  # What refuses to be looked up is unknown.

    async def cut(*_: object) -> list[Any]:
        raise ConnectionError("cut")

    office.recall._ask = cut  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await office.find("Hello")
    assert await office.find("Hello") is None
    with pytest.raises(ConnectionError):
        await office.find("Hello")
    # A look that succeeds ends the count.
    del office.recall._ask
    assert await office.find("Hello") is not None
    await office.send("Ferry")
    office.recall.lost(office.chat.user.id)
    office.recall._ask = cut  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await office.find("Ferry")


async def test_what_stands_before_what_may_be_a_rows_is_forgotten(office: Office) -> None:
    await office.note_sent(await office.send("Before"), before=90)
    await office.send("Ferry")
    assert await office.find("Other") is None  # All up to here is read, and no more asked for.
    last = [await office.send(text) for text in ("Bread", "Tram", "Boat", "Late")]
    await office.note_sent(last[2], before=30)
    assert await office.find("Ferry", id=8) is None
    assert await office.find("Late", id=9) == last[3]


@pytest.mark.parametrize(
    ("signs", "is_ours"), [({"out": True}, True), ({"post": True}, True), ({}, False)]
)
async def test_a_message_is_ours_where_we_sent_it_or_it_is_a_channels(
    office: Office, signs: dict[str, bool], is_ours: bool
) -> None:
    await office.note_sent(1, before=60)
    there = types.Message(
        id=2, peer_id=types.PeerUser(office.chat.user.id), date=NOW, message="Hello", **signs
    )

    async def ask(_: object, __: int, ids: Sequence[int]) -> list[Any]:
        return [there] if 2 in ids else []

    office.recall._ask = ask  # type: ignore[method-assign, assignment]
    assert await office.find("Hello") == (2 if is_ours else None)


async def test_more_messages_than_one_call_gives_are_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "STEP", 3)
    await office.note_sent(await office.send("Before"), before=60)
    for number in range(7):
        await office.send(f"Number {number}")
    last = await office.send("Hello")
    assert await office.find("Hello") == last
    assert office.asked() == 4


async def test_a_look_ends_after_twenty_calls_of_at_most_a_hundred_numbers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = office.recall._ask

    async def noted(peer: Any, chat_id: int, ids: Sequence[int]) -> list[Any]:
        asked.append(len(ids))
        return await ask(peer, chat_id, ids)

    monkeypatch.setattr(office.recall, "_ask", noted)
    await office.note_sent(await office.send("Before"), before=60)
    assert await office.find("Number 19") is None
    assert asked == [100]
    monkeypatch.setattr(recall, "STEP", 1)
    sent = [await office.send(f"Number {number}") for number in range(22)]
    office.recall.lost(office.chat.user.id)
    assert await office.find("Number 19") == sent[19]
    assert await office.find("Number 20") is None
    assert asked == [100, *[1] * 20]


async def test_one_text_in_two_topics_is_two_messages(office: Office) -> None:
    sandbox, bot = office.sandbox, office.chat.bot
    group = sandbox.add_group("Crew", members=[bot, office.chat.user], admins=[bot], forum=True)
    first, second = await group.open_topic("Ferries"), await group.open_topic("Bread")
    place = utils.get_peer_id(types.PeerChannel(group.id))
    to = outgoing.peer(place, sandbox.access_hash(bot, group.id))

    def request(topic: int | None, random_id: int, reply_to: int | None = None) -> Any:
        hello = Message(RichText("Hello"))
        return outgoing.send_request(to, hello, random_id, topic=topic, reply_to=reply_to)

    async def send(topic: int | None, random_id: int, reply_to: int | None = None) -> int | None:
        call = clients.call(office.client, request(topic, random_id, reply_to))
        return outgoing.sent_id(await call)

    await office.note_sent(await send(None, 50), before=60, chat_id=place)
    general = await send(None, 51)
    there = await send(second, 52)
    answer = await send(second, 53, there)
    found = [
        await office.recall.find(
            row(chat_id=place, id=id, topic=topic, tried_at=NOW), request(topic, 60 + id)
        )
        for id, topic in enumerate((first, second, second, second, None, None))
    ]
    assert found == [None, there, answer, None, general, None]
