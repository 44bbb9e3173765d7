"""What putting posts into events costs: processor time a post, and memory for two days.

The posts of a file come in 5,000 a day for 48 hours, again and again where they are fewer: each
time with other words, or they would be copies. Memory is that of a window that was read from the
database, as after a start.
"""

import gc
import re
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

import story_events

from handlers.stories import gist, threads
from handlers.stories.gist import Gist
from handlers.stories.threads import Threads

A_DAY = 5_000
DAYS = 2
_MEGABYTE = 1e6
_WORD = re.compile(r"\w+")


def report(path: Path) -> Iterator[str]:
    """A figure a line, then a summary."""
    texts = [row.text for row in story_events.read_rows(path, labelled=False)]
    texts = list(islice(_repeat(texts), A_DAY * DAYS))
    archive = Threads()
    for text in texts:
        terms = threads.read_post(text).terms
        archive.count(terms.times, russian=terms.russian)
    spent, joined = _thread(texts, archive)
    held = _hold(joined)
    yield f"thread_ms {spent * 1000:.3f}"
    yield f"window_mb {held / _MEGABYTE:.1f}"
    yield (
        f"{len(texts)} posts, {A_DAY} a day: {spent * 1000:.3f} ms of processor time a post,"
        f" {held / _MEGABYTE:.1f} MB for {DAYS * 24} hours"
    )


def _repeat(texts: Sequence[str]) -> Iterator[str]:
    for again in count() if texts else ():
        mark = chr(ord("а") + again % 32) * again  # before each word: those of nobody else
        yield from (_WORD.sub(rf"{mark}\g<0>", text) for text in texts)


_Joined = tuple[int, int, Gist, int]


def _thread(texts: Sequence[str], archive: Threads) -> tuple[float, list[_Joined]]:
    """Seconds a post, and each post's number, time, gist and event."""
    joined: list[_Joined] = []
    start = time.thread_time()
    for number, text in enumerate(texts, start=1):
        reading = threads.read_post(text)
        if reading.is_roundup:
            continue
        at, about = number * 86_400 // A_DAY, archive.weigh(reading)
        found = archive.join(number, at, about, terms=reading.terms)
        joined.append((number, at, about, found.event))
    return (time.thread_time() - start) / max(1, len(texts)), joined


def _hold(joined: Sequence[_Joined]) -> int:
    """The bytes of a window that holds these posts."""
    packed = [(number, at, gist.pack(about), event) for number, at, about, event in joined]
    gc.collect()
    tracemalloc.start()
    window = Threads().window
    for number, at, terms, event in packed:
        window.add(number, at, gist.unpack(terms), event)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held
