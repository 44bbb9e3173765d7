"""What the export says, and that a file appears whole, or not at all."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands import export, importing
from bot.commands.export import _appearing, _is_own_file, _told
from bot.settings import Settings
from handlers.render.documents import rows
from storage.errors import DatelineError, UsageError


@pytest.mark.parametrize(
    ("count", "query", "output", "said"),
    [
        (1, None, "-", "exported 1 document"),
        (2, "ice", "-", "exported 2 documents"),
        (1, None, "a\nb.csv", "exported 1 document to a b.csv"),
        (2, None, "all.csv", "exported 2 documents to all.csv"),
        (0, None, "all.csv", "nothing to export: no document is stored"),
        (0, " ", "all.csv", "nothing to export: no document is stored"),
        (0, "ice\nfog", "-", "nothing to export: nothing found for ice fog"),
    ],
)
def test_how_many_there_were_is_said(count: int, query: str | None, output: str, said: str) -> None:
    assert _told(count, query, output) == said


def test_a_plain_file_and_a_new_one_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    plain, link, fifo = tmp_path / "plain", tmp_path / "link", tmp_path / "fifo"
    plain.touch()
    link.symlink_to(plain)
    os.mkfifo(fifo)
    own = [_is_own_file(path) for path in (plain, tmp_path / "new", link, fifo, tmp_path)]
    assert own == [True, True, False, False, False]
    os.link(plain, tmp_path / "second name")
    assert not _is_own_file(plain)


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("former")
    with _appearing(path) as file:
        file.write("a\r\nice: лёд\n")
        file.flush()
        assert path.read_text() == "former"
    assert path.read_bytes() == "a\r\nice: лёд\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("former")
    with pytest.raises(RuntimeError), _appearing(path) as file:
        file.write("half")
        raise RuntimeError
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    with _appearing(link) as file:
        file.write("a\r\nлёд")
    assert link.is_symlink()
    assert target.read_bytes() == "a\r\nлёд".encode()


def test_texts_need_a_folder_and_what_cannot_be_written_is_named(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    with pytest.raises(UsageError, match="a folder is needed for txt") as refused:
        export.run(settings, None, format="txt", output="-")
    assert (refused.value.where, refused.value.hint) == ("-o", "name a folder")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "__stdout__", None)  # as Python has it where a shell wrote >&-
        with pytest.raises(UsageError, match="standard output is closed") as refused:
            export.run(settings, None, format="csv", output="-")
        assert (refused.value.where, refused.value.hint) == ("-o", "name a file")
    place = str(tmp_path / "nowhere" / "all.csv")
    with pytest.raises(DatelineError, match="cannot be written: No such file") as failed:
        export.run(settings, None, format="csv", output=place)
    assert (failed.value.where, failed.value.hint) == (place, "name another place")


def test_what_was_imported_is_counted_and_written_in_each_form(
    tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    source = tmp_path / "a.txt"
    source.write_text("Ferries are late\n\nThe ice holds them up.\n")
    for new in (1, 0):
        given: dict[str, Any] = {"format": None, "channel": None, "all_chats": False}
        assert importing.run(settings, [source], as_json=True, **given) == 0
        counts = json.loads(capfd.readouterr().out)
        assert counts.pop("formats")
        assert counts == {
            "files": 1,
            "documents": 1,
            "new": new,
            "updated": 0,
            "unchanged": 1 - new,
            "skipped": 0,
            "failed": 0,
            "errors": [],
        }
    for format, output in (("jsonl", "-"), ("csv", "-"), ("txt", str(tmp_path / "of" / "texts"))):
        assert export.run(settings, "ice", format=format, output=output) == 0
    out, err = capfd.readouterr()
    line, header, row = out.splitlines()[:3]
    assert json.loads(line)["title"] == "Ferries are late"
    assert header == ",".join(rows.HEADER)
    assert "Ferries are late" in row
    (text,) = (tmp_path / "of" / "texts").iterdir()
    assert text.name.startswith("000_")
    assert text.read_text().startswith("Ferries are late")
    assert err.count("dateline: exported 1 document") == 3
    for format, start in (("jsonl", '{"'), ("csv", rows.HEADER[0])):
        path = tmp_path / f"all.{format}"
        assert export.run(settings, None, format=format, output=str(path)) == 0
        assert path.read_text().startswith(start)
    assert export.run(settings, "fog", format="jsonl", output="-") == 0
    assert "nothing to export: nothing found for fog" in capfd.readouterr().err
