"""What the machine refuses is told once, and once more when it is over."""

from bot.health.writes import CALM_SECONDS, Refusals


def test_a_cause_is_over_when_all_who_were_refused_have_written_again() -> None:
    refusals = Refusals()
    refusals.refused("database", "disk", 0.0)
    refusals.refused("bot.session", "disk", 1.0)
    refusals.wrote("database")
    assert refusals.take_over(100.0) == []
    refusals.wrote("bot.session")
    assert refusals.take_over(100.0) == ["disk"]
    assert refusals.take_over(100.0) == []


def test_a_small_thing_that_still_fits_does_not_end_a_cause() -> None:
    refusals = Refusals()
    for second in range(20):
        refusals.refused("database", "disk", float(second))
        refusals.wrote("database")
        assert refusals.take_over(second + 0.5) == []
    assert refusals.take_over(19.0 + CALM_SECONDS) == ["disk"]


def test_causes_end_apart() -> None:
    refusals = Refusals()
    refusals.refused("database", "lock", 0.0)
    refusals.refused("files", "files", 5.0)
    refusals.wrote("database")
    assert refusals.take_over(100.0) == ["lock"]
    refusals.wrote("files")
    assert refusals.take_over(100.0) == ["files"]
