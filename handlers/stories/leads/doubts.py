"""Words that deny, doubt, correct or undo what is told, in whatever language. Pure.

``doubts`` is what digests hold against each other; copies that were cut are judged by ``denies``,
and by what stands with ``handlers.stories.cuts``.
"""

import re

# Each line: a language, or a few near ones. What a word begins with, or all of it before "$".
_WORDS = """
    den(?:y|ying|ies|ied|ials?)$ fake hoax false$ untrue refut alleg(?!ia) reportedly unconfirm
    rumou?r correct(?!ional) retract cancel withdr
    опровер опроверг опроверж фейк ложн неправд якобы слух неподтвержд уточн исправ(?!ит) поправк
    ошиб отмен учебн(?!ик) отбо[йяею]$
    спрост скасов брех вигад хибн виправл нібито чутк навчальн відбій$ відбою$
    falsch dementi angeblich gerücht abgesag korrektur korrigi widerruf entwarn
    démen faux$ fausse rumeur annul correctif rectific rectif prétendu
    desmient desmint desment falso$ falsa$ bulo$ rumores?$ boato cancelad supuest supost correcci
    smentit smentisc presunt
    yalan iddia asılsız iptal söylenti sözde düzeltme
    (?:ال|و)?(?:شائع|كاذب|مزعوم|تصحيح) (?:و|س)?(?:نف[تىي]|تنفي|ينفي)$ (?:إلغاء|ألغ|تكذيب|زائف)
    تکذیب شایعه دروغ نادرست اصلاحیه لغو$
    ה?(?:מכחיש|הכחיש|הוכחש|שמוע|כוזב|בוטל)
"""
_DOUBTS = re.compile("|".join(_WORDS.split()))
_REFUSALS = re.compile("refus|отказ")
_WITHIN = re.compile("辟谣|谣言|不实|虚假|更正|取消|否认")
"""Where words are not written apart."""


def denies(key: str) -> bool:
    """Whether a folded word denies, doubts, corrects or undoes something."""
    return _DOUBTS.match(key) is not None or _WITHIN.search(key) is not None


def doubts(key: str) -> bool:
    """Whether it does, or refuses something."""
    return denies(key) or _REFUSALS.match(key) is not None
