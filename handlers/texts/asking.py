"""What the bot says of its questions, and of what is no question to it: one record a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingWords:
    """``{names}`` stand for values, as in ``Words``; ``forms`` are forms for ``Words.count``."""

    cancel: str
    cancelled: str
    nothing_open: str
    search_for: str
    is_over: str
    is_anothers: str
    reply_here: str
    no_words: str
    proposed: str
    take: str
    change: str
    change_ask: str
    no_names: str
    now: str
    off: str
    digest_ask: str
    quiet_ask: str
    zone_unset: str


EN = AskingWords(
    cancel="✕ Cancel",
    cancelled="Cancelled.",
    nothing_open="There is nothing to cancel.",
    search_for="🔎 Search for “{text}”",
    is_over="This question is over. Give the command again.",
    is_anothers="This question was put to somebody else.",
    reply_here="Answer in reply to this message.",
    no_words=(
        "I read words only. Send me words to search for, or forward me a post that has a text: "
        "I'll make an alert of it."
    ),
    proposed="From this post I would make the alert {query}.",
    take="✓ Set the alert",
    change="✎ Other words",
    change_ask="Which words then? A tap copies mine: {query}",
    no_names="I find no names or hashtags in this post. Which words shall I watch for?",
    now="Now",
    off="Off",
    digest_ask="When shall one come every day? Choose, or write a time: 8:30, 9pm.",
    quiet_ask="When shall I keep silent? Choose, or write: 23:00-7:30.",
    zone_unset="No time zone is chosen here yet: the time is {zone}.",
)

RU = AskingWords(
    cancel="✕ Отмена",
    cancelled="Отменено.",
    nothing_open="Отменять нечего.",
    search_for="🔎 Искать «{text}»",
    is_over="Этот вопрос уже закрыт. Дайте команду ещё раз.",
    is_anothers="Это спросили не у вас.",
    reply_here="Ответьте на это сообщение.",
    no_words=(
        "Я читаю только слова. Пришлите, что искать, или перешлите пост с текстом: сделаю по нему "
        "оповещение."
    ),
    proposed="По этому посту я сделал бы оповещение {query}.",
    take="✓ Так и следить",
    change="✎ Другие слова",
    change_ask="За какими тогда? Мои копируются нажатием: {query}",
    no_names="В этом посте я не вижу ни имён, ни хештегов. За какими словами следить?",
    now="Сейчас",
    off="Выключить",
    digest_ask="Когда присылать её каждый день? Выберите или напишите: 8:30, 9 вечера.",
    quiet_ask="Когда молчать? Выберите или напишите: 23:00-7:30.",
    zone_unset="Часовой пояс пока не выбран: это время по {zone}.",
)


def asking_words(language: str) -> AskingWords:
    """The words of a language; English for one that the bot does not speak."""
    return RU if language == "ru" else EN
