"""The faults that are played by ``faults.py``, each as what is done to the running service.

A case breaks something, posts while it is broken, and mends it; ``faults.py`` counts afterwards. A
case that wants more than that raises FailedError.
"""

import asyncio
import random
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from faults_stage import PATIENCE, FailedError, Stage

from bot.sandbox.state import media
from bot.sandbox.state.messages import Button
from handlers.render.text import keyboards

Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Case:
    """One fault. ``is_short``: it is over soon enough for the gate."""

    name: str
    play: Play
    is_short: bool


CASES: list[Case] = []


def case(*, is_short: bool = False) -> Callable[[Play], Play]:
    """Take a function up as the case of its name."""

    def take(play: Play) -> Play:
        CASES.append(Case(play.__name__.replace("_", "-"), play, is_short))
        return play

    return take


@case(is_short=True)
async def dump_of_one_second(stage: Stage) -> None:
    """More posts of one second than it has places for, and more of the next, by scans alone."""
    await stage.begin()
    fault = stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    second = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=2)
    for number, count in enumerate((257, 60, 3)):
        await stage.post(count, date=second + timedelta(seconds=number))
    fault.stop()


@case()
async def dump_of_ten_thousand(stage: Stage) -> None:
    """Ten thousand posts of one second, pushed twice and out of order; each hundredth is due."""
    await stage.begin()
    stage.sandbox.faults.duplicate_pushes(account=stage.watcher, times=100)
    stage.sandbox.faults.reorder_pushes(account=stage.watcher, times=100)
    second = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=2)
    for number in range(100):
        await stage.post(date=second)
        for other in range(99):
            await stage.news.post(f"A barge, number {number}n{other}n", date=second)


@case(is_short=True)
async def post_that_cannot_be_stored(stage: Stage) -> None:
    """The database refuses one post among others: it is set aside, the rest goes on; tried again
    when it can be stored, it is told late."""
    await stage.begin()
    stage.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON document WHEN new.json LIKE '%cursed%'"
        " BEGIN SELECT RAISE(ABORT, 'cursed'); END"
    )
    await stage.post(2)
    await stage.post(1, "cursed")
    await stage.post(2)
    await _wait_problems(stage, 1)
    stage.execute("DROP TRIGGER refuse")
    await stage.command("problems", "retry", "all")
    await _wait_problems(stage, 0)


async def _wait_problems(stage: Stage, count: int) -> None:
    ends_at = time.monotonic() + PATIENCE
    while len((await stage.json("problems"))["problems"]) != count:
        if time.monotonic() > ends_at:
            raise FailedError(f"there are not {count} problems")


@case()
async def posts_that_our_fault_keeps_out(stage: Stage) -> None:
    """Every post is refused: the cursor stops, the service is not ready; nothing is lost."""
    await stage.begin()
    stage.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON document BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    await stage.post(12)
    await _note_health(stage, "channels", lambda: stage.execute("DROP TRIGGER refuse"))
    await stage.post(1)
    await stage.command("problems", "retry", "all")


async def _note_health(
    stage: Stage, reason: str, mend: Callable[[], object], *, within: float = 60.0
) -> None:
    """How long the service takes to say that it is not ready, and after the mending that it is."""
    fell = await stage.wait_health(reason, within=within)
    mended = mend()
    if asyncio.iscoroutine(mended):
        await mended
    rose = await stage.wait_health(None)
    stage.notes.append(f"not ready ({reason}) after {fell:.0f} s, ready again after {rose:.0f} s")


@case(is_short=True)
async def forged_presses(stage: Stage) -> None:
    """Buttons that were never there: any 64 bytes."""
    await stage.begin()
    message = await stage.chat.ask("/search ferry")
    rng = random.Random(1)
    verbs = [f"{value}|".encode() for name, value in vars(keyboards).items() if _is_verb(name)]
    forged = [b"sm|" + b"x" * 61, b"\xff" * 64, b"\0"]
    for _ in range(60):
        start = rng.choice(verbs)
        forged.append(start + rng.randbytes(rng.randint(1, 64 - len(start))))
    for data in forged:
        await stage.ann.world.queries.press(
            stage.ann, message, Button("", data), timeout=10, wait=False
        )
    await stage.post(2)


def _is_verb(name: str) -> bool:
    return name.isupper() and isinstance(getattr(keyboards, name), str) and name != "NOTHING"


