"""Posts that only greet, or say that they say nothing. Pure."""

import re

MOST_OF_GREETING = 5
"""The most words of a post that only greets, or says that it says nothing."""
_GREETING = re.compile(
    r"\W*(?:good (?:morning|afternoon|evening|night|day)|happy (?:new year|holidays?|weekend)"
    r"|hello (?:all|everyone|friends)|no comments?|доброе утро|добрый (?:день|вечер)"
    r"|(?:доброй|спокойной) ночи|здравствуйте"
    r"|всем (?:привет|доброго)|с (?:праздником|новым годом|добрым утром)|без комментариев"
    r"|guten (?:morgen|tag|abend)|gute nacht|ohne kommentar|bonjour|bonsoir|bonne (?:nuit|année)"
    r"|sans commentaire|buen[oa]s (?:días|tardes|noches)|sin comentarios)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[.:;!?…\n—–]")


def tells_nothing(text: str) -> bool:
    """Whether a text has no words, or only greets: few words can be the news of the day, behind a
    greeting too."""
    if _WORD.search(text) is None:
        return True
    greeting = _GREETING.match(text)
    if greeting is None or len(_WORD.findall(text)) > MOST_OF_GREETING:
        return False
    stop = _STOP.search(text, greeting.end())
    return stop is None or _WORD.search(text, stop.end()) is None
