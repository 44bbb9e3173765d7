"""Datelines: ``MOSCOW, April 17. /TASS/.`` and its relatives at the start of a paragraph.

A dateline names a place, a day, an agency or several of them, and ends in a full stop or a dash.
What it does not say stays null. A bracket further on in the text (``(US dollars - TASS)``) is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.normalize import dateline_words, dates
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
    " monday tuesday wednesday thursday friday saturday sunday понедельник вторник среда четверг"
    " пятница суббота воскресенье"
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
_DASH = re.compile(r"[ \t\xa0]*(?:-{1,3}|[–—―_])(?=\s|$)|[ \t\xa0]+(?:--|[–—―])")
_TIGHT_DASH = re.compile(r"[ \t\xa0]*(?:-{1,3}|[–—―_])")
# A name in no list is an agency only by its look: two capitals in one word.
_LIKE_AGENCY = re.compile(
    rf"(?:[{_UPPER}][\w.]* ){{0,2}}"
    rf"(?:[{_UPPER}][a-zа-яё]*[{_UPPER}][\w]*)(?: [{_UPPER}][\w]+){{0,2}}"
)
_SPELLED = re.compile(
    rf"(?:[{_UPPER}][\w’'-]+ ){{1,3}}(?:Agency|News|Press|Service) \([{_UPPER}]{{2,6}}\)"
)
_HOUR = re.compile(r",? (?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)(?!\d)")
_LINK_TO_AGENCY = re.compile(r"[.,][ \xa0]|[ \xa0]+[-–—][ \xa0]")
_DAY_IN_BRACKETS = re.compile(r"[ \xa0]*\(([^()\n]{3,20})\)")
_TEXT_BEHIND = re.compile(rf"[ \xa0][{_UPPER}][a-zа-яё]*[ \xa0][a-zа-яё]")
_NAMES_ITSELF = re.compile(
    rf"[{_UPPER}]*(?:РИА|ТАГ|ИНФО|ПРЕСС|NEWS|PRESS|INFO)[{_UPPER}]*(?=[ \xa0]+[-–—][ \xa0])"
)
# A headline has no end: "BRUSSELS — Towns open a bridge".
_ENDS = re.compile(r"[.!?…][\"”»’')\]]{0,3}\s*\Z")
_ENDING = 40
_LEAST_ALONE = 5
_ALONE = re.compile(
    rf"(?P<place>[{_UPPER}][{_UPPER}. -]{{1,30}}?)(?P<mark>[ \xa0](?:--|—)|:)"
    rf"(?=\s+[\"“«]?[{_UPPER}])"
)
_STOP = re.compile(r"\.(?=\s|$)|\.(?=[-–—\"“«A-ZА-ЯЁ])")


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
        _day_after_space(window, start),
        _place_only(window, start) if _ENDS.search(text[-_ENDING:]) else None,
    ):
        if found is not None:
            return found
    return None


def names_agency(text: str) -> bool:
    """Whether a text is the name of a known news agency and nothing else."""
    return _KNOWN_LIST.fullmatch(text.strip()) is not None


def find_clock(dateline: Dateline) -> str | None:
    """The time of day in a dateline, as ``HH:MM``: ``Springfield, May 4, 2026, 9:30 — SPN.``"""
    found = _HOUR.search(dateline.raw)
    return found["clock"].zfill(5) if found else None


def _place_first(window: str, start: int) -> Found | None:
    for cut in _cuts(window, start):
        place = window[start:cut]
        if place.rsplit(" ", 1)[-1] in dateline_words.STATES and window[cut : cut + 1] == ".":
            bare, cut = place, cut + 1
            place = f"{place}."
            if "," not in bare or not _is_place(bare):
                continue
        elif not _is_place(place):
            continue
        rest = _skip(window, cut, ",.")
        day = dates.match_date(window, rest) or _bracketed_day(window, cut)
        if day is not None:
            found = _after_date(window, start, place, day)
        else:
            found = _after_place(window, start, place, cut)
        if found is not None:
            return found
    return None


def _bracketed_day(window: str, at: int) -> dates.Found | None:
    found = _DAY_IN_BRACKETS.match(window, at)
    date = dates.parse_date(found[1]) if found else None
    return dates.Found(date=date, end=found.end()) if found and date else None


def _unlisted(window: str, at: int) -> _Agency | None:
    """A short name that looks like an agency's, between a day and a stop or a dash."""
    link = _LINK_TO_AGENCY.match(window, at)
    found = _LIKE_AGENCY.match(window, link.end()) if link else None
    if found is None or found.group() in dateline_words.NO_AGENCY or len(found.group()) > 30:
        return None
    if _STOP.match(window, found.end()) is None and _DASH.match(window, found.end()) is None:
        return None
    return _Agency(name=found.group(), end=found.end(), bracketed=False, known=False)


