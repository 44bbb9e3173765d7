"""A poll or a checklist as blocks: its question or title heads its items."""

from collections.abc import Iterable

from storage.document import Block


def blocks(question: str | None, items: Iterable[str | None]) -> tuple[Block, ...]:
    """The question as a subhead, each item as a bullet; what is empty is left out."""
    found = [Block(type="subhead", text=question)] if question else []
    found += [Block(type="bullet", text=item, gap=1) for item in items if item]
    return tuple(found)
