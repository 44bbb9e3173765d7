"""News agencies as datelines name them: known ones, and what looks like one."""

import re

from msgspec import Struct

from handlers.normalize.datelines import marks, words
from handlers.normalize.datelines.marks import UPPER
from handlers.normalize.parsing import dates


def _list_of(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{names})(?:\s?[-–/,&]\s?(?:{names}))*", re.IGNORECASE)


KNOWN = re.compile(rf"(?:{words.AGENCIES})(?!\w)", re.IGNORECASE)
_KNOWN_LIST = _list_of(words.AGENCIES)
_KNOWN_IN_BRACKETS = _list_of(f"{words.AGENCIES}|{words.BRACKETED_AGENCIES}")
_SERVICE = re.compile(rf"[a-z]{{2,12}}|[{UPPER}]{{2,6}}")
_ANOTHER = re.compile(rf"/[{UPPER}][\w-]{{1,12}}")
_BRACKETED = re.compile(
    r"\((?P<round>[^()\n]{2,40})\)|/ ?(?P<slash>[^/\n]{2,60}(?:/\w[^/\n]{1,40})?)/(?!\w)"
)
_AGENCY_NAME = re.compile(rf"[{UPPER}][\w.’'-]*(?:[ -]{{1,2}}[«\"]?[{UPPER}\w][\w.’'»\"-]*){{0,3}}")
_REPORTER = re.compile(
    r"^(?:корр\.?|corr\.?)\s+|\s+(?:correspondent|корр\.?)(?: [\w.-]+){0,3}$", re.IGNORECASE
)
# "Корр. ТАСС Анна Роу": the agency of a reporter.
_REPORTED = re.compile(
    rf"(?i:корр|corr)\.? +(?P<agency>(?:{words.AGENCIES}|(?!ИА )\S+(?: \S+)?))"
    rf" [{UPPER}][a-zа-яё-]+ [{UPPER}][a-zа-яё-]+"
)
BYLINE = re.compile(rf", (?:[{UPPER}][\w-]+)(?: [{UPPER}][\w-]+){{1,2}}(?=\.)")
_MORE_OF_NAME = re.compile(rf" [{UPPER}][a-zа-яё-]+(?=, )")
_OF_AGENCIES = (
    "(?:Agency|Agenc[ei]a|Agenzia|Agence|News|Press|Presse|Prensa|Wire|Newswire|Service|Media"
    "|Агентство|Новости|Пресс|Информ|Медиа)"
)
# A name in no list is an agency only by its look: two capitals in one word, or "Elm News".
_LIKE_AGENCY = re.compile(
    rf"(?:[{UPPER}][\w.]* ){{0,2}}"
    rf"(?:[{UPPER}][a-zа-яё]*[{UPPER}][\w]*)(?: [{UPPER}][\w]+){{0,2}}"
    rf"|(?:[{UPPER}][\w’'-]+ ){{1,3}}{_OF_AGENCIES}(?: {_OF_AGENCIES})?(?!\w)"
    rf"|{_OF_AGENCIES}(?: [{UPPER}][\w’'-]+){{1,2}}"
)
_NAMED_SO = re.compile(rf"(?:.* )?{_OF_AGENCIES}(?: .*)?")
_SPELLED = re.compile(rf"(?:[{UPPER}][\w’'-]+ ){{1,3}}{_OF_AGENCIES} \([{UPPER}]{{2,6}}\)")
_ADDRESS = re.compile(r"[A-Za-z][\w-]+\.(?:com|org|net|info|ru|az|by|ge|kg|kz|uz)")
_LINK_TO_AGENCY = re.compile(
    rf"[.,][ \xa0]|[ \xa0]+[-–—][ \xa0]|[ \xa0](?=[{UPPER}]{{2,8}}[ \xa0]+[-–—])"
)
_TEXT_BEHIND = re.compile(rf"[ \xa0][{UPPER}][a-zа-яё]*[ \xa0][a-zа-яё]")


class Agency(Struct, frozen=True, kw_only=True):
    """An agency in a dateline, and where it ends. ``known``: by a list, not by its look."""

    name: str
    end: int
    bracketed: bool
    known: bool


def read(window: str, at: int) -> Agency | None:
    """An agency in brackets or slashes, or a known one without."""
    found = _BRACKETED.match(window, at)
    if found is None:
        return read_known(window, at)
    name = (found["round"] or found["slash"]).strip()
    reported = _REPORTED.fullmatch(name)
    name = reported["agency"] if reported else _REPORTER.sub("", name)
    if found["slash"] and ", " in name:
        name = name.split(", ")[0]
    first, *others = re.split(r" ?/ ?", name)
    known = _is_known(name) or (_is_known(first) and all(map(_SERVICE.fullmatch, others)))
    if not known and not all(_AGENCY_NAME.fullmatch(part) for part in (first, *others)):
        return None
    if dates.parse_date(name) is not None:
        return None
    return Agency(name=name, end=found.end(), bracketed=True, known=known)


def read_known(window: str, at: int) -> Agency | None:
    """A known agency without brackets, whole: ``Reuters/ENA``, ``RIA Elm,``."""
    if window[at : at + 1].islower() and not window.startswith("dpa", at):
        return None
    found = KNOWN.match(window, at)
    if found is None or (found.group()[0].islower() and found.group() != "dpa"):
        return None
    another = _ANOTHER.match(window, found.end()) or _MORE_OF_NAME.match(window, found.end())
    end = another.end() if another else found.end()
    return Agency(name=window[at:end], end=end, bracketed=False, known=True)


def read_unlisted(window: str, at: int) -> Agency | None:
    """A short name that looks like an agency's, between a day and a stop or a dash."""
    link = _LINK_TO_AGENCY.match(window, at)
    found = _LIKE_AGENCY.match(window, link.end()) if link else None
    if found is None or found.group() in words.NO_AGENCY or len(found.group()) > 30:
        return None
    ends = (marks.STOP, marks.DASH, BYLINE)
    if not any(end.match(window, found.end()) for end in ends):
        return None
    return Agency(name=found.group(), end=found.end(), bracketed=False, known=False)


def is_name(text: str) -> bool:
    """Whether a text is the name of a known news agency and nothing else."""
    return _KNOWN_LIST.fullmatch(text.strip()) is not None


def read_spelled(window: str, at: int) -> Agency | None:
    """``Elm News Agency (ENA)``."""
    found = _SPELLED.match(window, at)
    if found is None:
        return None
    return Agency(name=found.group(), end=found.end(), bracketed=True, known=True)


def calls_itself_one(name: str) -> bool:
    """Whether a name in no list says that it is an agency's: ``Elm News``, ``elm.example.com``."""
    return _NAMED_SO.fullmatch(name) is not None or _ADDRESS.fullmatch(name) is not None


def stands_before_text(window: str, agency: Agency) -> bool:
    """``SPRINGFIELD. KAZINFORM The mayor``: in capitals, with the text right behind it."""
    name = agency.name
    return len(name) > 3 and name.isupper() and _TEXT_BEHIND.match(window, agency.end) is not None


def _is_known(name: str) -> bool:
    """Whether a name in brackets is that of one agency or several; few have small letters only."""
    if name.islower() and name not in words.SMALL_AGENCIES:
        return False
    return _KNOWN_IN_BRACKETS.fullmatch(name) is not None
