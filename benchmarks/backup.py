"""A backup while posts come in: ``--stored 5000 --rate 200 --seconds 20``.

Posts go through the service's one door (``bot.intake.intake``) at the rate. For half of the time
nothing else happens; then ``dateline backup``, a process of its own, makes backups one after the
other. Told is how long posts took from their push to their commit in each half, and what a look
through each backup gave.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import structlog
from filled import open_filled
from pipeline import fresh, post
from posts import Corpus

from bot.intake.intake import Intake
from bot.intake.saved_queries import SavedQueries
from storage.document import Document
from storage.query.words import forms
from storage.verifying.verify import verify

ROOT = Path(__file__).resolve().parents[1]


async def back_up(folder: Path, target: Path) -> float:
    """Make a backup beside us; gives the seconds it took."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "backup", str(target)),
        env={**os.environ, "DATA_DIR": str(folder)},
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0
    return time.perf_counter() - began


async def push(intake: Intake, made: Sequence[Document], rate: float) -> list[float]:
    """Milliseconds from the push of each post to the end of its commit."""
    taken: list[float] = []

    async def one(document: Document, due: float) -> None:
        await intake.submit([post(document)])
        taken.append(1e3 * (time.perf_counter() - due))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, document in enumerate(made):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(fresh([document])[0], due))
    return taken


async def back_up_meanwhile(folder: Path, work: asyncio.Task[list[float]]) -> list[float]:
    """Backups until the work is done; the seconds that each took."""
    took = []
    while not work.done():
        took.append(await back_up(folder, folder / f"backup{len(took)}.db"))
    return took


async def run(asked: argparse.Namespace, folder: Path) -> None:
    """Measure and print."""
    path = folder / "dateline.db"
    database = await open_filled(path, number=asked.stored)
    intake = Intake(database, SavedQueries())
    working = asyncio.create_task(intake.run())
    half = int(asked.rate * asked.seconds / 2)
    new = list(islice(Corpus(1).documents(asked.stored + 2 * half), asked.stored, None))
    alone = await push(intake, new[:half], asked.rate)
    beside = asyncio.create_task(push(intake, new[half:], asked.rate))
    took = await back_up_meanwhile(folder, beside)
    tell("nothing else", alone)
    tell("while backups are made", await beside)
    working.cancel()
    await database.close()
    print(f"database: {path.stat().st_size / 2**20:.0f} MiB")
    for number, seconds in enumerate(took):
        report = verify(folder / f"backup{number}.db")
        state = "in order" if report.ok else "; ".join(report.problems)
        print(f"backup {number}: {seconds:.1f} s, {report.documents:,} documents, {state}")


def tell(when: str, taken: Sequence[float]) -> None:
    """How long posts took."""
    late = quantiles(taken, n=100)
    print(
        f"{when}: push to commit {median(taken):.0f} ms, 95th percentile {late[94]:.0f} ms,"
        f" 99th {late[98]:.0f} ms, longest {max(taken):.0f} ms"
    )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=5_000)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    forms.load()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(asked, Path(folder)))


if __name__ == "__main__":
    main()
