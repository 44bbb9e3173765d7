"""The forms beside the words of a text: numbers in groups, codes with a hyphen, initials, as one
word.

``15 000``, ``15,000`` and ``15.000`` are also 15000, ``F-16`` is also F16, ``м²`` м2 and ``J. D.``
JD. The parts remain words of the text.
"""

import re
from collections.abc import Iterator

RAISED = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"
"""Superscript digits, for a character class."""

_LETTER = rf"[^\W\d_{RAISED}]"
_DASHES = "\\-\u2010\u2011\u2012\u2013\u2212"
_SPACES = " \u00a0\u2007\u2008\u2009\u202f"

# A short name, a dash and a number, which may have letters after it: Ту-22М3, COVID-19.
_CODE = re.compile(
    rf"(?<![\w{_DASHES}])({_LETTER}{{1,5}})[{_DASHES}](\d{{1,4}}(?:{_LETTER}{{1,2}}\d?)?)"
    rf"(?!\w|[{_DASHES}]\d)"
)
_UNIT = re.compile(rf"(?<!\w)({_LETTER}{{1,2}})([{RAISED}]+)(?!\w)")
_NUMBER = re.compile(
    # A lookbehind comes last: finding a digit is cheaper.
    rf"[1-9](?<![\w.,'\u2019][1-9])\d{{0,2}}([.,'\u2019\u066c]|[{_SPACES}])\d{{3}}(?:\1\d{{3}})*"
    r"(?!\d|(?=[.,])\1\d)"
)
# The space comes first: finding one character is cheaper than one of several.
_SPACED = re.compile(r" \d\d\d(?<=\d.\d\d\d)")
_SPACED_RARELY = re.compile(rf"[{_SPACES[1:]}]\d\d\d(?<=\d.\d\d\d)")
_SEPARATORS = re.compile(rf"[.,'\u2019\u066c{_SPACES}]")
_GROUP = re.compile(r"[.,'\u2019\u066c](?<=\d.)\d{3}(?!\d)")
_MAYBE_CODE = re.compile(rf"[{_DASHES}]\d")
_RAISED = re.compile(f"[{RAISED}]")
_INITIALS = re.compile(
    rf"[A-Z]\.(?<![\w.][A-Z]\.)[{_SPACES}](?:[A-Z]\.[{_SPACES}]){{0,2}}[A-Z]\.(?!\w)"
)
_INITIAL = re.compile(r"[^\w.]*[A-Z]\.[^\w.]*")
_DIGIT_OR_INITIAL = re.compile(rf"[\d{RAISED}]|[A-Z]\.")
_MONTHS = (
    "январ[яь] феврал[яь] марта? апрел[яь] ма[яй] июн[яь] июл[яь] августа? сентябр[яь] октябр[яь]"
    " ноябр[яь] декабр[яь] янв фев апр авг сент? окт нояб? дек січня лютого березня квітня травня"
    " червня липня серпня вересня жовтня листопада грудня january february march april may june"
    " july august september october november december jan feb mar apr jun jul aug sept? oct nov dec"
)
# Words before a number that is a day or counts nothing: a group after it is another number.
_DAY_OR_NAME = re.compile(
    rf"(?:\b(?:{'|'.join(_MONTHS.split())}|1[5-9]\d\d|20\d\d|номера?|no|nr)\.?|[№#])\s*\Z",
    re.IGNORECASE,
)
_REACH = 14


def may_be_there(chunk: str) -> bool:
    """Whether a chunk may have forms beside its words: it has a digit, or initials."""
    return _DIGIT_OR_INITIAL.search(chunk) is not None


def may_be_part(chunk: str) -> bool:
    """Whether a chunk may be part of a number in groups, or one of several initials."""
    return _GROUP.search(chunk) is not None or _INITIAL.fullmatch(chunk) is not None


def may_have_groups(text: str) -> bool:
    """Whether a text may have a number in groups with spaces between them."""
    if _SPACED.search(text) is not None:
        return True
    return any(space in text for space in _SPACES[1:]) and _SPACED_RARELY.search(text) is not None


def codes(chunk: str) -> Iterator[tuple[int, int, str]]:
    """The codes and units of a chunk: start, end, and the single word."""
    for sign, pattern in ((_MAYBE_CODE, _CODE), (_RAISED, _UNIT)):
        for match in pattern.finditer(chunk) if sign.search(chunk) else ():
            yield match.start(), match.end(), match[1] + match[2]


def has_raised(chunk: str) -> bool:
    """Whether there is a raised digit."""
    return _RAISED.search(chunk) is not None


def numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """The numbers in groups of a text: start, end, and the single word.

    A space joins one to three digits with groups of exactly three, but not after a month, a year or
    №; full stops, commas and apostrophes join them after anything.
    """
    for match in _NUMBER.finditer(text):
        if match[1] not in _SPACES or not _follows_name(text, match.start()):
            yield match.start(), match.end(), _SEPARATORS.sub("", match[0])


def _follows_name(text: str, at: int) -> bool:
    before = text[max(0, at - _REACH) : at]
    return _DAY_OR_NAME.search(before) is not None


def initials(text: str) -> Iterator[tuple[int, int, str]]:
    """Initials with spaces between them: start, end, and as one word."""
    for match in _INITIALS.finditer(text):
        yield match.start(), match.end(), "".join(filter(str.isalpha, match[0]))
