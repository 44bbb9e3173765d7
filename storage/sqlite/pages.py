"""Erases the unused middle of a database's pages, where SQLite leaves copies of rows.

``secure_delete`` overwrites what is deleted, but when SQLite spreads the rows of a page over
several, those that moved also stay in the old page, between its cell pointers and its cells. Nobody
reads that gap: it may be overwritten in the file itself, while no page is in the log or in memory.
See "B-tree Pages" and "Pointer Map Pages" in sqlite.org/fileformat.html.
"""

import os
from struct import Struct

PIECE_PAGES = 16_384
"""The number of pages processed at once: some tens of milliseconds."""

_PAGE_SIZE_AT = 16
_LARGEST_ROOT_AT = 52
_RESERVED_AT = 20
_PENDING_BYTE = 1 << 30
_HEADER_BYTES = 100
_BEGINNING = Struct(">BHHH")  # kind, first free block, number of cells, where they start
_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}
_MOST_PAGES = 2 << 24  # From this number on, a page that leads to another begins like a tree's.
_NUMBER = Struct(">I")
_SHORT = Struct(">H")


def find_gap(piece: bytes | bytearray, at: int, size: int) -> tuple[int, int]:
    """Where the gap of the page at ``at`` begins and ends; both the same if it has none, or is not
    a page of a tree."""
    kind, _, cells, start = _BEGINNING.unpack_from(piece, at)
    header = _HEADERS.get(kind)
    if header is None:
        return at, at
    begin, end = header + 2 * cells, start or 65_536
    return (at + begin, at + end) if begin <= end <= size else (at, at)


def list_maps(start: int, size: int, usable: int) -> set[int]:
    """Which of a piece's pages (from 0) are pointer maps of a file with auto-vacuum: these say to
    whom other pages belong, and may look like pages of a tree. ``usable``: the usable bytes of a
    page."""
    apart = usable // 5 + 1
    pending = _PENDING_BYTE // size  # Never used: a map that would stand there stands behind it.
    first = (start - 1) // apart * apart + 1
    maps = range(max(1, first), start + PIECE_PAGES, apart)
    return {index + (index == pending) for index in maps}


def wipe(file: int, start: int) -> int | None:
    """Overwrite the gaps of ``PIECE_PAGES`` pages from the ``start``-th (from 0) on.

    Gives where the next piece begins, None after the last. Raises OSError. The caller keeps all
    writers out, and the log is empty.
    """
    header = os.pread(file, _HEADER_BYTES, 0)
    if len(header) < _HEADER_BYTES:
        return None
    (size,) = _SHORT.unpack_from(header, _PAGE_SIZE_AT)
    size = 65_536 if size == 1 else size
    if os.fstat(file).st_size // size >= _MOST_PAGES:
        return None  # There pages may look like those of a tree.
    maps = set[int]()
    if _NUMBER.unpack_from(header, _LARGEST_ROOT_AT)[0]:
        maps = list_maps(start, size, size - header[_RESERVED_AT])
    piece = os.pread(file, PIECE_PAGES * size, start * size)
    for at in range(0, len(piece) - size + 1, size):
        index = start + at // size
        if index == 0 or index in maps:
            continue  # The first has a header before its tree.
        begin, end = find_gap(piece, at, size)
        if piece.count(0, begin, end) != end - begin:
            os.pwrite(file, bytes(end - begin), start * size + begin)
    os.fsync(file)
    return start + PIECE_PAGES if len(piece) == PIECE_PAGES * size else None
