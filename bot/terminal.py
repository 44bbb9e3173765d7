"""What a person at a terminal reads: one line a failure, and nothing that a terminal would obey."""

import sys


def complain(problem: str) -> None:
    """Say a failure on stderr, in one line: ``dateline: error: WHERE: WHAT; WHAT TO DO``."""
    sys.stderr.write(f"dateline: error: {one_line(problem)}\n")


def one_line(text: str) -> str:
    """The text on one line, every control and invisible character a space."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
