"""Telling words apart by their capitals: ``US`` is not ``us``.

Pure. A word whose capital letters say nothing (it begins a sentence, its line is all capitals or
a title in which Every Word Has One) agrees with any other.
"""

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from handlers.stories.tokens import Token

Shape: TypeAlias = Literal["lower", "title", "upper", "any"]

# After these a capital letter begins a sentence, a quotation or an item of a list.
_OPENING = re.compile(r"[^\w\s,)\]/'’-]")
_LEAST_WORDS = 3
_SHOUTED = 0.6
_LONG = 4
_STRESSED = frozenset({"not", "no", "all", "never", "only", "не", "нет", "все", "никогда"})
# Offices and institutions, parts of the world, and what a title writes with a capital letter:
# each writes them in its own way.
_EITHER_WAY = re.compile(
    r"(?:presiden|prime|minist|govern|parliament|state|council|committee|court|embass|ambassador"
    r"|consul|mayor|governor|senat|congress|house|party|bank|army|navy|air|force|police|union"
    r"|commission|federa|republic|secretar|general|foreign|defen[cs]e|interior|finance|king|queen"
    r"|prince|pope|church|chancell|speaker|deputy|vice|chair|director|office|agency|department"
    r"|universit|internet|web|city|region|district|province|county|north|south|east|west|river"
    r"|street|sea|island|spokes|of|and|the|for|in|on|at|an?|to|by"
    r"|президент|министр|министерств|премьер|правительств|парламент|государств|дум|совет|комитет"
    r"|суд|верховн|конституц|посол|посл|посольств|консул|мэр|губернатор|сенат|конгресс|парти|банк"
    r"|арми|флот|воздуш|полици|союз|комисси|федера|республик|секретар|генерал|оборон|иностран"
    r"|внутренн|финанс|корол|цар|церк|патриарх|канцлер|спикер|председател|заместител|директор"
    r"|департамент|университет|интернет|город|област|район|край|краев|округ|север|юг|юж|восток"
    r"|восточ|запад|улиц|вооружен|сил|войск|вы|вас|вам|ваш|родин|отечеств|год|рождеств|день)\w{0,6}"
)


def of(text: str, tokens: Sequence[Token]) -> list[Shape]:
    """How each word of a text is written."""
    shapes: list[Shape] = []
    free = _free_lines(text)
    before = 0
    for token in tokens:
        begins = not shapes or _OPENING.search(text, before, token.start) is not None
        is_free = any(start <= token.start < end for start, end in free)
        opens = begins or "\n" in text[before : token.start]
        shapes.append("any" if opens or is_free else _shape(text[token.start : token.end]))
        before = token.end
    return shapes


def agree(key: str, one: Shape, other: Shape) -> bool:
    """Whether a word that is written in these two ways may be the same one."""
    if one == other or "any" in (one, other):
        return True
    if "lower" not in (one, other):
        return len(key) >= _LONG  # NATO, Nato; but WHO, Who
    if "upper" in (one, other):
        return len(key) > _LONG or key in _STRESSED
    return is_office(key)


def is_office(key: str) -> bool:
    """Whether a word names an office or an institution, or is a word of titles."""
    return _EITHER_WAY.fullmatch(key) is not None


def _shape(written: str) -> Shape:
    if len(written) > 1 and written.isupper():
        return "upper"
    if written.islower():
        return "lower"
    return "title" if written[1:].islower() else "any"


def _free_lines(text: str) -> list[tuple[int, int]]:
    """The lines in which nearly every word is all capitals, or begins with one."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        words = re.findall(r"[^\W\d_]{2,}", line[0])
        capitals = sum(word[0].isupper() for word in words)
        if len(words) >= _LEAST_WORDS and capitals >= _SHOUTED * len(words):
            found.append(line.span())
    return found
