"""Logs go to stderr, as text or JSON, without secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from telethon.tl import functions, types

from bot import logs


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The logging of before, after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
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
