"""Files that the bot sends: uploaded in parts, and said what they are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.delivering import files
from bot.delivering.files import Files
from bot.delivering.rendering import UnreadableRowError
from bot.sandbox.server import Sandbox
from bot.telegram import outgoing
from handlers.conversation.behalf import mark_message
from handlers.render.answers.trends import CAPTION_UNITS
from handlers.render.text.messages import (
    BRIEFS,
    DIGEST_PAGE,
    PERSONAL_DATA,
    SUBSCRIPTIONS,
    Attachment,
    File,
    Message,
)
from handlers.render.text.rich import RichText, utf16_length
from handlers.searching import exports
from storage import database
from storage.structs import replace
from storage.subscribers import subscribers

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
PART = "upload.saveFilePart"


def attachment(query: str = "ferry", format: Any = "csv") -> Attachment:
    return Attachment(query=query, format=format, asked_at=NOW, timezone="UTC")


def with_file(attached: Attachment) -> Message:
    return Message(RichText(""), attachment=attached)


def test_a_file_says_how_many_documents_of_which_query_it_holds() -> None:
    whole, cut = (
        files._caption(
            File(name="x.csv", mime="text/csv", data=b"", count=2, more=more), attachment(), "en"
        )
        for more in (False, True)
    )
    for caption in (whole, cut):
        assert "2" in caption.text and "ferry" in caption.text
        assert [span.kind for span in caption.spans] == ["code"]
    assert len(cut.text) > len(whole.text)
    for format, says_cut in ((PERSONAL_DATA, True), (SUBSCRIPTIONS, False), (BRIEFS[0], False)):
        of_chat = [
            files._caption(
                File(name="x", mime="text/csv", data=b"", count=207, more=more),
                attachment(format=format),
                "en",
            ).text
            for more in (False, True)
        ]
        assert len(set(of_chat)) == 1 + says_cut
        assert ("207" in of_chat[0], "ferry" in of_chat[0]) == (format == BRIEFS[0], False)
    file = File(name="x.html", mime="text/html", data=b"", count=2, more=False)
    page = files._caption(file, attachment(format=DIGEST_PAGE), "en")
    assert page.text and "ferry" not in page.text


@pytest.mark.parametrize("format", [PERSONAL_DATA, SUBSCRIPTIONS])
async def test_a_file_that_is_asked_for_another_chat_says_for_which(
    sandbox: Sandbox, serve_as: Any, database_url: str, format: Any
) -> None:
    client = await serve_as(sandbox.add_bot("lookout_bot", token="1000:open-sesame"))
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        desk = await subscribers.add_subscriber(tx, chat_id=-1001, name="Desk Wire", now=NOW)
    for message, head in (
        (with_file(attachment("-1001", format)), "All that"),
        (mark_message(with_file(attachment("-1001", format)), desk), "📢 Desk Wire\n\nAll that"),
    ):
        request = await Files(db, client).request(outgoing.peer(501, 1), message, -5, "en")
        assert request.message.startswith(head)
    for letters in (1, 460):
        query = f"ferry {'𐌰' * letters}"
        asked = mark_message(with_file(attachment(query)), replace(desk, name="📢" * 128))
        request = await Files(db, client).request(outgoing.peer(501, 1), asked, -5, "en")
        assert request.message.startswith("📢 📢")
        assert utf16_length(request.message) <= CAPTION_UNITS
    await db.close()


def test_a_part_is_as_large_as_telegram_takes_and_no_larger() -> None:
    assert files.PART == 512 * 1024


async def test_a_file_is_uploaded_in_parts_and_sent_once(
    sandbox: Sandbox, serve_as: Any, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    client = await serve_as(bot)
    db = await database.open_database(database_url)
    monkeypatch.setattr(files, "PART", 50)
    made = Files(db, client)
    request = await made.request(outgoing.peer(501, 1), with_file(attachment()), -5, "en")
    uploaded = request.media.file
    assert sandbox.count_calls(PART) == uploaded.parts > 1
    parts = [bot.uploads[uploaded.id][number] for number in range(uploaded.parts)]
    assert {len(part) for part in parts[:-1]} == {50}
    assert b"".join(parts) == (await exports.make_file(db, attachment())).data
    assert (request.random_id, uploaded.name) == (-5, "dateline-0.csv")
    assert request.media.mime_type == "text/csv"
    for broken in (attachment("(("), attachment("501 none", DIGEST_PAGE)):
        with pytest.raises(UnreadableRowError):
            await made.request(outgoing.peer(501, 1), with_file(broken), -5, "en")
    await db.close()
