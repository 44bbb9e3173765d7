"""A real database with a few posts, and a person who talks to the bot."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import holding_one
import pytest
from database_steps import list_active
from examples import open_readily

from handlers import buttons, registry
from handlers.conversation.requests import Press, PressResult, Request
from handlers.conversation.services import Services
from handlers.render.text.messages import Keyboard, Message
from handlers.searching import matches
from storage.connection import Database
from storage.document import Channel, Document, Source
from storage.documents import documents
from storage.records import Alert
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADMIN = 900
HARBOUR = Channel(id=100, username="harbour", title="Harbour News")


@pytest.fixture(autouse=True, scope="module")
def one_connection_at_a_time() -> Iterator[None]:
    """Whoever holds a connection of the database waits for no other."""
    with pytest.MonkeyPatch.context() as patch:
        holding_one.watch(patch)
        yield


@pytest.fixture
def now() -> datetime:
    """The time at which everything in these tests happens."""
    return NOW


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database on disk."""
    opened = await open_readily(database_url)
    yield opened
    await opened.close()


@dataclass
class Hooks:
    """What the process was told."""

    plans: list[int] = field(default_factory=list)


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def active(database: Database) -> Callable[[], Awaitable[list[Alert]]]:
    """Gives the alerts that posts are matched with now."""

    async def listed() -> list[Alert]:
        async with database.reader() as conn:
            return await list_active(conn)

    return listed


@pytest.fixture
def services(database: Database, hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setattr(matches, "SECONDS", 60.0)  # a busy machine counts as far as a quick one
    return Services(
        database=database,
        bot_username="dateline_bot",
        admins=frozenset({ADMIN}),
        alerts_per_person=3,
        plans_changed=hooks.plans.append,
    )


@dataclass
class Person:
    """Someone with a phone: what they say and press, and what they see."""

    services: Services
    chat_id: int = 1
    sender_id: int | None = 1
    language: str = "en"
    is_private: bool = True
    is_channel: bool = False
    may_manage: bool = True
    name: str = "Ann"
    username: str | None = None
    now: datetime = NOW
    said: int = 0
    reply_to: int | None = None
    topic: int | None = None
    is_forwarded: bool = False
    pressed_at: int = 0

    async def say(self, text: str) -> tuple[Message, ...]:
        self.said += 1
        request = Request(
            chat_id=self.chat_id,
            sender_id=self.sender_id,
            text=text,
            now=self.now,
            message_id=self.said,
            reply_to=self.reply_to,
            topic=self.topic,
            is_forwarded=self.is_forwarded,
            name=self.name,
            username=self.username,
            language=self.language,
            is_private=self.is_private,
            is_channel=self.is_channel,
            may_manage=self.may_manage,
        )
        return (await registry.answer(request, self.services)).messages

    async def read(self, text: str) -> str:
        """Say something and read the whole answer."""
        return "\n---\n".join(message.text.text for message in await self.say(text))

    async def forward(self, text: str) -> Message:
        """Forward somebody's words, and see the one message that answers."""
        self.is_forwarded = True
        (message,) = await self.say(text)
        self.is_forwarded = False
        return message

    async def press(self, keyboard: Keyboard, label: str) -> PressResult:
        """Press the button whose label contains some words."""
        found = [button for row in keyboard for button in row if label in button.text]
        assert found, [[button.text for button in row] for row in keyboard]
        assert found[0].data is not None
        return await self.press_data(found[0].data)

    async def press_data(self, data: str) -> PressResult:
        press = Press(
            chat_id=self.chat_id,
            sender_id=self.sender_id,
            data=data,
            now=self.now,
            message_id=self.pressed_at,
            language=self.language,
            is_private=self.is_private,
            may_manage=self.may_manage,
        )
        return await buttons.press(press, self.services)


@pytest.fixture
def ann(services: Services) -> Person:
    """A person in a private chat."""
    return Person(services)


@pytest.fixture
def operator(services: Services) -> Person:
    """The one who runs the instance."""
    return Person(services, chat_id=ADMIN, sender_id=ADMIN)


@pytest.fixture
def member(services: Services) -> Person:
    """Someone in a group who does not manage it."""
    return Person(services, chat_id=-50, sender_id=2, is_private=False, may_manage=False)


@pytest.fixture
def manager(services: Services) -> Person:
    """An administrator of the same group."""
    return Person(services, chat_id=-50, sender_id=3, is_private=False, may_manage=True)


@pytest.fixture
def private(services: Services) -> Callable[[Person], Person]:
    """The same person before a private instance."""

    def closed(person: Person) -> Person:
        return replace(person, services=replace(person.services, access="private"))

    return closed


@pytest.fixture
def make_post() -> Callable[..., Document]:
    """Makes posts of Harbour News, a minute apart, or of another channel."""

    def make(number: int, title: str, **fields: Any) -> Document:
        channel = fields.get("channel", HARBOUR)
        given = {
            "kind": "post",
            "doc_id": f"tg:{channel.id}/{number}",
            "source": Source(type="telethon"),
            "channel": channel,
            "message_id": number,
            "url": f"https://t.me/{channel.username}/{number}",
            "published_at": f"{NOW - timedelta(hours=3) + timedelta(minutes=number):%FT%TZ}",
            "published_precision": "second",
            "published_basis": "api",
            "title": title,
            "content_hash": hashlib.sha256(title.encode()).hexdigest()[:16],
        }
        return Document(**{**given, **fields})

    return make


@pytest.fixture
def store(database: Database) -> Callable[..., Awaitable[None]]:
    """Stores posts as watching does, an hour before now or at ``at``."""

    async def put(*posts: Document, at: datetime = NOW - timedelta(hours=1)) -> None:
        async with database.transaction() as tx:
            await documents.store_documents(tx, posts, stored_at=at, live=True)

    return put
