"""Signals that end the service, from its first line on.

Until the service begins there is nothing to close, so a signal ends it at once, with status 0.
"""

import os
import signal
from collections.abc import Sequence
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def heed(arguments: Sequence[str]) -> None:
    """Let signals end ``dateline run`` from now on; other commands end as the system has it."""
    if command_of(arguments) == "run":
        for number in heeded():
            signal.signal(number, leave)


def command_of(arguments: Sequence[str]) -> str | None:
    """The first argument that is neither an option nor the value of one."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--env-file":
            next(rest, None)
        elif not argument.startswith("-"):
            return argument
    return None


def heeded() -> list[signal.Signals]:
    """The signals to end by: a terminal that goes away is none where ``nohup`` said so."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in ENDING if not (ignored and number == signal.SIGHUP)]


def leave(_number: int, _frame: FrameType | None) -> None:
    """End here and now, as a signal's handler."""
    os._exit(0)
