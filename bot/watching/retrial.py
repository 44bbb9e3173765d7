"""Tries again what was set aside; this needs neither Telegram nor the original file."""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from msgspec import Struct

from bot.intake.asides import kind_of
from bot.intake.intake import Intake
from bot.intake.posts import Post, text_of
from bot.telegram import undecoded
from bot.telegram.answers import Answer
from bot.watching.history import name_peers
from handlers.normalize import registry
from handlers.normalize.telethon import message
from handlers.operators.troubles import level_of
from storage import document_json
from storage.channels import channels, chat_ids
from storage.connection import Database
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.documents import problems
from storage.errors import InputError, StorageError
from storage.records import Channel, NewProblem, Problem
from storage.structs import replace
from storage.version import program

RETRY = 60.0
"""Seconds until the next try if the database failed."""


log = structlog.get_logger("retrial")


class Retried(Struct, frozen=True):
    """How many were stored, and how many are still refused."""

    done: int
    refused: int


async def retry_after_upgrade(database: Database, intake: Intake) -> None:
    """Retry everything that was last tried by another version of the program; returns when done."""
    while True:
        try:
            version = await asyncio.to_thread(program)
            async with database.reader() as conn:
                due = await problems.list_due(conn, version)
            retried = await retry(database, intake, due)
        except StorageError as error:
            log.log(level_of(error), "retrying failed", error=str(error), again_in=RETRY)
            await asyncio.sleep(RETRY)
        else:
            if due:
                log.info("retried", done=retried.done, refused=retried.refused)
            return


async def retry(database: Database, intake: Intake, ids: Sequence[int]) -> Retried:
    """Retry these (ids), one after the other. Raises StorageError if the database fails."""
    done = refused = 0
    for id in ids:
        async with database.reader() as conn:
            problem = await problems.find_problem(conn, id)
        if problem is None:
            continue
        if await _retry(database, intake, problem):
            done += 1
        else:
            refused += 1
    return Retried(done, refused)


async def _retry(database: Database, intake: Intake, problem: Problem) -> bool:
    """Retry one; returns whether it was stored."""
    try:
        found = await asyncio.to_thread(documents_of, problem)
    except Exception as error:
        # Whatever it was set aside for may come again: it stays, with what it says now.
        log.warning("still not read", problem=problem.id, post=problem.place, error=repr(error))
        async with database.transaction() as tx:
            await problems.note_failure(
                tx, problem.id, error=text_of(error), kind=kind_of(error), version=program()
            )
        return False
    channel = await _channel_of(database, problem)
    history = problem.history
    await intake.submit(
        [
            Post(channel=channel, document=document, history=history, problem=problem.id)
            for document in found
        ]
    )
    async with database.reader() as conn:
        return await problems.find_problem(conn, problem.id) is None


async def _channel_of(database: Database, problem: Problem) -> Channel:
    """The channel that posted it, or a substitute if it is no longer known."""
    if problem.channel_id is not None:
        async with database.reader() as conn:
            found = await channels.find_channel(conn, channel_id=problem.channel_id)
        if found is not None:
            return found
    return Channel(id=0, channel_id=problem.channel_id, added_at=datetime.now(UTC))


def documents_of(problem: NewProblem) -> list[Document]:
    """The documents of something that was set aside. Raises whatever error prevents reading it."""
    if problem.raw is None:
        raise InputError("it was too big to be kept: only its source has it", where=problem.place)
    if problem.form == undecoded.FORM:
        return [_decoded(problem.raw, problem)]
    if problem.form == problems.DOCUMENT:
        return [document_json.parse(problem.raw.decode("utf-8", "surrogatepass"))]
    items = registry.read(
        io.BytesIO(problem.raw),
        name=problem.file or problem.place,
        format=problem.form,
        channel=problem.given,
        all_chats=True,
    )
    return [_as_read(item, problem) for item in items]


def _decoded(raw: bytes, problem: NewProblem) -> Document:
    """The post in Telegram's answer about one message."""
    answer = Answer.of(undecoded.decode(raw), None, datetime.now(UTC))
    own = answer.entities.get(chat_ids.of_channel(problem.channel_id or 0))
    name = name_peers({0: own})[0] if own is not None else PostChannel()
    return message.normalize(
        answer.messages,
        channel=replace(name, id=problem.channel_id),
        peers=name_peers(answer.entities),
    )


def _as_read(item: object, problem: NewProblem) -> Document:
    if not isinstance(item, Document):
        raise InputError(str(item), where=problem.place)
    return replace(item, source=replace(item.source, file=problem.file))
