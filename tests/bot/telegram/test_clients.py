"""How failed calls are told apart."""

import asyncio
import contextlib
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import leaping
import pytest
from structlog.testing import capture_logs
from telethon import errors
from telethon.errors import rpc_message_to_error
from telethon.tl.functions.updates import GetStateRequest
from telethon.tl.types import RpcError

from bot.sandbox.server import Sandbox
from bot.telegram import clients, failures
from bot.telegram.retry import FailureKind
from storage.backoff import Backoff


def made(name: str, code: int) -> Exception:
    """The error that Telethon makes of what a server says."""
    error: Exception = rpc_message_to_error(RpcError(code, name), None)
    return error


@pytest.mark.parametrize(
    ("name", "code", "kind", "seconds"),
    [
        ("RANDOM_ID_DUPLICATE", 500, "duplicate", 0),
        ("USER_IS_BLOCKED", 400, "gone", 0),
        ("USER_IS_BLOCKED", 403, "gone", 0),
        ("INPUT_USER_DEACTIVATED", 400, "gone", 0),
        ("PEER_ID_INVALID", 400, "gone", 0),
        ("CHAT_WRITE_FORBIDDEN", 403, "gone", 0),
        ("FLOOD_WAIT_17", 420, "flood", 17),
        ("SLOWMODE_WAIT_9", 420, "flood", 9),
        ("INTERDC_2_CALL_ERROR", 500, "server", 0),
        ("SOMETHING_NEW", 500, "server", 0),
        ("Timeout", -503, "server", 0),
        ("MESSAGE_TOO_LONG", 400, "refused", 0),
        ("SOMETHING_NEW", 400, "refused", 0),
        ("AUTH_KEY_UNREGISTERED", 401, "unauthorized", 0),
        ("SESSION_REVOKED", 401, "unauthorized", 0),
        ("AUTH_KEY_DUPLICATED", 406, "unauthorized", 0),
        ("UPDATE_APP_REQUIRED", 406, "refused", 0),
    ],
)
def test_kind_of_a_refusal(name: str, code: int, kind: FailureKind, seconds: float) -> None:
    failure = failures.failure_of(made(name, code))
    assert (failure.kind, failure.seconds) == (kind, seconds)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionResetError(104, "Connection reset by peer"), "network"),
        (errors.AuthKeyNotFound(), "unauthorized"),
        (ValueError("no such thing"), "refused"),
    ],
)
def test_kind_of_another_failure(error: Exception, kind: FailureKind) -> None:
    assert failures.failure_of(error).kind == kind


def test_the_name_that_telegram_gave_is_kept() -> None:
    assert failures.rpc_name(made("USER_IS_BLOCKED", 400)) == "USER_IS_BLOCKED"
    assert failures.rpc_name(made("NEVER_HEARD_OF", 400)) == "NEVER_HEARD_OF"


@pytest.mark.parametrize("call", [clients.call, clients.Client.__call__])
async def test_who_was_answered_waits_no_longer_for_the_next_connection(
    sandbox: Sandbox, serve_as: Any, monkeypatch: pytest.MonkeyPatch, call: Any
) -> None:
    waited: list[float] = []
    next_delay = Backoff.next_delay

    def noted(backoff: Backoff, now: float, _: float) -> float:
        waited.append(next_delay(backoff, now, 1.0))
        return 0.0

    monkeypatch.setattr(Backoff, "next_delay", noted)
    client = await serve_as(sandbox.add_user("Watcher"))
    client.reconnect_for_good()
    for cuts in range(1, 6):
        begun = len(waited)
        sandbox.drop_connections()
        async with asyncio.timeout(30):
            while len(waited) == begun or not client.stands():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            while True:
                with contextlib.suppress(*failures.CALL_ERRORS):
                    await call(client, GetStateRequest())
                    break
        assert max(waited) <= 0.25, cuts


async def test_a_call_without_an_answer_ends() -> None:
    with pytest.raises(TimeoutError):
        await clients.within(asyncio.Event().wait(), 0.01)


async def test_a_call_that_telethon_cancels_is_a_lost_connection_and_no_cancellation() -> None:
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(answer.cancel)
    with pytest.raises(ConnectionError, match="disconnected"):
        await clients.within(answer)


async def test_a_caller_that_is_cancelled_is_cancelled() -> None:
    task = asyncio.create_task(clients.within(asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "make", [lambda ask: clients.call(ask, GetStateRequest()), lambda ask: clients.within(ask(0))]
)
def test_an_answer_is_waited_for_twenty_seconds(make: Any) -> None:
    async def silent(_: Any) -> None:
        await asyncio.Event().wait()

    async def play() -> float:
        with pytest.raises(TimeoutError):
            await make(silent)
        return leaping.now()

    assert leaping.run(play()) == 20


def test_who_cannot_connect_tries_again_ever_more_rarely_and_at_least_twice_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[float] = []
    waits = iter([0.0] * 8 + [300.0, 0.0])

    async def connect(_: Any) -> None:
        tries.append(leaping.now())
        error = clients.NotReachedError("cannot connect", where="Telegram")
        error.seconds = next(waits, None) or 0.0
        if len(tries) <= 10:
            raise error

    async def play() -> None:
        client: Any = SimpleNamespace(account="user", forget_waits=lambda: None)
        await clients.connect_patiently(client)

    monkeypatch.setattr(clients, "connect", connect)
    monkeypatch.setattr(clients.random, "random", lambda: 1.0)
    monkeypatch.setattr(clients.time, "monotonic", leaping.now)
    with capture_logs():
        leaping.run(play())
    pauses = [later - one for one, later in pairwise(tries)]
    assert pauses == pytest.approx([1, 1.25, 1.5, 2, 3, 5, 9, 17, 300, 1], abs=1e-3)
