"""Datelines: ``MOSCOW, April 17. /TASS/.`` and its relatives at the start of a paragraph.

A dateline names a place, a day, an agency or several of them, and ends in a full stop or a dash.
What it does not say stays null. A bracket further on in the text (``(US dollars - TASS)``) is none.
"""

import re

from msgspec import Struct

from handlers.normalize.datelines import agencies, marks, places, words
from handlers.normalize.datelines.marks import UPPER
from handlers.normalize.parsing import dates
from storage.document import Dateline

_WINDOW = 160
_DOT = re.compile(r"\.(?=,|[ \xa0]+[-–—])")
_HOUR = re.compile(r",? (?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)(?!\d)")
_DAY_IN_BRACKETS = re.compile(r"[ \xa0]*\(([^()\n]{3,20})\)")
_CAPITAL_BEHIND = re.compile(rf"[ \xa0][\"“«]?[{UPPER}]")
_NAMES_ITSELF = re.compile(
    rf"[{UPPER}]*(?:РИА|ТАГ|ИНФО|ПРЕСС|NEWS|PRESS|INFO)[{UPPER}]*(?=[ \xa0]+[-–—][ \xa0])"
)
# A headline has no end: "BRUSSELS — Towns open a bridge".
_ENDS = re.compile(r"[.!?…][\"”»’')\]]{0,3}\s*\Z")
_ENDING = 40
_ALONE = re.compile(
    rf"(?P<place>(?P<town>[{UPPER}][{UPPER}. /-]{{1,30}}?)"
    rf"(?P<land>, (?:[{UPPER}][a-zà-ÿ]+\.?|(?:[{UPPER}]\.){{2}}))?)"
    rf"(?:(?P<mark>[ \xa0](?:--|—))|:|(?P<short>[ \xa0][-–](?! [{UPPER}]{{2}})))"
    rf"(?=\s+[\"“«]?[{UPPER}])"
)
_SECOND_DASH = re.compile(r"[^.!?,;]{0,80}\s(?:—|--|–)\s")


class DatelineMatch(Struct, frozen=True, kw_only=True):
    """A dateline at the start of a text; the text itself goes on at ``end``."""

    dateline: Dateline
    end: int


def match(text: str) -> DatelineMatch | None:
    """The dateline that a paragraph starts with, or None. Looks at its first 160 characters."""
    window = text[:_WINDOW]
    start = len(window) - len(window.lstrip(marks.SPACE))
    for found in (
        _agency_first(window, start),
        _place_first(window, start),
        _date_first(window, start),
        _day_after_space(window, start),
        _place_only(window, start) if _ENDS.search(text[-_ENDING:]) else None,
    ):
        if found is not None:
            return found
    return None


def find_clock(dateline: Dateline) -> str | None:
    """The time of day in a dateline, as ``HH:MM``: ``Springfield, May 4, 2026, 9:30 — SPN.``"""
    found = _HOUR.search(dateline.raw)
    return found["clock"].zfill(5) if found else None


def _place_first(window: str, start: int) -> DatelineMatch | None:
    for place, cut in places.list_places(window, start):
        day = dates.match_date(window, marks.skip(window, cut, ",."))
        day = day or _bracketed_day(window, cut)
        if day is not None:
            found = _after_date(window, start, place, day)
        else:
            found = _after_place(window, start, place, cut)
        if found is not None:
            return found
    return None


def _bracketed_day(window: str, at: int) -> dates.DateMatch | None:
    found = _DAY_IN_BRACKETS.match(window, at)
    date = dates.parse_date(found[1]) if found else None
    return dates.DateMatch(date=date, end=found.end()) if found and date else None


def _day_after_space(window: str, start: int) -> DatelineMatch | None:
    """``SPRINGFIELD May 4 (Reuters) -``: with no comma, brackets or slashes make it certain,
    and capitals, or an agency that is known."""
    for space in re.finditer("[ \xa0]", window[start : start + 60]):
        place = window[start : start + space.start()]
        day = dates.match_date(window, start + space.end())
        if day is None:
            continue
        agency = agencies.read(window, marks.skip(window, day.end, ".,"))
        if agency is None or not agency.bracketed or not places.is_place(place):
            return None
        if not (place.split(",")[0].isupper() or agency.known or window[agency.end - 1] == "/"):
            return None
        return _after_date(window, start, place, day)
    return None


def _place_only(window: str, start: int) -> DatelineMatch | None:
    """A place in capitals alone: any before a long dash, a known one before another or a colon."""
    found = _ALONE.match(window, start)
    if found is None:
        return None
    place = found["place"]
    if place not in words.KNOWN and not (
        (found["mark"] or (found["land"] and found["short"])) and places.may_be_alone(found["town"])
    ):
        return None
    if _SECOND_DASH.match(window, found.end()):
        # "DONALD — The captain — has arrived."
        return None
    return _found(window, start, found.end(), place, None, None)


