"""dateline token: made once, listed without the secret, revoked."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, put_database: Callable[[Path], str]) -> None:
    """A database in which nothing is."""
    put_database(tmp_path / "data" / "dateline.db")


@pytest.mark.slow
def test_a_token_is_shown_once_listed_and_revoked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDS_ADDRESS", "127.0.0.1:0")
    run("channels", "add", "-1000000000123")
    held = ("--channels", "-1000000000123", "--for", "30d")
    made = run("token", "add", "desk", "--scopes", "search, private", *held)
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"dateline_[\w-]{43}\n", made.stdout, re.ASCII)
    assert "shown this once" in made.stderr
    assert "FEEDS_ADDRESS" not in made.stderr
    listed = run("token", "list")
    assert listed.stdout.startswith("desk\tprivate search\tchannels 123\tsince 20")
    assert made.stdout.strip() not in listed.stdout
    (row,) = map(json.loads, run("token", "list", "--json").stdout.splitlines())
    assert (row["name"], row["scopes"], row["channels"]) == ("desk", ["private", "search"], [123])
    assert row["expires_at"] > row["created_at"]
    assert listed.stdout.endswith(f"\tsince {row['created_at']}\tuntil {row['expires_at']}\n")
    assert run("token", "add", "open", "--scopes", "search").returncode == 0
    last = run("token", "list").stdout.splitlines()[-1]
    assert re.fullmatch(r"open\tsearch\tsince [\d:TZ-]+", last)
    assert run("token", "revoke", "open").stdout == "revoked open\n"
    assert run("token", "revoke", "desk").stdout == "revoked desk\n"
    assert run("token", "list").stdout == ""
    again = run("token", "revoke", "desk")
    assert (again.returncode, again.stderr) == (
        1,
        "dateline: error: dateline token: there is no such token; see `dateline token list`\n",
    )


def test_what_cannot_be_made_is_one_line(run: Run) -> None:
    for status, said, arguments in (
        (2, "'writing' is no scope", ("desk", "--scopes", "writing")),
        (2, "it could ask for nothing", ("desk", "--scopes", "")),
        (2, "a name has 1 to 40", ("the desk",)),
        (1, "is not on the list", ("desk", "--channels", "@nowhere_here")),
        (2, "is no span of time from 1h to 366d", ("desk", "--for", "ever")),
    ):
        done = run("token", "add", *arguments)
        assert (done.returncode, done.stdout) == (status, ""), done.stderr
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert run("token", "list").stdout == ""
    assert "FEEDS_ADDRESS is not set" in run("token", "add", "desk").stderr
