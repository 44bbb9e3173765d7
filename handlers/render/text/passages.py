"""The part of a text that is shown: its opening, and the matches wherever they are."""

import re
from collections.abc import Sequence

from handlers.render.text.messages import boundary, fitting, grapheme_boundary
from handlers.render.text.names import closing
from handlers.render.text.rich import RichText, Span, join, marked

Range = tuple[int, int]

OPENING_UNITS = 600
AROUND = 120
PIECES = 2
MARKS = 60
"""How many matches are shown in bold: Telegram keeps 100 entities a message."""


def passage(
    text: str,
    spans: Sequence[Range],
    *,
    opening: int = OPENING_UNITS,
    pieces: int = PIECES,
    links: Sequence[Span] = (),
    gaps: Sequence[int] = (),
) -> RichText:
    """A text's opening (in UTF-16 units) with the matches in bold.

    A word that matches only further down is shown in a piece of its own with its surroundings.
    ``spans``: the matches as ranges of characters, ascending; ``links``: links of the text;
    ``gaps``: places, ascending, above which a blank line stands.
    """
    end = boundary(text, fitting(text, opening))
    shown: list[Range] = [(0, end)]
    seen = {_word(text, span) for span in spans if span[1] <= end}
    for span in spans:
        if span[1] <= end or _word(text, span) in seen or _inside(span, shown[1:]):
            continue
        seen.add(_word(text, span))
        shown.append(_around(text, span, end))
        if len(shown) > pieces:
            break
    return _show(text, spans, _merged(shown), links, gaps)


def _word(text: str, span: Range) -> str:
    """A key for matches that are alike: forms of one word mostly share their beginning."""
    return text[span[0] : span[1]].casefold()[:4]


def _inside(span: Range, ranges: Sequence[Range]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in ranges)


def _around(text: str, span: Range, floor: int) -> Range:
    """The surroundings of a match, cut between words, not before ``floor``."""
    start, end = max(floor, span[0] - AROUND), min(len(text), span[1] + AROUND)
    gap = re.compile(r"\s").search(text, start, span[0]) if start > floor else None
    start = gap.end() if gap else start
    if end < len(text):
        spaces = [match.start() for match in re.compile(r"\s").finditer(text, span[1], end + 1)]
        end = spaces[-1] if spaces else max(span[1], grapheme_boundary(text, end))
    return start, end


def _merged(ranges: Sequence[Range]) -> list[Range]:
    """The ranges in order, those that touch or overlap made one."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _show(
    text: str,
    spans: Sequence[Range],
    ranges: Sequence[Range],
    links: Sequence[Span],
    gaps: Sequence[int],
) -> RichText:
    parts: list[RichText] = []
    budget = MARKS
    for start, end in ranges:
        within = [
            (max(span[0], start) - start, min(span[1], end) - start)
            for span in spans
            if span[0] < end and span[1] > start
        ][:budget]
        budget -= len(within)
        piece = RichText(text, tuple(links)).cut(start, end)
        piece = RichText(piece.text, (*marked(piece.text, within).spans, *piece.spans))
        blank = [place - start for place in gaps if start < place < end]
        piece = piece.inserted(blank, "\n").stripped()
        before = "… " if start else ""
        after = " …" if end < len(text.rstrip()) else ""
        parts.append(before + piece + closing(piece.text) + after)
    return join("\n\n", parts)
