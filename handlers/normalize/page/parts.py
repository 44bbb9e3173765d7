"""A flattened page cut at its certain marks: forward lines, placeholders, hidden pairs, counters.

Between them lie stretches of text lines, of which ``page_copies`` finds the posts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handlers.normalize.post import guards, page_marks
from handlers.normalize.post.lines import Line


@dataclass(slots=True, kw_only=True)
class Part:
    """What stands between two marks. ``start`` and ``end`` are line numbers of the page, the end
    exclusive; ``rows`` are those of the text lines. ``certain``: a post surely starts here."""

    start: int
    end: int
    forward: str | None = None
    placeholders: list[str] = field(default_factory=list)
    reply: tuple[str, str] | None = None
    lines: list[Line] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    hidden: bool = False
    counters: list[str] = field(default_factory=list)
    certain: bool = False

    @property
    def opened(self) -> bool:
        """Whether a mark stands before the text."""
        return self.forward is not None or bool(self.placeholders)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all stands here."""
        return not (self.opened or self.lines or self.hidden or self.reply)


def cut(page: Sequence[Line], rows: Sequence[int], *, names: Iterable[str] = ()) -> list[Part]:
    """The parts of a page's lines that are not blank, in order.

    ``rows`` numbers the lines in their file; ``names`` are channels that posts may answer, beside
    those that the page forwards.
    """
    known = {name for line in page if (name := page_marks.forward_name(line.text))}
    return list(_Cutter(page, rows, known.union(names)).parts())


class _Cutter:
    def __init__(self, page: Sequence[Line], rows: Sequence[int], names: set[str]) -> None:
        self._texts = [line.text for line in page]
        self._page = page
        self._rows = rows
        self._names = names
        first = rows[0] if rows else 0
        self._part = Part(start=first, end=first, certain=True)

    def parts(self) -> Iterator[Part]:
        at = 0
        while at < len(self._texts):
            for taken, done in self._take(at):
                at += taken
                if done is not None:
                    yield done
        if not self._part.is_empty:
            yield self._part

    def _take(self, at: int) -> Iterator[tuple[int, Part | None]]:
        """How many lines the mark or text at ``at`` takes, and the part that it ends."""
        text, following = self._texts[at], self._following(at)
        name = page_marks.forward_name(text)
        if name is not None:
            yield 0, self._begin(at, certain=True)
            self._part.forward = name
            yield self._grow(at, 1), None
        elif page_marks.placeholder(text, following) is not None:
            if self._part.lines:
                yield 0, self._begin(at, certain=False)
            self._part.placeholders.append(text.strip())
            yield self._grow(at, 2), None
        elif page_marks.is_hidden_pair(text, following):
            self._part.hidden = True
            yield self._grow(at, 2), None
            yield 0, self._begin(at + 2, certain=True)
        elif self._counts(at):
            self._part.counters.append(text)
            yield self._grow(at, 1), None
            yield 0, self._begin(at + 1, certain=False)
        elif self._is_reply(at):
            if self._part.lines:
                yield 0, self._begin(at, certain=False)
            self._part.reply = (text, following or "")
            yield self._grow(at, 2), None
        else:
            self._part.lines.append(self._page[at])
            self._part.rows.append(self._rows[at])
            yield self._grow(at, 1), None

    def _following(self, at: int) -> str | None:
        return self._texts[at + 1] if at + 1 < len(self._texts) else None

    def _grow(self, at: int, count: int) -> int:
        last = min(at + count, len(self._rows)) - 1
        self._part.end = self._rows[last] + 1
        return last + 1 - at

    def _begin(self, at: int, *, certain: bool) -> Part | None:
        """A new part from line ``at`` on; gives the one before it, if there was anything."""
        done = self._part
        row = self._rows[at] if at < len(self._rows) else done.end
        if done.is_empty:
            self._part = Part(start=done.start, end=row, certain=done.certain or certain)
            return None
        self._part = Part(start=row, end=row, certain=certain)
        return done

    def _counts(self, at: int) -> bool:
        """Whether the line is the reactions of the post above it."""
        if not self._part.lines or self._part.hidden:
            return False
        text = self._texts[at]
        if page_marks.is_reactions(text):
            return True
        following = self._following(at)
        ends = following is None or page_marks.forward_name(following) is not None
        return ends and page_marks.is_bare_number(text) and text not in self._before(at)

    def _before(self, at: int) -> list[str]:
        return self._texts[max(0, at - 200) : at]

    def _is_reply(self, at: int) -> bool:
        """A known channel's name and the words answered stand above the text of a reply."""
        if at + 2 >= len(self._texts) or self._part.reply is not None:
            return False
        if self._part.placeholders and not self._part.lines:
            return False
        if guards.role(self._texts[at]) is not None:
            return False
        words = self._following(at) or ""
        return self._texts[at] in self._names and page_marks.forward_name(words) is None
