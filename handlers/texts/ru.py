"""Russian."""

from handlers.texts import watching
from handlers.texts.ru_queries import PROBLEMS
from handlers.texts.words import Words


def plural(number: int) -> int:
    """One (1, 21, 101), few (2 to 4, 22) or many (0, 5 to 20, 11 to 14)."""
    tens, ones = number // 10 % 10, number % 10
    if tens == 1 or ones == 0 or ones > 4:
        return 2
    return 0 if ones == 1 else 1


WORDS = Words(
    language="ru",
    plural=plural,
    months=(
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
    months_short=(
        "янв",
        "фев",
        "мар",
        "апр",
        "мая",
        "июн",
        "июл",
        "авг",
        "сен",
        "окт",
        "ноя",
        "дек",
    ),
    today="сегодня",
    yesterday="вчера",
    tomorrow="завтра",
    year_unknown="год неизвестен",
    summaries={
        "start": "начать или продолжить после /stop",
        "help": "что я понимаю, с примерами",
        "search": "найти посты, новые сверху",
        "export": "найденное одним файлом",
        "alert": "сообщать о постах с этими словами",
        "alerts": "мои оповещения: изменить и убрать",
        "why": "почему пост пришёл или не пришёл",
        "digest": "сводка нового, сейчас или каждый день",
        "channels": "за какими каналами я слежу",
        "settings": "язык, часовой пояс, тихие часы, сводка",
        "quiet": "когда меня не беспокоить",
        "timezone": "в каком часовом поясе я живу",
        "for": "настроить группу или канал, которым я управляю",
        "stop": "больше не писать; оповещения сохранятся",
        "forgetme": "удалить всё, что обо мне хранится",
        "admit": "впустить человека или группу по номеру или @имени",
        "users": "кто впущен; убрать",
        "invite": "ссылка-приглашение; 1 человек, 7 дней",
        "watch": "следить за каналом",
        "unwatch": "не следить за каналом",
        "backfill": "прочитать историю канала",
        "status": "как идут чтение и отправка",
    },
    problems=PROBLEMS,
    samples={
        "word": "санкции",
        "words": "цена нефти",
        "phrase": '"цена нефти"',
        "either": "нефть OR газ",
        "without": "нефть -масло",
        "prefix": "санкц*",
        "zone": "Europe/Moscow",
        "other_language": "en",
    },
    watching=watching.RU,
    media={
        "photo": "фото",
        "video": "видео",
        "round_video": "видеосообщение",
        "animation": "анимация",
        "voice": "голосовое сообщение",
        "audio": "аудио",
        "document": "файл",
        "sticker": "стикер",
        "poll": "опрос",
        "location": "место",
        "contact": "контакт",
        "webpage": "ссылка",
        "unknown": "вложение",
    },
    posts=("{n} пост", "{n} поста", "{n} постов"),
    results=("{n} результат", "{n} результата", "{n} результатов"),
    alerts=("{n} оповещение", "{n} оповещения", "{n} оповещений"),
    channels=("{n} канал", "{n} канала", "{n} каналов"),
    more_posts=("ещё {n} пост", "ещё {n} поста", "ещё {n} постов"),
    welcome=(
        "Здравствуйте! Я слежу за каналами Telegram и пишу вам, когда в посте встретятся "
        "названные вами слова. Ещё я ищу по всему, что было, и присылаю ежедневную сводку."
    ),
    welcome_first="Попробуйте (нажатие копирует пример):",
    welcome_back="С возвращением. Всё, что вы настроили, снова работает: {alerts}.",
    welcome_help="Все команды: /help",
    help_title="Вот что я понимаю. Нажатие на пример копирует его.",
    help_queries=(
        "В запросе должны встретиться все слова, в любой форме и любым регистром. {phrase} — "
        "точная фраза, {either} — любое из слов, {without} убирает посты со словом, {prefix} "
        "ищет по началу слова."
    ),
    for_example="Например: {example}",
    refused=(
        "Это закрытый бот. Чтобы им пользоваться, попросите его владельца впустить вас и "
        "сообщите ему свой номер: {id}"
    ),
    refused_group=(
        "Это закрытый бот. Чтобы пользоваться им здесь, попросите его владельца впустить этот "
        "чат и сообщите ему номер чата: {id}"
    ),
    operators_only="Это может только владелец бота.",
    managers_only="Это могут только администраторы этого чата.",
    unknown_command="Я не знаю команды {command}.",
    did_you_mean="Может быть, {command}?",
    see_help="Все команды: /help",
    too_fast="Слишком много сразу. Попробуйте через минуту.",
    old_button="Эта кнопка больше не действует.",
    previous="‹ Назад",
    following="Дальше ›",
    unknown_date="дата неизвестна",
    no_name="без названия",
    query_error="Не могу прочесть этот запрос: {error}.",
    query_long="Слишком длинный запрос, знаков: {length}, а можно не больше {limit}.",
    ask_alert="За какими словами следить?",
    ask_search="Что искать?",
    alert_added="Слежу: {query}. Напишу, когда появится такой пост.",
    alert_known="Такое оповещение у вас уже есть: {query}.",
    alert_limit="У вас {alerts}, больше здесь нельзя. Сначала уберите одно: /alerts",
    alerts_title="Ваши оповещения: {count}",
    alerts_none="У вас пока нет оповещений.",
    alerts_remove_hint="Нажмите на оповещение, чтобы изменить или убрать его.",
    alert_remove_ask="Убрать оповещение {query}?",
    alert_removed="Оповещение убрано: {query}",
    alert_gone="Это оповещение уже убрано.",
    yes_remove="Да, убрать",
    keep="Оставить",
    alert_stop="Больше не сообщать",
    alert_stop_named="Не сообщать: {query}",
    alert_stop_ask="Да, больше не сообщать: {query}",
    open_post="Открыть",
    forwarded_from="Переслано из {name}",
    forwarded="Переслано",
    search_title="Найдено по запросу {query}",
    search_page="страница {page}",
    search_none="По запросу {query} ничего не нашлось.",
    search_hint="Попробуйте меньше слов или начало слова, например {example}.",
    search_old="Этот список устарел. Повторите поиск.",
    digest_title="{posts}, {since} – {until}",
    digest_none="Ничего нового ({since} – {until}).",
    digest_also_in="также в {channels}",
    digest_more="и {posts}",
    digest_cut="Пришло больше, чем вмещает одна сводка: остальное найдёт /search.",
    digest_planned="Сводка будет приходить каждый день в {time} ({zone}). Ближайшая: {when}.",
    digest_plan="Ваша сводка приходит каждый день в {time} ({zone}). Ближайшая: {when}.",
    digest_no_plan="Ежедневной сводки у вас нет.",
    digest_off="Ежедневная сводка отключена.",
    digest_off_already="Ежедневной сводки и не было.",
    digest_usage="Можно написать:",
    digest_bad_time="Не вижу времени суток: {text}.",
    digest_bad_word="Не понимаю: {text}.",
    zone_unknown="Я не знаю часового пояса {zone}.",
    zone_nearest="Может быть, {zone}, где сейчас {time}?",
    channels_title="Слежу: {count}",
    channels_none="Пока не слежу ни за одним каналом.",
    settings_title="Ваши настройки",
    settings_language="Язык: {value}",
    settings_zone="Часовой пояс: {value}",
    settings_digest="Сводка: каждый день в {time} ({zone})",
    settings_no_digest="Сводка: отключена",
    settings_alerts="Оповещения: {count} из {limit}",
    settings_stopped="Остановлено: ничего не присылаю до /start",
    settings_usage="Чтобы изменить:",
    settings_changed_language="Буду говорить по-русски.",
    settings_changed_zone="Ваш часовой пояс теперь {zone}.",
    settings_bad="Я не знаю настройки {text}.",
    language_name="русский",
    language_unknown="Я не говорю на языке {language}. Я говорю на: {languages}.",
    stopped=(
        "Остановлено. Больше не присылаю оповещений и сводок. Ваши настройки сохранены: /start "
        "включит их снова."
    ),
    forget_ask=(
        "Удалить всё, что у меня о вас хранится: {alerts}, сводку и настройки? Вернуть это будет "
        "нельзя."
    ),
    forget_yes="Да, удалить всё",
    forgotten="Всё, что о вас хранилось, удалено. /start начнёт заново.",
    forget_kept="Ничего не удалено.",
    admitted="Впущен: {id}",
    admit_usage="Укажите номер, который бот сообщил человеку.",
)
