"""How long a database's upgrade is said to take."""

import pytest

from storage.upgrading.looking import Upgrade
from storage.upgrading.weighing import Step


@pytest.mark.parametrize(
    ("vacuumed", "seconds"), [(False, (3.0, 8.0)), (True, (3.0 + 20.0, 8.0 + 200.0))]
)
def test_a_file_that_is_written_anew_takes_as_long_as_it_is_large(
    vacuumed: bool, seconds: tuple[float, float]
) -> None:
    upgrade = Upgrade(
        schema=70,
        newest=72,
        steps=(step(1.0, 2.0), step(2.0, 6.0)),
        vacuumed=vacuumed,
        documents=5,
        index_seconds=(100.0, 1000.0),  # beside the service
        file_bytes=2_000_000_000,
        needed=0,
        free=0,
    )
    assert upgrade.seconds == seconds


def step(least: float, most: float) -> Step:
    return Step(version=71, name="a", rebuilds=(), rows=9, bytes=9, seconds=(least, most))
