"""What fails behind the gate ends nothing else, and is counted."""

import asyncio

import pytest

from bot.process.gate import Gate


def test_a_failure_stays_behind_the_gate_and_is_counted() -> None:
    gate = Gate()
    with gate.guarded("press", chat=1) as passage:
        raise KeyError("unforeseen")
    assert isinstance(passage.error, KeyError)
    with gate.guarded("press", chat=1) as passage:
        pass
    assert passage.error is None
    assert dict(gate.failures) == {"press": 1}


def test_a_cancellation_goes_through() -> None:
    gate = Gate()
    with pytest.raises(asyncio.CancelledError), gate.guarded("message", chat=1):
        raise asyncio.CancelledError
    assert not gate.failures
