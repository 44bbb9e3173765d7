"""Languages recognized by signs: an alphabet of their own, letters, or little words.

This settles nearly all Russian and English of more than a line, at a fraction of the cost of the
identifier. In doubt the answer is None. Other signs rule a language out.
"""

import re
from collections.abc import Mapping, Sequence

FEWEST_LETTERS = 40
_SCRIPTS = {"ARMENIAN": "hy", "GEORGIAN": "ka", "GREEK": "el", "HEBREW": "he", "HANGUL": "ko"}
# Letters and little words of languages outside the set that are easily taken for these.
_AGAINST: Mapping[str, re.Pattern[str]] = {
    "ar": re.compile("[ټډړږښڼځڅېۍٹڈڑںےەڕڵۆێ]"),
    "fa": re.compile("[ټډړږښڼځڅېۍٹڈڑںھہۂےەڕڵۆێ]"),
    "he": re.compile("[װױײ]"),
    "hi": re.compile("ळ"),
    "tr": re.compile(r"[ýňə]|\b(?:we|və|bilen|bilan)\b"),
}
# Letters that are not in a language's alphabet, though in its script.
_LACKS: dict[str, re.Pattern[str]] = {
    "ar": re.compile("[پچژکی]"),
    "be": re.compile("(?![а-зй-шы-яёіў’])[\u0400-\u052f]"),
    "bg": re.compile("(?![а-ъьюя])[\u0400-\u052f]"),
    "kk": re.compile("(?![а-яёәғқңөұүһі])[\u0400-\u052f]"),
    "mk": re.compile("(?![а-зик-шѓѕјљњќџ])[\u0400-\u052f]"),
    "ru": re.compile("(?![а-яё])[\u0400-\u052f]"),
    "sr": re.compile("(?![а-зик-шђјљњћџ])[\u0400-\u052f]"),
    "uk": re.compile("(?![а-щьюяґєії])[\u0400-\u052f]"),
}
# Of Latin alphabets: the letters beside a to z.
_LATIN = {
    "cs": "áčďéěíňóřšťúůýž",
    "de": "äöüß",
    "en": "",
    "es": "áéíóúüñ",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "it": "àèéìíòóùú",
    "nl": "ëïéèêöüáó",
    "pl": "ąćęłńóśźż",
    "pt": "ãáàâçéêíóôõúü",
    "ro": "ăâîșțşţ",
    "sv": "åäöé",
    "tr": "çğıiöşüâîû\u0307",
}
_LACKS |= {code: re.compile(rf"[^\W\d_a-z{own}]") for code, own in _LATIN.items()}
_RUSSIAN = frozenset(
    ("что", "это", "его", "для", "об", "к", "году", "года", "был", "была", "были", "будет", "также")
)
# Turkic and Mongolian texts can do with Russian letters, but not with these.
_LINKS = frozenset(("в", "и", "на", "с", "по", "не", "за", "из", "о", "от", "у", "до", "как"))
# Few English sentences lack these words. The first are no other language's.
_ONLY_ENGLISH = frozenset(
    ("the", "and", "that", "with", "this", "from", "which", "have", "been", "were", "are", "their")
)
_ENGLISH = frozenset(("is", "of", "to", "for", "by", "not", "has", "its", "was", "our", "will"))
_ENGLISH_SHARE = 0.15


def identify(script: str, words: Sequence[str]) -> str | None:
    """The language of words in one script, if signs settle it."""
    if sum(map(len, words[:FEWEST_LETTERS])) < FEWEST_LETTERS:
        return None
    if script == "CYRILLIC":
        return "ru" if _is_russian(words) else None
    if script == "LATIN":
        return "en" if _is_english(words) else None
    found = _SCRIPTS.get(script)
    return None if found is None or speaks_against(found, "".join(words)) else found


def speaks_against(code: str, text: str) -> bool:
    """Whether a text in small letters has a sign of a language that is easily taken for it."""
    against = _AGAINST.get(code)
    return against is not None and against.search(text) is not None


def has_foreign_letters(code: str, text: str) -> bool:
    """Whether a text in small letters has a letter that the language's alphabet lacks."""
    lacks = _LACKS.get(code)
    return speaks_against(code, text) or (lacks is not None and lacks.search(text) is not None)


def _is_russian(words: Sequence[str]) -> bool:
    """Russian has ы, э, ь without о, and little words that Bulgarian lacks, and next to no ъ;
    Ukrainian, Belarusian and Serbian cannot do without a letter that it does not have."""
    letters = "".join(words).lower()
    own = sum(letters.count(letter) for letter in "ыэь") - letters.count("ьо")
    shown = own + sum(word in _RUSSIAN for word in words)
    links = sum(word.lower() in _LINKS for word in words)
    return (
        shown >= 2
        and links * 20 >= len(words)
        and shown * 100 >= len(letters)
        and letters.count("ъ") * 5 <= own
        and "и" in letters
        and not has_foreign_letters("ru", letters)
    )


def _is_english(words: Sequence[str]) -> bool:
    lower = [word.lower() for word in words]
    certain = sum(word in _ONLY_ENGLISH for word in lower)
    found = certain + sum(word in _ENGLISH for word in lower)
    return certain >= 2 and found >= _ENGLISH_SHARE * len(words) and "".join(words).isascii()
