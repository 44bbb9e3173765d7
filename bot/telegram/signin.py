"""Signs the two accounts in with their sessions, for ``run`` and ``check``."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import structlog
from telethon.tl import types

from bot.proxies.route import Route
from bot.settings import Settings
from bot.telegram import clients, failures, sessions
from bot.telegram.clients import Client, NotReachedError
from bot.telegram.failures import NotLoggedInError
from bot.telegram.updates import listening
from storage.backoff import backoff
from storage.errors import DatelineError, ServiceError, UsageError
from storage.structs import replace

ATTEMPTS = 5
LONGEST_WAIT = 60.0
"""The longest wait, in seconds, that ``whoami`` accepts from Telegram."""

UNNAMED = "user"
"""The account's name if none is given."""
_FOLDER = "account-"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_NAMED_IN = re.compile("(`dateline (?:login|setup))")

R = TypeVar("R")

log = structlog.get_logger("signin")

Connect = Callable[[Client], Awaitable[None]]
_TOKEN_REFUSED = frozenset(
    {"ACCESS_TOKEN_INVALID", "ACCESS_TOKEN_EXPIRED", "BOT_TOKEN_INVALID", "USER_DEACTIVATED"}
)


def for_account(settings: Settings, name: str) -> Settings:
    """The settings of the process that uses the named account, which has a data folder inside the
    common one. Raises UsageError."""
    if name == UNNAMED:
        return settings
    if settings.database_url.startswith("sqlite:"):
        raise UsageError(
            "over SQLite one account watches",
            where="--account",
            hint="leave it out, or set DATABASE_URL=postgresql://… and run a process for each",
        )
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for an account",
            where="--account",
            hint="take up to 32 letters, digits, - and _",
        )
    return replace(settings, data_dir=settings.data_dir / f"{_FOLDER}{name}")


def naming(hint: str, settings: Settings) -> str:
    """A hint in which the commands to run name the account of these settings."""
    folder = settings.data_dir.name
    if not folder.startswith(_FOLDER):
        return hint
    return _NAMED_IN.sub(rf"\1 --account {folder.removeprefix(_FOLDER)}", hint)


@contextlib.asynccontextmanager
async def signed_in_user(
    settings: Settings, connect: Connect = clients.connect, *, route: Route | None = None
) -> AsyncIterator[Client]:
    """The watching account, connected and signed in. Raises NotLoggedInError with a hint, and the
    errors of ``opened`` and ``connect``."""
    path = sessions.session_path(settings.data_dir, "user")
    notes = sessions.read_notes(path)
    if not notes:
        raise nobody()
    async with clients.opened(settings, "user", route=route) as client:
        await connect(client)
        if await whoami(client) is None:
            was_there = "name" in notes or client.was_signed_in()
            raise lost(client, name=notes.get("name", "")) if was_there else nobody()
        yield client


def lost(client: Client, *, name: str = "") -> NotLoggedInError:
    """The error for a client whose login has ended. ``name``: whose login it was, if known."""
    error = client.fatal_error()
    reason = failures.failure_of(error).reason if error else "AUTH_KEY_UNREGISTERED"
    return failures.not_logged_in(client.account, reason, name=name)


def nobody() -> NotLoggedInError:
    """The error for a missing login."""
    return NotLoggedInError(
        "no user is logged in", where="user account", hint="run `dateline login`"
    )


