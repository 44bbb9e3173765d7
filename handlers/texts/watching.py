"""What the bot says of watching, to those who run it above all: one record a language."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.texts import troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchingWords:
    """``notices`` are messages that nobody asked for; ``troubles`` say in this language why a
    channel can't be read; ``sources`` how one is read; ``kinds`` name what is sent."""

    notices: Mapping[str, str]
    troubles: Mapping[str, str]
    sources: Mapping[str, str]
    units: tuple[str, str, str, str]
    decimal_sign: str
    kinds: Mapping[str, str]
    row: str
    quiet: str
    facts: str
    gaps: str
    lag: str
    no_lag: str
    never: str
    ago: str
    trouble: str
    history: str
    recent: str
    reading: str
    status: str
    lookups: str
    queue: str
    given_up: str
    given_up_hint: str
    set_aside: str
    proxy: str
    ask_channel: str
    ask_backfill: str
    added: str
    already: str
    former: str
    watch_other: str
    removed: str
    unknown: str
    no_reference: str
    backfill_begun: str
    backfill_usage: str

    def trouble_of(self, english: str) -> str:
        """Why a channel can't be read, as far as there is a translation."""
        return self.troubles.get(english, english)

    def span(self, seconds: float) -> str:
        """A length of time in its largest unit: ``3 min``."""
        second, minute, hour, day = self.units
        if seconds < 1:
            return f"{max(0.0, seconds):.1f} {second}".replace(".", self.decimal_sign)
        if seconds < 60:
            return f"{seconds:.0f} {second}"
        if seconds < 3600:
            return f"{seconds // 60:.0f} {minute}"
        if seconds < 86400:
            return f"{seconds // 3600:.0f} {hour}"
        return f"{seconds // 86400:.0f} {day}"


EN = WatchingWords(
    notices={
        **troubles.EN,
        "channel_trouble": "⚠️ {channel} can't be read: {reason}. The other channels go on.",
        "channel_renamed": "{channel} has another name now: {renamed}. It is watched as before.",
        "channels_renamed": (
            "{channel} has another name now. CHANNELS names {channel}, which is now {renamed}. It "
            "is watched as before; whoever is called {channel} now is not. To watch that channel "
            "too: /watch {channel}"
        ),
        "newcomer": (
            "⚠️ {handle} belongs to another channel now. What was put on the list by that name is "
            "{channel}; the other channel is not watched. To watch that one: /watch {handle}"
        ),
        "name_lost": (
            "⚠️ {channel} can't be read: {reason}. Who is called {handle} now is not watched; to "
            "watch that one: /watch {handle}. The other channels go on."
        ),
        "channel_preview": (
            "The account can't read {channel}; it is read from its web preview from now on."
        ),
        "channel_public": "The account is not in {channel}: it is read by scans alone.",
        "channel_joined": "The account is in {channel} now: its posts come at once.",
        "set_aside": (
            "⚠️ A post of {channel} could not be taken in: {reason}. It is set aside ({place}), the"
            " others go on. To see and retry: dateline problems"
        ),
        "account_lost": "⚠️ The watching account can't be used any more ({reason}). {hint}",
        "restored": (
            "⚠️ The database is an older copy of the one that was served before. What was posted"
            " since is read again; what people changed since, their alerts too, is gone."
        ),
        "missed": (
            "⚠️ I did not hear all that was sent to me since {since}: Telegram goes on refusing "
            "it. From now on I hear again; who got no answer has to ask once more."
        ),
        "backfilled": "History of {channel}: {posts} read. {state}",
    },
    troubles={},
    sources={
        "joined": "joined",
        "public": "public, not joined",
        "preview": "web preview",
        "none": "not read yet",
    },
    units=("s", "min", "h", "d"),
    decimal_sign=".",
    kinds={},
    row="last post {id}, {age} ago, {today} today",
    quiet="no posts yet",
    facts="cursor {cursor}, last scan {scan}, {source}",
    gaps="gaps: {open} open, {filled} filled with {posts}",
    lag="stored after {median}, at worst {worst}",
    no_lag="nothing came in yet",
    never="never",
    ago="{age} ago",
    trouble="⚠️ {reason}",
    history="history: {posts} read, up to {next} of {last}",
    recent="recent posts are being read, newest first: {posts} so far",
    reading=(
        "Its posts of the last {days}, at most {posts}, are read now, newest first; they raise no"
        " alerts."
    ),
    status="Every channel is scanned within {interval}.",
    lookups="⚠️ Telegram gives no new names: look-ups are refused; next try {until}.",
    queue="Outbox: {queued} waiting, {sent} sent, {dead} given up.",
    given_up="Given up: {kind} {id} to {chat}: {reason}",
    given_up_hint="To try them again or drop them: {command}",
    set_aside="Set aside, not read or not stored: {count}. To see and retry: {command}",
    proxy="Telegram is reached through {proxy}.",
    ask_channel="Which channel? Send its @name, link or id.",
    ask_backfill="The history of which channel? Send its @name, perhaps with a date.",
    already="{channel} is watched already; /status shows how it goes.",
    added="{channel} goes on the list. What can't be read shows in /status, and I write to you.",
    former=(
        "{channel} was put on the list as {name} and is watched still. Whoever is called {name} now"
        " is another channel. Watch that one too?"
    ),
    watch_other="Watch the other {name}",
    removed="{channel} is not watched any more. What is stored stays.",
    unknown="{channel} is not on the list.",
    no_reference="{text} is no channel's name, link or id.",
    backfill_begun="The history of {channel} is being read, oldest first. /status shows how far.",
    backfill_usage="Write /backfill @channel, and a date if older posts are not wanted.",
)

