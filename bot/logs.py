"""Logs: one line an event to stderr, as text or JSON, never with a secret in it."""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog

from bot.settings import Settings

_REDACTED = "[secret]"


def configure(level: str, format: str, secrets: Iterable[str | None]) -> None:
    """Send structlog's and the standard library's logs to stderr.

    ``level`` is a name such as ``info``, ``format`` is ``text`` or ``json``; ``secrets`` are
    replaced wherever they would appear. Telethon tells its own story only at ``debug``.
    """
    hide = _hider([secret for secret in secrets if secret])
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if format == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    closing: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
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
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[*closing, hide, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    quiet = logging.DEBUG if level == "debug" else logging.ERROR
    for name in ("telethon", "apscheduler", "aiosqlite", "asyncio"):
        logging.getLogger(name).setLevel(max(quiet, root.level))


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever is stderr at the time: it may be another one later."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Stays with stderr."""


def configure_for(settings: Settings) -> None:
    """Log as the settings say, with their secrets hidden."""
    secrets = (settings.api_hash, settings.bot_token)
    configure(settings.log_level, settings.log_format, secrets)


def _hider(secrets: list[str]) -> Any:
    def hide(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            if isinstance(value, str):
                event[name] = _hide(value, secrets)
            elif not isinstance(value, int | float | bool | type(None) | tuple):
                event[name] = _hide(str(value), secrets)
        return event

    return hide


def _hide(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _REDACTED)
    return text