def _day_after_space(window: str, start: int) -> Found | None:
    """``SPRINGFIELD May 4 (Reuters) -``: with no comma, brackets or slashes make it certain."""
    for space in re.finditer("[ \xa0]", window[start : start + 60]):
        place = window[start : start + space.start()]
        day = dates.match_date(window, start + space.end())
        if day is None:
            continue
        agency = _agency(window, _skip(window, day.end, ".,"))
        if agency is None or not agency.bracketed or not place.isupper() or not _is_place(place):
            return None
        return _after_date(window, start, place, day)
    return None


def _place_only(window: str, start: int) -> Found | None:
    """A place in capitals alone: any before a dash, a known one before a colon."""
    found = _ALONE.match(window, start)
    if found is None:
        return None
    place = found["place"]
    if place not in dateline_words.KNOWN and (found["mark"] == ":" or not _may_be_alone(place)):
        return None
    return _found(window, start, found.end(), place, None, None)


def _may_be_alone(place: str) -> bool:
    first = place.split()[0]
    return (
        place.isascii()
        and len(place) >= _LEAST_ALONE
        and len(place.split()) <= 3
        and first not in dateline_words.NO_PLACE | dateline_words.NO_AGENCY
        and _is_place(place)
        and not _KNOWN.fullmatch(place)
    )


def _after_date(window: str, start: int, place: str | None, day: dates.Found) -> Found | None:
    hour = _HOUR.match(window, day.end)
    day = dates.Found(date=day.date, end=hour.end()) if hour else day
    agency = _agency(window, _skip(window, day.end, ".,"))
    if agency is None:
        dash = _DASH.match(window, day.end)
        agency = _known(window, _skip(window, dash.end(), "")) if dash else None
    cut_short = agency is not None and not agency.bracketed
    if place is not None and (
        agency is None or (cut_short and _terminator(window, agency.end, tight=False) is None)
    ):
        agency = _unlisted(window, day.end) or agency
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
    rest = _skip(window, cut, ",.")
    spelled = _SPELLED.match(window, rest)
    if spelled is not None:
        agency: _Agency | None = _Agency(
            name=spelled.group(), end=spelled.end(), bracketed=True, known=True
        )
    else:
        agency = _agency(window, rest)
    if agency is None:
        return None
    end = _terminator(window, agency.end, tight=agency.bracketed)
    if end is None and len(agency.name) > 3 and agency.name.isupper() and place.isupper():
        # "SPRINGFIELD. KAZINFORM The mayor": in capitals, with the text right behind it.
        end = agency.end if _TEXT_BEHIND.match(window, agency.end) else None
    if end is None:
        return None
    if not agency.known and " " in agency.name and place.isupper() and len(place) <= 5:
        # "NATO (North Atlantic Alliance)": an acronym and what it stands for.
        return None
    if not agency.known and not (agency.bracketed and place.split(",")[0].isupper()):
        return None
    return _found(window, start, end, place, None, agency.name)


def _agency_first(window: str, start: int) -> Found | None:
    agency = _agency(window, start)
    itself = _NAMES_ITSELF.match(window, start)
    if agency is None and itself is not None:
        dash = _DASH.match(window, itself.end())
        day = dates.match_date(window, _skip(window, dash.end(), "")) if dash else None
        found = _after_date(window, start, None, day) if day else None
        return _with_agency(found, itself.group())
    if agency is None or not agency.known:
        return None
    if not agency.bracketed and len(agency.name) < 3:
        # "ST. PETERSBURG" is a place, whatever the agency of these letters.
        return None
    rest = _skip(window, agency.end, ",.:")
    dash = _DASH.match(window, rest) if agency.bracketed else None
    rest = _skip(window, dash.end(), "") if dash else rest
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
    alone = _agency(window, rest)
    if alone is not None and alone.bracketed:
        return _after_date(window, start, None, day)
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
    if text in dateline_words.WITH_ARTICLE:
        return True
    if len(text) < 2 or not _PLACE.fullmatch(text):
        return False
    return text.split()[0].split("-")[0].lower() not in _NO_PLACE


def _agency(window: str, at: int) -> _Agency | None:
    """An agency in brackets or slashes, or a known one without."""
    found = _BRACKETED.match(window, at)
    if found is None:
        return _known(window, at)
    name = _REPORTER.sub("", (found["round"] or found["slash"]).strip())
    if found["slash"] and ", " in name:
        name = name.split(", ")[0]
    known = _KNOWN_LIST.fullmatch(name) is not None
    names = re.split(r" ?/ ?", name)
    if not known and not all(_AGENCY_NAME.fullmatch(part) for part in names):
        return None
    if dates.parse_date(name) is not None:
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
        dash = _TIGHT_DASH.match(window, stop.end()) or _DASH.match(window, stop.end())
        return dash.end() if dash else stop.end()
    return at + 1 if window[at : at + 1] == ":" else None


def _skip(window: str, at: int, marks: str) -> int:
    """Past one of the marks, and the spaces after it."""
    if window[at : at + 1] and window[at] in marks:
        at += 1
    while at < len(window) and window[at] in _SPACE:
        at += 1
    return at
