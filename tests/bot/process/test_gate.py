"""What fails behind the gate ends nothing else, and is counted."""

import asyncio

import pytest
import structlog

from bot.process.gate import Gate
from storage.errors import DamagedError


def test_a_failure_stays_behind_the_gate_and_is_counted() -> None:
    gate = Gate()
    with gate.guarded("press", chat=1) as passage:
        raise KeyError("unforeseen")
    assert isinstance(passage.error, KeyError)
    with gate.guarded("press", chat=1) as passage:
        pass
    assert passage.error is None
    assert dict(gate.failures) == {"press": 1}


@pytest.mark.parametrize(
    ("error", "has_trace"), [(KeyError("x"), True), (DamagedError("it is damaged"), False)]
)
def test_of_a_damaged_database_a_line_says_all(error: Exception, has_trace: bool) -> None:
    with structlog.testing.capture_logs() as logged, Gate().guarded("message", chat=1):
        raise error
    assert [(line["event"], line["exc_info"] is error) for line in logged] == [
        ("not handled", has_trace)
    ]


def test_a_cancellation_goes_through() -> None:
    gate = Gate()
    with pytest.raises(asyncio.CancelledError), gate.guarded("message", chat=1):
        raise asyncio.CancelledError
    assert not gate.failures
