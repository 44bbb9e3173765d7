"""The two clients hear on, whatever becomes of what they have missed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telethon import events
from telethon.tl import types

from bot import settings
from bot.demo import process
from bot.sandbox.server import Sandbox
from bot.telegram import clients, signin
from bot.telegram.updates import hearing
from handlers.operators.troubles import Trouble, Troubles

LIMIT = 2.0
PATIENCE = 60.0
DIFFERENCE, CHANNEL_DIFFERENCE = "updates.getDifference", "updates.getChannelDifference"


class Ear:
    """A bot's client with its handler, as the service runs them, and what it has heard."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.heard: list[str] = []
        self.missed: list[Any] = []
        self.told: list[tuple[str, bool]] = []
        self._news = asyncio.Condition()
        self._changed = asyncio.Event()
        troubles = Troubles()
        troubles.listen(self._tell)
        client.hearing.report_to(troubles)
        client.hearing.on_missed = self._miss
        client.add_event_handler(self._hear, events.NewMessage(incoming=True))
        client.begin()

    def _tell(self, trouble: Trouble, is_over: bool) -> None:
        self.told.append((trouble.cause, is_over))
        self._changed.set()

    async def _hear(self, event: Any) -> None:
        async with self._news:
            self.heard.append(event.raw_text)
            self._news.notify_all()

    async def wait_heard(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: text in self.heard)

    def _miss(self, _: Any, place: int | None) -> None:
        self.missed.append(place)
        self._changed.set()

    async def wait_missed(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.missed:
                self._changed.clear()
                await self._changed.wait()

    async def wait_told(self, cause: str, is_over: bool) -> None:
        async with asyncio.timeout(PATIENCE):
            while (cause, is_over) not in self.told:
                self._changed.clear()
                await self._changed.wait()


class Place:
    """A bot on the sandbox to which Ann writes, and its settings."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
        self.ann = sandbox.add_user("Ann")
        self.chat = self.ann.chat_with(self.bot)
        self.crew = sandbox.add_group("Crew", members=[self.ann, self.bot])
        environment = process.environment_for(sandbox, self.bot, folder, "")
        self.settings = settings.load(environment, folder / "none.env")

    @contextlib.asynccontextmanager
    async def listening(self, limit: float = LIMIT) -> AsyncIterator[Ear]:
        """The bot's client, connected; ended as a clean stop ends it."""
        async with signin.signed_in_bot(self.settings, clients.connect_patiently) as client:
            client.hearing.limit, client.hearing.patience = limit, 1.0
            ear = Ear(client)
            keeping = asyncio.create_task(client.keep_alive())
            await self.sandbox.wait_online(self.bot)
            try:
                yield ear
            finally:
                keeping.cancel()

    async def skip_one(self, text: str = "never pushed") -> None:
        """Ann writes what is never pushed: what comes after it shows a gap."""
        fault = self.sandbox.faults.withhold_pushes(account=self.bot, times=1)
        await self.chat.send(text)
        await fault.wait_hit()

    def refuse(self, how: str, method: str = DIFFERENCE, times: int | None = None) -> Any:
        faults = self.sandbox.faults
        where: dict[str, Any] = {"times": times, "account": self.bot}
        match how:
            case "flood":
                return faults.flood_wait(method, 70_000, **where)
            case "never answered":
                return faults.withhold_reply(method, **where)
            case "nonsense":
                return faults.muddle(method, types.updates.ChannelDifferenceEmpty(pts=1), **where)
            case "timed out":
                return faults.fail(method, "Timeout", code=-503, **where)
            case _:
                return faults.fail(method, how, code=int(how.partition(" ")[0]), **where)


@pytest.fixture
async def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    (tmp_path / "none.env").touch()
    return Place(sandbox, tmp_path)


@pytest.mark.parametrize(
    "how",
    ["500", "flood", "timed out", "never answered", "nonsense", "400 NOBODY_KNOWS", "406 SO_NEW"],
)
async def test_a_difference_that_is_never_had_leaves_the_account_hearing(
    place: Place, how: str
) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
        place.refuse(how)
        await place.skip_one()
        await place.chat.send("after the gap")
        await ear.wait_told("deaf:bot", is_over=False)
        # What came after the gap was not lost; what comes now is heard at once.
        await ear.wait_heard("after the gap")
        await place.chat.send("from now on")
        await ear.wait_heard("from now on")
        assert ear.client.hearing.failing[None] > 0
        assert (ear.missed, ear.told) == ([None], [("deaf:bot", False)])
        assert ear.heard == ["before", "after the gap", "from now on"]


async def test_every_later_gap_is_passed_at_once_while_the_refusal_lasts(place: Place) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
        place.refuse("500")
        for number in range(4):
            await place.skip_one()
            await place.chat.send(f"gap {number}")
            await ear.wait_heard(f"gap {number}")
        assert ear.heard == ["before", *(f"gap {number}" for number in range(4))]
        assert ear.missed == [None]


async def test_a_passing_failure_loses_nothing_and_is_asked_again_soon(place: Place) -> None:
    async with place.listening(limit=600) as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
        fault = place.refuse("500", times=1)
        await place.skip_one("not pushed")
        await place.chat.send("after the gap")
        # Nothing else comes that would have Telethon ask again.
        await ear.wait_heard("after the gap")
        assert ear.heard == ["before", "not pushed", "after the gap"]
        assert (fault.hits, ear.missed) == (1, [])
        await ear.wait_told("deaf:bot", is_over=True)
        assert not ear.client.hearing.failing


async def test_what_is_missed_while_it_is_away_is_had_after_a_failure_at_its_start(
    place: Place,
) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
    await place.chat.send("while it was away")
    place.refuse("500", times=2)
    async with place.listening(limit=600) as ear:
        await ear.wait_heard("while it was away")


async def test_a_restart_over_the_old_state_meets_the_same_and_hears_again(place: Place) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
    await place.chat.send("while it was away")
    place.refuse("500")
    async with place.listening(limit=600) as ear:
        await ear.wait_told("deaf:bot", is_over=False)
    async with place.listening() as ear:
        await place.chat.send("back again")
        await ear.wait_heard("back again")
        assert ear.missed == [None]
    async with place.listening() as ear:
        await place.chat.send("and once more")
        await ear.wait_heard("and once more")


@pytest.mark.parametrize("how", ["500", "never answered", "nonsense"])
async def test_a_first_login_needs_no_difference(place: Place, how: str) -> None:
    place.refuse(how)
    async with place.listening() as ear:
        await place.chat.send("the very first")
        await ear.wait_heard("the very first")


async def test_what_can_be_had_again_is_told_and_the_count_is_gone(place: Place) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
        fault = place.refuse("500")
        await place.skip_one()
        await place.chat.send("after the gap")
        await ear.wait_heard("after the gap")
        fault.stop()
        await ear.wait_told("deaf:bot", is_over=True)
        assert not ear.client.hearing.failing
        await place.skip_one("not pushed")
        await place.chat.send("whole")
        await ear.wait_heard("whole")
        assert ear.heard == ["before", "after the gap", "not pushed", "whole"]


async def test_a_difference_that_has_the_line_cut_each_time_is_given_up_too(place: Place) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
        place.sandbox.faults.drop_connection(DIFFERENCE, times=None, account=place.bot)
        await place.skip_one()
        await place.chat.send("after the gap")
        await ear.wait_told("deaf:bot", is_over=False)
        await ear.wait_missed()
        await place.sandbox.wait_online(place.bot, timeout=PATIENCE)
        await place.chat.send("from now on")
        await ear.wait_heard("from now on")


async def test_what_is_refused_no_more_after_a_reconnection_is_not_passed_over(
    place: Place,
) -> None:
    async with place.listening() as ear:
        await place.chat.send("before")
        await ear.wait_heard("before")
        fault = place.refuse("500")
        await place.skip_one()
        await place.chat.send("after the gap")
        await ear.wait_heard("after the gap")
        fault.stop()
        place.sandbox.drop_connections(place.bot)
        await place.chat.send("while it was away")
        await ear.wait_heard("while it was away")
        await ear.wait_told("deaf:bot", is_over=True)


@pytest.mark.parametrize("how", ["500", "nonsense"])
async def test_a_channel_whose_difference_fails_is_heard_again_and_holds_up_nothing(
    place: Place, how: str
) -> None:
    async with place.listening() as ear:
        await place.crew.say(place.ann, "first in the group")
        await ear.wait_heard("first in the group")
        if how == "nonsense":
            # Telethon's own loop ends by an error of its own at this.
            unfinished = types.updates.ChannelDifferenceEmpty(pts=1)
            place.sandbox.faults.muddle(CHANNEL_DIFFERENCE, unfinished, times=None)
        else:
            place.refuse(how, CHANNEL_DIFFERENCE)
        fault = place.sandbox.faults.withhold_pushes(place.bot, place.crew, times=1)
        await place.crew.say(place.ann, "not pushed")
        await fault.wait_hit()
        await place.crew.say(place.ann, "after the gap")
        await ear.wait_told("deaf:bot:channels", is_over=False)
        await place.chat.send("meanwhile")
        await ear.wait_heard("meanwhile")
        await ear.wait_heard("after the gap")
        await place.crew.say(place.ann, "from now on")
        await ear.wait_heard("from now on")
        assert ear.missed == [place.crew.id]
        assert ("deaf:bot", False) not in ear.told


async def test_what_fails_before_any_handler_is_asked_ends_nothing(place: Place) -> None:
    def choke(event: Any) -> bool:
        if event.raw_text == "a hair":
            raise ValueError("choked on it")
        return False

    async def unreached(_: Any) -> None:
        raise AssertionError

    async with place.listening() as ear:
        ear.client.add_event_handler(unreached, events.NewMessage(func=choke))
        await place.chat.send("a hair")
        await place.chat.send("after")
        await ear.wait_heard("after")
        assert ear.client.is_settled()
        assert ear.client.stands()


@pytest.mark.parametrize(
    ("count", "asked", "delay"),
    [(1, 0, 1), (2, 0, 2), (5, 0, 16), (6, 0, 30), (400, 0, 30), (1, 70_000, 70_000)],
)
def test_delay_before_it_is_asked_again(count: int, asked: float, delay: float) -> None:
    assert hearing.delay_after(count, asked) == delay
