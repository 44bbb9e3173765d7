"""The answer to a question that ends with something like a span of time that cannot be one."""

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
    """Says that the span cannot be used, and how to search for it as a word; None if there is
    nothing odd.

    Otherwise it would be searched for as words, within another span than was meant.
    """
    odd = odd_span(text, shortest=shortest, longest=longest)
    if odd is None:
        return None
    shown, said = shorten(odd, UNITS), span_words(words.language)
    bounds = {"least": code(write_span(shortest)), "most": code(write_span(longest))}
    return Message(fill(said.odd, span=code(shown), quoted=code(f'"{shown}"'), **bounds))
