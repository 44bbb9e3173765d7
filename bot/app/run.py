"""``dateline run``: everything wired together, started in order, stopped cleanly.

A required task that ends is a failure: the tasks stand in one group, and one that fails ends all.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

import structlog

from bot import logs
from bot.app import presence
from bot.app.account_gone import BeginAnewError
from bot.app.anew import CutOffError, Row, Server, leaves_of
from bot.app.kept_queries import KeptQueries
from bot.app.roles import ALL, Accounts, Role, accounts_of, leases_of, refuse_apart, said_of
from bot.app.service import Service
from bot.app.split import Split
from bot.backups import forgotten, putting_back
from bot.health import server, webhooks
from bot.health.instance import Claim
from bot.health.keeper import Keeper
from bot.health.monitor import Monitor
from bot.process import private_files, stopping
from bot.process.holder import Holder, ReplacedError
from bot.process.required import require
from bot.proxies.route import Route
from bot.settings import Settings
from bot.telegram import clients, failures, sessions, signin
from bot.telegram.clients import Client
from bot.telegram.failures import NotLoggedInError
from bot.telegram.updates import hearing
from bot.watching import web_preview
from handlers.operators.troubles import Troubles
from storage import database
from storage.connection import Database
from storage.documents.authors import open_authors
from storage.errors import DamagedError, DatelineError, UnavailableError
from storage.guarded import GuardedDatabase
from storage.location import location_of
from storage.retention import wiping
from storage.sqlite import upkeep
from storage.version import __version__

VACUUMED_BYTES = 1 << 30
"""A database of this size is written anew within half a minute."""

log = structlog.get_logger("app")


async def run(
    settings: Settings,
    *,
    with_account: bool = True,
    new_database: bool = False,
    deaf_for: float = hearing.LIMIT,
    route: Route | None = None,
    roles: frozenset[Role] = ALL,
) -> int:
    """Serve until SIGTERM or SIGINT; gives 0. Raises UsageError for settings that are missing,
    ServiceError for what keeps it from starting or from going on.

    ``with_account`` False: no user account watches, public channels are read from their web
    previews. ``new_database``: it may be another than the one that was served before, or none yet.
    ``deaf_for``: seconds for which what an account missed is asked for. ``route``: the way to
    Telegram, where it is not to be made of the settings. ``roles``: what of the service is done;
    who finds another at that stands by until it is away.
    """
    refuse_apart(roles, settings.database_url)
    settings.require("api_id", "api_hash", "bot_token")
    logs.configure_for(settings, beside=True)
    log.info("starting", version=__version__)
    sessions.make_private(settings.data_dir)
    _close_to_others(settings.data_dir)
    route = route or Route(settings.proxy)
    accounts = accounts_of(roles, with_account=with_account)
    work = _serve(settings, route, roles, accounts, new_database=new_database, deaf_for=deaf_for)
    serving = asyncio.create_task(work, name="serve")
    try:
        with stopping.stopped_by_signals(serving):
            await serving
    except asyncio.CancelledError:
        log.info("stopped")
    except BaseExceptionGroup as group:
        raise _first_cause(group) from group
    finally:
        logs.close()
    return 0


def _close_to_others(folder: Path) -> None:
    for path in private_files.close_to_others(folder):
        log.warning("others could read a file, and cannot any more", file=str(path))
    if private_files.is_writable_by_others(folder):
        log.warning("others can write into the data folder", folder=str(folder))


def _first_cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that ended everything; a DatelineError where there is one, for it says most."""
    leaves = list(leaves_of(group))
    return next((error for error in leaves if isinstance(error, DatelineError)), leaves[0])


