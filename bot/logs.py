"""Logs: one line an event to stderr, as text or JSON, never with a secret in it."""

import logging
import sys
import threading
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO
from urllib.parse import parse_qsl, urlsplit

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.process import memory, terminal
from bot.process.log_writer import LineWriter
from bot.settings import Settings

CLOSING_SECONDS = 1.0
_REDACTED = "[secret]"
_NO_MEMORY = (
    "dateline: error: system: there is not enough memory for all that is done; give it more"
)
SHORTEST = 5
"""Characters: what is shorter stands in too many words to be hidden, and is no secret."""


def configure(
    level: str, format: str, secrets: Iterable[str | None], *, beside: bool = False
) -> None:
    """Send structlog's and the standard library's logs to stderr.

    ``level`` is a name such as ``info``, ``format`` is ``text`` or ``json``; ``secrets`` are
    replaced wherever they would appear. Telethon tells its own story only at ``debug``, without
    what people write. ``beside``: a thread writes, so that no reader is waited for; ``close`` ends
    that.
    """
    kept = [secret for secret in secrets if secret]
    hide = _hider(kept)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if format == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    closing: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _name_of_no_memory,
        structlog.processors.format_exc_info,
        _contain_traceback,
    ]
    structlog.configure(
        # What nobody is to read is not made up first.
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _BesideHandler() if beside else _StderrHandler()
    handler.addFilter(_without_contents)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[*closing, hide, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _show_uncaught(kept, of_threads=beside)
    _quieten(root.level, level)


def _show_uncaught(secrets: list[str], *, of_threads: bool) -> None:
    """What nobody foresaw ends the process, and its traceback goes past every logger."""

    def show(
        kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if memory.is_refused(error):
            say(_NO_MEMORY)
            return
        lines = "".join(traceback.format_exception(kind, error, trace)).rstrip("\n")
        say("\n".join(map(_printable, _hide(lines, secrets).split("\n"))))

    def show_of_thread(found: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
        # What fails here is shown by Python itself, with a traceback.
        try:
            error = found.exc_value or (found.exc_type() if found.exc_type else None)
            show(found.exc_type, error, found.exc_traceback)
        except (MemoryError, SystemError):
            return

    sys.excepthook = show
    if of_threads:
        threading.excepthook = sys.unraisablehook = show_of_thread


def _quieten(least: int, level: str) -> None:
    """Let others' loggers say less than ours."""
    quiet = logging.DEBUG if level == "debug" else logging.ERROR
    for name in ("telethon", "apscheduler", "asyncio"):
        logging.getLogger(name).setLevel(max(quiet, least))
    # These would name what is looked for, and addresses that are secrets.
    for name in ("aiosqlite", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(max(logging.WARNING, least))


def say(line: str) -> None:
    """Write a line that is no log line, in its place between those: behind the last where they
    were closed."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _BesideHandler) and not handler.writer.is_over:
            handler.writer.say(line)
            return
    terminal.say(line)


def close(seconds: float = CLOSING_SECONDS) -> None:
    """Write what the log's thread still has, within ``seconds``; nothing is said after that."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _BesideHandler):
            handler.writer.close(seconds)


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever is stderr at the time: it may be another one later."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Stays with stderr."""


class _BesideHandler(logging.Handler):
    """Hands lines to a thread that writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.writer = LineWriter(sys.stderr.fileno(), self._line_of_dropped)

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record's line."""
        self.writer.say(self.format(record))

    def _line_of_dropped(self, count: int) -> str:
        text, arguments = "log lines were dropped, for nobody read them: %d", (count,)
        return self.format(logging.LogRecord("logs", logging.WARNING, "", 0, text, arguments, None))


def _name_of_no_memory(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Where memory is refused it does not matter for what: the name stands for the traceback."""
    found = event.get("exc_info")
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException) and memory.is_refused(error):
        event["exc_info"] = None
        event["error"] = "no memory"
    return event


def _contain_traceback(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Errors may quote anything: no line of a traceback may look like one of the log, nor be
    obeyed by a terminal."""
    trace = event.get("exception")
    if isinstance(trace, str):
        event["exception"] = "\n".join(f"  {_printable(line)}" for line in trace.split("\n"))
    return event


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


def _without_contents(record: logging.LogRecord) -> bool:
    """Let a record through; of Telethon's without requests, updates and bytes, which hold what
    people write."""
    if record.name.startswith("telethon") and isinstance(record.args, tuple):
        record.args = tuple(map(_without_content, record.args))
    return True


def _without_content(value: object) -> object:
    kind = type(value)
    is_content = isinstance(value, bytes | list | tuple | dict | set)
    if isinstance(value, BaseException):
        is_content = not isinstance(value, OSError)
    if is_content or kind.__module__.startswith("telethon.tl"):
        return kind.__name__
    return value


def configure_for(settings: Settings, *, beside: bool = False) -> None:
    """Log as the settings say, with their secrets hidden."""
    configure(settings.log_level, settings.log_format, _secrets_of(settings), beside=beside)


def _secrets_of(settings: Settings) -> list[str]:
    """What is secret in the settings, longest first, and each part of it that may stand alone."""
    found = [settings.api_hash, settings.bot_token, (settings.bot_token or "").partition(":")[2]]
    found.append(settings.translate_key)
    for address in (settings.heartbeat_url, settings.notify_url, settings.timestamp_url):
        if address is not None:
            parts = urlsplit(address)
            found += [address, parts.password, parts.path, parts.query]
            found += [value for _, value in parse_qsl(parts.query)]
    for proxy in settings.proxy:
        found += [proxy.password, proxy.secret.key.hex() if proxy.secret else None]
    kept = {secret for secret in found if secret and len(secret) >= SHORTEST}
    return sorted(kept, key=len, reverse=True)


def _hider(secrets: list[str]) -> Processor:
    def hide(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        for name, value in event.items():
            if isinstance(value, str):
                event[name] = _hide(value, secrets)
            elif not isinstance(value, int | float | bool | type(None)):
                event[name] = _hide(str(value), secrets)
        return event

    return hide


def _hide(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _REDACTED)
    return text
