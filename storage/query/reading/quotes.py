"""Where a quotation ends, in any of the quotation marks that people and phones write."""

from storage.errors import QueryError

QUOTES = (
    '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033'
    "\u300a\u300b\u300c\u300d\u300e\u300f\u301d\u301e\u301f"
)
SINGLE = "'`\u00b4\u2018\u2019\u201a\u201b\u2032\u2039\u203a"

# Marks with different signs for beginning and end: quotations with them can be nested.
_CLOSING = {
    "\u00ab": "\u00bb",
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u300a": "\u300b",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
}


def find_end(text: str, at: int) -> int | None:
    """The place of the mark that closes a quotation begun at ``at``; None if none begins there.
    Raises QueryError if it is never closed.

    A single mark may be an apostrophe: it begins a quotation only if another one ends it.
    """
    if text[at] in SINGLE:
        return _single_end(text, at)
    if text[at] not in QUOTES:
        return None
    end = _nested_end(text, at)
    if end is None:
        end = next((i for i in range(at + 1, len(text)) if text[i] in QUOTES), None)
    if end is None:
        raise QueryError(
            "the quotation mark is not closed",
            column=at,
            edit=(at, len(text), f'"{text[at + 1 :].strip()}"'),
        )
    return end


def _nested_end(text: str, at: int) -> int | None:
    """The end of a quotation that may contain others: ``«Завод «Волна»»``, or with a single mark
    that closes both. None if marks are mixed."""
    opening, closing = text[at], _CLOSING.get(text[at], "")
    opened, ends = 0, []
    for index in range(at, len(text)):
        if text[index] in closing:
            ends.append(index)
        elif text[index] == opening:
            opened += 1
        if len(ends) == opened:
            break
    both_at_once = opening == "\u00ab" and (opened, len(ends)) == (2, 1)
    if len(ends) != opened and not both_at_once:
        return None
    return ends[-1] if text.count('"', at, ends[-1]) % 2 == 0 else None


def _single_end(text: str, at: int) -> int | None:
    if not text[at + 1 : at + 2].strip():
        return None
    for index in range(at + 1, len(text)):
        following = text[index + 1 : index + 2]
        if text[index] in SINGLE and not following.isalnum() and not text[index - 1].isspace():
            return index
    return None
