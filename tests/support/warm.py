"""The service started warm: forked from a process that has imported all of it already.

What runs is the same, in a process of its own; only reading the code again, which takes most of a
start, is done once for all tests. ``ServiceProcess`` itself starts cold, as an operator does.
"""

import asyncio
import contextlib
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from bot.demo.process import RUN, ServiceProcess, clean_environment
from bot.process import lean
from storage.errors import ServiceError

_MOST_BYTES = 1 << 17

SERVICE = (
    "bot.cli",
    "bot.app.roles",
    "bot.app.run",
    "anyio._backends._asyncio",
    "apscheduler.executors.asyncio",
    "apscheduler.triggers.date",
    "apscheduler.triggers.interval",
    "babel.dates",
    "babel.messages.pofile",
    "babel.numbers",
    "h11",
    "httpcore2",
    "socksio",
    "truststore",
)
"""What a start imports, and what is imported by and by in the first seconds of each."""


class Nursery:
    """The processes that fork; made once for many tests, ended by ``close``."""

    def __init__(self) -> None:
        self._ready = _Forking(SERVICE)
        self._bare: _Forking | None = None

    def fork(self, request: Mapping[str, Any], *descriptors: int) -> None:
        """Start a service; ``descriptors``: where its stderr goes, and where it is told who it is
        and how it ended. Code of its own may set what is read while the service is imported: it
        comes from where nothing is imported yet."""
        if request["code"] is None:
            self._ready.fork(request, *descriptors)
            return
        if self._bare is None:
            self._bare = _Forking(())
        self._bare.fork(request, *descriptors)

    def close(self) -> None:
        """End them, after all that they started."""
        for one in filter(None, (self._ready, self._bare)):
            one.close()


class _Forking:
    """A process that forks, once it has imported ``modules``."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, __file__, *modules],
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            env=clean_environment({}),
        )
        theirs.close()

    def fork(self, request: Mapping[str, Any], *descriptors: int) -> None:
        socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)

    def close(self) -> None:
        self._control.close()
        self._process.wait()


class WarmProcess(ServiceProcess):
    """A ``ServiceProcess`` that a nursery starts, where it is to run the service or a program."""

    def __init__(self, nursery: Nursery, environment: Mapping[str, str], folder: Path) -> None:
        super().__init__(environment, folder)
        self._nursery = nursery

    async def start(self, *arguments: str, program: Sequence[str] = RUN) -> None:
        """See ``ServiceProcess``."""
        self._ready.clear()
        forked = await _Forked.start(
            self._nursery,
            {
                "arguments": list(arguments or program[2:]),
                "code": program[1] if program[0] == "-c" and not arguments else None,
                "folder": str(self._folder),
                "environment": self._environment,
            },
        )
        self._process = forked  # type: ignore[assignment]  # it does what is asked of one here
        self._reading = asyncio.create_task(self._read(self._process))


class _Forked:
    """As much of ``asyncio.subprocess.Process`` as a ``ServiceProcess`` asks for."""

    def __init__(self, stderr: asyncio.StreamReader, pipe: asyncio.ReadTransport) -> None:
        self.pid = 0
        self.returncode: int | None = None
        self.stderr = stderr
        self._pipe = pipe
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, nursery: Nursery, request: Mapping[str, Any]) -> "_Forked":
        loop = asyncio.get_running_loop()
        source, target = os.pipe()
        ours, theirs = socket.socketpair()
        nursery.fork(request, target, theirs.fileno())
        os.close(target)
        theirs.close()
        stderr = asyncio.StreamReader()
        pipe, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stderr), os.fdopen(source, "rb", 0)
        )
        made = cls(stderr, pipe)
        told, speaking = await asyncio.open_unix_connection(sock=ours)
        first = await told.readline()
        if not first:
            raise ServiceError("the process that forks has ended", where="run")
        made.pid = int(first)
        made._ending = asyncio.create_task(made._wait_told(told, speaking))
        return made

    async def _wait_told(self, told: asyncio.StreamReader, speaking: asyncio.StreamWriter) -> None:
        try:
            self.returncode = int(await told.readline())
        finally:
            speaking.close()
            with contextlib.suppress(OSError):
                await speaking.wait_closed()

    @property
    def _transport(self) -> "_Forked":
        return self

    def get_pipe_transport(self, _number: int) -> asyncio.ReadTransport:
        """The pipe that it speaks into."""
        return self._pipe

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def wait(self) -> int:
        """Wait for its end; gives the status as ``asyncio`` does."""
        if self._ending is not None:
            await asyncio.shield(self._ending)
        self._pipe.close()
        if self.returncode is None:
            raise ServiceError("the process that forks has ended", where="run")
        return self.returncode


def load(modules: Iterable[str]) -> None:
    """Import them as a start does."""
    with lean.without(*lean.NEEDLESS):
        for name in modules:
            importlib.import_module(name)


def _serve(control: socket.socket) -> None:
    """Fork a service for each request, and tell who it is and how it ended."""
    told: dict[int, tuple[int, socket.socket]] = {}
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    is_open = True
    while is_open or told:
        for descriptor, _ in waiting.poll():
            if descriptor in told:
                pid, to = told.pop(descriptor)
                waiting.unregister(descriptor)
                os.close(descriptor)
                _, status = os.waitpid(pid, 0)
                _tell(to, os.waitstatus_to_exitcode(status))
                to.close()
                continue
            message, descriptors, *_ = socket.recv_fds(control, _MOST_BYTES, 2)
            if not message:
                waiting.unregister(control)
                is_open = False
                continue
            pid = os.fork()
            if not pid:
                _become(json.loads(message), descriptors[0])
            os.close(descriptors[0])
            to = socket.socket(fileno=descriptors[1])
            _tell(to, pid)
            handle = os.pidfd_open(pid)
            told[handle] = (pid, to)
            waiting.register(handle, select.POLLIN)


def _tell(to: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):
        to.sendall(f"{number}\n".encode())


def stream(descriptor: int) -> io.TextIOWrapper:
    """As Python makes it where nothing is to be buffered."""
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)  # type: ignore[arg-type]


def _become(request: dict[str, Any], stderr: int) -> NoReturn:
    """Be the service from here on, with nothing of the process that forked it."""
    os.dup2(stderr, 2)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.closerange(3, 1024)
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = stream(1)
    sys.stderr = sys.__stderr__ = stream(2)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    if request["code"] is None:
        from bot.__main__ import main

        sys.exit(main())
    exec(request["code"], {"__name__": "__main__"})  # noqa: S102  # as `python -c` does
    sys.exit(0)


if __name__ == "__main__":
    import gc

    load(sys.argv[1:])
    gc.collect()
    gc.freeze()
    _serve(socket.socket(fileno=0))
