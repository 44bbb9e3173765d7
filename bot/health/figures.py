"""How much the service uses of what it may ask of Telegram, at one moment."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

Purpose: TypeAlias = tuple[str, str]
"""Where history is read (``account``, ``preview``), and for what (``scans``, ``history``)."""


class Requests(Struct, frozen=True, kw_only=True):
    """Requests made in the last minute, requests allowed in a minute, and the seconds for which
    none may be made because the server said so."""

    used: int
    allowed: int
    closed_for: float = 0.0


class Sending(Struct, frozen=True, kw_only=True):
    """Messages and edits sent since the start, retries included; the rate allowed, a second; and
    the seconds for which none may be sent because Telegram said so."""

    sent: int = 0
    allowed: float = 0.0
    closed_for: float = 0.0


class Figures(Struct, frozen=True, kw_only=True):
    """The use of the budgets of reading and of sending."""

    requests: Mapping[Purpose, Requests] = field(default_factory=dict)
    sending: Sending = field(default_factory=Sending)
