"""Logs go to stderr, as text or JSON, without secrets."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from telethon.tl import functions, types

from bot import logs, settings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The logging of before, after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_secret_is_hidden_wherever_it_appears(
    format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("info", format, ["1000:open-sesame", None])
    log = structlog.get_logger("test")
    log.info("a token 1000:open-sesame", token="1000:open-sesame", request=["1000:open-sesame"])
    logging.getLogger("other").warning("and %s", "1000:open-sesame")
    try:
        raise ValueError("1000:open-sesame")
    except ValueError:
        log.exception("it failed")
    out, err = capsys.readouterr()
    assert out == ""
    assert "open-sesame" not in err
    assert err.count("[secret]") >= 5


@pytest.mark.parametrize("format", ["text", "json"])
def test_no_part_of_what_is_secret_in_the_settings_is_shown(
    format: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    key = "00112233445566778899aabbccddeeff"
    environment = {
        "BOT_TOKEN": "1000:open-sesame",
        "NOTIFY_URL": "https://ann:passw0rd@example.org/hooks/T0k3n?key=qu3ry",
        "HEARTBEAT_URL": "https://example.org/b3at",
        "PROXY": f"socks5://ann:hunter22@127.0.0.1:1 tg://proxy?server=127.0.0.1&port=1&secret={key}",
        "LOG_FORMAT": format,
    }
    (tmp_path / "no.env").touch()
    logs.configure_for(settings.load(environment, tmp_path / "no.env"))
    said = ("open-sesame", "passw0rd", "/hooks/T0k3n", "qu3ry", "/b3at", "hunter22", key)
    for part in said:
        structlog.get_logger("test").warning("it said", what=f"<{part}>", all=("x", part))
        logging.getLogger("other").error("and %s", part)
    err = capsys.readouterr().err
    assert [part for part in said if part in err] == []
    assert err.count("[secret]") >= 3 * len(said)
    assert "example.org" not in err


def test_a_traceback_looks_like_no_line_of_the_log_and_turns_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info", "text", ())
    try:
        raise ValueError("boom\n2026-01-02T03:04:05Z [info] all is well\x1b[2J\r\x07\u202e\udc80")
    except ValueError:
        structlog.get_logger("test").exception("not handled")
    first, *rest = capsys.readouterr().err.split("\n")
    assert "not handled" in first
    assert all(line.startswith("  ") for line in rest if line)
    assert all(char.isprintable() for line in rest for char in line)
    assert any("all is well" in line for line in rest)


def test_what_nobody_catches_shows_no_secret_and_turns_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info", "text", ["open-sesame"])
    try:
        raise ValueError("open-sesame\x1b[2J")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    logs._show_uncaught(["open-sesame"], of_threads=True)
    thread = threading.Thread(target=lambda: {}["open-sesame"])
    thread.start()
    thread.join()
    err = capsys.readouterr().err
    assert err.count("Traceback") == 2
    assert "ValueError: [secret]" in err
    assert "KeyError: '[secret]'" in err
    assert "open-sesame" not in err.replace(__file__, "").replace('{}["open-sesame"]', "")
    assert "\x1b" not in err


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_nobody_catches_is_shown_though_the_log_was_closed_at_the_end(
    capfd: pytest.CaptureFixture[str], is_closed: bool
) -> None:
    logs.configure("info", "text", (), beside=True)
    structlog.get_logger("test").info("starting")
    if is_closed:
        logs.close()
    sys.excepthook(ValueError, ValueError("nobody foresaw this"), None)
    logs.close()
    assert [line.split()[-1] for line in capfd.readouterr().err.splitlines()] == ["[test]", "this"]


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json", ())
    structlog.get_logger("test").info("сохранено", post="tg:1/2")
    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["post"], event["level"]) == ("сохранено", "tg:1/2", "info")


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning", "text", ())
    structlog.get_logger("test").info("all is well")
    logging.getLogger("telethon").warning("reconnecting")
    assert capsys.readouterr().err == ""


def test_telethon_names_nothing_that_people_write(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", "text", ())
    log = logging.getLogger("telethon.network.mtprotosender")
    request = functions.messages.SetTypingRequest(
        types.InputPeerUser(7, 70),
        types.SendMessageTextDraftAction(1, types.TextWithEntities("wombat", [])),
    )
    log.error("Request caused struct.error: %s: %s", ValueError("wombat"), request)
    log.info("Type %08x not found, remaining data %r", 12, b"wombat")
    log.warning("Attempt %d at connecting failed: %s", 3, ConnectionRefusedError(111, "refused"))
    logging.getLogger("aiosqlite").debug("executing %s", ("SELECT", "wombat"))
    logging.getLogger("httpx2").info("HTTP Request: POST %s", "https://beat.example/wombat")
    err = capsys.readouterr().err
    assert "wombat" not in err
    assert "ValueError: SetTypingRequest" in err
    assert "Attempt 3 at connecting failed: [Errno 111] refused" in err


@pytest.mark.parametrize("is_error", [True, False])
def test_where_memory_is_refused_the_name_stands_for_the_traceback(
    capsys: pytest.CaptureFixture[str], is_error: bool
) -> None:
    logs.configure("info", "json", [])
    error = MemoryError() if is_error else ValueError("odd")
    structlog.get_logger("test").error("not handled", error="repr", exc_info=error)
    line = json.loads(capsys.readouterr().err)
    assert line["error"] == ("no memory" if is_error else "repr")
    assert ("exception" in line) is not is_error
