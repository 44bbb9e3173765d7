"""What the bot says of itself to whoever begins, or comes back: one record a language."""

from dataclasses import dataclass

from handlers.texts.words import Forms


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeWords:
    """``{names}`` stand for values; ``more`` and ``paused`` are forms for ``Words.count``."""

    hello: str
    again: str
    watched: str
    watched_none: str
    more: Forms
    latest: str
    help: str
    alerts: str
    no_alerts: str
    paused: Forms
    digest: str
    no_digest: str
    zone: str
    woken: str
    woken_nothing: str
    daily_digest: str
    and_: str
    search_button: str
    alert_button: str
    digest_button: str
    zone_button: str


EN = WelcomeWords(
    hello=(
        "Hello! I watch Telegram channels and write as soon as a post has the words that you name. "
        "I also search everything that was posted, and sum up a day in a digest."
    ),
    again="Hello again. This is how things stand:",
    watched="📡 {channels}: {names}",
    watched_none="📡 No channel is watched yet.",
    more=("and {n} more", "and {n} more"),
    latest="The latest post:",
    help="All commands: /help",
    alerts="🔔 {alerts}: /alerts",
    no_alerts="🔔 No alerts yet",
    paused=("{n} paused", "{n} paused"),
    digest="📰 A digest every day at {time}, next {when}",
    no_digest="📰 No daily digest",
    zone="🕒 Time zone {zone}, where it is {time}",
    woken="▶️ You had said /stop. On again: {what}.",
    woken_nothing="▶️ You had said /stop. I write again.",
    daily_digest="the daily digest",
    and_=" and ",
    search_button="🔎 Search",
    alert_button="🔔 New alert",
    digest_button="📰 Daily digest",
    zone_button="🕒 Time zone",
)

RU = WelcomeWords(
    hello=(
        "Здравствуйте! Я слежу за каналами Telegram и пишу, как только в посте встретятся "
        "названные вами слова. Ещё ищу по всему, что там было, и собираю сводку за день."
    ),
    again="Снова здравствуйте. Вот как всё настроено:",
    watched="📡 {channels}: {names}",
    watched_none="📡 Пока не слежу ни за одним каналом.",
    more=("и ещё {n}", "и ещё {n}", "и ещё {n}"),
    latest="Последний пост:",
    help="Все команды: /help",
    alerts="🔔 {alerts}: /alerts",
    no_alerts="🔔 Оповещений пока нет",
    paused=("{n} на паузе", "{n} на паузе", "{n} на паузе"),
    digest="📰 Сводка каждый день в {time}, ближайшая {when}",
    no_digest="📰 Ежедневной сводки нет",
    zone="🕒 Часовой пояс {zone}, там сейчас {time}",
    woken="▶️ Вы останавливали меня командой /stop. Снова работает: {what}.",
    woken_nothing="▶️ Вы останавливали меня командой /stop. Теперь снова пишу.",
    daily_digest="ежедневная сводка",
    and_=" и ",
    search_button="🔎 Поиск",
    alert_button="🔔 Новое оповещение",
    digest_button="📰 Сводка",
    zone_button="🕒 Часовой пояс",
)


def welcome_words(language: str) -> WelcomeWords:
    """The words of a language; English for one that the bot does not speak."""
    return RU if language == "ru" else EN
