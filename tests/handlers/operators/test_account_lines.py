"""What /status says of the account that watches."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.conversation.account_care import AccountCare, Freeze, Gone
from storage import times
from storage.channels import accounts, lookups, processes, watchers
from storage.channels.watchers import Watcher
from storage.structs import replace

NORTH, SOUTH = 5_000_000_001, 5_000_000_002
UNTIL = datetime(2026, 12, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("care", "lines"),
    [
        (None, []),
        (AccountCare(), []),
        (AccountCare(most=500), []),
        (
            AccountCare(has_password=True, days=180, most=500, channels=7),
            [
                "Watching account: two-step password set, in 7 of 500 channels, "
                "deleted if its owner stays away for 180 days."
            ],
        ),
        (
            AccountCare(has_password=False, most=500, channels=450),
            ["Watching account: ⚠️ no two-step password, ⚠️ in 450 of 500 channels."],
        ),
        (
            AccountCare(freeze=Freeze(until=UNTIL, appeal="https://t.me/appeal_bot")),
            [
                "⚠️ Telegram has frozen the watching account; public channels are read from their "
                "web previews. Appeal with that account: https://t.me/appeal_bot If nothing comes "
                "of it by 24 Dec 12:00, Telegram deletes it."
            ],
        ),
        (
            AccountCare(freeze=Freeze()),
            [
                "⚠️ Telegram has frozen the watching account; public channels are read from their "
                "web previews. Appeal with that account: https://t.me/spambot"
            ],
        ),
        (
            AccountCare(
                has_password=True,
                gone=Gone(since=UNTIL, reason="SESSION_REVOKED", hint="run `dateline login`"),
            ),
            [
                "⚠️ The watching account can't be used any more (SESSION_REVOKED), since 24 Dec "
                "12:00; public channels are read from their web previews, the others wait. To do: "
                "run `dateline login`"
            ],
        ),
    ],
)
async def test_the_operator_reads_how_the_account_is_kept(
    operator: Any, care: AccountCare | None, lines: list[str]
) -> None:
    without = (await operator.read("/status")).splitlines()
    operator.services = replace(operator.services, account=lambda: care)
    told = (await operator.read("/status")).splitlines()
    assert [line for line in told if line not in without] == lines


async def test_it_is_told_in_the_operators_language(operator: Any) -> None:
    care = AccountCare(has_password=True, days=180, most=500, channels=7)
    operator.services = replace(operator.services, account=lambda: care, language="ru")
    text = await operator.read("/status")
    assert "двухэтапный пароль задан, каналов: 7 из 500" in text


async def test_where_several_watch_each_is_told_with_what_it_reads(operator: Any) -> None:
    now = datetime.now(UTC)
    without = (await operator.read("/status")).splitlines()
    async with operator.services.database.transaction() as tx:
        for owner, account, roles, age in (
            ("one", NORTH, "watch", 0),
            ("two", None, "watch", 0),
            ("three", SOUTH, "watch", 0),
            ("four", None, "deliver", 3600),
        ):
            await processes.sign(tx, owner, f"dock:{owner}", [roles])
            lives = times.to_epoch(now + timedelta(minutes=10) - timedelta(seconds=age))
            for name in ("process", "watcher") if roles == "watch" else ("process",):
                row = (f"{name}:{owner}", owner, lives)
                await tx.execute("INSERT INTO lease VALUES (?, ?, 1, ?)", row)
            watcher = Watcher(owner=owner, account=account, serves=account == NORTH)
            if account == NORTH:
                watcher = replace(watcher, waits_until=now + timedelta(days=40))
            if account == SOUTH:
                watcher = replace(watcher, trouble="FROZEN")
            await watchers.sign(tx, watcher)
        await lookups.refuse_until(tx, now + timedelta(days=20), NORTH)
        await accounts.set_name(tx, NORTH, "North")
        await accounts.set_name(tx, SOUTH, "South")
    told = (await operator.read("/status")).splitlines()
    said = sorted(line for line in told if line not in without)
    until = r"\d+ \w+( \d{4})?,? \d+:\d\d"
    patterns = (
        r"North reads 0 channels, in dock:one\. ⚠️ Telegram told it to wait until "
        + f"{until}; its channels are not moved. It looks up no names before {until}.",
        r"South reads 0 channels, in dock:three\. ⚠️ The account can't be used: FROZEN\.",
        r"dock:one \(watch\): heard of \d+(\.\d)? s ago\.",
        r"dock:three \(watch\): heard of \d+(\.\d)? s ago\.",
        r"dock:two \(watch\): heard of \d+(\.\d)? s ago\.",
        rf"⚠️ dock:four \(deliver\) has not been heard of since {until}\.",
        r"⚠️ dock:two has no account that can be used, and reads 0 channels\.",
    )
    assert len(said) == len(patterns)
    for line, pattern in zip(said, patterns, strict=True):
        assert re.fullmatch(pattern, line), (line, pattern)
