"""The file of what was forgotten."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import forgotten
from storage.documents.redactions import Redaction
from storage.errors import UnavailableError

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_it_tells_of_known_chats_when_they_were_forgotten_last(tmp_path: Path) -> None:
    path = forgotten.path_beside(tmp_path / "dateline.db")
    for chat_id, when in ((542627420732, NOW), (-100, NOW), (542627420732, LATER)):
        forgotten.note(path, chat_id, now=when)
    said = forgotten.read([path])
    assert [said.when(chat_id) for chat_id in (542627420732, -100, 7)] == [LATER, NOW, None]
    assert [len(key) for key in said.chats] == [32]
    assert "542627420732" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "forgotten"
    forgotten.note(path, 1, now=NOW)
    with path.open("a") as file:
        file.write('{"hash": "0')
    forgotten.note(path, 2, now=NOW)
    said = forgotten.read([path])
    assert (said.when(1), said.when(2)) == (NOW, NOW)


def test_another_instance_has_other_hashes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        forgotten.note(tmp_path / name, 7, now=NOW)
    (one, hashes), (two, others) = (
        next(iter(forgotten.read([tmp_path / name]).chats.items())) for name in ("one", "two")
    )
    assert one != two
    assert not hashes.keys() & others.keys()


def test_posts_that_were_redacted_are_named(tmp_path: Path) -> None:
    path = tmp_path / "forgotten"
    redaction = Redaction(redacted_at=NOW, reason="a court")
    forgotten.note_redacted(path, {"tg:7/1": redaction})
    forgotten.note(path, 7, now=NOW)
    said = forgotten.read([path])
    assert said.redacted == {"tg:7/1": redaction}
    assert said.when(7) == NOW


def test_what_one_file_says_is_added_to_another_once(tmp_path: Path) -> None:
    mine, copy = tmp_path / "mine", tmp_path / "copy"
    forgotten.note(mine, 1, now=NOW)
    forgotten.add_all(mine, copy)
    forgotten.note(copy, 2, now=NOW)
    forgotten.note_redacted(mine, {"tg:7/1": Redaction(redacted_at=NOW)})
    for _ in range(2):
        forgotten.add_all(mine, copy)
    text = copy.read_text()
    said = forgotten.read([copy])
    assert (said.when(1), said.when(2), len(said.redacted)) == (NOW, NOW, 1)
    assert text.count('"key"') == 1
    assert text.count('"hash"') == 2
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_files_with_keys_of_their_own_are_one_after_the_other(tmp_path: Path) -> None:
    mine, copy = tmp_path / "mine", tmp_path / "copy"
    forgotten.note(mine, 1, now=NOW)
    forgotten.note(copy, 2, now=NOW)
    forgotten.add_all(mine, copy)
    forgotten.note(copy, 3, now=LATER)
    said = forgotten.read([copy])
    assert [said.when(n) for n in (1, 2, 3)] == [NOW, NOW, LATER]
    before = copy.read_text()
    forgotten.add_all(mine, copy)
    assert copy.read_text() == before


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be written"):
        forgotten.note(tmp_path / "missing" / "forgotten", 7, now=NOW)
