"""``dateline redact`` as called, in processes of its own and beside what others hold."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def export(two_posts: Path, run: Run, tmp_path: Path, put_database: Callable[[Path], str]) -> Path:
    """An export of two posts, that is imported."""
    put_database(tmp_path / "data" / "dateline.db")
    assert run("import", two_posts).returncode == 0
    return two_posts


def held(tmp_path: Path) -> bytes:
    files = (file for file in (tmp_path / "data").rglob("*") if file.is_file())
    return b"".join(file.read_bytes() for file in files).lower()


@pytest.mark.slow
def test_a_post_is_taken_out_and_importing_it_again_brings_it_not_back(
    run: Run, tmp_path: Path, export: Path
) -> None:
    assert b"zyxtitle" in held(tmp_path)
    done = run("redact", "https://t.me/c/77/7", "--reason", "asked for")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "tg:77/7: redacted; 1 version taken out\n"
    assert run("import", export).returncode == 0
    assert b"zyxtitle" not in held(tmp_path)
    assert b"quorvbody" not in held(tmp_path)
    assert run("search", "quorvbody").stdout == ""
    assert "Grain was sold" in run("search", "grain").stdout
    (stays,) = map(json.loads, run("search", "redacted", "--json").stdout.splitlines())
    assert stays["doc_id"] == "tg:77/7"
    assert stays["title"].startswith("[redacted 2")
    assert stays["title"].endswith(" UTC: asked for]")


def test_it_says_as_json_what_it_did_and_what_was_done_before(run: Run, export: Path) -> None:
    first = json.loads(run("redact", "tg:77/7", "--json", "--reason", "x").stdout)
    assert (first["doc_id"], first["reason"], first["versions"]) == ("tg:77/7", "x", 1)
    assert first["is_new"] is True
    again = run("redact", "tg:77/7", "--reason", "another")
    assert again.returncode == 0
    assert again.stdout.endswith(" UTC: x] stands there already\n")


def test_what_is_not_stored_is_said_and_the_rest_done(run: Run, export: Path) -> None:
    done = run("redact", "https://t.me/nobody/5", "tg:77/8")
    assert done.returncode == 1
    assert done.stdout == "tg:77/8: redacted; 1 version taken out\n"
    assert done.stderr == (
        "dateline: error: tg:@nobody/5: no such post is stored; name it as `dateline search` does\n"
    )


@pytest.mark.parametrize("name", ["harbour", "https://example.org/1", "tg://x/1", "", "\x1b[2J"])
def test_what_names_no_post_is_wrong_use(run: Run, export: Path, name: str) -> None:
    done = run("redact", "tg:77/7", name)
    assert done.returncode == 2
    assert done.stderr.startswith("dateline: error: redact: ")
    assert "\x1b" not in done.stderr
    assert run("search", "quorvbody").stdout != ""
