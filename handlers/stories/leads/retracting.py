"""Recognizes posts in which a channel takes back or corrects its own post, in several languages.
Pure.

What others posted by mistake, or deny, is news and no correction: so the phrases name the post, or
the writer. Texts are folded (``fold``): lower case, without "ё".
"""

import functools
import re

_LABELS = """
    corrections? corrected corrects retraction retracted erratum errata
    исправление поправка опровержение уточнение
    виправлення спростування уточнення
    berichtigung korrektur richtigstellung rectificatif correctif mise\\sau\\spoint
    corrección rectificación fe\\sde\\serratas correção retificação rettifica errata\\scorrige
    düzeltme tekzip sprostowanie تصحيح تنويه\\sوتصحيح اصلاحیه تصحیح תיקון\\sטעות 更正 撤稿 订正
"""
"""First words of a correction, before a colon, a full stop or the end of the line."""
_POST_EN = "(?:report|post|story|message|alert|item|news flash)"
_WRONG = "(?:wrong|incorrect|false|erroneous|in error|mistaken|a mistake|inaccurate)"
_POST_RU = r"(?:сообщени|пост(?!\w{3})|публикаци|новост|повідомленн|допис)\w{0,3}"
_AT_RU = "(?:по ошибке|ошибочн|помилков)"
_POST_DE = "(?:meldung|nachricht|beitrag|eilmeldung|post)"
# A line for each language or pair of languages: beginnings of words, one of which is in every text
# that has such a phrase, then the phrase. A blank stands for any white space.
_PHRASES = (
    (
        "error mistak erroneous",
        rf"^\W*(?:(?:this|the|our|an?|previous|earlier|last|above) ){{0,3}}(?:{_POST_EN}"
        rf" )?(?:(?:was|is|above|(?:on|about|of|that) [\w ,'-]{{1,60}}|at"
        rf" [\d:h.]{{4,5}}),? ){{0,3}}(?:posted|published|sent|issued)\b.{{0,40}}\b(?:in"
        rf" error|by mistake|erroneously|mistakenly)\b",
    ),
    (
        "withdr retract",
        rf"\bwe (?:\w+ )?(?:withdraw|withdrew|retract|retracted|are withdrawing|are"
        rf" retracting) (?:\w+ ){{0,4}}?{_POST_EN}\b",
    ),
    (
        "disregard ignore",
        rf"\b(?:disregard|ignore) (?:our|the|this) (?:(?:earlier|previous|last)"
        rf" )?{_POST_EN}\b",
    ),
    (
        "wrong incorrect false error mistak inaccura",
        rf"(?:^\W*|\b(?:an|our|the) )(?:earlier|previous) {_POST_EN}\b(?! by| from| in |"
        rf" about).{{0,80}}\b{_WRONG}\b",
    ),
    (
        "our",
        rf"\bour (?:\w+ )?{_POST_EN}s?\b.{{0,80}}\b{_WRONG}\b",
    ),
    (
        "wrongly incorrectly mistakenly erroneously misreport",
        r"\bwe (?:\w+ )?(?:wrongly|incorrectly|mistakenly|erroneously|misreported)\b",
    ),
    (
        "удален видален",
        rf"^\W*(?:{_POST_RU} )?.{{0,80}}\b(?:удален|видален)\w{{0,3}},? (?:как|як)"
        rf" (?:ошибочн|помилков|недостоверн)",
    ),
    (
        "ошиб помилк",
        rf"^\W*{_POST_RU}\b.{{0,80}}\b(?:размещен|опубликован|отправлен|розміщен"
        rf"|опублікован)\w{{0,3}}\b.{{0,40}}\b{_AT_RU}",
    ),
    (
        "ошиб помилк",
        rf"^\W*(?:размещен|опубликован|отправлен|розміщен"
        rf"|опублікован)\w{{0,3}}\b.{{0,30}}\b{_AT_RU}",
    ),
    (
        "ошиб помил",
        r"\b(?:мы|ми|редакция|редакція) (?:\w+ ){0,3}?(?:ошибочно|ошиблись|помилково"
        r"|помилились)\b",
    ),
    (
        "опровергаем спростовуємо",
        r"\b(?:опровергаем|спростовуємо) (?:наш|сво|собственн|власн)",
    ),
    (
        "отзываем отозвали удаляем удалили відкликаємо видаляємо",
        rf"\b(?:отзываем|отозвали|удаляем|удалили|відкликаємо|видаляємо) (?:[^\W\d]+"
        rf" ){{0,2}}?{_POST_RU}",
    ),
    (
        "предыдущ наш попередн",
        rf"\b(?:предыдущ|наш|попередн)\w{{0,3}} {_POST_RU}\b.{{0,80}}(?:ошиб|неверн"
        rf"|недостоверн|не соответств|помилк|хибн)",
    ),
    (
        "versehentlich irrtümlich",
        rf"(?:^\W*|\b(?:wir|{_POST_DE})\b.{{0,60}})\b(?:versehentlich|irrtümlich) (?:\w+"
        rf" )?(?:veröffentlicht|gepostet|versendet|gemeldet)",
    ),
    (
        "ziehen",
        rf"\bziehen (?:wir )?(?:\w+ ){{1,2}}{_POST_DE}\b.{{0,60}}\bzurück\b",
    ),
    (
        "frühere vorige unsere",
        rf"\b(?:frühere|vorige|unsere) (?:\w+ )?{_POST_DE}\b.{{0,80}}\b(?:falsch"
        rf"|fehlerhaft|irrtümlich)",
    ),
    (
        "erreur",
        r"(?:^\W*|\b(?:message|dépêche|alerte|information)\b.{0,60})\b(?:publiée?"
        r"|diffusée?|envoyée?)s?\b.{0,30}\bpar erreur\b",
    ),
    (
        "retirons",
        r"\bnous retirons (?:\w+ ){1,2}(?:message|dépêche|publication|information"
        r"|alerte)\b",
    ),
    (
        "notre",
        r"\bnotre (?:\w+ )?(?:message|dépêche|publication"
        r"|information)\b.{0,80}\b(?:erron|fausse|inexact)",
    ),
    (
        "error erro engano equivoc",
        r"(?:^\W*|\b(?:mensaje|noticia|información|mensagem|notícia"
        r"|informação)\b.{0,60})\b(?:publicad|enviad|difundid)[oa]s?\b.{0,30}\bpor"
        r" (?:error|erro|engano|equivocación)\b",
    ),
    (
        "retiramos rectificamos retificamos",
        r"\b(?:retiramos|rectificamos|retificamos) (?:\w+ ){1,2}(?:noticia|información"
        r"|mensaje|notícia|informação|mensagem)\b",
    ),
    (
        "nuestr noss",
        r"\b(?:nuestr|noss)[oa] (?:\w+ )?(?:mensaje|noticia|información|mensagem"
        r"|notícia)\b.{0,80}\b(?:erróne|errad|incorrect|fals)",
    ),
    (
        "errore ritiriamo",
        r"(?:^\W*|\b(?:notizia|messaggio)\b.{0,60})\bpubblicat[oa]\b.{0,30}\bper"
        r" errore\b|\britiriamo la notizia\b",
    ),
    (
        "omyłkowo pomyłkę",
        r"^\W*.{0,60}\bopublikowan\w{1,3} (?:omyłkowo|przez pomyłkę)",
    ),
    (
        "yanlışlıkla sehven hatayla geri",
        r"\b(?:haber|mesaj|paylaşım)\w{0,6}\b.{0,60}\b(?:yanlışlıkla|sehven|hatayla)"
        r" (?:yayınlan|yayımlan|paylaş)|\bhaberimizi geri çek",
    ),
    (
        "خطأ نسحب",
        r"^\W*.{0,60}(?:نشر|نُشر)\w{0,2} .{0,30}(?:بالخطأ|عن طريق الخطأ)|نسحب"
        r" (?:هذا )?(?:ال)?خبر",
    ),
    (
        "اشتباه قبلی پیشین",
        r"به اشتباه منتشر|(?:خبر|پیام) (?:قبلی|پیشین).{0,60}(?:نادرست|اشتباه)",
    ),
    (
        "误发 撤回 此前 之前 早前",
        r"误发|撤回.{0,12}(?:报道|消息|快讯|帖)|(?:本台|本报|我们)(?:此前|之前|早前).{0,20}(?:有误|错误|不实)",
    ),
    (
        "בטעות קודמת",
        r"פורס(?:ם|מה) בטעות|(?:הודעה|ידיעה) (?:ה)?קודמת.{0,60}(?:שגוי|טעות)",
    ),
)
_LABEL = re.compile(
    rf"[^\w\n]{{0,12}}(?:{'|'.join(_LABELS.split())})(?=\s{{0,2}}(?:[:.!|)\]—–：。】\n-]|$))"
)
_OWN = tuple((tuple(stems.split()), phrase) for stems, phrase in _PHRASES)
_POSTED_AT = re.compile(
    r"(?:posted|published|sent|issued|размещ\w*|опубликов\w*|отправлен\w*|вышедш\w*|розміщен\w*"
    r"|опублікован\w*|publi\w*|veröffentlicht\w*|diffus\w*|نُ?شر\w*|от|von|de)"
    r"\W{1,2}(?:\w{1,7}\W{1,2}){0,2}?(?:[01]?\d|2[0-3])[:h.](?P<minute>[0-5]\d)(?!\d)"
    r"|(?<!\d)(?:[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)\W?(?:post|message|alert|meldung|发布|的)"
)
_PREVIOUS = re.compile(
    r"\b(?:previous|last) (?:post|message|alert)"
    r"|\b(?:предыдущ|прошл|последн)\w+ (?:пост|сообщен|публикац)"
    r"|\bпопередн\w+ (?:допис|повідомл|пост)|message précédent"
    r"|(?:vorige|letzte) (?:nachricht|meldung)"
    r"|(?:mensaje|mensagem) anterior|上一条|پیام قبلی|ההודעה הקודמת"
)
_STEMS = tuple(dict.fromkeys(stem for stems, _ in _OWN for stem in stems))


def fold(text: str) -> str:
    """A text as the functions below expect it."""
    return text.lower().replace("ё", "е").replace("’", "'")


@functools.lru_cache(maxsize=4_000)
def takes_back(text: str) -> bool:
    """Whether a folded text takes back or corrects a post of its own channel."""
    if _LABEL.match(text) is not None:
        return True
    found = {stem for stem in _STEMS if stem in text}
    return bool(found) and any(
        _compiled(phrase).search(text) is not None
        for stems, phrase in _OWN
        if not found.isdisjoint(stems)
    )


@functools.cache
def _compiled(phrase: str) -> re.Pattern[str]:
    """A phrase's expression; none is needed at the start, and many are of no language here."""
    return re.compile(phrase.replace(" ", r"\s"))


def posted_at(text: str) -> int | None:
    """The minute (0 to 59) of the time at which, as a folded text says, the other post was
    published; None if it names none. The hour is ignored: it depends on time zones."""
    found = _POSTED_AT.search(text)
    return None if found is None else int(found["minute"] or found["minute2"])


def names_previous(text: str) -> bool:
    """Whether a folded text refers to the post before it."""
    return _PREVIOUS.search(text) is not None
