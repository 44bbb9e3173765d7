"""``dateline check``: finds everything that would keep ``run`` from serving, or from serving well.

Everything is checked, with a line for each result; nothing is changed, except that a lost session
of the bot is made anew, and that a wait for look-ups is stored.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import logs
from bot.commands import archive, status
from bot.commands.checking import accounts, channels, machine, proxies
from bot.commands.checking.channels import Looks, Wanted
from bot.commands.checking.findings import Finding, warning
from bot.process import terminal
from bot.settings import Settings
from bot.telegram import failures, sessions, signin
from bot.telegram.clients import Client
from bot.telegram.sessions import SessionInUseError
from handlers.sources import references
from handlers.sources.references import NoReferenceError, Reference
from storage.channels import channels as stored_channels
from storage.channels import lookups
from storage.connection import Connection
from storage.errors import DatelineError, SettingsError, UsageError
from storage.location import location_of
from storage.records import Channel
from storage.upgrading import looking

Tell = Callable[[Finding], None]


def run(settings: Settings, *, with_account: bool = True, env_file: Path | None = None) -> int:
    """Print the findings. Returns 0 if it can serve, 1 if an account cannot be logged in or
    something else fails, 2 if a setting is wrong. ``with_account``: False if no user account is to
    watch. ``env_file``: where the settings were read from."""
    return asyncio.run(look(settings, with_account=with_account, env_file=env_file))


async def look(
    settings: Settings, *, with_account: bool = True, env_file: Path | None = None
) -> int:
    """``run`` for callers inside an event loop."""
    told: list[Finding] = []

    def tell(finding: Finding) -> None:
        told.append(finding)
        sys.stdout.write(f"{terminal.one_line(str(finding))}\n")
        sys.stdout.flush()

    if (finding := machine.look_at_env_file(env_file or Path(".env"))) is not None:
        tell(finding)
    problems = await check(settings, tell, with_account=with_account)
    if problems:
        wrong_use = any(isinstance(problem, UsageError) for problem in problems)
        return status.fail(2 if wrong_use else 1, *map(str, problems))
    warnings = sum(finding.is_warning for finding in told)
    with_them = f", with {warnings} warning{'' if warnings == 1 else 's'}" if warnings else ""
    sys.stdout.write(f"everything is fine{with_them}\n")
    return 0


async def check(
    settings: Settings, tell: Tell = lambda _: None, *, with_account: bool = True
) -> list[DatelineError]:
    """The problems found, none if it can serve: UsageError for settings, other errors for the rest.
    ``tell`` is called with each other finding.

    A session that another process uses is not opened: the running service is proof that it works.
    """
    logs.configure_for(settings)
    problems: list[DatelineError] = []
    try:
        settings.require("api_id", "api_hash", "bot_token")
    except SettingsError as error:
        problems += error.problems
    problems += machine.list_wrong_forms(settings)
    try:
        sessions.make_private(settings.data_dir)
        found = await machine.look_at_database(settings)
    except DatelineError as error:
        return [*problems, error]
    for finding in (machine.look_at_disk(settings), *found):
        tell(finding)
    if settings.proxy:
        told, unusable = await proxies.look(settings)
        for finding in told:
            tell(finding)
        if unusable is not None:
            return [*problems, unusable]
    if settings.api_id and settings.api_hash:
        problems += await _Course(settings, tell).run(with_account=with_account)
    return list({str(problem): problem for problem in problems}.values())


class _Course:
    """The checks that need Telegram, one after the other."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        self._settings = settings
        self._tell = tell
        self._problems: list[DatelineError] = []
        self._is_reached = False

    async def run(self, *, with_account: bool) -> list[DatelineError]:
        """Run all checks; returns the problems."""
        opened = signin.signed_in_user(self._settings) if with_account else None
        async with self._client(opened) as (user, is_in_use):
            if user is not None:
                await self._look_at_user(user)
            await self._look_at_bot()
            await self._look_at_channels(user, is_in_use=is_in_use)
        return self._problems

    @contextlib.asynccontextmanager
    async def _client(
        self, opened: contextlib.AbstractAsyncContextManager[Client] | None
    ) -> AsyncIterator[tuple[Client | None, bool]]:
        """A signed in client, or None; and whether another process uses its session."""
        async with contextlib.AsyncExitStack() as stack:
            client, is_in_use = None, False
            try:
                if opened is not None:
                    client = await stack.enter_async_context(opened)
            except SessionInUseError as error:
                is_in_use = True
                self._tell(Finding(where=error.where, what=f"{error.what}: not opened"))
            except DatelineError as error:
                error.hint = signin.naming(error.hint, self._settings)
                self._problems.append(error)
            if client is not None and not self._is_reached:
                self._is_reached = True
                self._tell_all(await accounts.look_at_connection(client))
            yield client, is_in_use

    def _tell_all(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            self._tell(finding)

    async def _look_at_user(self, user: Client) -> None:
        self._tell_all(await accounts.look_at_user(user))
        self._tell_all(await accounts.look_at_freeze(user))

    async def _look_at_bot(self) -> None:
        if not self._settings.bot_token:
            return
        async with self._client(signin.signed_in_bot(self._settings)) as (bot, _):
            if bot is not None:
                self._tell(await accounts.look_at_bot(bot))

    async def _look_at_channels(self, user: Client | None, *, is_in_use: bool) -> None:
        account = _account_of(self._settings)
        wanted, refused_until = await list_wanted(self._settings, account)
        if is_in_use:
            self._tell_all([channels.known_finding(one) for one in wanted])
            return
        looks = Looks(self._settings, user, refused_until=refused_until)
        try:
            await looks.list_joined()
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            self._tell(warning("user account", f"its channels are not told: {reason}"))
        if user is not None:
            self._tell(await accounts.look_at_limits(user, len(looks.joined)))
        if not wanted:
            self._tell(warning("CHANNELS", "no channel is watched yet", "name some, or /watch one"))
        self._tell_all(await looks.look(wanted))
        await _remember_refusal(self._settings, looks.refused_for, account)


async def has_database(settings: Settings) -> bool:
    """Whether there is a database yet. Raises StorageError."""
    return (await looking.look_at(location_of(settings.database_url))).is_there


def _account_of(settings: Settings) -> int | None:
    """The id of the account that is logged in, None if unknown."""
    with contextlib.suppress(DatelineError):
        notes = sessions.read_notes(sessions.session_path(settings.data_dir, "user"))
        number = notes.get("id", "")
        return int(number) if number.isdecimal() else None
    return None


async def list_wanted(
    settings: Settings, account: int | None = None
) -> tuple[list[Wanted], datetime | None]:
    """The channels of the settings and of the list in the database, if there is one; and until when
    Telegram refuses to look up names for this account."""
    named = _from_settings(settings)
    if not await has_database(settings):
        return [Wanted(text=text, reference=reference) for text, reference in named], None
    async with archive.opened(settings) as database, database.reader() as conn:
        wanted = [await _want(conn, text, reference) for text, reference in named]
        rows = {one.known.id for one in wanted if one.known}
        for channel in await stored_channels.list_channels(conn, watched=True):
            if channel.id not in rows:
                text = channel.reference or _name(channel)
                reference = references.parse_reference(text)
                wanted.append(Wanted(text=text, reference=reference, known=channel))
        return wanted, await lookups.find_refused_until(conn, datetime.now(UTC), account)


def _from_settings(settings: Settings) -> list[tuple[str, Reference]]:
    """The channels of the settings, each once, however often it is named."""
    named: dict[tuple[str, str], tuple[str, Reference]] = {}
    for text in settings.channels:
        with contextlib.suppress(NoReferenceError):
            reference = references.parse_reference(text)
            named.setdefault((reference.kind, reference.value.lower()), (text, reference))
    return list(named.values())


async def _want(conn: Connection, text: str, reference: Reference) -> Wanted:
    known = await references.find(conn, reference)
    is_removed = known is None and await references.is_removed(conn, reference)
    return Wanted(text=text, reference=reference, known=known, is_removed=is_removed)


def _name(channel: Channel) -> str:
    return f"@{channel.username}" if channel.username else str(channel.channel_id)


async def _remember_refusal(settings: Settings, seconds: float, account: int | None) -> None:
    """Store until when look-ups are refused, so that the service makes none before: that would
    prolong it."""
    if seconds and await has_database(settings):
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        async with archive.opened(settings) as database, database.transaction() as tx:
            await lookups.refuse_until(tx, until, account)
