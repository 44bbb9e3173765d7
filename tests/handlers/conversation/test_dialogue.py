"""Whatever people tap and type, in any order, with restarts in between: each gets an answer."""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers import buttons, command_table, registry
from handlers.conversation.questions import Questions
from handlers.conversation.requests import Press, Request
from handlers.conversation.services import Services
from handlers.render.text.keyboards import NOTHING
from handlers.texts import typed
from storage.database import open_database
from storage.document import Channel, Document, Source
from storage.documents import documents
from storage.structs import replace
from storage.subscribers import alerts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POST = "The ferry to Port Example sails. Mayor Anna Sample said so. #ferry"
TYPED = [
    *(f"/{command.name}" for command in command_table.COMMANDS if command.name != "forgetme"),
    *("ferry", "отмена", "cancel", "", "Berln", "8pm", "22:00-07:00", "oil OR", "now", "off"),
    *("@club /alert", "@club", "csv ferry", "https://t.me/harbour/1", "/alert ferry", "/digest x"),
]
STEPS = st.one_of(
    st.sampled_from(TYPED).map(lambda text: ("say", text)),
    st.just(("forward", POST)),
    st.integers(0, 30).map(lambda number: ("press", number)),
    st.sampled_from([("restart", 0), ("wait", 0)]),
)


class Reader:
    """Somebody at the phone, with every button that they were ever shown."""

    numbers = itertools.count(1)

    def __init__(self, services: Services, language: str) -> None:
        self.services, self.language, self.now = services, language, NOW
        self.id = next(self.numbers)
        self.messages = itertools.count(10)
        self.shown: list[tuple[int, str]] = []

    async def do(self, what: str, which: Any) -> None:
        match what:
            case "restart":
                self.services = replace(self.services, questions=Questions())
                await self.services.questions.load(self.services.database, now=self.now)
            case "wait":
                self.now += timedelta(minutes=20)
            case "press" if self.shown:
                await self.press(*self.shown[-1 - which % len(self.shown)])
            case "say" | "forward":
                await self.say(which, is_forwarded=what == "forward")

    async def say(self, text: str, *, is_forwarded: bool) -> None:
        request = Request(
            chat_id=self.id,
            sender_id=self.id,
            text=text,
            now=self.now,
            message_id=next(self.messages),
            name="Ann",
            language=self.language,
            is_forwarded=is_forwarded,
        )
        reply = await registry.answer(request, self.services)
        assert reply.messages
        self.see(reply.messages)

    async def press(self, message_id: int, data: str) -> None:
        press = Press(
            chat_id=self.id,
            sender_id=self.id,
            data=data,
            now=self.now,
            message_id=message_id,
            language=self.language,
        )
        result = await buttons.press(press, self.services)
        assert data == NOTHING or replace(result, leaves_nothing=False) != type(result)()
        self.see((*result.reply, *([result.edit] if result.edit else [])))

    def see(self, messages: Any) -> None:
        for message in messages:
            number = next(self.messages)
            assert message.text.text.strip() or message.attachment is not None
            rows = [button.data for row in message.keyboard for button in row]
            self.shown += [(number, data) for data in rows if data is not None]


@pytest.fixture
def desk(database_url: str) -> Iterator[tuple[asyncio.Runner, Services]]:
    with asyncio.Runner() as runner:
        database = runner.run(open_database(database_url))
        services = Services(
            database=database, bot_username="dateline_bot", admins=frozenset(range(0, 9999, 2))
        )
        document = Document(
            kind="post",
            doc_id="tg:100/1",
            source=Source(type="telethon"),
            channel=Channel(id=100, username="harbour", title="Harbour News"),
            message_id=1,
            published_at=f"{NOW - timedelta(hours=3):%FT%TZ}",
            title=POST,
            content_hash="1" * 16,
        )

        async def store() -> None:
            async with database.transaction() as tx:
                await documents.store_documents(tx, [document], stored_at=NOW, live=True)

        runner.run(store())
        yield runner, services
        runner.run(database.close())


@pytest.mark.slow
def test_every_step_of_a_dialogue_is_answered(desk: tuple[asyncio.Runner, Services]) -> None:
    runner, services = desk

    async def play(steps: list[tuple[str, Any]], language: str) -> None:
        reader = Reader(services, language)
        for step in steps:
            await reader.do(*step)
        async with services.database.reader() as conn:
            have = await alerts.list_alerts(conn, reader.id)
        words = typed.QUESTION.words("cancel")
        said = next((n for n, step in enumerate(steps) if step[1] in words), len(steps))
        # Where no question is open the word is searched for, and a button makes an alert of that.
        if not any(kind == "press" for kind, _ in steps[said:]):
            assert not {alert.query.casefold() for alert in have} & words

    @examples(40)
    @given(st.lists(STEPS, min_size=8, max_size=16), st.sampled_from(["en", "ru"]))
    def run(steps: list[tuple[str, Any]], language: str) -> None:
        runner.run(play(steps, language))

    run()
