"""``dateline problems``: shows what could not be read or stored; retries or drops it.

It may be used beside a running service, which sends the alerts of what is stored within a minute.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bot import logs
from bot.commands import archive
from bot.intake.intake import Intake
from bot.intake.own_words import OwnWords
from bot.intake.saved_queries import SavedQueries
from bot.process import terminal
from bot.settings import Settings
from bot.watching import retrial
from handlers.render.text.dates import Here, here_in, moment
from handlers.texts.languages import words_of
from storage.connection import Database
from storage.documents import problems
from storage.documents.authors import open_authors
from storage.errors import NotFoundError, UsageError
from storage.records import Problem

SHOWN = 100


def show(settings: Settings, *, as_json: bool) -> int:
    """Print what is set aside, oldest first."""
    found = asyncio.run(_read(settings))
    if as_json:
        _print_json(found)
    else:
        _print(found, here_in(settings.timezone, datetime.now(UTC)))
    return 0


def retry(settings: Settings, which: str, *, as_json: bool) -> int:
    """Retry one (its id) or ``all``; returns 1 if any is still refused.

    Raises UsageError, NotFoundError.
    """
    number = None if which == "all" else _id_of("retry", which)
    logs.configure_for(settings)
    retried, left = asyncio.run(_retry(settings, number))
    if as_json:
        _print_json(left)
    else:
        sys.stdout.write(f"taken in: {retried.done}, still refused: {retried.refused}\n")
    return 1 if retried.refused else 0


def drop(settings: Settings, which: str, *, as_json: bool) -> int:
    """Never retry this one. Raises UsageError, NotFoundError."""
    left = asyncio.run(_drop(settings, _id_of("drop", which)))
    if as_json:
        _print_json(left)
    else:
        sys.stdout.write("dropped: 1\n")
    return 0


def _id_of(action: str, which: str) -> int:
    if not which.isascii() or not which.isdigit() or len(which) > 18:
        raise UsageError(
            f"{which!r} is no id", where=f"problems {action}", hint="see `dateline problems`"
        )
    return int(which)


async def _read(settings: Settings) -> list[Problem]:
    async with archive.opened(settings) as database, database.reader() as conn:
        return await problems.list_problems(conn)


async def _retry(settings: Settings, number: int | None) -> tuple[retrial.Retried, list[Problem]]:
    async with archive.opened(settings) as database:
        async with database.reader() as conn:
            listed = [problem.id for problem in await problems.list_problems(conn)]
        if number is not None and number not in listed:
            raise _not_found(number)
        async with _taking_in(settings, database) as intake:
            ids = listed if number is None else [number]
            retried = await retrial.retry(database, intake, ids)
        async with database.reader() as conn:
            return retried, await problems.list_problems(conn)


@contextlib.asynccontextmanager
async def _taking_in(settings: Settings, database: Database) -> AsyncIterator[Intake]:
    """An intake in this process; what it queues is sent by a running service."""
    own = OwnWords(database)
    await own.open()
    intake = Intake(
        database,
        SavedQueries(),
        timezone=settings.timezone,
        authors=await open_authors(database, settings.authors),
        own=own,
    )
    work = asyncio.create_task(intake.run())
    try:
        yield intake
    finally:
        work.cancel()
        await asyncio.wait({work})


async def _drop(settings: Settings, number: int) -> list[Problem]:
    async with archive.opened(settings) as database, database.transaction() as tx:
        if not await problems.drop_problem(tx, number):
            raise _not_found(number)
        return await problems.list_problems(tx)


def _not_found(number: int) -> NotFoundError:
    return NotFoundError(
        "no such problem is there", where=f"problem {number}", hint="see `dateline problems`"
    )


def _print_json(found: list[Problem]) -> None:
    facts = {"problems": [_facts(problem) for problem in found]}
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n")


def _print(found: list[Problem], here: Here) -> None:
    for problem in found[:SHOWN]:
        tries = "once" if problem.tries == 1 else f"{problem.tries} times"
        said = f"{problem.place}: {problem.error}"
        since = moment(problem.since, here, words_of("en"))
        sys.stdout.write(
            f"{problem.id}\t{terminal.one_line(said)} (since {since}, tried {tries})\n"
        )
    if len(found) > SHOWN:
        sys.stdout.write(f"and {len(found) - SHOWN} more\n")


def _facts(problem: Problem) -> dict[str, object]:
    return {
        "id": problem.id,
        "where": problem.place,
        "error": problem.error,
        "since": problem.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tries": problem.tries,
    }
