"""Starting and stopping: what keeps the service from serving is said in one line."""

import asyncio
import contextlib
import signal
import stat
from pathlib import Path
from typing import Any

from addresses import free_address
from plain_web import plain_web

from bot.commands.check import check
from bot.sandbox.server import Sandbox
from bot.telegram import sessions
from storage.errors import ServiceError, UsageError


async def failure_of(service: Any) -> tuple[int, str]:
    """The exit status of a service that does not start, and its last line."""
    await service.start()
    status = await service.wait()
    return status, service.lines[-1]


async def test_it_names_its_bot_keeps_its_files_private_and_stops_cleanly(new_stage: Any) -> None:
    service = new_stage.cold_process()
    await service.start()
    line = await service.wait_ready()
    assert line == "dateline: ready as @lookout_bot, watching 1 channel"
    data = new_stage.folder / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert {"dateline.db", "user.session", "bot.session"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert await service.stop() == 0
    assert not any("Traceback" in line for line in service.lines)


async def test_a_session_that_others_could_read_is_closed_to_them(new_stage: Any) -> None:
    session = new_stage.folder / "data" / "user.session"
    session.chmod(0o644)
    service = new_stage.process()
    await service.start()
    await service.wait_ready(120)
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    assert service.find_lines("others could read a file", "user.session")


async def test_without_a_login_it_exits_1_and_names_the_command(stage: Any) -> None:
    status, line = await failure_of(stage.process())
    assert status == 1
    assert line.startswith("dateline: error: ")
    assert "dateline login" in line


async def test_a_revoked_login_is_named_with_its_account(new_stage: Any) -> None:
    new_stage.watcher.sign_out_everywhere()
    status, line = await failure_of(new_stage.process())
    assert status == 1
    assert "Watcher" in line
    assert "dateline login" in line


async def test_a_wrong_token_is_one_line_without_the_token(new_stage: Any) -> None:
    service = new_stage.process(BOT_TOKEN="1000:wrong-password")
    status, line = await failure_of(service)
    assert status == 1
    assert line.startswith("dateline: error: BOT_TOKEN: Telegram refuses the token")
    assert not any("wrong-password" in line for line in service.lines)


async def test_missing_settings_exit_2(new_stage: Any) -> None:
    status, _ = await failure_of(new_stage.process(BOT_TOKEN=""))
    assert status == 2


async def test_a_second_service_is_refused_while_the_first_lives(new_stage: Any) -> None:
    service = await new_stage.run()
    status, line = await failure_of(new_stage.process())
    assert status == 1
    assert "in use by process" in line
    assert await check(new_stage.settings()) == []
    await service.kill()
    path = sessions.session_path(new_stage.folder / "data", "user")
    with sessions.locked(path):
        assert path.exists()


async def test_of_two_that_begin_at_once_one_serves(new_stage: Any) -> None:
    stage = new_stage
    both = [stage.process(), stage.process()]
    await asyncio.gather(*(service.start() for service in both))
    ending = [asyncio.create_task(service.wait()) for service in both]
    await asyncio.wait(ending, timeout=120, return_when=asyncio.FIRST_COMPLETED)
    (refused,) = [service for service, end in zip(both, ending, strict=True) if end.done()]
    (serving,) = [service for service in both if service is not refused]
    assert await refused.wait() == 1
    assert "in use by process" in refused.lines[-1]
    await serving.wait_ready(120)
    # Who begins while it stops is refused like that, or serves; never both at once.
    serving.signal(signal.SIGTERM)
    await refused.start()
    assert await serving.wait() == 0
    with contextlib.suppress(ServiceError):
        await refused.wait_ready(120)
        return
    assert "in use by process" in refused.lines[-1]
    await stage.run()


async def test_an_unknown_channel_no_menu_and_no_dialogs_are_no_obstacle(
    new_stage: Any,
) -> None:
    stage = new_stage
    stage.sandbox.faults.fail("bots.setBotCommands", "BOT_COMMANDS_TOO_BAD", times=None)
    stage.sandbox.faults.fail("messages.getDialogs", "NOT_TODAY", times=None)
    service = await stage.run(CHANNELS="@no_such_channel, @harbour")
    assert any("no_such_channel" in line for line in service.lines)
    await stage.chat.ask("/alert ferry")
    await stage.news.post("The ferry sails")
    await stage.chat.wait_for("🔔")


async def test_another_server_over_existing_sessions_is_refused_naming_both(
    new_stage: Any,
) -> None:
    first = new_stage.sandbox.address
    async with Sandbox.start() as other:
        status, line = await failure_of(new_stage.process(TELEGRAM_SERVER=other.address))
        assert status == 1
        assert first in line
        assert other.address in line


async def test_a_session_lost_at_the_server_is_made_anew_for_the_bot(new_stage: Any) -> None:
    stage = new_stage
    service = await stage.run()
    await service.stop()
    stage.bot.sign_out_everywhere()
    await stage.run()
    assert "/search" in (await stage.chat.ask("/help")).text


async def test_check_finds_nothing_wrong_when_all_is_well(new_stage: Any) -> None:
    assert await check(new_stage.settings()) == []


async def test_check_tells_every_problem_at_once(stage: Any) -> None:
    problems = await check(stage.settings(BOT_TOKEN="1000:wrong-password"))
    assert [type(problem) for problem in problems] == [
        type(next(item for item in problems if "login" in str(item))),
        ServiceError,
    ]
    assert "dateline login" in str(problems[0])
    assert "refuses the token" in str(problems[1])


async def test_check_of_missing_settings_is_wrong_use(stage: Any) -> None:
    problems = await check(stage.settings(API_ID="", BOT_TOKEN=""))
    assert {problem.where for problem in problems} == {"API_ID", "BOT_TOKEN"}
    assert all(isinstance(problem, UsageError) for problem in problems)


async def test_a_server_with_another_key_is_named(stage: Any, tmp_path: Path) -> None:
    async with Sandbox.start(key_path=tmp_path / "other.pem") as other:
        problems = await check(
            stage.settings(
                TELEGRAM_SERVER=other.address,
                DATA_DIR=str(tmp_path / "fresh"),
            )
        )
    assert any("no common key" in str(problem) for problem in problems)


async def test_a_login_that_ends_while_running_is_told_and_the_rest_is_served(
    new_stage: Any,
) -> None:
    stage = new_stage
    service = await stage.run()
    await stage.news.post("The ferry sails")
    await stage.wait_drained()
    stage.watcher.sign_out_everywhere()
    stage.sandbox.drop_connections()
    assert "ferry" in (await stage.chat.ask("/search ferry")).text
    await stage.sandbox.wait_offline(stage.watcher)
    await service.wait_line("dateline login")


async def test_a_bot_that_is_logged_out_while_running_ends_the_service(new_stage: Any) -> None:
    stage = new_stage
    service = await stage.run()
    stage.bot.sign_out_everywhere()
    stage.sandbox.drop_connections()
    async with asyncio.timeout(120):
        assert await service.wait() == 1
    assert service.lines[-1].startswith("dateline: error: ")


async def test_it_waits_for_a_server_that_is_away_and_can_be_stopped_meanwhile(
    new_stage: Any,
) -> None:
    stage = new_stage
    await stage.sandbox.stop_serving()
    service = stage.process()
    await service.start()
    await service.wait_line("not connected")
    await stage.sandbox.serve_again()
    await service.wait_ready()
    await stage.sandbox.stop_serving()
    assert await service.stop() == 0


async def test_metrics_and_health_are_served_where_that_is_asked_for(new_stage: Any) -> None:
    address = free_address()
    service = await new_stage.run(METRICS_ADDRESS=address)
    async with plain_web() as web:
        healthy = await web.get(f"http://{address}/healthz")
        metrics = await web.get(f"http://{address}/metrics")
    assert (healthy.status_code, healthy.json()) == (200, {"ready": True, "reasons": []})
    assert 'dateline_outbox_messages{state="dead"} 0.0' in metrics.text
    assert 'channel="@harbour"' in metrics.text
    assert await service.stop() == 0
