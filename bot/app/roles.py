"""The parts that the service can be split into, each in one or several processes.

``watch`` reads channels and takes posts in, ``serve`` answers people, ``deliver`` sends the outbox,
``schedule`` does what comes by the clock. PostgreSQL is all that processes share.
"""

from typing import Literal, TypeAlias, get_args

from bot.telegram.sessions import Account
from storage.errors import UsageError

Accounts: TypeAlias = tuple[Account, ...]
Role: TypeAlias = Literal["watch", "serve", "deliver", "schedule"]

ROLES: tuple[Role, ...] = get_args(Role)
ALL: frozenset[Role] = frozenset(ROLES)
ALONE: frozenset[Role] = frozenset({"serve", "schedule"})
"""What one process does at a time; others stand by."""


def read_roles(text: str | None) -> frozenset[Role]:
    """The roles of a list with commas; all without one. Raises UsageError for what is none."""
    if text is None:
        return ALL
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in ROLES]
    if wrong or not names:
        what = f"{wrong[0]!r} is none of the roles" if wrong else "no role is named"
        raise UsageError(what, where="--roles", hint=f"name some of {','.join(ROLES)}")
    return frozenset(role for role in ROLES if role in names)


def refuse_apart(roles: frozenset[Role], database_url: str) -> None:
    """Raise UsageError for some of the roles over SQLite, which one process has alone."""
    if roles != ALL and database_url.startswith("sqlite:"):
        raise UsageError(
            "over SQLite one process has all roles",
            where="--roles",
            hint="leave it out, or set DATABASE_URL=postgresql://… to split the service",
        )


def accounts_of(roles: frozenset[Role], *, with_account: bool) -> Accounts:
    """The accounts at Telegram that a process of these roles uses."""
    return ("user", "bot") if with_account and "watch" in roles else ("bot",)


def said_of(roles: frozenset[Role]) -> list[Role]:
    """Roles in the order in which they are told."""
    return [role for role in ROLES if role in roles]


def leases_of(roles: frozenset[Role]) -> list[str]:
    """The leases without which a process of these roles stands by."""
    return [f"role:{role}" for role in ROLES if role in roles & ALONE]
