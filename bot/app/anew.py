"""Beginning anew within the process: how patiently that is done, and when it is given up.

Where it is asked for it is done at once. Where several parts failed at once nobody knows what a
start does about that: each waits for longer than the one before it, and after some in a row the
process ends, so that what supervises it can start it again.

While a server of the database is away (restarted, failed over, out of connections) the service
waits, however long that takes. Only a first start in a data folder ends where nothing answers: the
address may be wrong.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot import logs
from bot.app.account_gone import BeginAnewError
from bot.health import instance
from bot.health.instance import Claim
from bot.process import holder
from bot.process.patience import FIRST_PAUSE, LONGEST_PAUSE
from bot.settings import Settings
from storage.backoff import backoff
from storage.errors import ServiceError, StorageError, UnavailableError
from storage.location import location_of

MOST = 5
"""How often in a row it may begin anew after several parts failed at once."""
CALM = 600.0
"""Seconds of serving after which such a row is over."""
CLAIMING = 120.0
"""Seconds for which a database file is waited for, where the service begins anew."""
LONGEST = 30.0
"""The most seconds between two times that it begins anew, since the server went away in between."""

_CUT_OFF = "several parts failed at once"
# By SQLSTATE: it starts, or has no connection to spare. So the address is right.
_ANSWERS = ("57P03", "53300")
# Classes of SQLSTATE: it knows the user or the database no more.
_LETS_IN_NO_MORE = ("28", "3D")


class CutOffError(BeginAnewError):
    """Several parts failed at once; ``failures`` are those that are known of."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(reason=_CUT_OFF)
        self.failures = list(_failures_behind(error))

    @property
    def said(self) -> str:
        """What failed, for the log."""
        return "; ".join(map(repr, self.failures)) or "nothing is known of it"


class AwayError(BeginAnewError):
    """The server of the database went away before the service had begun."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(reason=str(error))


class Row:
    """How often in a row several parts failed at once. Pure; times in seconds."""

    def __init__(self) -> None:
        self._count = self._away = 0

    def pause(self, anew: BeginAnewError | None, served: float) -> float:
        """How long to wait before it begins anew for that reason, having ``served`` for a time.
        Raises ServiceError where it has been tried often enough."""
        if isinstance(anew, AwayError):
            self._away = 1 if served >= CALM else self._away + 1
            return min(LONGEST, backoff(self._away))
        if not isinstance(anew, CutOffError):
            self._count = self._away = 0
            return 0.0
        self._count = 1 if served >= CALM else self._count + 1
        if self._count > MOST:
            raise ServiceError(
                f"{_CUT_OFF}, {self._count} times in a row", where="run", hint="see the log"
            ) from (anew.failures[0] if anew.failures else None)
        return backoff(self._count)


class Server:
    """How the service waits for the database of ``settings``, where a server has it. It is known
    once it has let the service of this data folder in, now or before. ``note_away`` is told whether
    it is waited for."""

    def __init__(
        self, settings: Settings, note_away: Callable[[bool], None] = lambda _: None
    ) -> None:
        self._settings = settings
        self._note_away = note_away
        self._said = ""
        self._is_server = location_of(settings.database_url).file is None
        self._was_let_in = False
        self._is_known = holder.has_held(settings.data_dir)

    @asynccontextmanager
    async def claimed(self, *, new_database: bool, is_anew: bool) -> AsyncIterator[Claim]:
        """What ``bot.health.instance.claimed`` gives, as soon as the server answers; a file is
        waited for only where it ``is_anew``, for a while."""
        wait = CLAIMING if is_anew else 0.0
        until = math.inf if self._is_server else asyncio.get_running_loop().time() + wait
        async with AsyncExitStack() as stack:
            claim = await self._wait_for(
                lambda: stack.enter_async_context(
                    instance.claimed(self._settings, new_database=new_database)
                ),
                until,
            )
            self.note(None)
            self._was_let_in = self._is_known = self._is_server
            yield claim

    async def _wait_for(self, step: Callable[[], Awaitable[Claim]], until: float) -> Claim:
        """The result of the step, tried again with growing pauses."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await step()
            except StorageError as error:
                now = asyncio.get_running_loop().time()
                if now + pause > until or not self._may_pass(error):
                    raise
                self.note(error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def note(self, error: StorageError | None) -> None:
        """Say once what keeps it waiting, None as soon as that is over."""
        said = "" if error is None else str(error)
        if said not in ("", self._said):
            logs.say(f"dateline: waiting for the database: {said}")
        self._said = said
        self._note_away(error is not None)

    def _may_pass(self, error: StorageError) -> bool:
        if not self._is_server:
            return isinstance(error, UnavailableError)
        code = _code_of(error)
        return self.passes(error) if self._is_known else code in _ANSWERS

    def passes(self, error: BaseException) -> bool:
        """Whether an error says only that the server is away, or that others hold it up: that
        passes by itself, or others see to it."""
        if not self._is_server or not isinstance(error, StorageError):
            return False
        if isinstance(error, UnavailableError):
            return error.cause in ("server", "lock")
        return self._was_let_in and _code_of(error)[:2] in _LETS_IN_NO_MORE

    def lost(self, error: BaseException) -> AwayError:
        """Why to begin anew where the server went away; it is waited for from now on."""
        self._note_away(True)
        return AwayError(error)

    def is_behind(self, error: CutOffError) -> bool:
        """Whether all that failed at once is known, and is that."""
        return bool(error.failures) and all(map(self.passes, error.failures))


def _code_of(error: StorageError) -> str:
    """The SQLSTATE behind an error; empty without one."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def leaves_of(error: BaseException) -> Iterator[BaseException]:
    """The errors of which a group is made; of what is no group, itself."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves_of(inner)
    else:
        yield error


def _failures_behind(error: BaseException) -> Iterator[BaseException]:
    """What failed before what came of it was cut off."""
    behind: BaseException | None = error
    while behind is not None:
        yield from (one for one in leaves_of(behind) if not isinstance(one, asyncio.CancelledError))
        behind = behind.__context__