def _after_date(
    window: str, start: int, place: str | None, day: dates.DateMatch, *, sure: bool = False
) -> DatelineMatch | None:
    """What follows a day. ``sure``: an agency before it says that it is a dateline's."""
    for more in (_DOT, _HOUR):
        found = more.match(window, day.end)
        day = dates.DateMatch(date=day.date, end=found.end()) if found else day
    rest = marks.skip(window, day.end, ".,")
    rest = rest + 2 if window.startswith((": (", "- ("), rest) else rest
    agency = agencies.read(window, rest)
    if agency is None:
        dash = marks.DASH.match(window, day.end)
        agency = agencies.read_known(window, marks.skip(window, dash.end(), "")) if dash else None
    cut_short = agency is not None and not agency.bracketed
    if place is not None and (
        agency is None or (cut_short and marks.find_end(window, agency.end, tight=False) is None)
    ):
        agency = agencies.read_unlisted(window, day.end) or agency
    if agency is not None:
        byline = agencies.BYLINE.match(window, agency.end)
        after = byline.end() if byline else agency.end
        end = marks.find_end(window, after, tight=agency.bracketed)
        if end is None and (agency.bracketed or agencies.stands_before_text(window, agency)):
            end = agency.end
        if end is not None:
            return _found(window, start, end, place, day.date, agency.name)
    end = marks.find_end(window, day.end, tight=False)
    if end is None and not window[day.end :].strip():
        end = day.end
    if end is None and window[day.end - 1] == ".":
        end = day.end
    dashed = end is not None and window[end - 1] not in ".:"
    if place is not None and not sure and not places.stands_alone(place, dashed=dashed):
        return None
    return None if end is None else _found(window, start, end, place, day.date, None)


def _after_place(window: str, start: int, place: str, cut: int) -> DatelineMatch | None:
    # "SPRINGFIELD--(ELM WIRE)--"
    rest = cut + 2 if window.startswith("--(", cut) else marks.skip(window, cut, ",.")
    agency = agencies.read_spelled(window, rest) or agencies.read(window, rest)
    if agency is None:
        return None
    end = marks.find_end(window, agency.end, tight=agency.bracketed)
    if end is None and agency.bracketed and agency.known and places.is_short(place):
        end = agency.end if _CAPITAL_BEHIND.match(window, agency.end) else None
    if end is None and place.isupper() and agencies.stands_before_text(window, agency):
        end = agency.end
    if end is None:
        return None
    if not agency.known and " " in agency.name and place.isupper() and len(place) <= 5:
        # "NATO (North Atlantic Alliance)": an acronym and what it stands for.
        return None
    town, *country = place.split(",")
    clear = town.isupper() or (country and agencies.calls_itself_one(agency.name))
    if not agency.known and not (agency.bracketed and clear):
        return None
    return _found(window, start, end, place, None, agency.name)


def _agency_first(window: str, start: int) -> DatelineMatch | None:
    agency = agencies.read(window, start)
    itself = _NAMES_ITSELF.match(window, start)
    if agency is None and itself is not None:
        dash = marks.DASH.match(window, itself.end())
        day = dates.match_date(window, marks.skip(window, dash.end(), "")) if dash else None
        found = _after_date(window, start, None, day) if day else None
        return _with_agency(found, itself.group())
    if agency is None:
        return None
    if not agency.bracketed and len(agency.name) < 3:
        # "ST. PETERSBURG" is a place, whatever the agency of these letters.
        return None
    rest = marks.skip(window, agency.end, ",.:")
    dash = marks.DASH.match(window, rest) if agency.bracketed else None
    rest = marks.skip(window, dash.end(), "") if dash else rest
    day = dates.match_date(window, rest)
    if day is not None and agency.known:
        return _with_agency(_after_date(window, start, None, day), agency.name)
    for place, cut in places.list_places(window, rest):
        day = dates.match_date(window, marks.skip(window, cut, ",."))
        if day is not None:
            return _with_agency(_after_date(window, start, place, day, sure=True), agency.name)
        dash = marks.DASH.match(window, cut)
        if dash is not None and place.isupper() and agency.known:
            return _found(window, start, dash.end(), place, None, agency.name)
    if agency.bracketed and agency.known:
        end = marks.find_end(window, agency.end, tight=True) or agency.end
        return _found(window, start, end, None, None, agency.name)
    return None


def _date_first(window: str, start: int) -> DatelineMatch | None:
    day = dates.match_date(window, start)
    if day is None:
        return None
    rest = marks.skip(window, day.end, ",.")
    alone = agencies.read(window, rest)
    if alone is not None and alone.bracketed:
        return _after_date(window, start, None, day)
    for place, cut in places.list_places(window, rest):
        agency = agencies.read(window, marks.skip(window, cut, ",."))
        if agency is None or not (agency.known or agency.bracketed):
            continue
        end = marks.find_end(window, agency.end, tight=agency.bracketed)
        if end is not None:
            return _found(window, start, end, place, day.date, agency.name)
    return None


def _with_agency(found: DatelineMatch | None, name: str) -> DatelineMatch | None:
    if found is None:
        return None
    line = found.dateline
    dateline = Dateline(raw=line.raw, place=line.place, date=line.date, agency=name)
    return DatelineMatch(dateline=dateline, end=found.end)


def _found(
    window: str, start: int, end: int, place: str | None, date: str | None, agency: str | None
) -> DatelineMatch:
    raw = window[start:end].rstrip()
    after = end + len(window[end:]) - len(window[end:].lstrip(marks.SPACE))
    return DatelineMatch(
        dateline=Dateline(raw=raw, place=place, date=date, agency=agency), end=after
    )
