"""Makes an article's file again: where title, deck and text stood among the furniture.

Furniture has its block number, paragraphs have their gaps, and the document the number of lines of
the file; the blocks of title, deck and first paragraph are chosen so that everything fits.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from msgspec import Struct

from handlers.normalize.datelines import datelines
from handlers.normalize.post import guards
from storage.document import Document

# The order of what shares a block: navigation and times, title, deck, pictures, text, tail.
_TITLE, _DECK, _TEXT = 1, 2, 4
_RANKS = {"alt_text": 3, "caption": 3, "credit": 3, "tail": 5, "copyright": 5}


class _Piece(Struct, frozen=True, kw_only=True):
    """A line of the file: its block, its order in the block, and the line break above it."""

    text: str
    block: int
    rank: int


def write(document: Document) -> str:
    """The text of the file that an article was read from."""
    wanted = document.source.lines[-1] if document.source.lines else 0
    nearest: str | None = None
    for pieces in _layouts(document):
        text = _join(pieces, document)
        if text.count("\n") + 1 == wanted:
            return text
        nearest = text if nearest is None else nearest
    return nearest or ""


def _layouts(document: Document) -> Iterator[list[_Piece]]:
    """The layouts that leave no block empty, the commonest first: each its own block."""
    fixed = [
        _Piece(text=item.text, block=item.at, rank=_RANKS.get(item.kind, 0))
        for item in document.furniture
    ]
    heads = [
        (text, rank) for text, rank in ((document.title, _TITLE), (document.deck, _DECK)) if text
    ]
    body = list(_paragraphs(document))
    movable = len(heads) + bool(body)
    reach = range(_last_opening_block(document) + 1 + movable)
    places = [place for place in product(reach, repeat=movable) if list(place) == sorted(place)]
    for place in sorted(places, key=lambda place: _oddness(place, fixed, len(heads))):
        pieces = fixed + [
            _Piece(text=guards.protect(text), block=block, rank=rank)
            for (text, rank), block in zip(heads, place, strict=False)
        ]
        pieces += [_Piece(text=text, block=place[-1] + offset, rank=_TEXT) for text, offset in body]
        pieces.sort(key=lambda piece: (piece.block, piece.rank))
        if _is_whole(pieces, document):
            yield pieces


def _last_opening_block(document: Document) -> int:
    """The last block of furniture of the opening: title, deck and text stand in blocks up to this
    one, or right below it. Tails, which may be far below, do not count."""
    kinds = ("tail", "copyright")
    return max((item.at for item in document.furniture[:30] if item.kind not in kinds), default=0)


def _oddness(place: Sequence[int], fixed: Sequence[_Piece], heads: int) -> tuple[int, ...]:
    """How unusual an arrangement of title, deck and text is, for sorting: best each is in a block
    of its own. A deck may share its block with pictures below it; a title rarely has a line above
    it."""
    shared = 2 * sum(after == before for before, after in pairwise(place))
    for number, block in enumerate(place):
        others = [piece.rank for piece in fixed if piece.block == block]
        is_text = number == heads
        shared += sum(2 if rank == 0 or is_text else 1 for rank in set(others) if rank < 5)
    return (shared, *place)


def _is_whole(pieces: Sequence[_Piece], document: Document) -> bool:
    """Whether no block is missing between the first and the last; a header may have one of its
    own."""
    blocks = sorted({piece.block for piece in pieces})
    first = blocks[0] if blocks else 0
    starts = first == 0 or (first == 1 and document.header_date is not None)
    return starts and blocks == list(range(first, first + len(blocks)))


def _paragraphs(document: Document) -> Iterator[tuple[str, int]]:
    """The paragraphs, each with its distance in blocks from the first."""
    texts = [guards.protect(block.text) for block in document.body]
    gaps = [0, *(block.gap or 0 for block in document.body[1:])]
    dateline = document.dateline
    first = document.body[0].gap if document.body else None
    if dateline is not None and first in (0, 1):
        texts[0] = dateline.raw + "\n" * first + texts[0]
    elif dateline is not None:
        found = datelines.match(f"{dateline.raw} Text")
        if texts and found is not None and found.dateline.raw == dateline.raw:
            texts[0] = f"{dateline.raw} {texts[0]}"
        else:
            alone = dateline.agency is None or dateline.agency in dateline.raw
            texts.insert(0, dateline.raw)
            gaps = [0, 2 if alone else 4, *gaps[1:]]
    offset = 0
    for text, gap in zip(texts, gaps, strict=False):
        offset += gap // 2
        yield text, offset


def _join(pieces: Sequence[_Piece], document: Document) -> str:
    header = f" date {document.header_date} " if document.header_date is not None else ""
    text = header
    block = 0
    for number, piece in enumerate(pieces):
        if piece.block > block:
            text += "\n\n"
        elif number:
            text += "\n"
        text += piece.text
        block = piece.block
    return text
