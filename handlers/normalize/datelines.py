"""Datelines: ``MOSCOW, April 17. /TASS/.`` and its relatives at the start of a paragraph.

A dateline names a place, a day, an agency or several of them, and ends in a full stop or a dash.
What it does not say stays null. A bracket further on in the text (``(US dollars - TASS)``) is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.normalize import dates
from storage.document import Dateline

_WINDOW = 160
_SPACE = " \t\xa0"
_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁ"
_WORD = (
    rf"(?:(?:St|ST|Ft|FT|Mt|MT|г|пос|с)\.[ \xa0]?)?(?:[{_UPPER}]\.){{2,4}}"
    rf"|(?:(?:St|ST|Ft|FT|Mt|MT|г|пос|с)\.[ \xa0]?)?[{_UPPER}][\w’'`]*(?:-[\w’'`]+){{0,3}}"
)
_LINK = r"(?:of|the|on|upon|de|del|la|el|al|and|и|на|над)"
_NAME = rf"(?:{_WORD})(?:(?:[ \xa0]{_LINK}){{0,2}}[ \xa0/](?:{_WORD})){{0,4}}"
_PLACE = re.compile(rf"{_NAME}(?:, ?{_NAME}){{0,2}}")
_TWO_WORDS = re.compile(
    r"(?:New|San|Los|Saint|St\.|Santa|Rio|Tel|Abu|Kuala|Buenos|Hong|Addis|Phnom|Cape|Port|Mexico"
    r"|Нижний|Великий|Новый|Ростов|Южно|Тель|Абу)[ \xa0]"
)
_OPENERS = (
    "a an at by for from in it its of on our the this that these to we when while with as but if"
    " he she they read watch question updated posted published source photo author"
    " в во на о об по при с со из за это этот эта как когда он она они мы вопрос фото источник"
)
_NO_PLACE = frozenset(_OPENERS.split())
_AGENCIES = (
    "TASS|ITAR-TASS|ТАСС|ИТАР-ТАСС|RIA Novosti|RIA|РИА Новости|РИА|Interfax(?:\\.ru|-[A-Za-z]+)?"
    "|Интерфакс(?:-[А-Яа-яё]+)?|Xinhua|AP|Associated Press|Reuters|Рейтер|AFP|dpa|Sputnik|Спутник"
    "|Trend|Azernews|AZERTAC|АЗЕРТАДЖ|MENAFN|Report|APA|BelTA|БелТА|MNA|IRNA|ISNA|Tasnim|Fars|Mehr"
    "|KCNA|Yonhap|Kyodo|Jiji|ANSA|EFE|Anadolu|AA|UPI|PTI|ANI|IANS|APP|Bernama|Antara|VNA|Montsame"
    "|Kazinform|Казинформ|КазТАГ|KazTAG|Tengrinews|Kabar|Кабар|AKIpress|24\\.kg|Armenpress"
    "|Арменпресс|Ukrinform|Укринформ|UNIAN|УНИАН|UzA|УзА|Khovar|Ховар|ST|SANA|WAM|KUNA|SPA|QNA|MENA"
    "|Petra|WAFA|Prensa Latina|REGNUM|Росбалт|RBC|РБК|Moldpres|BBC|CNN|DW|RT|PNA|TASR|CTK|PAP|BNS"
    "|LETA|STT|NTB|TT|ANP|Belga|APS|MAP|TAP|ИА [\\w«»]{2,20}"
)
_KNOWN = re.compile(rf"(?:{_AGENCIES})(?!\w)", re.IGNORECASE)
_KNOWN_LIST = re.compile(rf"(?:{_AGENCIES})(?:\s?[-–/,&]\s?(?:{_AGENCIES}))*", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,.]|[ \xa0]*[(/]|[ \xa0]+(?:-{1,2}|[–—])")
_BRACKETED = re.compile(r"\((?P<round>[^()\n]{2,40})\)|/ ?(?P<slash>[^/\n]{2,40})/")
_AGENCY_NAME = re.compile(rf"[{_UPPER}][\w.’'-]*(?:[ -]{{1,2}}[{_UPPER}\w][\w.’'-]*){{0,3}}")
_REPORTER = re.compile(r"^(?:корр\.?|corr\.?)\s+|\s+(?:correspondent|корр\.?)$", re.IGNORECASE)
_BYLINE = re.compile(rf", (?:[{_UPPER}][\w-]+)(?: [{_UPPER}][\w-]+){{1,2}}(?=\.)")
_DASH = re.compile(r"[ \t\xa0]*(?:-{1,3}|[–—―])(?=\s|$)|[ \t\xa0]+(?:--|[–—―])")
_TIGHT_DASH = re.compile(r"[ \t\xa0]*(?:-{1,3}|[–—―])")
_STOP = re.compile(r"\.(?=\s|$)|\.(?=[–—\"“«A-ZА-ЯЁ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A dateline at the start of a text; the text itself goes on at ``end``."""

    dateline: Dateline
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agency:
    name: str
    end: int
    bracketed: bool
    known: bool


