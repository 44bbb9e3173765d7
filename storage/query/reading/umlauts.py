"""Letters that are also written as two, where they are missing: München and Muenchen.

A word with such a letter is searched for in both spellings. A word with the two letters is searched
for with the single one only if it surely is such a word: ``Muenchen``, ``Schroeder``; not ``blue``,
``issue``, ``Michael``, which without their e are words of other languages (``issu``, ``Michał``).
"""

import re
import unicodedata
from functools import cache

LETTER = re.compile("[äöüåø]", re.IGNORECASE)
"""A letter that is also written as two."""

_ORDINARY = frozenset(
    {
        "blue", "clue", "clues", "cruel", "cue", "does", "doe", "due", "duel", "duell", "duet",
        "flue", "foe", "foes", "fuel", "glue", "goes", "hoe", "hue", "poet", "rue", "shoe", "sue",
        "sued", "suet", "toe", "toes", "true", "tue", "tuer", "woe",
    }
)  # fmt: skip
"""Ordinary words that look like an umlaut written out: "he sued" is not Süd."""

_WRITTEN = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_TWO = re.compile("([ao]|(?<![aeq])u)e", re.IGNORECASE)  # and not as in Bauer, neue, Quelle
_DOUBLED = re.compile("aa", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# What no language has that would have the word without its e.
_GERMAN = re.compile(
    "(?=.{6})(?:.*(?:sch|tz|burg|berg|stadt|hausen|haus|hof|heim|dorf|bach|brueck|strasse|kirch|wald"
    "|fluss|gesell|keit|heit|minister|praesid|chen|aeck|oeck|ueck|aeuser|aeude|gruen|gegenueb).*"
    "|.*(?:ung|ungen|lich|ler|ner|mann|stein|feld|itaet|itaeten))",
    re.IGNORECASE,
)
_NAMES = """
koeln zuerich duesseldorf luebeck goettingen tuebingen muenster guetersloh neumuenster
boeblingen goeppingen esslingen wuerttemberg thueringen oesterreich kaernten saarbruecken
goerlitz koethen foehr ruegen fuessen muehle koenig koenigin mueller moeller schroeder goering
goethe goebbels duerer schaeuble soeder boell boehm boehme baerbock kuehn kuehne kuehl
guenther guenter juergen joerg joergen goetz roentgen moerike hoelderlin wuerth jaeger
schaefer kaestner krueger kroeger ruehe roesler roessler koehler koerner fuehrer gruene gruenen
buerger staedte strassenbahn maerz fluechtlinge buero buecher soeren soerensen
joergensen moensted koebenhavn goeteborg malmoe tromsoe bodoe oersted oestergaard roenne
helsingoer joensson bjoern bjoerk oerebro goesta noerrebro
"""
_DOUBLED_NAMES = """
aarhus aalborg aaland aalesund aabenraa graasten
"""


def ways(text: str, *, wide: int) -> tuple[str, str] | None:
    """The two spellings of a text with such letters: without their signs, and with two letters for
    each; or of a text with two letters: as it is, and with the single letter without its sign. None
    for other texts. Fewer if not ``wide``."""
    composed = unicodedata.normalize("NFC", text)
    letters = LETTER.findall(composed)
    if letters and (wide or not set("".join(letters).lower()) <= set("åø")):
        written = _WORD.sub(lambda match: write_out(match[0]), composed)
        return None if written == composed else (LETTER.sub(_bare, composed), written)
    if wide and not letters and may_be_written_out(text):
        read = _WORD.sub(lambda match: _one_letter(match[0]), composed)
        return None if read == composed else (composed, read)
    return None


def may_be_written_out(text: str) -> bool:
    """Whether a text may have such a letter written as two."""
    maybe = _TWO.search(text) or _DOUBLED.search(text)
    return maybe is not None and any(_one_letter(word) != word for word in _WORD.findall(text))


def write_out(word: str) -> str:
    """A composed word with ``ue`` for ``ü``; as it is where that is an ordinary word."""
    written = LETTER.sub(lambda match: _two(match[0]), word)
    return word if written.lower() in _ORDINARY else written


def _two(letter: str) -> str:
    return _WRITTEN[letter] if letter.islower() else _WRITTEN[letter.lower()].title()


def _bare(match: "re.Match[str]") -> str:
    return unicodedata.normalize("NFD", match[0])[0].replace("ø", "o").replace("Ø", "O")


@cache
def _names() -> frozenset[str]:
    return frozenset(_NAMES.split())


@cache
def _doubled_names() -> frozenset[str]:
    return frozenset(_DOUBLED_NAMES.split())


def _one_letter(word: str) -> str:
    """A word that is surely written out with one letter for two, without its sign."""
    if _TWO.search(word) and (word.lower() in _names() or _GERMAN.fullmatch(word)):
        return _TWO.sub(r"\1", word)
    return _DOUBLED.sub("a", word) if word.lower() in _doubled_names() else word
