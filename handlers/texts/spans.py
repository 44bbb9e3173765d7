"""What the bot says of spans of time that it can't count."""

from storage.languages.records import Texts


class SpanWords(Texts, frozen=True, kw_only=True):
    """``span`` is what was written, ``quoted`` the same as a word that is looked for; ``least`` and
    ``most`` are spans as they are typed: 1h, 366d. ``days`` are counted: 366 days."""

    CONTEXT = "spans"
    odd: str = (
        "{span} is no span that I can count here: it takes a whole number of hours, days, weeks or "
        "months, from {least} to {most}. As a word to look for it stands in quotes: {quoted}"
    )
    too_far: str = "That is more than {days} ago, further back than I can look."
    several: str = (
        "One span holds for all that is compared, and you wrote {spans}. Write one, behind them: "
        "{example}"
    )


def span_words(language: str) -> SpanWords:
    """What is said in a language: English where there is no other."""
    return SpanWords.of(language)
