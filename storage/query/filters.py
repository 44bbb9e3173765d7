"""The filters of the query language: ``name:value`` → what it asks for."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from storage.errors import QueryError
from storage.query import analysis, forms
from storage.query.analysis import mark
from storage.query.tree import Filter

HAS = (
    "photo",
    "video",
    "link",
    "forward",
    "album",
    "poll",
    "audio",
    "voice",
    "document",
    "sticker",
    "location",
    "contact",
    "webpage",
    "media",
)
IS = ("edited", "deleted", "original")
DATES = frozenset({"before", "after", "on"})
WORDS = frozenset({"title"})

_AGO = re.compile(r"(\d{1,4})([dwmyднмг])", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365, "д": 1, "н": 7, "м": 30, "г": 365}
_TODAY = frozenset({"today", "сегодня"})
_YESTERDAY = frozenset({"yesterday", "вчера"})
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LINK = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(?:s/|c/)?([^/?#]+).*", re.IGNORECASE)


def _owner(name: str, value: str, column: int, quoted: bool) -> Filter:
    if link := _LINK.fullmatch(value):
        value = link[1]
    if quoted:
        folded = analysis.label(value)
    else:
        folded = analysis.fold_name(value.removeprefix("@").removeprefix("-100"))
    if not folded:
        raise QueryError(f"{name}: names no channel", column=column, hint=f"write {name}:username")
    return Filter(name, folded, (frozenset((mark(name, folded),)),))


def _lang(name: str, value: str, column: int, quoted: bool) -> Filter:
    code = value.lower()
    if not re.fullmatch("[a-z]{2,3}", code):
        raise QueryError(
            f"{value!r} is no language code", column=column, hint="write lang:ru or lang:en"
        )
    return Filter(name, code, (frozenset((mark(name, code),)),))


def _place(name: str, value: str, column: int, quoted: bool) -> Filter:
    words = analysis.words(value)
    if not words:
        raise QueryError("place: names no place", column=column, hint="write place:Moscow")
    asked = [frozenset(mark(name, one) for one in forms.lexemes(word.form)) for word in words]
    return Filter(name, " ".join(word.form for word in words), tuple(dict.fromkeys(asked)))


def _choice(choices: tuple[str, ...]) -> "Reader":
    def read(name: str, value: str, column: int, quoted: bool) -> Filter:
        chosen = value.lower()
        if chosen not in choices:
            near = difflib.get_close_matches(chosen, choices, 1)
            end = column + len(name) + 1 + len(value)
            raise QueryError(
                f"{name}: knows no {value!r}",
                column=column,
                hint=f"choose of {', '.join(choices)}",
                edit=(column, end, f"{name}:{near[0]}") if near and not quoted else None,
            )
        return Filter(name, chosen, (frozenset((mark(name, chosen),)),))

    return read


Reader = Callable[[str, str, int, bool], Filter]

READERS: Mapping[str, Reader] = {
    "channel": _owner,
    "from": _owner,
    "lang": _lang,
    "place": _place,
    "has": _choice(HAS),
    "is": _choice(IS),
}

NAMES = frozenset(READERS) | DATES | WORDS


def days(
    name: str, value: str, column: int, now: datetime | None, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """What a date filter asks for: from (inclusive) and until (exclusive)."""
    first, following = _span(name, value, column, now, zone)
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(following, time(), zone)
    if name == "after":
        return start, None
    return (None, start) if name == "before" else (start, end)


def _span(
    name: str, value: str, column: int, now: datetime | None, zone: tzinfo
) -> tuple[date, date]:
    """The first day of what is named, and the day after its last."""
    relative = _relative(value.lower())
    if relative is not None:
        if now is None:
            raise QueryError("only a full date can be used here", column=column)
        try:
            day = now.astimezone(zone).date() - timedelta(days=relative)
        except OverflowError:
            raise _no_date(name, value, column) from None
        return day, day + timedelta(days=1)
    match = _DATE.fullmatch(value)
    if match is None:
        raise _no_date(name, value, column)
    year, month, day_of_month = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day_of_month or 1)
        if day_of_month:
            return first, first + timedelta(days=1)
        later = first + timedelta(days=31 if month else 366)
        return first, later.replace(day=1) if month else later.replace(month=1, day=1)
    except (ValueError, OverflowError):
        raise _no_date(name, value, column) from None


def _relative(value: str) -> int | None:
    if value in _TODAY:
        return 0
    if value in _YESTERDAY:
        return 1
    if match := _AGO.fullmatch(value):
        return int(match[1]) * _DAYS[match[2]]
    return None


def _no_date(name: str, value: str, column: int) -> QueryError:
    return QueryError(
        f"{value!r} is no date",
        column=column,
        hint=f"write {name}:2024-05-31, {name}:2024-05, {name}:7d or {name}:today",
    )
