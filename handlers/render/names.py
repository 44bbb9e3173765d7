"""Names and titles of others, as they may stand within a line of ours. Pure."""

# Embeddings, overrides and isolates (Unicode Standard Annex 9): what opens one turns all that
# follows on its line. The marks that only stand beside a letter stay.
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def contained(name: str) -> str:
    """A name without the signs that would turn the direction of what follows it."""
    return name if name.isascii() else name.translate(_TURNS)
