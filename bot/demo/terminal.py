"""A command on a terminal of its own, and somebody who reads and types: for tests and measuring."""

import asyncio
import fcntl
import os
import pty
import re
import sys
import termios
from collections.abc import Mapping
from pathlib import Path

from bot.demo.process import clean_environment

INTERRUPT = "\x03"
END = "\x04"
_CONTROLS = (INTERRUPT, END)


class TerminalProcess:
    """``dateline`` with these arguments, on a pseudo-terminal. ``screen`` is all that it showed."""

    def __init__(self, environment: Mapping[str, str], folder: Path, *arguments: str) -> None:
        self._environment = {**clean_environment(environment), "LANG": "C.UTF-8", "TZ": "UTC"}
        self._folder = folder
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None
        self._shown = asyncio.Event()
        self._master = -1
        self._read = 0
        self.screen = ""

    async def start(self) -> None:
        """Start it, in control of the terminal, so that Ctrl-C reaches it."""
        self._master, slave = pty.openpty()
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *self._arguments,
                cwd=self._folder,
                env=self._environment,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            )
        finally:
            os.close(slave)
        asyncio.get_running_loop().add_reader(self._master, self._take)

    def _take(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # its other end is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._master)
        self.screen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        self._shown.set()

    async def wait(self, pattern: str, timeout: float = 120.0) -> str:  # noqa: ASYNC109
        """Wait for what is shown after what was waited for last; gives what matched.

        Raises TimeoutError with the screen.
        """
        try:
            async with asyncio.timeout(timeout):
                while (match := re.compile(pattern).search(self.screen, self._read)) is None:
                    self._shown.clear()
                    await self._shown.wait()
        except TimeoutError:
            raise TimeoutError(f"no {pattern!r} on the screen:\n{self.screen}") from None
        self._read = match.end()
        return match[0]

    def type(self, text: str) -> None:
        """Type a line; INTERRUPT and END as they are."""
        end = "" if text in _CONTROLS else "\n"
        os.write(self._master, f"{text}{end}".encode())

    async def answer(self, question: str, text: str) -> None:
        """Wait for a question (a pattern that ends before its colon) and type the answer."""
        await self.wait(rf"{question}[^\n]*: $")
        self.type(text)

    async def end(self, timeout: float = 120.0) -> int:  # noqa: ASYNC109
        """Wait until it has ended; gives its exit status, with the whole screen read."""
        if self._process is None:
            return -1
        async with asyncio.timeout(timeout):
            return await self._process.wait()

    async def close(self) -> None:
        """End it, if it still runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            self._master = -1
