"""Recognizes what surrounds an article on a news page, each from a single line: navigation,
counters, credits and copyright lines, and what follows the text: comments, share links, the
source."""

import re

from handlers.normalize.article import times
from handlers.normalize.datelines import agencies
from storage.document import FurnitureKind

_LONGEST = 300
_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"(?:all news|news|latest news|top news|home|menu|search|log ?in|sign (?:in|up)|print|share:?"
    r"|все новости|новости|лента новостей|главная|меню|поиск|печать|поделиться:?"
    r"|(?:eng?|rus?|ua|укр|рус|англ)(?:\s*[|/]\s*(?:eng?|rus?|ua|укр|рус))*)",
    re.IGNORECASE,
)
# Whole short lines; a sentence or a headline that only names a network is text.
_LONGEST_LABEL = 90
_NETWORK = r"(?:facebook|x/twitter|x|twitter|telegram|youtube|instagram)"
_NAVIGATION_LABEL = re.compile(
    rf"(?:follow|join|find|like|watch|share|read)(?: (?:us|this|it))?(?: on {_NETWORK})?"
    rf"|(?:follow|join) (?:\S+ ){{1,3}}on {_NETWORK}|(?:us )?on {_NETWORK}"
    r"|subscribe(?: to (?:us|our (?:\w+ )?(?:channel|newsletter|feed)s?|(?:the )?newsletter))?"
    r"|(?:\w+ - )?make a charitable donation.*|disclaimer:.+"
    r"|(?:home|главная)\s?[|>»/].*",
    re.IGNORECASE,
)
_NETWORKS = re.compile(
    rf"(?P<brand>\S{{2,30}}(?: \S{{1,20}})?) on {_NETWORK}(?: (?P=brand) on {_NETWORK})+.{{0,40}}",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"[\d\s.,:%+-]{1,40}|[\d\s.,]{1,12}[KMкм]?\s(?:visitors online|views?|comments?|shares?"
    r"|просмотр\w{0,3}|комментари\w{0,3})|[\d.,]{1,10}\s?(?:RUB|USD|EUR|BYN|UAH|KZT|₽|\$|€|руб\.?)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s.{0,80}\b(?:19|20)\d\d\b.{0,120}|.{0,160}all rights reserved.{0,40}"
    r"|.{0,160}все права защищены.{0,40}",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:©|\(c\)\s).{1,160}|(?:(?:photo|image|picture|фото|иллюстрация)(?:\s(?:by|credit))?"
    r"|credit)\s?:.{0,160}|\w{0,12}(?:photo|фото)"
    r"|by (?:[A-Z][\w.’'-]+ ?){2,4}",
    re.IGNORECASE,
)
# "Source: the port closes in May" is a headline: a credit names somebody, or a site.
_NAMED = r"(?:[^\W\d_a-zа-яё]\S*|\S+\.\S+)"
_CREDITED = rf"{_NAMED}(?: (?:{_NAMED}|and|of|the|и|de|von|[–—|-])){{0,9}}"
_LABELLED = re.compile(rf"(?i:source|via|источник|text|author|автор|by)\s?:\s?{_CREDITED}\s?")
_AUTHOR = re.compile(rf"(?i:author|автор):\s?(?:{_CREDITED})?\s?")
_NAME = re.compile(r"[^\W\d_a-zа-яё][\w’'-]+(?: [^\W\d_a-zа-яё][\w.’'-]*){1,2}")
_PHOTOGRAPHER = re.compile(
    r"[^\W\d_a-zа-яё][\w.’'-]+ ?/ ?[^\W\d_a-zа-яё][\w.]+(?: \w+)?$"
    r"|(?:©|\((?:[Pp]hoto|[Фф]ото)\b).{0,60}$"
    r"|\b(?:[Pp]hoto|[Фф]ото):.{2,60}$"
)
_TAIL = re.compile(
    r"(?:…|\.\.\.)?\s?(?:(?:read more|read also|see also|читайте также)\b[^.]{0,120}\.?"
    r"|(?:tags?|комментарии|теги|подробнее)(?:\s?:[^.]{0,120}\.?)?|source|via|источник)",
    re.IGNORECASE,
)
_TAIL_MARK = re.compile(
    r"(?:comments?:?|комментарии:?|leave a (?:comment|reply).{0,40}|share:?|share this.{0,40}"
    r"|поделиться:?|\w{0,4} ?user at\b.{0,80}"
    r"|related (?:news|articles)"
    r"|читайте также:?|read also:?)",
    re.IGNORECASE,
)


def opening_kind(text: str) -> FurnitureKind | None:
    """The kind of furniture that a line above an article's text is; None: it may be the title."""
    bare = text.strip()
    if len(bare) > _LONGEST:
        return None
    if times.parse(bare) or times.split(bare):
        return "page_time"
    if _COUNTER.fullmatch(bare):
        return "counter"
    if _NAVIGATION.fullmatch(bare) or _URL.fullmatch(bare) or _is_label(bare):
        return "nav"
    if _COPYRIGHT.fullmatch(bare):
        return "copyright"
    if _CREDIT.fullmatch(bare) or _LABELLED.fullmatch(bare):
        return "credit"
    return "nav" if agencies.is_name(bare.removesuffix("News").removesuffix(":")) else None


def _is_label(bare: str) -> bool:
    short = len(bare) <= _LONGEST_LABEL
    return _NETWORKS.fullmatch(bare) is not None or (
        short and _NAVIGATION_LABEL.fullmatch(bare.rstrip(".!:")) is not None
    )


def tail_kind(text: str) -> FurnitureKind | None:
    """The kind of furniture that a line below an article's text is; None: it is text."""
    bare = text.strip()
    if len(bare) > _LONGEST:
        return None
    if times.parse(bare):
        return "page_time"
    if _COPYRIGHT.fullmatch(bare):
        return "copyright"
    known = (_TAIL, _URL, _TAIL_MARK, _LABELLED)
    if any(pattern.fullmatch(bare) for pattern in known):
        return "tail"
    return "credit" if bare.startswith("©") else None


def begins_tail(text: str) -> bool:
    """Whether everything after this line is tail too."""
    bare = text.strip()
    return len(text) <= _LONGEST and any(
        pattern.fullmatch(bare) is not None for pattern in (_TAIL_MARK, _AUTHOR)
    )


def names_photographer(text: str) -> bool:
    """Whether a line ends in a photograph's credit: ``Mayor of the town Ann Lee/TASS``."""
    return _PHOTOGRAPHER.search(text.strip()) is not None


def is_name(text: str) -> bool:
    """Whether a line is two or three capitalised words: perhaps an author."""
    return len(text) <= 48 and _NAME.fullmatch(text.strip()) is not None
