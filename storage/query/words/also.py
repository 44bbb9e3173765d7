"""What words of a text also say, written another way: rows of words appended to those of the text.

``#GrainExportBan`` also says ``grain export ban``, ``covid19`` ``covid 19``, ``100км`` ``100 км``,
``Вучић`` ``vucic``, ``неееет`` ``нет``. Each is a *row* of words. For a text this is certain; for a
query it is not: ``grainexport`` may be any word.
"""

import re
from collections.abc import Iterator

from storage.query.words import alphabets, folding, russian

Row = list[tuple[int, int, str]]
"""Words in a row: start and end of the text that says them, and the word."""

UNITS = frozenset(
    {
        "км", "м", "см", "мм", "кг", "мг", "мл", "га", "т", "г", "гг", "млн", "млрд", "трлн",
        "тыс", "руб", "кв", "квт", "мвт", "гвт", "квтч", "мбит", "гбит", "мб", "гб", "тб", "мин",
        "сек", "час", "ч", "мм2", "км2", "м2", "м3", "чел", "шт", "km", "m", "cm", "mm", "kg",
        "mg", "ml", "ha", "mln", "mlrd", "bn", "trn", "tn", "mt", "mw", "kw", "gw", "kwh", "mb",
        "gb", "tb", "mhz", "ghz", "hz", "mph", "kmh", "km2", "m2", "m3", "min", "sec", "hrs",
        "lb", "lbs", "ft", "usd", "eur", "rub",
    }
)  # fmt: skip
"""Units that may follow a number without a space, folded; no letter that means something else there
(5G)."""

# Names that are written so and are no words in a row.
_ONE_NAME = frozenset(
    {
        "aliexpress", "chatgpt", "deepmind", "deepseek", "ebay", "facebook", "fedex", "github",
        "gitlab", "gopro", "imac", "ipad", "iphone", "instagram", "javascript", "linkedin",
        "mastercard", "paypal", "playstation", "postgresql", "powerpoint", "rutube", "snapchat",
        "soundcloud", "spacex", "tiktok", "vkontakte", "wechat", "whatsapp", "wordpress",
        "youtube", "вконтакте", "рутуб", "тикток", "ютуб",
    }
)  # fmt: skip

# Words with a double letter: goood says good, and not god.
_DOUBLED_WORDS = """
all ball been better bill blood book boom boss call cool deep door fall feed feel food fool foot
free full good green hall happy hell hello keep kill less loss mass meet miss moon need noon off
pass press queen really room school see seed seen sell sleep small soon sorry speech speed staff
still street stress summer tell three tomorrow too tool wall week well will wood yell
"""
_DOUBLED = frozenset(_DOUBLED_WORDS.split())

_MAYBE = re.compile(r"[#\dђјљњћџЂЈЉЊЋЏ]")
_STRETCH = re.compile(r"([^\W\d_])\1\1+", re.IGNORECASE)
_PARTS = re.compile("A+(?=Aa)|A?a+|A+|9+|x+")
_FEWEST = 3  # names with shorter parts are one word: #GoPro
_RUN = re.compile(rf"([^\W\d_]{{{_FEWEST},}})(\d{{1,4}})|(\d{{1,9}})([^\W\d_]+\d?)")
# What stands before a number that is part of a code (Ка-52м), or the rest of one (3.1M).
_BEFORE = re.compile(r"(?:([^\W\d_][-\u2010\u2011])|\d[.,])\Z")
_CAPITALS = re.compile("[A-Z][A-Za-z]{0,3}[A-Z](?=s$)")  # MPs, NGOs
_MAYBE_CAPITALS = re.compile("[A-Z]s(?![a-z])")
_ROMAN = re.compile("[ivxlcdm]+", re.IGNORECASE)


is_stretched = _STRETCH.search
"""Whether a letter stands three times or more in a row."""


plural_of = _CAPITALS.match
"""The capitals of a word that is capitals and the ending of a plural."""


def may_be_there(chunk: str) -> bool:
    """Whether what stands between white space may also say anything."""
    return any(one.search(chunk) for one in (_MAYBE, _STRETCH, _MAYBE_CAPITALS))


def rows(chunk: str) -> Iterator[Row]:
    """What the words of a chunk also say."""
    if "://" in chunk or "@" in chunk:  # an address
        return
    tagged = {at for match in folding.find_tags(chunk) for at in range(*match.span(1))}
    for match in folding.WORD.finditer(chunk):
        at, surface = match.start(), match[0]
        found = (_parts(surface) if at in tagged else []) or _run(surface)
        before = _BEFORE.search(chunk, max(0, at - 2), at)
        if before is not None and surface[0].isdecimal():
            found = [] if before[1] else found[1:]
        if found:
            yield [(at + start, at + end, surface[start:end]) for start, end in found]
        for other in _others(surface):
            yield [(*match.span(), other)]


def _parts(name: str) -> list[tuple[int, int]]:
    """The words of a hashtag's name, separated by capitals and digits."""
    if folding.fold(name) in _ONE_NAME:
        return []
    found = [match.span() for match in _PARTS.finditer(_shape(name))]
    longest = max((end - start for start, end in found if name[start].isalpha()), default=0)
    return found if len(found) > 1 and longest >= _FEWEST else []


def _shape(name: str) -> str:
    """A sign for each character: a capital, a small letter, a digit, another; a mark upon a letter
    goes with it."""
    found = ""
    for char in name:
        if char.isdecimal():
            found += "9"
        elif char.isalpha():
            found += "A" if char.isupper() else "a" if char.islower() else "x"
        else:
            found += found[-1:] or "x"
    return found


def _run(surface: str) -> list[tuple[int, int]]:
    """Where letters and digits stand that are written as one: ``covid19``, ``100км``."""
    found = _RUN.fullmatch(surface)
    if found is None:
        return []
    if found[1]:
        return [found.span(1), found.span(2)]
    letters = found[4].lower()
    known = letters in UNITS or (len(letters) >= _FEWEST and letters.isalpha())
    if not known:
        return []
    # A unit of one letter may mean something else ($5M): only the number is said.
    return [found.span(3), found.span(4)] if len(letters) > 1 else [found.span(3)]


def _others(surface: str) -> Iterator[str]:
    """The ways in which a word may be written also."""
    if (capitals := _CAPITALS.match(surface)) is not None:
        yield capitals[0]
    if surface.isascii():
        yield from _unstretched(surface)
        return
    if surface[0].isupper() and alphabets.is_serbian(form := folding.fold(surface)):
        yield from alphabets.serbian_latin(form)
    yield from _unstretched(surface)


def _unstretched(surface: str) -> Iterator[str]:
    """A word with each letter that is drawn out once, and twice; where either is a word that is
    known, no other."""
    found = is_stretched(surface)
    if found is None or not surface.isalpha() or _ROMAN.fullmatch(surface):
        return
    if found[0].isupper() and not surface.isupper():  # ОООшка
        return
    once, twice = _STRETCH.sub(r"\1", surface), _STRETCH.sub(r"\1\1", surface)
    if len(once) < _FEWEST:
        return
    known = [one for one in (once, twice) if _is_known(one.lower().replace("ё", "е"))]
    yield from known or (once, twice)


def _is_known(form: str) -> bool:
    return form in _DOUBLED if form.isascii() else russian.is_word(form)
