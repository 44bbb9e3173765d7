"""Whatever is typed, pressed, or called somebody, gets the same answer on both engines, and is kept
alike there."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers import buttons, registry
from handlers.conversation.requests import Press, Request
from handlers.conversation.services import Services
from handlers.normalize.parsing import fields
from storage.chats import personal
from storage.database import open_database
from storage.document import Document
from storage.documents import documents
from storage.outbox import queueing
from storage.records import NewDelivery

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

HOSTILE = {
    "nul": "fer\x00ry",
    "halves": "ferry \udc00\ud83d \ud83d",
    "no characters": "ferry\uffff \ufffe \U0010ffff",
    "controls": "".join(map(chr, range(1, 32))) + "ferry\x7f\x80\x9f\u202e\u200b",
    "escaped": "ferry \\u0000 \\ud83d \\ 'ferry' $1 ? %s {0} E'\\000'",
    "long": "ferry" * 13_000,
}
STEPS = (
    "/search {}",
    '/search "{}"',
    "/search ferry OR {}",
    "/latest {}",
    "/quotes {}",
    "/trend {}",
    "/compare {}, ferry",
    "/alert {}",
    "/alert ferry {}",
    "/alert {} -ferry",
    "/save https://t.me/harbour/7 {}: a note",
    "/save https://t.me/harbour/7 Brief: {}",
    "/feed {}",
    "/feed ferry {}",
    "/surge {}",
    "/silence @{}",
    "/silence {}",
    "/links {}",
    "/share {}",
    "/links",
    "/suggest @{}",
    "/digest daily {}",
    "/digest weekdays {}",
    "/catchup {}",
    "/review {}",
    "/quiet {}",
    "/timezone {}",
    "/language {}",
    "/why {}",
    "/for @{}",
    "/export {}",
    "/{}",
    "{}",
    "/alerts",
    "/collections",
    "/feed",
    "/mine",
    "/settings",
)
RANDOM = re.compile(
    r"(?<=[/'])[\w-]{43}(?=[.'])|(?<=fr\|0\|)[\w-]{12}|(?:(?<=start=l_)|(?<=\|))[\w-]{22}(?=')",
    re.ASCII,
)
"""What each address of a feed and each link, and the buttons that end them, have of their own."""
FEEDS = "http://127.0.0.1:8080"


class Played:
    """A person whose name is a word before the service, and what all said was answered."""

    def __init__(self, services: Services, word: str) -> None:
        self._services = services
        self._word = word
        self._said = 0
        self.told: list[object] = []

    async def say(self, step: str) -> None:
        """Say it; the answers are told, and put into the outbox as they would be."""
        self._said += 1
        request = Request(
            chat_id=1,
            sender_id=1,
            text=step.replace("{}", self._word),
            now=NOW + timedelta(seconds=self._said),
            message_id=self._said,
            name=self._word,
            username=self._word,
            language="en",
        )
        answers = (await registry.answer(request, self._services)).messages
        payloads = [message.to_payload() for message in answers]
        self.told.append((step, [RANDOM.sub("", repr(payload)) for payload in payloads]))
        rows = [
            NewDelivery(
                key=f"{self._said}:{place}",
                chat_id=1,
                kind="answer",
                priority=1,
                payload=payload,
                due_at=NOW,
                created_at=NOW,
            )
            for place, payload in enumerate(payloads)
        ]
        async with self._services.database.transaction() as tx:
            await queueing.add_deliveries(tx, rows)

    async def press(self, data: str) -> None:
        """Press what the word is the data of."""
        press = Press(chat_id=1, sender_id=1, data=data, now=NOW, message_id=1, language="en")
        self.told.append((data, repr(await buttons.press(press, self._services))))


async def play(url: str, word: str, posts: Sequence[Document]) -> list[object]:
    """What is answered to every step, and what is kept of it."""
    opened = await open_database(url)
    try:
        async with opened.transaction() as tx:
            await documents.store_documents(tx, posts, stored_at=NOW, live=True)
        ann = Played(Services(database=opened, bot_username="dateline_bot", feeds_url=FEEDS), word)
        for step in STEPS:
            await ann.say(step)
        for data in (word, f"sm|{word}", f"al|1|{word}", f"co|{word}"):
            await ann.press(data)
        async with opened.reader() as conn:
            parts = await personal.list_parts(conn, 1)
        return [*ann.told, *((part.name, RANDOM.sub("", repr(part.rows))) for part in parts)]
    finally:
        await opened.close()


@pytest.mark.parametrize("name", HOSTILE)
async def test_both_engines_answer_alike(
    name: str, database_url: str, postgres_url: str, make_post: Any
) -> None:
    word = HOSTILE[name]
    title = fields.clean(word)
    posts = [make_post(7, "Ferries"), make_post(8, title, author_signature=title)]
    ours = await play(database_url, word, posts)
    theirs = await play(postgres_url, word, posts)
    assert ours == theirs
