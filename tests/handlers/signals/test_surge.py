"""``/surge``: asked for, listed, ended, asked for again, in the words of readers."""

import dataclasses

import pytest


async def test_it_is_asked_for_listed_and_ended_and_asked_for_again(ann, hooks) -> None:
    assert "/surge oil price" in await ann.read("/surge")
    (made,) = await ann.say("/surge Grain deal")
    assert "said here, once in 6 hours at most" in made.text.text
    assert hooks.plans == [1]
    assert (await ann.read("/surge Grain deal")).startswith("Surges of Grain deal are told here")
    (listed,) = (await ann.press(made.keyboard, "All queries")).reply
    assert listed.text.text == "Queries whose surges are told here: 1\n1. Grain deal"
    (removed,) = (await ann.press(listed.keyboard, "Remove 1")).reply
    assert removed.text.text == "Surges of Grain deal are told here no more."
    await ann.press(removed.keyboard, "Undo")
    assert "told here: 1" in await ann.read("/surge")
    assert "no more" in await ann.read("/surge off Grain deal")
    assert await ann.read("/surge off Grain deal") == "That is told here no more."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("after:2026-01-01", "date"),
        ("grain after:2026-01-01", "date"),
        ('"grain', "grain"),
        ("x" * 5000, "5"),
    ],
)
async def test_what_is_no_query_of_a_surge_is_said(ann, written: str, said: str) -> None:
    assert said in await ann.read(f"/surge {written}")
    assert "told here: " not in await ann.read("/surge")


async def test_another_chats_surges_are_its_own(ann, manager, services) -> None:
    await manager.say("/surge@dateline_bot grain")
    assert await ann.read("/surge off #1") == "That is told here no more."
    assert "told here: 1" in await manager.read("/surge@dateline_bot")
    ann.services = dataclasses.replace(services, alerts_per_person=1)
    await ann.say("/surge oil")
    assert "There are 1 of these here" in await ann.read("/surge gas")


async def test_it_is_said_in_russian_too(ann) -> None:
    ann.language = "ru"
    assert "не чаще раза в 6 часов" in await ann.read("/всплеск нефть")
    assert "больше не говорится" in await ann.read("/surge убрать нефть")
