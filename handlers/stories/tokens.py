"""What a text says, token by token: words folded, figures with their sign and decimals, and "?".

White space, quotes, other punctuation, addresses and most emoji say nothing new. A figure keeps its
sign and its decimal point, for 4.5 is not 45 and −7 not +7.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<address>(?:https?://|www\.|t\.me/)\S+|(?<!\w)@\w+)"
    r"|(?P<figure>(?:(?<![^\W_])[+−–-])?\d+(?:[.,:]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’ʼ][^\W\d_]+)*)"
    r"|(?P<sign>[?%‰°€$£¥₽₴₸№])",
    re.IGNORECASE,
)
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
        if match.lastgroup == "address":
            continue
        is_figure = match.lastgroup == "figure"
        key = _figure(written) if is_figure else _word(written)
        found.append(Token(key, match.start(), match.end(), written[0].isupper(), is_figure))
    return found


def _figure(written: str) -> str:
    return written.translate(_MINUS).replace(",", ".")


def _word(written: str) -> str:
    key = written.lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'")
    if key.isascii():
        for pattern, plain in _SPELT:
            key = pattern.sub(plain, key)
    return key


def signs(text: str) -> frozenset[str]:
    """The emoji that say something by themselves: flags, red and green, up and down."""
    return frozenset(_DECISIVE.findall(text))


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
