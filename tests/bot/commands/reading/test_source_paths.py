"""Which files a list of paths means."""

import os
from pathlib import Path

from bot.commands.reading.source_paths import list_paths, open_file


def listed(folder: Path, *paths: Path) -> list[tuple[str, str]]:
    return [(str(one.path.relative_to(folder)), one.kind) for one in list_paths(paths)]


def test_a_folder_is_searched_for_what_can_be_read_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.json", "A.TXT", "c.png", "deep/d.html", "deep/er/e.ndjson", "f.jsonl", "g.htm"):
        (tmp_path / name).touch()
    names = ["A.TXT", "b.json", "deep/d.html", "deep/er/e.ndjson", "f.jsonl", "g.htm"]
    assert listed(tmp_path, tmp_path) == [(name, "") for name in names]


def test_a_named_file_is_read_whatever_it_is_called_and_in_the_order_given(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").touch()
    (tmp_path / "picture.png").touch()
    found = listed(tmp_path, tmp_path / "picture.png", folder, tmp_path / "missing.json")
    assert found == [("picture.png", ""), ("folder/a.json", ""), ("missing.json", "")]


def test_links_out_of_a_folder_are_said_and_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.json").touch()
    (folder / "a.json").touch()
    (folder / "away").symlink_to(outside)
    (folder / "circle.json").symlink_to("circle.json")
    (folder / "nowhere.json").symlink_to("missing.json")
    (folder / "secret.json").symlink_to(outside / "secret.json")
    (folder / "within.json").symlink_to("a.json")
    out = "a link out of the folder"
    assert listed(folder, folder) == [
        ("a.json", ""),
        ("away", out),
        ("circle.json", out),
        ("nowhere.json", out),
        ("secret.json", out),
        ("within.json", ""),
    ]


def test_what_would_never_end_is_told_apart(tmp_path: Path) -> None:
    fifo, plain = tmp_path / "fifo.json", tmp_path / "plain.json"
    os.mkfifo(fifo)
    plain.write_bytes(b"{}")
    assert listed(tmp_path, tmp_path) == [("fifo.json", "a FIFO"), ("plain.json", "")]
    assert listed(tmp_path, fifo) == [("fifo.json", "a FIFO")]
    assert list_paths([Path("/dev/null")])[0].kind == "a device"
    assert open_file(fifo) is None
    with open_file(plain) as file:  # type: ignore[union-attr]
        assert file.read() == b"{}"
