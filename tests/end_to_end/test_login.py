"""Logging in: on a terminal, and in two steps without one."""

import stat
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.commands.login import login
from bot.telegram import sessions
from storage.errors import ServiceError, UsageError

PHONE = "+15550000001"


def answers(*given: str) -> Callable[[str, bool], Awaitable[str]]:
    """Somebody at the terminal, with these answers."""
    rest = list(given)

    async def ask(question: str, secret: bool) -> str:
        assert secret is ("password" in question.lower())
        return rest.pop(0)

    return ask


async def test_login_in_two_steps_without_a_terminal(stage: Any) -> None:
    told = await login(stage.settings(), phone="+1 555 000-0001")
    assert "dateline login --code" in told
    state = stage.folder / "data" / "login.json"
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700
    assert await login(stage.settings(), code="12345") == "logged in as Watcher"
    assert not state.exists()
    assert await login(stage.settings()) == "already logged in as Watcher"


async def test_a_session_that_lets_nobody_in_any_more_is_made_anew(ready_stage: Any) -> None:
    stage = ready_stage
    session = stage.folder / "data" / "user.session"
    before = sessions.read_notes(session)["login"]
    stage.sandbox.faults.fail("help.getConfig", "AUTH_KEY_DUPLICATED", code=406)
    assert "dateline login --code" in await login(stage.settings(), phone=PHONE)
    assert "login" not in sessions.read_notes(session)
    assert await login(stage.settings(), code="12345") == "logged in as Watcher"
    assert sessions.read_notes(session)["login"] != before


async def test_login_on_a_terminal_asks_for_what_is_missing(stage: Any) -> None:
    ask = answers(PHONE, "00000", "12345")
    assert await login(stage.settings(), ask=ask) == "logged in as Watcher"


async def test_a_two_step_password_may_come_in_a_third_step(stage: Any) -> None:
    stage.watcher.password = "correct horse"
    await login(stage.settings(), phone=PHONE)
    with pytest.raises(UsageError, match="--password-stdin"):
        await login(stage.settings(), code="12345")
    with pytest.raises(ServiceError, match="two-step password is wrong"):
        await login(stage.settings(), password="wrong horse")
    assert await login(stage.settings(), password="correct horse") == "logged in as Watcher"


async def test_a_two_step_password_may_come_with_the_code(stage: Any) -> None:
    stage.watcher.password = "correct horse"
    await login(stage.settings(), phone=PHONE)
    told = await login(stage.settings(), code="12345", password="correct horse")
    assert told == "logged in as Watcher"


async def test_a_two_step_password_is_asked_for_on_a_terminal(stage: Any) -> None:
    stage.watcher.password = "correct horse"
    ask = answers(PHONE, "12345", "correct horse")
    assert await login(stage.settings(), ask=ask) == "logged in as Watcher"


async def test_a_wrong_code_is_said_and_may_be_tried_again(stage: Any) -> None:
    await login(stage.settings(), phone=PHONE)
    with pytest.raises(ServiceError, match="the code is wrong; run `dateline login --code CODE`"):
        await login(stage.settings(), code="00000")
    assert await login(stage.settings(), code="12345") == "logged in as Watcher"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "no phone number was given"),
        ({"code": "12345"}, "no code was asked for"),
        ({"phone": "not a number"}, "is no phone number"),
    ],
)
async def test_what_is_missing_is_wrong_use(
    stage: Any, given: dict[str, str], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        await login(stage.settings(), **given)


async def test_a_number_that_telegram_does_not_know_is_told(stage: Any) -> None:
    with pytest.raises(ServiceError, match="login: "):
        await login(stage.settings(), phone="+15559999999")
        await login(stage.settings(), code="12345")


async def test_a_server_that_is_not_there_is_told(stage: Any) -> None:
    await stage.sandbox.stop_serving()
    with pytest.raises(ServiceError, match="cannot connect to"):
        await login(stage.settings(), phone=PHONE)
