"""What PostgreSQL's errors mean: which of them pass."""

import asyncpg
import pytest

from storage.errors import Cause, DamagedError, UnavailableError
from storage.postgres.meanings import meaning_of


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        ("40001", "lock"),
        ("40P01", "lock"),
        ("55P03", "lock"),
        ("57014", "lock"),
        ("25P03", "lock"),
        ("57P01", "server"),
        ("57P02", "server"),
        ("57P03", "server"),
        ("57P05", "server"),
        ("08006", "server"),
        ("08P01", "server"),
        ("53300", "server"),
        ("53400", "server"),
        ("25006", "server"),
        ("55000", "server"),
        ("XX000", "server"),
        ("53100", "disk"),
        ("58030", "disk"),
        ("53200", "memory"),
    ],
)
def test_what_passes_is_unavailable(state: str, cause: Cause) -> None:
    error = asyncpg.PostgresError("as the server says it")
    error.sqlstate = state
    meaning = meaning_of(error, "postgresql://here")
    assert isinstance(meaning, UnavailableError)
    assert meaning.cause == cause
    assert meaning.hint and "\n" not in str(meaning)


@pytest.mark.parametrize("state", ["XX001", "XX002"])
def test_damage_does_not_pass(state: str) -> None:
    error = asyncpg.PostgresError("as the server says it")
    error.sqlstate = state
    assert isinstance(meaning_of(error, "here"), DamagedError)
