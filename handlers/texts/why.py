"""What the bot says of ``/why``: what a post matches, what it lacks, and what held it back."""

from collections.abc import Mapping
from dataclasses import dataclass

Short = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyWords:
    """``fates`` by ``fates.How``, ``holds`` by ``fates.Hold``, ``silences`` by ``fates.Silence``;
    ``unstored`` by ``commands.why.Unstored``; ``languages`` as in "the post is in …"."""

    ask: str
    no_link: str
    no_alert: str
    a_list: str
    matches: str
    matched: str
    none: str
    none_of: str
    more: str
    fates: Short
    holds: Short
    silences: Short
    folded: str
    added: str
    unstored: Short

    quote: str
    missing: str
    none_in: str
    apart_words: str
    apart_near: str
    no_beginning: str
    no_form: str
    not_titled: str
    below_title: str
    only_attached: str
    excluded: str
    other_channel: str
    other_origin: str
    no_forward: str
    other_author: str
    other_language: str
    no_language: str
    has_none: str
    not_original: str
    not_edited: str
    not_deleted: str
    other_place: str
    no_link_to: str
    other_date: str
    languages: Mapping[str, str]


_EN = WhyWords(
    ask="Which post? Send me its link, or answer an alert with /why.",
    no_link="I see no link of a post in that.",
    no_alert="That is no alert. Answer an alert with /why, or send the link of a post:",
    a_list="That is a list of several posts. Send the link of the one that you mean:",
    matches="Matches: {queries}",
    matched="When it came it matched: {queries}",
    none="It does not match the only alert:",
    none_of="None of the {n} alerts matches it:",
    more="… and {n} more, no nearer",
    fates={
        "told": "It came: {when}.",
        "listed": "It came in a list: {when}.",
        "listing": "It is in a list that is on its way.",
        "taken_away": "It came: {when}. That message was deleted here since.",
        "sending": "It is being sent at this moment.",
        "waiting": "It waits for its turn to be sent.",
        "refused": "Telegram does not take it ({error}). It is tried again: {when}.",
        "held": "It is held back, and comes {when}{hold}.",
        "dead": "It could not be sent: {error}.",
        "expired": "It waited for too long to be sent and was given up.",
        "gone": "I was not allowed to write here then.",
        "dropped": (
            "It was waiting, and was taken out: its alert was removed, its channel muted, or all "
            "was stopped."
        ),
    },
    holds={
        "quiet": ": quiet hours",
        "snooze": ": snoozed",
        "period": ": told together every {number} minutes",
        "limit": ": at most {number} an hour are told one by one",
        "restored": ": after a restored backup it may have come before",
        "": "",
    },
    silences={
        "own": "It stands in this chat itself.",
        "stopped": "All messages are stopped here: /start turns them on again.",
        "history": "It was read as history, and history raises no alerts.",
        "newer": "{query} was made after I had read it ({when}).",
        "paused": "{query} is paused.",
        "muted": "{query} leaves {channel} out: it is muted.",
        "unknown": "{query}: it did not come, and nothing that is set now explains it.",
    },
    folded="It says nothing that {post} did not say, so it came to that one's message.",
    added="What is new in it was added to the message about {post}.",
    unstored={
        "unwatched": "I don't watch that channel.",
        "unread": "I have not read it yet: {channel} is read up to number {cursor}.",
        "unreadable": "I have not read it: {channel} can't be read at present (see /channels).",
        "aside": (
            "I could not read it, and have set it aside: the next version tries again. Whoever "
            "runs me sees it in {command}."
        ),
        "older": "It is older than what I have read of {channel}.",
        "own": "I wrote that myself; what I say is no post.",
        "absent": (
            "I found no such post when I read {channel}: it was deleted before, or is no post "
            "(a service message, say)."
        ),
    },
    quote="“{words}”",
    missing="{part} is not in it",
    none_in="none of these is in it: {parts}",
    apart_words="the words of {part} are in it, but not one after the other",
    apart_near="{part}: they stand further apart",
    no_beginning="no word in it begins with {part}",
    no_form="{part}: this very form is not in it",
    not_titled="{part} is not in the title",
    below_title="{part} is not in the title, only below it",
    only_attached="{part} is not in the text, only in what is attached",
    excluded="excluded by {part}",
    other_channel="{part}: it stands in {name}",
    other_origin="{part}: it is forwarded from {name}",
    no_forward="{part}: it is no forward",
    other_author="{part}: not known to have written it",
    other_language="{part}: the post is in {name}",
    no_language="{part}: its language is not known",
    has_none="{part}: it has none",
    not_original="{part}: it is a forward",
    not_edited="{part}: it has not been edited",
    not_deleted="{part}: it has not been deleted",
    other_place="{part}: it is not datelined there",
    no_link_to="{part}: no link in it leads there",
    other_date="{part}: published {name}",
    languages={
        "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "cs": "Czech", "de": "German",
        "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
        "he": "Hebrew", "hi": "Hindi", "hy": "Armenian", "it": "Italian", "ja": "Japanese",
        "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "mk": "Macedonian", "nl": "Dutch",
        "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sr": "Serbian",
        "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
    },
)  # fmt: skip

