"""What the bot says of quiet hours, snoozes and how alerts are told: one record a language."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.texts.words import Forms


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsideringWords:
    """``snoozes`` are the labels of how long, by ``consideration.Snooze``; ``marks`` stand before
    an alert in the list, by its state."""

    snooze: str
    snoozes: Mapping[str, str]
    back: str
    mute: str
    unmute_here: str
    similar: str
    snoozed: str
    muted: str
    unmuted: str
    nothing_to_mute: str
    awake: str

    state: str
    state_on: str
    state_paused: str
    state_snoozed: str
    urgent: str
    not_urgent: str
    silent: str
    loud: str
    at_once: str
    every: str
    periods: Mapping[int, str]
    no_limit: str
    limit: str
    muted_channels: str
    pause: str
    resume: str
    wake: str
    make_urgent: str
    make_silent: str
    unmute: str
    remove: str
    share: str
    changed: str

    quiet_off: str
    quiet_on: str
    quiet_but_urgent: str
    quiet_set: str
    quiet_set_urgent: str
    quiet_unset: str
    quiet_bad: str
    quiet_same: str
    usage: str

    language_button: str
    zone_button: str
    zone_yes: str
    zone_other: str
    zone_use: str
    plan_moved: str
    quiet_button: str
    digest_button: str
    burst_button: str
    burst_after: Forms
    burst_never: str
    burst_line: Forms
    burst_line_never: str
    off: str
    urgent_passes: str
    urgent_waits: str
    ask_zone: str


EN = ConsideringWords(
    snooze="💤 Snooze",
    snoozes={"1": "1 hour", "8": "8 hours", "t": "Until tomorrow"},
    back="‹ Back",
    mute="🔇 Mute channel",
    unmute_here="🔊 Unmute channel",
    similar="🔎 Similar",
    snoozed="Snoozed, back {when}. What comes in until then comes as one message.",
    muted="{channel} is muted for: {queries}. The same button undoes it.",
    unmuted="{channel} is not muted any more.",
    nothing_to_mute="There is no channel to mute here.",
    awake="Awake again: {query}",
    state="State: {state}",
    state_on="on",
    state_paused="paused",
    state_snoozed="snoozed, back {when}",
    urgent="Urgent: comes in quiet hours too where /quiet says so",
    not_urgent="Not urgent: waits for the end of quiet hours",
    silent="Comes without a sound",
    loud="Comes with a sound",
    at_once="Sent at once",
    every="Sent together, every {period}",
    periods={15: "15 minutes", 60: "hour", 240: "4 hours"},
    no_limit="No limit an hour",
    limit="At most {count} an hour one by one, the rest together",
    muted_channels="Muted channels: {channels}",
    pause="⏸ Pause",
    resume="▶️ Resume",
    wake="⏰ Wake up",
    make_urgent="Urgent",
    make_silent="Silent",
    unmute="Unmute {channel}",
    share="🔗 Share",
    remove="✕ Remove",
    changed="Changed.",
    quiet_off="Quiet hours: none",
    quiet_on="Quiet hours: {start}–{end}",
    quiet_but_urgent="Quiet hours: {start}–{end}, but for urgent alerts",
    quiet_set=(
        "From {start} to {end} ({zone}) I keep silent. What comes in meanwhile comes as one "
        "message afterwards."
    ),
    quiet_set_urgent=(
        "From {start} to {end} ({zone}) I send only alerts marked urgent (see /alerts). The rest "
        "comes as one message afterwards."
    ),
    quiet_unset="There are no quiet hours any more.",
    quiet_bad="I can't read quiet hours in {text}.",
    quiet_same="Quiet hours must begin and end at different times.",
    usage="You can say:",
    language_button="🌐 Language",
    zone_button="🕒 Time zone",
    zone_yes="Yes",
    zone_other="Other",
    zone_use="Use {zone} for everything",
    plan_moved=(
        "A chat has one time zone now. The daily digest comes at {time} ({zone}), the same moment "
        "as {former_time} ({former_zone}) before."
    ),
    quiet_button="🌙 Quiet hours",
    digest_button="📰 Digest",
    burst_button="📋 Bursts",
    burst_after=("List after {n} a minute", "List after {n} a minute"),
    burst_never="Each by itself, always",
    burst_line=(
        "Bursts: after {n} alert a minute the others come in one list that grows",
        "Bursts: after {n} alerts a minute the others come in one list that grows",
    ),
    burst_line_never="Bursts: each alert by itself, however many come",
    off="Off",
    urgent_passes="Urgent comes through: yes",
    urgent_waits="Urgent comes through: no",
    ask_zone="Which time zone? Choose a region, or write the name of a city.",
)

RU = ConsideringWords(
    snooze="💤 Отложить",
    snoozes={"1": "1 час", "8": "8 часов", "t": "До завтра"},
    back="‹ Назад",
    mute="🔇 Выключить канал",
    unmute_here="🔊 Включить канал",
    similar="🔎 Похожие",
    snoozed="Отложено, вернётся {when}. Всё, что накопится, придёт одним сообщением.",
    muted="Канал {channel} выключен для: {queries}. Включить можно той же кнопкой.",
    unmuted="Канал {channel} снова включён.",
    nothing_to_mute="Здесь нет канала, который можно выключить.",
    awake="Снова включено: {query}",
    state="Состояние: {state}",
    state_on="включено",
    state_paused="на паузе",
    state_snoozed="отложено, вернётся {when}",
    urgent="Срочное: приходит и в тихие часы, если это разрешено в /quiet",
    not_urgent="Не срочное: ждёт конца тихих часов",
    silent="Приходит без звука",
    loud="Приходит со звуком",
    at_once="Сообщаю сразу",
    every="Сообщаю всё вместе, раз в {period}",
    periods={15: "15 минут", 60: "час", 240: "4 часа"},
    no_limit="Без ограничения в час",
    limit="По одному не больше {count} в час, остальное вместе",
    muted_channels="Выключенные каналы: {channels}",
    pause="⏸ Пауза",
    resume="▶️ Продолжить",
    wake="⏰ Разбудить",
    make_urgent="Срочное",
    make_silent="Без звука",
    unmute="Включить {channel}",
    share="🔗 Поделиться",
    remove="✕ Убрать",
    changed="Изменено.",
    quiet_off="Тихие часы: нет",
    quiet_on="Тихие часы: {start}–{end}",
    quiet_but_urgent="Тихие часы: {start}–{end}, кроме срочного",
    quiet_set=(
        "С {start} до {end} ({zone}) я молчу. Всё, что накопится, пришлю потом одним сообщением."
    ),
    quiet_set_urgent=(
        "С {start} до {end} ({zone}) сообщаю только о срочном (см. /alerts). Остальное пришлю "
        "потом одним сообщением."
    ),
    quiet_unset="Тихих часов больше нет.",
    quiet_bad="Не вижу здесь тихих часов: {text}.",
    quiet_same="Тихие часы должны начинаться и кончаться в разное время.",
    usage="Можно написать:",
    language_button="🌐 Язык",
    zone_button="🕒 Часовой пояс",
    zone_yes="Да",
    zone_other="Другой",
    zone_use="Везде по времени: {zone}",
    plan_moved=(
        "Теперь у чата один часовой пояс. Ежедневная сводка приходит в {time} ({zone}): это то же "
        "самое время, что раньше {former_time} ({former_zone})."
    ),
    quiet_button="🌙 Тихие часы",
    digest_button="📰 Сводка",
    burst_button="📋 Наплыв",
    burst_after=("Списком после {n} в минуту",) * 3,
    burst_never="Всегда по одному",
    burst_line=(
        "Наплыв: после {n} сообщения в минуту остальные — одним списком, который растёт",
        "Наплыв: после {n} сообщений в минуту остальные — одним списком, который растёт",
        "Наплыв: после {n} сообщений в минуту остальные — одним списком, который растёт",
    ),
    burst_line_never="Наплыв: каждое сообщение отдельно, сколько бы их ни было",
    off="Выключить",
    urgent_passes="Срочное проходит: да",
    urgent_waits="Срочное проходит: нет",
    ask_zone="Какой часовой пояс? Выберите регион или напишите название города.",
)


def considering_words(language: str) -> ConsideringWords:
    """The words of a language; English for one that the bot does not speak."""
    return RU if language == "ru" else EN
