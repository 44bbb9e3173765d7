"""What a look at the connection and the accounts finds, and what it says where it is refused."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telethon.tl import types

from bot.commands.checking import accounts
from bot.commands.checking.findings import Finding
from bot.sandbox.rpc.membership import JOINED_LIMIT
from bot.sandbox.server import Sandbox
from bot.sandbox.world.users import User
from bot.telegram.clients import Client

Look = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def owner(sandbox: Sandbox) -> User:
    """Whose account it is."""
    return sandbox.add_user("Watcher", phone="+15550000001")


@pytest.fixture
async def user(owner: User, serve_as: Any) -> Client:
    made: Client = await serve_as(owner)
    return made


async def look_at_limits(client: Client) -> list[Finding]:
    return [await accounts.look_at_limits(client, 7)]


async def lines(look: Look, client: Client) -> list[str]:
    return [str(one) for one in await look(client)]


@pytest.mark.parametrize(
    ("ahead", "clock"),
    [
        (20.0, "clock: as Telegram's"),
        (-20.0, "clock: as Telegram's"),
        (100.0, r"clock: warning: (99|100) s behind Telegram's: .*; set it, best by NTP"),
        (-100.0, r"clock: warning: (100|101) s ahead of Telegram's: .*; set it, best by NTP"),
    ],
)
async def test_how_telegram_is_reached_and_how_far_the_clock_is_from_its(
    user: Client, sandbox: Sandbox, ahead: float, clock: str
) -> None:
    sandbox.manners.clock_ahead = ahead
    reached, told = await lines(accounts.look_at_connection, user)
    match = re.fullmatch(r"Telegram: reached directly, answers in (\d+) ms", reached)
    assert match is not None
    assert int(match[1]) < 10_000
    assert re.fullmatch(clock, told)


async def test_the_user_account_is_told_with_its_password_and_its_sessions(
    user: Client, owner: User, sign_in: Any
) -> None:
    assert await lines(accounts.look_at_user, user) == [
        "user account: Watcher; no two-step password; no other sessions; deleted if its owner stays"
        " away for 548 days; set one in Telegram: without it who has the number has the account"
    ]
    await sign_in(owner)
    owner.password = "correct horse"
    assert await lines(accounts.look_at_user, user) == [
        "user account: Watcher; two-step password set; 1 other session; deleted if its owner stays"
        " away for 548 days"
    ]


@pytest.mark.parametrize("until", [1_769_817_600, 0])
async def test_a_frozen_account_is_told_with_where_to_appeal(
    user: Client, owner: User, until: int
) -> None:
    assert await accounts.look_at_freeze(user) == []
    owner.freeze_up(until=until)
    end = " by 31 Jan 2026, or it is deleted" if until else ""
    assert await lines(accounts.look_at_freeze, user) == [
        "user account: warning: frozen by Telegram since 01 Jan 2026; open Telegram with it and"
        f" appeal at https://t.me/spambot{end}"
    ]


@pytest.mark.parametrize(
    ("joined", "is_full"),
    [(0, False), (JOINED_LIMIT - 1, False), (JOINED_LIMIT, True), (999, True)],
)
async def test_an_account_that_can_join_no_other_channel_is_warned_of(
    user: Client, joined: int, is_full: bool
) -> None:
    found = await accounts.look_at_limits(user, joined)
    assert found.what == f"in {joined} of {JOINED_LIMIT} channels; 4096 characters a message"
    assert (found.where, found.is_warning, bool(found.hint)) == ("limits", is_full, is_full)


@pytest.mark.parametrize(("joined", "told"), [(0, "no channels"), (1, "1 channel")])
async def test_a_limit_that_is_not_told_is_none(
    user: Client, sandbox: Sandbox, joined: int, told: str
) -> None:
    nothing = types.help.AppConfig(hash=1, config=types.JsonObject([]))
    sandbox.faults.muddle("help.getAppConfig", nothing)
    found = await accounts.look_at_limits(user, joined)
    assert str(found) == f"limits: in {told}; 4096 characters a message"


async def test_the_bot_is_told_by_its_name(sandbox: Sandbox, serve_as: Any) -> None:
    bot = await serve_as(sandbox.add_bot("lookout_bot", token="1000:open-sesame"))
    found = await accounts.look_at_bot(bot)
    assert str(found) == (
        "bot account: @lookout_bot; inline queries off (/setinline at @BotFather)"
    )


@pytest.mark.parametrize(
    ("look", "method", "where"),
    [
        (accounts.look_at_connection, "help.getConfig", "Telegram"),
        (accounts.look_at_user, "account.getPassword", "user account"),
        (accounts.look_at_user, "account.getAuthorizations", "user account"),
        (accounts.look_at_user, "account.getAccountTTL", "user account"),
        (accounts.look_at_freeze, "help.getAppConfig", "user account"),
        (look_at_limits, "help.getConfig", "limits"),
        (look_at_limits, "help.getAppConfig", "limits"),
    ],
)
async def test_what_telegram_does_not_say_is_a_warning(
    user: Client, sandbox: Sandbox, look: Look, method: str, where: str
) -> None:
    sandbox.faults.fail(method, "SOMETHING_NEW")
    assert await lines(look, user) == [f"{where}: warning: Telegram does not say: SOMETHING_NEW"]
