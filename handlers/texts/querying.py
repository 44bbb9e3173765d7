"""What the bot says of queries beyond searching itself: previews, sorting, filters, inline mode."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryingWords:
    """``posts`` and ``channels`` are forms for ``Words.count``; ``periods`` and ``languages`` are
    the labels of filters by their value; ``thousands`` stands between groups of digits."""

    fired: tuple[str, ...]
    fired_many: str
    fired_never: str
    latest: str
    preview_slow: str
    keep: str
    narrow: str
    drop: str
    kept: str
    narrow_ask: str
    narrow_more: str
    only_original: str
    narrowed: str
    cannot_narrow: str
    no_dates: str
    small_operator: str
    indexing: str
    many_results: str
    thousands: str

    also_in: tuple[str, ...]
    also_posts: tuple[str, ...]
    by_relevance: str
    by_date: str
    channel: str
    period: str
    language: str
    any_channel: str
    any_period: str
    any_language: str
    periods: Mapping[str, str]
    languages: Mapping[str, str]
    back: str
    make_alert: str
    share: str
    no_alert: str
    slow: str

    inline_empty: str
    inline_problem: str
    inline_refused: str
    inline_none: str
    inline_slow: str

    def number(self, number: int) -> str:
        """A number as it is written: ``1,000``."""
        return f"{number:,}".replace(",", self.thousands)


EN = QueryingWords(
    fired=(
        "It would have fired {n} time in the last 7 days.",
        "It would have fired {n} times in the last 7 days.",
    ),
    fired_many="It would have fired more than {n} times in the last 7 days.",
    fired_never="It would not have fired in the last 7 days.",
    latest="The latest:",
    preview_slow="How often it would have fired takes too long to count.",
    keep="✓ Keep",
    narrow="Narrow",
    drop="✕ Drop",
    kept="Kept.",
    narrow_ask="Narrow {query} to:",
    narrow_more="Or send /alert with more words; this one can then be dropped.",
    only_original="No forwards",
    narrowed="Narrowed to {query}.",
    cannot_narrow="This query can't be narrowed any more.",
    no_dates="Posts to come have no date yet: leave {dates} out of an alert.",
    small_operator="In small letters “or” and “not” are words. Did you mean {command}?",
    indexing="The archive is being indexed anew: posts before {moment} are not found yet.",
    many_results="more than {n} results",
    thousands=",",
    also_in=("+{n} channel", "+{n} channels"),
    also_posts=("+{n} post", "+{n} posts"),
    by_relevance="⇅ By relevance",
    by_date="⇅ By date",
    channel="Channel",
    period="Period",
    language="Language",
    any_channel="All channels",
    any_period="Any time",
    any_language="Any language",
    periods={"1d": "1 day", "7d": "7 days", "30d": "30 days", "1y": "1 year"},
    languages={"ru": "Russian", "en": "English"},
    back="‹ Back",
    share="🔗 Share",
    make_alert="🔔 Make this an alert",
    no_alert="A period alone makes no alert: search for a word.",
    slow="This search took too long and was stopped. Use more words or a shorter period.",
    inline_empty="Type words to search for",
    inline_problem="I can't read this query: {error}",
    inline_refused="This is a private instance",
    inline_none="Nothing found",
    inline_slow="This search took too long",
)

RU = QueryingWords(
    fired=(
        "За последние 7 дней пришло бы {n} оповещение.",
        "За последние 7 дней пришло бы {n} оповещения.",
        "За последние 7 дней пришло бы {n} оповещений.",
    ),
    fired_many="За последние 7 дней пришло бы больше {n} оповещений.",
    fired_never="За последние 7 дней не пришло бы ни одного оповещения.",
    latest="Последние:",
    preview_slow="Сколько оповещений пришло бы, считать слишком долго.",
    keep="✓ Оставить",
    narrow="Сузить",
    drop="✕ Убрать",
    kept="Оставлено.",
    narrow_ask="Сузить {query}:",
    narrow_more="Или пришлите /alert с уточняющими словами, а это уберите.",
    only_original="Без пересланного",
    narrowed="Сужено: {query}.",
    cannot_narrow="Этот запрос больше не сузить.",
    no_dates="У будущих постов ещё нет даты: уберите {dates} из оповещения.",
    small_operator="Маленькими буквами «или» и «не» — это слова. Может быть, {command}?",
    indexing="Архив индексируется заново: посты раньше, чем {moment}, пока не находятся.",
    many_results="больше {n} результатов",
    thousands="\u00a0",
    also_in=("+{n} канал", "+{n} канала", "+{n} каналов"),
    also_posts=("+{n} пост", "+{n} поста", "+{n} постов"),
    by_relevance="⇅ По смыслу",
    by_date="⇅ По дате",
    channel="Канал",
    period="Период",
    language="Язык",
    any_channel="Все каналы",
    any_period="За всё время",
    any_language="На любом языке",
    periods={"1d": "1 день", "7d": "7 дней", "30d": "30 дней", "1y": "1 год"},
    languages={"ru": "по-русски", "en": "по-английски"},
    back="‹ Назад",
    share="🔗 Поделиться",
    make_alert="🔔 Сделать оповещением",
    no_alert="Одного периода для оповещения мало: нужны слова.",
    slow="Поиск шёл слишком долго и остановлен. Добавьте слов или сократите период.",
    inline_empty="Напишите, что искать",
    inline_problem="Не могу прочесть запрос: {error}",
    inline_refused="Это закрытый бот",
    inline_none="Ничего не нашлось",
    inline_slow="Поиск шёл слишком долго",
)


def querying_words(language: str) -> QueryingWords:
    """The words of a language; English for one that the bot does not speak."""
    return RU if language == "ru" else EN
