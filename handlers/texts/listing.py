"""What the bot says of the channels that are watched, to those who read: one record a language."""

from dataclasses import dataclass

from handlers.texts.words import Forms


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingWords:
    """``per_day`` and ``per_week`` say how busy a channel is; ``gets`` what whoever presses gets of
    it, ``gets_group`` what their group or channel does."""

    hint: str
    last_post: str
    per_day: Forms
    per_week: Forms
    silent: str
    gets: dict[str, str]
    gets_group: dict[str, str]
    muted: str
    latest: str
    follow: dict[str, str]
    unfollow: str
    mute: str
    unmute: str
    share: str
    back: str
    followed: dict[str, str]
    unfollowed: str
    muted_now: str
    unmuted_now: str
    nothing_to_mute: str
    gone: str


EN = ListingWords(
    hint="Press one to read it, or to get its posts.",
    last_post="last post {when}",
    per_day=("{n} post a day", "{n} posts a day"),
    per_week=("{n} post a week", "{n} posts a week"),
    silent="none in the last 7 days",
    gets={"all": "🔔 You get all its posts.", "own": "🔔 You get its own posts, no forwards."},
    gets_group={
        "all": "🔔 All its posts come here.",
        "own": "🔔 Its own posts come here, no forwards.",
    },
    muted="🔇 Muted in {muted} of {alerts}.",
    latest="📖 Latest posts",
    follow={"all": "🔔 All posts", "own": "🔔 No forwards"},
    unfollow="🔕 Stop",
    mute="🔇 Mute",
    unmute="🔊 Unmute",
    share="🔗 Share",
    back="‹ Channels",
    followed={
        "all": "From now on each of its posts comes at once.",
        "own": "From now on each of its own posts comes at once.",
    },
    unfollowed="Its posts no longer come.",
    muted_now="Muted in {alerts}. The same button undoes it.",
    unmuted_now="It is not muted any more.",
    nothing_to_mute="There are no alerts to mute it in.",
    gone="This channel is not watched any more.",
)

RU = ListingWords(
    hint="Нажмите на канал, чтобы прочитать его или получать его посты.",
    last_post="последний пост {when}",
    per_day=("{n} пост в день", "{n} поста в день", "{n} постов в день"),
    per_week=("{n} пост в неделю", "{n} поста в неделю", "{n} постов в неделю"),
    silent="за последние 7 дней ни одного",
    gets={
        "all": "🔔 Вам приходят все его посты.",
        "own": "🔔 Вам приходят его собственные посты, без пересланных.",
    },
    gets_group={
        "all": "🔔 Сюда приходят все его посты.",
        "own": "🔔 Сюда приходят его собственные посты, без пересланных.",
    },
    muted="🔇 Выключен. Оповещения: {muted} из {total}.",
    latest="📖 Последние посты",
    follow={"all": "🔔 Все посты", "own": "🔔 Без пересланного"},
    unfollow="🔕 Не присылать",
    mute="🔇 Выключить",
    unmute="🔊 Включить",
    share="🔗 Поделиться",
    back="‹ Каналы",
    followed={
        "all": "Теперь каждый его пост придёт сразу.",
        "own": "Теперь каждый его собственный пост придёт сразу.",
    },
    unfollowed="Его посты больше не придут.",
    muted_now="Выключен ({alerts}). Включить можно той же кнопкой.",
    unmuted_now="Снова включён.",
    nothing_to_mute="Нет оповещений, для которых его можно выключить.",
    gone="За этим каналом больше не слежу.",
)


def listing_words(language: str) -> ListingWords:
    """What is said in a language: English where there is no other."""
    return RU if language == "ru" else EN
