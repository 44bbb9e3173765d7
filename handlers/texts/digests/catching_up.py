"""What is said of catching up with what came in while one was away."""

from storage.languages.records import Texts


class CatchingUpWords(Texts, frozen=True, kw_only=True):
    """``{names}`` stand for values, as in ``Words``. The choices are short: they stand on
    buttons."""

    CONTEXT = "catching_up"
    ask: str = (
        "Since when were you away? Choose, or write: Friday, 3 days, 2026-11-20. "
        "Words before it narrow it: oil price Friday."
    )
    since_digest: str = "Last digest"
    since_yesterday: str = "Yesterday"
    since_friday: str = "Friday"
    three_days: str = "3 days"
    week: str = "A week"


def catching_up_words(language: str) -> CatchingUpWords:
    """The words of a language; English for one that is not there."""
    return CatchingUpWords.of(language)
