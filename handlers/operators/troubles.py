"""What keeps the service from doing all its work at present: each cause begins once and ends once.

The code that detects a cause reports its beginning and its end here; health, metrics, logs and the
operator's notices get each cause once from here.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import structlog
from msgspec import Struct

from storage.errors import UnavailableError

Reason: TypeAlias = Literal["write", "user", "bot", "channels", "outbox", "database", "backup"]

FROZEN = "Telegram has frozen the watching account"
GONE_CAUSE = "gone"
GONE = "the watching account can't be used any more"
TOLD_APART = frozenset({FROZEN, GONE})
"""The texts of troubles that have notices of their own."""

log = structlog.get_logger("troubles")


class Trouble(Struct, frozen=True, kw_only=True):
    """A cause that lasts: ``cause`` names it, ``reason`` is what health calls it, ``text`` says it
    in one line of English, ``since`` when it began (aware)."""

    cause: str
    reason: Reason
    text: str
    since: datetime


Listener: TypeAlias = Callable[[Trouble, bool], None]


def level_of(error: Exception, usual: int = logging.ERROR) -> int:
    """At which level to log that something failed: what the database refuses for now is a trouble
    of its own, which is told once, and everything that needs the database fails then."""
    return logging.DEBUG if isinstance(error, UnavailableError) else usual


class Troubles:
    """The causes of the moment. Listeners are called with a trouble and whether it is over."""

    def __init__(self) -> None:
        self._present: dict[str, Trouble] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` of every beginning and end from now on; it must not wait."""
        self._listeners.append(listener)

    def begin(self, cause: str, *, reason: Reason, text: str) -> None:
        """A cause is there; said again while it lasts, nothing happens."""
        if cause in self._present:
            return
        trouble = Trouble(cause=cause, reason=reason, text=text, since=datetime.now(UTC))
        self._present[cause] = trouble
        log.error("trouble", cause=cause, reason=reason, what=text)
        self._notify(trouble, is_over=False)

    def end(self, cause: str) -> None:
        """A cause is over; of one that is not there nothing is said."""
        trouble = self._present.pop(cause, None)
        if trouble is not None:
            log.warning("trouble is over", cause=cause, reason=trouble.reason)
            self._notify(trouble, is_over=True)

    def is_present(self, cause: str) -> bool:
        """Whether a cause lasts."""
        return cause in self._present

    def list_all(self) -> list[Trouble]:
        """What lasts, oldest first."""
        return list(self._present.values())

    def _notify(self, trouble: Trouble, *, is_over: bool) -> None:
        for listener in self._listeners:
            listener(trouble, is_over)
