"""Languages that give themselves away: by an alphabet of their own, letters, or little words.

What these signs settle (nearly all Russian and English of more than a line) costs a tenth of asking
the identifier. They settle nothing in doubt: then None.
"""

from collections.abc import Sequence

FEWEST_LETTERS = 40
_SCRIPTS = {"ARMENIAN": "hy", "GEORGIAN": "ka", "GREEK": "el", "HEBREW": "he", "HANGUL": "ko"}
# Letters of other Cyrillic alphabets: with one of them, a text may still be Russian, or may not.
_NOT_RUSSIAN = frozenset("іїєґўјљњћђџәғқңөұүһѓќѕӣӯҳҷӑӗҫӳҕӊѐѝӏ")
_RUSSIAN = frozenset(
    ("что", "это", "его", "для", "об", "к", "году", "года", "был", "была", "были", "будет", "также")
)
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
    return _SCRIPTS.get(script)


def _is_russian(words: Sequence[str]) -> bool:
    """Russian has ы, э, ь without о, and little words that Bulgarian lacks, and next to no ъ;
    Ukrainian, Belarusian and Serbian cannot do without a letter that it does not have."""
    letters = "".join(words).lower()
    own = sum(letters.count(letter) for letter in "ыэь") - letters.count("ьо")
    shown = own + sum(word in _RUSSIAN for word in words)
    return (
        shown >= 2
        and shown * 100 >= len(letters)
        and letters.count("ъ") * 5 <= own
        and "и" in letters
        and _NOT_RUSSIAN.isdisjoint(letters)
    )


def _is_english(words: Sequence[str]) -> bool:
    lower = [word.lower() for word in words]
    certain = sum(word in _ONLY_ENGLISH for word in lower)
    found = certain + sum(word in _ENGLISH for word in lower)
    return certain >= 2 and found >= _ENGLISH_SHARE * len(words) and "".join(words).isascii()
