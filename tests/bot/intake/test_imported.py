"""Imports whose records can't all be taken in: the rest is, and they need no file to be retried."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import cli

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Run a command with ``--json`` in a folder of its own; its status and what it says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> tuple[int, Any]:
        status = cli.main([*arguments, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return run


def execute(folder: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "dateline.db")) as db, db:
        return db.execute(statement).fetchall()


def posted(number: int, text: str) -> str:
    message = {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": 77},
        "date": f"2024-01-{number:02}T00:00:00+00:00",
        "message": text,
    }
    return json.dumps({"channel": {"id": 77, "title": "Harbour"}, "message": message})


@pytest.mark.slow
def test_what_is_refused_or_broken_is_set_aside_and_the_rest_is_imported(
    call: Call, tmp_path: Path
) -> None:
    assert call("problems") == (0, {"problems": []})
    execute(
        tmp_path,
        "CREATE TRIGGER refuse BEFORE INSERT ON document WHEN instr(new.json, 'wombat')"
        " BEGIN SELECT RAISE(ABORT, 'no wombats'); END",
    )
    file = tmp_path / "posts.jsonl"
    lines = [posted(n, "A wombat" if n == 3 else f"Number {n}") for n in range(1, 6)]
    lines[3] = '{"channel": {"id": 77}, "message": {"id": 4, oops'
    file.write_text("\n".join(lines), encoding="utf-8")
    status, counts = call("import", str(file))
    assert status == 1
    assert (counts["new"], counts["failed"], len(counts["errors"])) == (3, 1, 2)
    _, found = call("problems")
    broken, refused = sorted(found["problems"], key=lambda one: "tg:77/3" in one["where"])
    assert broken["where"] == f"{file.resolve()}, line 4"
    assert refused["where"] == "posts.jsonl, tg:77/3"
    assert refused["error"] == "the database refused: no wombats"
    assert execute(tmp_path, "SELECT raw FROM problem WHERE place LIKE '%line 4'") == [
        (lines[3].encode(),)
    ]
    # Imported again it is as it was, and tried once more.
    assert call("import", str(file))[1]["new"] == 0
    assert [one["tries"] for one in call("problems")[1]["problems"]] == [2, 2]
    file.unlink()
    execute(tmp_path, "DROP TRIGGER refuse")
    status, left = call("problems", "retry", "all")
    assert status == 1
    assert [one["id"] for one in left["problems"]] == [broken["id"]]
    assert execute(tmp_path, "SELECT message_id, live FROM document ORDER BY id") == [
        (1, 0),
        (2, 0),
        (3, 0),
        (5, 0),
    ]
    assert call("problems", "drop", str(broken["id"])) == (0, {"problems": []})


@pytest.mark.slow
def test_what_is_older_than_it_is_kept_is_skipped(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = posted(3, "Barley is dearer").replace("2024-01-03", f"{datetime.now(UTC):%F}")
    file = tmp_path / "archive.jsonl"
    file.write_text("\n".join([posted(1, "Grain"), posted(2, "Oats"), young]), encoding="utf-8")
    monkeypatch.setenv("KEEP_DOCUMENTS", "365d")
    for new in (1, 0):
        status, counts = call("import", str(file))
        assert status == 0
        assert (counts["documents"], counts["skipped"], counts["new"]) == (1, 2, new)
    assert execute(tmp_path, "SELECT doc_id FROM document") == [("tg:77/3",)]
    monkeypatch.delenv("KEEP_DOCUMENTS")
    assert call("import", str(file))[1]["new"] == 2
