"""The opening of an article: which of the lines above the text are title, deck and furniture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.normalize.article import furniture, times
from handlers.normalize.article.source import Item
from handlers.normalize.datelines import datelines
from storage.document import FurnitureKind

# The most lines that the opening takes.
_REACH = 30
_LONGEST_TITLE = 250
_LONG = 120
_SENTENCE = re.compile(r"[.…][\"”»’')\]]{0,3}$")
_CALL = re.compile(r"[!?][\"”»’')\]]{0,3}$")
_SENTENCE_BREAK = re.compile(r"[.!?…][\"”»’')\]]{0,3}\s")
_BULLET = re.compile(r"\s*(?:[•▪▫◾◽■□●○‣◦*]|[-–—] |\d{1,2}[.)] )")
_CREDIT_SIGNS = ("©", "(c)", "(C)")


@dataclass(slots=True, kw_only=True)
class Opening:
    """Line numbers: of the title, the deck, and where the text starts; kinds of the furniture.

    ``lead`` is the line that a dateline may stand in: unfinished lines of text may be above it.
    """

    title: int | None = None
    deck: int | None = None
    start: int = 0
    lead: int = 0
    kinds: dict[int, FurnitureKind] = field(default_factory=dict)


def read(items: Sequence[Item]) -> Opening:
    """What the lines above the text are, and where the text starts."""
    claimed = _claimed(items)
    if claimed is not None:
        return claimed
    start = _start_of(items)
    opening = Opening(start=start, lead=start)
    _mark_looks(items, opening)
    _mark_photograph(items, opening)
    left = [at for at in range(opening.start) if at not in opening.kinds]
    _mark_repeats(items, opening, left)
    _choose_title(items, opening, left)
    _choose_deck(items, opening, left)
    opening.lead = max(opening.lead, opening.start)
    return opening


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence of running text does; headlines may ask and exclaim."""
    bare = text.rstrip()
    if _SENTENCE.search(bare):
        return True
    return len(bare) >= _LONG and _CALL.search(bare) is not None


def _claimed(items: Sequence[Item]) -> Opening | None:
    """An opening whose lines say themselves what they are (canonical text)."""
    if not any(item.role for item in items):
        return None
    opening = Opening(start=len(items), lead=len(items))
    for at, item in enumerate(items):
        if item.role == "title" and opening.title is None:
            opening.title = at
        elif item.role == "deck" and opening.deck is None:
            opening.deck = at
        else:
            opening.start = opening.lead = at
            break
    return opening


def _start_of(items: Sequence[Item]) -> int:
    first: int | None = None
    paragraphs = 0
    for at, item in enumerate(items[:_REACH]):
        if item.guarded:
            return at if first is None else first
        if _is_dateline(item.text) and times.parse(item.text) is None:
            return at
        if furniture.opening_kind(item.text) is None and _is_text(item.text):
            first = at if first is None else first
            paragraphs += 1
            if paragraphs > 1:
                break
    return min(len(items), _REACH) if first is None else first


def _is_dateline(text: str) -> bool:
    found = datelines.match(text)
    if found is None:
        return False
    line = found.dateline
    # A line of nothing but a place and a day may be a heading; a dateline goes before text.
    shouted = (line.place or "").split(",")[0].isupper()
    return line.agency is not None or shouted or found.end < len(text)


def _is_text(text: str) -> bool:
    return ends_sentence(text) or len(text) > _LONGEST_TITLE


def _mark_looks(items: Sequence[Item], opening: Opening) -> None:
    for at in range(opening.start):
        kind = furniture.opening_kind(items[at].text)
        if kind is not None:
            opening.kinds[at] = kind


def _mark_photograph(items: Sequence[Item], opening: Opening) -> None:
    """Alt text and caption stand above the credit, in its block; a deck may stand above them."""
    for at in range(1, opening.start):
        if opening.kinds.get(at) != "credit" or not items[at].text.startswith(_CREDIT_SIGNS):
            continue
        above = [
            number
            for number in range(at)
            if items[number].block == items[at].block and number not in opening.kinds
        ]
        if len(above) > 1 and items[above[-2]].text.startswith(items[above[-1]].text):
            opening.kinds[above[-2]] = "alt_text"
            opening.kinds[above[-1]] = "caption"
        elif len(above) > 1:
            credit = items[at].text.lstrip("©(cC) ")
            is_alt = items[above[-1]].text.endswith(credit)
            opening.kinds[above[-1]] = "alt_text" if is_alt else "caption"


