"""What the running service lets nobody see, and what it never asks for."""

import asyncio
import base64
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from addresses import free_port
from plain_web import plain_web
from telethon.tl import types

from bot.commands.login import login
from bot.sandbox.state import media
from bot.sandbox.state.messages import Button

LOGIN = "p4ssw0rd-of-the-proxy"
TOKEN = "1000:t0p-secret-of-the-bot"
TWO_STEP = "tw0-step-passw0rd"
BEAT = "heart-beat-s3cret"
START = 120.0
"""Seconds for a start on a busy machine."""


class Trap:
    """A server that nobody has a reason to talk to; it counts who does."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def meet(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    made = Trap()
    server = await asyncio.start_server(made.meet, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
        made.connections = 0
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", made.port)
            writer.close()
        async with asyncio.timeout(120):
            while not made.connections:  # noqa: ASYNC110 - it does count
                await asyncio.sleep(0.01)


async def test_nothing_that_stands_in_a_post_is_ever_fetched(ready_stage: Any, trap: Trap) -> None:
    stage = ready_stage
    service = stage.process(ADMINS=str(stage.ann.id), RECONCILE_INTERVAL="0.5")
    await service.start()
    await service.wait_ready(START)
    await stage.chat.ask("/alert trap OR ferry", timeout=START)
    link = types.MessageEntityTextUrl(offset=0, length=4, url=f"{trap.address}/entity")
    posts = [
        await stage.news.post(f"The trap at {trap.address}/text is open", entities=[link]),
        await stage.news.post(
            "The ferry has a button", buttons=((Button("open", url=f"{trap.address}/button"),),)
        ),
        await stage.news.post(
            "The ferry has a page", media=media.web_page(f"{trap.address}/page", "Trap", "A page")
        ),
        await stage.news.post(f"[The ferry]({trap.address}/md) <img src='{trap.address}/html'>"),
    ]
    await stage.wait_stored(*posts)
    await stage.wait_drained()
    await posts[0].edit(f"The trap at {trap.address}/edited is open")
    for asked in (f"{trap.address}/search", f"/search {trap.address}", f"/why {trap.address}"):
        await stage.chat.ask(asked, timeout=START)
    await stage.chat.ask("/digest now 24h", timeout=START)
    await stage.chat.ask(f"/watch {trap.address}/harbour", timeout=START)
    await stage.wait_drained()
    assert len(stage.alerts()) >= len(posts)
    assert trap.connections == 0
    await service.stop(timeout=START)


async def test_a_web_preview_that_leads_elsewhere_is_not_followed(stage: Any, trap: Trap) -> None:
    async with stage.sandbox.serve_previews() as previews:
        stage.environment["PREVIEW_BASE_URL"] = previews.address
        answer = f"302 Found\r\nLocation: {trap.address}/away"
        previews.answers += [answer] * 3
        await stage.news.post(f"The trap {trap.address}/text", media=media.web_page(trap.address))
        service = stage.process(RECONCILE_INTERVAL="0.3", SCAN_REQUESTS_PER_MINUTE="6000")
        await service.start("run", "--without-account")
        await service.wait_ready(START)
        post = await stage.news.post("The ferry sails")
        await stage.wait_stored(post)
        assert not previews.answers
    assert trap.connections == 0


def keys_in(data: Path) -> list[bytes]:
    """The keys of the sessions, as they lie in the files."""
    found = []
    for path in data.glob("*.session"):
        with contextlib.closing(sqlite3.connect(path)) as db:
            found += [key for (key,) in db.execute("SELECT auth_key FROM sessions") if key]
    return found


def forms_of(secret: bytes) -> list[bytes]:
    """A secret as it may be shown by mistake."""
    encoded = base64.b64encode(secret).rstrip(b"=")
    return [secret, secret.hex().encode(), encoded, repr(secret)[2:-1].encode()]


def traces(held: bytes, secrets: list[bytes]) -> list[bytes]:
    return [one for secret in secrets for one in forms_of(secret) if one in held]


def command_line_of(pid: int) -> bytes:
    """What `ps` shows of a process to everybody."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def read_metrics(line: str) -> bytes:
    async with plain_web() as web:
        pages = [await web.get(f"http://{line}/{page}") for page in ("metrics", "livez", "readyz")]
    return b"".join(page.content for page in pages)


async def test_no_secret_is_in_a_log_a_traceback_a_command_line_or_a_file_outside(
    stage: Any, trap: Trap
) -> None:
    stage.watcher.password = TWO_STEP
    port = free_port()
    outside = {name: stage.folder / name for name in ("home", "tmp")}
    for path in outside.values():
        path.mkdir()
    quiet = stage.sandbox.add_bot("quiet_bot", token=TOKEN)
    stage.environment |= {
        "BOT_TOKEN": TOKEN,
        "HEARTBEAT_URL": f"{trap.address}/{BEAT}?key={BEAT}",
        "NOTIFY_URL": f"http://user:{LOGIN}@127.0.0.1:{trap.port}/{BEAT}",
        "METRICS_ADDRESS": f"127.0.0.1:{port}",
        "LOG_LEVEL": "debug",
        "HOME": str(outside["home"]),
        "TMPDIR": str(outside["tmp"]),
        "RECONCILE_INTERVAL": "0.5",
        "ADMINS": str(stage.ann.id),
    }
    known = stage.settings()
    await login(known, phone="+15550000001")
    await login(known, code="12345", password=TWO_STEP)
    service = stage.cold_process()
    await service.start(program=FAILING)
    await service.wait_ready(START)
    command = command_line_of(service.pid)
    ann = stage.ann.chat_with(quiet)
    await ann.ask("/alert ferry", timeout=START)
    await stage.wait_stored(await stage.news.post("The ferry sails"))
    await ann.send("/status")
    await service.wait_line("not handled", timeout=START)
    await service.wait_line("is not heard", "HEARTBEAT_URL", timeout=START)
    shown = await read_metrics(f"127.0.0.1:{port}")
    assert b"dateline_" in shown
    assert await service.stop(timeout=START) == 0
    log = "\n".join(service.lines).encode()
    assert b"Traceback" in log
    assert b"[secret]" in log
    keys = keys_in(stage.folder / "data")
    assert len(keys) == 2
    plain = [LOGIN, TOKEN.partition(":")[2], TWO_STEP, BEAT, known.api_hash or "?"]
    secrets = [*(one.encode() for one in plain), *keys]
    held = [path for path in stage.folder.rglob("*") if path.is_file()]
    files = {path: path.read_bytes() for path in held if path.parent != stage.folder / "data"}
    found = {str(path): traces(bytes_of, secrets) for path, bytes_of in files.items()}
    assert {path: what for path, what in found.items() if what} == {}
    assert traces(log + command + shown + repr(known).encode(), secrets) == []
    database = [p for p in held if p.name.startswith("dateline.db")]
    assert traces(b"".join(path.read_bytes() for path in database), secrets) == []


FAILING = (
    "-c",
    "import sys, os; import bot.cli; from handlers.operators import status;\n"
    "def fail(*_): raise KeyError(os.environ['BOT_TOKEN'], os.environ['NOTIFY_URL'])\n"
    "status.handle = fail; sys.exit(bot.cli.main(['run']))",
)
