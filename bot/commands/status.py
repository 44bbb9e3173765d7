"""How a command ends: its exit status, and one line for each failure."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.process import memory, terminal
from bot.settings import SettingsError
from storage.errors import DatelineError, UsageError


def status_of(work: Callable[[], int]) -> int:
    """The status that the work gives, or 1 for a failure at work, 2 for wrong use, said. Raises
    what nobody foresaw, and what is memory refused (``bot.process.memory``)."""
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
    """Say the problems, a line each; gives the status back."""
    for problem in problems:
        terminal.complain(problem)
    return status


def _refused(error: OSError) -> str:
    """What the system refused, in one line."""
    where = error.filename if isinstance(error.filename, str) else "system"
    what = error.strerror or str(error) or repr(error)
    return f"{where}: {what}; see to that and try again"


def open_streams() -> None:
    """UTF-8 out, and nowhere where we were started without; nothing in where that is closed."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
