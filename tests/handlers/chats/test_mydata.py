"""/mydata: all that is stored, as a file for whoever may have it."""

import json
from typing import Any

import pytest

from handlers.chats import mydata
from handlers.render.text.messages import PERSONAL_DATA, Message


async def made(person: Any, message: Message, **limits: int) -> Any:
    assert message.attachment is not None
    kept = Message.from_payload(message.to_payload()).attachment
    assert kept == message.attachment
    return await mydata.make_file(person.services.database, kept, **limits)


async def test_the_file_holds_what_is_stored(ann: Any, now: Any) -> None:
    await ann.say("/alert ferry")
    (message,) = await ann.say("/mydata")
    assert message.attachment.format == PERSONAL_DATA
    file = await made(ann, message)
    told = json.loads(file.data)
    assert told["alert"][0]["query"] == "ferry"
    assert told["subscriber"][0]["name"] == "Ann"
    assert (told["complete"], file.more) == (True, False)
    assert told["asked_at"] == now.isoformat()
    assert file.name.endswith(".json")


async def test_what_does_not_fit_is_left_out_and_said(ann: Any) -> None:
    for word in ("ferry", "barge", "tide"):
        await ann.say(f"/alert {word}")
    (message,) = await ann.say("/mydata")
    whole = await made(ann, message)
    cut = await made(ann, message, most_bytes=len(whole.data) // 2 + 500)
    told = json.loads(cut.data)
    assert (told["complete"], cut.more) == (False, True)
    assert len(cut.data) < len(whole.data)


@pytest.mark.parametrize("hostile", ["</script>", '"]}', "\u202eabc", "\ud800"])
async def test_whatever_somebody_is_called_the_file_can_be_read(ann: Any, hostile: str) -> None:
    ann.name = f"Ann {hostile}".encode("utf-8", "replace").decode()
    (message,) = await ann.say("/mydata")
    told = json.loads((await made(ann, message)).data)
    assert told["subscriber"][0]["name"] == ann.name


async def test_in_a_group_it_is_not_shown_to_all(member: Any) -> None:
    member.may_manage = True
    (message,) = await member.say("/mydata@dateline_bot")
    assert message.attachment is None
    assert "/for" in message.text.text
    assert "/mydata" in message.text.text
