"""What a person at a terminal reads."""

import io
import os
import sys

import pytest

from bot.process import terminal


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("  two\n\n lines\t", "two lines"),
        ("a\x1b[31mb\x07", "a [31mb "),
        ("\u202eback", " back"),
        ("лёд ✓", "лёд ✓"),
    ],
)
def test_a_line_is_one_line_and_says_nothing_to_the_terminal(text: str, line: str) -> None:
    assert terminal.one_line(text) == line


def test_a_complaint_says_who_complains(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    terminal.complain("x:\ny; z")
    terminal.say("лёд \ud800")
    assert capfd.readouterr().err == "dateline: error: x: y; z\nлёд ?\n"


def test_a_stderr_that_is_no_file_is_written_to_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    terminal.say("words")
    assert sys.stderr.getvalue() == "words\n"  # type: ignore[attr-defined]


def test_nobody_who_reads_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as target:
        monkeypatch.setattr(sys, "stderr", target)
        terminal.say("words")


def test_a_reader_that_has_stalled_is_waited_for_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", 0.05)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "w") as target:
        monkeypatch.setattr(sys, "stderr", target)
        terminal.say("x" * 1_000_000)  # more than a pipe holds: it comes back
