"""A private instance, in the words of those who come to it: asked for, let in, shared with."""

import re
from typing import Any

LINK = re.compile(r"\?start=([\w-]{1,64})")


async def test_who_asks_is_let_in_by_a_tap_and_opens_what_is_shared(ready_stage: Any) -> None:
    stage = ready_stage
    operator = stage.sandbox.add_user("Olga").chat_with(stage.bot)
    private = {"ACCESS": "private", "ADMINS": str(operator.user.id)}
    service = await stage.run(**private)
    await operator.ask("/start")
    refused = await stage.chat.ask("/search ferry")
    assert "private" in refused.text
    await stage.chat.press(refused, "Ask the operator")
    asked = await operator.wait_for("asks to be let in")
    assert "Ann" in asked.text and str(stage.ann.id) in asked.text

    await service.kill()  # What was asked is not forgotten.
    await stage.run(**private)
    await operator.press(asked, "Allow")
    await stage.chat.wait_for("You are let in")
    await stage.sandbox.wait_for(lambda: not asked.buttons)
    await stage.wait_stored(await stage.news.post("The ferry sails"))
    assert "The ferry sails" in (await stage.chat.ask("/search ferry")).text

    found = await operator.ask("/search ferry sails")
    await operator.press(found, "🔗 Share")
    shared = await operator.wait_for(lambda message: LINK.search(said(message)) is not None)
    payload = LINK.search(said(shared))[1]
    assert "The ferry sails" in (await stage.chat.ask(f"/start {payload}")).text

    stranger = stage.sandbox.add_user("Eve").chat_with(stage.bot)
    answers = [(await stranger.ask(f"/start {one}")).text for one in (payload, "n_forged", "")]
    assert len(set(answers)) == 1 and "private" in answers[0]
    await stage.wait_drained()
    assert sum("You are let in" in message.text for message in stage.chat.messages) == 1


def said(message: Any) -> str:
    """A message's text, and where its words and buttons lead."""
    urls = [getattr(entity, "url", "") for entity in message.entities]
    return " ".join([message.text, *urls, *(b.url or "" for row in message.buttons for b in row)])
