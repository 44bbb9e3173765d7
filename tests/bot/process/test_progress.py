"""Progress is drawn on a terminal alone; what is read is what was read."""

import io
import sys

import pytest

from bot.process.progress import Watched, bar, counted


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("size", [-1, 2])
def test_each_piece_that_was_read_is_told(size: int) -> None:
    told: list[int] = []
    stream = Watched(io.BytesIO(b"abcde"), told.append)
    pieces = [stream.read(size) for _ in range(4)] if size > 0 else [stream.read()]
    assert b"".join(pieces) == b"abcde"
    assert told == ([2, 2, 1, 0] if size > 0 else [5])


def test_nothing_is_drawn_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with bar(10, "reading") as advance, counted("counting") as tell:
        advance(5)
        tell(1, 2)
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_on_a_terminal_it_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Screen())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with bar(10, "reading") as advance:
        advance(5)
        advance(5)
    with counted("counting") as tell:
        tell(3, 7)
    drawn = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "reading" in drawn
    assert "10/10 bytes" in drawn
    assert "counting" in drawn
    assert "3/7" in drawn
    assert "0/s" in drawn
