"""Splits a text into tokens to compare: words in lower case, figures with sign and decimals, "?".

White space, quotes, other punctuation, links into Telegram and emoji at the ends of lines are
ignored. A figure keeps its sign and its decimal point, for 4.5 is not 45 and −7 not +7; a letter
keeps its marks, which are vowels in many alphabets; @names are kept.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

# Marks that belong to the letter before them, and the alphabets of South Asia, where they are many.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u08d3-\u08ff\u0900-\u0963\u0971-\u109f"
    "\u135d-\u135f\u1712-\u1734\u1780-\u17d3\u1885-\u1bff\u1cd0-\u1cff\u1dc0-\u1dff\u20d0-\u20df"
    "\u3099\u309a\ua800-\uabff\ufe20-\ufe2f"
)
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*"
_TOKEN = re.compile(
    r"(?P<here>(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me)/\S+)"
    r"|(?P<address>(?:https?://|www\.)\S+|(?<!\w)@\w+)"
    r"|(?P<figure>(?:(?<![^\W_])[+−–-]|[+−]\s)?\d+(?:[.,:/]\d+)*\+?)"
    rf"|(?P<word>{_LETTERS}(?:['’ʼ]{_LETTERS})*)"
    r"|(?P<sign>[?？؟՞%％٪‰°$£¥¢฿\u20a0-\u20cf№<>≤≥≠≈~±×=\u2190-\u21ff]|[—–-](?=\s\d))",
    re.IGNORECASE,
)
_PROTOCOL = re.compile(
    r"^(?:https?://)?(?:www\.)?|[?&](?:utm_\w+|fbclid|gclid|yclid|ysclid|igsh|si)=[^&#]*"
    r"|[/.,;:!)»”]+$"
)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}\+?")
# Behind a word of its line an emoji stands for a word; at the beginning it calls for attention.
_WORDED = re.compile(r"(?<=\w)[^\w\n]+")
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
_CALLS = frozenset("❗❕‼⁉⚡🔥📌📍🗣💬🎙➡👉👇🔹🔸🔷🔶🚨📢📣🕯⭐✨💥🔔📰🗞📷📸🎥📹🎬📺📲📱🌐🔗▪▫◾◽")
_DECISIVE = re.compile("[🔴🟢🟡🟠🔵⬆⬇📈📉✅❌➕➖🔼🔽▲▼🆘☢]|[\U0001f1e6-\U0001f1ff]{2}")
_ALONE = frozenset("🟢✅❌📈📉⬆⬇➕➖🔼🔽🆘☢")
_SIGNS = {"？": "?", "؟": "?", "՞": "?", "％": "%", "٪": "%"}
_DASHES = str.maketrans("−–—", "---")
# A row of full stops is tried only from its first: a thousand of them would take seconds.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'»“”’)\]]*(?:\s|$)|\n\s*|$")
# After these a full stop ends no sentence.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(«\"])(?:[А-ЯЁA-Z]|г|гг|ул|им|св|тыс|млн|млрд|руб|корп|обл|ст|стр|т|др|пр|см|mr|mrs|ms|dr|st"
    r"|gen|col|lt|sen|rep|gov|no|vs|u\.s|u\.k|e\.g|i\.e|[a-z]\.[a-z])$",
    re.IGNORECASE,
)
_SPELT = (
    (re.compile(r"(?<=[a-z]{3})our(?=s?$|ed$|ing$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=e[sd]?$|ing$|ation$)"), "iz"),
    (re.compile(r"^centre(?=s?$)"), "center"),
    (re.compile(r"^defence$"), "defense"),
    (re.compile(r"^programme(?=s?$)"), "program"),
)


class Token(NamedTuple):
    """``key``: what is compared; ``start``, ``end``: its place in the text, in characters;
    ``is_name``: written with a capital letter; ``is_figure``: made of digits."""

    key: str
    start: int
    end: int
    is_name: bool
    is_figure: bool


def read(text: str, *, same_channel: bool = False) -> list[Token]:
    """The tokens of a text. Links into Telegram are tokens only where both texts are of one
    channel: each channel links to its own posts."""
    found = []
    for match in _TOKEN.finditer(text):
        written = match[0]
        if match.lastgroup == "here" and not same_channel:
            continue
        is_figure = match.lastgroup == "figure"
        if match.lastgroup in ("here", "address"):
            key, is_name = _PROTOCOL.sub("", written.lower()), True
        else:
            key = _word(written) if match.lastgroup == "word" else _figure(written)
            key = _SIGNS.get(key, key)
            is_name = written[0].isupper()
        found.append(Token(key, match.start(), match.end(), is_name, is_figure))
    return found


def says_something(text: str) -> bool:
    """Whether a line has a word or a figure, not only addresses and emoji."""
    return any(match.lastgroup in ("word", "figure") for match in _TOKEN.finditer(text))


def _figure(written: str) -> str:
    plain = re.sub(r"\s", "", written.translate(_DASHES))
    # 1,000 and 1.000 may be a thousand and one.
    return plain if _THOUSANDS.fullmatch(plain) else plain.replace(",", ".")


def _word(written: str) -> str:
    key = unicodedata.normalize("NFC", written.lower()).replace("’", "'").replace("ʼ", "'")
    key = key.replace("i\u0307", "i")  # the Turkish capital İ
    if key != "всё":  # "всё" is "everything", "все" is "everybody"
        key = key.replace("ё", "е")
    if key.isascii():
        for pattern, plain in _SPELT:
            key = pattern.sub(plain, key)
    return key


def signs_agree(earlier: str, later: str) -> bool:
    """Whether the emoji of a later text say nothing new.

    Flags, red and green, up and down count, and emoji behind a word; emoji that only call for
    attention do not. If one text has none, those of the other are decoration, except a few that
    mean something by themselves.
    """
    one, other = _signs(earlier), _signs(later)
    if one == other:  # and in a table each beside its own row
        return len(one) < 2 or _is_part(decisive_signs(earlier), decisive_signs(later))
    return not ((one and other) or _ALONE & (one | other))


def _is_part(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one of two rows is in the other, in its order."""
    short, long = sorted((some, others), key=len)
    rest = iter(long)
    return all(sign in rest for sign in short)


def _signs(text: str) -> frozenset[str]:
    after = "".join(_WORDED.findall(text))
    found = {*_DECISIVE.findall(text), *_EMOJI.findall(after)}
    return frozenset(found - _CALLS)


def decisive_signs(text: str) -> list[str]:
    """The emoji that mean something wherever they stand, in order: flags, red and green, up and
    down."""
    return _DECISIVE.findall(text)


def decisive_places(text: str) -> list[tuple[int, str]]:
    """Where each of these emoji stands, and which it is."""
    return [(match.start(), match[0]) for match in _DECISIVE.finditer(text)]


def sentence_ends(text: str) -> list[int]:
    """Where sentences end, in characters: after a full stop, or at the end of a line."""
    ends = []
    for match in _SENTENCE_END.finditer(text):
        if match[0].startswith(".") and _ABBREVIATED.search(
            text, max(0, match.start() - 12), match.start()
        ):
            continue
        ends.append(match.start() + len(match[0].rstrip()))
    return ends


def once(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens, once if the text says everything twice."""
    half, odd = divmod(len(tokens), 2)
    while half and not odd and [t.key for t in tokens[:half]] == [t.key for t in tokens[half:]]:
        tokens = tokens[:half]
        half, odd = divmod(half, 2)
    return tokens
