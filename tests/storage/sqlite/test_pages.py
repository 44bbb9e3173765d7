"""The unused middle of pages: where it is, and that only it is overwritten."""

import os
from pathlib import Path

import pytest

from storage.sqlite import pages

SIZE = 512


def page(kind: int, cells: int, start: int) -> bytes:
    """A page of a tree, all of it full of old words behind its header."""
    return (pages._BEGINNING.pack(kind, 0, cells, start)).ljust(SIZE, b"x")


@pytest.mark.parametrize(
    ("kind", "cells", "start", "gap"),
    [
        (13, 0, SIZE, (8, SIZE)),
        (13, 3, 300, (14, 300)),
        (10, 3, 300, (14, 300)),
        (5, 3, 300, (18, 300)),
        (2, 3, 300, (18, 300)),
        (13, 3, 14, (14, 14)),
        (13, 4, 14, None),
        (13, 0, SIZE + 1, None),
        (13, 0, 0, None),  # 0 stands for 65536, which is past this page
        (0, 0, 300, None),
        (1, 0, 300, None),
    ],
)
def test_where_the_gap_is(kind: int, cells: int, start: int, gap: tuple[int, int] | None) -> None:
    piece = bytes(SIZE) + page(kind, cells, start)
    found = pages.find_gap(piece, SIZE, SIZE)
    assert found == ((SIZE, SIZE) if gap is None else (SIZE + gap[0], SIZE + gap[1]))


def test_a_page_of_the_largest_size_may_be_all_gap() -> None:
    piece = pages._BEGINNING.pack(13, 0, 0, 0).ljust(65_536, b"x")
    assert pages.find_gap(piece, 0, 65_536) == (8, 65_536)


@pytest.mark.parametrize("largest_root", [0, 1], ids=["plain", "auto-vacuum"])
def test_nothing_but_gaps_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, largest_root: int
) -> None:
    monkeypatch.setattr(pages, "PIECE_PAGES", 2)
    header = bytearray(page(13, 0, 300))
    header[16:18] = SIZE.to_bytes(2, "big")
    header[52:56] = largest_root.to_bytes(4, "big")
    before = [bytes(header), page(13, 2, 400), page(0, 0, 0), page(5, 1, 100)]
    path = tmp_path / "pages"
    path.write_bytes(b"".join(before))
    file = os.open(path, os.O_RDWR)
    try:
        starts = [0]
        while (following := pages.wipe(file, starts[-1])) is not None:
            starts.append(following)
    finally:
        os.close(file)
    after = list(before)
    if not largest_root:  # else it says to whom other pages belong
        after[1] = before[1][:12] + bytes(388) + before[1][400:]
    after[3] = before[3][:14] + bytes(86) + before[3][100:]
    assert path.read_bytes() == b"".join(after)
    assert starts == [0, 2, 4]


@pytest.mark.parametrize("size", [512, 1024, 4096, 65_536])
def test_pointer_maps_are_known_by_where_they_are(size: int) -> None:
    """As SQLite reckons it (btree.c, ``ptrmapPageno``), from the first on, and around the page
    that holds the lock and is never used."""

    def number_of_map(number: int) -> int:
        apart = size // 5 + 1
        first = (number - 2) // apart * apart + 2
        return first + (first == (1 << 30) // size + 1)

    pieces = [0, pages.PIECE_PAGES, (1 << 30) // size // pages.PIECE_PAGES * pages.PIECE_PAGES]
    for start in pieces:
        numbers = range(max(2, start + 1), start + pages.PIECE_PAGES + 1)
        expected = {number - 1 for number in numbers if number_of_map(number) == number}
        known = pages.list_maps(start, size, size)
        assert {index for index in known if start <= index < start + pages.PIECE_PAGES} == expected


def test_a_file_without_a_header_has_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "pages"
    path.write_bytes(b"x" * 99)
    file = os.open(path, os.O_RDWR)
    assert pages.wipe(file, 0) is None
    os.close(file)
