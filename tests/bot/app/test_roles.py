"""Which parts of the service a process is, by its command line."""

import pytest

from bot.app import roles
from storage.errors import UsageError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, roles.ALL),
        ("watch", {"watch"}),
        (" serve , deliver,", {"serve", "deliver"}),
        ("watch,serve,deliver,schedule", roles.ALL),
        ("deliver,deliver", {"deliver"}),
    ],
)
def test_roles_are_a_list_with_commas(text: str | None, found: set[str]) -> None:
    assert roles.read_roles(text) == found


@pytest.mark.parametrize(
    ("text", "what"), [("read", "'read' is none of the roles"), (",", "no role is named")]
)
def test_what_is_no_role_is_named(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        roles.read_roles(text)


@pytest.mark.parametrize(
    ("text", "url", "is_refused"),
    [
        ("watch", "sqlite:///data/dateline.db", True),
        ("watch,serve,deliver,schedule", "sqlite:///data/dateline.db", False),
        ("watch", "postgresql://harbour/news", False),
    ],
)
def test_over_sqlite_one_process_has_all_roles(text: str, url: str, is_refused: bool) -> None:
    if not is_refused:
        roles.refuse_apart(roles.read_roles(text), url)
        return
    with pytest.raises(UsageError, match="over SQLite one process has all roles"):
        roles.refuse_apart(roles.read_roles(text), url)


@pytest.mark.parametrize(
    ("text", "leases"),
    [
        ("deliver", []),
        ("schedule,watch,deliver", ["role:schedule"]),
    ],
)
def test_whoever_delivers_alone_waits_for_nobody(text: str, leases: list[str]) -> None:
    assert roles.leases_of(roles.read_roles(text)) == leases


@pytest.mark.parametrize(
    ("text", "with_account", "accounts"),
    [
        ("watch,serve", True, ("user", "bot")),
        ("watch", False, ("bot",)),
        ("serve,deliver,schedule", True, ("bot",)),
    ],
)
def test_only_who_watches_needs_the_user_account(
    text: str, with_account: bool, accounts: tuple[str, ...]
) -> None:
    assert roles.accounts_of(roles.read_roles(text), with_account=with_account) == accounts
