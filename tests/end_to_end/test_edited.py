"""What people correct by editing what they said: it is answered anew, once."""

from typing import Any

PATIENCE = 120.0


async def edit(stage: Any, message: Any, text: str, answer: str) -> Any:
    """Edit what Ann said; gives the answer, which names the message."""
    before = stage.chat.messages[-1]
    await stage.chat.edit(message, text)
    said = await stage.chat.wait_for(answer, after=before, timeout=PATIENCE)
    assert said.reply_to == message
    return said


async def test_a_corrected_command_is_answered_once(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    sent = await stage.chat.send("/allert wombat")
    await stage.chat.wait_for("Did you mean", after=sent, timeout=PATIENCE)
    await edit(stage, sent, "/alert wombat", "Alert set: wombat")
    # The same text again, as of an edit that changes something else, is no command again.
    stage.chat._dialogue.edit(sent, sent.content)
    bare = await stage.chat.send("/alert")
    await stage.chat.wait_for("Which words", after=bare, timeout=PATIENCE)
    await edit(stage, bare, "/alert quokka", "Alert set: quokka")
    searched = await stage.chat.send("numbat")
    await stage.chat.wait_for("Nothing", after=searched, timeout=PATIENCE)
    # An open question is not answered by an older message that is edited meanwhile.
    asked = await stage.chat.send("/alert")
    question = await stage.chat.wait_for("Which words", after=asked, timeout=PATIENCE)
    await edit(stage, searched, "wombat", "Nothing")
    answer = await stage.chat.send("bilbi")
    await stage.chat.wait_for("Alert set: bilbi", after=question, timeout=PATIENCE)
    await edit(stage, answer, "bilby", "Alert set: bilby")
    await stage.wait_drained()

    # What is sent and edited while the service is down is read as it is at last.
    await service.kill()
    missed = await stage.chat.send("/alert potoru")
    await stage.chat.edit(missed, "/alert potoroo")
    await stage.run()
    await stage.chat.wait_for("Alert set: potoroo", timeout=PATIENCE)
    await stage.wait_drained()
    said = [message.text for message in stage.chat.messages]
    for query in ("wombat", "quokka", "bilbi", "bilby", "potoroo"):
        assert sum(text.startswith(f"Alert set: {query}.") for text in said) == 1, said
    assert not any("already" in text or "potoru" in text for text in said)


async def test_in_a_group_a_command_that_is_given_its_name_later_is_obeyed(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot, stage.ann], admins=[stage.ann])
    await stage.run()
    bot = stage.bot.username
    said = await group.say(stage.ann, "/alert wombat")
    later = await group.say(stage.ann, f"/help@{bot}")
    await group.wait_for("what I understand", sender=stage.bot, after=later, timeout=PATIENCE)
    await said.edit(f"/alert@{bot} wombat")
    told = await group.wait_for("Alert set: wombat", sender=stage.bot, timeout=PATIENCE)
    assert told.reply_to == said
    # Reactions are edits too, and words to nobody are nothing to the bot.
    await said.react("👍")
    await later.edit("never mind")
    again = await group.say(stage.ann, f"/alerts@{bot}")
    await group.wait_for("alerts: 1", sender=stage.bot, after=again, timeout=PATIENCE)
    await stage.wait_drained()
    assert sum(post.sender is stage.bot for post in group.posts) == 3
