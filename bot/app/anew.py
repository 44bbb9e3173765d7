"""Beginning anew within the process: how patiently that is done, and when it is given up.

Where it is asked for it is done at once. Where several parts failed at once nobody knows what a
start does about that: each waits for longer than the one before it, and after some in a row the
process ends, so that what supervises it can start it again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from bot.app.account_gone import BeginAnewError
from bot.health import instance
from bot.health.instance import Claim
from bot.process.patience import patiently
from bot.settings import Settings
from storage.backoff import backoff
from storage.errors import ServiceError

MOST = 5
"""How often in a row it may begin anew after several parts failed at once."""
CALM = 600.0
"""Seconds of serving after which such a row is over."""
CLAIMING = 120.0
"""Seconds for which a server is waited for that has only now taken another's place."""

_CUT_OFF = "several parts failed at once"

T = TypeVar("T")


class CutOffError(BeginAnewError):
    """Several parts failed at once; ``failures`` are those that are known of."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(reason=_CUT_OFF)
        self.failures = list(_failures_behind(error))

    @property
    def said(self) -> str:
        """What failed, for the log."""
        return "; ".join(map(repr, self.failures)) or "nothing is known of it"


class Row:
    """How often in a row several parts failed at once. Pure; times in seconds."""

    def __init__(self) -> None:
        self._count = 0

    def pause(self, anew: BeginAnewError | None, served: float) -> float:
        """How long to wait before it begins anew for that reason, having ``served`` for a time.
        Raises ServiceError where it has been tried often enough."""
        if not isinstance(anew, CutOffError):
            self._count = 0
            return 0.0
        self._count = 1 if served >= CALM else self._count + 1
        if self._count > MOST:
            raise ServiceError(
                f"{_CUT_OFF}, {self._count} times in a row", where="run", hint="see the log"
            ) from (anew.failures[0] if anew.failures else None)
        return backoff(self._count)


@asynccontextmanager
async def claimed(settings: Settings, *, new_database: bool, is_anew: bool) -> AsyncIterator[Claim]:
    """What ``bot.health.instance.claimed`` gives; tried again where it is ``is_anew``."""
    async with AsyncExitStack() as stack:
        yield await patient(
            lambda: stack.enter_async_context(
                instance.claimed(settings, new_database=new_database)
            ),
            is_anew=is_anew,
        )


async def patient(step: Callable[[], Awaitable[T]], *, is_anew: bool) -> T:
    """The result of the step. Where the service begins anew it waits for the database for a while;
    at the first start UnavailableError is raised at once."""
    wait = CLAIMING if is_anew else 0.0
    return await patiently(step, asyncio.get_running_loop().time() + wait)


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
