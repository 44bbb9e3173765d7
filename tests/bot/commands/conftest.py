"""The command line as a person calls it, in a folder of its own."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import cli, settings


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its status."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]

_POSTS = [
    {
        "id": number,
        "type": "message",
        "date": "2026-01-02T03:04:05",
        "date_unixtime": "1767323045",
        "from": "Harbour",
        "from_id": "channel77",
        "text": text,
    }
    for number, text in ((7, "Zyxtitle of the pier\nQuorvbody was seen"), (8, "Grain was sold"))
]


@pytest.fixture
def two_posts(tmp_path: Path) -> Path:
    """An export of the posts 7 and 8 of a channel."""
    file = tmp_path / "result.json"
    export = {"name": "Harbour", "type": "public_channel", "id": 77, "messages": _POSTS}
    file.write_text(json.dumps(export), encoding="utf-8")
    return file


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Gives ``run(*arguments, given="")``: a command in ``tmp_path``, with its data in ``data``."""
    monkeypatch.chdir(tmp_path)
    for name in settings.NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def call(*arguments: str | Path, given: str = "") -> Done:
        out, err = _stream(), _stream()
        with monkeypatch.context() as streams:
            streams.setattr(sys, "stdin", _stream(given))
            streams.setattr(sys, "stdout", out)
            streams.setattr(sys, "stderr", err)
            status = cli.main([*map(str, arguments)])
        return Done(status, _said(out), _said(err))

    return call


def _stream(given: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8", newline="")


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()