def match(text: str) -> Found | None:
    """The dateline that a paragraph starts with, or None. Looks at its first 160 characters."""
    window = text[:_WINDOW]
    start = len(window) - len(window.lstrip(_SPACE))
    for found in (
        _agency_first(window, start),
        _place_first(window, start),
        _date_first(window, start),
    ):
        if found is not None:
            return found
    return None


def names_agency(text: str) -> bool:
    """Whether a text is the name of a known news agency and nothing else."""
    return _KNOWN_LIST.fullmatch(text.strip()) is not None


def _place_first(window: str, start: int) -> Found | None:
    for cut in _cuts(window, start):
        place = window[start:cut]
        if not _is_place(place):
            continue
        rest = _skip(window, cut, ",.")
        day = dates.match_date(window, rest)
        if day is not None:
            found = _after_date(window, start, place, day)
        else:
            found = _after_place(window, start, place, cut)
        if found is not None:
            return found
    return None


def _after_date(window: str, start: int, place: str | None, day: dates.Found) -> Found | None:
    agency = _agency(window, _skip(window, day.end, ".,"))
    if agency is None:
        dash = _DASH.match(window, day.end)
        agency = _known(window, _skip(window, dash.end(), "")) if dash else None
    if agency is not None:
        byline = _BYLINE.match(window, agency.end)
        after = byline.end() if byline else agency.end
        end = _terminator(window, after, tight=agency.bracketed)
        if end is None and agency.bracketed:
            end = agency.end
        if end is not None:
            return _found(window, start, end, place, day.date, agency.name)
    end = _terminator(window, day.end, tight=False)
    if end is None and not window[day.end :].strip():
        end = day.end
    if place is not None and not _stands_alone(place):
        return None
    return None if end is None else _found(window, start, end, place, day.date, None)


def _after_place(window: str, start: int, place: str, cut: int) -> Found | None:
    agency = _agency(window, _skip(window, cut, ",."))
    if agency is None:
        return None
    end = _terminator(window, agency.end, tight=agency.bracketed)
    if end is None:
        return None
    if not agency.known and not (agency.bracketed and place.split(",")[0].isupper()):
        return None
    return _found(window, start, end, place, None, agency.name)


def _agency_first(window: str, start: int) -> Found | None:
    agency = _agency(window, start)
    if agency is None or not agency.known:
        return None
    if not agency.bracketed and len(agency.name) < 3:
        # "ST. PETERSBURG" is a place, whatever the agency of these letters.
        return None
    rest = _skip(window, agency.end, ",.:")
    day = dates.match_date(window, rest)
    if day is not None:
        return _with_agency(_after_date(window, start, None, day), agency.name)
    for cut in _cuts(window, rest):
        place = window[rest:cut]
        if not _is_place(place):
            continue
        day = dates.match_date(window, _skip(window, cut, ",."))
        if day is not None:
            return _with_agency(_after_date(window, start, place, day), agency.name)
        dash = _DASH.match(window, cut)
        if dash is not None and place.isupper():
            return _found(window, start, dash.end(), place, None, agency.name)
    if agency.bracketed:
        end = _terminator(window, agency.end, tight=True) or agency.end
        return _found(window, start, end, None, None, agency.name)
    return None


