"""What the bot says where something cannot be done now, or went wrong: one record a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingWords:
    """``say_…`` answer a message, ``press_…`` a press, ``inline_…`` an inline query.

    ``…_wrong``: of a failure that nobody foresaw; ``say_kept``: what was said is done later;
    ``say_again``: it was not done; ``cannot_edit`` stands above the buttons of a message that
    can't be changed any more; ``topic_closed`` below one that its topic did not take.
    """

    say_wrong: str
    say_kept: str
    say_again: str
    press_wrong: str
    press_kept: str
    press_again: str
    inline_wrong: str
    inline_fast: str
    cannot_edit: str
    topic_closed: str


EN = FailingWords(
    say_wrong="Something went wrong here, and it has been noted. Please say that again.",
    say_kept="I can't write anything down at the moment. What you said will be done when I can.",
    say_again="I could not write anything down, so that was not done. Please say it again later.",
    press_wrong="Something went wrong here, and it has been noted.",
    press_kept="This takes a while.",
    press_again="That is not possible at the moment. Please press again later.",
    inline_wrong="Not possible now, try again",
    inline_fast="Too fast: wait a moment",
    cannot_edit="The message can't be changed any more. Here are its buttons:",
    topic_closed="(Its topic is closed, so it comes here. /alert in a topic moves alerts there.)",
)
RU = FailingWords(
    say_wrong="Что-то пошло не так, это записано. Повторите, пожалуйста.",
    say_kept="Сейчас я не могу ничего записать. Сделаю то, что вы написали, как только смогу.",
    say_again="Записать не удалось, поэтому ничего не сделано. Повторите, пожалуйста, позже.",
    press_wrong="Что-то пошло не так, это записано.",
    press_kept="Это займёт некоторое время.",
    press_again="Сейчас это невозможно. Нажмите, пожалуйста, позже.",
    inline_wrong="Сейчас невозможно, повторите",
    inline_fast="Слишком быстро: подождите",
    cannot_edit="Сообщение больше нельзя изменить. Вот его кнопки:",
    topic_closed=(
        "(Тема закрыта, поэтому сообщение здесь. /alert в другой теме переведёт оповещения туда.)"
    ),
)


def failing_words(language: str) -> FailingWords:
    """The words of a language; English for one that the bot does not speak."""
    return RU if language == "ru" else EN
