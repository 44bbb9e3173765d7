"""What to answer where a question ends with what looks like a span of time and is none."""

from datetime import timedelta

from handlers.render.text.messages import Message, shorten
from handlers.render.text.rich import code, fill
from handlers.texts.spans import span_words
from handlers.texts.words import Words
from handlers.times.spans import LONGEST, SHORTEST, odd_span, write_span

UNITS = 60


def refuse_span(
    text: str, words: Words, *, shortest: timedelta = SHORTEST, longest: timedelta = LONGEST
) -> Message | None:
    """That it can't be counted, and how it can be meant as a word; None where nothing is odd. As
    words it would be looked for, and the span be another than was asked for."""
    odd = odd_span(text, shortest=shortest, longest=longest)
    if odd is None:
        return None
    shown, said = shorten(odd, UNITS), span_words(words.language)
    bounds = {"least": code(write_span(shortest)), "most": code(write_span(longest))}
    return Message(fill(said.odd, span=code(shown), quoted=code(f'"{shown}"'), **bounds))
