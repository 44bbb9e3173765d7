"""Questions on the terminal, asked by the event loop: connections stay alive meanwhile.

Nothing waits in a thread, so Ctrl-C ends a question at once. The questions go to stderr: stdout
carries results only.
"""

import asyncio
import contextlib
import os
import sys
import termios
from collections.abc import Iterator

LONGEST = 4096


async def ask(question: str, secret: bool = False) -> str:
    """The line that is typed, without white space around it; ``secret``: it is not shown.

    Raises EOFError where no more will be typed.
    """
    descriptor = sys.stdin.fileno()
    with _unseen(descriptor) if secret else contextlib.nullcontext():
        sys.stderr.write(f"{question}: ")
        sys.stderr.flush()
        try:
            line = await _read_line(descriptor)
        finally:
            if secret:
                sys.stderr.write("\n")
    return line.decode(errors="replace").strip()


async def _read_line(descriptor: int) -> bytes:
    """The next line of a terminal, which gives whole lines alone."""
    loop = asyncio.get_running_loop()
    typed = b""
    while not typed.endswith(b"\n"):
        ready = asyncio.Event()
        loop.add_reader(descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(descriptor)
        part = os.read(descriptor, LONGEST)
        if not part:
            raise EOFError
        typed += part
    return typed


@contextlib.contextmanager
def _unseen(descriptor: int) -> Iterator[None]:
    """What is typed is not shown, from before the question until after the answer."""
    before = termios.tcgetattr(descriptor)
    silent = [*before]
    silent[3] = before[3] & ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
