"""The questions of ``dateline setup`` in their order, against a Telegram of its own."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot import settings
from bot.commands import channels
from bot.commands.setup.missing import has_account
from bot.commands.setup.setup import Setup
from bot.sandbox.server import Sandbox
from bot.telegram.signin import for_account

API_HASH = "0123456789abcdef0123456789abcdef"
TOKEN = "1000:open-sesame"
PHONE = "+15550000001"


class Somebody:
    """Answers each question with what stands beside some of its words."""

    def __init__(self, *answers: tuple[str, str]) -> None:
        self._answers = list(answers)
        self.secrets: list[str] = []

    async def ask(self, question: str, secret: bool) -> str:
        words, answer = self._answers.pop(0)
        assert words in question
        if secret:
            self.secrets.append(question.strip())
        return answer

    def has_answered_all(self) -> bool:
        return not self._answers


@pytest.fixture
def folder(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where this Telegram is known."""
    monkeypatch.chdir(tmp_path)
    for name in (*settings.NAMES, "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TELEGRAM_SERVER", sandbox.address)
    monkeypatch.setenv("TELEGRAM_SERVER_KEY", str(sandbox.public_key_path))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    watcher = sandbox.add_user("Watcher", phone=PHONE)
    watcher.password = "correct horse"
    sandbox.add_bot("lookout_bot", token=TOKEN)
    sandbox.add_channel("Harbour News", username="harbour", members=[watcher])
    sandbox.manners.application = (12345, API_HASH)
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """Gives the lines that were said since it was asked last; texts of several lines by their
    first."""

    def lines() -> list[str]:
        return [line.strip() for line in capsys.readouterr().err.splitlines() if line.strip()]

    return lines


APPLICATION = (("api_id", "12345"), ("api_hash", API_HASH))
REST = (
    ("Channels", ""),
    ("Code, or your numeric id (Enter: nobody for now)", ""),
    ("Language, en or ru (Enter: en)", ""),
    ("Time zone or city (Enter: Europe/Berlin, now ", ""),
)


async def test_each_thing_is_tried_kept_and_said(
    folder: Path, said: Callable[[], list[str]]
) -> None:
    somebody = Somebody(
        ("     api_id", ""),
        ("     api_id", "12345"),
        ("     api_hash", "0" * 32),
        *APPLICATION,
        ("     Token", "1:wrong-token"),
        ("     Token", TOKEN),
        ("Phone number, like", "nope"),
        ("Phone number, like", PHONE),
        ("     Code that Telegram", "12345"),
        ("     Two-step password", "correct horse"),
        ("     Channels", "!! @harbour, @no_such_one"),
        ("     More (Enter: no more)", "@harbour"),
        ("     More (Enter: no more)", ""),
        ("Code, or your numeric id", "QQQQQQ"),
        ("Code, or your numeric id", "4999"),
        ("Code, or your numeric id", "49990"),
        ("Language, en or ru (Enter: en)", "fr"),
        ("Language, en or ru (Enter: en)", "RU"),
        ("Time zone or city (Enter: Europe/Berlin, now ", "Nowhereville-on-Sea"),
        ("Time zone or city (Enter: Europe/Berlin, now ", "Berlim"),
        ("Perhaps Europe/Berlin, now ", "UTC"),
    )
    assert await Setup(folder / ".env", somebody.ask).run() == 0
    assert somebody.has_answered_all()
    assert somebody.secrets == ["Two-step password (not shown)"]
    lines = said()
    told = [line for line in lines if line in TOLD or line.startswith("UTC, now ")]
    assert told[:-1] == TOLD
    assert any(line.startswith("dateline run") and "without" not in line for line in lines)
    assert any("to @lookout_bot:" in line for line in lines)
    given = settings.load({}, folder / ".env")
    assert (given.api_id, given.api_hash, given.bot_token) == (12345, API_HASH, TOKEN)
    assert (given.channels, given.admins) == (("@harbour",), frozenset({49990}))
    assert (given.bot_language, given.timezone) == ("ru", "UTC")


TOLD = [
    "nothing was typed",
    "Telegram refuses API_ID and API_HASH (API_ID_INVALID);"
    " copy both from https://my.telegram.org again",
    "Telegram takes them.",
    "Telegram refuses the token (ACCESS_TOKEN_INVALID); copy the token from @BotFather again",
    "It is @lookout_bot.",
    "'nope' is no phone number; give it as +49301234567",
    "Logged in as Watcher.",
    "@harbour: Harbour News, read by the user account, as a member",
    "@no_such_one: there is no such channel: not read (left out)",
    "No name, link or number of a channel: !!",
    "That is no code that the bot has given, and no numeric id.",
    "That is no code that the bot has given, and no numeric id.",
    "'fr' is none of en, ru",
    "There is no such zone. A city or a country will do.",
]


