"""How long everything that people can ask takes while ``dateline import`` reads posts in beside.

``--posts N`` (50,000) of history stand in an export; ``--people`` ask in turn, in private, each
thing that there is to ask, first while nothing else happens, then until the import has ended. The
service runs on the sandbox, over TCP; the answer itself is waited for. Printed are the median, the
95th percentile and the longest time of both, in seconds, the processor time that the service took
for each answer, and the 95th percentile of each command during the import. ``--short``: some
seconds of each.

Where others use the processors too, the times are theirs as well: what is the service's own is its
processor time, which holds all that it did beside answering.
"""

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from collections.abc import AsyncIterator

from importing import write_export
from newly_watched import PHONE, Figures, ask, fill

from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.world.chats import Chat

ROOT = Path(__file__).resolve().parents[1]
ASKED = (
    "/search ferry",
    "/search ferry -storm sort:relevance",
    "/alert gale{n}",
    "/alerts",
    "/latest",
    "/digest now",
    "/catchup 1d",
    "/digest daily 09:00",
    "/digest",
    "/channels",
    "/quotes",
    "/why",
    "/review",
    "/surge storm{n}",
    "/surge",
    "/silence @example_pier_1",
    "/silence",
    "/links",
    "/settings",
    "/quiet 23:00-07:00",
    "/timezone Europe/Berlin",
    "/language English",
    "/collections",
    "/about",
    "/privacy",
    "/help",
    "/mydata",
)
CHANNELS, POSTS = 4, 50
PAUSE = 1.2
"""Seconds between an answer and the next question: a chat gets one message a second."""


async def ask_for(chats: list[Chat], seconds: float | None, until: asyncio.Event) -> Figures:
    """The figures of asking until the event, or for ``seconds``."""
    figures, turns = Figures(), itertools.count()
    tasks = [asyncio.create_task(ask(chat, figures, turns, ASKED, pause=PAUSE)) for chat in chats]
    waited = asyncio.create_task(until.wait())
    await asyncio.wait([*tasks, waited], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, waited):
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return figures


@asynccontextmanager
async def imported(export: Path, environment: dict[str, str]) -> AsyncIterator[asyncio.Event]:
    """``dateline import`` runs beside; the event is its end."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "import", str(export),
        cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    ended = asyncio.Event()
    waiting = asyncio.create_task(running.wait())
    waiting.add_done_callback(lambda _: ended.set())
    try:
        yield ended
    finally:
        if running.returncode is None:
            running.terminate()
        if await waiting:
            print(f"the import was ended with {running.returncode}")


def processor_seconds(pid: int) -> float:
    """The processor time that a process took until now, without its children (proc(5), "stat")."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    user, system = fields.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def say(name: str, figures: Figures, seconds: float) -> None:
    """The figures of a time; ``seconds``: of the processor, taken by the service."""
    answers = sorted(time for times in figures.answers.values() for time in times)
    print(
        f"{name} answers {len(answers)} missing {figures.late} median "
        f"{statistics.median(answers):.3f} 95% {answers[int(0.95 * len(answers))]:.3f} "
        f"longest {answers[-1]:.3f} processor {seconds / len(answers):.3f}"
    )


async def measure(options: argparse.Namespace) -> None:
    """All of it."""
    with tempfile.TemporaryDirectory() as name:
        export = Path(name) / "result.json"
        write_export(export, options.posts, 20, 180, 1)
        async with Sandbox.start() as sandbox:
            watcher, bot = sandbox.add_user("Watcher", phone=PHONE), sandbox.add_bot("lookout_bot")
            channels = [
                sandbox.add_channel(f"Pier {n}", username=f"example_pier_{n}", members=[watcher])
                for n in range(CHANNELS)
            ]
            await fill(channels, POSTS)
            environment = process.environment_for(
                sandbox,
                bot,
                Path(name),
                " ".join(f"@{channel.username}" for channel in channels),
                COMMANDS_PER_MINUTE="6000",
                ALERTS_PER_PERSON="1000",
                LOG_LEVEL="warning",
            )
            await process.log_in(environment, Path(name), PHONE)
            service = ServiceProcess(environment, Path(name))
            await service.start()
            try:
                await service.wait_ready(120)
                chats = [
                    sandbox.add_user(f"Person {n}").chat_with(bot) for n in range(options.people)
                ]
                for chat in chats:
                    await chat.start()
                begun = processor_seconds(service.pid)
                alone = await ask_for(chats, options.seconds, asyncio.Event())
                between = processor_seconds(service.pid)
                async with imported(export, environment) as ended:
                    beside = await ask_for(chats, options.most, ended)
                ended_at = processor_seconds(service.pid)
            finally:
                await service.kill()
    say("alone", alone, between - begun)
    say("beside", beside, ended_at - between)
    for command, times in sorted(beside.answers.items()):
        print(f"95%{command} {sorted(times)[int(0.95 * len(times))]:.3f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=30.0, help="of asking before the import")
    parser.add_argument("--most", type=float, help="of asking beside it")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    if options.short:
        options.posts, options.people, options.seconds, options.most = 1_000, 10, 5.0, 10.0
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