RU = WatchingWords(
    notices={
        **troubles.RU,
        "channel_trouble": "⚠️ {channel} не читается: {reason}. Остальные каналы читаются.",
        "channel_renamed": "{channel} называется теперь {renamed}. Слежу за ним, как и раньше.",
        "channels_renamed": (
            "В CHANNELS стоит {channel}, теперь это {renamed}. Слежу за ним, как и раньше; за тем, "
            "кто теперь называется {channel}, — нет. Чтобы следить и за ним: /watch {channel}"
        ),
        "newcomer": (
            "⚠️ Имя {handle} теперь у другого канала. В списке под этим именем {channel}, а за "
            "другим каналом я не слежу. Чтобы следить за ним: /watch {handle}"
        ),
        "name_lost": (
            "⚠️ {channel} не читается: {reason}. За тем, кто теперь называется {handle}, я не слежу;"
            " чтобы следить: /watch {handle}. Остальные каналы читаются."
        ),
        "channel_preview": (
            "Аккаунт не может читать {channel}; теперь читаю страницу предпросмотра."
        ),
        "channel_public": "Аккаунт не состоит в {channel}: читаю только обходами.",
        "channel_joined": "Аккаунт теперь в {channel}: посты приходят сразу.",
        "set_aside": (
            "⚠️ Пост канала {channel} не удалось принять: {reason}. Он отложен ({place}), остальные"
            " идут дальше. Посмотреть и повторить: dateline problems"
        ),
        "account_lost": "⚠️ Аккаунтом для чтения больше нельзя пользоваться ({reason}). {hint}",
        "restored": (
            "⚠️ База данных — более старая копия той, с которой бот работал. Посты, вышедшие с тех"
            " пор, читаю заново; то, что люди с тех пор изменили, в том числе оповещения, пропало."
        ),
        "missed": (
            "⚠️ С {since} до меня дошло не всё, что мне писали: остального Telegram так и не отдал. "
            "Теперь всё снова доходит; кто не получил ответа, пусть спросит ещё раз."
        ),
        "backfilled": "История {channel}, прочитано: {posts}. {state}",
    },
    troubles={
        **troubles.RU_CAUSES,
        "it is private now, or the account was removed from it": (
            "он стал закрытым, или аккаунт из него удалён"
        ),
        "Telegram does not let the account read it any more": (
            "Telegram больше не даёт аккаунту его читать"
        ),
        "the account is in as many channels as Telegram allows": (
            "аккаунт состоит во всех каналах, сколько разрешает Telegram"
        ),
        "its administrators have to let the account in first": (
            "администраторы должны сначала принять аккаунт"
        ),
        "the invite link is not valid": "пригласительная ссылка недействительна",
        "the invite link is not valid any more": "пригласительная ссылка больше не действует",
        "there is no such channel": "такого канала нет",
        "is a person or a bot, no channel": "это человек или бот, а не канал",
        "the watching account is in no channel with this id": (
            "аккаунт не состоит в канале с таким номером"
        ),
        "only a user account can read it": "его может читать только аккаунт пользователя",
        "it has no web preview": "у него нет страницы предпросмотра",
        "its name belongs to another channel now": "его имя теперь у другого канала",
        "Telegram refuses look-ups for now": "Telegram пока не даёт находить каналы по имени",
        "no public name": "без публичного имени",
        "It goes on with another call.": "Чтение продолжит следующая команда.",
        "All is read.": "Прочитано всё.",
    },
    sources={
        "joined": "подписан",
        "public": "открытый, без подписки",
        "preview": "предпросмотр",
        "none": "ещё не читался",
    },
    units=("с", "мин", "ч", "дн"),
    decimal_sign=",",
    kinds={
        "answer": "ответ",
        "alert": "оповещение",
        "digest": "сводка",
        "notice": "уведомление",
        "update": "правка",
        "bundle": "список",
        "tally": "счёт",
    },
    row="последний пост {id}, {age} назад; за сегодня {today}",
    quiet="постов ещё нет",
    facts="курсор {cursor}, последний обход: {scan}, {source}",
    gaps="пропуски: открытых {open}, закрытых {filled} (в них {posts})",
    lag="запись через {median}, в худшем случае {worst}",
    no_lag="ещё ничего не пришло",
    never="ещё не было",
    ago="{age} назад",
    trouble="⚠️ {reason}",
    history="история, прочитано: {posts}, до {next} из {last}",
    recent="читаю недавние посты, сначала новые: пока {posts}",
    reading=(
        "Читаю его посты за {days}, не больше {posts}, сначала новые; оповещений по ним не будет."
    ),
    status="Обхожу все каналы раз в {interval}.",
    lookups="⚠️ Telegram не даёт находить каналы по имени: следующая попытка {until}.",
    queue="Очередь: ждёт отправки {queued}, отправлено {sent}, снято {dead}.",
    given_up="Снято с отправки: {kind} {id} для {chat}: {reason}",
    given_up_hint="Повторить или убрать: {command}",
    set_aside="Прочесть или записать не удалось: {count}. Посмотреть и повторить: {command}",
    proxy="Связь с Telegram через {proxy}.",
    ask_channel="Какой канал? Пришлите @имя, ссылку или номер.",
    ask_backfill="Историю какого канала? Пришлите @имя, можно с датой.",
    already="{channel} уже в списке; как идут дела, видно в /status.",
    added="{channel} в списке. Что не читается, видно в /status, и я напишу вам.",
    former=(
        "{channel} попал в список под именем {name}, и я за ним по-прежнему слежу. Кто называется "
        "{name} теперь — другой канал. Следить и за ним?"
    ),
    watch_other="Следить за другим {name}",
    removed="За {channel} больше не слежу. Сохранённое остаётся.",
    unknown="{channel} нет в списке.",
    no_reference="{text} — это не имя, не ссылка и не номер канала.",
    backfill_begun="Читаю историю {channel}, сначала старое. /status покажет, докуда.",
    backfill_usage="Напишите /backfill @канал и дату, если более старое не нужно.",
)
