"""What is told of troubles, and when. Pure: what passes in a few seconds is told to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.operators.troubles import Reason, Trouble

HOLD = timedelta(seconds=15)
"""How long a cause must have been there, or gone, before that is told."""


class News(Struct, frozen=True, kw_only=True):
    """Why the service does not do all its work, since when, and whether that is over. ``text`` says
    it in one line of English."""

    reason: Reason
    since: datetime
    is_over: bool
    text: str


@dataclass(slots=True, kw_only=True)
class _Known:
    """A reason that is there, or was until ``gone_at``."""

    since: datetime
    text: str
    is_told: bool = False
    gone_at: datetime | None = None


class Alarm:
    """Makes news of troubles: each reason is told once when it begins and once when it is over."""

    def __init__(self) -> None:
        self._known: dict[Reason, _Known] = {}

    def observe(self, troubles: Sequence[Trouble], now: datetime) -> list[News]:
        """What is to be told now; ``troubles`` are those of the moment, oldest first."""
        first: dict[Reason, Trouble] = {}
        for trouble in troubles:
            first.setdefault(trouble.reason, trouble)
        for reason, trouble in first.items():
            known = self._known.setdefault(reason, _Known(since=trouble.since, text=trouble.text))
            known.gone_at = None
        return [news for reason in list(self._known) if (news := self._decide(reason, first, now))]

    def _decide(self, reason: Reason, first: dict[Reason, Trouble], now: datetime) -> News | None:
        known = self._known[reason]
        if reason in first:
            if known.is_told or now - known.since < HOLD:
                return None
            known.is_told = True
            return _news(reason, known, is_over=False)
        known.gone_at = known.gone_at or now
        if known.is_told and now - known.gone_at < HOLD:
            return None
        del self._known[reason]
        return _news(reason, known, is_over=True) if known.is_told else None


def _news(reason: Reason, known: _Known, *, is_over: bool) -> News:
    return News(reason=reason, since=known.since, is_over=is_over, text=known.text)
