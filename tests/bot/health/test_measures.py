"""How late the event loop is."""

import asyncio
import time

import pytest

from bot.health import measures
from bot.health.measures import Measures


async def looked(measured: Measures) -> None:
    """Wait until it has looked once more."""
    before = dict(measured.lag.buckets())[float("inf")]
    while True:
        await asyncio.sleep(0.01)
        if dict(measured.lag.buckets())[float("inf")] > before:
            return


async def test_what_holds_the_event_loop_up_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "LOOK_SECONDS", 0.01)
    measured = Measures()
    looking = asyncio.create_task(measured.run())
    await looked(measured)
    before = measured.lag.sum
    time.sleep(0.3)  # noqa: ASYNC251  (that is what is measured)
    await looked(measured)
    looking.cancel()
    assert measured.lag.sum - before > 0.25
