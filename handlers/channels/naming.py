"""Which channels posts name, as ``@name`` and in links; and which one might watch. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from storage.channels.named import Forwarded, Written
from storage.document import Forward

# Each begins with what it is soon found by: thousands of posts are looked through.
_LINK = re.compile(r"t\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})\b(?!@)")
_AT = re.compile(r"@([A-Za-z][A-Za-z0-9_]{3,31})\b(?!@)")
_SPACE = re.compile(r"\\(?:[nrtfb]|u00[01][0-9a-f])")
"""White space as it is written in JSON: a name may stand behind it."""
_OWN = re.compile(r'"channel":\{[^{}]*"username":"(\w+)"')
_INSIDE = re.compile(r"[\w.@/]")
_NO_CHANNELS = frozenset(
    {"joinchat", "addstickers", "addemoji", "addtheme", "addlist", "share", "proxy", "socks"}
    | {"login", "invoice", "setlanguage", "boost", "contact", "confirmphone", "giftcode"}
    | {"telegram", "gmail", "mail", "yandex"}
)
"""What stands behind ``t.me/`` or an ``@`` and is nobody's name."""


@dataclass(slots=True)
class Suggestion:
    """A channel that is not watched: how to ask for it (``target``), what it is called, how often
    it was ``forwarded`` and in how many posts it is ``named``, and by which channels."""

    target: str
    title: str = ""
    forwarded: int = 0
    named: int = 0
    by: Counter[int] = field(default_factory=Counter)

    @property
    def rank(self) -> tuple[int, int, str]:
        """How many channels lead to it, then how many posts do; less is better."""
        return -len(self.by), -self.by.total(), self.target


def names_of(posts: Iterable[Written]) -> Counter[tuple[str, int]]:
    """In how many posts of which channel (its number) which name (in small letters) stands."""
    found: Counter[tuple[str, int]] = Counter()
    for post in posts:
        names = {name.lower() for name in _names(_SPACE.sub(" ", post.json))} - _own(post.json)
        found.update((name, post.channel_id) for name in names if _may_be_channel(name))
    return found


def _own(json: str) -> set[str]:
    """What the channel of a post was called when that was read: its link has that name."""
    found = _OWN.search(json)
    return {found[1].lower()} if found else set()


def _names(text: str) -> Iterator[str]:
    """The names in a text; not those behind the ``@`` of an address of mail."""
    for found in _LINK.finditer(text):
        if found.start() == 0 or not text[found.start() - 1].isalnum():
            yield found[1]
    for found in _AT.finditer(text):
        if found.start() == 0 or not _INSIDE.match(text, found.start() - 1):
            yield found[1]


def _may_be_channel(name: str) -> bool:
    return name not in _NO_CHANNELS and not name.endswith("bot")


def suggest(
    forwarded: Iterable[Forwarded],
    origins: dict[int, Forward],
    named: Counter[tuple[str, int]],
    *,
    watched: Set[int],
    names: Set[str],
) -> list[Suggestion]:
    """What the watched channels (by number) forward from and name, the most likely first, without
    these themselves and who has one of their ``names``. ``origins`` are what a forward tells of
    each, by its number."""
    found: dict[str, Suggestion] = {}
    for one in forwarded:
        if one.by not in watched or one.channel_id in watched:
            continue
        origin = origins.get(one.channel_id)
        username = (origin.username or "") if origin else ""
        if username.lower() in names:
            continue
        target = f"@{username}" if username else str(one.channel_id)
        suggestion = found.setdefault(target.lower(), Suggestion(target))
        suggestion.title = suggestion.title or ((origin.name or "") if origin else "")
        suggestion.forwarded += one.posts
        suggestion.by[one.by] += one.posts
    for (name, by), posts in named.items():
        if by in watched and name not in names:
            suggestion = found.setdefault(f"@{name}", Suggestion(f"@{name}"))
            suggestion.named += posts
            suggestion.by[by] += posts
    return sorted(found.values(), key=lambda one: one.rank)
