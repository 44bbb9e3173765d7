"""What the export says, and that a file appears whole, or not at all."""

import os
from pathlib import Path

import pytest

from bot.commands.export import _appearing, _is_own_file, _told


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
