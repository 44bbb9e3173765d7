"""Recognizes roundups ("Main news by morning"): posts that list many events and so belong to none.

A list alone is not enough: a plan has points, a price list has lines, and such a post reports one
event above them. Above the items of a roundup stands a label. Pure.
"""

import re
from collections import Counter

LEAST = 3
"""The fewest items that make a list."""
FEW_WORDS = 6
"""A text above a list of at most this many words is always a label."""
MOST_WORDS = 25
"""The most words of a label; a longer line reports something itself."""

_SIGN = r"[^\w\s\"'«»“”„’(\[#@/\\$%+.,:;!?)\]]"
_ITEM = re.compile(
    rf"^[ \t]*(?:(?P<sign>{_SIGN})[^\w\s«\"“]*|\d{{1,2}}[.)])[ \t]*(?=\S)", re.MULTILINE
)
_LABEL = re.compile(
    r"\bглавн(?:ое|ые|ых)\b|\b(?:другие|основные|ключевые|прочие) (?:заявлени|новост|событи|тезис)"
    r"|\bзаявления\b|\bобстановка\b|\bитоги (?:дня|недели|ночи|утра)\b|\bдайджест\b|\bкоротко\b"
    r"|\bк этому часу\b|\bза (?:сутки|ночь|день|неделю)\b|\bкотиров|\bкурсы? валют"
    r"|\bновости (?:дня|часа)\b"
    r"|\b(?:main|top|key|other) (?:news|stories|headlines|events|statements|points|takeaways)\b"
    r"|\bround-?up\b|\bbriefing\b|\bwhat you need to know\b"
    r"|\bin brief\b|\bdigest\b|\bheadlines\b|\bby the (?:morning|evening)\b",
    re.IGNORECASE,
)


def is_roundup(text: str) -> bool:
    """Whether a post is a list of news under a label."""
    if text.count("\n") + 1 < LEAST:
        return False
    items = list(_ITEM.finditer(text))
    if len(items) < LEAST:
        return False
    kinds = Counter(item["sign"] or "1." for item in items)
    sign, count = max(kinds.items(), key=lambda kind: kind[1])
    if count < LEAST:
        return False
    first = next(item for item in items if (item["sign"] or "1.") == sign)
    label = text[: first.start()]
    words = len(re.findall(r"\w+", label))
    return words <= FEW_WORDS or (words <= MOST_WORDS and _LABEL.search(label) is not None)
