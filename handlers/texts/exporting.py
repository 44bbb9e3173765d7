"""What the bot says of files that it sends: one record a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportingWords:
    """``count`` counts documents, ``query`` is what was asked for."""

    ask: str
    none: str
    caption: str
    cut: str


EN = ExportingWords(
    ask="What shall I put into a file? Say csv or jsonl before the words for a table or JSON.",
    none="Nothing found for {query}.",
    caption="Posts found for {query}: {count}.",
    cut="The newest {count} posts for {query}; there are more than one file holds.",
)

RU = ExportingWords(
    ask="Что положить в файл? Перед словами можно написать csv (таблица) или jsonl.",
    none="По запросу {query} ничего не нашлось.",
    caption="Посты по запросу {query}: {count}.",
    cut="Самые новые {count} постов по запросу {query}; остальные в файл не поместились.",
)


def exporting_words(language: str) -> ExportingWords:
    """What is said in a language: English where there is no other."""
    return RU if language == "ru" else EN
