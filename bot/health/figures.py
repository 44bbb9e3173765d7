"""What the service has used of what it may ask of Telegram, at one moment."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

Asked: TypeAlias = tuple[str, str]
"""Where history is read (``account``, ``preview``), and what for (``scans``, ``history``)."""


class Requests(Struct, frozen=True, kw_only=True):
    """How many requests were made in the last minute, how many may be made in one, and for how many
    seconds none may be made because the server said so."""

    used: int
    allowed: int
    closed_for: float = 0.0


class Sending(Struct, frozen=True, kw_only=True):
    """How many messages and edits were sent since the start, tried again ones too; how many may be
    in a second; for how many seconds none may go because Telegram said so."""

    sent: int = 0
    allowed: float = 0.0
    closed_for: float = 0.0


class Figures(Struct, frozen=True, kw_only=True):
    """The budgets of reading and of sending."""

    requests: Mapping[Asked, Requests] = field(default_factory=dict)
    sending: Sending = field(default_factory=Sending)
