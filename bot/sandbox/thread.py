"""A sandbox in a thread of its own, for those who have no event loop to spare."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from bot.sandbox.server import Sandbox

T = TypeVar("T")


class SandboxThread:
    """Serves from ``with`` to its end. The sandbox is touched by `run` only, in its own loop."""

    def __init__(self, *, port: int = 0, key_path: Path | None = None) -> None:
        self._port = port
        self._key_path = key_path
        self._ready: Future[tuple[asyncio.AbstractEventLoop, Sandbox]] = Future()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name="sandbox", daemon=True)
        self._failure: BaseException | None = None

    def __enter__(self) -> "SandboxThread":
        self._thread.start()
        self._ready.result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        loop, _ = self._ready.result()
        loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._failure is not None and error is None:
            raise self._failure

    @property
    def address(self) -> str:
        """What TELEGRAM_SERVER takes."""
        return self._ready.result()[1].address

    @property
    def public_key_path(self) -> Path:
        """What TELEGRAM_SERVER_KEY takes."""
        return self._ready.result()[1].public_key_path

    def run(self, act: Callable[[Sandbox], Awaitable[T]], *, timeout: float = 60) -> T:
        """Gives what ``await act(sandbox)`` gives in the sandbox's loop; waits at most so long."""
        loop, sandbox = self._ready.result()

        async def run() -> T:
            return await act(sandbox)

        return asyncio.run_coroutine_threadsafe(run(), loop).result(timeout)

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            if not self._ready.done():
                self._ready.set_exception(error)

    async def _serve(self) -> None:
        async with Sandbox.start(port=self._port, key_path=self._key_path) as sandbox:
            self._ready.set_result((asyncio.get_running_loop(), sandbox))
            await self._stop.wait()