def _date_first(window: str, start: int) -> Found | None:
    day = dates.match_date(window, start)
    if day is None:
        return None
    rest = _skip(window, day.end, ",.")
    for cut in _cuts(window, rest):
        place = window[rest:cut]
        agency = _agency(window, _skip(window, cut, ",."))
        if agency is None or not _is_place(place) or not (agency.known or agency.bracketed):
            continue
        end = _terminator(window, agency.end, tight=agency.bracketed)
        if end is not None:
            return _found(window, start, end, place, day.date, agency.name)
    return None


def _with_agency(found: Found | None, name: str) -> Found | None:
    if found is None:
        return None
    line = found.dateline
    dateline = Dateline(raw=line.raw, place=line.place, date=line.date, agency=name)
    return Found(dateline=dateline, end=found.end)


def _found(
    window: str, start: int, end: int, place: str | None, date: str | None, agency: str | None
) -> Found:
    raw = window[start:end].rstrip()
    after = end + len(window[end:]) - len(window[end:].lstrip(_SPACE))
    return Found(dateline=Dateline(raw=raw, place=place, date=date, agency=agency), end=after)


def _cuts(window: str, start: int) -> Iterator[int]:
    """Where a place may end: before each of the next separators."""
    for found in re.finditer(
        r"[,.]|[ \xa0]*[(/]|[ \xa0]+(?:-{1,2}|[–—])", window[start : start + 80]
    ):
        yield start + found.start()


def _stands_alone(place: str) -> bool:
    """Whether a place needs no agency beside it: ``Jane Roe, May 5.`` is a person's day."""
    first = place.split(",")[0]
    return first.isupper() or " " not in first or _TWO_WORDS.match(first) is not None


def _is_place(text: str) -> bool:
    if len(text) < 2 or not _PLACE.fullmatch(text):
        return False
    return text.split()[0].split("-")[0].lower() not in _NO_PLACE


def _agency(window: str, at: int) -> _Agency | None:
    """An agency in brackets or slashes, or a known one without."""
    found = _BRACKETED.match(window, at)
    if found is None:
        return _known(window, at)
    name = _REPORTER.sub("", (found["round"] or found["slash"]).strip())
    known = _KNOWN_LIST.fullmatch(name) is not None
    if not known and not _AGENCY_NAME.fullmatch(name):
        return None
    return _Agency(name=name, end=found.end(), bracketed=True, known=known)


def _known(window: str, at: int) -> _Agency | None:
    found = _KNOWN.match(window, at)
    if found is None or (found.group()[0].islower() and found.group() != "dpa"):
        return None
    return _Agency(name=found.group(), end=found.end(), bracketed=False, known=True)


def _terminator(window: str, at: int, *, tight: bool) -> int | None:
    """Where a full stop, a dash or a colon ends the dateline. ``tight``: a dash needs no space."""
    dash = (_TIGHT_DASH if tight else _DASH).match(window, at)
    if dash is not None:
        return dash.end()
    stop = _STOP.match(window, at)
    if stop is not None:
        dash = _DASH.match(window, stop.end())
        return dash.end() if dash else stop.end()
    return at + 1 if window[at : at + 1] == ":" else None


def _skip(window: str, at: int, marks: str) -> int:
    """Past one of the marks, and the spaces after it."""
    if window[at : at + 1] and window[at] in marks:
        at += 1
    while at < len(window) and window[at] in _SPACE:
        at += 1
    return at