_RU = WhyWords(
    ask="Какой пост? Пришлите ссылку на него или ответьте на оповещение командой /why.",
    no_link="Здесь нет ссылки на пост.",
    no_alert="Это не оповещение. Ответьте командой /why на оповещение или пришлите ссылку на пост:",
    a_list="Это список из нескольких постов. Пришлите ссылку на тот, о котором речь:",
    matches="Подходит под: {queries}",
    matched="Когда пришёл, подходил под: {queries}",
    none="Не подходит под единственное оповещение:",
    none_of="Не подходит ни под одно из оповещений ({n}):",
    more="… и ещё {n}, не ближе",
    fates={
        "told": "Пришёл: {when}.",
        "listed": "Пришёл в списке: {when}.",
        "listing": "Он в списке, который уже в пути.",
        "taken_away": "Пришёл: {when}. То сообщение здесь потом удалили.",
        "sending": "Отправляется прямо сейчас.",
        "waiting": "Ждёт своей очереди на отправку.",
        "refused": "Telegram его не принимает ({error}). Следующая попытка: {when}.",
        "held": "Пока придержан, придёт {when}{hold}.",
        "dead": "Отправить не удалось: {error}.",
        "expired": "Слишком долго ждал отправки и был снят.",
        "gone": "Мне тогда нельзя было сюда писать.",
        "dropped": (
            "Ждал отправки и был снят: оповещение убрали, канал выключили или всё остановили."
        ),
    },
    holds={
        "quiet": ": тихие часы",
        "snooze": ": отложено",
        "period": ": сообщаю вместе, раз в {number} минут",
        "limit": ": по одному приходит не больше {number} в час",
        "restored": ": база восстановлена из копии, возможно, он уже приходил",
        "": "",
    },
    silences={
        "own": "Он опубликован в этом самом чате.",
        "stopped": "Все сообщения здесь остановлены: включить их — /start.",
        "history": "Он прочитан как история, а история не вызывает оповещений.",
        "newer": "Оповещение {query} создано уже после того, как я прочитал пост ({when}).",
        "paused": "Оповещение {query} на паузе.",
        "muted": "Оповещение {query} не учитывает {channel}: канал выключен.",
        "unknown": "Оповещение {query}: пост не пришёл, нынешние настройки этого не объясняют.",
    },
    folded="В нём нет ничего, чего не было в посте {post}, поэтому он попал в то же сообщение.",
    added="Новое из него добавлено в сообщение о посте {post}.",
    unstored={
        "unwatched": "Я не слежу за этим каналом.",
        "unread": "Я его ещё не прочитал: {channel} прочитан до номера {cursor}.",
        "unreadable": "Я его не прочитал: {channel} сейчас не читается (см. /channels).",
        "aside": (
            "Прочитать его не удалось, он отложен: следующая версия программы попробует снова. "
            "Владелец бота увидит его в {command}."
        ),
        "older": "Он старше того, что я прочитал в канале {channel}.",
        "own": "Это написал я сам; мои сообщения — не посты.",
        "absent": (
            "Когда я читал {channel}, такого поста не было: его удалили раньше, или это не пост "
            "(например, служебное сообщение)."
        ),
    },
    quote="«{words}»",
    missing="{part} в нём нет",
    none_in="в нём нет ни одного из: {parts}",
    apart_words="слова {part} в нём есть, но не подряд",
    apart_near="{part}: в посте они дальше друг от друга",
    no_beginning="ни одно слово не начинается с {part}",
    no_form="{part}: именно этой формы в нём нет",
    not_titled="{part} нет в заголовке",
    below_title="{part} есть только под заголовком",
    only_attached="{part} есть только во вложении, в тексте нет",
    excluded="исключено: {part}",
    other_channel="{part}: он в канале {name}",
    other_origin="{part}: он переслан из {name}",
    no_forward="{part}: он не пересланный",
    other_author="{part}: неизвестно, что писал этот автор",
    other_language="{part}: пост на {name}",
    no_language="{part}: язык поста неизвестен",
    has_none="{part}: такого в нём нет",
    not_original="{part}: он пересланный",
    not_edited="{part}: его не меняли",
    not_deleted="{part}: его не удаляли",
    other_place="{part}: в шапке другое место",
    no_link_to="{part}: ни одна ссылка туда не ведёт",
    other_date="{part}: опубликован {name}",
    languages={
        "ar": "арабском", "be": "белорусском", "bg": "болгарском", "cs": "чешском",
        "de": "немецком", "el": "греческом", "en": "английском", "es": "испанском",
        "fa": "персидском", "fr": "французском", "he": "иврите", "hi": "хинди",
        "hy": "армянском", "it": "итальянском", "ja": "японском", "ka": "грузинском",
        "kk": "казахском", "ko": "корейском", "mk": "македонском", "nl": "нидерландском",
        "pl": "польском", "pt": "португальском", "ro": "румынском", "ru": "русском",
        "sr": "сербском", "sv": "шведском", "tr": "турецком", "uk": "украинском",
        "zh": "китайском",
    },
)  # fmt: skip


def why_words(language: str) -> WhyWords:
    """The words of a language; English for one that the bot does not speak."""
    return _RU if language == "ru" else _EN
