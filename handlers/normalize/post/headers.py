"""The `` date YYYY-MM-DD `` header that opens the seeds and every canonical text."""

import calendar
import re

from msgspec import Struct

from storage.document import Precision

_HEADER = re.compile(
    r"\ufeff?[ \t]{0,4}date (?P<date>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[ \t]|$)", re.MULTILINE
)
_PRECISIONS: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}


class Header(Struct, frozen=True, kw_only=True):
    """A header: its date as written, and where the text after it begins."""

    date: str
    end: int

    @property
    def published_at(self) -> str | None:
        """The date, if a calendar has it."""
        return self.date if is_date(self.date) else None

    @property
    def precision(self) -> Precision:
        """How precise the date is."""
        return _PRECISIONS[len(self.date)] if self.published_at else "none"


def match(text: str) -> Header | None:
    """The header that a text opens with, or None."""
    found = _HEADER.match(text)
    return Header(date=found["date"], end=found.end()) if found else None


def is_date(text: str) -> bool:
    """Whether ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` names a time that a calendar has."""
    parts = [int(part) for part in text.split("-")]
    if parts[0] == 0 or (len(parts) > 1 and not 1 <= parts[1] <= 12):
        return False
    return len(parts) < 3 or 1 <= parts[2] <= calendar.monthrange(parts[0], parts[1])[1]
