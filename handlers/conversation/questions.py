"""Questions that were put to people: the next words of that person answer them.

They lie in the database. Who has one is known here too, so that what others say in groups needs no
look there.
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

Place = tuple[int, int]
"""A chat and a person."""


@dataclass(slots=True)
class Questions:
    """Who has a question, and since when; of those that are over the last one is known still."""

    _open: OrderedDict[Place, datetime] = field(default_factory=OrderedDict)
    _closed: OrderedDict[Place, datetime] = field(default_factory=OrderedDict)

    async def load(self, database: Database, *, now: datetime) -> None:
        """Know what was asked before a restart."""
        async with database.reader() as conn:
            for question in await questions.list_known(conn, since=now - FORGOTTEN_AFTER):
                self._open[question.chat_id, question.sender_id] = question.asked_at

    async def ask(
        self,
        database: Database,
        place: Place,
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
                chat_id=place[0],
                sender_id=place[1],
                command=command,
                before=before,
                suggestion=suggestion,
                forgotten_before=now - FORGOTTEN_AFTER,
                now=now,
            )
        self._closed.pop(place, None)
        self._open.pop(place, None)
        self._open[place] = now
        for known in (self._open, self._closed):
            while known and now - next(iter(known.values())) > FORGOTTEN_AFTER:
                known.popitem(last=False)
        return question

    async def take(
        self, database: Database, place: Place, message_id: int, *, now: datetime
    ) -> Question | None:
        """The open question of this person in this chat, which the message of this number answers
        or ends; asked for again by the same message, the same. None where there is none."""
        asked = self._find(place)
        if asked is None:
            return None
        place = asked
        async with database.transaction() as tx:
            question = await questions.find_latest(tx, *place)
            if question is not None and question.answered_by is None:
                await questions.close(tx, question.id, answered_by=message_id)
        self._close(place)
        if question is None or question.answered_by not in (None, message_id):
            return None
        return question if now - question.asked_at <= FORGOTTEN_AFTER else None

    async def end(self, database: Database, place: Place, *commands: str) -> None:
        """The question of this person in this chat is over where it is one of these commands': a
        button has answered it."""
        if place not in self._open:
            return
        async with database.transaction() as tx:
            question = await questions.find_latest(tx, *place)
            if question is None or question.command not in commands:
                return
            await questions.close(tx, question.id, answered_by=BUTTON)
        self._close(place)

    async def reopen(self, database: Database, question: Question) -> None:
        """Nothing came of the answer: another one is waited for."""
        async with database.transaction() as tx:
            await questions.close(tx, question.id, answered_by=None)
        self._closed.pop((question.chat_id, question.sender_id), None)
        self._open[question.chat_id, question.sender_id] = question.asked_at

    def _close(self, place: Place) -> None:
        asked_at = self._open.pop(place, None)
        if asked_at is not None:
            self._closed[place] = asked_at

    def is_open(self, chat_id: int, sender_id: int | None) -> bool:
        """Whether something is asked of this person in this chat, late or not."""
        place = self._find((chat_id, sender_id)) if sender_id is not None else None
        return place in self._open

    def _find(self, place: Place) -> Place | None:
        """Where this person was asked. An administrator who writes as the group itself answers
        what was last asked there of anybody: whoever pressed a button has another name there."""
        if place in self._open or place in self._closed:
            return place
        chat_id, sender_id = place
        if chat_id != sender_id:
            return None
        return next((one for one in reversed(self._open) if one[0] == chat_id), None)

    def forget(self, chat_id: int) -> None:
        """Know nothing of a chat, nor of a person, any more."""
        for known in (self._open, self._closed):
            for place in [place for place in known if chat_id in place]:
                del known[place]


def is_cancelling(text: str) -> bool:
    """Whether somebody who was asked says that they leave it."""
    word = text.strip().rstrip(".!").casefold().removeprefix("/")
    return typed.QUESTION.meanings().get(word) == "cancel"
