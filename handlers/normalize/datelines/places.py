"""Places as datelines name them, by their look."""

import re
from collections.abc import Iterator

from handlers.normalize.datelines import agencies, words
from handlers.normalize.datelines.marks import UPPER

_WORD = (
    rf"(?:(?:St|ST|Ft|FT|Mt|MT|г|пос|с)\.[ \xa0]?)?(?:[{UPPER}]\.){{2,4}}"
    rf"|(?:(?:St|ST|Ft|FT|Mt|MT|г|пос|с)\.[ \xa0]?)?[{UPPER}][\w’'`]*(?:-[\w’'`]+){{0,3}}"
)
_LINK = r"(?:of|the|on|upon|de|del|la|el|al|and|и|на|над)"
_NAME = rf"(?:{_WORD})(?:(?:[ \xa0]{_LINK}){{0,2}}[ \xa0/](?:{_WORD})){{0,4}}"
_PLACE = re.compile(rf"{_NAME}(?:, ?{_NAME}){{0,2}}(?: \[{_NAME}\]| /(?:ООН|UN)/)?")
# A word in small letters that no place has: to look for one is faster than the whole pattern.
_SMALL_WORD = re.compile(rf"(?:^|[ \xa0])(?!{_LINK}[ \xa0/]|(?:г|пос|с)\.)[a-zа-яё]")
_TWO_WORDS = re.compile(
    r"(?:New|San|Los|Saint|St\.|Santa|Rio|Tel|Abu|Kuala|Buenos|Hong|Addis|Phnom|Cape|Port|Mexico"
    r"|Нижний|Великий|Новый|Ростов|Южно|Тель|Абу)[ \xa0]"
)
_OPENERS = (
    "a an at by for from in it its of on our the this that these to we when while with as but if"
    " he she they read watch question updated posted published source photo author"
    " mon tue wed thu fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonntag"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes"
    " monday tuesday wednesday thursday friday saturday sunday понедельник вторник среда четверг"
    " пятница суббота воскресенье"
    " в во на о об по при с со из за это этот эта как когда он она они мы вопрос фото источник"
)
_NO_PLACE = frozenset(_OPENERS.split())
# "ElmPress, Elmo" is an agency and a place.
_CAMEL = re.compile(rf"(?!Mc|Mac|De|Di|Du|La|Le|O’)[{UPPER}][a-zа-яё]+[{UPPER}]")
_VOWEL = re.compile("[aeiouyаеёиоуыэюяіїєäöüåøæáàâãéèêëíîïóôõúûýığőűəąę]", re.IGNORECASE)
_LEAST_ALONE = 5
_CYRILLIC = re.compile("[А-Яа-яЁё]")
_SURNAME = re.compile("(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|ко|ян|швили|дзе|ov|ev|sky)$")
_SEPARATOR = re.compile(r"[,.]|--(?=\()|[ \xa0]*\(|(?:[ \xa0]+|(?<=[.,]))/|[ \xa0]+(?:-{1,2}|[–—])")


def is_place(text: str) -> bool:
    """Whether a text has the look of a place, with its country perhaps."""
    if text in words.WITH_ARTICLE:
        return True
    if len(text) < 2 or _SMALL_WORD.search(text) or not _PLACE.fullmatch(text):
        return False
    first = text.split(",")[0]
    if _CAMEL.search(text) or not _VOWEL.search(first):
        return False
    return text.split()[0].split("-")[0].lower() not in _NO_PLACE


def stands_alone(place: str, *, dashed: bool) -> bool:
    """Whether a place needs no agency beside it: ``Jane Roe, May 5.`` is a person's day.

    ``dashed``: text follows after a dash, as it does after no signature.
    """
    first, *country = place.split(",")
    known = bool(country) or dashed or first.upper() in words.KNOWN
    return (" " not in first and (known or not _SURNAME.search(first))) or is_clear(first)


def is_short(place: str) -> bool:
    """Whether a place before a known agency is hardly a person: one word, or clear."""
    first = place.split(",")[0]
    return " " not in first or is_clear(first)


def is_clear(place: str) -> bool:
    """Whether a name is no person's: in capitals, or a city's of two words."""
    return place.isupper() or _TWO_WORDS.match(place) is not None


def may_be_alone(place: str) -> bool:
    """Whether a name in capitals may be a place though nothing but a dash follows it."""
    first = place.split()[0]
    return (
        _CYRILLIC.search(place) is None
        and len(place) >= _LEAST_ALONE
        and len(place.split()) <= 3
        and first not in words.NO_PLACE | words.NO_AGENCY
        and is_place(place)
        and not agencies.KNOWN.fullmatch(place)
    )


def list_places(window: str, start: int) -> Iterator[tuple[str, int]]:
    """The places that may stand at ``start``, each with where it ends: before a separator."""
    for found in _SEPARATOR.finditer(window[start : start + 80]):
        cut = start + found.start()
        place = window[start:cut]
        if place.rsplit(" ", 1)[-1] in words.STATES and window[cut : cut + 1] == ".":
            if "," in place and is_place(place):
                yield f"{place}.", cut + 1
        elif is_place(place):
            yield place, cut
