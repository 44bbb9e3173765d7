"""``dateline backfill``: reads a channel's history, oldest first, from where it stopped.

A running service holds the account's session, so it does the work and this command follows it;
otherwise the work is done here. The progress is in the database either way.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot import logs
from bot.commands import archive
from bot.intake.intake import Intake
from bot.intake.own_words import OwnWords
from bot.intake.saved_queries import SavedQueries
from bot.process import progress
from bot.process.gate import Gate
from bot.proxies.route import Route
from bot.settings import Settings
from bot.telegram import clients, sessions, signin
from bot.telegram.sessions import SessionInUseError
from bot.watching import web_preview
from bot.watching.backfill import Backfiller
from bot.watching.registrar import Registrar
from bot.watching.sharing.access import Access, SoleAccess
from bot.watching.watching import make_sources
from bot.watching.watchlist import Watchlist
from handlers.operators.notices import Notices
from handlers.render.text.names import name_of
from handlers.sources import references
from storage.channels import backfills, channels
from storage.connection import Database
from storage.documents.authors import open_authors
from storage.errors import NotFoundError, ServiceError
from storage.location import location_of
from storage.outbox.gate import Outbox
from storage.query.reading import dates
from storage.records import Backfill, Channel

POLL = 0.3


async def run(
    settings: Settings, name: str, *, since: str | None, limit: int | None, as_json: bool
) -> int:
    """Read the history of a watched channel; 0 when done. Raises ServiceError if it cannot be read.

    ``since``: a date as in queries; older posts are left out. ``limit``: this run ends after so
    many posts; the next one continues.
    """
    first = _start(settings, since) if since else None
    async with archive.opened(settings) as database:
        channel = await _ask(database, name, first, limit)
        with progress.counted("reading history") as advance:
            working = asyncio.create_task(_work(settings, database, channel))
            try:
                done = await _follow(database, channel, working, advance)
            finally:
                working.cancel()
                await asyncio.wait({working})
    _show(channel, done, as_json=as_json)
    if done.error:
        hint = "see `dateline channels status`"
        raise ServiceError(done.error, where=name_of(channel), hint=hint)
    return 0


def _start(settings: Settings, since: str) -> datetime:
    return dates.read_start(since, now=datetime.now(UTC), zone=ZoneInfo(settings.timezone))


async def _ask(database: Database, name: str, since: datetime | None, limit: int | None) -> Channel:
    reference = references.parse_reference(name)
    async with database.transaction() as tx:
        channel = await references.find(tx, reference)
        if channel is None:
            raise NotFoundError(
                "is not watched", where=name, hint=f"run `dateline channels add {name}` first"
            )
        now = datetime.now(UTC)
        await backfills.ask_for(tx, channel.id, since=since, limit=limit, now=now)
        await channels.note_change(tx)
    return channel


async def _follow(
    database: Database,
    channel: Channel,
    working: "asyncio.Task[None]",
    advance: Callable[[int, int], None],
) -> Backfill:
    """Show the progress until the work is done; returns the final state."""
    while True:
        async with database.reader() as conn:
            backfill = await backfills.find_backfill(conn, channel.id)
        if backfill is None:
            raise NotFoundError("is not watched any more", where=name_of(channel))
        advance(
            max(0, backfill.next_id - backfill.first_id),
            max(1, backfill.last_id + 1 - backfill.first_id),
        )
        if backfill.finished_at is not None:
            return backfill
        if working.done():
            working.result()
        await asyncio.sleep(POLL)


async def _work(settings: Settings, database: Database, channel: Channel) -> None:
    """Read the history here, unless a running service holds the session and will do it."""
    with contextlib.suppress(SessionInUseError):
        async with _reader(settings, database, channel) as (watchlist, backfiller):
            known = watchlist.get(channel.id)
            if known is None:
                async with database.reader() as conn:
                    error = (await channels.get_channel(conn, channel.id)).error
                raise ServiceError(error or "it cannot be read", where=name_of(channel))
            delay = 0.0
            while True:
                await asyncio.sleep(delay)
                delay = await backfiller.read(known)
                if not delay:
                    return


@contextlib.asynccontextmanager
async def _reader(
    settings: Settings, database: Database, channel: Channel
) -> AsyncIterator[tuple[Watchlist, Backfiller]]:
    """The reader of histories in this process, with the account if there is one."""
    logs.configure_for(settings)
    route = Route(settings.proxy)
    async with contextlib.AsyncExitStack() as stack:
        user = await _open_account(stack, settings, route)
        web = await stack.enter_async_context(web_preview.open_client(route))
        notices = Notices((), language=settings.bot_language, outbox=Outbox())
        watchlist = Watchlist()
        gate = Gate()
        # Over a server other accounts may watch: what they know of channels is left to them.
        access = SoleAccess() if location_of(settings.database_url).file else Access()
        registrar = Registrar(user, database, watchlist, notices, gate, access=access)
        await registrar.open_one(channel)
        authors = await open_authors(database, settings.authors)
        own = OwnWords(database)
        await own.open()
        intake = Intake(database, SavedQueries(()), authors=authors, own=own)
        taking = asyncio.create_task(intake.run())
        try:
            yield (
                watchlist,
                Backfiller(
                    database,
                    watchlist,
                    intake,
                    make_sources(settings, user, web),
                    notices,
                    gate,
                    account_serves=lambda: user is not None and user.fatal_error() is None,
                ),
            )
        finally:
            taking.cancel()
            await asyncio.wait({taking})


async def _open_account(
    stack: contextlib.AsyncExitStack, settings: Settings, route: Route
) -> clients.Client | None:
    """The account that reads, if somebody has logged in. Raises SessionInUseError if the service
    runs."""
    sessions.make_private(settings.data_dir)
    # A running service holds this one even where it watches without an account.
    with sessions.locked(sessions.session_path(settings.data_dir, "bot")):
        pass
    if not sessions.read_notes(sessions.session_path(settings.data_dir, "user")):
        return None
    settings.require("api_id", "api_hash")
    return await stack.enter_async_context(
        signin.signed_in_user(settings, clients.connect, route=route)
    )


def _show(channel: Channel, done: Backfill, *, as_json: bool) -> None:
    is_whole = done.finished_at is not None and done.next_id > done.last_id
    if as_json:
        facts = {
            "channel": name_of(channel),
            "posts": done.posts,
            "next_id": done.next_id,
            "last_id": done.last_id,
            "complete": is_whole,
            "error": done.error,
        }
        sys.stdout.write(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n")
        return
    state = "all is read" if is_whole else f"read up to message {max(0, done.next_id - 1)}"
    sys.stdout.write(f"{name_of(channel)}: {done.posts} posts of history, {state}\n")
