"""``dateline setup`` on a terminal of its own, against a Telegram of its own."""

import asyncio
import re
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot import settings
from bot.demo.terminal import END, INTERRUPT, TerminalProcess

API_HASH = "0123456789abcdef0123456789abcdef"
TOKEN = "1000:open-sesame"
PASSWORD = "correct horse"
PHONE = "+15550000001"


@asynccontextmanager
async def terminal(stage: Any, *arguments: str, **changes: str) -> AsyncIterator[TerminalProcess]:
    """Somebody at a terminal in an empty folder, who knows where this Telegram is."""
    environment = {
        "TELEGRAM_SERVER": stage.sandbox.address,
        "TELEGRAM_SERVER_KEY": str(stage.sandbox.public_key_path),
        **changes,
    }
    process = TerminalProcess(environment, stage.folder, *(arguments or ("setup",)))
    await process.start()
    try:
        yield process
    finally:
        await process.close()


def written(stage: Any) -> dict[str, str]:
    """What stands in the file of settings."""
    lines = (stage.folder / ".env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")


def write(stage: Any, text: str) -> Path:
    path: Path = stage.folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


async def test_from_nothing_to_a_service_that_can_run(stage: Any) -> None:
    stage.watcher.password = PASSWORD
    stage.sandbox.manners.application = (12345, API_HASH)
    stage.sandbox.add_channel("Quay", username="quay_news")
    async with terminal(stage) as screen:
        for question, answer in (
            ("api_id", "12345"),
            ("api_hash", API_HASH),
            ("Token", TOKEN),
            ("Phone number", PHONE),
            ("Code that Telegram", "12345"),
            ("password", PASSWORD),
            ("Channels", "@harbour, https://t.me/quay_news"),
            ("More", ""),
        ):
            await screen.answer(question, answer)
        await screen.wait("numeric id")
        await stage.chat.send("/start")
        told = await stage.chat.wait_for("dateline setup")
        code = re.search(r"\b[A-Z]{6}\b", told.text)
        assert code is not None
        for question, answer in (
            ("", code[0].lower()),
            ("Language", "ru"),
            ("Time zone", "berlin"),
        ):
            await screen.answer(question, answer)
        assert await screen.end() == 0
    assert written(stage) == {
        "API_ID": "12345",
        "API_HASH": API_HASH,
        "BOT_TOKEN": TOKEN,
        "CHANNELS": "@harbour,https://t.me/quay_news",
        "ADMINS": str(stage.ann.id),
        "BOT_LANGUAGE": "ru",
        "TIMEZONE": "Europe/Berlin",
    }
    assert stat.S_IMODE((stage.folder / ".env").stat().st_mode) == 0o600
    assert PASSWORD not in screen.screen
    assert "Ann" in screen.screen
    assert screen.screen.index("everything is fine") < screen.screen.index("dateline run")


async def test_each_wrong_answer_is_said_and_asked_for_again(stage: Any) -> None:
    stage.watcher.password = PASSWORD
    stage.sandbox.manners.application = (12345, API_HASH)
    async with terminal(stage) as screen:
        for question, answer, told in (
            ("api_id", "", "nothing was typed"),
            ("api_id", "twelve", "is not a number"),
            ("api_id", "12345", ""),
            ("api_hash", "xyz", "is not of 32"),
            ("api_hash", "0" * 32, "Telegram refuses API_ID and API_HASH"),
            ("api_id", "12345", ""),
            ("api_hash", API_HASH, "Telegram takes them"),
            ("Token", "nonsense", "does not look like"),
            ("Token", "1:wrong-token", "Telegram refuses the token"),
            ("Token", TOKEN, "It is @lookout_bot"),
            ("Phone number", "nope", "is no phone number"),
            ("Phone number", PHONE, ""),
            ("Code that Telegram", "00000", "The code is wrong"),
            ("", "12345", ""),
            ("password", "wrong horse", "password is wrong"),
            ("Password", PASSWORD, "Logged in as Watcher"),
            ("Channels", "not a channel!! тест", "of a channel: not, a, channel!!, тест"),
            ("Channels", "@no_such_one", "there is no such channel: not read .left out"),
            ("Channels", "harbour", "as a member"),
            ("More", "", ""),
            ("numeric id", "QQQQQQ", "That is no code"),
            ("numeric id", str(stage.ann.id), ""),
            ("Language", "fr", "is none of en, ru"),
            ("Language", "", ""),
            ("Time zone", "Nowhereville-on-Sea", "There is no such zone"),
            ("Time zone", "Berlim", r"Perhaps Europe/Berlin, now \d\d:\d\d\?"),
            ("", "Mars", "There is no such zone"),
            ("Perhaps", "UTC", r"UTC, now \d\d:\d\d\."),
        ):
            await screen.answer(question, answer)
            await screen.wait(told)
        assert await screen.end() == 0
    assert "horse" not in screen.screen
    given = settings.load({}, stage.folder / ".env")
    assert (given.channels, given.admins, given.timezone) == (
        ("harbour",),
        frozenset({stage.ann.id}),
        "UTC",
    )


