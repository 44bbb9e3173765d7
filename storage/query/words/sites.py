"""The targets of links: an address as its site and the rest.

Read as browsers do (url.spec.whatwg.org), as far as that decides the site: a name before ``@`` is
no site, a backslash is a slash, ``xn--`` and Unicode are two spellings of one name. Addresses
without a site (``mailto:``, ``tg:``) are ignored.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from storage.document import Document

MOST_LABELS = 8
"""A site is indexed by its own name, and by up to this many of its last labels."""
LONGEST = 500
"""The number of characters of an address that are read."""

_ADDRESS = re.compile(
    r"(?:(?:(?:https?|ftp):[/\\]*|[/\\]+)(?:[^/\\?#]*@)?)?([^/\\?#:@]+)(?::[0-9]*)?"
    r"([/\\?][^#]*)?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_LABELS = re.compile(r"[^\W_](?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)+")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_UNSEEN = re.compile("[\t\r\n]")


class Site(NamedTuple):
    """``host``: in lower case and Unicode, without ``www.``; ``rest``: path and query in lower
    case, without a slash at either end."""

    host: str
    rest: str

    def __str__(self) -> str:
        return f"{self.host}/{self.rest}" if self.rest else self.host


@lru_cache(maxsize=4_000)
def read(address: str) -> Site | None:
    """The site of an address, with or without ``https://``; None where it leads to none."""
    found = _ADDRESS.fullmatch(_UNSEEN.sub("", address[:LONGEST].strip()))
    if found is None:
        return None
    host = _read_host(found[1])
    if host is None:
        return None
    return Site(host, (found[2] or "").replace("\\", "/").strip("/").casefold())


@lru_cache(maxsize=4_000)
def _read_host(written: str) -> str | None:
    host = written.lower().rstrip(".")
    if not host.isascii() or "xn--" in host:
        host = _in_unicode(host)
    host = host.removeprefix("www.")
    return host if _LABELS.fullmatch(host) else None


def _in_unicode(host: str) -> str:
    """A name as it is shown, whichever way it is written."""
    host = unicodedata.normalize("NFKC", host.translate(_DOTS)).casefold()
    labels = map(_read_label, host.rstrip(".").split("."))
    return unicodedata.normalize("NFKC", ".".join(labels)).casefold()


def _read_label(label: str) -> str:
    """A label in Unicode, as it is shown."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def list_addresses(document: Document) -> list[str]:
    """The addresses of a document's links, and of the pages that are linked below it."""
    written = [link.url or link.text for link in document.links]
    return written + [medium.url for medium in document.media if medium.url is not None]


def list_sites(document: Document) -> tuple[Site, ...]:
    """Where these addresses lead, each once."""
    found = [site for one in list_addresses(document) if (site := read(one)) is not None]
    return tuple(dict.fromkeys(found)) if found else ()


@lru_cache(maxsize=4_000)
def names(host: str) -> tuple[str, ...]:
    """The names that a site is indexed by: its own, and those of its parent sites, without the last
    label alone."""
    return tuple(dict.fromkeys((host, *_endings(host))))


def _endings(host: str) -> Iterator[str]:
    labels = host.split(".")
    for count in range(2, min(len(labels), MOST_LABELS) + 1):
        yield ".".join(labels[-count:])


def leads_to(site: Site, asked: Site) -> bool:
    """Whether a link to a site is within the requested site."""
    if site.host != asked.host and not site.host.endswith(f".{asked.host}"):
        return False
    following = site.rest[len(asked.rest) : len(asked.rest) + 1]
    return site.rest.startswith(asked.rest) and (not asked.rest or following in ("", *"/?&"))
