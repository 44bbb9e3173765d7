"""Questions that the bot asked people: the next message of that person is the answer.

They are kept in the database. Who has one is remembered here too, so that other messages in groups
need no look there.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.texts import typed
from storage.connection import Database
from storage.subscribers import questions
from storage.subscribers.questions import Question

FORGOTTEN_AFTER = timedelta(minutes=30)
BUTTON = -1
"""In place of the number of a message that answered: it was a button."""

ChatAndSender = tuple[int, int]
"""A chat and a person."""


@dataclass(slots=True)
class Questions:
    """Who has a question, and since when; of those that are over the last one is known still."""

    _open: OrderedDict[ChatAndSender, datetime] = field(default_factory=OrderedDict)
    _closed: OrderedDict[ChatAndSender, datetime] = field(default_factory=OrderedDict)

    async def load(self, database: Database, *, now: datetime) -> None:
        """Know what was asked before a restart."""
        async with database.reader() as conn:
            for question in await questions.list_known(conn, since=now - FORGOTTEN_AFTER):
                self._open[question.chat_id, question.sender_id] = question.asked_at

    async def ask(
        self,
        database: Database,
        whose: ChatAndSender,
        command: str,
        *,
        before: str = "",
        suggestion: str = "",
        now: datetime,
    ) -> Question:
        """Put a question, in place of the one that this person had in this chat."""
        async with database.transaction() as tx:
            question = await questions.ask(
                tx,
                chat_id=whose[0],
                sender_id=whose[1],
                command=command,
                before=before,
                suggestion=suggestion,
                forgotten_before=now - FORGOTTEN_AFTER,
                now=now,
            )
        self._closed.pop(whose, None)
        self._open.pop(whose, None)
        self._open[whose] = now
        for known in (self._open, self._closed):
            while known and now - next(iter(known.values())) > FORGOTTEN_AFTER:
                known.popitem(last=False)
        return question

    async def take(
        self, database: Database, whose: ChatAndSender, message_id: int, *, now: datetime
    ) -> Question | None:
        """The open question of this person in this chat, which the message of this number answers
        or ends; asked for again by the same message, the same. None where there is none."""
        asked = self._find(whose)
        if asked is None:
            return None
        whose = asked
        async with database.transaction() as tx:
            question = await questions.find_latest(tx, *whose)
            if question is not None and question.answered_by is None:
                await questions.close(tx, question.id, answered_by=message_id)
        self._close(whose)
        if question is None or question.answered_by not in (None, message_id):
            return None
        return question if now - question.asked_at <= FORGOTTEN_AFTER else None

    async def find_answered(
        self, database: Database, whose: ChatAndSender, message_id: int, *, sent_at: datetime | None
    ) -> Question | None:
        """The last question of this person in this chat, if the message of this number answered it;
        or is to, since it was sent when that had been asked, and was never heard before."""
        async with database.reader() as conn:
            question = await questions.find_latest(conn, *whose)
        if question is None:
            return None
        if question.answered_by is None and sent_at is not None and sent_at > question.asked_at:
            return await self.take(database, whose, message_id, now=sent_at)
        return question if question.answered_by == message_id else None

    async def end(self, database: Database, whose: ChatAndSender, *commands: str) -> None:
        """The question of this person in this chat is over where it is one of these commands': a
        button has answered it."""
        if whose not in self._open:
            return
        async with database.transaction() as tx:
            question = await questions.find_latest(tx, *whose)
            if question is None or question.command not in commands:
                return
            await questions.close(tx, question.id, answered_by=BUTTON)
        self._close(whose)

    async def reopen(self, database: Database, question: Question) -> None:
        """Nothing came of the answer: another one is waited for."""
        async with database.transaction() as tx:
            await questions.close(tx, question.id, answered_by=None)
        self._closed.pop((question.chat_id, question.sender_id), None)
        self._open[question.chat_id, question.sender_id] = question.asked_at

    def _close(self, whose: ChatAndSender) -> None:
        asked_at = self._open.pop(whose, None)
        if asked_at is not None:
            self._closed[whose] = asked_at

    def is_open(self, chat_id: int, sender_id: int | None) -> bool:
        """Whether something is asked of this person in this chat, late or not."""
        whose = self._find((chat_id, sender_id)) if sender_id is not None else None
        return whose in self._open

    def _find(self, whose: ChatAndSender) -> ChatAndSender | None:
        """The key under which this person's question is stored. An administrator who writes as the
        group itself answers the last question to anybody there: the person who pressed a button has
        another id there."""
        if whose in self._open or whose in self._closed:
            return whose
        chat_id, sender_id = whose
        if chat_id != sender_id:
            return None
        return next((one for one in reversed(self._open) if one[0] == chat_id), None)

    def forget(self, chat_id: int) -> None:
        """Know nothing of a chat, nor of a person, any more."""
        for known in (self._open, self._closed):
            for whose in [whose for whose in known if chat_id in whose]:
                del known[whose]


def is_cancelling(text: str) -> bool:
    """Whether somebody who was asked says that they leave it."""
    word = text.strip().rstrip(".!").casefold().removeprefix("/")
    return typed.QUESTION.meanings().get(word) == "cancel"
