"""The quick look's way to use two processors: two processes of which each reads half of the files.

Where processes are handed one test after the other, each reads all files, and the handing over
takes longer than most of these tests.
"""

import os
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
HALF = os.environ.get("HALF")
"""Which of the two this process is, 1 or 2; None where it runs all that it is asked for."""


@cache
def list_half(number: int) -> frozenset[Path]:
    """The files of a half. Those with most tests are dealt out first, one to each in turn."""
    files = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")}
    dealt = sorted(files, key=lambda path: (-files[path].count("def test_"), path))
    return frozenset(dealt[number - 1 :: 2])


def is_others(path: Path) -> bool:
    """Whether a file is the other process's to read."""
    if HALF is None or not path.name.startswith("test_") or path.suffix != ".py":
        return False
    return path not in list_half(int(HALF))
