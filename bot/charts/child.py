"""Having a picture drawn, by a process that is killed where it takes too long and gets no secrets.

matplotlib takes a second of the processor and tens of megabytes: neither falls to the service. The
process is started when a picture is asked for, stays for the next ones, and goes when for some
minutes nobody asked for another.
"""

import asyncio
import contextlib
import importlib.util
import os
import sys
from pathlib import Path

import structlog

from bot.charts.easel import LENGTH, MOST_SAID

SECONDS = 15.0
"""Until it is killed: on a machine that is busy the first picture takes two or three."""
IDLE_SECONDS = 180.0
"""For so long it waits for the next picture: until then its memory is taken."""
PARTING_SECONDS = 2.0
"""So long one that is not needed any more has to end by itself, and to clear up what it wrote."""
FAILURES = 3
"""After this many pictures in a row that failed, none is tried for ``REST_SECONDS``: each would
keep the others waiting."""
REST_SECONDS = 300.0
MOST_BYTES = 5_000_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"

_START = "import sys; sys.path[:] = sys.argv[1:]; from bot.charts import easel; easel.main()"
_PASSED = ("HOME", "PATH", "LANG", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""What of the environment a child gets: no token is among it."""

log = structlog.get_logger("deliver")


class Artist:
    """Has pictures drawn, one after the other, by one process at most; the others wait."""

    def __init__(self, *, seconds: float = SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._child: _Child | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._failed = 0
        self._rests_until = 0.0

    async def draw(self, chart: str) -> bytes | None:
        """The picture (PNG) of a chart (JSON); None where there can be none: matplotlib is not
        installed, or drawing failed or took too long, which is logged."""
        if importlib.util.find_spec("matplotlib") is None:
            return None
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if now < self._rests_until:
                return None
            drawn, error = await self._draw(chart.encode("utf-8", "replace"))
            self._failed = self._failed + 1 if error else 0
            if self._failed >= FAILURES:
                self._failed, self._rests_until = 0, now + REST_SECONDS
        if not error:
            return drawn
        log.warning("a picture was not drawn", error=error)
        return None

    async def aclose(self) -> None:
        """End the process, if there is one."""
        async with self._turn:
            await self._end(PARTING_SECONDS)

    async def _draw(self, chart: bytes) -> tuple[bytes, str]:
        """The picture, or why there is none; a child that failed is not used again."""
        if self._idle is not None:
            self._idle.cancel()
        drawn, error = b"", "nobody waits for it any more"
        try:
            async with asyncio.timeout(self._seconds):
                drawn = await self._ask(chart)
            error = _complaint(drawn)
        except TimeoutError:
            error = f"it took more than {self._seconds:.0f} s"
        except OSError as refused:
            error = str(refused) or type(refused).__name__
        finally:
            if error:
                await self._end()
        if not error:
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._part)
        return drawn, error

    async def _ask(self, chart: bytes) -> bytes:
        """The child's answer for a chart; of a new child if the former one has ended meanwhile, as
        each does after a number of pictures."""
        if self._child is not None:
            with contextlib.suppress(ConnectionError):
                return await self._child.ask(chart)
            await self._end(PARTING_SECONDS)
        self._child = await _Child.start()
        return await self._child.ask(chart)

    async def _end(self, seconds: float = 0) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self._child is not None:
            child, self._child = self._child, None
            await child.end(seconds)

    def _part(self) -> None:
        """Nobody has asked for a while; the next one finds it gone."""
        if self._child is not None:
            self._child.close()
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(PARTING_SECONDS, self._child.kill)


class _Child:
    """A process that draws."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self._to, self._from = process.stdin, process.stdout

    @classmethod
    async def start(cls) -> "_Child":
        """Start one. Raises OSError where that cannot be."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _START, *map(os.path.abspath, sys.path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=Path(os.sep),  # a matplotlibrc of where the service was started would be read
            env=_environment(),
            start_new_session=True,
        )  # fmt: skip
        return cls(process)

    async def ask(self, chart: bytes) -> bytes:
        """What it answers. Raises ConnectionError where it ends before it has."""
        self._to.write(len(chart).to_bytes(LENGTH, "big") + chart)
        await self._to.drain()
        try:
            length = int.from_bytes(await self._from.readexactly(LENGTH), "big")
            return await self._from.readexactly(min(length, MOST_BYTES + 1))
        except asyncio.IncompleteReadError:
            status = await self._process.wait()
            raise ConnectionResetError(f"it ended with status {status}") from None

    def close(self) -> None:
        """Have it end by itself: nothing more comes in."""
        self._to.close()

    def kill(self) -> None:
        """Have it end at once."""
        self.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self, seconds: float) -> None:
        """Ask it to end, kill it after the given seconds, and wait until it is gone."""
        self.close()
        try:
            if seconds:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._process.wait(), seconds)
        finally:
            self.kill()
        await self._process.wait()


def _complaint(drawn: bytes) -> str:
    """Why something is no picture that can be sent; nothing where it is one."""
    if len(drawn) > MOST_BYTES:
        return f"it has more than {MOST_BYTES} bytes"
    if drawn.startswith(SIGNATURE):
        return ""
    return drawn[:MOST_SAID].decode(errors="replace") or "it is no picture"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
