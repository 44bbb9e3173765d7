"""Whether a post tells news, or gives notice: hours, contacts, greetings. Pure.

Only the form of a text is read, not what occasion it names, so this works in any language: whether
it counts something, whether somebody is quoted, and how the reader is to call, write or come.
"""

import re

from handlers.outlines.posted import Posted
from handlers.stories import tokens
from handlers.stories.leads import wordings

READ = 1500
"""The number of letters of a post that are read."""
ALONE, PLAIN = 0.6, 0.2
"""How much the word of an office counts that no other channel reports: of a post that counts
something or quotes somebody; and of one that does neither, or has contacts too."""

_MAIL = r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}"
_PHONE = (
    r"(?<![\w+])(?:\+\d[\d()\u00a0 -]{6,18}\d"
    r"|8[ -]?\(?\d{3}\)?[ -]\d{3}[ -]\d\d[ -]?\d\d|\(?0\d{1,4}\)?[ /-]\d{2,4}[ -]\d{2,4})"
)
_CONTACT = re.compile(f"{_MAIL}|{_PHONE}")
_HOURS = re.compile(r"(?<!\d)\d{1,2}:\d\d\s?(?:[–—-]|\w{1,3})\s?\d{1,2}:\d\d(?!\d)")
_AMOUNT = r"\d[\d.,\u00a0 ]{0,20}"
_MONEY = re.compile(rf"[$£¥€₽₴₺]\s?{_AMOUNT}|{_AMOUNT}[%‰$£¥€₽₴₺]")
_UNCOUNTED = re.compile(
    rf"(?:https?://|www\.|t\.me/)\S+|{_MAIL}|{_PHONE}|[@#]\w+"
    r"|(?<!\d)\d{1,2}:\d\d(?!\d)|\d{1,4}[./]\d{1,2}[./]\d{1,4}|(?<!\d)(?:1[5-9]|20)\d\d(?!\d)"
)
_FIGURE = re.compile(r"\d")
_EXCLAIMED = re.compile(r"\w[\"»”’)]{0,3}\s?[!！]")


def official_word(post: Posted, *, confirmed: bool) -> float:
    """How much it counts that an office says this, between 0 and 1. ``confirmed``: another channel
    tells the same story."""
    text = _text(post)
    if is_notice(post):
        return 0.0
    reports = _reports(text)
    if not reports and (_EXCLAIMED.search(text) or _HOURS.search(text)):
        return 0.0
    if confirmed:
        return 1.0
    return ALONE if reports and not _CONTACT.search(text) else PLAIN


def is_notice(post: Posted) -> bool:
    """Whether a post says where to call or write, and neither counts anything but money nor quotes
    anybody."""
    text = _text(post)
    return _CONTACT.search(text) is not None and not _reports(_MONEY.sub(" ", text))


def _text(post: Posted) -> str:
    return "\n".join(post.document.texts())[:READ]


def _reports(text: str) -> bool:
    """Whether a text has a figure that is no time, date, year, address or telephone number, or a
    word of saying."""
    if _FIGURE.search(_UNCOUNTED.sub(" ", text)):
        return True
    return any(wordings.says(token.key) for token in tokens.read(text))
