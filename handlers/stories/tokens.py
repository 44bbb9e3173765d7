"""What a text says, token by token: words folded, figures with their sign and decimals, and "?".

White space, quotes, other punctuation, links into Telegram and emoji at the ends of lines say
nothing new. A figure keeps its sign and its decimal point, for 4.5 is not 45 and −7 not +7; a
letter keeps its marks, which are vowels in many alphabets; whoever is named by @name is named.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

# Marks that belong to the letter before them, and the alphabets of South Asia, where they are many.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u0900-\u0963\u0971-\u109f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20df\u3099\u309a"
)
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*"
_TOKEN = re.compile(
    r"(?P<here>(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me)/\S+)"
    r"|(?P<address>(?:https?://|www\.)\S+|(?<!\w)@\w+)"
    r"|(?P<figure>(?:(?<![^\W_])[+−–-])?\d+(?:[.,:/]\d+)*)"
    rf"|(?P<word>{_LETTERS}(?:['’ʼ]{_LETTERS})*)"
    r"|(?P<sign>[?%‰°€$£¥₽₴₸№<>≤≥≠≈~±×=])",
    re.IGNORECASE,
)
_PROTOCOL = re.compile(r"^(?:https?://)?(?:www\.)?|[?#].*$|[/.,;:!)»”]+$")
# Between words of one line an emoji stands for a word.
_INLINE = re.compile(r"\w[^\w\n]*?([\u2600-\u27bf\U0001f300-\U0001faff])[^\w\n]*?\w")
_DECISIVE = re.compile("[🔴🟢🟡🟠🔵⬆⬇📈📉✅❌➕➖🔼🔽▲▼🆘☢]|[\U0001f1e6-\U0001f1ff]{2}")
_MINUS = str.maketrans("−–", "--")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'»“”’)\]]*\s|\n\s*|[.!?…]+[\"'»“”’)\]]*$|$")
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
    """``key`` is what counts; ``start`` and ``end`` say where it stands in the text, in characters.

    ``is_name``: written with a capital letter; ``is_figure``: made of digits.
    """

    key: str
    start: int
    end: int
    is_name: bool
    is_figure: bool


def read(text: str) -> list[Token]:
    """The tokens of a text."""
    found = []
    for match in _TOKEN.finditer(text):
        written = match[0]
        if match.lastgroup == "here":
            continue
        is_figure = match.lastgroup == "figure"
        if match.lastgroup == "address":
            key, is_name = _PROTOCOL.sub("", written.lower()), True
        else:
            key, is_name = _figure(written) if is_figure else _word(written), written[0].isupper()
        found.append(Token(key, match.start(), match.end(), is_name, is_figure))
    return found


def says_something(text: str) -> bool:
    """Whether a line has a word or a figure, and is not addresses and emoji alone."""
    return any(match.lastgroup in ("word", "figure") for match in _TOKEN.finditer(text))


def _figure(written: str) -> str:
    return written.translate(_MINUS).replace(",", ".")


def _word(written: str) -> str:
    key = (
        unicodedata.normalize("NFC", written.lower())
        .replace("ё", "е")
        .replace("’", "'")
        .replace("ʼ", "'")
    )
    if key.isascii():
        for pattern, plain in _SPELT:
            key = pattern.sub(plain, key)
    return key


def signs(text: str) -> frozenset[str]:
    """The emoji that say something by themselves: flags, red and green, up and down, and whatever
    stands between words."""
    return frozenset((*_DECISIVE.findall(text), *_INLINE.findall(text)))


def decisive_signs(text: str) -> list[str]:
    """The emoji that say something wherever they stand, in order: flags, red and green, up and
    down."""
    return _DECISIVE.findall(text)


def sentence_ends(text: str) -> list[int]:
    """Where sentences end, in characters: after their full stop, or at the end of their line."""
    ends = []
    for match in _SENTENCE_END.finditer(text):
        if match[0].startswith(".") and _ABBREVIATED.search(
            text, max(0, match.start() - 12), match.start()
        ):
            continue
        ends.append(match.start() + len(match[0].rstrip()))
    return ends


def once(tokens: Sequence[Token]) -> Sequence[Token]:
    """What is said twice over, once."""
    half, odd = divmod(len(tokens), 2)
    while half and not odd and [t.key for t in tokens[:half]] == [t.key for t in tokens[half:]]:
        tokens = tokens[:half]
        half, odd = divmod(half, 2)
    return tokens
