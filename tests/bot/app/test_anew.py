"""Beginning anew: at once where it is asked for, ever later where parts fail, and not for ever."""

import asyncio

import pytest

from bot.app.account_gone import BeginAnewError
from bot.app.anew import CALM, MOST, CutOffError, Row
from storage.errors import ServiceError

ASKED = BeginAnewError()
FAILED = CutOffError(asyncio.CancelledError())


@pytest.mark.parametrize(
    ("reasons", "pauses"),
    [
        ([(ASKED, 0.0)] * 8, [0.0] * 8),
        ([(FAILED, 1.0)] * MOST, [1.0, 2.0, 4.0, 8.0, 16.0]),
        ([(FAILED, 1.0), (FAILED, 1.0), (ASKED, 1.0), (FAILED, 1.0)], [1.0, 2.0, 0.0, 1.0]),
        ([(FAILED, CALM)] * 8, [1.0] * 8),
        ([(FAILED, 1.0), (FAILED, 1.0), (FAILED, CALM), (FAILED, 1.0)], [1.0, 2.0, 1.0, 2.0]),
    ],
)
def test_it_waits_for_longer_each_time_that_parts_failed(
    reasons: list[tuple[BeginAnewError, float]], pauses: list[float]
) -> None:
    row = Row()
    assert [row.pause(*reason) for reason in reasons] == pauses


def test_after_some_in_a_row_it_is_given_up() -> None:
    row = Row()
    for _ in range(MOST):
        row.pause(FAILED, 0.0)
    with pytest.raises(ServiceError, match="several parts failed at once, 6 times in a row"):
        row.pause(FAILED, 0.0)


def test_what_failed_is_known_as_far_as_it_can_be() -> None:
    cut_off = asyncio.CancelledError()
    cut_off.__context__ = ExceptionGroup("", [OSError("first"), ValueError("second")])
    cut_off.__context__.__context__ = asyncio.CancelledError()
    assert CutOffError(cut_off).said == "OSError('first'); ValueError('second')"
    assert CutOffError(asyncio.CancelledError()).said == "nothing is known of it"
