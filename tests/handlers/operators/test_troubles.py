"""A cause of trouble is told once when it begins and once when it is over."""

from handlers.operators.troubles import Trouble, Troubles


def test_each_cause_is_told_once_at_its_beginning_and_once_at_its_end() -> None:
    told: list[tuple[str, bool]] = []

    def hear(trouble: Trouble, is_over: bool) -> None:
        told.append((trouble.cause, is_over))

    troubles = Troubles()
    troubles.listen(hear)
    troubles.begin("disk", reason="write", text="the disk is full")
    troubles.begin("disk", reason="write", text="the disk is full")
    troubles.begin("deaf:bot", reason="bot", text="updates do not come")
    assert [trouble.cause for trouble in troubles.list_all()] == ["disk", "deaf:bot"]
    troubles.end("disk")
    troubles.end("disk")
    assert told == [("disk", False), ("deaf:bot", False), ("disk", True)]
    assert [trouble.cause for trouble in troubles.list_all()] == ["deaf:bot"]
