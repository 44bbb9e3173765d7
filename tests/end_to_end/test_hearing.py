"""Nobody goes deaf: what was missed cannot be had, and the accounts hear on."""

from typing import Any

SHORT = (
    "-c",
    "import asyncio, sys; from pathlib import Path; from bot import settings;"
    "from bot.app import run;"
    "known = settings.load(dict(__import__('os').environ), Path('no.env'));"
    "sys.exit(asyncio.run(run.run(known, deaf_for=2.0)))",
)
"""The service, as `dateline run` starts it, that gives up after two seconds what it missed."""
PATIENCE = 120.0


async def run_short(stage: Any, **changes: str) -> Any:
    (stage.folder / "no.env").touch()
    service = stage.process(ADMINS=str(stage.ann.id), **changes)
    await service.start(program=SHORT)
    await service.wait_ready(120)
    return service


def refuse(stage: Any, account: Any, method: str) -> None:
    stage.sandbox.faults.fail(method, "INTERNAL", code=500, times=None, account=account)


async def lose_one(stage: Any, text: str) -> None:
    """Ann writes something that is never pushed: what comes next shows a gap."""
    fault = stage.sandbox.faults.withhold_pushes(account=stage.bot, times=1)
    await stage.chat.send(text)
    await fault.wait_hit()


async def test_a_difference_that_is_never_had_leaves_the_bot_hearing(ready_stage: Any) -> None:
    stage = ready_stage
    service = await run_short(stage)
    await stage.chat.ask("/alert ferry")
    refuse(stage, None, "updates.getDifference")
    await lose_one(stage, "/alert wombat")
    await stage.chat.send("/alert dingo")
    await service.wait_line("what was missed cannot be had", timeout=PATIENCE)
    # As a restart before the time is up: it meets the same.
    await service.kill()
    service = await run_short(stage)
    await service.wait_line("going on without what was missed", timeout=PATIENCE)
    await stage.chat.wait_for("did not hear all", timeout=PATIENCE)
    await stage.chat.ask("/alert quokka")
    await service.stop()
    await run_short(stage)
    await stage.chat.ask("/alert bilby", timeout=PATIENCE)


async def test_an_account_that_cannot_have_what_it_missed_reads_it_by_scans(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await run_short(stage, RECONCILE_INTERVAL="600")
    await stage.chat.ask("/alert ferry")
    refuse(stage, stage.watcher, "updates.getChannelDifference")
    await stage.news.post("The ferry that is pushed")
    await stage.chat.wait_for("that is pushed", timeout=PATIENCE)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher, times=1)
    await stage.news.post("The ferry that is not pushed")
    await stage.news.post("The ferry after the gap")
    await service.wait_line("what was missed cannot be had", timeout=PATIENCE)
    await stage.chat.wait_for("that is not pushed", timeout=PATIENCE)
    await stage.chat.wait_for("after the gap", timeout=PATIENCE)
    await service.wait_line("going on without what was missed", timeout=PATIENCE)
    await stage.news.post("The ferry from now on")
    await stage.chat.wait_for("from now on", timeout=PATIENCE)
    await stage.wait_drained()
    assert len(stage.alerts()) == 4
