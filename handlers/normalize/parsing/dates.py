"""Dates as people write them, in the languages of some twenty agencies, as partial ISO 8601.

Nothing is invented: ``April 17`` is ``--04-17``, ``March 2024`` is ``2024-03``, and a day that no
calendar has is no date.
"""

import calendar
import re

from msgspec import Struct

_MONTHS = (
    ("january jan", "января январь янв", "januar jänner", "január"),
    ("february feb", "февраля февраль фев февр", "februar", "február"),
    ("march mar", "марта март мар", "märz", "március"),
    ("april apr", "апреля апрель апр", "april", "április"),
    ("may", "мая май", "mai", "május"),
    ("june jun", "июня июнь июн", "juni", "június"),
    ("july jul", "июля июль июл", "juli", "július"),
    ("august aug", "августа август авг", "august", "augusztus"),
    ("september sep sept", "сентября сентябрь сен сент", "september", "szeptember"),
    ("october oct", "октября октябрь окт", "oktober", "október"),
    ("november nov", "ноября ноябрь ноя нояб", "november"),
    ("december dec", "декабря декабрь дек", "dezember"),
)
_NUMBER = {
    name: number
    for number, languages in enumerate(_MONTHS, start=1)
    for names in languages
    for name in names.split()
}
# These are no abbreviations: a full stop after them ends a sentence.
_WHOLE = (
    "may",
    "june",
    "july",
    "мая",
    "май",
    "март",
    "июня",
    "июнь",
    "июля",
    "июль",
    "mai",
    "juni",
)
_SHORT = [name for name in _NUMBER if len(name) <= 4 and name not in _WHOLE]
_MONTH = "(?P<month>" + "|".join(sorted(_NUMBER, key=len, reverse=True)) + r")(?!\w)"
_SHORT_MONTH = "(?P<month>" + "|".join(sorted(_SHORT, key=len, reverse=True)) + r")\."
_DAY = r"(?P<day>0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?P<year>[12][0-9]{3})(?![0-9])"
_WEEKDAY = (
    r"(?:(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|mon|tue|wed|thu|fri|sat|sun"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\.?,?[ \xa0]{1,3})?"
)
# Day first only: "out", "set" and "ago" before a number are English words. Months whose name is
# another month's in the next country ("listopada") are left out.
_DAY_FIRST = (
    "gennaio gen enero ene janeiro janvier janv",
    "febbraio febrero fevereiro fev février févr fevrier",
    "marzo março marco mars mar",
    "aprile abril abr avril avr",
    "maggio mag mayo maio",
    "giugno giu junio junho juin",
    "luglio lug julio julho juillet juil",
    "agosto ago août aout",
    "settembre set septiembre setembro septembre",
    "ottobre ott octubre outubro out octobre",
    "noviembre novembro novembre",
    "dicembre dic diciembre dezembro dez décembre déc decembre",
    # Polish, Czech, Slovak, Slovene, Serbian, Romanian, Turkish, Azerbaijani, Dutch, Swedish;
    # Bulgarian, Ukrainian, Belarusian, Serbian.
    "stycznia ledna januára januarja januara ianuarie ocak yanvar januari януари січня студзеня"
    " јануара",
    "lutego února februára februarja februara februarie şubat fevral februari февруари лютого"
    " лютага фебруара",
    "marca března martie mart maart березня сакавіка март",
    "kwietnia dubna apríla aprila aprilie nisan aprel квітня красавіка априла април",
    "maja května mája mayıs mei maj травня маја",
    "czerwca června júna junija juna iunie haziran iyun юни червня чэрвеня јуна",
    "lipca července júla julija jula iulie temmuz iyul юли липня ліпеня јула",
    "sierpnia srpna augusta avgusta ağustos avqust augustus augusti серпня жніўня",
    "września září septembra septembrie eylül sentyabr септември вересня верасня септембра",
    "października října októbra oktobra octombrie ekim oktyabr октомври жовтня кастрычніка октобра",
    "listopadu novembra noiembrie kasım noyabr ноември листопада лістапада новембра",
    "grudnia prosince decembra decembrie aralık dekabr декември грудня снежня децембра",
)
_NUMBER |= {name: at % 12 + 1 for at, names in enumerate(_DAY_FIRST) for name in names.split()}
_DAY_FIRST_MONTH = "(?P<month>" + "|".join(" ".join(_DAY_FIRST).split()) + r")(?!\w)"
_GAP = r"[ \xa0]{1,3}"
_GAP_OR_NONE = r"[ \xa0]{0,3}"
_RUSSIAN_YEAR = rf"{_YEAR}(?:[ \xa0]?(?:года?(?!\w)|г\.|г(?!\w)))?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form, re.IGNORECASE)
    for form in (
        rf"{_MONTH}\.?{_GAP_OR_NONE}{_DAY}(?:st|nd|rd|th)?(?![0-9])(?:(?:,{_GAP_OR_NONE}|{_GAP}|/){_YEAR})?",
        rf"{_DAY}(?:st|nd|rd|th|-?го)?\.?{_GAP_OR_NONE}{_MONTH}(?:,?{_GAP}{_RUSSIAN_YEAR})?",
        rf"{_DAY}\.?{_GAP_OR_NONE}{_SHORT_MONTH},?{_GAP_OR_NONE}{_RUSSIAN_YEAR}",
        rf"{_DAY}(?:er|º|\.)?{_GAP}(?:de{_GAP})?{_DAY_FIRST_MONTH}\.?(?:{_GAP}(?:de{_GAP})?{_YEAR})?",
        rf"{_MONTH}\.?,?{_GAP}{_RUSSIAN_YEAR}",
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3][0-9])(?![0-9-])",
        rf"(?P<day>0?[1-9]|[12][0-9]|3[01])\.(?P<month>0?[1-9]|1[0-2])\.{_YEAR}",
    )
)
_WEEKDAYS = (
    "mon tue wed thu fri sat sun понедельник вторник среда четверг пятница суббота воскресенье"
)
# How dates begin, but for those that begin with a digit. Most texts show by three plain letters
# that they begin with none.
_LETTERS = 3
_OPENINGS = frozenset(name[:_LETTERS] for name in (*_NUMBER, *_WEEKDAYS.split()))
_PLAIN = re.compile("[a-zа-яёA-ZА-ЯЁ]{3}")
_DIGIT_OR_NAME = re.compile(r"[0-9]|\w{3}")


