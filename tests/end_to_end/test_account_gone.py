"""The watching account is logged out, banned or closed: nothing ends, and it may come back."""

import asyncio
import socket
from typing import Any

import httpx2
import pytest

from bot.commands.check import check

PATIENCE = 90.0
HASTY = ("bot.app.account_gone.LOOK_SECONDS = 0.2",)


@pytest.fixture
def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
async def lone_stage(ready_stage: Any, free_address: str) -> Any:
    """A service that watches a public channel and a private one by one account; Ann runs it."""
    stage = ready_stage
    stage.closed = stage.sandbox.add_channel("Closed Harbour", members=[stage.watcher])
    async with stage.sandbox.serve_previews() as previews:
        stage.environment |= {
            "PREVIEW_BASE_URL": previews.address,
            "ADMINS": str(stage.ann.id),
            "METRICS_ADDRESS": free_address,
            "RECONCILE_INTERVAL": "0.5",
            "SCAN_REQUESTS_PER_MINUTE": "6000",
            "CHANNELS": f"@harbour -100{stage.closed.id}",
        }
        yield stage


def told(stage: Any, words: str) -> list[str]:
    """What Ann was told with these words in it."""
    received = [message.text for message in stage.sandbox.ledger.received_by(stage.ann)]
    return [text for text in received if words in text]


async def until_told(stage: Any, words: str) -> str:
    found: list[str] = await stage.sandbox.wait_for(
        lambda: told(stage, words) or None, timeout=PATIENCE
    )
    return found[0]


async def until_reasons(address: str, reasons: list[str]) -> None:
    async with httpx2.AsyncClient(trust_env=False) as web, asyncio.timeout(PATIENCE):
        while True:
            answer = (await web.get(f"http://{address}/readyz", timeout=20)).json()
            if answer == {"ready": not reasons, "reasons": reasons}:
                return
            await asyncio.sleep(0.05)


async def until_alerts(stage: Any, count: int) -> None:
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) == count or None, timeout=PATIENCE)


async def test_nothing_ends_it_is_told_once_and_whoever_logs_in_takes_the_channels_back(
    lone_stage: Any, free_address: str
) -> None:
    stage = lone_stage
    service = await stage.run(*HASTY)
    await stage.chat.ask("/alert ferry", timeout=PATIENCE)
    first = await stage.news.post("The ferry sails"), await stage.closed.post("The ferry waits")
    await stage.wait_stored(*first)

    stage.watcher.sign_out_everywhere()
    unseen = await stage.closed.post("A ferry unseen")
    await stage.news.post("A ferry of the evening")
    notice = await until_told(stage, "these wait until an account is logged in")
    assert "(AUTH_KEY_UNREGISTERED): run ‘dateline login’." in notice.replace("`", "‘", 1).replace(
        "`", "’"
    )
    assert notice.endswith("Closed Harbour")
    await until_alerts(stage, 3)
    await until_reasons(free_address, ["user"])
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "can't be used any more (AUTH_KEY_UNREGISTERED), since" in status
    assert "only a user account can read it" in status

    assert await service.stop() == 0
    service = await stage.run(*HASTY)
    await until_reasons(free_address, ["user"])
    await stage.news.post("A ferry after the start")
    await until_alerts(stage, 4)
    (problem,) = await check(stage.settings())
    assert "the login of Watcher is not valid any more (AUTH_KEY_UNREGISTERED)" in str(problem)

    await stage.log_in()  # beside the running service
    await until_told(stage, "is logged in again")
    await until_reasons(free_address, [])
    await stage.wait_stored(unseen)
    await stage.news.post("A ferry at last")
    await until_alerts(stage, 6)
    await stage.wait_drained()
    assert [alert.text.count("unseen") for alert in stage.alerts()] == [0, 0, 0, 0, 1, 0]
    assert len(told(stage, "can't be used any more")) == 2  # the notice, the status
    for words in ("can't be read:", "does not hear", "hears all", "from now on", "come at once"):
        assert told(stage, words) == []
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "⚠️ The watching" not in status and "only a user account" not in status
    assert await service.stop() == 0
