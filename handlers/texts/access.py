"""What is said of who may use a private instance, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessWords:
    """``{names}`` stand for values, as in ``Words``; ``days`` are the beginnings of the names of
    the days, Monday first, as they are written after ``until``."""

    ask: str
    asked: str
    asked_already: str
    denied_lately: str
    busy: str
    request: str
    allow: str
    deny: str
    allowed: str
    denied: str
    settled: str
    let_in: str
    unknown_name: str
    users_title: str
    users_none: str
    revoke: str
    revoke_ask: str
    revoked: str
    invite_made: str
    invites_title: str
    invite_row: str
    invite_revoke: str
    invite_usage: str
    link_made: str
    link_revoke: str
    link_revoked: str
    days: tuple[str, ...]


EN = AccessWords(
    ask="Ask the operator",
    asked="Asked. You will be told here when you are let in.",
    asked_already="You have asked; the operator has not answered yet.",
    denied_lately="The operator said no. You can ask again a week after that.",
    busy="Many are waiting for an answer. Try again later.",
    request="{name} (id {id}) asks to be let in.",
    allow="Allow",
    deny="Deny",
    allowed="{name} (id {id}) is let in.",
    denied="{name} (id {id}) is not let in.",
    settled="That has been answered already.",
    let_in="You are let in. Send /start to begin.",
    unknown_name="Nobody called {name} has written to the bot. Give the id instead.",
    users_title="Let in: {count}",
    users_none="Nobody is let in yet. Make a link with /invite.",
    revoke="Remove {name}",
    revoke_ask="Let {name} (id {id}) in no more? Alerts are kept, but nothing is sent.",
    revoked="{name} is let in no more.",
    invite_made="This link lets in {people}, until {end}:\n{link}",
    invites_title="Invitations that are open:",
    invite_row="{number}. {people}, until {end}",
    invite_revoke="Revoke {number}",
    link_made="Whoever opens this sees what it finds, until {end}:\n{link}",
    link_revoke="Revoke the link",
    link_revoked="The link leads nowhere any more.",
    invite_usage="How many people (1 to 1000), and until when, at most a year ahead:",
    days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
)

RU = AccessWords(
    ask="Попросить владельца",
    asked="Просьба передана. Когда вас впустят, я напишу сюда.",
    asked_already="Вы уже просили; владелец пока не ответил.",
    denied_lately="Владелец отказал. Попросить снова можно через неделю после отказа.",
    busy="Ответа ждут слишком многие. Попробуйте позже.",
    request="{name} (номер {id}) просит впустить.",
    allow="Впустить",
    deny="Отказать",
    allowed="{name} (номер {id}): впущен.",
    denied="{name} (номер {id}): отказано.",
    settled="На это уже ответили.",
    let_in="Вас впустили. Чтобы начать, отправьте /start.",
    unknown_name="Никто с именем {name} боту не писал. Укажите номер.",
    users_title="Впущены: {count}",
    users_none="Пока никто не впущен. Сделайте ссылку: /invite.",
    revoke="Убрать {name}",
    revoke_ask="Больше не впускать {name} (номер {id})? Оповещения сохранятся, но не придут.",
    revoked="{name}: доступ закрыт.",
    invite_made="Ссылка-приглашение, {people}, до {end}:\n{link}",
    invites_title="Действующие приглашения:",
    invite_row="{number}. {people}, до {end}",
    invite_revoke="Отозвать {number}",
    link_made="Кто откроет ссылку, увидит найденное; действует до {end}:\n{link}",
    link_revoke="Отозвать ссылку",
    link_revoked="Ссылка больше никуда не ведёт.",
    invite_usage="Сколько человек (от 1 до 1000) и до какого дня, не дальше года:",
    days=("пон", "вт", "ср", "чет", "пят", "суб", "вос"),
)


def access_words(language: str) -> AccessWords:
    """What is said in a language: English where there is no other."""
    return RU if language == "ru" else EN