async def _serve(
    settings: Settings,
    route: Route,
    roles: frozenset[Role],
    accounts: Accounts,
    *,
    new_database: bool,
    deaf_for: float,
) -> None:
    monitor = Monitor(Troubles(), ())
    async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        is_alone = location_of(settings.database_url).file is not None
        kept = KeptQueries(settings.data_dir, is_alone=is_alone)
        stack.callback(kept.write)
        if settings.metrics_address is not None:
            await stack.enter_async_context(server.serving(settings.metrics_address, monitor.look))
        require(tasks, monitor.run(), "monitor")
        others = webhooks.run(settings, monitor.is_ready, monitor.news_feed.listen)
        require(tasks, others, "webhooks")
        anew: BeginAnewError | None = None
        row, at = Row(), Server(settings, monitor.note_away)
        while True:
            claiming = at.claimed(new_database=new_database, is_anew=anew is not None)
            async with claiming as claim:
                began = time.monotonic()
                work = _serve_claimed(
                    settings,
                    route,
                    claim,
                    monitor,
                    roles,
                    accounts,
                    deaf_for=deaf_for,
                    anew=anew,
                    at=at,
                    kept=kept,
                )
                anew = await _until_anew(work, at)
            pause = row.pause(anew, time.monotonic() - began)
            log.info("begins anew", reason=str(anew))
            await asyncio.sleep(pause)


async def _until_anew(work: Coroutine[object, object, None], at: Server) -> BeginAnewError | None:
    """Serve until the service has to begin anew; gives why. Raises what else ends it."""
    try:
        # A task of its own: a group that fails leaves its task looking cancelled (Python 3.11).
        await asyncio.create_task(work)
    except BaseExceptionGroup as group:
        asked, rest = group.split(BeginAnewError)
        away, rest = (None, None) if rest is None else rest.split(lambda error: at.passes(error))
        if rest is not None:
            raise rest from group
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from group
        leaves = [] if asked is None else leaves_of(asked)
        found = (one for one in leaves if isinstance(one, BeginAnewError))
        return next(found, None) or (None if away is None else at.lost(next(leaves_of(away))))
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        # Two groups failed at once, and of that a cancellation is left (Python 3.11).
        anew = CutOffError(error)
        if at.is_behind(anew):
            return at.lost(anew.failures[0])
        log.error("several parts failed at once", error=anew.said)
        return anew
    return None


async def _open_account(
    stack: contextlib.AsyncExitStack,
    settings: Settings,
    route: Route,
    anew: BeginAnewError | None,
) -> tuple[Client | None, NotLoggedInError | None]:
    """The account that watches, or why there is none. Raises ServiceError.

    ``anew``: why the service begins anew; an account that was lost is not tried again.
    """
    if anew is not None and anew.error is not None:
        return None, _named(anew.error, settings)
    signed_in = signin.signed_in_user(settings, clients.connect_patiently, route=route)
    try:
        return await stack.enter_async_context(signed_in), None
    except NotLoggedInError as error:
        return None, _named(error, settings)
    except sessions.SessionInUseError:
        if anew is None:
            raise
        # A sign-in has not ended yet.
        return None, failures.not_logged_in("user", "the session is in use")


def _named(error: NotLoggedInError, settings: Settings) -> NotLoggedInError:
    error.hint = signin.naming(error.hint, settings)
    return error


async def _wait_for_turn(
    holder: Holder | None, roles: frozenset[Role], tasks: asyncio.TaskGroup, at: Server
) -> None:
    """Over PostgreSQL, stand by while another process does the same."""
    if holder is None:
        return
    names = leases_of(roles)
    if not await holder.take_all(names):
        logs.say(f"dateline: standing by to {','.join(said_of(roles))}")
        await holder.wait_for(names, at.note)
    require(tasks, _hold(holder), "leases")


async def _hold(holder: Holder) -> None:
    """Renew the leases for ever. Raises LostError when another has one, BeginAnewError when a
    replica has taken the server's place: what is known here may not stand there."""
    try:
        await holder.run()
    except ReplacedError as error:
        raise BeginAnewError(reason=error.what) from error


