"""The lines of a flattened page that are not a post's own text.

Forward lines, the two-line placeholders, reaction counters, and the header that some extractors
keep: the channel's title, its counters and the button to join.
"""

import re

from handlers.normalize.post import emoji

VIEW = "VIEW IN TELEGRAM"
HIDDEN = "Please open Telegram to view this post"
TOO_BIG = "Media is too big"
NOT_IN_BROWSER = "This media is not supported in your browser"
PLACEHOLDERS = (TOO_BIG, NOT_IN_BROWSER)

_FORWARD = re.compile(r"Forwarded from (?P<name>\S.*)")
_COUNTER = re.compile(
    r"[0-9][0-9.,\xa0 ]{0,12}[KMkmКМ]?\s(?:subscribers?|members?|photos?|videos?|files?|links?"
    r"|audios?|gifs?|подписчик\w{0,3}|фото|видео|файл\w{0,2}|ссыл\w{0,3})"
)
_BUTTON = re.compile(
    r"(?:download telegram|join(?: channel)?|preview channel|open in telegram|view in telegram"
    r"|加入频道|下载 telegram|подписаться|присоединиться|скачать telegram|abonnieren|beitreten"
    r"|unirse|unirme|s’abonner|rejoindre|entrar|participar|iscriviti|unisciti|kanala katıl"
    r"|приєднатися|підписатися|далучыцца|қосылу)"
)
_DIGITS = re.compile(r"[0-9]{1,6}(?:[.,][0-9])?[KM]?")


def forward_name(line: str) -> str | None:
    """The name in a ``Forwarded from NAME`` line, or None."""
    found = _FORWARD.fullmatch(line)
    return found["name"] if found else None


def is_hidden_pair(first: str, second: str | None) -> bool:
    """``Please open Telegram to view this post``, ``VIEW IN TELEGRAM``: it ends a post.

    ``second`` is None where the file ends after the first.
    """
    return first.strip() == HIDDEN and (second is None or second.strip() == VIEW)


def placeholder(first: str, second: str | None) -> str | None:
    """The placeholder of a medium that two lines are, or None."""
    whole = second is None or second.strip() == VIEW
    return first.strip() if whole and first.strip() in PLACEHOLDERS else None


def is_counter(line: str) -> bool:
    """``7.15K photos``: a line of a channel's header."""
    return _COUNTER.fullmatch(line.strip()) is not None


def is_button(line: str) -> bool:
    """The button that ends a channel's header, in one of Telegram's languages."""
    return _BUTTON.fullmatch(line.strip().lower()) is not None


def is_reactions(line: str) -> bool:
    """``👍62👏2🥰1``: emoji, each with its number."""
    rest = line.strip()
    count = 0
    while rest and len(line) < 200:
        cluster = emoji.leading_cluster(rest)
        if cluster is None or "\u20e3" in cluster:
            return False
        rest = rest[len(cluster) :].lstrip(" \ufe0f")
        digits = _DIGITS.match(rest)
        if digits is None:
            return False
        rest = rest[digits.end() :].lstrip()
        count += 1
    return count > 0 and not rest


def is_bare_number(line: str) -> bool:
    """``20``: a counter that looks like text."""
    return _DIGITS.fullmatch(line.strip()) is not None
