"""Many chats at once, with a kill in the midst: each command is answered once, no press acts twice
or for somebody else, and who comes by is answered too."""

from typing import Any

from crowd import Crowd

PATIENCE = 180.0
CHATS, COMMANDS = 16, 4
"""``benchmarks/faults.py crowd`` has a hundred, and ten."""
LIMITS = {
    "COMMANDS_PER_MINUTE": "600",
    "PRESSES_PER_MINUTE": "600",
    "SEND_RATE": "200",
    "SEND_RATE_CHAT": "50",
}


async def test_a_crowd_is_answered_once_each_across_a_kill(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run(**LIMITS)
    crowd = Crowd(stage, chats=CHATS, commands=COMMANDS, seed=1)
    await crowd.arrive()
    await crowd.rush()
    most = CHATS * COMMANDS
    some = await stage.sandbox.wait_for(lambda: crowd.unanswered() < most * 0.8 or None)
    await service.kill()
    assert some

    again = await stage.run(**LIMITS)
    passer = stage.sandbox.add_user("Passer-by").chat_with(stage.bot)
    await crowd.rush()
    await passer.ask("/search nothingofthekind", timeout=PATIENCE)
    assert crowd.unanswered(), "who came last was answered last"
    await stage.sandbox.wait_for(lambda: not crowd.unanswered() or None, timeout=PATIENCE)
    await stage.wait_drained()
    assert crowd.faults(stage.folder / "data" / "dateline.db") == []
    said = [*service.lines, *again.lines]
    assert [line for line in said if "not handled" in line or "Traceback" in line] == []
