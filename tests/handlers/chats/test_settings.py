"""Settings of a chat, and the channels that are watched."""

import pytest

from handlers.chats.settings import burst_after
from storage.records import Subscriber
from storage.structs import replace


async def test_settings_show_what_is_set(ann) -> None:
    await ann.say("/alert oil")
    await ann.say("/digest daily 08:00 Europe/Berlin")
    assert (await ann.read("/settings")).startswith(
        "Your settings\n"
        "Language: English\n"
        "Time zone: Europe/Berlin\n"
        "Digest: every day at 8:00 (Europe/Berlin)\n"
        "Alerts: 1 of 3\n"
    )


async def test_settings_say_when_a_chat_is_stopped(ann) -> None:
    await ann.say("/stop")
    assert "Stopped: nothing is sent until /start" in await ann.read("/settings")


@pytest.mark.parametrize("written", ["ru", "RU", "русский"])
async def test_the_language_is_changed_and_stays(ann, written: str) -> None:
    assert await ann.read(f"/settings language {written}") == "Буду говорить по-русски."
    assert (await ann.read("/settings")).startswith("Ваши настройки")
    assert await ann.read("/settings language en") == "I'll speak English."
    ann.language = "ru"
    assert (await ann.read("/settings")).startswith("Your settings")


async def test_the_time_zone_is_changed(ann) -> None:
    assert await ann.read("/settings timezone tokyo") == "Your time zone is now Asia/Tokyo."
    assert "Time zone: Asia/Tokyo" in await ann.read("/settings")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("language xx", "I don't speak xx. I speak: en (English), ru (русский)."),
        ("timezone Mosow", "I know no time zone Mosow. Did you mean Europe/Moscow, where it is"),
        ("colour blue", "I don't know the setting colour.\nTo change them:"),
        ("timezone", "Which time zone?"),
        ("язык", "Which language?"),
        ("quiet 22-7", "I don't know the setting quiet.\nDid you mean /quiet 22-7?"),
        ("langauge ru", "I don't know the setting langauge.\nDid you mean /settings language ru?"),
        ("яык en", "I don't know the setting яык.\nDid you mean /settings language en?"),
        ("Quiet 22-7", "I don't know the setting Quiet.\nDid you mean /quiet 22-7?"),
        ("language   ru ", "Буду говорить по-русски."),
    ],
)
async def test_what_can_not_be_set_is_said(ann, written: str, said: str) -> None:
    assert (await ann.read(f"/settings {written}")).startswith(said)


async def test_another_setting_is_named_in_the_language_of_the_chat(ann) -> None:
    await ann.say("/settings language ru")
    assert "/settings язык en" in await ann.read("/settings langauge en")


async def test_of_several_digests_their_number_and_the_next_one_are_shown(ann) -> None:
    await ann.say("/digest daily 08:00 UTC")
    await ann.say("/digest daily 18:00 UTC")
    assert "Digests: 2, the next one today 18:00" in await ann.read("/settings")


@pytest.mark.parametrize(
    ("chosen", "usual", "after"), [(None, 0, 0), (None, 3, 3), (0, 3, 0), (5, 3, 5), (5, 0, 5)]
)
def test_how_many_come_alone_is_what_was_chosen_or_what_is_usual_here(
    services, now, chosen: int | None, usual: int, after: int
) -> None:
    chat = Subscriber(chat_id=1, created_at=now, burst_after=chosen)
    assert burst_after(chat, replace(services, burst_after=usual)) == after
