"""``dateline channels`` and ``dateline backfill``: statuses and what is said, over real files."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot import cli


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, with nothing set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["channels", "add", "@example_mfa", "t.me/example_two/7"], 0, ""),
        (["channels", "add", "!!"], 2, "!!: is no channel's name, link or id; give it as @name"),
        (["channels", "add", "!!", "@example_mfa"], 1, "!!: is no channel's name"),
        (["channels", "remove", "!!"], 2, "!!: is no channel's name"),
        (["channels", "remove", "@example_mfa"], 1, "@example_mfa: is not on the list; see"),
        (["channels", "remove", "!!", "@example_mfa"], 1, "@example_mfa: is not on the list"),
        (["backfill", "!!"], 2, "!!: is no channel's name"),
        (["backfill", "@example_mfa"], 1, "@example_mfa: is not watched; run `dateline channels"),
        (["channels", "add", "not"], 2, "not: is no channel's name, link or id; give it as @name"),
        (["backfill", "@example_mfa", "--since", "week"], 2, "'week' is no date; did you mean 7d?"),
        (["search", "-ferry"], 2, "a query that begins with - stands behind --"),
        (["search", "--", "-ferry"], 2, "the query only says what to leave out"),
    ],
)
def test_statuses(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == status
    assert said in capsys.readouterr().err


def test_adding_a_watched_channel_again_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["channels", "add", "@example_mfa"]) == 0
    assert cli.main(["channels", "add", "https://t.me/example_mfa", "@example_two"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["added @example_mfa", "already watched: @example_mfa", "added @example_two"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "ferry"], "dateline: nothing found for ferry\n"),
        (["export", "--format", "csv", "-o", "-"], "nothing to export: no document is stored"),
        (["export", "ferry", "--format", "txt", "-o", "x"], "to export: nothing found for ferry"),
    ],
)
def test_nothing_found_is_said_on_stderr(
    arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 0
    assert said in capfd.readouterr().err


def test_what_was_added_is_listed_and_can_be_taken_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["channels", "add", "@example_mfa", "-1001234567890"]) == 0
    assert cli.main(["channels", "remove", "https://t.me/example_mfa"]) == 0
    capsys.readouterr()
    assert cli.main(["channels", "status", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["channel_id"] == 1234567890


def test_a_former_name_is_no_way_to_put_its_newcomer_on_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["channels", "add", "@port_desk"]) == 0
    database = sqlite3.connect(tmp_path / "data" / "dateline.db")
    database.execute(
        "UPDATE channel SET channel_id = 7, username = 'port_desk_new',"
        " username_key = 'port_desk_new'"
    )
    database.commit()
    database.close()
    assert cli.main(["channels", "add", "@Port_Desk"]) == 1
    said = capsys.readouterr().err
    assert "@Port_Desk: is a former name of @port_desk_new, which is watched; add whoever" in said
    assert cli.main(["channels", "remove", "@port_desk"]) == 0
    assert "removed @port_desk_new" in capsys.readouterr().out


def test_a_channel_is_shown_by_its_title_and_by_its_name_while_it_has_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["channels", "add", "@example_mfa", "@example_two"]) == 0
    with sqlite3.connect(tmp_path / "data" / "dateline.db") as database:
        database.execute("UPDATE channel SET title = 'The Ministry' WHERE username = 'example_mfa'")
    database.close()
    capsys.readouterr()
    assert cli.main(["channels", "status"]) == 0
    shown = capsys.readouterr().out
    assert "The Ministry" in shown
    assert "example_two" in shown
