"""/livez, /readyz and /metrics, over HTTP."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from plain_web import plain_web
from prometheus_client.parser import text_string_to_metric_families

from bot.health import server
from bot.health.monitor import Health
from handlers.operators.troubles import Reason
from storage.errors import ServiceError
from storage.records import Channel
from storage.verifying.health import Standing

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def channel(row: int, title: str, *, error: str | None = None) -> Channel:
    return Channel(
        id=row,
        channel_id=row,
        username=None,
        title=title,
        access_hash=1,
        watched=True,
        added_at=NOW,
        last_scan_at=datetime.now(UTC) - timedelta(minutes=2),
        posts_filled=3,
        error=error,
    )


def healthy(
    *, reasons: tuple[Reason, ...] = (), channels: tuple[Channel, ...] = (), user: bool = True
) -> Health:
    standing = Standing(
        queued=4,
        dead=1,
        oldest_due_at=datetime.now(UTC) - timedelta(seconds=30),
        channels=channels,
    )
    return Health(
        is_ready=not reasons,
        reasons=reasons,
        connected={"bot": True, "user": user},
        deaf={"bot": 0, "user": 3},
        alerts=7,
        interval=180.0,
        standing=standing,
        failures={"press": 2},
    )


async def get(state: Health, path: str) -> httpx2.Response:
    async def look() -> Health:
        return state

    async with (
        server.serving("127.0.0.1:0", look) as address,
        plain_web() as web,
    ):
        return await web.get(f"http://{address}{path}")


@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
async def test_all_is_well(path: str) -> None:
    for _ in range(2):
        answer = await get(healthy(), path)
        assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": []})


async def test_what_is_not_well_is_said() -> None:
    answer = await get(healthy(reasons=("user", "outbox")), "/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reasons": ["user", "outbox"]}
    assert answer.headers["content-type"] == "application/json"


async def test_a_service_that_is_not_ready_lives() -> None:
    answer = await get(healthy(reasons=("write",)), "/livez")
    assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_a_service_that_does_not_answer_is_neither_ready_nor_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "ANSWER_SECONDS", 1.0)

    async def look() -> Health:
        return healthy()

    async with server.serving("127.0.0.1:0", look) as address:
        async with plain_web() as web:
            assert (await web.get(f"http://{address}/livez")).text == "ok\n"
        # The loop is held up until the answers are there.
        answers = [_ask(f"http://{address}{path}") for path in ("/livez", "/readyz")]
    assert answers == [503, 503]


def _ask(url: str) -> int:
    return httpx2.get(url, trust_env=False, timeout=120).status_code


async def test_other_pages_are_not_there() -> None:
    assert (await get(healthy(), "/etc/passwd")).status_code == 404


async def test_metrics_are_read_by_prometheus_own_parser_and_hold_nobodys_words() -> None:
    hostile = 'Harbour "\n{}\\ News'
    two = (channel(1, hostile), channel(2, hostile, error="it is private now"))
    answer = await get(healthy(reasons=("user",), channels=two), "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    values = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert values["dateline_outbox_messages", ("state", "dead")] == 1
    assert values["dateline_outbox_messages", ("state", "queued")] == 4
    assert values[("dateline_alerts",)] == 7
    assert values["dateline_connected", ("account", "user")] == 1
    assert 30 <= values[("dateline_outbox_lag_seconds",)] < 90
    assert values["dateline_deaf", ("account", "user")] == 3
    assert values[("dateline_ready",)] == 0
    assert values["dateline_trouble", ("reason", "user")] == 1
    assert values["dateline_trouble", ("reason", "write")] == 0
    assert values["dateline_failures_total", ("kind", "press")] == 2
    trouble = "dateline_channel_trouble"
    assert values[trouble, ("channel", "1"), ("row", "1")] == 0
    assert values[trouble, ("channel", "2"), ("row", "2")] == 1
    assert "Harbour" not in answer.text
    assert ("process_resident_memory_bytes",) in values


async def test_an_address_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ServiceError, match="METRICS_ADDRESS: cannot serve on"):
            async with server.serving(address, asyncio.Future):
                pass