async def test_it_goes_on_where_it_was_stopped(stage: Any) -> None:
    path = write(stage, "# mine\nBOT_TOKEN=\n# ADMINS=\nLOG_LEVEL=warning # quiet\n")
    async with terminal(stage) as screen:
        stage.sandbox.refuse_connections()
        await screen.answer("api_id", "12345")
        await screen.answer("api_hash", API_HASH)
        await screen.wait("cannot connect to [0-9.:]+: no connection")
        await stage.sandbox.accept_connections()
        await screen.answer("Proxy link", "nonsense")
        await screen.answer("Proxy link", "")
        await screen.answer("Token", INTERRUPT)
        assert await screen.end() == 1
    last = screen.screen.strip().splitlines()[-1]
    assert last.startswith("dateline: error: setup: stopped; what you gave is kept in .env; run")
    async with terminal(stage) as screen:
        await screen.answer("Token", TOKEN)
        await screen.answer("Phone number", END)
        assert await screen.end() == 1
    assert "api_id" not in screen.screen
    kept = f"# mine\nBOT_TOKEN={TOKEN}\n# ADMINS=\nLOG_LEVEL=warning # quiet\nAPI_ID=12345\n"
    assert path.read_text(encoding="utf-8") == f"{kept}API_HASH={API_HASH}\n"


async def test_without_an_account_public_channels_are_read_from_their_previews(stage: Any) -> None:
    await stage.news.post("Hello")
    write(stage, f"API_ID=1\nAPI_HASH={API_HASH}\nBOT_TOKEN={TOKEN}\nTIMEZONE=UTC\n")
    async with (
        stage.sandbox.serve_previews() as previews,
        terminal(stage, PREVIEW_BASE_URL=previews.address, BOT_LANGUAGE="en") as screen,
    ):
        await screen.answer("Phone number", "")
        await screen.answer("Channels", "@harbour -1001999999999")
        await screen.wait("left out")
        await screen.answer("More", "")
        await screen.answer("numeric id", "")
        assert await screen.end() == 0
    assert written(stage)["CHANNELS"] == "@harbour"
    assert "dateline run --without-account" in screen.screen


async def test_from_nothing_to_a_first_alert_behind_a_block(tmp_path: Path) -> None:
    program = Path(__file__).parents[2] / "benchmarks" / "first_alert.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(program), cwd=tmp_path, stdout=PIPE, stderr=PIPE
    )
    shown, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    assert shown.decode().splitlines()[-1].startswith("first alert after ")


async def test_without_a_terminal_what_is_missing_is_named(stage: Any) -> None:
    write(stage, "API_ID=1\n")
    process = stage.process(API_ID="", API_HASH="", BOT_TOKEN="", CHANNELS="")
    await process.start("setup")
    assert await process.wait() == 2
    named = [line.split(": ")[2] for line in process.lines]
    assert named == ["setup", "API_HASH", "BOT_TOKEN", "user account", "CHANNELS"]
