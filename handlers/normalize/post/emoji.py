"""Emoji at the start of a line: which ones are markers of a list, and which are flags.

Ranges follow Unicode's Emoji and Extended_Pictographic properties (UTS #51) as far as they occur in
posts; letters and digits count only as part of a keycap, and ©, ® and ™ only with U+FE0F.
"""

import re

_BASE = (
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
    "\u203c\u2049\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u2600-\u2757\u2763-\u2767\u2776-\u27bf\u2934\u2935\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299"
)
_MODIFIERS = "[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?\u20e3?[\U000e0020-\U000e007f]*"
_ANY = (
    f"(?:[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae\u2122]\ufe0f"
    f"|[{_BASE}]{_MODIFIERS}(?:\u200d[{_BASE}]{_MODIFIERS})*)"
)
_CLUSTER = re.compile(_ANY)
_FLAGS = "[\U0001f1e6-\U0001f1ff]{2}"
_SPACED = re.compile(rf"(?:{_ANY}|{_FLAGS})(?=\s|$)")
_GLUED = re.compile(rf"""(?<=[\w.,;:!?…»”"')\]])(?:{_ANY}|{_FLAGS})(?=\s|$)""")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]|\U0001f3f4[\U000e0020-\U000e007f]|\U0001f3f3")


def leading_cluster(text: str) -> str | None:
    """The whole emoji cluster (skin tone, joiners and U+FE0F with it) that opens a text, or None.

    A flag is no such cluster: it names a country and opens plain paragraphs.
    """
    if _FLAG.match(text):
        return None
    found = _CLUSTER.match(text)
    return found.group() if found else None


def may_be_custom(line: str) -> bool:
    """Whether a later line of a flattened post may open with a custom emoji: a space follows it."""
    return _SPACED.match(line) is not None


def may_hold_custom(line: str, *, head: bool) -> bool:
    """Whether a line of a flattened post shows an emoji that may be a custom one.

    Extractors put a space after a custom emoji and, in all lines but the head, take the space
    before it; a head that opened with one is not printed at all.
    """
    if head:
        opening = leading_cluster(line) or ""
        return _SPACED.search(line, len(opening)) is not None
    return may_be_custom(line) or _GLUED.search(line) is not None
