"""Memory that the machine refuses: how that shows, and an end that needs none.

Python says it in several ways, and whatever is done then may be refused as well: a line, the end of
the interpreter itself. So the last word is made beforehand, and nothing comes after it.
"""

import errno
import os
import sys
from typing import NoReturn

REFUSED = "system: there is not enough memory; nothing was lost; give it more and start again"
_LAST_WORD = f"dateline: error: {REFUSED}"
_LAST_BYTES = f"{_LAST_WORD}\n".encode()
_SIGNS = ("can't start new thread", "cannot allocate memory", "failed to map segment")
_DEPTH = 100
"""Errors that are looked at behind one: they may stand in a circle."""


def is_refused(error: BaseException | None) -> bool:
    """Whether this is memory refused, or what came of that: in a group, or as what was handled
    while it was raised."""
    try:
        return _is_refused(error, _DEPTH)
    except (MemoryError, SystemError):
        return True


def _is_refused(error: BaseException | None, depth: int) -> bool:
    while isinstance(error, Exception | BaseExceptionGroup) and depth:
        if _shows_it(error):
            return True
        depth -= 1
        if isinstance(error, BaseExceptionGroup):
            return any(_is_refused(one, depth) for one in error.exceptions)
        error = error.__cause__ or error.__context__
    return False


def _shows_it(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    if isinstance(error, ImportError | RuntimeError):
        return any(sign in str(error).lower() for sign in _SIGNS)
    # Python itself gives the second where it can't even make the first.
    return isinstance(error, MemoryError | SystemError)


def end() -> NoReturn:
    """Say so and end here and now, with status 1: to end the interpreter takes memory."""
    try:
        sys.stdout.flush()
        from bot.process.terminal import say  # it waits for no reader that has stalled

        say(_LAST_WORD)
    except BaseException:
        os.write(2, _LAST_BYTES)
    finally:
        os._exit(1)