async def _serve_claimed(
    settings: Settings,
    route: Route,
    claim: Claim,
    monitor: Monitor,
    roles: frozenset[Role],
    accounts: Accounts,
    *,
    deaf_for: float,
    anew: BeginAnewError | None,
    at: Server,
    kept: KeptQueries,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        await _wait_for_turn(claim.holder, roles, tasks, at)
        monitor.expect(accounts)
        if claim.holder is not None and claim.shared is not None:
            await presence.sign(claim.shared, claim.holder, said_of(roles))
        split = Split(roles=roles, holder=claim.holder, plain=claim.shared)
        await _serve_with(
            settings, route, claim, monitor, split, accounts, kept, deaf_for=deaf_for, anew=anew
        )


async def _serve_with(
    settings: Settings,
    route: Route,
    claim: Claim,
    monitor: Monitor,
    split: Split,
    accounts: Accounts,
    kept: KeptQueries,
    *,
    deaf_for: float,
    anew: BeginAnewError | None = None,
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        user, lost = None, None
        if "user" in accounts:
            user, lost = await _open_account(stack, settings, route, anew)
            if lost is not None and not lost.reason:
                raise lost
        if user is not None:
            monitor.follow(user)
        bot = await stack.enter_async_context(
            signin.signed_in_bot(
                settings,
                clients.connect_patiently,
                route=route,
                is_deaf="serve" not in split.roles,
                goes_back=_may_lack_the_last(claim, anew),
            )
        )
        monitor.follow(bot)
        for client in filter(None, (user, bot)):
            client.hearing.limit = deaf_for
        db = await stack.enter_async_context(_opened(settings, claim))
        kept.begin()
        stack.push_async_callback(kept.follow, db)
        keeper = Keeper(claim, db, settings.data_dir)
        stack.callback(keeper.leave_alone)
        stack.push_async_callback(monitor.shut)
        web = await stack.enter_async_context(web_preview.open_client(route))
        async with asyncio.TaskGroup() as tasks:
            authors = await open_authors(db, settings.authors)
            parts = (settings, db, user, bot, web, tasks, keeper, monitor, authors)
            await Service(*parts, split, kept, lost=lost).start()


def _may_lack_the_last(claim: Claim, anew: BeginAnewError | None) -> bool:
    """Whether the server may lack what was committed last: a replica may have taken its place. Then
    messages that were handled are handled again; the answers that it knows of are not repeated, and
    others go out under the same ids, which Telegram refuses where they had been sent."""
    return claim.shared is not None and (anew is not None or claim.finding == "older")


async def _forget_again(settings: Settings, db: Database) -> None:
    """Take out of an older copy, put back by the server's means, who was forgotten since."""
    path = forgotten.path_of(settings)
    try:
        said = await asyncio.to_thread(forgotten.read, [path])
    except ValueError as error:
        raise DamagedError(
            f"it cannot be read who was forgotten: {error}",
            where=str(path),
            hint="mend the line, or move the file away",
        ) from error
    chats, posts = await putting_back.forget_again(db, said, said.redacted)
    log.info("forgotten again in an older copy", chats=chats, posts=posts)


async def _introduce_erasing(db: Database, path: Path) -> None:
    """Write the file anew, the first time: what was deleted before lies in it still."""
    try:
        is_small = (await asyncio.to_thread(path.stat)).st_size <= VACUUMED_BYTES
        if await wiping.introduce(db, may_vacuum=is_small):
            return
        reason = "it is too big for that"
    except UnavailableError as error:
        reason = str(error)
    log.warning(
        "the database was not written anew: what older versions deleted may lie in it until"
        " `VACUUM` is done in the sqlite3 shell, while the service is stopped",
        reason=reason,
    )


async def _introduce_shrinking(db: Database, path: Path) -> None:
    """Write a file of an older version anew, once, so that it can give back what it does not use;
    a larger one goes on using that itself."""
    async with db.reader() as conn:
        pages = await conn.count_pages()
    if pages.can_shrink or (await asyncio.to_thread(path.stat)).st_size > upkeep.SHRUNK_BYTES:
        return
    try:
        await db.vacuum()
    except UnavailableError as error:
        log.warning("the database was not written anew to shrink later", reason=str(error))


@contextlib.asynccontextmanager
async def _opened(settings: Settings, claim: Claim) -> AsyncIterator[Database]:
    """The database, in which only who holds the leases writes where others have it too."""
    if claim.shared is not None and claim.holder is not None:
        shared = GuardedDatabase(claim.shared, claim.holder.guard)
        if claim.is_doubtful:
            await _forget_again(settings, shared)
        yield shared
        return
    db = await database.open_database(settings.database_url, index=False)
    try:
        if claim.path is not None:
            await _introduce_erasing(db, claim.path)
            await _introduce_shrinking(db, claim.path)
        yield db
    finally:
        await db.close()
