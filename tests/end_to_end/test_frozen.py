"""The watching account is frozen, and after a while it is not any more."""

import asyncio
from typing import Any

import httpx2
import pytest
from addresses import free_address

PATIENCE = 90.0
HASTY = (
    "bot.app.account_care.LOOK_SECONDS = 2.0",
    "bot.app.account_care.FROZEN_LOOK_SECONDS = 0.3",
    "bot.watching.reconcile.ACCOUNT_RETRY = 0.5",
)


@pytest.fixture
def address() -> str:
    return free_address()


@pytest.fixture
async def frozen_stage(ready_stage: Any, address: str) -> Any:
    """A service that watches a public channel and a private one; Ann runs it."""
    stage = ready_stage
    async with stage.sandbox.serve_previews() as previews:
        stage.environment |= {
            "PREVIEW_BASE_URL": previews.address,
            "ADMINS": str(stage.ann.id),
            "METRICS_ADDRESS": address,
            "RECONCILE_INTERVAL": "0.5",
            "SCAN_REQUESTS_PER_MINUTE": "6000",
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
            said = (await web.get(f"http://{address}/readyz", timeout=60)).json()["reasons"]
            if said == reasons:
                return
            await asyncio.sleep(0.05)


async def test_while_frozen_previews_are_read_the_rest_waits_and_nothing_ends(
    frozen_stage: Any, address: str
) -> None:
    stage = frozen_stage
    closed = stage.sandbox.add_channel("Closed Harbour", members=[stage.watcher])
    service = await stage.run(*HASTY, CHANNELS=f"@harbour -100{closed.id}")
    await stage.chat.ask("/alert ferry", timeout=PATIENCE)
    first = [await stage.news.post("The ferry sails at noon"), await closed.post("The ferry waits")]
    await stage.wait_stored(*first)

    stage.watcher.freeze_up()
    notice = await until_told(stage, "has frozen the watching account. Channels")
    assert "appeal: https://t.me/spambot If nothing" in notice
    await until_reasons(address, ["user"])
    second = [await stage.news.post("A ferry of the evening"), await closed.post("A ferry unseen")]
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) == 3 or None, timeout=PATIENCE)
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "Appeal with that account: https://t.me/spambot If nothing comes of it" in status
    assert "web preview" in status

    assert await service.stop() == 0
    service = await stage.run(*HASTY, CHANNELS=f"@harbour -100{closed.id}")
    await until_reasons(address, ["user"])
    await stage.wait_stored(await stage.news.post("A boat after the start"))

    stage.watcher.thaw()
    await until_told(stage, "is not frozen any more")
    await until_reasons(address, [])
    await stage.wait_stored(second[1])
    await stage.wait_drained()
    assert [alert.text.count("unseen") for alert in stage.alerts()] == [0, 0, 0, 1]
    assert len(told(stage, "frozen")) == 3  # the notice, the status, its end
    assert not told(stage, "can't be read") and not told(stage, "does not hear")
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "Watching account: ⚠️ no two-step password" in status
    assert await service.stop() == 0
