"""Which language a text is written in, by an offline identifier held to a fixed set.

Most texts give themselves away by signs (``language_signs``). The rest are asked of lingua in its
trigram mode: some 100 µs a sample and 30 MB once it is used, against 220 µs a text and 98 MB for
py3langid, and 190 MB for lingua's full models. It is imported when first asked: a process that
never asks pays nothing.
"""

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from handlers.normalize import language_signs

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = (
    *("ar", "be", "bg", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hy", "it", "ja"),
    *("ka", "kk", "ko", "mk", "nl", "pl", "pt", "ro", "ru", "sr", "sv", "tr", "uk", "zh"),
)
FEWEST_LETTERS = 20
# A sample has this many characters: more cost more (1 µs each) and change no verdict.
SAMPLE = 80
# Characters at either end that are looked at.
END = 600
# The halves of a text of more samples must agree: it may be in two languages.
LONG = 6
LEAST_CONFIDENCE = 0.8
# A text in two scripts is in one language when that one's script holds this share of its letters.
LEAST_SCRIPT_SHARE = 0.75

_NO_LANGUAGE = re.compile(r"(?:https?://|www\.|t\.me/)\S+|[@#]\w+")
_LETTERS = re.compile(r"[^\W\d_]+")


def identify(text: str) -> str | None:
    """The ISO 639-1 code of the language of ``text``, one of ``LANGUAGES``.

    Links, mentions and hashtags are left aside. None below 20 letters, when two scripts or two
    languages share the text, and when the identifier is unsure.
    """
    if len(text) > 2 * END:
        text = f"{text[:END]} {text[-END:]}"
    words = _LETTERS.findall(_NO_LANGUAGE.sub(" ", text))
    by_script: dict[str, list[str]] = {}
    for word in words:
        by_script.setdefault(_script(word[0]), []).append(word)
    letters = {script: sum(map(len, own)) for script, own in by_script.items()}
    script = max(letters, key=lambda name: letters[name], default="")
    whole = sum(letters.values())
    if whole < FEWEST_LETTERS or letters[script] < LEAST_SCRIPT_SHARE * whole:
        return None
    own = by_script[script]
    half = len(own) // 2 if whole > LONG * SAMPLE else 0
    found = _identify(script, own[half:])
    return found if not half or _identify(script, own[:half]) == found else None


def _identify(script: str, words: list[str]) -> str | None:
    return language_signs.identify(script, words) or _identify_sample(" ".join(words)[:SAMPLE])


def _identify_sample(sample: str) -> str | None:
    best = _detector().compute_language_confidence_values(sample)[0]
    if best.value < LEAST_CONFIDENCE:
        return None
    return str(best.language.iso_code_639_1.name.lower())


@functools.lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The writing system of a letter; the three of Japanese and Chinese count as one."""
    script = unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA", "HALFWIDTH") else script


@functools.cache
def _detector() -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in LANGUAGES]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    return builder.with_low_accuracy_mode().build()