def _mark_repeats(items: Sequence[Item], opening: Opening, left: list[int]) -> None:
    """A headline that is printed twice is a title once."""
    left[:] = [at for at in left if at not in opening.kinds]
    seen: set[str] = set()
    for at in list(left):
        if items[at].text in seen:
            opening.kinds[at] = "nav"
            left.remove(at)
        seen.add(items[at].text)


def _choose_title(items: Sequence[Item], opening: Opening, left: list[int]) -> None:
    time = next((at for at, kind in opening.kinds.items() if kind == "page_time"), None)
    above = [at for at in left if time is not None and at < time]
    if above:
        _take_sections(opening, left, above[-1])
    elif len(left) > 1 and _BULLET.match(items[left[1]].text) is None:
        words = len(items[left[0]].text.split())
        if words <= 2 and len(items[left[1]].text.split()) > words + 1:
            _take_sections(opening, left, left[1])
    elif left and _is_label(items[left[0]], time is not None):
        is_name = furniture.is_name(items[left[0]].text)
        opening.kinds[left.pop()] = "credit" if is_name else "section"
    if left and len(items[left[0]].text) <= _LONGEST_TITLE:
        opening.title = left.pop(0)


def _take_sections(opening: Opening, left: list[int], title: int) -> None:
    while left and left[0] != title:
        opening.kinds[left.pop(0)] = "section"


def _is_label(item: Item, timed: bool) -> bool:
    """A lone line that is no title: one word beside the header, or an author under the time."""
    words = len(item.text.split())
    return (item.gap is None and words == 1) or (timed and furniture.is_name(item.text))


def _choose_deck(items: Sequence[Item], opening: Opening, left: list[int]) -> None:
    if opening.title is None:
        opening.start = left[0] if left else opening.start
        return
    for at in left:
        text = items[at].text
        if _BULLET.match(text):
            opening.start = at
            break
        if len(text.split()) == 1 or furniture.is_name(text):
            opening.kinds[at] = "credit" if " " in text.strip() else "section"
        elif opening.deck is None and not _is_heading(items, opening, at):
            opening.deck = at
        elif _is_heading(items, opening, at):
            opening.start = at
            break
        elif _has_credit(items, opening, at):
            opening.kinds[at] = "caption"
        else:
            opening.start = at
            break
    if opening.deck is None and _is_deck(items, opening):
        opening.deck = opening.start
        opening.start += 1


def _has_credit(items: Sequence[Item], opening: Opening, at: int) -> bool:
    """Whether a photograph's credit stands in the line or in its block."""
    if furniture.names_photographer(items[at].text):
        return True
    return any(
        kind == "credit" and items[number].block == items[at].block
        for number, kind in opening.kinds.items()
    )


def _is_heading(items: Sequence[Item], opening: Opening, at: int) -> bool:
    """A short line right above the text with the page time above it heads the text."""
    timed = any(
        kind == "page_time" and (opening.title or 0) < number < at
        for number, kind in opening.kinds.items()
    )
    return timed and at == opening.start - 1 and not _is_dateline_at(items, opening.start)


def _is_dateline_at(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and datelines.match(items[at].text) is not None


def _is_deck(items: Sequence[Item], opening: Opening) -> bool:
    """One sentence glued under the title, and a longer text glued under it."""
    at = opening.start
    if opening.title is None or at + 1 >= len(items) or opening.title != at - 1:
        return False
    line, text = items[at], items[at + 1]
    if line.gap != 1 or text.gap != 1 or line.guarded or len(line.text) > _LONGEST_TITLE:
        return False
    if _is_dateline_at(items, at) or times.parse(text.text) is not None:
        return False
    return _SENTENCE_BREAK.search(line.text) is None and (
        len(text.text) > 1.3 * len(line.text) or _SENTENCE_BREAK.search(text.text) is not None
    )
