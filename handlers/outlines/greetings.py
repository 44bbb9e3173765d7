"""Recognizes posts that only greet, say that there is no news, or ask to follow a channel. Pure."""

import re

MOST_OF_GREETING = 5
"""The most words of a post that only greets, or says that there is no news."""
_GREETING = re.compile(
    r"\W*(?:good (?:morning|afternoon|evening|night|day)|happy (?:new year|holidays?|weekend)"
    r"|hello (?:all|everyone|friends)|no comments?|доброе утро|добрый (?:день|вечер)"
    r"|(?:доброй|спокойной) ночи|здравствуйте"
    r"|всем (?:привет|доброго)|с (?:праздником|новым годом|добрым утром)|без комментариев"
    r"|guten (?:morgen|tag|abend)|gute nacht|ohne kommentar|bonjour|bonsoir|bonne (?:nuit|année)"
    r"|sans commentaire|buen[oa]s (?:días|tardes|noches)|sin comentarios)\b",
    re.IGNORECASE,
)
MOST_OF_CALL = 12
"""The most words of a line that only asks to follow a channel."""
_CALL = re.compile(
    r"\W*(?:(?:подпи(?:сывайтесь|саться|шись|шитесь)|подписка на (?:канал|нас|наш)"
    r"|присоединя(?:йтесь|йся)|присылайте|прислать новость|читайте нас"
    r"|підпи(?:шіться|сатися|сатись|суйтесь|суйтеся)|приєднуйтесь|надіслати новину"
    r"|subscribe|(?:join|follow) (?:us|our)|send us|read more on"
    r"|abonniere[nt]? sie|folge[nt]? (?:sie )?uns|abonnez-vous|suivez-nous|lire plus"
    r"|suscr[ií]b(?:ete|ase|anse)|s[ií]guenos|inscreva-se|siga-nos|abone ol|bizi takip"
    r"|تابعونا|اشتركوا?|عضو شوید|ما را دنبال|הצטרפו|עקבו)\b|关注|關注|订阅)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[.:;!?…\n—–]")


def tells_nothing(text: str) -> bool:
    """Whether a text has no words, or only greets. Few words can be the news of the day, also
    behind a greeting."""
    if _WORD.search(text) is None:
        return True
    greeting = _GREETING.match(text)
    if greeting is None or len(_WORD.findall(text)) > MOST_OF_GREETING:
        return False
    stop = _STOP.search(text, greeting.end())
    return stop is None or _WORD.search(text, stop.end()) is None


def is_call(text: str) -> bool:
    """Whether a line only asks to follow a channel."""
    return _CALL.match(text) is not None and text.count(" ") < MOST_OF_CALL
