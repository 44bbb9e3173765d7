"""What the bot says where something cannot be done now, or went wrong."""

from storage.languages.records import Texts


class FailingWords(Texts, frozen=True, kw_only=True):
    """``say_…`` answer a message, ``press_…`` a press, ``inline_…`` an inline query.

    ``…_wrong``: of a failure that nobody foresaw; ``say_kept``: what was said is done later;
    ``say_again``, ``say_many``: it was not done; ``cannot_edit`` stands above the buttons of a
    message that can't be changed any more; ``no_files`` in place of a file that its chat does
    not take; ``topic_closed`` beside the first that its topic did not take.
    """

    CONTEXT = "failing"
    say_wrong: str = "Something went wrong here, and it has been noted. Please say that again."
    say_kept: str = (
        "I can't write anything down at the moment. What you said will be done when I can."
    )
    say_again: str = (
        "I could not write anything down, so that was not done. Please say it again later."
    )
    say_many: str = (
        "That was too much at once: the last of it was not done. Please go on in a minute."
    )
    press_wrong: str = "Something went wrong here, and it has been noted."
    press_kept: str = "This takes a while."
    press_again: str = "That is not possible at the moment. Please press again later."
    inline_wrong: str = "Not possible now, try again"
    inline_fast: str = "Too fast: wait a moment"
    cannot_edit: str = "The message can't be changed any more. Here are its buttons:"
    no_files: str = (
        "I may not send files here, so it is missing. Let me send files, or ask me in private."
    )
    topic_closed: str = (
        "A topic of this group is closed: what I told there comes here now. /alert in a topic "
        "moves alerts there."
    )


def failing_words(language: str) -> FailingWords:
    """The words of a language; English for one that the bot does not speak."""
    return FailingWords.of(language)
