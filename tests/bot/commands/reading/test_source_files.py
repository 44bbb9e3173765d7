"""Files of material: what reading them came to, and which files a list of paths means."""

from pathlib import Path

import pytest

from bot.commands.reading import source_files
from bot.commands.reading.source_files import Tally
from bot.commands.reading.source_paths import list_paths
from handlers.normalize.post.problems import Problem, Skipped
from storage.document import Document, Source


def document(number: int = 1, *, file: str = "page.html", album: tuple[int, ...] = ()) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:7/{number}",
        source=Source(type="tme", file=file),
        album_ids=album,
        content_hash=f"{number:016x}",
    )


def problem(raw: bytes | None) -> Problem:
    return Problem(file="posts.jsonl", place="line 4", what="is no JSON", raw=raw)


@pytest.mark.parametrize(
    ("files", "failed", "documents", "status"),
    [
        (2, (), 0, 0),
        (2, ("a",), 0, 1),
        (2, ("a", "a"), 0, 1),
        (2, ("a", "b"), 0, 2),
        (1, ("a", "a"), 0, 2),
        (1, ("a",), 1, 1),
        (0, ("a",), 0, 1),
    ],
)
def test_the_status_tells_whether_anything_could_be_used(
    files: int, failed: tuple[str, ...], documents: int, status: int
) -> None:
    tally = Tally(files=files, documents=documents, problems=[(file, "x") for file in failed])
    assert tally.failed == len({*failed})
    assert tally.status == status


def test_what_can_be_set_aside_is_kept_until_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_files, "MOST_UNREAD", 3)
    monkeypatch.setattr(source_files, "MOST_BYTES", 10)
    tally = Tally()
    tally.count(problem(None), "x.html")
    for raw in (b"1234", b"567890", b"1", b"2"):
        tally.count(problem(raw), "posts.jsonl")
    kept = tally.take_unread()
    assert [path for path, _ in kept] == [Path("posts.jsonl")] * 3
    assert [one.raw for _, one in kept] == [b"1234", b"567890", None]
    assert tally.take_unread() == []
    tally.count(problem(b"1234567890"), "posts.jsonl")
    assert [one.raw for _, one in tally.take_unread()] == [b"1234567890"]
    assert len(tally.problems) == 6


def test_ten_thousand_posts_of_thirty_two_megabytes_are_kept_at_most() -> None:
    assert (source_files.MOST_UNREAD, source_files.MOST_BYTES) == (10_000, 32_000_000)


def test_documents_are_counted_by_format_and_taken_out_again_as_skipped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = Tally()
    for number in range(3):
        tally.count(document(number), "folder/page.html")
    tally.leave_out(document(0))
    tally.leave_out(document(1, album=(1, 2, 3)))
    assert (tally.documents, tally.skipped, tally.formats) == (1, 4, {"tme": 1})
    assert tally.path_of("page.html") == "folder/page.html"
    assert tally.path_of("other.html") == "other.html"
    tally.count(Skipped(file="page.html", chat="Forum", messages=2), "page.html")
    tally.count(
        Skipped(file="page.html", chat="", messages=0, why="no posts on\nthis page"), "page.html"
    )
    tally.skip(Path("pipe"), "a FIFO")
    assert tally.skipped == 7
    assert capsys.readouterr().err.splitlines() == [
        "dateline: page.html: no posts on this page",
        "dateline: pipe: skipped, it is a FIFO",
    ]


def test_a_folder_gives_its_files_sorted_and_a_named_file_whatever_it_is_called(
    tmp_path: Path,
) -> None:
    names = ("b.json", "a.JSONL", "c.ndjson", "d.html", "e.htm", "f.txt", "g.png", "deeper/a.txt")
    (tmp_path / "deeper").mkdir()
    for name in names:
        (tmp_path / name).write_text("12345")
    found = list_paths([tmp_path / "g.png", tmp_path])
    assert [one.path.relative_to(tmp_path).as_posix() for one in found] == [
        "g.png", "a.JSONL", "b.json", "c.ndjson", "d.html", "deeper/a.txt", "e.htm", "f.txt",
    ]  # fmt: skip
    assert not any(one.kind for one in found)
    assert source_files.size([tmp_path, tmp_path / "nothing"]) == 7 * 5


def test_a_folder_that_holds_nothing_is_a_file_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    assert [*source_files.read([tmp_path], tally)] == []
    assert (tally.files, tally.failed, tally.status) == (1, 1, 2)
    assert tally.problems == [
        (str(tmp_path), f"{tmp_path}: holds nothing to read; name other files")
    ]
    assert capsys.readouterr().err == f"dateline: error: {tally.problems[0][1]}\n"