class DateMatch(Struct, frozen=True, kw_only=True):
    """A date in a text: partial ISO, and where it ends (exclusive character offset)."""

    date: str
    end: int


def match_date(text: str, start: int = 0) -> DateMatch | None:
    """The date that begins exactly at ``start``: the longest reading, or None."""
    if _PLAIN.match(text, start):
        if text[start : start + _LETTERS].lower() not in _OPENINGS:
            return None
    elif not _DIGIT_OR_NAME.match(text, start):
        return None
    best: DateMatch | None = None
    for form in _FORMS:
        found = form.match(text, start)
        if found is None:
            continue
        iso = _iso(found.groupdict())
        if iso is not None and (best is None or found.end() > best.end):
            best = DateMatch(date=iso, end=found.end())
    return best


def parse_date(text: str) -> str | None:
    """The date that the whole text is, spaces and a last full stop aside, or None."""
    stripped = text.strip()
    found = match_date(stripped)
    if found is None or stripped[found.end :] not in ("", "."):
        return None
    return found.date


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = parts.get("year"), _month(parts["month"] or ""), parts.get("day")
    if day is None:
        return f"{year}-{month:02}"
    # 2000 was a leap year: without a year, 29 February is a day.
    last = calendar.monthrange(int(year) if year else 2000, month)[1]
    if int(day) > last or int(day) == 0:
        return None
    return f"{year or '-'}-{month:02}-{int(day):02}"


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _FOLDED[_fold(text)]


def _fold(name: str) -> str:
    """A name as patterns that know no case compare it: ``MAYIS`` and ``mayis`` are ``mayıs``."""
    return name.casefold().replace("ı", "i").replace("\u0307", "")


_FOLDED = {_fold(name): number for name, number in _NUMBER.items()}
