"""Links of posts as people paste them, taken apart: which message of which channel is meant."""

import re
import urllib.parse

from msgspec import Struct

from handlers.sources.references import NoReferenceError, Reference, parse_reference

_WORD = re.compile(r"\S+")
_AROUND = "<>()[]«»“”\"',;.!?"
_PATH = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/"
    r"(?P<owner>(?:s/)?[A-Za-z][A-Za-z0-9_]{2,31}|c/[0-9]{1,19})"
    r"(?:/[0-9]{1,15})?/(?P<number>[0-9]{1,15})/?(?:[?#].*)?",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?:https?://)?(?P<owner>(?!www\.)[A-Za-z][A-Za-z0-9-]{2,31}\.t\.me)"
    r"(?:/[0-9]{1,15})?/(?P<number>[0-9]{1,15})/?(?:[?#].*)?",
    re.IGNORECASE,
)
_APP = re.compile(r"tg:(?://)?(?:resolve|privatepost)/?\?(?P<query>.+)", re.IGNORECASE)


class PostLink(Struct, frozen=True):
    """A message (its number) of a channel, which is a name or an id."""

    channel: Reference
    message_id: int

    @property
    def doc_id(self) -> str:
        """The name under which the document is looked up."""
        owner = self.channel.value
        if self.channel.kind == "name":
            owner = f"@{owner}"
        return f"tg:{owner}/{self.message_id}"


def find_link(text: str) -> PostLink | None:
    """The first link of a post in a text: ``t.me/name/12``, ``t.me/c/34/12``, with a topic before
    the number, ``name.t.me/12``, ``tg://resolve?domain=name&post=12``; None where there is none."""
    words = (match[0].strip(_AROUND) for match in _WORD.finditer(text))
    return next((link for word in words if (link := _read(word)) is not None), None)


def _read(word: str) -> PostLink | None:
    path = _PATH.fullmatch(word) or _HOST.fullmatch(word)
    if path is not None:
        owner = path["owner"]
        return _link(owner if "." in owner else f"t.me/{owner}/1", path["number"])
    app = _APP.fullmatch(word)
    if app is None:
        return None
    given = dict(urllib.parse.parse_qsl(app["query"].partition("#")[0]))
    return _link(word, given.get("post", ""))


def _link(channel: str, number: str) -> PostLink | None:
    if not re.fullmatch("[0-9]{1,15}", number) or int(number) < 1:
        return None
    try:
        reference = parse_reference(channel)
    except NoReferenceError:
        return None
    return None if reference.kind == "invite" else PostLink(reference, int(number))
