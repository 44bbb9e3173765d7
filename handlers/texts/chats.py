"""What is said otherwise in groups and channels: there nothing is "yours"."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from handlers.texts.words import Words

Place: TypeAlias = Literal["private", "group", "channel"]


def words_in(place: Place, words: Words) -> Words:
    """The words of a language as they are used in a place."""
    if place == "private":
        return words
    said = _russian(_RUSSIAN[place]) if words.language == "ru" else _english(place)
    summaries = _SUMMARIES["ru" if words.language == "ru" else "en"]
    return replace(words, **said, summaries={**words.summaries, **summaries})


_SUMMARIES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "alert": "tell of posts that have these words",
        "alerts": "the alerts here, to change and remove",
        "quiet": "when not to write here",
        "timezone": "the time zone of this chat",
        "stop": "no more messages; the alerts are kept",
        "forgetme": "delete all that is stored about this chat",
    },
    "ru": {
        "alerts": "оповещения этого чата: изменить и убрать",
        "quiet": "когда сюда не писать",
        "timezone": "часовой пояс этого чата",
        "forgetme": "удалить всё, что хранится об этом чате",
    },
}


def _english(noun: str) -> dict[str, Any]:
    return {
        "ask_alert": "Which words shall I watch for?",
        "alert_known": f"This {noun} has this alert already: {{query}}.",
        "alert_limit": (
            f"This {noun} has {{alerts}}, the most that one may have here. Remove one first:"
            " /alerts"
        ),
        "alerts_title": f"This {noun}'s alerts: {{count}}",
        "alerts_none": f"This {noun} has no alerts yet.",
        "digest_plan": (
            f"This {noun}'s digest comes every day at {{time}} ({{zone}}). The next one: {{when}}."
        ),
        "digest_no_plan": f"This {noun} has no daily digest.",
        "settings_title": f"This {noun}'s settings",
        "settings_changed_zone": f"This {noun}'s time zone is now {{zone}}.",
        "stopped": (
            "Stopped. I'll send no more alerts and digests here. They are kept: /start turns them"
            " on."
        ),
        "forget_ask": (
            f"Delete all that I have stored about this {noun}: {{alerts}}, its digest and its"
            " settings? This can't be undone."
        ),
        "forgotten": f"All that was stored about this {noun} is deleted. /start begins anew.",
    }


_RUSSIAN: Mapping[str, tuple[str, str, str]] = {
    "group": ("этой группы", "В этой группе", "об этой группе"),
    "channel": ("этого канала", "В этом канале", "об этом канале"),
}


def _russian(cases: tuple[str, str, str]) -> dict[str, Any]:
    whose, inside, about = cases
    return {
        "ask_alert": "За какими словами следить?",
        "alert_known": f"{inside} уже есть такое оповещение: {{query}}.",
        "alert_limit": f"{inside} {{alerts}}, больше нельзя. Сначала уберите одно: /alerts",
        "alerts_title": f"Оповещения {whose}: {{count}}",
        "alerts_none": f"{inside} пока нет оповещений.",
        "digest_plan": (
            f"Сводка {whose} приходит каждый день в {{time}} ({{zone}}). Ближайшая: {{when}}."
        ),
        "digest_no_plan": f"{inside} нет ежедневной сводки.",
        "settings_title": f"Настройки {whose}",
        "settings_changed_zone": f"Часовой пояс {whose} теперь {{zone}}.",
        "stopped": (
            "Остановлено. Больше не присылаю сюда оповещений и сводок. Настройки сохранены: /start"
            " включит их снова."
        ),
        "forget_ask": (
            f"Удалить всё, что у меня хранится {about}: {{alerts}}, сводку и настройки? Вернуть это"
            " будет нельзя."
        ),
        "forgotten": f"Всё, что хранилось {about}, удалено. /start начнёт заново.",
    }
