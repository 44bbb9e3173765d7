"""Markdown that leaked into dumps: texts saved by Telethon's ``message.text``, read back.

Telethon writes entities as ``**bold**``, ``__italic__``, ``~~strike~~``, code in backticks and
``[words](address)``. A mark without its partner is text.
"""

import re
from dataclasses import dataclass, field

from storage.document import Span, SpanKind

_KINDS: dict[str, SpanKind] = {
    "**": "bold",
    "__": "italic",
    "~~": "strike",
    "`": "code",
    "```": "pre",
}
_MARK = re.compile(
    r"(?P<mark>```|`|\*\*|~~|(?<!\w)__|__(?!\w))"
    r"|(?P<open>\[(?=[^\[\]\n]{1,400}\]\([^()\s]{3,2000}\)))"
    r"|\]\((?P<url>[^()\s]{3,2000})\)"
)


@dataclass(slots=True)
class _Reading:
    """Text as far as it is read, its spans, and the marks that are still open."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)

    def take(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def close(self, mark: str, kind: SpanKind, url: str | None = None) -> None:
        start = self.opened.pop(mark)
        if start < self.length:
            self.spans.append(Span(kind=kind, start=start, end=self.length, url=url))


def read(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text that the Markdown stands for, and its spans in characters, in order."""
    marks = _paired(list(_MARK.finditer(text)))
    reading = _Reading()
    at = 0
    for found in marks:
        reading.take(text[at : found.start()])
        at = found.end()
        if found["open"]:
            reading.opened["["] = reading.length
        elif found["url"]:
            reading.close("[", "link", found["url"])
        elif found["mark"] in reading.opened:
            reading.close(found["mark"], _KINDS[found["mark"]])
        else:
            reading.opened[found["mark"]] = reading.length
    reading.take(text[at:])
    spans = sorted(reading.spans, key=lambda span: (span.start, -span.end))
    return "".join(reading.pieces), tuple(spans)


def _paired(marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """Those marks that have a partner: the others are text."""
    kept: set[int] = set()
    waiting: dict[str, int] = {}
    for index, found in enumerate(marks):
        name = found["mark"] or "["
        if found["open"]:
            waiting["["] = index
        elif name in waiting:
            kept |= {waiting.pop(name), index}
        elif not found["url"]:
            waiting[name] = index
    return [found for index, found in enumerate(marks) if index in kept]
