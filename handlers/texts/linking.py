"""What the bot says of links, and of channels that are asked for: one record a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingWords:
    """``kinds`` say what a link leads to; the others of channels that are not watched."""

    made: str
    made_unwatched: str
    links_title: str
    links_none: str
    kinds: dict[str, str]
    row: str
    revoke: str
    revoked: str
    no_channel: str
    all_links: str
    asked: str
    asked_already: str
    denied_lately: str
    too_many: str
    not_watched: str
    take_back: str
    taken_back: str
    request: str
    watch: str
    deny: str
    granted: str
    denied: str
    settled: str
    told_watched: str
    told_denied: str
    open_channel: str


EN = LinkingWords(
    made="Whoever opens this sees {channel} here and can follow it, until {end}:\n{link}",
    made_unwatched=(
        "{channel} is not watched here. Whoever opens this asks the operator for it, until {end}:\n"
        "{link}"
    ),
    links_title="Links: {count}",
    links_none=(
        "There are no links. 🔗 Share below what a search finds, on an alert's page and on a "
        "channel's makes one."
    ),
    kinds={"search": "Search: {target}", "alert": "Alert: {target}", "channel": "{target}"},
    row="{number}. {what}, until {end}\n{link}",
    revoke="Revoke {number}",
    revoked="The link leads nowhere any more.",
    no_channel="{text} is no channel's @name.",
    all_links="🔗 All links",
    asked="{channel} is not watched here. The operator is asked; you will be told here.",
    asked_already="{channel} is not watched here yet. The operator has not answered yet.",
    denied_lately="The operator does not want to watch {channel}. You can ask again in a week.",
    too_many="{channel} is not watched here, and too much waits for an answer to ask for more.",
    not_watched="{channel} is not watched here.",
    take_back="Take it back",
    taken_back="Taken back: nobody is asked for {channel}.",
    request="A reader asks to watch {channel}.",
    watch="Watch",
    deny="Deny",
    granted="{channel} goes on the list, as a reader asked.",
    denied="{channel} is not watched; who asked is told.",
    settled="That was answered before, or nobody asks for it any more.",
    told_watched="{channel} is watched now, as you asked. What it posts can be found and followed.",
    told_denied="The operator does not want to watch {channel}.",
    open_channel="Open",
)

RU = LinkingWords(
    made="Кто откроет ссылку, увидит здесь {channel} и сможет его читать; до {end}:\n{link}",
    made_unwatched=(
        "За {channel} я не слежу. Кто откроет ссылку, попросит об этом владельца; до {end}:\n{link}"
    ),
    links_title="Ссылки: {count}",
    links_none=(
        "Ссылок нет. Их делает кнопка «🔗 Поделиться»: под найденным, у оповещения и у канала."
    ),
    kinds={"search": "Поиск: {target}", "alert": "Оповещение: {target}", "channel": "{target}"},
    row="{number}. {what}, до {end}\n{link}",
    revoke="Отозвать {number}",
    revoked="Ссылка больше никуда не ведёт.",
    no_channel="{text} — это не @имя канала.",
    all_links="🔗 Все ссылки",
    asked="За {channel} я не слежу. Владельца спросил; ответ напишу сюда.",
    asked_already="За {channel} я пока не слежу. Владелец ещё не ответил.",
    denied_lately="Владелец не хочет следить за {channel}. Попросить снова можно через неделю.",
    too_many="За {channel} я не слежу, а ответа ждёт уже слишком много просьб.",
    not_watched="За {channel} я не слежу.",
    take_back="Отменить просьбу",
    taken_back="Просьба отменена: {channel}.",
    request="Читатель просит следить за {channel}.",
    watch="Следить",
    deny="Отказать",
    granted="{channel} в списке: так просил читатель.",
    denied="{channel}: отказано; кто просил, узнает об этом.",
    settled="На это уже ответили, или об этом больше никто не просит.",
    told_watched="Теперь слежу за {channel}, как вы просили. Его посты можно искать и получать.",
    told_denied="Владелец не хочет следить за {channel}.",
    open_channel="Открыть",
)


def linking_words(language: str) -> LinkingWords:
    """What is said in a language: English where there is no other."""
    return RU if language == "ru" else EN
