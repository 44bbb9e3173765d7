"""What went wrong, as a program is told it: a status and one line (RFC 9457)."""

from http import HTTPStatus

from msgspec import Struct

from storage.errors import NotFoundError, QueryError, StorageError, UsageError

MIME = "application/problem+json"


class Problem(Struct, frozen=True):
    """``column``: the 0-based place in the query."""

    status: int
    detail: str
    column: int | None = None

    def members(self) -> dict[str, object]:
        """The object of JSON."""
        members = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return members if self.column is None else {**members, "column": self.column}


class RefusedError(Exception):
    """What a token does not let its holder do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


NO_TOKEN = Problem(401, "no token that is known: send Authorization: Bearer TOKEN")
"""Said of none, of a wrong one, of one that was revoked and of one that has ended, alike."""
READ_ONLY = Problem(405, "everything here is to be read only: ask with GET")
NOTHING_HERE = Problem(404, "there is no such path: see /api/openapi.json")
TOO_OFTEN = Problem(429, "asked too often: come again in a minute")
TOO_MANY = Problem(503, "too much is asked for at once: come again in a minute")


def without_scope(scope: str) -> Problem:
    """Said to who holds a token for other things."""
    return Problem(403, f"this token lacks the scope {scope}")


def problem_of(error: Exception) -> Problem | None:
    """What an error is to a program; None for one that nobody foresaw."""
    match error:
        case RefusedError(problem=problem):
            return problem
        case QueryError():
            return Problem(400, str(error), error.column)
        case UsageError():
            return Problem(400, str(error))
        case NotFoundError():
            return Problem(404, str(error))
        case TimeoutError():
            return Problem(503, "this takes too long to be looked for: ask for less")
        case StorageError():
            return Problem(503, "the database cannot be read now: come again in a minute")
    return None
