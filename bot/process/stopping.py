"""The service stopped by a signal: cleanly, and within five seconds wherever it stands.

The first signal stops it, further ones change nothing. What has not ended in time is left as a
power cut would leave it, which loses nothing.
"""

import asyncio
import atexit
import contextlib
import signal
from collections.abc import Awaitable, Iterator
from types import FrameType
from typing import TypeVar

from bot.process.signals import heeded, leave

BOUND = 4.5
"""Seconds from the first signal until the process ends, unless Python begins to end before."""
GRACE = 2.0
"""Seconds of that for what is under way and should not be cut off."""

T = TypeVar("T")


@contextlib.contextmanager
def stopped_by_signals(task: asyncio.Task[object]) -> Iterator[None]:
    """Let the first signal cancel ``task``; the process ends ``BOUND`` seconds later in any case,
    also where the block has been left by then, until Python itself begins to end."""
    loop = asyncio.get_running_loop()
    stopped = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            atexit.register(_ignore_signals)
            signal.signal(signal.SIGALRM, leave)
            signal.setitimer(signal.ITIMER_REAL, BOUND)
            loop.call_soon_threadsafe(task.cancel)

    # Not the loop's own handlers: these work while the loop is held up.
    former = {number: signal.signal(number, stop) for number in heeded()}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """At its very end Python puts the system's own handling back, by which the clock or one more
    signal would end the process with a status of its own."""
    for number in (*heeded(), signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


async def to_its_end(work: Awaitable[T], seconds: float = GRACE) -> T:
    """Await work that should not be cut off: a caller that is cancelled waits for it ``seconds``
    more, and gets its result if it has ended by then.

    Raises CancelledError where it has not.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            task.cancel()
            raise
        return task.result()
