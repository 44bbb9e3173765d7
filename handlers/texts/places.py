"""What the bot says of groups and channels that it may write in, and of acting for them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """``came``: the bot may write somewhere; ``came_back``: again; ``act…``: of ``/for``."""

    came: str
    came_here: str
    came_there: str
    came_back: str
    act_ask: str
    act_unknown: str
    act_denied: str
    act_private: str
    act_only: str
    act_digest: str
    change: str


EN = PlaceWords(
    came="I may write in {name} now. What shall it get?",
    came_here="Say it here: {example}",
    came_there="or there: {example}",
    came_back="I may write in {name} again. What was set up there is on: {alerts}.",
    act_ask="For which group or channel, and what?",
    act_unknown=(
        "I know no group or channel {name}. Take me into the group, or make me an administrator "
        "of the channel who may post, and say there: {example}"
    ),
    act_denied="Only those who manage {name} may do that.",
    act_private="Write that to me in private.",
    act_only="For a group or channel I understand: {commands}.",
    act_digest="A digest goes to the chat itself. Write there: {example}",
    change="⚙️ Change",
)
RU = PlaceWords(
    came="Теперь я могу писать в {name}. Что туда присылать?",
    came_here="Напишите здесь: {example}",
    came_there="или там: {example}",
    came_back="Я снова могу писать в {name}. Всё, что там настроено, работает: {alerts}.",
    act_ask="Для какой группы или канала — и что сделать?",
    act_unknown=(
        "Я не знаю группы или канала {name}. Добавьте меня в группу или сделайте меня "
        "администратором канала с правом публикации и напишите там: {example}"
    ),
    act_denied="Это могут только те, кто управляет {name}.",
    act_private="Напишите мне это в личном чате.",
    act_only="Для группы или канала я понимаю: {commands}.",
    act_digest="Сводка приходит в сам чат. Напишите там: {example}",
    change="⚙️ Изменить",
)


def place_words(language: str) -> PlaceWords:
    """The words of a language; English for one that the bot does not speak."""
    return RU if language == "ru" else EN
