"""What the bot says of spans of time that it can't count."""

from dataclasses import dataclass

from storage.languages.records import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanWords(Texts):
    """``span`` is what was written, ``quoted`` the same as a word that is looked for."""

    CONTEXT = "spans"
    odd: str = (
        "{span} is no span that I can count: it takes a whole number of hours, days, weeks or "
        "months, 366 days at most, such as 90d. As a word to look for it stands in quotes: {quoted}"
    )


def span_words(language: str) -> SpanWords:
    """What is said in a language: English where there is no other."""
    return SpanWords.of(language)
