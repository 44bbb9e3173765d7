"""Decides whether an edit of a post is news. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from handlers.stories import tokens
from storage.document import Document
from storage.query import snippet

_TRACKING = re.compile(r"utm_.*|fbclid|gclid|yclid|ysclid|igshid|mc_[ce]id|_openstat", re.I)


def is_news(old: Document, new: Document) -> bool:
    """Whether an edit changed more than typography, white space, ornaments or a link's tracking
    parameters."""
    return _said(old) != _said(new)


def _said(document: Document) -> tuple[object, ...]:
    text = snippet.searchable_text(document)
    words = [token.key for token in tokens.read(text)]
    return words, tokens.decisive_signs(text), sorted(_targets(document))


def _targets(document: Document) -> Iterator[str]:
    """The addresses of the links, without tracking parameters."""
    for link in document.links:
        try:
            parts = urlsplit(link.url or "")
            asked = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
            yield f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{asked}"
        except ValueError:
            yield link.url or ""
