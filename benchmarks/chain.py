"""Storing posts with the chain, against storing the same posts without: ``--posts N --batch N``.

The baseline is ``store_documents`` as it is, but for the entries. Times are of the processor, all
threads, the best of ``--rounds``; beside them the parts of an entry, its bytes in the file, and
what a proof takes: a day's root, and the paths of a day of ``--day`` entries.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from ingest import seconds, stored
from posts import Corpus

from storage.chain import entries, merkle, versions
from storage.document import Document
from storage.documents import batch


@contextlib.contextmanager
def without_chain() -> Iterator[None]:
    """As if there were no chain: nothing is hashed, nothing is written."""

    async def nothing(*_: object, **__: object) -> None: ...

    with (
        mock.patch.object(batch.chain, "append", nothing),
        mock.patch.object(versions, "canonical_told", lambda _: b""),
    ):
        yield


def storing(made: Sequence[Document], size: int, rounds: int) -> tuple[float, float, int]:
    """Seconds without and with the chain, each the best, and the bytes that it takes."""
    bare, linked, sizes = [], [], [0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            path = Path(folder) / f"bare{number}.db"
            with without_chain():
                bare.append(asyncio.run(stored(path, made, size)))
            sizes[0] = path.stat().st_size
            path = Path(folder) / f"linked{number}.db"
            linked.append(asyncio.run(stored(path, made, size)))
            sizes[1] = path.stat().st_size
    return min(bare), min(linked), sizes[1] - sizes[0]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--day", type=int, default=25_000, help="entries of a day")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    made = list(Corpus(asked.seed).documents(asked.posts))
    half = made[len(made) // 2 :]
    bare, linked, grown = storing(made, asked.batch, asked.rounds)
    print(f"{len(made)} posts, batches of {asked.batch}; µs a post")
    for name, taken in (
        ("store_documents without the chain", bare),
        ("store_documents", linked),
        ("of which canonical form", seconds(versions.canonical, half)),
        ("of which SHA-256", hashing(half)),
    ):
        print(f"{name:34} {1e6 * taken / len(half):8.1f}")
    print(f"with the chain against without: {linked / bare:.3f}")
    print(f"{grown / len(made):.0f} bytes a post")
    proofs(asked.day)


def hashing(made: Sequence[Document]) -> float:
    """Seconds of the hashes of versions and lines."""
    forms = [versions.canonical(document) for document in made]
    line = entries.line_of(10**6, "stored", "tg:1234567890/12345", "x" * 27, None, *[bytes(32)] * 2)
    started = time.process_time()
    for form in forms:
        versions.digest(form)
        entries.hash_of(line)
    return time.process_time() - started


def proofs(size: int) -> None:
    """Print what the root of a day takes, and all paths of it."""
    hashes = [os.urandom(32) for _ in range(size)]
    started = time.process_time()
    merkle.root_of(hashes)
    rooted = time.process_time()
    tree = merkle.Tree(hashes)
    longest = max(len(tree.path(index)) for index in range(size))
    taken = time.process_time() - rooted
    print(f"a day of {size}: its root {1e3 * (rooted - started):.0f} ms,", end=" ")
    print(f"all its paths {1e3 * taken:.0f} ms, {longest} hashes each at most")


if __name__ == "__main__":
    main()
