"""How commands end: a status, and a line for each failure."""

import errno
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands import status
from storage.errors import StorageError, UsageError


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UsageError("odd", where="x"), 2, "x: odd"),
        (StorageError("odd", where="x"), 1, "x: odd"),
        (OSError(errno.ENOSPC, "no space", "a.json"), 1, "a.json: no space; see to that"),
        (OSError(errno.EIO, "broken"), 1, "system: broken; see to that"),
        (KeyboardInterrupt(), 1, "interrupted"),
    ],
)
def test_each_failure_is_one_line(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str
) -> None:
    def fail() -> int:
        raise error

    assert status.status_of(fail) == code
    said = capsys.readouterr().err
    assert line in said and said.count("\n") == 1


@pytest.mark.parametrize(
    "error", [RuntimeError("odd"), MemoryError(), OSError(errno.ENOMEM, "no memory")]
)
def test_what_nobody_foresaw_and_memory_refused_is_raised_and_a_status_given_back(
    capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fail() -> int:
        raise error

    with pytest.raises(type(error)) as raised:
        status.status_of(fail)
    assert raised.value is error and capsys.readouterr().err == ""
    assert [status.status_of(lambda code=code: code) for code in (0, 1, 2)] == [0, 1, 2]


def test_whoever_started_us_without_streams_has_some(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", raw)
    monkeypatch.setattr(sys, "stderr", None)
    status.open_streams()
    stream: Any = sys.stderr
    assert Path(stream.name) == Path("/dev/null")
    assert (raw.encoding, raw.errors, stream.encoding) == ("utf-8", "replace", "utf-8")
    stream.close()


def test_a_closed_standard_input_is_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    status.open_streams()
    assert (sys.stdin.read(), sys.stdin.isatty(), sys.stdin.buffer.read()) == ("", False, b"")
    sys.stdin.close()
