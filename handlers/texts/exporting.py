"""What the bot says of files that it sends."""

from storage.languages.records import Texts


class ExportingWords(Texts, frozen=True, kw_only=True):
    """``count`` counts documents, ``query`` is what was asked for."""

    CONTEXT = "exporting"
    ask: str = (
        "What shall I put into a file? Say csv or jsonl before the words for a table or JSON."
    )
    ask_of: str = "Which posts shall I put into it? Send the words that they have."
    no_format: str = "I make no {format} files, only {formats}."
    as_word: str = "To look for the word itself: {command}"
    none: str = "Nothing found for {query}."
    caption: str = "Posts found for {query}: {count}."
    cut: str = "The newest {count} posts for {query}; there are more than one file holds."


def exporting_words(language: str) -> ExportingWords:
    """What is said in a language: English where there is no other."""
    return ExportingWords.of(language)
