"""How a command ends: its exit status, and a line for each failure."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.process import memory, terminal
from storage.errors import DatelineError, SettingsError, UsageError


def status_of(work: Callable[[], int]) -> int:
    """The status that ``work`` returns; 1 for a failure, 2 for wrong use, each printed. Raises
    unforeseen errors and those of refused memory (``bot.process.memory``)."""
    try:
        status = work()
        sys.stdout.flush()
    except SettingsError as error:
        return fail(2, *map(str, error.problems))
    except UsageError as error:
        return fail(2, str(error))
    except DatelineError as error:
        return fail(1, str(error))
    except BrokenPipeError:
        # The reader of our output has left: nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if memory.is_refused(error):
            raise
        return fail(1, _refused(error))
    except KeyboardInterrupt:
        return fail(1, "interrupted")
    return status


def fail(status: int, *problems: str) -> int:
    """Print the problems, a line each; returns the status."""
    for problem in problems:
        terminal.complain(problem)
    return status


def _refused(error: OSError) -> str:
    """What the system refused, in one line."""
    where = error.filename if isinstance(error.filename, str) else "system"
    what = error.strerror or str(error) or repr(error)
    return f"{where}: {what}; see to that and try again"


def open_streams() -> None:
    """Make stdout and stderr UTF-8, and replace streams that are closed by the null device."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
