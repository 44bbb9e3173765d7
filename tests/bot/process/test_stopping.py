"""What is under way at the end is let finish, for a while."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys

import pytest

from bot.delivering import deliverer
from bot.process import stopping
from bot.process.stopping import stopped_by_signals, to_its_end
from bot.telegram import clients


async def test_what_nobody_disturbs_gives_what_it_gives() -> None:
    assert await to_its_end(asyncio.sleep(0, "done")) == "done"


async def test_a_cancelled_caller_still_gets_what_ends_in_time() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work() -> str:
        begun.set()
        await may_end.wait()
        return "done"

    caller = asyncio.ensure_future(to_its_end(work(), 30.0))
    await begun.wait()
    caller.cancel()
    await asyncio.sleep(0)
    may_end.set()
    assert await caller == "done"


async def test_what_does_not_end_in_time_is_cut_off() -> None:
    begun, cut = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()

    caller = asyncio.ensure_future(to_its_end(work(), 0.01))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.wait_for(cut.wait(), 30)


async def test_a_failure_of_the_work_comes_out_of_a_cancelled_call_too() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.sleep(0)
        raise ValueError("no")

    caller = asyncio.ensure_future(to_its_end(work(), 30.0))
    await begun.wait()
    caller.cancel()
    with pytest.raises(ValueError, match="no"):
        await caller


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_first_signal_cancels_and_starts_the_clock_and_all_is_put_back(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "BOUND", 3600.0)  # that this process may go on
    former, alarm = signal.getsignal(number), signal.getsignal(signal.SIGALRM)
    task = asyncio.ensure_future(asyncio.Event().wait())
    try:
        with stopped_by_signals(task):
            assert signal.getsignal(number) is not former
            os.kill(os.getpid(), number)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait_for(task, 30)
            left = signal.getitimer(signal.ITIMER_REAL)[0]
            os.kill(os.getpid(), number)
            assert 3000 < signal.getitimer(signal.ITIMER_REAL)[0] <= left <= 3600
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, alarm)
    assert task.cancelled()
    assert signal.getsignal(number) is former


def test_what_is_under_way_ends_before_the_process_which_has_five_seconds() -> None:
    assert 1 < stopping.GRACE < stopping.BOUND - 1 < 4


def test_a_last_message_its_record_and_the_goodbye_have_time_before_the_process_ends() -> None:
    steps = (stopping.GRACE, deliverer.LAST_RECORD, clients.DISCONNECT_TIMEOUT)
    assert min(steps) >= 0.5
    assert sum(steps) <= stopping.BOUND - 0.5


ENDS_SLOWLY = """
import asyncio, contextlib, os, signal, time
from bot.delivering import deliverer
from bot.process import stopping
stopping.BOUND = 0.5
class Slow:
    def __del__(self, sleep=time.sleep):
        sleep(1.0)
slow = Slow()
async def serve():
    work = asyncio.create_task(asyncio.sleep(600))
    with stopping.stopped_by_signals(work), contextlib.suppress(asyncio.CancelledError):
        os.kill(os.getpid(), signal.SIGTERM)
        await work
asyncio.run(serve())
"""
"""It goes on for longer than the clock runs, where Python heeds no signal any more."""


@pytest.mark.end_to_end
def test_what_is_late_at_its_very_end_has_ended_well() -> None:
    assert subprocess.run([sys.executable, "-c", ENDS_SLOWLY], check=False).returncode == 0
