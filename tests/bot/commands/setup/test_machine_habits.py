"""What the machine suggests, and what is missing before the service can run."""

from pathlib import Path

import pytest

from bot import settings
from bot.commands.setup import machine_habits, setup
from bot.telegram import sessions


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "RU"}, "ru"),
        ({"LANG": "ru@euro"}, "ru"),
        ({"LANG": "ru-RU"}, "ru"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
        ({"LC_ALL": "ru", "LANG": "en_US"}, "ru"),
        ({"LC_ALL": "", "LANG": "ru"}, "ru"),
    ],
)
def test_the_language_is_that_of_the_terminal_where_the_bot_speaks_it(
    environment: dict[str, str], language: str
) -> None:
    assert machine_habits.language(environment) == language


@pytest.mark.parametrize(
    ("zone", "linked", "found"),
    [
        ("Europe/Berlin", None, "Europe/Berlin"),
        (":Europe/Berlin", None, "Europe/Berlin"),
        ("", "Asia/Tokyo", "Asia/Tokyo"),
        ("Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"),
        ("Mars", None, "UTC"),
        ("", None, "UTC"),
        ("Etc/UTC", None, "UTC"),
        ("Zulu", None, "UTC"),
        ("Etc/UCT", None, "UTC"),
    ],
)
def test_the_zone_is_that_of_the_machines_clock(
    tmp_path: Path, zone: str, linked: str | None, found: str
) -> None:
    local = tmp_path / "localtime"
    if linked:
        local.symlink_to(f"/usr/share/zoneinfo/{linked}")
    assert machine_habits.time_zone({"TZ": zone}, local) == found
    if not zone:
        assert machine_habits.time_zone({}, local) == found


def test_what_is_given_has_a_value(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert machine_habits.given({"TIMEZONE": "UTC", "X": ""}, file) == {"TIMEZONE"}
    file.write_text("BOT_LANGUAGE=ru\nADMINS=\nX=$HOME\n")
    assert machine_habits.given({"TIMEZONE": "UTC"}, file) == {"BOT_LANGUAGE", "TIMEZONE", "X"}


def test_without_a_terminal_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = tmp_path / "no.env"
    none.touch()
    data = {"DATA_DIR": str(tmp_path)}
    assert setup._show_missing(settings.load({**data, "API_ID": "1", "API_HASH": "x"}, none)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[1:] == [
        "dateline: error: BOT_TOKEN: is not set; get one from @BotFather and set it in .env",
        "dateline: error: API_HASH: is not of 32 digits and letters from a to f;"
        " copy it from https://my.telegram.org again",
        "dateline: error: user account: no user is logged in; run `dateline login`",
        "dateline: error: CHANNELS: no channel is watched; name some in .env",
    ]
    assert err.startswith("dateline: error: setup: there is no terminal; run `dateline setup` on")
    sessions.write_notes(sessions.session_path(tmp_path, "user"), {"name": "Ann"})
    whole = {
        **data,
        "API_ID": "1",
        "API_HASH": "0" * 32,
        "BOT_TOKEN": "1:abc",
        "CHANNELS": "@harbour",
    }
    assert setup._show_missing(settings.load(whole, none)) == 0
    assert capsys.readouterr() == ("nothing is missing; see `dateline check`\n", "")
