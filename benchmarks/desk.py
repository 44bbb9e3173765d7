"""What others wait for while people hold a button down, and what becomes of a command while the
database is locked.

``python benchmarks/desk.py [--seconds S] [--holders N] [--lock L]`` runs the service on the sandbox
at its default pace. Holders press "next page" some 40 times a second each for S seconds; somebody
else asks for help, and is told of posts. Then another process holds the database for L seconds, and
``/alert wombat`` is said meanwhile. One figure a line, in seconds where nothing else is said.
"""

import argparse
import asyncio
import contextlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox

PHONE = "+15550000001"
PRESS_EVERY = 1 / 40
LIMIT = 120.0


class Scene:
    """A sandbox with a channel, the service, and the people who use it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")  # noqa: S106
        self.news = sandbox.add_channel("Harbour", username="harbour", members=[watcher])
        self.environment = process.environment_for(
            sandbox, self.bot, folder, "@harbour", BURST_AFTER="0"
        )
        self.service = ServiceProcess(self.environment, folder)

    def person(self, name: str) -> Any:
        """Somebody new, in a chat with the bot."""
        return self.sandbox.add_user(name).chat_with(self.bot)

    async def press(self, chat: Any, message: Any, data: bytes) -> None:
        """Press a button, and wait for no answer."""
        self.sandbox._world.queries.open(chat.user, message, data)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Scene]:
    """The scene with the service ready."""
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox.start() as sandbox:
            scene = Scene(sandbox, Path(folder))
            await process.log_in(scene.environment, scene.folder, PHONE)
            await scene.service.start()
            try:
                await scene.service.wait_ready(LIMIT)
                yield scene
            finally:
                await scene.service.kill()


async def timed(work: Awaitable[Any]) -> float:
    """Seconds that something takes."""
    started = time.monotonic()
    await work
    return time.monotonic() - started


async def hold_down(scene: Scene, name: str, until: float) -> tuple[int, int]:
    """Hold "next page" down; the presses made, and the edits that came of them."""
    chat = scene.person(name)
    results = await chat.ask("/search ferry", timeout=LIMIT)
    data = next(b.data for row in results.buttons for b in row if b.data.startswith(b"sp|"))
    presses = 0
    while time.monotonic() < until:
        page = str(presses % 2).encode()
        await scene.press(chat, results, data.rpartition(b"|")[0] + b"|" + page)
        presses += 1
        await asyncio.sleep(PRESS_EVERY)
    return presses, len(results.edits)


async def look_on(scene: Scene, chat: Any, until: float) -> tuple[list[float], list[float]]:
    """Ask for help and wait for alerts, in turns; the seconds that each took."""
    answers, alerts = [], []
    number = 0
    while time.monotonic() < until:
        number += 1
        answers.append(await timed(chat.ask("/help", timeout=LIMIT)))
        words = f"A wombat, number {number}, at the harbour"
        await scene.news.post(words)
        alerts.append(await timed(chat.wait_for(words, timeout=LIMIT)))
        await asyncio.sleep(3.0)  # one chat gets one message a second
    return answers, alerts


async def measure_holding(scene: Scene, seconds: float, holders: int) -> None:
    """Print what somebody waits for while others hold a button down."""
    for number in range(40):
        await scene.news.post(f"The ferry number {number} sails")
    onlooker = scene.person("Onlooker")
    await onlooker.ask("/alert wombat", timeout=LIMIT)
    await asyncio.sleep(3.0)
    until = time.monotonic() + seconds
    holding = [hold_down(scene, f"Holder {number}", until) for number in range(holders)]
    (answers, alerts), *held = await asyncio.gather(look_on(scene, onlooker, until), *holding)
    print("presses_a_second", round(sum(presses for presses, _ in held) / seconds, 1))
    print("edits_a_second", round(sum(edits for _, edits in held) / seconds, 1))
    print("answer_worst", round(max(answers), 3))
    print("alert_worst", round(max(alerts), 3))


async def measure_lock(scene: Scene, seconds: float) -> None:
    """Print what becomes of a command while another process holds the database."""
    chat = scene.person("Patient")
    await chat.ask("/start", timeout=LIMIT)
    path = scene.folder / "data" / "dateline.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sent = await chat.send("/alert wombat")
        await asyncio.sleep(seconds)
        told = [message.text for message in chat.messages[1:]]
        other.execute("ROLLBACK")
    print("told_meanwhile", len(told), *told)
    wait = await timed(chat.wait_for("Alert set: wombat", after=sent, timeout=LIMIT))
    print("set_after_the_lock", round(wait, 3))


async def measure(seconds: float, holders: int, lock: float) -> None:
    """Measure as asked, and say it in a line."""
    async with running() as scene:
        if seconds:
            await measure_holding(scene, seconds, holders)
        if lock:
            await measure_lock(scene, lock)
        failed = sum("not handled" in line for line in scene.service.lines)
    print(
        f"desk: {holders} hold a button for {seconds:g} s, locked for {lock:g} s, {failed} failed"
    )


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--holders", type=int, default=3)
    parser.add_argument("--lock", type=float, default=70.0)
    options = parser.parse_args()
    asyncio.run(measure(options.seconds, options.holders, options.lock))


if __name__ == "__main__":
    main()
