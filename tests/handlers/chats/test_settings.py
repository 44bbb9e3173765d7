"""Settings of a chat, and the channels that are watched."""

import pytest


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
    ],
)
async def test_what_can_not_be_set_is_said(ann, written: str, said: str) -> None:
    assert (await ann.read(f"/settings {written}")).startswith(said)
