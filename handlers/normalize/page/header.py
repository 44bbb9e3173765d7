"""A channel page's header, where an extractor keeps it: title, counters, text, button."""

from collections.abc import Sequence

from msgspec import Struct

from handlers.normalize.post import page_marks
from storage.document import FurnitureKind

# The title stands at most this many lines above the counters, the button this many below.
_ABOVE = 3
_BELOW = 25
_SUFFIXES = (" – Telegram", " - Telegram", " — Telegram")


class Top(Struct, frozen=True, kw_only=True):
    """The header's lines: how many, what each is, and the channel's title."""

    count: int = 0
    title: str | None = None
    kinds: tuple[FurnitureKind, ...] = ()


def read(page: Sequence[str]) -> Top:
    """The header that a page's lines (none blank) begin with; an empty one if there is none."""
    first = next((at for at in range(min(_ABOVE, len(page))) if _is_counters(page, at)), None)
    if first is None:
        return Top()
    after = first
    while after < len(page) and page_marks.is_counter(page[after]):
        after += 1
    reach = range(after, min(len(page), after + _BELOW))
    button = next((at for at in reach if page_marks.is_button(page[at])), None)
    count = button + 1 if button is not None else after
    above = [line for line in page[:first] if not line.endswith(_SUFFIXES)]
    kinds: list[FurnitureKind] = ["section" if line in above else "nav" for line in page[:first]]
    kinds += ["counter"] * (after - first)
    kinds += ["section"] * (count - after - (button is not None))
    kinds += ["nav"] * (button is not None)
    return Top(count=count, title=above[0] if above else None, kinds=tuple(kinds))


def _is_counters(page: Sequence[str], at: int) -> bool:
    """Whether two counters, or one and the button, stand here."""
    if not page_marks.is_counter(page[at]):
        return False
    following = page[at + 1] if at + 1 < len(page) else ""
    return page_marks.is_counter(following) or any(
        page_marks.is_button(line) for line in page[at + 1 : at + _BELOW]
    )