async def test_nothing_that_is_there_is_asked_for(
    folder: Path, said: Callable[[], list[str]]
) -> None:
    (folder / ".env").write_text(
        f"API_ID=12345\nAPI_HASH={API_HASH}\nBOT_TOKEN={TOKEN}\nCHANNELS=@harbour\nADMINS=49990\n"
        "BOT_LANGUAGE=en\nTIMEZONE=UTC\n"
    )
    for number in range(2):
        nobody = Somebody(
            *(("Phone number", PHONE), ("Code", "12345"), ("password", "correct horse"))[
                : 0 if number else 3
            ]
        )
        assert await Setup(folder / ".env", nobody.ask).run() == 0
        assert nobody.has_answered_all()
        assert any("is set there is not asked for again" in line for line in said())


async def test_who_becomes_the_operator_is_told_which_bot_it_is_and_no_session_is_left(
    folder: Path, sandbox: Sandbox, said: Callable[[], list[str]]
) -> None:
    (folder / ".env").write_text(
        f"API_ID=12345\nAPI_HASH={API_HASH}\nBOT_TOKEN={TOKEN}\nCHANNELS=@harbour\n"
        "BOT_LANGUAGE=en\nTIMEZONE=UTC\n"
    )
    somebody = Somebody(("Phone number", ""), ("Code, or your numeric id", ""))
    assert await Setup(folder / ".env", somebody.ask).run() == 0
    assert somebody.has_answered_all()
    assert any("@lookout_bot" in line for line in said())
    assert len(sandbox._world.owners) == 1  # the service's; that for the codes is logged out


async def test_without_an_account_the_service_runs_without_one(
    folder: Path, sandbox: Sandbox, said: Callable[[], list[str]]
) -> None:
    somebody = Somebody(*APPLICATION, ("Token", TOKEN), ("Phone number", ""), *REST)
    assert await Setup(folder / ".env", somebody.ask).run() == 0
    assert somebody.has_answered_all()
    lines = said()
    assert "None for now: /watch adds them in the chat." in lines
    assert "dateline run --without-account" in lines
    given = settings.load({}, folder / ".env")
    assert (given.bot_language, given.timezone) == ("en", "Europe/Berlin")
    assert (given.channels, given.admins) == ((), frozenset())


async def test_another_account_is_all_that_is_asked_for(
    folder: Path, postgres_url: str, said: Callable[[], list[str]]
) -> None:
    (folder / ".env").write_text(
        f"API_ID=12345\nAPI_HASH={API_HASH}\nBOT_TOKEN={TOKEN}\nCHANNELS=@harbour\nADMINS=49990\n"
        f"BOT_LANGUAGE=en\nTIMEZONE=UTC\nDATABASE_URL={postgres_url}\n"
    )
    somebody = Somebody(
        ("Phone number, like +49301234567 (Ctrl-C: stop)", ""),
        ("Phone number", PHONE),
        ("Code", "12345"),
        ("password", "correct horse"),
    )
    assert await Setup(folder / ".env", somebody.ask, "north").run() == 0
    assert somebody.has_answered_all()
    assert "dateline run --roles watch --account north" in said()
    first = settings.load({}, folder / ".env")
    assert [has_account(of) for of in (first, for_account(first, "north"))] == [False, True]


async def test_where_telegram_is_not_reached_a_proxy_is_asked_for(
    folder: Path, sandbox: Sandbox, said: Callable[[], list[str]]
) -> None:
    class AskedError(Exception):
        pass

    async def ask(question: str, secret: bool) -> str:
        if "Token" in question:
            raise AskedError
        if "Proxy" not in question:
            return {"     api_id": "12345", "     api_hash": API_HASH}[question]
        answer = answers.pop(0)
        if not answer and not answers:
            await sandbox.accept_connections()
        return answer

    sandbox.refuse_connections()
    answers = ["nonsense", "http://127.0.0.1:1", ""]
    with pytest.raises(AskedError):
        await Setup(folder / ".env", ask).run()
    assert answers == []
    lines = said()
    assert any(line.startswith("cannot connect to ") for line in lines)
    assert any(line.startswith("the proxy does not work: ") for line in lines)
    assert lines.count("Telegram takes them.") == 1
    given = settings.load({}, folder / ".env")
    assert (given.proxy, given.api_id) == ((), 12345)


async def test_channels_that_are_given_come_back_on_the_list_that_is_there(
    folder: Path, said: Callable[[], list[str]]
) -> None:
    (folder / ".env").write_text(
        f"API_ID=12345\nAPI_HASH={API_HASH}\nBOT_TOKEN={TOKEN}\nADMINS=49990\n"
        "BOT_LANGUAGE=en\nTIMEZONE=UTC\nDATA_DIR=data\n"
    )
    known = settings.load({}, folder / ".env")
    for what in ("add", "remove"):
        change = partial(channels.change, known, ["@harbour"], what=what, as_json=False)
        assert await asyncio.to_thread(change) == 0
    somebody = Somebody(
        ("Phone number", PHONE),
        ("Code", "12345"),
        ("password", "correct horse"),
        ("Channels", "harbour"),
        ("More", ""),
    )
    assert await Setup(folder / ".env", somebody.ask).run() == 0
    with sqlite3.connect(folder / "data" / "dateline.db") as database:
        rows = database.execute("SELECT username, watched FROM channel").fetchall()
    database.close()
    assert rows == [("harbour", 1)]