@case()
async def locked_database(stage: Stage) -> None:
    """Another process holds the database for 70 seconds, and somebody gives a command."""
    await stage.begin()
    with stage.locked():
        await stage.post(2)
        asked = await stage.chat.send("/alert wombat")
        if not stage.is_short:
            fell = await stage.wait_health("write", within=70)
            stage.notes.append(f"not ready after {fell:.0f} s")
            await asyncio.sleep(10)
    answer = await stage.chat.wait_for(after=asked, timeout=PATIENCE)
    stage.notes.append(f"answered: {answer.text.splitlines()[0][:40]!r}")
    await stage.wait_health(None)


@case(is_short=True)
async def sigterm_while_locked(stage: Stage) -> None:
    """It ends within five seconds, and nothing is lost."""
    await stage.begin()
    with stage.locked():
        await stage.post(2)
        await asyncio.sleep(0.5)
        started = time.monotonic()
        status = await stage.service.stop(timeout=20.0)
        stage.notes.append(f"ended with {status} in {time.monotonic() - started:.1f} s")
        # The short form runs beside other work: its end may be seen late.
        if status or time.monotonic() - started > (15.0 if stage.is_short else 5.0):
            raise FailedError("it did not end as it should")
    await stage.start()


@case(is_short=True)
async def killed_with_replies_outstanding(stage: Stage) -> None:
    """SIGKILL while messages are out whose outcome is not written. In the short form they can't be
    looked up either: what holds then are the ids under which they are sent again."""
    await stage.begin()
    faults = stage.sandbox.faults
    fault = faults.withhold_reply("messages.sendMessage", account=stage.bot, times=None)
    await stage.post(6)
    await fault.wait_hit(timeout=PATIENCE)
    await stage.service.kill()
    fault.stop()
    if not stage.is_short:
        await stage.start()
        return
    refused = faults.fail("messages.getMessages", "MSG_ID_INVALID", account=stage.bot, times=None)
    send = "messages.sendMessage"
    sent = stage.sandbox.count_calls(send)
    await stage.start()
    await refused.wait_hit(timeout=PATIENCE)
    await stage.sandbox.wait_for_call(send, count=sent + 1, timeout=PATIENCE)


@case(is_short=True)
async def one_bad_message(stage: Stage) -> None:
    """The server fails on an alert again and again: answers go all the same, and it in the end."""
    await stage.begin()
    words = stage.text()
    fault = stage.sandbox.faults.fail(
        "messages.sendMessage", "INTERNAL", code=500, account=stage.bot, text=words, times=None
    )
    await stage.news.post(words)
    await fault.wait_hit(2, timeout=PATIENCE)
    started = time.monotonic()
    await stage.chat.ask("/help", timeout=PATIENCE)
    stage.notes.append(f"/help answered in {time.monotonic() - started:.1f} s")
    fault.stop()


@case()
async def deaf_bot(stage: Stage) -> None:
    """``updates.getDifference`` goes on failing for the bot: after three minutes it hears again."""
    await stage.begin()
    stage.sandbox.faults.fail(
        "updates.getDifference", "INTERNAL", code=500, account=stage.bot, times=None
    )
    stage.sandbox.drop_connections(stage.bot)
    await stage.sandbox.wait_online(stage.bot, timeout=PATIENCE)
    await stage.post(2)
    fell = await stage.wait_health("bot")
    started = time.monotonic()
    while True:
        asked = await stage.chat.send("/channels")
        try:
            await stage.chat.wait_for(after=asked, timeout=5.0)
            break
        except TimeoutError:
            if time.monotonic() - started > 260:
                raise FailedError("the bot hears nothing any more") from None
    heard = time.monotonic() - started
    stage.sandbox.faults.clear()
    await stage.wait_health(None)
    stage.notes.append(f"not ready (bot) after {fell:.0f} s, heard again after {heard:.0f} s")


@case()
async def deaf_watcher(stage: Stage) -> None:
    """The same for the watching account: scans find what it does not hear."""
    await stage.begin()
    stage.sandbox.faults.fail(
        "updates.getDifference", "INTERNAL", code=500, account=stage.watcher, times=None
    )
    stage.sandbox.faults.fail(
        "updates.getChannelDifference", "INTERNAL", code=500, account=stage.watcher, times=None
    )
    stage.sandbox.drop_connections(stage.watcher)
    await stage.sandbox.wait_online(stage.watcher, timeout=PATIENCE)
    await stage.post(3)
    await stage.settle()
    stage.sandbox.faults.clear()
    await stage.wait_health(None)
    await stage.post(1)


