"""The watching account is logged out, banned or closed: nothing ends, and it may come back."""

from typing import Any

from bot.commands.check import check

PATIENCE = 120.0
HASTY = ("bot.app.account_gone.LOOK_SECONDS = 0.2",)


async def until_alerts(stage: Any, count: int) -> None:
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) == count or None, timeout=PATIENCE)


async def test_nothing_ends_it_is_told_once_and_whoever_logs_in_takes_the_channels_back(
    operated_stage: Any,
) -> None:
    stage = operated_stage
    service = await stage.run(*HASTY)
    await stage.chat.ask("/alert ferry", timeout=PATIENCE)
    first = await stage.news.post("The ferry sails"), await stage.closed.post("The ferry waits")
    await stage.wait_stored(*first)

    stage.watcher.sign_out_everywhere()
    unseen = await stage.closed.post("A ferry unseen")
    await stage.news.post("A ferry of the evening")
    notice = await stage.until_told("these wait until an account is logged in")
    assert "(AUTH_KEY_UNREGISTERED): run ‘dateline login’." in notice.replace("`", "‘", 1).replace(
        "`", "’"
    )
    assert notice.endswith("Closed Harbour")
    await until_alerts(stage, 3)
    await stage.until_reasons("user")
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "can't be used any more (AUTH_KEY_UNREGISTERED), since" in status
    assert "only a user account can read it" in status

    assert await service.stop() == 0
    service = await stage.run(*HASTY)
    await stage.until_reasons("user")
    await stage.news.post("A ferry after the start")
    await until_alerts(stage, 4)
    (problem,) = await check(stage.settings())
    assert "the login of Watcher is not valid any more (AUTH_KEY_UNREGISTERED)" in str(problem)

    await stage.log_in()  # beside the running service
    await stage.until_told("is logged in again")
    await stage.until_reasons()
    await stage.wait_stored(unseen)
    await stage.news.post("A ferry at last")
    await until_alerts(stage, 6)
    await stage.wait_drained()
    assert [alert.text.count("unseen") for alert in stage.alerts()] == [0, 0, 0, 0, 1, 0]
    assert len(stage.told("can't be used any more")) == 2  # the notice, the status
    for words in ("can't be read:", "does not hear", "hears all", "from now on", "come at once"):
        assert stage.told(words) == []
    status = (await stage.chat.ask("/status", timeout=PATIENCE)).text
    assert "⚠️ The watching" not in status and "only a user account" not in status
    assert await service.stop() == 0
