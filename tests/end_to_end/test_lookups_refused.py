"""Telegram refuses to look names up, for hours: that is said, and it is not asked again."""

import asyncio
import contextlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.commands import channels

LOOK_UP = "contacts.resolveUsername"


@pytest.fixture
def refused_stage(ready_stage: Any) -> Any:
    """A watched channel that the account is not in, and 70,000 seconds to wait for its name."""
    ready_stage.sandbox.add_channel("Far Shore", username="far_shore")
    ready_stage.sandbox.faults.flood_wait(LOOK_UP, 70_000, times=None)
    return ready_stage


async def run(stage: Any) -> Any:
    return await stage.run(
        CHANNELS="@harbour @far_shore",
        ADMINS=str(stage.ann.id),
        RECONCILE_INTERVAL="1",
        PREVIEW_BASE_URL="http://127.0.0.1:9/s/",
    )


def shown(stage: Any, *, as_json: bool) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert channels.status(stage.settings(), as_json=as_json) == 0
    return out.getvalue()


async def test_it_is_said_until_when_and_a_restart_does_not_ask_again(
    refused_stage: Any, engine: str
) -> None:
    stage = refused_stage
    # Where several may watch it is said of each.
    refused = {"sqlite": "look-ups are refused; next try", "postgres": "looks up no names before"}
    service = await run(stage)
    await stage.sandbox.wait_for_call(LOOK_UP)
    await service.wait_line("look-ups are refused")
    asked = stage.sandbox.count_calls(LOOK_UP)
    status = await stage.chat.ask("/status")
    due = datetime.now(UTC) + timedelta(seconds=70_000)
    assert refused[engine] in status.text
    assert any(f"{due - timedelta(minutes=n):%-H:%M}" in status.text for n in range(5))
    assert "look-ups are refused; next try" in await asyncio.to_thread(shown, stage, as_json=False)
    facts = json.loads((await asyncio.to_thread(shown, stage, as_json=True)).splitlines()[0])
    said = datetime.fromisoformat(facts["lookups_refused_until"])
    assert abs((said - due).total_seconds()) < 300
    await service.stop()
    await run(stage)
    status = await stage.chat.ask("/status")
    assert refused[engine] in status.text
    assert stage.sandbox.count_calls(LOOK_UP) == asked


async def test_a_name_that_has_no_preview_either_is_told_with_the_true_reason(
    refused_stage: Any,
) -> None:
    stage = refused_stage
    async with stage.sandbox.serve_previews() as previews:
        previews.closed.add("far_shore")
        await stage.run(
            CHANNELS="@harbour @far_shore",
            ADMINS=str(stage.ann.id),
            RECONCILE_INTERVAL="1",
            PREVIEW_BASE_URL=previews.address,
        )
        await stage.chat.send("/start")
        notice = await stage.chat.wait_for("can't be read")
        assert "refuses look-ups" in notice.text
        assert "preview" not in notice.text