@contextlib.asynccontextmanager
async def signed_in_bot(
    settings: Settings,
    connect: Connect = clients.connect,
    *,
    route: Route | None = None,
    is_deaf: bool = False,
    goes_back: bool = False,
) -> AsyncIterator[Client]:
    """The bot, connected and signed in with its token. Raises ServiceError if the token is refused.
    ``is_deaf``: it gets no updates, and only sends. ``goes_back``: it gets those of the last
    minutes again (``bot.telegram.kept_session``)."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            client = await _open_bot(
                stack, settings, connect, route, is_deaf=is_deaf, goes_back=goes_back
            )
        except NotLoggedInError:
            # A bot needs no person to log in again: a session that is lost is made anew.
            await stack.aclose()
            sessions.remove(sessions.session_path(settings.data_dir, "bot"))
            client = await _open_bot(stack, settings, connect, route, is_deaf=is_deaf)
        yield client


async def _open_bot(
    stack: contextlib.AsyncExitStack,
    settings: Settings,
    connect: Connect,
    route: Route | None,
    *,
    is_deaf: bool,
    goes_back: bool = False,
) -> Client:
    opened = clients.opened(settings, "bot", route=route, catch_up=not is_deaf, is_deaf=is_deaf)
    client = await stack.enter_async_context(opened)
    if goes_back:
        client.session.go_back()
    await connect(client)
    if await whoami(client) is None:
        if client.was_signed_in():
            raise NotLoggedInError("the login is not valid any more", where="bot account")
        await _sign_in_bot(client, settings, is_patient=connect is not clients.connect)
    return client


async def _sign_in_bot(client: Client, settings: Settings, *, is_patient: bool) -> None:
    """Sign in with the token. ``is_patient``: wait as long as Telegram asks for, and retry what may
    pass."""
    while True:
        try:
            await at_home(lambda: client.sign_in(bot_token=settings.bot_token))
        except failures.CALL_ERRORS as error:
            failure = failures.failure_of(error)
            passing = failure.kind in ("timeout", "network", "server", "flood")
            if not (is_patient and passing):
                raise explain(error, where="BOT_TOKEN") from error
            delay = max(1.0, failure.seconds)
            log.warning("the bot is not signed in yet", reason=failure.reason, retry_in=delay)
            client.forget_waits()
            await asyncio.sleep(delay)
        else:
            return


async def whoami(client: Client) -> types.User | None:
    """The user that a connected session is signed in as, or None. Raises ServiceError.

    A call that fails in passing is retried a few times.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return await clients.within(client.get_me())
        except failures.CALL_ERRORS as error:
            if failures.is_logged_out(client.fatal_error() or error):
                return None
            failure = failures.failure_of(error)
            passing = failure.kind in ("timeout", "network", "server", "flood")
            if attempt == ATTEMPTS or not passing or failure.seconds > LONGEST_WAIT:
                raise explain(error, where=f"{client.account} account") from error
            client.forget_waits()
        await asyncio.sleep(max(failure.seconds, backoff(attempt) / 4))


async def get_me(client: Client) -> types.User:
    """The user that a session is signed in as. Raises ServiceError, also if the login has ended."""
    me = await whoami(client)
    if me is None:
        raise lost(client)
    return me


async def at_home(make: Callable[[], Awaitable[R]]) -> R:
    """Make a call that may first have to move the client to the account's data centre.

    Telethon moves and then raises, since its retries are off; so the call is made again.
    """
    for _ in range(2):
        with contextlib.suppress(*listening.MIGRATIONS):
            return await clients.within(make())
    return await clients.within(make())


def explain(error: BaseException, *, where: str) -> DatelineError:
    """A call's error as one line for people, with what to do about it."""
    if isinstance(error, DatelineError):
        return error
    failure = failures.failure_of(error)
    if failure.kind in ("timeout", "network"):
        return NotReachedError(
            f"Telegram did not answer: {failure.reason}", where=where, hint="check the network"
        )
    if failure.kind == "flood":
        return ServiceError(
            f"Telegram asks to wait {failure.seconds:.0f} seconds",
            where=where,
            hint="try again then",
        )
    if failure.reason in _TOKEN_REFUSED:
        return ServiceError(
            f"Telegram refuses the token ({failure.reason})",
            where="BOT_TOKEN",
            hint="copy the token from @BotFather again",
        )
    if failure.reason in ("API_ID_INVALID", "API_ID_PUBLISHED_FLOOD"):
        return UsageError(
            f"Telegram refuses API_ID and API_HASH ({failure.reason})",
            where="API_ID",
            hint="copy both from https://my.telegram.org again",
        )
    return ServiceError(f"Telegram refuses: {failure.reason}", where=where, hint="see the log")
