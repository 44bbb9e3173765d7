"""The time line of a news page: ``5 May. 16:30``, ``19:26, November 28, 2011``, ``08:05 GMT ...``.

A line is one if nothing is left of it but a date, a clock time, a zone and words like ``Posted:``.
"""

import re

from msgspec import Struct

from handlers.normalize.parsing import dates

_LONGEST = 80
_LABEL = re.compile(
    r"(?:[•·|]\s*)?(?:(?:publish date|posted|published|updated|last updated|date"
    r"|опубликовано|обновлено|дата|publicado|actualizado|publié|mis à jour|pubblicato|aggiornato"
    r"|veröffentlicht|aktualisiert|stand|atualizado|опубліковано|оновлено)"
    r"(?: on| at)?\s?:?\s)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<hour>[01]?[0-9]|2[0-3])[:.](?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])"
    r"(?:\s?(?P<half>[ap]\.?m\.?)(?!\w))?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<clock>[0-9]{2}:[0-9]{2})(?::[0-9]{2})?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_AMERICAN = re.compile(
    r"(?P<month>0?[1-9]|1[0-2])/(?P<day>0?[1-9]|[12][0-9]|3[01])/(?P<year>[12][0-9]{3})(?![0-9])"
)
# Day first is certain only where the day is no month.
_EUROPEAN = re.compile(
    r"(?P<day>1[3-9]|2[0-9]|3[01])/(?P<month>0?[1-9]|1[0-2])"
    r"/(?P<year>[12][0-9]{3})(?![0-9])"
)
# A zone of the United States makes a date with slashes American. Its summer is not ours to know.
_AMERICAN_ZONE = re.compile(r"(?<=[\dMm.])\s?(?:E[SD]?T|C[SD]T|M[SD]T|P[SD]?T)(?!\w)")
# Letter zones of more than one meaning, or with a summer: the offset stays unknown.
_OTHER_ZONE = re.compile(
    r"\(?(?:BST|CES?T|EES?T|WES?T|IST|IRST|PKT|JST|KST|SGT|HKT|MYT|WIB|PHT|AE[SD]T|NZ[SD]T|GST|EAT"
    r"|CAT|WAT|SAST|BRT|ART|TRT)\)?(?!\w)"
)
_BEHIND = re.compile(
    r"\s*(?:/\s*(?:last )?updated|[/|·•]?\s*share (?:on|this)|[|·•]\s*(?:source|share|источник)"
    r"|/\s*обновлено|[|·•]?\s*поделиться)\b.*",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\(?(?P<name>UTC|GMT|MSK|МСК|Z)?\s?(?P<offset>[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
    r"(?: (?:MSK|МСК))?\)?(?!\w)",
    re.IGNORECASE,
)
_NAMED = {"UTC": "Z", "GMT": "Z", "Z": "Z", "MSK": "+03:00", "МСК": "+03:00"}
_WEEKDAY = re.compile(
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|понедельник|вторник|среда"
    r"|четверг|пятница|суббота|воскресенье|montag|dienstag|mittwoch|donnerstag|freitag|samstag"
    r"|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves"
    r"|viernes|sábado|domingo|luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato"
    r"|domenica|mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс)(?!\w)",
    re.IGNORECASE,
)
_MOST_LABEL_WORDS = 3
_SPOKEN = re.compile(r"\s(?:at|в)\s", re.IGNORECASE)
_PREPOSITIONS = ("on", "at", "by", "from", "until", "till", "в", "на", "с", "до", "по", "к", "от")
# Words that make a headline of a label: small letters in English, a verb's end in Russian.
_PREDICATE = re.compile(r"^(?!and$|of$|the$|in$)[a-z]|^[а-яё]+(?:т|тся|ть|ться|[лн][аои]?|ли|ны)$")
_BETWEEN = re.compile(r"(?:\s|[,.|–—·-]|(?:at|в|г\.?|um|à|alle|uhr)(?!\w))*", re.IGNORECASE)


class PageTime(Struct, frozen=True, kw_only=True):
    """What a time line says: partial ISO date, ``HH:MM``, and zone (``Z`` or ``+04:00``)."""

    date: str | None = None
    clock: str | None = None
    zone: str | None = None


def parse(line: str) -> PageTime | None:
    """The page time that a whole line is, or None. A line with no date in it is none."""
    text = line.strip()
    if len(text) > _LONGEST:
        return None
    text = _BEHIND.sub("", text)
    local = _AMERICAN_ZONE.sub("", text)
    found = _read(local, _LABEL.match(local), american=local != text)
    return found if found is not None and found.date is not None else None


def split(line: str) -> tuple[str, PageTime] | None:
    """A section's label and a page time behind it: ``World 1 January 2024 11:46``.

    None if the time lacks its clock or its year, or if what is before may be a headline: "Briefing
    on 27 November at 12:00" says when something happens.
    """
    text = line.strip()
    if len(text) > _LONGEST:
        return None
    for start in re.finditer(r"(?<=\s)(?=[\dA-ZА-Я])", text):
        label, time = text[: start.start()].rstrip("|·•/ "), text[start.start() :]
        found = parse(time)
        if found is None or found.clock is None or found.date is None:
            continue
        if found.date.startswith("--") or _SPOKEN.search(time) or not _is_section(label):
            return None
        return label, found
    return None


def _is_section(label: str) -> bool:
    words = label.split()
    return (
        len(words) <= _MOST_LABEL_WORDS
        and label[:1].isupper()
        and words[-1].lower() not in _PREPOSITIONS
        and all(word[-1].isalnum() and _PREDICATE.search(word) is None for word in words)
    )


def _read(text: str, label: re.Match[str] | None, *, american: bool) -> PageTime | None:
    at = label.end() if label else 0
    date = clock = zone = None
    while at < len(text):
        if date is None and (iso := _ISO.match(text, at)):
            date, clock, zone = iso["date"], iso["clock"], _offset(iso["zone"])
            at = iso.end()
        elif date is None and (day := _date(text, at, american)):
            date, at = day
        elif clock is None and (time := _CLOCK.match(text, at)):
            clock, at = _clock(time), time.end()
        elif weekday := _WEEKDAY.match(text, at):
            at = weekday.end()
        elif clock and (other := _OTHER_ZONE.match(text, at)):
            at = other.end()
        elif clock and zone is None and (found := _ZONE.match(text, at)) and found.end() > at:
            zone = _zone(found)
            at = found.end()
        else:
            return None
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
    return PageTime(date=date, clock=clock, zone=zone)


def _date(text: str, at: int, american: bool) -> tuple[str, int] | None:
    slashed = _EUROPEAN.match(text, at) or _AMERICAN.match(text, at)
    if slashed is not None:
        month, day = int(slashed["month"]), int(slashed["day"])
        iso = f"{slashed['year']}-{month:02}-{day:02}"
        clear = american or day > 12 or day == month
        return (iso, slashed.end()) if clear and dates.parse_date(iso) else None
    found = dates.match_date(text, at)
    if found is None:
        # "6 May 201619:21": a year with the clock glued to it.
        glued = re.match(r"\D{0,3}\d{1,2}\s\w+\s[12]\d{3}(?=\d{2}:\d{2})", text[at:])
        date = dates.parse_date(glued.group()) if glued else None
        return (date, at + glued.end()) if glued and date else None
    rest = re.match(r"\s[12][0-9]{3}(?=[0-2][0-9]:[0-5][0-9])", text[found.end :])
    if rest is not None and found.date.startswith("--"):
        return rest.group().strip() + found.date[1:], found.end + rest.end()
    return found.date, found.end


def _clock(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    half = (found["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02}:{found['minute']}"


def _zone(found: re.Match[str]) -> str | None:
    return _offset(found["offset"]) or _NAMED.get((found["name"] or "").upper())


def _offset(text: str | None) -> str | None:
    if not text:
        return None
    if text == "Z":
        return "Z"
    sign, digits = text[0], text[1:].replace(":", "")
    hours = digits[:-2] if len(digits) > 2 else digits
    minutes = digits[-2:] if len(digits) > 2 else "00"
    if int(hours) > 14 or int(minutes) > 59:
        return None
    return "Z" if int(hours) == int(minutes) == 0 else f"{sign}{int(hours):02}:{minutes}"
