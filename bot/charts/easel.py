"""The process that draws: one chart after another (JSON) comes in, its picture (PNG) goes out.

It ends when nothing more can come in: with the service, however that ends.
"""

import gc
import io
import json
import os
import resource
import sys
from typing import BinaryIO

from bot.charts import drawing

LENGTH = 4
"""Bytes before each chart and each picture, which say how many follow."""
PICTURES = 50
"""The pictures that a process draws before another one takes its place, which ends any leak."""
MOST_MEMORY = 2 << 30
MOST_SECONDS = 20
"""Of the processor, for one picture."""
MOST_WRITTEN = 32 << 20
MOST_SAID = 200


def main() -> None:
    """Draw what comes in on standard input, within limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    with os.fdopen(os.dup(1), "wb") as to:
        os.dup2(2, 1)  # what a library prints is no picture
        for _ in range(PICTURES):
            chart = _receive(sys.stdin.buffer)
            if not chart:
                return
            picture = _picture(chart)
            to.write(len(picture).to_bytes(LENGTH, "big") + picture)
            to.flush()


def _receive(come_from: BinaryIO) -> bytes:
    """The next chart; nothing where no more comes."""
    length = int.from_bytes(come_from.read(LENGTH), "big")
    chart = come_from.read(length)
    return chart if len(chart) == length else b""


def _picture(chart: bytes) -> bytes:
    """The picture, or what went wrong."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    drawn = io.BytesIO()
    try:
        drawing.draw(json.loads(chart), drawn)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:MOST_SAID].encode(errors="replace")
    gc.collect()  # a figure refers to itself
    return drawn.getvalue()
