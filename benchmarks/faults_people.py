"""The cases of ``faults.py`` in which people are many, or press without end."""

import asyncio
import time

from crowd import Crowd
from faults_cases import case
from faults_stage import PATIENCE, FailedError, Stage


@case(is_short=True)
async def held_page_buttons(stage: Stage) -> None:
    """Three people hold "next page": others are answered, and alerts come."""
    await stage.begin(SEND_RATE_CHAT="1", PRESSES_PER_MINUTE="60")
    await stage.post(30)
    await stage.settle()
    holders = [stage.sandbox.add_user(name) for name in ("Bea", "Cid", "Dov")]
    ended = asyncio.Event()

    async def hold(person: object) -> None:
        chat = person.chat_with(stage.bot)  # type: ignore[attr-defined]
        page = await chat.ask("/search ferry", timeout=PATIENCE)
        while not ended.is_set():
            turning = [b for row in page.buttons for b in row if (b.data or b"").startswith(b"sp|")]
            await chat.press(page, turning[-1], wait=False)
            await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as tasks:
        for person in holders:
            tasks.create_task(hold(person))
        await asyncio.sleep(5)
        other = stage.sandbox.add_user("Eve").chat_with(stage.bot)
        started = time.monotonic()
        await other.ask("/channels", timeout=PATIENCE)
        answered = time.monotonic() - started
        started = time.monotonic()
        (post,) = await stage.post(1)
        await stage.chat.wait_for(post.text.split()[0], timeout=PATIENCE)
        stage.notes.append(
            f"answered in {answered:.1f} s, alert in {time.monotonic() - started:.1f} s"
        )
        ended.set()


@case()
async def crowd(stage: Stage) -> None:
    """A hundred people give a thousand commands and press three thousand buttons, of theirs and
    forged, SIGKILL, and once more: each is answered once, somebody else soon."""
    limits = {"COMMANDS_PER_MINUTE": "600", "SEND_RATE_CHAT": "1"}
    await stage.begin(**limits)
    people = Crowd(stage, chats=100, commands=10, seed=1)
    await people.arrive()
    await people.rush()
    await stage.until(lambda: people.unanswered() < 700, "300 answers", within=PATIENCE)
    await stage.service.kill()
    await stage.start(**limits)
    await people.rush()
    left = people.unanswered()
    passer = stage.sandbox.add_user("Passer-by").chat_with(stage.bot)
    started = time.monotonic()
    await passer.ask("/search nothingofthekind", timeout=PATIENCE)
    took = time.monotonic() - started
    stage.notes.append(f"{left} unanswered, another answered after {took:.1f} s")
    await stage.until(lambda: not people.unanswered(), "all answers", within=3 * PATIENCE)
    if faults := people.faults(stage.database):
        raise FailedError("; ".join(faults))
