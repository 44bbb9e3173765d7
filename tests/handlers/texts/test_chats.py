"""In groups and channels nothing is "yours"."""

import re
from string import Formatter

import pytest

from handlers import command_table
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from storage.languages.catalogue import spoken

MINE = re.compile(r"\b(my|mine|your|yours|you|мо[йяеи]\w*|ваш\w*|вас|вам)\b", re.I)
CHANGED = [
    name
    for name in Words.__struct_fields__
    if getattr(words_of("en", "group"), name) != getattr(words_of("en"), name)
]


def values(template: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(template) if field}


@pytest.mark.parametrize("place", ["group", "channel"])
@pytest.mark.parametrize("language", spoken())
def test_what_is_said_in_a_group_is_of_the_group_and_holds_the_same_values(
    language: str, place: str
) -> None:
    private, there = words_of(language), words_of(language, place)
    for name in CHANGED:
        said = getattr(there, name)
        if name in ("summaries", "language"):
            continue
        assert not MINE.search(said), said
        assert values(said) == values(getattr(private, name))


@pytest.mark.parametrize("language", spoken())
def test_the_menu_of_groups_speaks_of_the_chat(language: str) -> None:
    menu = dict(command_table.menu(language, place="group"))
    for name in ("alert", "alerts", "quiet", "timezone", "forgetme", "stop"):
        assert not MINE.search(menu[name]), menu[name]
    assert menu.keys() == dict(command_table.menu(language)).keys()


async def test_a_group_reads_of_its_own_alerts(manager, member) -> None:
    assert "This group has no alerts yet." in await manager.read("/alerts@dateline_bot")
    await manager.say("/alert@dateline_bot oil")
    assert (await manager.read("/alerts@dateline_bot")).startswith("This group's alerts: 1")
    assert (await manager.read("/settings@dateline_bot")).startswith("This group's settings")
    await manager.say("/settings@dateline_bot language ru")
    assert (await manager.read("/alerts@dateline_bot")).startswith("Оповещения этой группы: 1")
