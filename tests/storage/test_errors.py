"""An error is one line: where, what, what to do."""

import copy

import pytest

from storage import errors
from storage.errors import DatelineError, QueryError, UnavailableError


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "it failed"),
        ({"where": "dateline.db"}, "dateline.db: it failed"),
        ({"hint": "try again"}, "it failed; try again"),
        ({"where": "dateline.db", "hint": "try again"}, "dateline.db: it failed; try again"),
    ],
)
def test_an_error_says_where_what_and_what_to_do(given: dict[str, str], line: str) -> None:
    error = DatelineError("it failed", **given)
    assert (str(error), error.what) == (line, "it failed")
    assert (error.where, error.hint) == (given.get("where", ""), given.get("hint", ""))
    assert repr(error) == "DatelineError('it failed')"
    assert str(copy.copy(error)) == line


def test_a_query_at_fault_is_pointed_at_by_its_column_from_one_on() -> None:
    error = QueryError("no word", column=4, hint="leave it out", edit=(4, 5, ""))
    assert str(error) == "query, column 5: no word; leave it out"
    assert (error.column, error.edit) == (4, (4, 5, ""))
    assert (QueryError("no word").column, QueryError("no word").edit) == (0, None)


def test_what_fails_for_now_says_what_it_stands_on() -> None:
    error = UnavailableError("it failed", cause="disk", where="dateline.db", hint="make room")
    assert (error.cause, str(error)) == ("disk", "dateline.db: it failed; make room")


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (errors.QueryError, errors.UsageError),
        (errors.DocumentError, errors.InputError),
        (errors.UnavailableError, errors.StorageError),
        (errors.DamagedError, errors.StorageError),
        (errors.SchemaTooNewError, errors.StorageError),
        (errors.NotFoundError, errors.StorageError),
        *(
            (kind, DatelineError)
            for kind in (
                errors.UsageError,
                errors.InputError,
                errors.StorageError,
                errors.ServiceError,
            )
        ),
    ],
)
def test_errors_are_of_their_kind(kind: type, base: type) -> None:
    assert issubclass(kind, base)
