"""What the operator is told when the service does not do all its work, and when it does again."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "trouble_write": "⚠️ Nothing can be written: {what}. What comes in waits until it can.",
    "trouble_user": "⚠️ The watching account does not hear all: {what}.",
    "trouble_bot": "⚠️ The bot does not hear all: {what}. I go on as soon as I can.",
    "trouble_channels": "⚠️ Channels are not read as they should be: {what}.",
    "trouble_outbox": "⚠️ Messages do not go out: {what}.",
    "trouble_database": "⚠️ The database is not sound, or can't be read: {what}.",
    "over_write": "✅ What comes in is written again.",
    "over_user": "✅ The watching account hears all again.",
    "over_bot": "✅ The bot hears all again.",
    "over_channels": "✅ All channels are read again.",
    "over_outbox": "✅ Messages go out again.",
    "over_database": "✅ The database is sound and can be read.",
}

RU: Mapping[str, str] = {
    "trouble_write": "⚠️ Запись не идёт: {what}. Всё, что приходит, ждёт.",
    "trouble_user": "⚠️ Аккаунт для чтения получает не всё: {what}.",
    "trouble_bot": "⚠️ Бот получает не всё: {what}. Продолжу, как только смогу.",
    "trouble_channels": "⚠️ Каналы читаются не так, как должны: {what}.",
    "trouble_outbox": "⚠️ Сообщения не уходят: {what}.",
    "trouble_database": "⚠️ База данных повреждена или не читается: {what}.",
    "over_write": "✅ Запись снова идёт.",
    "over_user": "✅ Аккаунт для чтения снова получает всё.",
    "over_bot": "✅ Бот снова получает всё.",
    "over_channels": "✅ Все каналы снова читаются.",
    "over_outbox": "✅ Сообщения снова уходят.",
    "over_database": "✅ База данных цела и читается.",
}

RU_CAUSES: Mapping[str, str] = {
    "nothing could be written for a minute": "уже минуту",
    "the watching account is not connected": "он не подключён",
    "the bot is not connected": "он не подключён",
    "a channel was not scanned for three intervals": "канал не обойдён за три промежутка",
    "a message has been due for five minutes": "сообщение должно было уйти пять минут назад",
    "the database cannot be read": "её не удаётся прочесть",
}
