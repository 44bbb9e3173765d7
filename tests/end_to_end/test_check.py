"""``dateline check``: every channel, both accounts and the machine, a line each."""

import asyncio
import secrets
from functools import partial
from typing import Any

import pytest

from bot.commands import channels as channel_list
from bot.commands.check import check
from bot.commands.checking.findings import Finding
from storage.channels import channels
from storage.errors import UsageError


async def lines_of(stage: Any, **changes: str) -> dict[str, Finding]:
    """What is told, by what it is about; nothing may keep it from serving."""
    told: list[Finding] = []
    async with stage.sandbox.serve_previews() as previews:
        changes = {"PREVIEW_BASE_URL": previews.address, **changes}
        assert await check(stage.settings(**changes), told.append) == []
    return {finding.where: finding for finding in told}


async def test_each_channel_says_how_it_will_be_read(ready_stage: Any) -> None:
    stage = ready_stage
    stage.sandbox.add_channel("Quay", username="quay_news")
    closed = stage.sandbox.add_channel("Closed")
    lines = await lines_of(
        stage, CHANNELS=f"harbour @quay_news {closed.invite_link} @no_such_one @ann -1001999999999"
    )
    shown = {where: (line.what, line.is_warning) for where, line in lines.items()}
    assert shown["@harbour"] == ("Harbour News, read by the user account, as a member", False)
    assert shown["@quay_news"][0].startswith("Quay, read by the user account, as a public channel")
    assert shown[closed.invite_link] == ("`dateline run` joins it by this link", False)
    assert shown["@no_such_one"] == ("there is no such channel: not read", True)
    assert shown["@ann"] == ("is a person or a bot, no channel: not read", True)
    assert shown["-1001999999999"][1]
    # Each name once, and those of the account's own channels not at all.
    assert stage.sandbox.count_calls("contacts.resolveUsername") == 3


async def test_names_are_not_looked_up_while_telegram_refuses(ready_stage: Any) -> None:
    stage = ready_stage
    for name in ("quay_news", "other_news"):
        await stage.sandbox.add_channel(name.title(), username=name).post("Hello")
    stage.sandbox.faults.fail("contacts.resolveUsername", "FLOOD_WAIT_3000", code=420, times=None)
    lines = await lines_of(stage, CHANNELS="@quay_news @other_news @no_such_one")
    assert lines["@quay_news"].what.startswith("read from its web previews until")
    assert lines["@other_news"].what == lines["@quay_news"].what
    assert lines["@no_such_one"].is_warning
    assert stage.sandbox.count_calls("contacts.resolveUsername") == 1


async def test_both_accounts_are_told_of(ready_stage: Any) -> None:
    stage = ready_stage
    before = await lines_of(stage)
    assert before["user account"].what == (
        "Watcher; no two-step password; no other sessions; "
        "deleted if its owner stays away for 548 days"
    )
    stage.watcher.password = "correct horse"
    lines = await lines_of(stage)
    assert lines["user account"].what.startswith("Watcher; two-step password set; no other")
    assert lines["bot account"].what.startswith("@lookout_bot")
    assert lines["limits"].what == "in 1 of 500 channels; 4096 characters a message"
    assert "reached directly" in lines["Telegram"].what
    assert not any(line.is_warning for line in lines.values())


async def test_a_frozen_account_is_told_of_and_where_to_appeal(ready_stage: Any) -> None:
    stage = ready_stage
    stage.watcher.freeze_up(reads=True)
    told: list[Finding] = []
    assert await check(stage.settings(), told.append) == []
    (frozen,) = [str(one) for one in told if "frozen by" in str(one)]
    assert frozen == (
        "user account: warning: frozen by Telegram since 01 Jan 2026; open Telegram with it and "
        "appeal at https://t.me/spambot by 31 Jan 2026, or it is deleted"
    )


@pytest.mark.parametrize(("ahead", "told"), [(20, ""), (45, "behind"), (-7300, "ahead of")])
async def test_a_wrong_clock_is_told(ready_stage: Any, ahead: float, told: str) -> None:
    ready_stage.sandbox.manners.clock_ahead = ahead
    clock = (await lines_of(ready_stage))["clock"]
    assert clock.is_warning is bool(told)
    assert told in clock.what


async def test_without_an_account_it_says_what_previews_show(stage: Any) -> None:
    await stage.news.post("Hello")
    told: list[Finding] = []
    async with stage.sandbox.serve_previews() as previews:
        settings = stage.settings(
            PREVIEW_BASE_URL=previews.address, CHANNELS="@harbour @no_such_one"
        )
        (problem,) = await check(settings, told.append)
    assert "dateline login" in str(problem)
    lines = {finding.where: finding for finding in told}
    assert lines["@harbour"].what == "read from its web previews"
    assert lines["@no_such_one"].is_warning


async def test_a_session_in_use_is_not_opened_and_the_service_s_word_is_told(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run(CHANNELS="@harbour @no_such_one")

    async def is_read(conn: Any) -> bool:
        return any(channel.source for channel in await channels.list_channels(conn))

    await stage.wait_database(is_read)
    calls = stage.sandbox.count_calls("account.getPassword")
    lines = await lines_of(stage, CHANNELS="@harbour @no_such_one @other_one")
    assert stage.sandbox.count_calls("account.getPassword") == calls
    assert "as a member (as the running service found)" in lines["@harbour"].what
    assert lines["@no_such_one"].what == "there is no such channel"
    assert lines["@other_one"].is_warning
    in_use = [line for line in lines.values() if line.what.endswith("not opened")]
    assert len(in_use) == 2


async def test_wrong_forms_are_wrong_use_and_named(stage: Any) -> None:
    problems = await check(
        stage.settings(API_HASH=secrets.token_hex(15), CHANNELS="not a channel!! тест @harbour")
    )
    wrong = [str(problem) for problem in problems if isinstance(problem, UsageError)]
    assert wrong[0].startswith("API_HASH: is not of 32")
    named = [line.split("'")[1] for line in wrong[1:]]
    assert named == ["not", "a", "channel!!", "тест"]


async def test_a_channel_that_was_taken_off_by_hand_is_told(ready_stage: Any) -> None:
    settings = ready_stage.settings()
    for what in ("add", "remove"):
        change = partial(channel_list.change, what=what)
        assert await asyncio.to_thread(change, settings, ["@harbour"], as_json=False) == 0
    assert "by hand" in (await lines_of(ready_stage))["@harbour"].what
