"""What the bot says of translations."""

from storage.languages.records import Texts


class TranslatingWords(Texts, frozen=True, kw_only=True):
    """Of a post's translation, and of why there is none."""

    CONTEXT = "translating"

    button: str = "🌐 Translate"
    mark: str = "🌐 Translated by a machine; nobody has checked it. The original counts."
    cut: str = "This is the beginning; the rest is in the original."
    off: str = "Nothing is translated here."
    nothing: str = "There are no words in it to translate."
    changed: str = "The post has changed meanwhile, or is gone. Press again."
    in_private: str = "Press this in a private chat with me: here all would get the answer."
    often: str = "So many translations at once. Try again in a minute."
    down: str = "The translator does not answer now. Try again later."
    refused: str = "The translator would not take this post."


def translating_words(language: str) -> TranslatingWords:
    """What is said in a language: English where there is no other."""
    return TranslatingWords.of(language)