@case(is_short=True)
async def network_that_dies(stage: Stage) -> None:
    """Nothing comes through and nobody is told; then all connections are new."""
    await stage.begin()
    stage.sandbox.silence()
    await stage.post(2)
    if not stage.is_short:
        await stage.wait_health("bot")
    stage.sandbox.end_silence()


@case()
async def server_away(stage: Stage) -> None:
    """The server is down: both accounts are not connected, and are again."""
    await stage.begin()
    await stage.sandbox.stop_serving()
    await stage.post(3)
    await _note_health(stage, "user", stage.sandbox.serve_again)
    await stage.post(1)


@case(is_short=True)
async def waits_asked_for(stage: Stage) -> None:
    """Telegram asks every call to wait for a while."""
    await stage.begin()
    for method in ("messages.sendMessage", "messages.getHistory", "updates.getDifference"):
        stage.sandbox.faults.flood_wait(method, 2, times=2)
    await stage.post(4)


@case()
async def channel_that_cannot_be_scanned(stage: Stage) -> None:
    """History answers nothing: the service says that it does not see the channel."""
    await stage.begin()
    stage.sandbox.faults.withhold_request("messages.getHistory", times=None)
    await stage.post(3)
    await _note_health(stage, "channels", stage.sandbox.faults.clear, within=90)


@case()
async def outbox_that_stands(stage: Stage) -> None:
    """No message gets through for more than five minutes, and nothing asks to wait."""
    await stage.begin()
    stage.sandbox.faults.fail(
        "messages.sendMessage", "INTERNAL", code=500, account=stage.bot, times=None
    )
    await stage.post(2)
    await asyncio.sleep(300)
    await _note_health(stage, "outbox", stage.sandbox.faults.clear, within=90)


@case(is_short=True)
async def parts_of_an_album(stage: Stage) -> None:
    """Two of four parts are deleted: two are left."""
    await stage.begin()
    parts = await stage.news.post_album([media.photo() for _ in range(4)], stage.text())
    await stage.settle()
    await stage.news.delete(parts[1:3])
    stage.deeds.parts.update((stage.news.id, part.id) for part in parts[1:3])


@case(is_short=True)
async def name_that_moved(stage: Stage) -> None:
    """A channel is renamed, somebody else takes its name, the service starts anew."""
    await stage.begin()
    await stage.news.set_username("harbour_new")
    stranger = stage.sandbox.add_channel("Somebody else", username="harbour")
    stage.deeds.strangers.add(stranger.id)
    await stage.post(1)
    await stage.settle()
    await stranger.post("ferry of somebody else")
    await stage.service.stop(timeout=20)
    await stage.post(1)
    await stage.start()
    await stranger.post("another ferry of somebody else")
    await stage.post(1)
    channels = await stage.command("channels", "list", "--json")
    if len(channels[1].splitlines()) != 1:
        raise FailedError(f"not one channel is watched: {channels[1]}")


@case()
async def database_deleted(stage: Stage) -> None:
    """The file goes while the service runs: it ends with one line, and starts on no empty one."""
    await stage.begin()
    await stage.post(2)
    await stage.settle()
    kept = stage.folder / "kept"
    kept.mkdir()
    for path in stage.database.parent.glob("dateline.db*"):
        shutil.move(path, kept / path.name)
    started = time.monotonic()
    async with asyncio.timeout(70):
        status = await stage.service.wait()
    if status != 1:
        raise FailedError(f"it ended with {status}")
    stage.notes.append(f"ended after {time.monotonic() - started:.0f} s: {stage.service.lines[-1]}")
    await stage.service.start()
    if await stage.service.wait() == 0:
        raise FailedError("it started on an empty database")
    for path in kept.iterdir():
        shutil.move(path, stage.database.parent / path.name)
    await stage.post(1)
    await stage.start()


@case(is_short=True)
async def power_cut(stage: Stage) -> None:
    """The last commits are gone: the write-ahead log of before stands in its place."""
    await stage.begin()
    await stage.post(1)
    await stage.settle()
    kept = stage.folder / "kept"
    kept.mkdir()
    for path in stage.database.parent.glob("dateline.db*"):
        shutil.copy(path, kept / path.name)
    await stage.post(8)
    await stage.settle()
    await stage.service.kill()
    for path in kept.iterdir():
        shutil.copy(path, stage.database.parent / path.name)
    await stage.start()
    await stage.post(1)
