"""What a redacted post said, found again in what others were told of it. Pure.

A text is compared by its words: as quoted, cut, or laid out anew, a piece of it is a run of the
same words.
"""

import re
from collections.abc import Iterable
from typing import Any

from storage.document import Document

RUN = 3
"""Words in a row that are masked as the post's."""
TELLING = 6
"""Words in a row that show that a message tells of the post, though it does not link to it."""

_WORD = re.compile(r"\w+")


class Wording:
    """What the versions of a post said, its ``names`` (``doc_id``), and its translations."""

    def __init__(
        self, versions: Iterable[Document], names: Iterable[str], translations: Iterable[str] = ()
    ) -> None:
        kept = list(versions)
        self.names = frozenset(names)
        links = {document.url for document in kept if document.url}
        mentioned = sorted({*links, *self.names}, key=len, reverse=True)
        self._mention = re.compile(
            rf"(?:{'|'.join(map(re.escape, mentioned))})(?![0-9])", re.IGNORECASE
        )
        self._runs: set[tuple[str, ...]] = set()
        for text in (*translations, *(text for document in kept for text in _texts(document))):
            words = [found[0].casefold() for found in _WORD.finditer(text)]
            size = min(RUN, len(words))
            self._runs |= {
                tuple(words[start : start + size]) for start in range(len(words) - size + 1)
            }
        self._runs.discard(())

    def is_in(self, value: Any) -> bool:
        """Whether a JSON value tells of the post: names it, or says much of what it said."""
        texts = list(strings_of(value))
        return any(self._mention.search(text) for text in texts) or any(
            longest >= TELLING for text in texts for longest in (self._longest(text),)
        )

    def mask(self, text: str) -> str:
        """The text with the post's words as dots; offsets in it stay."""
        hidden = self._hidden(text)
        if not hidden:
            return text
        pieces, done = [], 0
        for start, end in hidden:
            pieces += [text[done:start], _dots(text[start:end])]
            done = end
        return "".join([*pieces, text[done:]])

    def mask_value(self, value: Any) -> Any:
        """A JSON value with its texts masked; what stands beside the post's name, whole."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, list):
            return [self.mask_value(item) for item in value]
        if isinstance(value, dict):
            named = str(value.get("doc_id", "")).lower() in self.names
            return {
                key: item
                if key in _KEPT
                else _dotted(item)
                if named and key in _TELLING_FIELDS
                else self.mask_value(item)
                for key, item in value.items()
            }
        return value

    def _longest(self, text: str) -> int:
        longest = streak = 0
        for is_hidden in self._flags([word.casefold() for word in _WORD.findall(text)]):
            streak = streak + 1 if is_hidden else 0
            longest = max(longest, streak)
        return longest

    def _hidden(self, text: str) -> list[tuple[int, int]]:
        words = list(_WORD.finditer(text))
        flags = self._flags([word[0].casefold() for word in words])
        return [word.span() for word, is_hidden in zip(words, flags, strict=True) if is_hidden]

    def _flags(self, words: list[str]) -> list[bool]:
        """Which of the words stand in a run of the post's."""
        flags = [False] * len(words)
        for size in range(1, RUN + 1):
            for start in range(len(words) - size + 1):
                if tuple(words[start : start + size]) in self._runs:
                    flags[start : start + size] = [True] * size
        return flags


_KEPT = frozenset({"doc_id", "posts", "rest", "roundups", "at", "since", "language"})
_TELLING_FIELDS = frozenset({"head", "text", "quote", "words", "name", "old", "new", "across"})


def strings_of(value: Any) -> Iterable[str]:
    """Every text in a JSON value, keys apart."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


def _texts(document: Document) -> Iterable[str]:
    """All words of a post that anybody may have been told."""
    yield from document.texts()
    for medium in document.media:
        yield from filter(None, (medium.title, medium.name))
    yield from (piece.text for piece in document.furniture)
    if document.reply_to is not None and document.reply_to.quote:
        yield document.reply_to.quote


def _dotted(value: Any) -> Any:
    if isinstance(value, str):
        return _dots(value)
    if isinstance(value, list):
        return [_dotted(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key in _KEPT else _dotted(item) for key, item in value.items()}
    return value


def _dots(text: str) -> str:
    # Formatting counts in UTF-16 units: as many as before.
    return "·" * (len(text.encode("utf-16-le", "surrogatepass")) // 2)
