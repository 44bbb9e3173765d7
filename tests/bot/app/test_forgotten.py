"""The file of those who were forgotten."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import forgotten
from storage.errors import UnavailableError

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_it_tells_of_known_chats_when_they_were_forgotten_last(tmp_path: Path) -> None:
    path = forgotten.path_beside(tmp_path / "dateline.db")
    later = NOW + timedelta(days=1)
    for chat_id, when in ((542627420732, NOW), (-100, NOW), (542627420732, later)):
        forgotten.note(path, chat_id, now=when)
    key, known = forgotten.read(path)
    assert known == {
        forgotten.hash_of(key, 542627420732): later,
        forgotten.hash_of(key, -100): NOW,
    }
    assert len(key) == 32
    assert "542627420732" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "forgotten"
    forgotten.note(path, 1, now=NOW)
    with path.open("a") as file:
        file.write('{"hash": "0')
    forgotten.note(path, 2, now=NOW)
    key, known = forgotten.read(path)
    assert known.keys() == {forgotten.hash_of(key, 1), forgotten.hash_of(key, 2)}


def test_another_instance_has_other_hashes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        forgotten.note(tmp_path / name, 7, now=NOW)
        found.append(forgotten.read(tmp_path / name))
    (one, hashes), (two, others) = found
    assert one != two
    assert not hashes.keys() & others.keys()


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be written"):
        forgotten.note(tmp_path / "missing" / "forgotten", 7, now=NOW)
