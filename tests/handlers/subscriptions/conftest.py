"""People who send files, and see what comes of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from handlers import registry
from handlers.conversation.requests import GivenFile, Request
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.subscriptions import form, subscriptions
from storage.channels import channels
from storage.connection import Database
from storage.records import Channel
from storage.structs import replace


@dataclass
class Shelves:
    """The files that stand in chats, as Telegram keeps them."""

    files: dict[tuple[int, int], bytes] = field(default_factory=dict)

    async def file_of(self, chat_id: int, message_id: int, most: int) -> GivenFile | None:
        data = self.files.get((chat_id, message_id))
        if data is None:
            return None
        return GivenFile(len(data), data if len(data) <= most else None)


@pytest.fixture
def shelves() -> Shelves:
    return Shelves()


@pytest.fixture
def services(services: Services, shelves: Shelves) -> Services:
    return replace(services, file_of=shelves.file_of, alerts_per_person=8)


@pytest.fixture
def give(shelves: Shelves, now: Any) -> Callable[..., Awaitable[tuple[Message, ...]]]:
    """Has a person send a file, with a text below it."""

    async def given(
        person: Any, data: bytes, text: str = "", name: str = form.NAME, **fields: Any
    ) -> tuple[Message, ...]:
        person.said += 1
        shelves.files[person.chat_id, person.said] = data
        request = Request(
            chat_id=person.chat_id,
            sender_id=person.sender_id,
            text=text,
            now=now,
            message_id=person.said,
            is_private=person.is_private,
            may_manage=person.may_manage,
            language=person.language,
            name=person.name,
            file=name,
            **fields,
        )
        return (await registry.answer(request, person.services)).messages

    return given


@pytest.fixture
def written() -> Callable[[Any], Awaitable[bytes]]:
    """Asks for the file of what somebody has set up."""

    async def asked(person: Any) -> bytes:
        says = "/subscriptions" if person.is_private else "/subscriptions@dateline_bot"
        (message,) = await person.say(says)
        kept = Message.from_payload(message.to_payload()).attachment
        assert kept is not None, message.text.text
        made = await subscriptions.make_file(person.services.database, kept)
        return made.data

    return asked


@pytest.fixture
async def harbour(database: Database, now: Any) -> Channel:
    """A channel that is watched."""
    async with database.transaction() as tx:
        made = await channels.add_channel(tx, channel_id=100, username="harbour", now=now)
        return await channels.update_channel(tx, made.id, title="Harbour News")
