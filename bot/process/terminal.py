"""What a person at a terminal reads: one line a failure, and nothing that a terminal would obey."""

import contextlib
import sys
import time

from bot.process.log_writer import write_some

PATIENCE = 1.0
"""Seconds for which a reader of stderr that has stalled is waited for."""


def complain(problem: str) -> None:
    """Say a failure on stderr, in one line: ``dateline: error: WHERE: WHAT; WHAT TO DO``."""
    say(f"dateline: error: {one_line(problem)}")


def say(line: str) -> None:
    """Write a line to stderr, unless nobody reads it: then nothing waits and nothing fails."""
    try:
        target = sys.stderr.fileno()
    except (OSError, ValueError):  # it was replaced, and is no file
        sys.stderr.write(f"{line}\n")
        return
    rest = memoryview(f"{line}\n".encode("utf-8", "replace"))
    end = time.monotonic() + PATIENCE
    with contextlib.suppress(OSError):
        while rest and time.monotonic() < end:
            rest = rest[write_some(target, rest, seconds=PATIENCE) :]


def one_line(text: str) -> str:
    """The text on one line, every control and invisible character a space."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
