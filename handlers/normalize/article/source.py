"""The lines of an article's file, each with its place: block, gap above, and what it claims."""

from msgspec import Struct

from handlers.normalize.post import guards, headers, lines


class Item(Struct, frozen=True, kw_only=True):
    """One line that is not blank. ``block`` is the index of its block (blank lines part them)."""

    text: str
    block: int
    gap: int | None
    role: guards.Role | None = None
    guarded: bool = False


class Lines(Struct, frozen=True, kw_only=True):
    """An article's file: its header, its lines, and how many lines it has in all."""

    header: headers.Header | None
    items: tuple[Item, ...]
    count: int


def split(text: str) -> Lines:
    """The lines of an article's file. The header is a line of block 0 and no item."""
    header = headers.match(text)
    items: list[Item] = []
    block, newlines = 0, 0
    for raw in text[header.end if header else 0 :].split("\n"):
        line = raw.removesuffix("\r")
        role = guards.role(line)
        if not lines.is_blank(line) or role:
            if newlines >= 2 and (items or header):
                block += 1
            kept = guards.unprotect(line)
            gap = min(newlines, 2) if items else None
            guarded = kept != line
            items.append(Item(text=kept, block=block, gap=gap, role=role, guarded=guarded))
            newlines = 0
        newlines += 1
    return Lines(header=header, items=tuple(items), count=text.removesuffix("\n").count("\n") + 1)
