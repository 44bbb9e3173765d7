"""Words that deny, doubt, correct or undo what a text reports, in several languages. Pure.

Digests compare stories by ``doubts``; cut copies are judged by ``denies`` and by the words in
``handlers.stories.cuts``.
"""

import re

# A line for each language or group of languages: beginnings of words, or whole words where "$" ends
# them.
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
"""For writing without spaces between words: found anywhere in a token."""


def denies(key: str) -> bool:
    """Whether a folded word denies, doubts, corrects or undoes something."""
    return _DOUBTS.match(key) is not None or _WITHIN.search(key) is not None


def doubts(key: str) -> bool:
    """Whether a folded word denies, doubts, corrects, undoes or refuses something."""
    return denies(key) or _REFUSALS.match(key) is not None
