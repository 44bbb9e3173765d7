"""Link previews on flattened pages: which line may be the name of a site.

A preview leaves its site, its title and its description as lines after the post it belongs to.
"""

import re

_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,4}(?:[a-z]{2,24}|рф|xn--[a-z0-9-]+)", re.IGNORECASE)
_KNOWN = frozenset(
    [
        *("youtube", "telegram", "telegraph", "x (formerly twitter)", "twitter", "vk", "вконтакте"),
        *("vk видео", "rutube", "instagram", "facebook", "tiktok", "medium", "google docs"),
        *("wikipedia", "spotify", "soundcloud", "github", "дзен", "яндекс диск", "tass", "тасс"),
        *("риа новости", "rt на русском", "rt international", "reuters", "bbc news", "cnn"),
        *("the guardian", "the new york times", "xinhua", "интерфакс"),
    ]
)
_NAME = re.compile(r"[^\W\d_][\w.&’'|–-]*(?: [\w.&’'|–-]+){0,3}")
_LONGEST_NAME = 32

_CERTAIN = 0.2
_GUESSED = 2.2


def cost(line: str) -> float | None:
    """How far-fetched it is that a preview begins with this line; None when it cannot.

    The scale is that of ``page_copies``: a post of a single line costs 1.
    """
    text = line.strip()
    if len(text) > 80:
        return None
    if _DOMAIN.fullmatch(text) or text.lower() in _KNOWN:
        return _CERTAIN
    if len(text) <= _LONGEST_NAME and text[:1].isupper() and _NAME.fullmatch(text):
        return _GUESSED
    return None
