"""What has to be given yet is named, each thing with where it comes from."""

import io
from pathlib import Path

import pytest

from bot.commands.setup import setup
from bot.commands.setup.missing import has_account, list_missing
from bot.settings import Settings
from bot.telegram import sessions


def settings_in(folder: Path, *, whole: bool) -> Settings:
    url = f"sqlite:///{folder / 'none.db'}"
    if not whole:
        return Settings(data_dir=folder, database_url=url)
    return Settings(
        data_dir=folder,
        database_url=url,
        api_id=1,
        api_hash="0123456789abcdef" * 2,
        bot_token="123456789:AAHabcdefghijklmnopqrstuvwxyz012345",
        channels=("@harbour_news",),
    )


@pytest.mark.parametrize("whole", [True, False])
async def test_all_that_is_missing_is_named(tmp_path: Path, whole: bool) -> None:
    settings = settings_in(tmp_path, whole=whole)
    missing = [problem.where for problem in await list_missing(settings)]
    given = [] if whole else ["API_ID", "API_HASH", "BOT_TOKEN"]
    assert missing == [*given, "user account", *([] if whole else ["CHANNELS"])]


async def test_an_account_is_there_once_its_name_is_noted(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, whole=True)
    assert not has_account(settings)
    path = sessions.session_path(tmp_path, "user")
    sessions.write_notes(path, {"server": "x"})
    assert not has_account(settings)
    sessions.write_notes(path, {"name": "Ann"})
    assert has_account(settings)
    assert await list_missing(settings) == []


def test_without_a_terminal_what_is_missing_is_named_and_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("12\n" * 9))
    for name in ("API_ID", "API_HASH", "BOT_TOKEN", "CHANNELS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    path = tmp_path / "none.env"
    assert setup.run(path) == 2
    said = capsys.readouterr()
    assert said.out == "" and "there is no terminal" in said.err
    assert all(name in said.err for name in ("API_ID", "API_HASH", "BOT_TOKEN", "CHANNELS"))
    assert not path.exists()
