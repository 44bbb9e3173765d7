"""Posts in the reader's language at a press, by a real endpoint over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from libretranslate import SILENCE, Endpoint, endpoint

from bot.serving import translator
from bot.serving.translator import Translator
from handlers.conversation.translation import TranslationError
from handlers.render.text.messages import Message
from handlers.translating import translating
from storage.connection import Database
from storage.documents import documents
from storage.outbox import new_rows, queueing
from storage.redaction import redacting
from storage.structs import replace

BUTTON = "🌐 1"
TEXT = "Le bac s'est échoué dans le port"


@pytest.fixture
async def there() -> AsyncIterator[Endpoint]:
    async with endpoint() as serving:
        yield serving


@pytest.fixture
def reader(ann: Any, there: Endpoint) -> Any:
    """Ann, where there is a translator."""
    translate = Translator(there.url, "k-e-y").translate
    ann.services = replace(ann.services, translate=translate)
    return ann


async def searched(reader: Any) -> Message:
    (found,) = await reader.say("/search channel:harbour")
    return found  # type: ignore[no-any-return]


async def pressed(reader: Any) -> str:
    """What a press below the search answers, or its toast."""
    result = await reader.press((await searched(reader)).keyboard, BUTTON)
    return result.reply[0].text.text if result.reply else result.toast


async def count(database: Database) -> int:
    async with database.reader() as conn:
        return len(await conn.fetch_all("SELECT text FROM translation"))


async def test_a_post_is_translated_once_and_said_to_be(
    reader: Any, there: Endpoint, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    result = await reader.press((await searched(reader)).keyboard, BUTTON)
    (answer,) = result.reply
    assert f"<en> {TEXT[::-1]}" in answer.text.text
    assert "Translated by a machine" in answer.text.text
    assert answer.text.text.startswith("Harbour News")
    assert any(span.url == "https://t.me/harbour/1" for span in answer.text.spans)
    assert result.edit is None
    assert await pressed(reader) == answer.text.text
    assert len(there.asked) == 1
    await reader.say("/language ru")
    assert "<ru>" in await pressed(reader)
    assert [one["target"] for one in there.asked] == ["en", "ru"]


async def test_the_button_of_an_alert_stands_behind_its_last_one(
    reader: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, lang="fr"), make_post(2, "The ferry sails", lang="en"))
    await reader.say("/alert ferry")
    shown = await reader.press_data("uf|tg:100/1|1")
    answered = await reader.press(shown.keyboard, "🌐 Translate")
    assert TEXT[::-1] in answered.reply[0].text.text
    own = await reader.press_data("uf|tg:100/2|1")
    assert not [button for row in own.keyboard for button in row if "🌐" in button.text]


async def test_nothing_leaves_where_no_translator_is_set(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    found = await searched(ann)
    await ann.say("/alert ferry")
    shown = await ann.press_data("uf|tg:100/1|1")
    labels = [button.text for row in (*found.keyboard, *(shown.keyboard or ())) for button in row]
    assert not [label for label in labels if "🌐" in label]
    forged = await ann.press_data("tr|tg:100/1")
    assert (forged.toast, forged.reply) == ("Nothing is translated here.", ())


async def test_the_endpoint_is_told_the_words_and_the_languages_alone(
    reader: Any, there: Endpoint, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    await pressed(reader)
    assert there.asked == [
        {"q": TEXT, "source": "fr", "target": "en", "format": "text", "api_key": "k-e-y"}
    ]


async def test_it_goes_when_the_post_is_edited_redacted_or_removed(
    reader: Any, there: Endpoint, store: Any, make_post: Any, database: Database, now: datetime
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    await pressed(reader)
    assert await count(database) == 1
    await store(make_post(1, "Le bac est libre", lang="fr", edited_at="2026-11-22T11:30:00Z"))
    assert await count(database) == 0
    assert "erbil" in await pressed(reader)
    assert await count(database) == 1
    await redacting.redact(database, "tg:100/1", reason="a name", now=now)
    assert await count(database) == 0
    assert (await reader.press_data("tr|tg:100/1")).reply == ()
    await store(make_post(2, "Le blé est vendu", lang="fr"))
    await reader.press_data("tr|tg:100/2")
    assert await count(database) == 1
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE doc_id = 'tg:100/2'")
    assert await count(database) == 0


async def test_what_changed_meanwhile_is_not_kept(
    reader: Any, store: Any, make_post: Any, database: Database
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    ask = reader.services.translate

    async def while_it_is_edited(*given: Any) -> str:
        made: str = await ask(*given)
        await store(make_post(1, "Le bac est libre", lang="fr", edited_at="2026-11-22T11:30:00Z"))
        return made

    reader.services = replace(reader.services, translate=while_it_is_edited)
    assert "has changed meanwhile" in (await reader.press_data("tr|tg:100/1")).reply[0].text.text
    assert await count(database) == 0


HOSTILE = "<b>bold</b> [x](tg://resolve?domain=evil) \x1b[31m\u202eturned\u2066 \x00 /stop"
LARGE = json.dumps({"translatedText": "x" * 300_000}).encode()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, json.dumps({"translatedText": HOSTILE}).encode()),
         "<b>bold</b> [x](tg://resolve?domain=evil) [31mturned  /stop"),
        ((200, json.dumps({"translatedText": "word " * 2_000}).encode()), "word word"),
        ((200, b'{"translatedText": "half \\ud83d a sign"}'), "half  a sign"),
        ((200, b"<html>no json</html>"), "does not answer now"),
        ((200, b"[" * 100_000), "does not answer now"),
        ((200, b'{"translatedText": ["a", 1]}'), "does not answer now"),
        ((200, b'{"translatedText": "  "}'), "does not answer now"),
        ((200, b'["translatedText"]'), "does not answer now"),
        ((200, LARGE), "does not answer now"),
        ((302, b""), "does not answer now"),
        ((400, b'{"error": "fr is not supported"}'), "would not take this post"),
        ((403, b'{"error": "Invalid API key"}'), "would not take this post"),
        ((429, b'{"error": "Slowdown"}'), "does not answer now"),
        ((500, b"\xff\xfe"), "does not answer now"),
        (None, "does not answer now"),
    ],
)  # fmt: skip
async def test_whatever_the_endpoint_answers_is_text_or_one_line(
    reader: Any, there: Endpoint, store: Any, make_post: Any, answer: Any, said: str
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    there.answers.append(answer)
    result = await reader.press((await searched(reader)).keyboard, BUTTON)
    (message,) = result.reply
    assert said in message.text.text
    assert len(message.text.text) <= 4096
    assert not {"tg://resolve?domain=evil"} & {span.url for span in message.text.spans}
    assert len(there.asked) == 1


async def test_an_endpoint_that_is_away_or_silent_is_one_line(
    ann: Any, there: Endpoint, store: Any, make_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    away = Translator("http://127.0.0.1:1/", None).translate
    ann.services = replace(ann.services, translate=away)
    assert "does not answer now" in await pressed(ann)
    monkeypatch.setattr(translator, "SECONDS", 0.2)
    there.answers.append(SILENCE)
    silent = Translator(there.url, None).translate
    ann.services = replace(ann.services, translate=silent)
    assert "does not answer now" in await pressed(ann)


async def test_a_person_may_have_so_many_made(
    reader: Any, there: Endpoint, store: Any, make_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translator, "PER_MINUTE", 2)
    translate = Translator(there.url, None).translate
    reader.services = replace(reader.services, translate=translate)
    await store(*(make_post(number, f"Le bac {number}", lang="fr") for number in (1, 2, 3)))
    said = [
        (await reader.press_data(f"tr|tg:100/{number}")).reply[0].text.text for number in (1, 2, 3)
    ]
    assert "So many translations at once" in said[2]
    assert len(there.asked) == 2
    assert (await reader.press_data("tr|tg:100/1")).reply[0].text.text == said[0]
    other = replace(reader, chat_id=2, sender_id=2)
    assert "<en>" in (await other.press_data("tr|tg:100/3")).reply[0].text.text


def crowd(reader: Any, count: int) -> list[Any]:
    return [replace(reader, chat_id=n, sender_id=n) for n in range(1, count + 1)]


@pytest.mark.slow
async def test_what_many_ask_for_at_once_is_made_once(
    reader: Any, there: Endpoint, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, lang="fr"), make_post(2, "Le bac est libre", lang="fr"))
    people = crowd(reader, 200)
    told = await asyncio.gather(*(one.press_data("tr|tg:100/1") for one in people))
    assert {one.reply[0].text.text.count(TEXT[::-1]) for one in told} == {1}
    assert len(there.asked) == 1
    there.answers.append((500, b""))
    assert "does not answer now" in (await reader.press_data("tr|tg:100/2")).reply[0].text.text
    assert "erbil" in (await reader.press_data("tr|tg:100/2")).reply[0].text.text
    assert not reader.services.translations


async def test_who_waits_for_one_that_may_ask_no_more_asks(
    reader: Any, there: Endpoint, store: Any, make_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translator, "PER_MINUTE", 1)
    translate = Translator(there.url, None).translate
    reader.services = replace(reader.services, translate=translate)
    await store(make_post(1, TEXT, lang="fr"), make_post(2, "Le bac est libre", lang="fr"))
    first, second = crowd(reader, 2)
    await first.press_data("tr|tg:100/1")
    told = await asyncio.gather(*(one.press_data("tr|tg:100/2") for one in (first, second)))
    texts = [one.reply[0].text.text for one in told]
    assert "erbil" in texts[1] and len(there.asked) == 2
    assert "So many translations at once" in texts[0] or "erbil" in texts[0]


async def test_who_comes_just_when_one_has_failed_asks(
    reader: Any, store: Any, make_post: Any, now: datetime
) -> None:
    await store(make_post(3, TEXT, lang="fr"))
    late: list[asyncio.Task[Any]] = []
    first = asyncio.Event()

    async def translate(_person: int, text: str, _source: str | None, _target: str) -> str:
        if late:
            return text.upper()
        late.append(asyncio.create_task(come_late()))
        await asyncio.sleep(0)  # it waits
        first.set()  # it goes on after this has failed, and before anybody heard of that
        raise TranslationError("often")

    async def come_late() -> Any:
        await first.wait()
        return await translating._make_once(document, context, services, translate)

    services = replace(reader.services, translate=translate)
    async with services.database.reader() as conn:
        document = await documents.find_document(conn, "tg:100/3")
    assert document is not None
    press = SimpleNamespace(sender_id=1, chat_id=1, now=now)
    context: Any = SimpleNamespace(words=SimpleNamespace(language="en"), press=press)
    with pytest.raises(TranslationError):
        await translating._make_once(document, context, services, translate)
    assert await late[0] == TEXT.upper()
    assert services.translations == {}


async def test_who_leaves_takes_nothing_from_those_who_wait(
    reader: Any, there: Endpoint, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    first, second = crowd(reader, 2)
    begun, ask, let_on = asyncio.Event(), reader.services.translate, asyncio.Event()

    async def slow(*given: Any) -> str:
        begun.set()
        await let_on.wait()
        made: str = await ask(*given)
        return made

    services = replace(reader.services, translate=slow)
    first.services = second.services = services
    leaving = asyncio.create_task(first.press_data("tr|tg:100/1"))
    await begun.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    waiting = asyncio.create_task(second.press_data("tr|tg:100/1"))
    let_on.set()
    assert TEXT[::-1] in (await waiting).reply[0].text.text
    assert len(there.asked) == 1


async def test_in_a_channel_it_is_not_answered_before_all(
    reader: Any, store: Any, make_post: Any, database: Database
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    await reader.say("/start")
    async with database.transaction() as tx:
        await tx.execute("UPDATE subscriber SET is_channel = 1")
    reader.may_manage = True
    result = await reader.press_data("tr|tg:100/1")
    assert (result.reply, "private chat" in (result.toast or "")) == ((), True)


@pytest.mark.parametrize("made", ["\u200e", "\x07 \u202e\u202c "])
async def test_a_translation_that_shows_nothing_is_none(
    reader: Any, there: Endpoint, store: Any, make_post: Any, database: Database, made: str
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    there.answers.append((200, json.dumps({"translatedText": made}).encode()))
    assert TEXT[::-1] not in await pressed(reader)
    assert await count(database) == 0
    assert f"<en> {TEXT[::-1]}" in await pressed(reader)


async def test_what_waits_of_a_redacted_post_keeps_no_word_of_its_translation(
    reader: Any, there: Endpoint, store: Any, make_post: Any, database: Database, now: datetime
) -> None:
    await store(make_post(1, TEXT, lang="fr"))
    result = await reader.press((await searched(reader)).keyboard, BUTTON)
    payload = result.reply[0].to_payload()
    row = new_rows.answer(1, "answer:1", payload, now=now)
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row])
    async with database.reader() as conn:
        (post,) = await conn.fetch_all("SELECT doc_id FROM document")
    await redacting.redact(database, post["doc_id"], reason="a name", now=now)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT payload FROM whole_delivery WHERE state = 'queued'")
    assert TEXT[::-1][:12] in json.dumps(payload.text, ensure_ascii=False)
    assert [TEXT[::-1][:12] in row["payload"] for row in rows] == [False]
