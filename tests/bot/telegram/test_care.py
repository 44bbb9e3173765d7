"""What the client's configuration says of the account, and what a freeze looks like."""

import asyncio
from datetime import UTC, datetime

import pytest
from telethon.errors import rpc_message_to_error
from telethon.tl import TLRequest, types
from telethon.tl.functions.account import GetAccountTTLRequest
from telethon.tl.functions.help import GetAppConfigRequest

from bot.telegram import care
from bot.telegram.care import ClientConfig, Freezing
from handlers.conversation.account_care import AccountCare, Freeze

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)
DATES = {"freeze_since_date": SINCE.timestamp(), "freeze_until_date": UNTIL.timestamp()}


@pytest.mark.parametrize(
    ("values", "freeze"),
    [
        ({}, None),
        ({"freeze_since_date": 0.0, "freeze_until_date": 0.0}, None),
        (DATES, Freeze(since=SINCE, until=UNTIL)),
        ({"freeze_since_date": SINCE.timestamp()}, Freeze(since=SINCE)),
        (
            {**DATES, "freeze_appeal_url": "https://t.me/appeal_bot"},
            Freeze(since=SINCE, until=UNTIL, appeal="https://t.me/appeal_bot"),
        ),
        ({**DATES, "freeze_appeal_url": "javascript:x"}, Freeze(since=SINCE, until=UNTIL)),
        (
            {**DATES, "freeze_appeal_url": f"https://{'x' * 192}"},
            Freeze(since=SINCE, until=UNTIL, appeal=f"https://{'x' * 192}"),
        ),
        ({**DATES, "freeze_appeal_url": f"https://{'x' * 193}"}, Freeze(since=SINCE, until=UNTIL)),
        ({**DATES, "freeze_until_date": 1e300}, Freeze(since=SINCE)),
        ({**DATES, "freeze_since_date": "soon"}, None),
    ],
)
def test_a_freeze_is_read_whatever_it_says(values: ClientConfig, freeze: Freeze | None) -> None:
    assert care.freeze_of(values) == freeze


async def test_what_a_frozen_account_is_refused_is_left_open() -> None:
    async def call(request: TLRequest) -> object:
        if isinstance(request, GetAppConfigRequest):
            entries = [
                types.JsonObjectValue("channels_limit_default", types.JsonNumber(500.0)),
                types.JsonObjectValue("freeze_since_date", types.JsonNumber(SINCE.timestamp())),
                types.JsonObjectValue("odd", types.JsonNull()),
            ]
            return types.help.AppConfig(hash=1, config=types.JsonObject(entries))
        if isinstance(request, GetAccountTTLRequest):
            return types.AccountDaysTTL(days=180)
        raise rpc_message_to_error(types.RpcError(420, "FROZEN_METHOD_INVALID"), request)

    assert await care.ask_care(call, premium=False, channels=7) == AccountCare(
        days=180, most=500, channels=7, freeze=Freeze(since=SINCE)
    )
    assert (await care.ask_care(call, premium=True, channels=7)).most is None


async def test_only_a_frozen_answer_is_noted() -> None:
    freezing = Freezing()
    for name in ("FLOOD_WAIT_30", "CHANNEL_PRIVATE", "USER_DEACTIVATED_BAN"):
        freezing.note(rpc_message_to_error(types.RpcError(420, name), None))
    assert not freezing.is_met.is_set()
    freezing.note(rpc_message_to_error(types.RpcError(420, "FROZEN_METHOD_INVALID"), None))
    assert freezing.is_met.is_set()
    assert freezing.refused_at <= asyncio.get_running_loop().time()
    freezing.over()
    assert not freezing.is_met.is_set()
