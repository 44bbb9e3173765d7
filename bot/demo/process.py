"""``dateline run`` as a process of its own, as an operator starts it: for demo and tests."""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bot
from bot import settings
from bot.commands.login import login
from bot.sandbox.server import Sandbox
from bot.sandbox.world.accounts import Bot
from storage.errors import ServiceError

READY = "dateline: ready"
RUN = ("-m", "bot", "run")
KEPT_LINES = 20_000


class ServiceProcess:
    """A child process that runs the service with ``environment`` for settings, in ``folder``."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = clean_environment(environment)
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._said = asyncio.Condition()
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)

    @property
    def pid(self) -> int:
        """The number of the process that was started last. Raises ServiceError before that."""
        if self._process is None:
            raise ServiceError("it was not started", where="run")
        return self._process.pid

    async def start(self, *arguments: str, program: Sequence[str] = RUN) -> None:
        """Start it, with ``run`` unless other arguments are given.

        ``program`` is what Python is to run where there are none.
        """
        self._ready.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(("-m", "bot", *arguments) if arguments else program),
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stderr is None:
            return
        async for line in process.stderr:
            text = line.decode("utf-8", "replace").rstrip("\n")
            self.lines.append(text)
            if text.startswith(READY):
                self._ready.set()
            async with self._said:
                self._said.notify_all()

    async def wait_ready(self, timeout: float = 120.0) -> str:  # noqa: ASYNC109
        """Wait until it says that it is ready; gives that line. Raises ServiceError."""
        ended = asyncio.create_task(self.wait())
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait({ended, ready}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            ready.cancel()
        if not self._ready.is_set():
            raise ServiceError(
                f"the service did not start: {' / '.join(list(self.lines)[-5:])}", where="run"
            )
        return next(line for line in reversed(self.lines) if line.startswith(READY))

    async def wait_line(self, *words: str, timeout: float = 120.0, count: int = 1) -> str:  # noqa: ASYNC109
        """Wait for ``count`` lines on stderr with all these words in them; gives the last.

        Raises TimeoutError.
        """
        async with asyncio.timeout(timeout), self._said:
            await self._said.wait_for(lambda: len(self.find_lines(*words)) >= count)
        return self.find_lines(*words)[-1]

    def find_lines(self, *words: str) -> list[str]:
        """The lines that it has said with all these words in them."""
        return [line for line in self.lines if all(word in line for word in words)]

    def stall(self) -> None:
        """Read nothing of what it says, from now until ``read_on``."""
        if self._reading is not None:
            self._reading.cancel()

    def read_on(self) -> None:
        """Read what it says again."""
        if self._process is not None:
            self._reading = asyncio.create_task(self._read(self._process))

    def hang_up(self) -> None:
        """Close the pipe that it speaks into."""
        self.stall()
        if self._process is not None:
            transport: Any = self._process._transport  # type: ignore[attr-defined]
            transport.get_pipe_transport(2).close()

    async def wait(self) -> int:
        """Wait for its end and all it said; gives the exit status."""
        if self._process is None or self._reading is None:
            raise ServiceError("it was not started", where="run")
        await asyncio.wait([self._reading])
        return await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def stop(self, timeout: float = 20.0) -> int:  # noqa: ASYNC109
        """End it cleanly; gives the exit status. Raises TimeoutError after killing it."""
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(timeout):
                return await self.wait()
        except TimeoutError:
            await self.kill()
            raise

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                await self.wait()


def environment_for(
    sandbox: Sandbox, account: Bot, folder: Path, channels: str, **changes: str
) -> dict[str, str]:
    """The settings of a service that is this bot on the sandbox, with its data in ``folder``;
    ``changes`` are other settings by name."""
    return {
        "API_ID": "1",
        "API_HASH": secrets.token_hex(16),
        "BOT_TOKEN": account.token,
        "CHANNELS": channels,
        "DATA_DIR": str(folder / "data"),
        "TELEGRAM_SERVER": sandbox.address,
        "TELEGRAM_SERVER_KEY": str(sandbox.public_key_path),
        **changes,
    }


async def log_in(environment: Mapping[str, str], folder: Path, phone: str) -> None:
    """Log the watching account in, in two steps, with the code that the sandbox takes."""
    none = folder / "no.env"
    none.touch()
    known = settings.load(environment, none)
    await login(known, phone=phone)
    await login(known, code="12345")


def clean_environment(own: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with its Dateline settings taken out and ``own`` put in."""
    inherited = {name: value for name, value in os.environ.items() if name not in settings.NAMES}
    root = str(Path(bot.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**inherited, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1", **own}
