"""The sentences of a line, and its parts in quotation marks."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"(?:[.!?…]+[»\"”)*_]*)(?=\s+[^\W\d_a-zа-яё]|\s+[«\"“—–\d•-]|\s*$)")
_ABBREVIATED = re.compile(
    r"(?:\b[A-ZА-ЯЁ]|\b(?:г|гг|им|ст|ул|стр|тыс|млн|млрд|руб|долл|т\. ?[деп]|св|см|акад|проф|ген"
    r"|Mr|Mrs|Ms|Mt|Ave|Fr|a\.m|p\.m|Dr|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|St|Jr|Sr|No|vs|U\.S|U\.K))\.\Z"
)
OPENING, CLOSING = ("«", "“", "„", '"'), ("»", "”")
_DASH = re.compile(r"\s*[—–-]\s")
_MARKS = re.compile(r"[«»“”„\"]")
_BULLETS = re.compile(r"[^\w«“„\"(\[+№#$€<]*")
_REPORTED = re.compile(
    r",?\s[—–-]?\s?(?:пишет|сообщает|передает|передаёт|пишут|сообщают|передают|цитирует|reports"
    r"|according to)\s[^,.«»\"]{2,60}[.\s]*\Z|[.\s]+@\w+\s*\Z"
)


def opening_of(text: str, start: int, close: int) -> int | None:
    """Where the quotation begins that ends at a mark."""
    depth = 0
    for match in reversed(list(_MARKS.finditer(text, start, close + 1))):
        depth += 1 if _closes(text, match) else -1
        if depth == 0:
            return match.start()
    return None


def closing_of(text: str, start: int, end: int) -> int | None:
    """Where the quotation ends that begins at a mark."""
    depth = 0
    for match in _MARKS.finditer(text, start, end):
        depth += -1 if _closes(text, match) else 1
        if depth == 0:
            return match.start()
    return None


def _closes(text: str, match: re.Match[str]) -> bool:
    """Whether a mark closes. A straight one does unless a word begins behind it and none ends
    before."""
    mark, at = match[0], match.start()
    if mark == "“":
        return text[at + 1 : at + 2] in ("", " ", ",", ".", "»", "!", "?")
    if mark != '"':
        return mark in CLOSING
    return at > 0 and not (text[at - 1].isspace() or text[at - 1] in "(«„“*_—–[")


def is_inside(text: str, start: int, at: int) -> bool:
    """Whether a place stands in quotation marks that are opened behind a start."""
    depth = 0
    for match in _MARKS.finditer(text, start, at):
        depth += -1 if _closes(text, match) else 1
    return depth > 0


def unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the marks that stand around all of it."""
    if text[start : start + 1] in OPENING:
        closing = closing_of(text, start, end)
        if closing is not None and not text[closing + 1 : end].strip(" .,!?*_"):
            return start + 1, closing
    return start, end


def before_dash(text: str, start: int, end: int) -> int:
    """The end of a stretch without white space, dashes and marks of bold at its end."""
    return start + len(text[start:end].rstrip(" \u00a0—–-*_"))


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without white space, bullets and commas at its ends, and without the reporting
    source."""
    left = _BULLETS.match(text, start, end)
    start = left.end() if left else start
    told = _REPORTED.search(text, start, end)
    end = told.start() if told else end
    return start, start + len(text[start:end].rstrip(" \t\u00a0,*_—–-"))


def split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a line; what is in quotation marks is not cut."""
    marks = [
        (match.start(), -1 if _closes(text, match) else 1)
        for match in _MARKS.finditer(text, start, end)
    ]
    at, opened, passed = start, 0, 0
    for match in _SENTENCE.finditer(text, start, end):
        while passed < len(marks) and marks[passed][0] < match.end():
            opened += marks[passed][1]
            passed += 1
        if (opened > 0 and match.end() < end) or _is_no_end(text, at, match):
            continue
        yield at, match.end()
        at, opened = match.end(), 0
    if text[at:end].strip():
        yield at, end


def _is_no_end(text: str, at: int, match: re.Match[str]) -> bool:
    """Whether a sentence goes on: after an abbreviation, or with a dash."""
    if _ABBREVIATED.search(text, max(at, match.start() - 8), match.start() + 1):
        return True
    return _DASH.match(text, match.end()) is not None
