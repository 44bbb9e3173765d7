"""Looking after the account that watches: whatever fails there, nothing ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import leaping
import pytest
from telethon import errors
from telethon.tl import types
from telethon.tl.functions.help import GetAppConfigRequest

from bot.app import account_care
from bot.app.account_care import CAUSE, AccountWatch
from bot.sandbox.server import Sandbox
from bot.telegram.care import Freezing
from bot.telegram.clients import Client
from handlers.operators.troubles import Troubles

PATIENCE = 60.0


class Care:
    """A watch over the account of the sandbox's Watcher, and what it says."""

    def __init__(self, client: Client, watcher: Any) -> None:
        self.watcher = watcher
        self.said: list[tuple[str, str]] = []
        self.thaws = 0
        self.troubles = Troubles()
        self.watch = AccountWatch(
            client, self.troubles, channels=lambda: 3, say=self._say, thawed=self._thawed
        )
        self.work = asyncio.create_task(self.watch.run())

    def _say(self, key: str, name: str, **values: Any) -> None:
        self.said.append((key, name))

    def _thawed(self) -> None:
        self.thaws += 1

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something, while the work goes on."""
        async with asyncio.timeout(PATIENCE):
            while True:
                assert not self.work.done()
                if is_so():
                    return
                await asyncio.sleep(0.01)

    async def until_asked(self) -> None:
        await self.until(lambda: self.watch.last is not None)


@pytest.fixture
async def care(
    sandbox: Sandbox,
    serve_as: Callable[[Any], Awaitable[Client]],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Care]:
    monkeypatch.setattr(account_care, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(account_care, "FROZEN_LOOK_SECONDS", 0.05)
    watcher = sandbox.add_user("Watcher", phone="+15550000001")
    started = Care(await serve_as(watcher), watcher)
    yield started
    started.work.cancel()


async def test_what_cannot_be_asked_stays_as_it_was(care: Care, sandbox: Sandbox) -> None:
    await care.until_asked()
    known = care.watch.last
    assert known is not None
    assert (known.days, known.most, known.channels, known.freeze) == (548, 500, 3, None)
    refused = sandbox.faults.fail("*", "INTERNAL", code=500, times=None)
    await care.until(lambda: refused.hits > 3)
    refused.stop()
    care.watcher.away_days = 30
    await care.until(lambda: care.watch.last is not None and care.watch.last.days == 30)
    care.watcher.sign_out_everywhere()
    count = len(sandbox.calls)
    await care.until(lambda: len(sandbox.calls) > count + 3)
    assert care.said == []


async def test_whose_name_is_refused_is_looked_after_all_the_same(
    care: Care, sandbox: Sandbox
) -> None:
    refused = sandbox.faults.fail("users.getUsers", "FROZEN_METHOD_INVALID", code=420, times=None)
    await care.until_asked()
    refused.stop()


async def test_a_freeze_is_told_once_and_its_end(care: Care, sandbox: Sandbox) -> None:
    await care.until_asked()
    care.watcher.freeze_up()
    await care.until(lambda: care.troubles.is_present(CAUSE))
    count = len(sandbox.calls)
    await care.until(lambda: len(sandbox.calls) > count + 9)
    assert care.said == [("frozen:2026-01-01", "account_frozen_until")]
    care.watcher.thaw()
    await care.until(lambda: care.thaws == 1)
    assert not care.troubles.is_present(CAUSE)
    assert [name for _, name in care.said] == ["account_frozen_until", "account_thawed"]


async def test_where_only_a_refusal_tells_of_it_it_is_over_when_there_are_no_more(
    care: Care, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_care, "THAWED_SECONDS", 3600.0)
    await care.until_asked()
    refused = sandbox.faults.fail("account.getPassword", "FROZEN_METHOD_INVALID", code=420)
    await care.until(lambda: refused.hits == 1 and care.troubles.is_present(CAUSE))
    count = len(sandbox.calls)
    await care.until(lambda: len(sandbox.calls) > count + 9)
    assert care.thaws == 0
    monkeypatch.setattr(account_care, "THAWED_SECONDS", 0.0)
    await care.until(lambda: care.thaws == 1)
    assert [name for _, name in care.said] == ["account_frozen", "account_thawed"]


class Account:
    """A client whose account is ``frozen_from`` a time on, for an hour and a half; ``says`` whether
    Telegram tells that itself. It notes when it was asked."""

    def __init__(self, frozen_from: float, *, says: bool) -> None:
        self.freezing = Freezing()
        self.asked: list[float] = []
        self._from, self._says = frozen_from, says

    async def __call__(self, request: Any) -> Any:
        if not isinstance(request, GetAppConfigRequest):
            return SimpleNamespace(has_password=True, days=365)
        self.asked.append(leaping.now())
        is_frozen = self._from <= leaping.now() < self._from + 5400
        since = types.JsonObjectValue("freeze_since_date", types.JsonNumber(1.7e9))
        known = types.JsonObject([since] if is_frozen and self._says else [])
        return types.help.AppConfig(hash=1, config=known)

    async def get_me(self) -> types.User:
        return types.User(id=1)

    def refuse(self) -> None:
        self.freezing.note(errors.FrozenMethodInvalidError(None))


def looked_after(account: Account, refused_at: float, seconds: float) -> tuple[float, list[float]]:
    """When it was thawed, and when the account was asked after being refused, as frozen."""

    async def play() -> float:
        thawed = asyncio.get_running_loop().create_future()
        watch = AccountWatch(
            account,  # type: ignore[arg-type]
            Troubles(),
            channels=lambda: 3,
            say=lambda *_, **__: None,
            thawed=lambda: thawed.set_result(leaping.now()),
        )
        asyncio.get_running_loop().call_later(refused_at, account.refuse)
        work = asyncio.create_task(watch.run())
        await asyncio.wait({work, thawed}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        work.cancel()
        return await thawed

    return leaping.run(play()), account.asked


@pytest.mark.parametrize(
    ("says", "thawed"),
    [(True, 4000 + 5400), (False, 4000 + 7200)],
    ids=["Telegram says when it is over", "Telegram says nothing"],
)
def test_it_is_asked_each_hour_and_each_ten_minutes_while_it_is_frozen(
    says: bool, thawed: float
) -> None:
    over, asked = looked_after(Account(4000, says=says), refused_at=4000, seconds=20_000)
    assert asked[:2] == [0, 3600]
    assert asked[2:] == [4000 + 600 * step for step in range(len(asked) - 2)]
    assert over == asked[-1] == thawed
