"""The lexemes of English words: endings are removed by rule, irregular forms by table.

The rules are those of Porter's second stemmer for inflection (its steps 0, 1 and the final e of
step 5: https://snowballstem.org/algorithms/english/stemmer.html). Its steps 2 to 4 remove
derivation and are left out: they would make one word of international and internal, of university
and universe.
"""

import re
from functools import cache

from storage.query.words import irregular

_VOWELS = re.compile("[aeiouy]+")
# From the first consonant after a vowel on: an e at the end falls only there.
_REGION = re.compile("[aeiouy][^aeiouy]")
# A short last syllable keeps or regains its e: hop-e, mak-e.
_SHORT = re.compile("(?:(?:^|[^aeiouy])[aeiouy][^aeiouywx]|^[aeiouy][^aeiouy])$")
_DOUBLED = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_KEPT_WORDS = """
news species series canvas christmas gas bias atlas chaos cosmos lens mars texas paris
during evening morning wedding inning outing canning herring earring ceiling darling sibling
viking anything everything nothing something king ring sing wing bring spring string
hundred sacred embed shed sled unite
always perhaps besides afterwards politics economics ethics physics mathematics
"""
_GERUND = re.compile("([a-z]+ing)(s?)")
# Forms that are one word by these rules, though they mean different things: a row for each.
_MEANINGS = """
arm arms | arms armed; bank banks | banking; base bases | basis bases; bear bears | bearing
bearings; box boxes | boxing; brief briefs | briefing briefings; build builds built | building
buildings; content | contents; custom | customs; damage | damages; dice | die dies died dying;
draw draws drew drawn | drawing drawings; dress dresses | dressing; feel feels felt | feeling
feelings; file files filed | filing filings; find finds found | finding findings; fire fires |
fired | firing; fish | fishing; fund funds | funding; glass | glasses; good | goods |
better best; ground | grounds | grounded; hear hears heard | hearing hearings; house houses |
housing | housed; land lands | landing landings | landed; lead leads led | leading; long | longing
longed | longer longest; mean means meant | meaning meanings; media | medium mediums; meet meets
met | meeting meetings; mine mines | mining | mined; open opens opened | opening openings; paint
paints | painting paintings; park parks | parking | parked; person persons | people; plane planes |
planing; plant plants | planting planted; present presents | presented presenting; premise |
premises; proceed proceeds proceeded | proceedings; quarter quarters | quartered; race races |
racing; rate rates | rating ratings | rated; rock rocks | rocked rocking; saving savings | save
saves saved; second seconds | seconded; security | securities; set sets | setting settings; ship
ships | shipping | shipped; shop shops | shopping; spell spells | spelling; state states | stated
stating; stock stocks | stocking stockings; suit suits | suited; table tables | tabled; tank
tanks | tanked; market markets | marketed | marketing; trade trades traded | trading; cook cooks
cooked | cooking; engineer engineers engineered | engineering; nurse nurses nursed | nursing;
account accounts | accounted | accounting; cloth cloths | clothed clothing; cross crosses crossed |
crossing crossings; earn earns earned | earning earnings; gather gathers gathered | gathering
gatherings; hold holds held | holding holdings; offer offers offered | offering offerings; print
prints printed | printing; rank ranks ranked | ranking rankings; read reads | reading readings;
school schools | schooled | schooling; understand understands understood | understanding
understandings; train trains | training trainings | trained; war wars | warring; well | wells |
welled; wing wings | winged; wound wounds wounded | wind winds winding; write writes wrote |
writing writings | written; minute minutes | minuted; william | williams; robert | roberts;
edward | edwards; peter | peters;
steven | stevens; adam | adams; daniel | daniels; andrew | andrews; richard | richards; phillip |
phillips; roger | rogers; jacob | jacobs; david | davids; owen | owens; brook | brooks; evan |
evans; john | johns; gibbon | gibbons; simmon | simmons; jenkin | jenkins
"""

_HARDLY_ELSE = """
men lost shot broke stole fell spoke thought met felt lit tore analyses
"""
"""Forms that are words too, and that texts hardly ever mean so."""


def readings(form: str) -> tuple[str, ...]:
    """The lexemes that a folded form may belong to, sorted."""
    words = _irregular().get(form)
    if words is None:
        return (stem(form),)
    found = {stem(word) for word in words}
    if form in _words_themselves():
        found.add(stem(form))
    return tuple(sorted(found))


def is_irregular(form: str) -> bool:
    """Whether a form is one of an irregular word."""
    return form in _irregular()


def list_forms(lexeme: str) -> tuple[str, ...]:
    """A form for each set of readings that a form of this lexeme can have."""
    return (lexeme, *_forms_of().get(lexeme, ()))


def list_meant(form: str) -> tuple[str, ...]:
    """The forms that surely mean what a form does, itself first, where others of its lexeme mean
    something else (``train``: train and trains, not training); empty for all other words.

    So do those of nearly each word in -ing: ``marketing`` is no market, ``Manning`` no man.
    """
    found = _meanings().get(form, ())
    if not found and (one := _GERUND.fullmatch(form)) is not None and stem(form) != one[1]:
        return (form, one[1] if one[2] else f"{form}s")
    return found


def stem(form: str) -> str:
    """A folded form without its inflection, as far as rules go."""
    if len(form) <= 2 or form in _kept():
        return form
    word = _plural(form)
    return word if word in _kept() else _final(_past(word))


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and word[-2] not in "us" and _VOWELS.search(word[:-2]):
        return word[:-1]
    return word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word
    if word.endswith("ied"):
        return word[:-2] if len(word) > 4 else word[:-1]
    for ending in ("ed", "ing"):
        base = word.removesuffix(ending)
        if base != word:
            return _restore(base) if _VOWELS.search(base) else word
    return word


def _restore(base: str) -> str:
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if base.endswith(_DOUBLED) and len(base) > 3:
        return base[:-1]
    return base + "e" if _SHORT.search(base) and not _REGION.search(base[:-1]) else base


def _final(word: str) -> str:
    if word.endswith("ll") and len(_VOWELS.findall(word)) > 1:
        return word[:-1]
    if word.endswith("y") and len(word) > 2 and not _VOWELS.match(word[-2]):
        return word[:-1] + "i"
    if not word.endswith("e"):
        return word
    region = _REGION.search(word)
    if region is None or region.end() >= len(word):
        return word
    rest = _REGION.search(word, region.end())
    if rest is not None and rest.end() < len(word):
        return word[:-1]
    return word if _SHORT.search(word[:-1]) else word[:-1]


@cache
def hardly_else() -> frozenset[str]:
    """The forms that are words too, and that texts hardly ever mean so."""
    return frozenset(_HARDLY_ELSE.split())


@cache
def _kept() -> frozenset[str]:
    return frozenset(_KEPT_WORDS.split())


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in (one.split() for one in re.split("[;|]", _MEANINGS)):
        for form in row:  # a form of two rows may mean either: it stands for itself
            others = () if form in found else [one for one in row if one != form]
            found[form] = (form, *others)
    return found


@cache
def _words_themselves() -> frozenset[str]:
    return irregular.list_words_themselves()


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return irregular.list_forms()


@cache
def _forms_of() -> dict[str, tuple[str, ...]]:
    forms: dict[str, set[str]] = {}
    for form in _irregular():
        for lexeme in readings(form):
            forms.setdefault(lexeme, set()).add(form)
    return {lexeme: tuple(sorted(found)) for lexeme, found in forms.items()}
