"""A word's letters as they are compared, and where words and hashtags begin and end in a text."""

import re
import unicodedata
from collections.abc import Iterator

from storage.query.words import alphabets, beside

CAPITAL = "\u00b7"
"""Ends the form of a word in capitals in a column."""
_LONGEST_CAPITAL = 6

_IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHES = "'\u2019\u02bc\u02bb\u2018`\u00b4\u201b\u02b9\u02bd\u02c8\ua78c\uff07\u05f3"
# Between letters alone: a prime, as minutes have too, and the sign of a Hebrew abbreviation.
_INNER = (
    "(?<=[^\\W\\d_])\u2032(?=[^\\W\\d_])"
    '|(?<=[\u05d0-\u05ea])["\u05f4](?=[\u05d0-\u05ea](?![\u05d0-\u05ea]))'
)
_PICTURE = "[\u203c\u2049\u2139\u231a-\u23ff\u24c2\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]"
_TINT = "[\ufe0f\U0001f3fb-\U0001f3ff]"
# The flag of a region is a black flag and invisible letters.
_REGION = "[\U000e0020-\U000e007f]"
_ALONE = (
    "\u3021-\u3029\u3038-\u303a\u3041-\u309e\u30a0-\u30fe\u3190-\u319f\u3220-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
# What stands upon or beside letters and is no letter itself: accents, Hebrew and Arabic vowels; and
# the blocks of India's scripts, where vowels are such marks.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u0f71-\u0f84\u0f90-\u0fbc\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u3099\u309a"
)
_RINGED = "\u24b6-\u24e9\U0001f150-\U0001f169\U0001f170-\U0001f189"
_BARRED = f"_{_APOSTROPHES}{_ALONE}{beside.RAISED}"
_LETTER = rf"[^\W{_BARRED}\u309f\u30ff]"  # the last two are two letters in one, and hardly used
_AFTER_WORD = rf"(?<=[^\W\d{_BARRED}]{{3}})"
# Letters each with a full stop after it. Two Russian ones are a person's initials.
_END = r"(?![^\W_])"
_DOTTED = (
    rf"(?<![^\W_])(?:(?:(?:[A-Z]|Ph)\.)+(?:[A-Z]|Sc){_END}\.?"
    rf"|(?:[А-ЯЁ]\.){{2,}}[А-ЯЁ]{_END}\.?|(?:[a-z]\.){{2,}}{_END})"
    f"(?:[{_APOSTROPHES}]s{_END})?"
)
_SINGLE = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?(?!\w)")
_UNDOTTED = (
    # The keycaps come first, for they begin with a digit.
    f"[0-9]\ufe0f?\u20e3|[{_RINGED}]{{2,}}"
    rf"|{_LETTER}+(?:(?:[{_MARKS}{_IGNORED}]+|[{_APOSTROPHES}][{_IGNORED}]*(?={_LETTER})|{_INNER}){_LETTER}*)*"
    # A raised number after a word is a note's, and no word; after a unit (м²) it is one.
    f"(?:{_AFTER_WORD}[{beside.RAISED}]+)?|[{beside.RAISED}]+"
    f"|[{_ALONE}][\u3099\u309a]?"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    f"|{_PICTURE}{_TINT}*{_REGION}*(?:\u200d{_PICTURE}{_TINT}*)*"
)
_UNDOTTED_WORD = re.compile(_UNDOTTED)
_MAYBE_DOTTED = re.compile(r"\.(?<![^\W_][^\W_][^\W_]\.)(?<=\w\.)")
WORD = re.compile(f"{_DOTTED}|{_UNDOTTED}")
_TINTS = re.compile(_TINT)
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}\u2032]s$", re.IGNORECASE)
# French and Italian words that lean on the next one, which begins with a vowel or h, and the
# endings of Turkish names, those with y and n after a vowel or capitals alone. Elsewhere an
# apostrophe is a sign of writing, and names are also written without: Sana'a, L'viv, Natal'ya.
_LEANING = re.compile(
    "(?:[lcdjs]|qu|(?:jus|lors|puis|quoi)qu|dell|nell|dall|all|sull|quell|un)"
    rf"[{_APOSTROPHES}\u2032](?=[aeiouhà-æè-ïò-öù-üœ][^\W\d_])",
    re.IGNORECASE,
)
_BUFFERED = "(?:y[aeıiuü]|n[ıiuü]n?|yl[ae])"
_TURKISH_ENDING = re.compile(
    rf"(?<=[^\W\d_]{{3}})[{_APOSTROPHES}](?:[dt][ae](?:n|ki)?|l[aeıiuü]|[dt][ıi]r"
    rf"|(?<=[aeıioöuüy][{_APOSTROPHES}]){_BUFFERED}"
    rf"|(?-i:(?<=[A-ZÇĞİÖŞÜ]{{2}}[{_APOSTROPHES}]){_BUFFERED})"
    rf"|(?<=[^\W\d_]{{3}}[b-df-hj-np-tv-zçğş][{_APOSTROPHES}])(?:[aeıiuü]|[ıiuü]n))$",
    re.IGNORECASE,
)
# The tatweel only makes Arabic words longer; its letters are written in several ways, as are the
# hamza on a letter, Ukrainian ґ, Belarusian ў, and letters that were two.
_SIMPLER: dict[int, int | str | None] = {
    **str.maketrans("ıłøǿđðħŧґўأإآٱىیةہکۀؤئ", "ilooddhtгуااااييههكهءء", "\u0640\u093c"),
    **{ord(one): f"{one_of}e" for one, one_of in zip("œæǽǣ", "oaaa", strict=True)},
    ord("þ"): "th",
    **str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
    0x901: "\u0902",
}
# A nasal before a consonant of its kind is written as a letter or as a dot: हिन्दी, हिंदी.
_NASAL = re.compile(
    "\u0919\u094d(?=[\u0915-\u0918])|\u091e\u094d(?=[\u091a-\u091d])|\u0923\u094d(?=[\u091f-\u0922])"
    "|\u0928\u094d(?=[\u0924-\u0927])|\u092e\u094d(?=[\u092a-\u092d])"
)
_CODES = re.compile(r"\A([a-z]{1,5}\d{2,4})s\Z")  # F-16s, and not H2S
_PLAIN = re.compile("[0-9a-z\u0430-\u044f\u0451]+")
NOTE = re.compile(rf"{_AFTER_WORD}[{beside.RAISED}]+$")
_RING = re.compile(f"[{_RINGED}]{{2}}")
_RINGS = {
    **{code: 97 + place for place, code in enumerate(range(0x1F150, 0x1F16A))},
    **{code: 97 + place for place, code in enumerate(range(0x1F170, 0x1F18A))},
}
TAG = rf"[\w{_MARKS}{_IGNORED}]*[\w{_MARKS}]"
"""What may stand in a hashtag after its sign, as a pattern."""
_IN_TAG = rf"[\w{_MARKS}{_IGNORED}]"
_HASHTAG = re.compile(rf"#({_IN_TAG}*[^\W\d_]{_IN_TAG}*)")
_ADDRESS = re.compile(r"://|\bwww\.|\w\.[a-z]{2,}/", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_LONGEST_ADDRESS = 2_000


def _bare(surface: str) -> str:
    """A word without what an apostrophe joins to it: ``Ann's``, ``d'Olda``, ``Olda'da``."""
    base = _POSSESSIVE.sub("", surface)
    if base.isalnum():
        return base
    base = unicodedata.normalize("NFC", base)
    return _TURKISH_ENDING.sub("", base[found.end() :] if (found := _LEANING.match(base)) else base)


def find_words(chunk: str) -> list[str]:
    """The words of a chunk (text between white space), as written."""
    if "." in chunk and _MAYBE_DOTTED.search(chunk):
        return WORD.findall(chunk)
    return _UNDOTTED_WORD.findall(chunk)


is_plain = re.compile("[A-Za-z]{2,}|[\u0401\u0410-\u044f\u0451]{2,}").fullmatch
"""Whether a text is two or more ordinary letters of one alphabet, and nothing else."""


is_sign = re.compile(f"[{_ALONE}]").fullmatch
"""Whether a form is a Chinese or Japanese character, which is a word by itself."""


def fold_plain(surface: str) -> str:
    """The form of a text that ``is_plain``."""
    return surface.lower().replace("ё", "е")


def fold(surface: str) -> str:
    """A word's form: without case, accents and variants of writing."""
    if is_plain(surface):
        return fold_plain(surface)
    lower = surface.lower()
    if _PLAIN.fullmatch(lower):
        return _CODES.sub(r"\1", alphabets.one_alphabet(lower.replace("ё", "е")))
    if not any(map(str.isalnum, surface)) and not _RING.match(surface):
        return _TINTS.sub("", surface) or surface
    base = NOTE.sub("", _bare(surface))
    folded = unicodedata.normalize("NFKC", "".join(filter(_is_kept, _simplified(base))))
    if not folded[:1].isalnum():  # a vowel whose letter is left aside
        folded = "".join(filter(str.isalnum, folded))
    folded = folded or "".join(filter(str.isalnum, base.casefold()))
    return alphabets.one_alphabet(folded)


def _simplified(text: str) -> str:
    """Without case, compatibility forms, ``ё``, and accents on Latin and Greek letters."""
    text = unicodedata.normalize("NFKC", text.translate(_RINGS))
    text = unicodedata.normalize("NFKC", text.casefold())
    plain = "".join(map(_without_accent, text.translate(_SIMPLER))).replace("ё", "е")
    return _NASAL.sub("\u0902", plain).replace("եւ", "եվ")


def _without_accent(char: str) -> str:
    """A Latin or Greek letter for one with accents, and a digit for that of another script. Accents
    that stand by themselves are no letters."""
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    parts = unicodedata.normalize("NFKD", char)
    known = parts[0].isascii() or "\u0370" <= parts[0] <= "\u03ff"
    plain = known and parts[0].isalpha() and all(map(unicodedata.combining, parts[1:]))
    return parts[0] if plain else char


def _is_kept(char: str) -> bool:
    """Letters and digits, and the vowels of scripts where they are marks that make the word."""
    if char.isalnum():
        return char not in _APOSTROPHES
    return "\u0900" <= char <= "\u17ff" and unicodedata.category(char)[0] == "M"


def cased(surface: str) -> str:
    """A word as it is compared where its capitals are asked for: ``US`` for ``U.S.``."""
    base = NOTE.sub("", _bare(surface))
    plain = "".join(map(_without_accent, unicodedata.normalize("NFKC", base)))
    kept = "".join(filter(_is_kept, plain.replace("ё", "е").replace("Ё", "Е")))
    return unicodedata.normalize("NFKC", kept)


def find_cased(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where a word stands in these very capitals."""
    return (match.span() for match in WORD.finditer(text) if cased(match[0]) == wanted)


def find_dotted(text: str) -> list[str]:
    """The words of a text that have a full stop after each letter, as they stand there."""
    found = (match[0] for match in WORD.finditer(text))
    return [surface for surface in found if _SINGLE.match(surface)]


def capital_form(surface: str) -> str:
    """The marked form of a word in capitals, or with a full stop after each letter; empty for other
    words, long ones, and those with anything but letters."""
    base = _bare(surface)
    if "." not in base and not base.isupper():
        return ""
    form = fold(base)
    return f"{form}{CAPITAL}" if may_be_capital(form) else ""


def may_be_capital(form: str) -> bool:
    """Whether a form is marked where its word stands in capitals."""
    return 1 < len(form) <= _LONGEST_CAPITAL and form.isalpha()


def as_held(form: str) -> tuple[str, ...]:
    """A form as columns may hold it."""
    return (form, f"{form}{CAPITAL}") if may_be_capital(form) else (form,)


def hashtags(text: str) -> Iterator[tuple[int, int, str]]:
    """Each hashtag: start (of its ``#``), end, folded name without the ``#``."""
    for match in find_tags(text):
        yield match.start(), match.end(), fold_name(match[1])


def find_tags(text: str) -> Iterator[re.Match[str]]:
    """Each hashtag, its name (without the ``#``) as the first group; what follows a number sign
    within an address is none."""
    if "#" in text:
        addresses = _Addresses(text)
        for match in _HASHTAG.finditer(text):
            if not addresses.reach(match.start()):
                yield match


class _Addresses:
    """Where the addresses of a text reach to, which ends at white space; asked for places in their
    order, so that the text is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._signs = _ADDRESS.finditer(text)
        self._next: re.Match[str] | None = None
        self._is_begun = False
        self._began = self._read = -1

    def reach(self, at: int) -> bool:
        """Whether a place stands within an address."""
        if not at or self._text[at - 1].isspace():
            return False
        if not self._is_begun:
            self._is_begun, self._next = True, next(self._signs, None)
        while self._next is not None and self._next.end() <= at:
            self._began, self._read = self._next.span()
            self._next = next(self._signs, None)
        if self._began < 0 or at - self._began > _LONGEST_ADDRESS:
            return False
        if _BLANK.search(self._text, self._read, at) is not None:
            self._began = -1
            return False
        self._read = at
        return True


def fold_name(name: str) -> str:
    """A hashtag or user name folded: its underscores stay, so ``a_b`` is not ``ab``."""
    kept = "".join(char for char in _simplified(name) if _is_kept(char) or char == "_")
    return alphabets.one_alphabet(unicodedata.normalize("NFKC", kept))
