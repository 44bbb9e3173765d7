"""``dateline channels`` and ``dateline backfill``: statuses and what is said, over real files."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.commands import channels as channels_command
from storage.channels.progress import ChannelStatus
from storage.records import Backfill, Channel


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, put_database: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of its own, with nothing set, and a database in which nothing is."""
    put_database(tmp_path / "data" / "dateline.db")
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


@pytest.mark.slow
def test_the_operator_says_which_channels_are_official(capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> str:
        assert cli.main(["channels", *arguments]) == 0
        return capsys.readouterr().out

    run("add", "@example_mfa", "@example_two")
    assert run("official", "@example_two", "@example_mfa").splitlines() == [
        "official @example_two",
        "official @example_mfa",
    ]
    assert run("unofficial", "@example_mfa") == "unofficial @example_mfa\n"
    assert run("list").splitlines() == ["@example_mfa", "@example_two 🏛"]
    assert run("guess", "@example_two") == "guessed: @example_two\n"
    assert '"official":null' in run("list", "--json").splitlines()[1]
    assert cli.main(["channels", "official", "@example_three"]) == 1
    assert "is not on the list" in capsys.readouterr().err


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


NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
WATCHED = Channel(
    id=1,
    channel_id=7,
    username="harbour",
    title="Harbour",
    added_at=NOW - timedelta(days=3),
    reference="t.me/+invited",
    source="account",
    error="it is private now",
    cursor=90,
    gaps_filled=2,
    posts_filled=5,
    last_scan_at=NOW - timedelta(minutes=2),
)


def test_a_channel_in_json() -> None:
    assert channels_command._facts(WATCHED) == {
        "channel_id": 7,
        "username": "harbour",
        "title": "Harbour",
        "reference": "t.me/+invited",
        "watched": True,
        "added_at": "2025-12-30T12:00:00Z",
        "source": "account",
        "official": None,
        "error": "it is private now",
    }


def test_how_far_a_channel_is_read_in_json() -> None:
    backfill = Backfill(
        channel=1,
        posts=12,
        next_id=30,
        last_id=60,
        asked_at=NOW,
        finished_at=NOW,
        error="it failed",
    )
    status = ChannelStatus(
        channel=WATCHED,
        posts_today=4,
        last_message_id=99,
        last_post_at=NOW - timedelta(seconds=90.26),
        open_gaps=((91, 95),),
        lag_median=1.23456,
        lag_worst=9.87654,
        backfill=backfill,
    )
    assert channels_command._progress(status, NOW) == {
        "last_post": 99,
        "last_post_at": "2026-01-02T11:58:29Z",
        "last_post_age": 90.3,
        "posts_today": 4,
        "cursor": 90,
        "open_gaps": [[91, 95]],
        "filled_gaps": 2,
        "filled_posts": 5,
        "last_scan_at": "2026-01-02T11:58:00Z",
        "lag_median": 1.235,
        "lag_worst": 9.877,
        "backfill": {
            "posts": 12,
            "next_id": 30,
            "last_id": 60,
            "finished_at": "2026-01-02T12:00:00Z",
            "error": "it failed",
        },
    }
    empty = channels_command._progress(ChannelStatus(channel=WATCHED), NOW)
    nothing = ("last_post", "last_post_at", "last_post_age", "lag_median", "lag_worst", "backfill")
    assert [empty[name] for name in nothing] == [None] * 6


def test_status_tells_how_often_channels_are_scanned_and_of_refused_lookups(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["channels", "add", "@example_mfa"]) == 0
    capsys.readouterr()
    assert cli.main(["channels", "status"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[-1] == "Every channel is scanned within 3 min."
    assert all(line.startswith("  ") for line in shown[1:-1])
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=30)
    with sqlite3.connect(tmp_path / "data" / "dateline.db") as database:
        database.execute(
            "INSERT INTO fact (name, value) VALUES ('resolve_after:', ?)", (until.isoformat(),)
        )
    database.close()
    assert cli.main(["channels", "status", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    facts = json.loads(line)
    assert facts["scan_interval"] == 180
    assert facts["lookups_refused_until"] == f"{until:%Y-%m-%dT%H:%M:%SZ}"
    assert cli.main(["channels", "status"]) == 0
    refused = capsys.readouterr().out.splitlines()
    assert refused[:-1] == shown
    assert f" {until.hour}:{until:%M}." in refused[-1]


def test_the_list_shows_names_and_titles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["channels", "add", "@example_mfa", "@example_two", "--json"]) == 0
    added = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["username"] for one in added] == ["example_mfa", "example_two"]
    with sqlite3.connect(tmp_path / "data" / "dateline.db") as database:
        database.execute("UPDATE channel SET title = 'The Ministry' WHERE username = 'example_mfa'")
    database.close()
    assert cli.main(["channels", "list"]) == 0
    assert capsys.readouterr().out == "@example_mfa\tThe Ministry\n@example_two\n"
    assert cli.main(["channels", "list", "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {**added[0], "title": "The Ministry"},
        added[1],
    ]
    assert cli.main(["channels", "remove", "@example_two", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {**added[1], "watched": False}
