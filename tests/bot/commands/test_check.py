"""Which channels are looked at, and what a look ends with."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import check
from bot.commands.checking.findings import Finding, warning
from bot.settings import Settings
from storage import database
from storage.channels import channels, lookups
from storage.connection import Database
from storage.records import Channel

NOW = datetime.now(UTC)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ((), []),
        (("@Harbour_News", "t.me/harbour_news", "harbour_news/7"), ["@Harbour_News"]),
        (("1234567890", "-1001234567890", "@harbour_news"), ["1234567890", "@harbour_news"]),
        (("no name", "@harbour_news"), ["@harbour_news"]),
    ],
)
def test_a_channel_is_looked_at_once_whichever_way_it_is_named(
    named: tuple[str, ...], kept: list[str]
) -> None:
    found = check._from_settings(Settings(channels=named))
    assert [text for text, _ in found] == kept


@pytest.mark.parametrize(("username", "name"), [("harbour_news", "@harbour_news"), (None, "7")])
def test_a_channel_without_a_name_is_called_by_its_number(username: str | None, name: str) -> None:
    assert check._name(Channel(id=1, channel_id=7, username=username, added_at=NOW)) == name


async def test_those_of_the_settings_and_of_the_list_are_looked_at(
    db: Database, database_url: str
) -> None:
    settings = Settings(database_url=database_url, channels=("@harbour_news", "@lighthouse"))
    until = (NOW + timedelta(hours=1)).replace(microsecond=0)
    async with db.transaction() as tx:
        for number, name in ((7, "harbour_news"), (8, "ferry_news"), (9, None)):
            row = await channels.add_channel(tx, channel_id=number, username=name, now=NOW)
            await channels.begin_watching(tx, row.id, 0, NOW)
        await lookups.refuse_until(tx, until)
    wanted, refused_until = await check.list_wanted(settings)
    known = [(one.text, one.known and one.known.channel_id) for one in wanted]
    assert known == [
        ("@harbour_news", 7),
        ("@lighthouse", None),
        ("@ferry_news", 8),
        ("9", 9),
    ]
    assert refused_until == until
    assert not any(one.is_removed for one in wanted)


async def test_without_a_database_the_settings_alone_tell(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    settings = Settings(database_url=f"sqlite:///{path}", channels=("@harbour_news",))
    wanted, refused_until = await check.list_wanted(settings)
    assert ([one.text for one in wanted], refused_until) == (["@harbour_news"], None)
    await check._remember_refusal(settings, 60.0, None)
    assert not path.exists()


async def test_a_refusal_is_remembered_for_the_service(db: Database, database_url: str) -> None:
    settings = Settings(database_url=database_url)
    await check._remember_refusal(settings, 0.0, 7)
    async with db.reader() as conn:
        assert await lookups.find_refused_until(conn, NOW) is None
    await check._remember_refusal(settings, 3600.0, 7)
    async with db.reader() as conn:
        until = await lookups.find_refused_until(conn, NOW, 7)
        assert await lookups.find_refused_until(conn, NOW, 8) is None
    assert until is not None
    assert timedelta(minutes=50) < until - NOW < timedelta(minutes=90)


async def test_wrong_settings_end_it_with_two_and_are_said_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'none.db'}")
    assert await check.look(settings, env_file=tmp_path / ".env") == 2
    out, err = capfd.readouterr()
    assert [line.split(":")[2].strip() for line in err.splitlines()] == [
        "API_ID",
        "API_HASH",
        "BOT_TOKEN",
    ]
    assert "everything is fine" not in out


@pytest.mark.parametrize(
    ("warnings", "end"),
    [
        (0, "everything is fine"),
        (1, "everything is fine, with 1 warning"),
        (2, "everything is fine, with 2 warnings"),
    ],
)
async def test_warnings_are_counted_at_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], warnings: int, end: str
) -> None:
    async def found(_: Settings, tell: Callable[[Finding], None], **__: object) -> list[Exception]:
        tell(Finding(where="database", what="ready"))
        for number in range(warnings):
            tell(warning("bot", f"odd {number}", "mend it"))
        return []

    monkeypatch.setattr(check, "check", found)
    assert await check.look(Settings(), env_file=Path("/nowhere/.env")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "database: ready",
        *(f"bot: warning: odd {number}; mend it" for number in range(warnings)),
        end,
    ]
