"""Items of lists and rows of tables in rich messages: their marks, and how they are written."""

from collections.abc import Iterator, Sequence

from handlers.normalize.parsing.fields import kind, listed, whole, words
from handlers.normalize.parsing.spans import shifted
from handlers.normalize.telethon.rich_words import Words
from storage.document import Block, Span
from storage.structs import replace

_BETWEEN = " | "


def items(node: object) -> Iterator[tuple[object, str | None]]:
    """The items of a list with what marks them: ``3.`` in a numbered list, a box that is ticked or
    not, nothing."""
    found = list(listed(node, "items"))
    is_numbered = kind(node) == "PageBlockOrderedList"
    step = -1 if getattr(node, "reversed", None) else 1
    number = whole(node, "start") or (len(found) if step < 0 else 1)
    for item in found:
        value = whole(item, "value")
        number = number if value is None else value
        label = words(item, "num") or str(number)
        yield item, _box(item) or (f"{label.rstrip('.')}." if is_numbered else None)
        number += step


def bullet(first: Block, marker: str | None) -> Block:
    """The first line of an item, its mark before it."""
    if marker is None:
        return replace(first, type="bullet")
    spans = tuple(shifted(first.spans, len(marker) + 1))
    text = f"{marker} {first.text}"
    return replace(first, type="bullet", text=text, marker=marker, spans=spans)


def row(cells: Sequence[Words]) -> Words:
    """The cells of a row on one line, `` | `` between them."""
    text, spans = "", tuple[Span, ...]()
    for number, cell in enumerate(cells):
        text += _BETWEEN if number else ""
        spans += tuple(shifted(cell.spans, len(text)))
        text += cell.text.replace("\n", " ")
    return Words(text if any(cell.text for cell in cells) else "", spans)


def _box(item: object) -> str | None:
    if not getattr(item, "checkbox", None):
        return None
    return "☑" if getattr(item, "checked", None) else "☐"
