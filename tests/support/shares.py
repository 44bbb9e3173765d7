"""The quick look's way to use two processors: three processes of which each reads a third of the
files.

Where processes are handed one test after the other, each reads all files, and the handing over
takes longer than most of these tests. They are one more than the processors, for many tests wait
for the thread of a database: meanwhile another process goes on.
"""

import os
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
COUNT = 3
SHARE = os.environ.get("SHARE")
"""Which of them this process is, from 1; None where it runs all that it is asked for."""


@cache
def list_share(number: int) -> frozenset[Path]:
    """The files of a share. Those with most tests are dealt out first, one to each in turn."""
    files = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")}
    dealt = sorted(files, key=lambda path: (-files[path].count("def test_"), path))
    return frozenset(dealt[number - 1 :: COUNT])


def is_others(path: Path) -> bool:
    """Whether a file is another process's to read."""
    if SHARE is None or not path.name.startswith("test_") or path.suffix != ".py":
        return False
    return path not in list_share(int(SHARE))
