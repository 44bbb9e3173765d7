"""The watching account is frozen, and after a while it is not any more."""

from typing import Any

PATIENCE = 120.0
HASTY = (
    "bot.app.account_care.LOOK_SECONDS = 2.0",
    "bot.app.account_care.FROZEN_LOOK_SECONDS = 0.3",
    "bot.watching.reconcile.ACCOUNT_RETRY = 0.5",
)


async def test_while_frozen_previews_are_read_the_rest_waits_and_nothing_ends(
    operated_stage: Any,
) -> None:
    stage = operated_stage
    service = await stage.run(*HASTY)
    await stage.chat.ask("/alert ferry", timeout=PATIENCE)
    first = [
        await stage.news.post("The ferry sails at noon"),
        await stage.closed.post("The ferry waits"),
    ]
    await stage.wait_stored(*first)

    stage.watcher.freeze_up()
    notice = await stage.until_told("has frozen the watching account. Channels")
    assert "appeal: https://t.me/spambot If nothing" in notice
    await stage.until_reasons("user")
    await stage.news.post("A ferry of the evening")
    unseen = await stage.closed.post("A ferry unseen")
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) == 3 or None, timeout=PATIENCE)
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "Appeal with that account: https://t.me/spambot If nothing comes of it" in status
    assert "web preview" in status

    assert await service.stop() == 0
    service = await stage.run(*HASTY)
    await stage.until_reasons("user")
    await stage.wait_stored(await stage.news.post("A boat after the start"))

    stage.watcher.thaw()
    await stage.until_told("is not frozen any more")
    await stage.until_reasons()
    await stage.wait_stored(unseen)
    await stage.wait_drained()
    assert [alert.text.count("unseen") for alert in stage.alerts()] == [0, 0, 0, 1]
    assert len(stage.told("frozen")) == 3  # the notice, the status, its end
    assert not stage.told("can't be read") and not stage.told("does not hear")
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "Watching account: ⚠️ no two-step password" in status
    assert await service.stop() == 0
