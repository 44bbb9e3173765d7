"""Having a picture drawn, by a process that is killed where it takes too long and gets no secrets.

matplotlib takes a second and tens of megabytes: neither stays in the service.
"""

import asyncio
import importlib.util
import os
import sys
from pathlib import Path

import structlog

SECONDS = 15.0
"""Until it is killed: on a machine that is busy it takes two or three."""
AT_ONCE = 2
MOST_BYTES = 5_000_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"

_START = "import sys; sys.path[:] = sys.argv[1:]; from bot.charts import drawing; drawing.main()"
_PASSED = ("HOME", "PATH", "LANG", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""What of the environment a child gets: no token is among it."""

log = structlog.get_logger("deliver")


class Artist:
    """Has pictures drawn, ``AT_ONCE`` at a time; the others wait."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def draw(self, chart: str) -> bytes | None:
        """The picture (PNG) of a chart (JSON); None where there can be none: matplotlib is not
        installed, or drawing failed or took too long, which is logged."""
        if importlib.util.find_spec("matplotlib") is None:
            return None
        async with self._turn:
            try:
                drawn, error = await _run(chart, self._seconds)
            except OSError as refused:
                drawn, error = b"", str(refused)
        if drawn.startswith(SIGNATURE) and len(drawn) <= MOST_BYTES:
            return drawn
        log.warning("a picture was not drawn", error=error or "it is no picture")
        return None


async def _run(chart: str, seconds: float) -> tuple[bytes, str]:
    """What the child wrote, and why that is nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _START, *map(os.path.abspath, sys.path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(os.sep),  # a matplotlibrc of where the service was started would be read
        env=_environment(),
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            drawn, complaint = await process.communicate(chart.encode("utf-8", "replace"))
    except TimeoutError:
        return b"", f"it took more than {seconds:.0f} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines() or [""]
        return b"", f"status {process.returncode}: {lines[-1][:200]}"
    return drawn, ""


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
