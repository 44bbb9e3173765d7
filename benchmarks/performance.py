"""Measure all that docs/performance.md tells, and write its figures anew: ``./do performance``.

The benchmarks run one after the other; what each prints is put as it is under the page's heading of
it, with its command and how long it took. ``--short`` runs the smaller form of each, and says so on
the page only where ``--write`` is given too. Names choose some of them; ``--database PATH`` is a
database filled by ``search.py``, for searching among as many posts as it has. What fails leaves
the page's former figures where they are, and the exit status is 1.
"""

import argparse
import contextlib
import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
LONGEST = 900

Commands = Mapping[str, tuple[Sequence[str], Sequence[str]]]

COMMANDS: Commands = {
    "matching": (
        ("matching.py", "--queries", "1000", "10000", "100000", "--posts", "200"),
        ("matching.py", "--queries", "1000", "--posts", "40"),
    ),
    "classes": (
        ("matching.py", "--classes", "--queries", "20000", "--posts", "100"),
        ("matching.py", "--classes", "--queries", "200", "--posts", "20"),
    ),
    "storing": (
        ("ingest.py", "--posts", "20000"),
        ("ingest.py", "--posts", "1000"),
    ),
    "importing": (
        ("importing.py", "--posts", "20000"),
        ("importing.py", "--posts", "1000", "--channels", "5"),
    ),
    "pipeline": (
        ("pipeline.py", "--posts", "3000", "--rate", "200"),
        ("pipeline.py", "--posts", "200", "--queries", "100"),
    ),
    "outbox": (
        ("outbox.py",),
        ("outbox.py", "--alerts", "1000", "--rounds", "3"),
    ),
    "searching": (
        ("search.py", "--posts", "20000", "--queries", "20", "--others"),
        ("search.py", "--posts", "1000", "--queries", "8"),
    ),
    "start": (
        ("start.py", "--installed"),
        ("start.py", "--short"),
    ),
    "partition": (
        ("partition.py",),
        ("partition.py", "--short"),
    ),
}
"""By the name on the page: the program as it is run, and its short form."""


def machine() -> str:
    """Where this was measured."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return "\n".join(
        (
            f"{datetime.now(UTC):%Y-%m-%d}",
            f"{os.cpu_count()} cores of {model}, {memory:.0f} GB of memory",
            f"{platform.system()} {platform.release().partition('-')[0]}",
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
            f"load before the first benchmark: {load:.1f}",
        )
    )


def run(arguments: Sequence[str]) -> str | None:
    """What a benchmark prints, with its command ahead; None where it fails."""
    begun = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / arguments[0]), *arguments[1:]],
            stdout=subprocess.PIPE,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        print(f"performance: {arguments[0]} took longer than {LONGEST} s", file=sys.stderr)
        return None
    if done.returncode:
        print(f"performance: {arguments[0]} ended with {done.returncode}", file=sys.stderr)
        return None
    taken = time.monotonic() - begun
    command = " ".join(arg if arg.isascii() and " " not in arg else f'"{arg}"' for arg in arguments)
    return f"$ python benchmarks/{command}   # {taken:.0f} s\n{done.stdout.rstrip()}"


def put(page: str, name: str, text: str) -> str:
    """The page with other figures between the marks of this name. Raises ValueError without."""
    begin, end = f"<!-- figures: {name} -->\n", "<!-- end -->"
    start = page.index(begin) + len(begin)
    stop = page.index(end, start)
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"{page[:start]}```text\n{lines}\n```\n{page[stop:]}"


def write(name: str, text: str) -> None:
    """Put figures into the page."""
    PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def chosen(asked: argparse.Namespace) -> dict[str, list[str]]:
    """What is to be run, by name."""
    found = {
        name: list(both[1] if asked.short else both[0])
        for name, both in COMMANDS.items()
        if not asked.names or name in asked.names
    }
    if asked.database is not None and "searching" in found and not asked.short:
        stored = str(count_posts(asked.database))
        found["searching"] = ["search.py", "--posts", stored, "--queries", "20", "--database"]
        found["searching"].append(str(asked.database))
    return found


def count_posts(database: Path) -> int:
    """How many posts a database has."""
    with contextlib.closing(sqlite3.connect(database)) as db:
        return int(db.execute("SELECT count(*) FROM document").fetchone()[0])


def main() -> int:
    """Run, print, write; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(COMMANDS))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--write", action="store_true", help="with --short: into the page too")
    parser.add_argument("--database", type=Path)
    asked = parser.parse_args()
    if unknown := set(asked.names) - COMMANDS.keys():
        parser.error(f"no benchmark of that name: {min(unknown)}")
    writes = asked.write or not asked.short
    if writes:
        write("machine", machine())
    failed = False
    for name, arguments in chosen(asked).items():
        printed = run(arguments)
        failed = failed or printed is None
        if printed is not None:
            print(f"{printed}\n", flush=True)
            if writes:
                write(name, printed)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
