"""Text from outside, made safe within a line of ours. Pure."""

import re
import unicodedata

from storage.records import Channel

# Embeddings, overrides and isolates (Unicode Standard Annex 9): what opens one turns all that
# follows on its line.
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_EMBEDS, _ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP_EMBED, _POP_ISOLATE = "\u202c", "\u2069"
# Marks count as a letter of one direction: at the end, or where no letter has that direction, they
# reorder others.
_MARKS = "\u200e\u200f\u061c"
_UNSEEN = ("C", "Z", "M")
# Letters and a sign that are blank (the Unicode Standard: Hangul fillers, and the empty braille).
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
_PARAGRAPH = re.compile("[\n\r\x1c-\x1e\x85\u2029]")


def can_be_seen(name: str) -> bool:
    """Whether anything of a name is visible: it is not just white space, marks and blanks."""
    return any(sign not in _BLANK and unicodedata.category(sign)[0] not in _UNSEEN for sign in name)


def contained(name: str) -> str:
    """A name without signs that would change the direction of text beside it."""
    if name.isascii():
        return name
    plain = name.translate(_TURNS)
    if not any(mark in plain for mark in _MARKS):
        return plain
    if any(letter.isalpha() and _runs_left(letter) for letter in plain):
        return plain.strip(_MARKS)
    return plain.translate(dict.fromkeys(map(ord, _MARKS)))


def _runs_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def without_turns(text: str) -> str:
    """A text without embeddings, overrides and isolates, whose pieces may stand anywhere."""
    return text if text.isascii() else text.translate(_TURNS)


def closing(text: str) -> str:
    """The signs that close what a text leaves open on its last line: embeddings, overrides and
    isolates otherwise last to the end of the paragraph."""
    if text.isascii():
        return ""
    opened: list[str] = []
    for sign in _PARAGRAPH.split(text)[-1]:
        if sign in _EMBEDS:
            opened.append(_POP_EMBED)
        elif sign in _ISOLATES:
            opened.append(_POP_ISOLATE)
        elif sign == _POP_ISOLATE and sign in opened:
            # It also ends what was opened within the isolate.
            del opened[len(opened) - 1 - opened[::-1].index(sign) :]
        elif sign == _POP_EMBED and opened[-1:] == [sign]:
            opened.pop()
    return "".join(reversed(opened))


def name_of(channel: Channel) -> str:
    """A channel's name: ``@username``, else its title, reference or number."""
    if channel.username:
        return f"@{channel.username}"
    return contained(channel.title or "") or channel.reference or str(channel.channel_id)


def title_of(channel: Channel) -> str:
    """A channel's title on one line, else its ``name_of``."""
    return " ".join(contained(channel.title or "").split()) or name_of(channel)
